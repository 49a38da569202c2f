"""`midback score FOLDER`: find, score on all cores, write the table and the index."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from midback.apps.batch.ahead import Ahead, Task, size_of
from midback.apps.batch.carrying import Carrying, Workers
from midback.apps.batch.finding import Found, find_recordings
from midback.apps.batch.job import AUTO, Done, Settings
from midback.apps.batch.kinds import MARKERS, is_video
from midback.apps.batch.listing import read_list
from midback.apps.batch.page import INDEX, write_index
from midback.apps.batch.pool import Pool
from midback.apps.batch.results import check_out, records, writing
from midback.apps.batch.rules import Rules
from midback.apps.batch.storing import Storing
from midback.apps.batch.summary import write_summary
from midback.apps.batch.telling import Telling, shown
from midback.apps.reading.settings import Rate, cores
from midback.errors import InputError
from midback.exercises import find
from midback.form.evidence import Caution
from midback.sides import Side
from midback.words import plural

_AHEAD = 16  # recordings whose content is known before a process is free


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a batch is told. exercise: of files that neither the list nor a name tells.

    person: for whom the sets are stored that the list tells nobody of. store: see open_store.
    cluster: address of a Dask scheduler whose workers score, instead of this machine's cores.
    """

    folder: Path
    out: Path
    exercise: str = AUTO
    list: Path | None = None
    side: Side | None = None
    caution: Caution = "normal"
    rate: Rate = "all"
    mapping: str | None = None
    model: Path | None = None
    workers: int | None = None
    resume: bool = False
    cluster: str | None = None
    person: str | None = None
    store: str | None = None


def run_batch(wanted: Wanted) -> int:
    """Score all recordings of the folder; 0, or 1 where some failed.

    Raises InputError where nothing could begin, and where it was interrupted: the table and the
    index of what is done are written then as well.
    """
    rules = _rules(wanted)
    check_out(wanted.out, resume=wanted.resume)
    folder, out = wanted.folder.absolute(), wanted.out.absolute()
    storing = Storing(folder, out, rules, wanted.store)
    storing.check()
    found = find_recordings(wanted.folder, wanted.out, wanted.mapping)
    if not found.names:
        raise InputError(f"{wanted.folder}: holds no recording that can be read{_left_out(found)}")
    task = Task(folder, out, rules, _settings(wanted, found))
    _note(found)
    with _workers(wanted, task) as workers:
        lines, stopped = _score(task, found, workers, storing)
        write_summary(lines, out)
        left = set(found.names) - {done.name for done in lines}
        write_index(lines, out, folder.name, unfinished=len(left))
    if stopped:
        raise InputError(
            f"stopped; {len(found.names) - len(left)} of {plural(len(found.names), 'recording')} "
            f"are done and stay in {wanted.out}; go on with the same command and --resume"
        )
    print(f"{_good(lines)} of {plural(len(lines), 'recording')} scored: {wanted.out / INDEX}")
    return _failures(lines, storing.refused)


@contextmanager
def _workers(wanted: Wanted, task: Task) -> Iterator[Workers]:
    """Whoever scores, while the folder of results is held for them."""
    if wanted.cluster is None:
        with writing(task.out), Pool(wanted.workers or cores()) as pool:
            yield pool
        return
    try:
        from midback.apps.batch.cluster.client import Cluster
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("dask", "distributed"):
            raise
        raise InputError("--cluster needs Dask: pip install 'midback[cluster]'") from None
    with Cluster(wanted.cluster) as cluster, writing(task.out, beside=True):
        cluster.check(task)
        yield cluster


def _score(task: Task, found: Found, workers: Workers, storing: Storing) -> tuple[list[Done], bool]:
    """The lines, and whether somebody pressed Ctrl-C."""
    ahead = Ahead(task, found.names, _AHEAD)
    stopped = False
    at_once = _without_work(task.rules, found)
    sizes = {name: size_of(task.folder / name) for name in found.names}
    with Telling({**dict.fromkeys([done.name for done in at_once], 0), **sizes}) as telling:

        def tell(done: Done, before: bool) -> None:
            storing.take(done, before)
            telling.line(done, before)

        carrying = Carrying(records(task.out), tell, telling.under_way)
        for done in at_once:
            carrying.add(done)
        try:
            carrying.run(ahead, workers)
        except KeyboardInterrupt:
            _impatience_is_ignored()
            stopped = True
        finally:
            ahead.stop()
    return sorted(carrying.lines.values(), key=lambda done: done.name), stopped


def _impatience_is_ignored() -> None:
    """A second Ctrl-C would cost the table; what is left to do takes a moment."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _without_work(rules: Rules, found: Found) -> list[Done]:
    """Folders that cannot be read and files of the list that are not there."""
    lines = [Done.failed(name, why) for name, why in found.unreadable]
    missing = sorted(set(rules.listed) - set(found.names))
    return lines + [Done.failed(n, "is in the list, but not in the folder") for n in missing]


def _rules(wanted: Wanted) -> Rules:
    default = wanted.exercise
    if default != AUTO:
        find(default)
        default = str(Path(default).absolute()) if Path(default).is_file() else default
    listed = read_list(wanted.list, wanted.folder) if wanted.list is not None else {}
    return Rules(listed, default, wanted.side, wanted.folder.absolute().name, wanted.person)


def _settings(wanted: Wanted, found: Found) -> Settings:
    """Get the weights before anything starts, where there is a video to look at."""
    if not any(is_video(Path(name)) for name in found.names):
        return Settings(wanted.caution, wanted.rate, wanted.mapping)
    from midback.vision.weights import model_path, sha256_of

    weights = model_path(wanted.model, lambda text: print(text, file=sys.stderr))
    return Settings(
        wanted.caution, wanted.rate, wanted.mapping, weights.absolute(), sha256_of(weights)
    )


def _note(found: Found) -> None:
    if found.left_out:
        print(f"midback: {len(found.names)} recordings{_left_out(found)}", file=sys.stderr)


def _left_out(found: Found) -> str:
    """`; left out: 3 .txt, 2 .trc (these need --mapping)`."""
    if not found.left_out:
        return ""
    kinds = [
        f"{count} {shown(kind)}{' (needs --mapping)' if kind in MARKERS else ''}"
        for kind, count in sorted(found.left_out.items())
    ]
    return f"; left out: {', '.join(kinds)}"


def _good(lines: Sequence[Done]) -> int:
    return sum(done.status == "scored" for done in lines)


def _failures(lines: Sequence[Done], refused: Mapping[str, str]) -> int:
    """Tell all that failed once more, at the end; the exit code."""
    failed = {done.name: str(done.reason) for done in lines if done.status == "failed"}
    failed |= refused
    if failed:
        print(f"midback: {len(failed)} of {len(lines)} failed:", file=sys.stderr)
    for name, reason in sorted(failed.items()):
        print(f"  {shown(name)}: {reason}", file=sys.stderr)
    return 1 if failed else 0
