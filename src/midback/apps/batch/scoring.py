"""Score one recording into its own folder: the whole work of a batch's worker."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from midback.apps.batch.content import Stamp
from midback.apps.batch.job import Done, Job
from midback.apps.batch.kinds import MARKERS
from midback.apps.batch.length import LengthLimit
from midback.apps.batch.reason import reason_of
from midback.apps.batch.results import RECORD, RESULT, appearing
from midback.apps.outputs import REPORT_BYTES, replacing, write_json
from midback.apps.run import Scored, score_source
from midback.apps.score import write_report_of
from midback.errors import InputError
from midback.exercises import Exercise
from midback.result import Result

Progress = Callable[[int, int | None], None]
"""Called with frames done and expected; with the same again before the result is written."""

_LOOK_EVERY = 50  # frames


def score_job(job: Job, progress: Progress | None = None) -> Done:
    """Score the recording, write result.json, report.html and the record, return the line.

    Whatever Python can tell goes wrong is a line with the reason; a process that dies or hangs is
    for others to notice. The result's folder appears as a whole, or not at all; where it is there
    already, it stays.
    """
    try:
        return _score(job, progress or _silent)
    except Exception as error:
        return Done.failed(job.name, reason_of(job.path, error), job.key)


def _score(job: Job, progress: Progress) -> Done:
    _check_room(job.out)
    watch = _Watch(job, progress)
    scored = score_source(
        str(job.path),
        job.exercise,
        model=job.settings.model,
        mapping=_mapping(job),
        caution=job.settings.caution,
        side=job.side,
        progress=watch,
        workers=1,
        rate=job.settings.rate,
    )
    watch.look()
    progress(watch.frames, watch.frames)
    done = line_of(job, scored.result, scored.exercise)
    _write(job, scored, done)
    return done


class _Watch:
    """Passes progress on, and ends a file that changes or never ends."""

    def __init__(self, job: Job, progress: Progress) -> None:
        self._job, self._progress = job, progress
        self._limit = LengthLimit(job.stamp.size)
        self.frames = 0

    def __call__(self, frames: int, expected: int | None, t: float) -> None:
        self.frames = frames
        self._limit.check(frames, expected)
        if frames % _LOOK_EVERY == 0:
            self.look()
        self._progress(frames, expected)

    def look(self) -> None:
        """Raise InputError where the file is not what it was."""
        try:
            same = Stamp.of(self._job.path) == self._job.stamp
        except OSError:
            raise InputError("was removed while it was read") from None
        if not same:
            raise InputError("changed while it was read: is it still being copied? Go on later")


def _mapping(job: Job) -> str | None:
    """The mapping, for files that need one: saved poses of ours and videos do not."""
    suffix = job.path.suffix.lower()
    if suffix in MARKERS or (suffix == ".npz" and not _is_ours(job.path)):
        return job.settings.mapping
    return None


def _is_ours(path: Path) -> bool:
    with suppress(OSError, zipfile.BadZipFile), zipfile.ZipFile(path) as archive:
        return "info.npy" in archive.namelist()
    return True


def line_of(job: Job, result: Result, exercise: Exercise) -> Done:
    """The summary's line of a result."""
    stop, score = result.stop, result.score
    main = result.angles.get(exercise.primary.angle)
    return Done(
        name=job.name,
        key=job.key,
        status="scored",
        place=job.place,
        content=job.content,
        exercise=result.exercise,
        title=exercise.title,
        side=job.side,
        reps=len(result.reps),
        scores=tuple(rep.score for rep in result.reps),
        rep_indexes=tuple(rep.index for rep in result.reps),
        hold_s=result.hold.total_s if result.hold is not None else None,
        stop_rep=stop.rep if stop is not None else None,
        stop_s=stop.time_s if stop is not None else None,
        stop_kind=stop.kind if stop is not None else None,
        stop_region=stop.region if stop is not None else None,
        score=score.set,
        score_se=score.se,
        fresh=score.fresh,
        last=score.last,
        fade=score.fade,
        main=exercise.primary.angle,
        main_status=main.status if main is not None else None,
        rom=main.rom if main is not None else None,
        rom_se=main.se if main is not None else None,
        unit=main.unit if main is not None else None,
        view=result.view.name,
        coverage=result.coverage,
        frames=result.source.frames,
        duration_s=result.source.duration_s,
        warnings=result.warnings,
    )


def _write(job: Job, scored: Scored, done: Done) -> None:
    with appearing(job.out, job.place) as part:
        write_json(scored.result, part / RESULT)
        write_report_of(scored, part)
        with replacing(part / RECORD) as file:
            file.write(done.to_json())


def _check_room(out: Path) -> None:
    """Before the long work, not after it."""
    if shutil.disk_usage(out).free < REPORT_BYTES:
        raise InputError(f"{out}: the disk is full: free some space or choose another place")


def _silent(_frames: int, _expected: int | None) -> None:
    return None
