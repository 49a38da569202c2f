"""A batch on the terminal: a line per recording as it finishes, and a bar where there is one."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack, suppress
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from midback.apps.batch.child_process import Frames
from midback.apps.batch.job import Done, Job
from midback.words import plural, region_name

_RATE_S = 5.0  # frames a second are told over so long


class Telling:
    """Prints what happens; use it in a `with` statement.

    sizes: bytes of every recording, by name; how long the rest takes is told by them. Where nobody
    reads any more (`| head`, a closed terminal), the batch goes on in silence.
    """

    def __init__(self, sizes: dict[str, int]) -> None:
        self._sizes, self._bytes = sizes, max(1, sum(sizes.values()))
        self._count = 0
        self._read = True
        self._done_bytes = self._skipped_bytes = 0
        self._frames = 0
        self._began = self._told = time.monotonic()
        self._console = Console(stderr=True)
        self._bar: Progress | None = None
        self._task = TaskID(0)
        self._stack = ExitStack()

    def line(self, done: Done, before: bool) -> None:
        """A recording has its line."""
        self._count += 1
        size = self._sizes.get(done.name, 0)
        self._done_bytes += size
        self._skipped_bytes += size if before or done.status == "failed" else 0
        self._frames += 0 if before else done.frames or 0
        width = len(str(len(self._sizes)))
        told = f"[{self._count:>{width}}/{len(self._sizes)}] {shown(done.name)}: {told_of(done)}"
        self.say(told + (" (done before)" if before else ""))

    def say(self, text: str) -> None:
        """Print one line on standard output, above the bar."""
        if not self._read:
            return
        try:
            if self._bar is not None and sys.stdout.isatty():
                self._bar.console.print(text, markup=False, highlight=False, soft_wrap=True)
            else:
                print(text, flush=True)
        except OSError:
            self._read = False

    def under_way(self, working: list[tuple[Job, Frames]]) -> None:
        """Move the bar."""
        if self._bar is None or not self._read or time.monotonic() - self._told < 0.5:
            return
        self._told = time.monotonic()
        begun = sum(self._sizes.get(job.name, 0) * _share(frames) for job, frames in working)
        frames_now = self._frames + sum(frames.done for _, frames in working)
        passed = self._told - self._began
        worked = self._done_bytes - self._skipped_bytes + begun
        left = self._bytes - self._done_bytes - begun
        eta = _clock(left * passed / worked) if worked > 0 and passed > _RATE_S else "-:--"
        self._bar.update(
            self._task,
            completed=self._done_bytes + begun,
            description=f"{self._count} of {len(self._sizes)} files",
            rate=f"{frames_now / passed:.0f} frames/s, {eta} left",
        )

    def __enter__(self) -> Telling:
        if self._console.is_terminal:
            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.fields[rate]}"),
            )
            self._bar = self._stack.enter_context(
                Progress(*columns, console=self._console, transient=True)
            )
            about = f"0 of {len(self._sizes)} files"
            self._task = self._bar.add_task(about, total=self._bytes, rate="")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError):  # the terminal was closed
            self._stack.close()
        self._bar = None


def told_of(done: Done) -> str:
    """`Bird dog, 12 reps, STOP at rep 10 (lower back), form 84`, or why it failed."""
    if done.status == "failed":
        return f"FAILED: {done.reason}"
    parts = [done.title or "", plural(done.reps or 0, "rep")]
    if done.hold_s is not None:
        parts[1] = f"held {done.hold_s:.0f} s"
    parts.append(stop_of(done) or "no stop")
    parts.append("no score" if done.score is None else f"form {done.score:.0f}")
    return ", ".join(parts)


def stop_of(done: Done) -> str:
    """`STOP at rep 10 (lower back)`; empty where the set was not ended."""
    if done.stop_s is None:
        return ""
    at = f"{done.stop_s:.0f} s" if done.hold_s is not None else f"rep {done.stop_rep}"
    return f"STOP at {at} ({region_name(done.stop_region or '')})"


def shown(name: str) -> str:
    """A file's name on one line; what is no text is shown as ?."""
    clean = name.encode("utf-8", "replace").decode()
    return "".join(c if c.isprintable() else "?" for c in clean)


def _share(frames: Frames) -> float:
    return min(1.0, frames.done / frames.expected) if frames.expected else 0.0


def _clock(seconds: float) -> str:
    whole = int(seconds)
    hours = f"{whole // 3600}:" if whole >= 3600 else ""
    return f"{hours}{whole % 3600 // 60:02d}:{whole % 60:02d}"
