"""`midback live`: one set after the other before the camera, in a window of its own."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from midback.apps import outputs
from midback.apps.live.cameras import source_of
from midback.apps.live.canvas import HEIGHT, WIDTH
from midback.apps.live.coach import Coach
from midback.apps.live.journal import Journal, latest_unfinished, read_journal
from midback.apps.live.saving import Keep
from midback.apps.live.screen import Screen, refuse_without_screen
from midback.apps.live.sitting import Room, Sitting, begin
from midback.apps.live.tones import Tones
from midback.apps.live.worker import PoseWorker
from midback.apps.run import is_camera
from midback.errors import InputError
from midback.exercises import Exercise, find
from midback.form.evidence import Caution
from midback.sides import Side, chosen


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person set. source: see cameras.source_of. keep: stores every saved set."""

    source: str = "camera"
    side: Side | None = None
    caution: Caution = "normal"
    out: Path = Path("midback-live")
    resume: bool = False
    model: Path | None = None
    keep: Keep | None = None


def run_live(name: str, wanted: Wanted) -> None:
    """Coach an exercise until the window is closed.

    Raises InputError for whatever is missing, before the window opens: an exercise, a screen, a
    place to write, the camera, an unfinished set, the weights.
    """
    from midback.vision.frames import open_frames
    from midback.vision.weights import model_path, sha256_of

    exercise = find(name)
    chosen(exercise, wanted.side)
    refuse_without_screen()
    outputs.check_folder(wanted.out)
    unfinished = _unfinished(exercise) if wanted.resume else None
    source = source_of(wanted.source)
    with open_frames(source) as frames, ExitStack() as stack:
        size = frames.info.width, frames.info.height
        weights = model_path(wanted.model, lambda text: print(text, file=sys.stderr))
        silhouette = exercise.needs_silhouette
        worker = stack.enter_context(PoseWorker(weights, silhouette=silhouette))
        coach, journal = _first(exercise, size, wanted, unfinished)
        room = Room(
            exercise=exercise,
            caution=wanted.caution,
            source=frames,
            reopen=(lambda: open_frames(source)) if is_camera(source) else None,
            worker=worker,
            model_sha256=sha256_of(weights),
            screen=stack.enter_context(Screen(WIDTH, HEIGHT)),
            tones=stack.enter_context(Tones()),
            out=wanted.out,
            keep=wanted.keep,
        )
        sitting = Sitting(room, coach, journal)
        try:
            with sitting:
                sitting.run()
        finally:
            if sitting.unsaved:
                again = f"midback live {name} --resume"
                print(f"the set was not saved: `{again}` brings it back", file=sys.stderr)


def _unfinished(exercise: Exercise) -> Path:
    path = latest_unfinished()
    if path is None:
        raise InputError("there is no unfinished set: leave --resume away to begin one")
    begun, _ = read_journal(path)
    if begun.exercise != exercise.name:
        raise InputError(
            f"the unfinished set is of {begun.exercise}: midback live {begun.exercise} --resume"
        )
    return path


def _first(
    exercise: Exercise, size: tuple[int, int], wanted: Wanted, unfinished: Path | None
) -> tuple[Coach, Journal]:
    """The coach of the first set, new or as it was when cut off, and its journal."""
    if unfinished is None:
        return begin(exercise, size, wanted.caution, wanted.side)
    begun, entries = read_journal(unfinished)
    if (begun.width, begun.height) != size:
        raise InputError(
            f"the unfinished set was {begun.width}x{begun.height} pixels, this source gives "
            f"{size[0]}x{size[1]}: use the same camera"
        )
    coach, journal = begin(exercise, size, begun.caution, begun.side)
    for entry in entries:
        journal.append(entry)
    coach.replay(entries)
    unfinished.unlink(missing_ok=True)
    return coach, journal
