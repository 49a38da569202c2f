"""`midback score`: check the outputs, run, show, write."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from midback import sides
from midback.apps import outputs
from midback.apps.incoming import Progress as Report
from midback.apps.reading.settings import Rate
from midback.apps.report.page import FILE_NAME
from midback.apps.run import AUTO, Scored, score_source
from midback.apps.show import show_result
from midback.errors import InputError
from midback.exercises import Exercise, find
from midback.form.evidence import Caution

if TYPE_CHECKING:
    from midback.apps.keeping import Keeping
    from midback.apps.report import ReportInput
    from midback.vision.frames import Image

    Still = Callable[[float], Image | None]

STANDARD_OUTPUT = "-"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to write besides the table. json: a path, or "-" for standard output."""

    json: str | None = None
    series: Path | None = None
    out: Path | None = None
    save_poses: Path | None = None

    def check(self) -> None:
        """Raise InputError where one of them could not be written, before the long work."""
        if self.series is not None and self.series.suffix.lower() != ".csv":
            raise InputError(f"{self.series}: the series is written as CSV; name it .csv")
        if self.save_poses is not None and self.save_poses.suffix.lower() != ".npz":
            raise InputError(f"{self.save_poses}: poses are saved as .npz; name the file so")
        to_file = None if self.json in (None, STANDARD_OUTPUT) else Path(str(self.json))
        for path in (to_file, self.series, self.save_poses):
            if path is not None:
                outputs.check_writable(path)
        if self.out is not None:
            outputs.check_folder(self.out)
            if self.out.is_dir():
                outputs.check_writable(self.out / FILE_NAME)


def run_score(
    source: str,
    exercise: str,
    wanted: Wanted,
    model: Path | None,
    seconds: float | None = None,
    mapping: str | None = None,
    caution: Caution = "normal",
    earlier: Sequence[Path] = (),
    side: sides.Side | None = None,
    keeping: Keeping | None = None,
    workers: int | None = None,
    rate: Rate = "all",
) -> Scored:
    """Score `source`, write and store what is wanted, then print the repetitions and the verdict.

    The files come first: whoever reads the table may stop reading. Where the disk refuses them,
    the table is shown all the same. With JSON on standard output it goes to standard error.
    """
    chosen = exercise if exercise == AUTO else find(exercise)
    if isinstance(chosen, Exercise):
        sides.chosen(chosen, side)
    wanted.check()
    if keeping is not None:
        keeping.check()
    with progress_bar(source) as report:
        scored = score_source(
            source,
            chosen,
            model=model,
            save_poses=wanted.save_poses,
            progress=report,
            notice=lambda text: print(text, file=sys.stderr),
            seconds=seconds,
            mapping=mapping,
            caution=caution,
            earlier=earlier or (keeping.known(source) if keeping is not None else ()),
            side=side,
            workers=workers,
            rate=rate,
        )
    console = Console(stderr=wanted.json == STANDARD_OUTPUT)
    try:
        written = [f"wrote {path}" for path in write_files(scored, wanted)]
        if keeping is not None:
            written.append(keeping.keep(scored.result, source))
    except InputError:
        show_result(scored, console)
        raise
    if wanted.json == STANDARD_OUTPUT:
        sys.stdout.write(outputs.as_json(scored.result, ascii_only=not _speaks_utf8()))
    show_result(scored, console)
    for line in written:
        print(line, file=sys.stderr)
    return scored


def write_files(scored: Scored, wanted: Wanted) -> list[Path]:
    """Write the files one after the other; each is whole or absent. Return their paths."""
    written: list[Path] = [wanted.save_poses] if wanted.save_poses else []
    if wanted.json not in (None, STANDARD_OUTPUT):
        path = Path(str(wanted.json))
        outputs.write_json(scored.result, path)
        written.append(path)
    if wanted.series is not None:
        outputs.write_series(scored.series, wanted.series)
        written.append(wanted.series)
    if wanted.out is not None:
        written.append(write_report_of(scored, wanted.out))
    return written


def write_report_of(scored: Scored, out: Path, still: Still | None = None) -> Path:
    """Write the HTML report into the folder `out`, with pictures where they can still be read."""
    from midback.apps.report import write_report

    report = report_of(scored, still)
    with outputs.refusals(out), outputs.making(out):
        return write_report(report, out)


def report_of(scored: Scored, still: Still | None = None) -> ReportInput:
    """All that a report shows. still: gives the pictures, in place of the recording."""
    from midback.apps.report import ReportInput, read_frames_at

    session = scored.session
    angles = scored.result.angles
    refused = {name for name, angle in angles.items() if angle.status == "not_measurable"}
    keyframes = session.keyframes().without_values_of(refused)
    moments = {
        name: frame.t
        for name, frame in (
            ("best", keyframes.best),
            ("broke", keyframes.broke),
            ("last", keyframes.last),
        )
        if frame is not None
    }
    frames: dict[str, Image] = {}
    if still is not None:
        stills = {name: still(t) for name, t in moments.items()}
        frames = {name: image for name, image in stills.items() if image is not None}
    elif scored.video:
        pictures = read_frames_at(scored.video, list(moments.values()))
        frames = dict(zip(moments, pictures, strict=False))
    found = {f.name: session.baseline(f.name) for f in scored.exercise.features}
    bands = {name: band for name, band in found.items() if band is not None}
    return ReportInput(scored.result, scored.series, scored.exercise, keyframes, bands, frames)


def _speaks_utf8() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


@contextmanager
def progress_bar(source: str) -> Iterator[Report | None]:
    """Show a bar on a terminal's standard error; elsewhere nothing."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[clock]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(Path(source).name, total=None, clock="")

        def report(done: int, expected: int | None, t: float) -> None:
            total = max(done, expected) if expected else None
            bar.update(task, completed=done, total=total, clock=f"{t:6.1f} s")

        yield report
