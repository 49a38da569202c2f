"""Sets one after the other before one camera: frames to poses to the coach to the screen."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from midback.apps.live.after import After
from midback.apps.live.canvas import Beside, draw
from midback.apps.live.coach import Coach, Command, Entry
from midback.apps.live.feed import GAP_S, Feed
from midback.apps.live.feedback import Feedback
from midback.apps.live.figures import figure_of
from midback.apps.live.journal import Journal, new_path
from midback.apps.live.saving import Keep, save_set
from midback.apps.live.screen import Screen
from midback.apps.live.stills import Stills
from midback.apps.live.tones import Tones
from midback.apps.live.worker import PoseWorker
from midback.exercises import Exercise
from midback.form.evidence import Caution
from midback.sides import Side
from midback.vision.closing import Closing
from midback.vision.frames import Frame, FrameSource

SLOW, FAST = 18.0, 22.0
"""Pictures a second: below the first the person is told, from the second on no more."""

_KEY_MS = 8
_REDRAW_S = 0.25  # where nothing new is there to be drawn
_DRAW_S = (0.03, 0.1)  # and the least between two; a slow machine has better things to do
_SETTLED_S = 3.0  # until the rate means something
_COMMANDS: dict[str, Command] = {
    "backspace": "undo",
    "p": "pain",
    "e": "end",
    "escape": "end",
}


@dataclass(frozen=True, slots=True)
class Room:
    """What a sitting needs. reopen: of a camera, which shows the person a mirror; see Feed.

    keep: stores a saved set for the person.
    """

    exercise: Exercise
    caution: Caution
    source: FrameSource
    reopen: Callable[[], FrameSource] | None
    worker: PoseWorker
    model_sha256: str
    screen: Screen
    tones: Tones
    out: Path
    keep: Keep | None = None

    @property
    def live(self) -> bool:
        """Whether the source is a camera."""
        return self.reopen is not None


def begin(
    exercise: Exercise, size: tuple[int, int], caution: Caution, side: Side | None
) -> tuple[Coach, Journal]:
    """A coach for a new set, and the journal that keeps it while it runs."""
    coach = Coach(exercise, *size, caution=caution, side=side)
    return coach, Journal.begin(new_path(exercise.name), exercise.name, *size, caution, side)


class Sitting(Closing):
    """Runs from the first set, new or taken up again, until the window is closed.

    After `close`, `unsaved` tells whether a set is left that can be taken up again.
    """

    def __init__(self, room: Room, coach: Coach, journal: Journal) -> None:
        self._room, self._coach, self._journal = room, coach, journal
        resumed = bool(coach.entries)
        self._offset = coach.entries[-1].t + GAP_S if resumed else 0.0
        self._stills = Stills() if room.live or resumed else None
        self._mirrored, self._numbers = room.live, True
        self._beside = Beside(ghost=figure_of(room.exercise))
        self._after: After | None = None
        self._open = True
        self._brightness: float | None = None
        self._offered = 0
        self._drawn = self._told = float("-inf")
        self._first_pose: float | None = None
        self._slow = False
        self._feed: Feed | None = None
        self.unsaved = False
        self._feedback = self._order("resume")

    def run(self) -> None:
        """Until the person has enough."""
        room = self._room
        self._feed = Feed(room.source, self._offer, offset=self._offset, reopen=room.reopen)
        while self._open:
            due = _DRAW_S[self._slow] if self._look() else _REDRAW_S
            if time.monotonic() - self._drawn >= due:
                self._draw()
            self._answer(self._room.screen.key(_KEY_MS))
            if self._room.screen.closed:
                return

    def close(self) -> None:
        """Let go of the source; a set that nobody decided about stays in its journal."""
        if self._feed is not None:
            self._feed.close()
        session = self._coach.session
        now = session.now()
        begun = bool(session.reps) or (now is not None and bool(now.held_s))
        decided = self._after is not None and self._after.kept
        self.unsaved = begun and not decided
        self._journal.close(done=not self.unsaved)

    def _offer(self, frame: Frame) -> None:
        """Take the next frame. In the feed's thread."""
        if self._coach.stage == "done":
            return
        if self._stills is not None:
            self._stills.remember(frame)
        self._offered += 1
        self._room.worker.offer(frame)

    def _look(self) -> bool:
        """Give the coach what is new; whether there was anything."""
        poses = self._room.worker.poses()
        feed = self._feed
        assert feed is not None
        people = self._room.worker.people
        for pose in poses:
            feed.start()
            if self._coach.stage == "done":
                break
            image = feed.picture(pose.t)
            if image is not None:
                self._brightness = float(image[::16, ::16].mean())
            self._journal.append(Entry(pose.t, pose))
            self._feedback = self._coach.see(pose, self._brightness, people)
            self._room.worker.counting = self._feedback.stage == "setup"
            self._room.tones.play(self._feedback.sound)
        if poses and self._first_pose is None:
            self._first_pose = time.monotonic()
        if feed.ended and self._coach.stage != "done" and not poses and self._all_seen():
            self._feedback = self._order("end")
        return bool(poses)

    def _all_seen(self) -> bool:
        worker = self._room.worker
        return worker.seen + worker.dropped >= self._offered

    def _order(self, command: Command) -> Feedback:
        t = self._coach.entries[-1].t if self._coach.entries else 0.0
        self._journal.append(Entry(t, None, command))
        feedback = self._coach.command(command)
        self._room.tones.play(feedback.sound)
        if self._coach.stage == "done" and self._after is None:
            self._after = After(self._save, self._discard, again=self._room.live)
        return feedback

    def _draw(self) -> None:
        self._drawn = time.monotonic()
        assert self._feed is not None
        image = self._feed.picture(self._feedback.t)
        if image is None:
            return
        if self._drawn - self._told > 1.0 and self._after is None:
            self._told = self._drawn
            self._beside = Beside(ghost=self._beside.ghost, note=self._note())
        beside = self._beside if self._after is None else self._after.beside()
        shown = draw(
            image, self._feedback, mirrored=self._mirrored, numbers=self._numbers, beside=beside
        )
        self._room.screen.show(shown)

    def _note(self) -> str:
        """What the person should know beside the exercise."""
        rate, since = self._room.worker.rate, self._first_pose
        settled = since is not None and time.monotonic() - since > _SETTLED_S
        self._slow = settled and rate < (FAST if self._slow else SLOW)
        if self._journal.warning is not None:
            return self._journal.warning
        if self._feed is not None and self._feed.away:
            return "The camera has gone: plug it in, your repetitions are kept"
        return f"{rate:.0f} pictures a second: fast faults are missed" if self._slow else ""

    def _answer(self, key: str) -> None:
        if not key:
            return
        if key == "f":
            self._room.screen.toggle_full()
        elif key == "m":
            self._room.tones.muted = not self._room.tones.muted
        elif self._after is not None:
            self._decide(self._after, key)
        elif key == "space":
            paused = self._feedback.stage == "paused"
            self._feedback = self._order("resume" if paused else "pause")
        elif key in ("d", "+", "-"):
            self._numbers = not self._numbers
        elif key == "s":
            self._mirrored = not self._mirrored
        elif key in _COMMANDS:
            self._feedback = self._order(_COMMANDS[key])
        self._draw()

    def _decide(self, after: After, key: str) -> None:
        then = after.key(key)
        if then == "close":
            self._open = False
        elif then == "next set":
            self._journal.close(done=True)
            self._coach, self._journal = begin(
                self._room.exercise, self._coach.size, self._room.caution, self._coach.side
            )
            self._after = None
            self._feedback = self._order("resume")

    def _save(self, pain: int | None) -> Path:
        still = None if self._stills is None else self._stills.still
        return save_set(
            self._coach,
            self._room.source.info,
            self._room.out,
            model_sha256=self._room.model_sha256,
            pain=pain,
            warning=self._room.source.warning,
            still=still,
            keep=self._room.keep,
        )

    def _discard(self) -> None:
        if self._stills is not None:
            self._stills = Stills()
