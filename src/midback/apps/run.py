"""Score one recording from beginning to end: frames in, result out. No printing here."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from midback import __version__
from midback.apps.earlier import read_earlier
from midback.apps.gaps import Gaps
from midback.apps.incoming import Incoming, Progress, Seen
from midback.apps.reading.allocator import keep_freed
from midback.apps.reading.settings import Rate, cores
from midback.errors import InputError
from midback.exercises import Exercise, find
from midback.form.evidence import Caution
from midback.form.history import History
from midback.result import Result, Series, Software, Source
from midback.session import Session
from midback.sides import Side

if TYPE_CHECKING:
    from midback.vision.pose import Pose, SourceInfo

AT_ONCE, _SEEN_AT_ONCE = 1024, 128
"""Poses given to a session together, when nobody waits for the answer; the second one of pictures,
which take so long that less memory counts for more."""

AUTO = "auto"
"""In place of an exercise's name: recognise it."""

Notice = Callable[[str], None]
Known = Callable[[Exercise, "SourceInfo"], History]


@dataclass(frozen=True, slots=True)
class Scored:
    """What became of one recording.

    video: where its pictures can be read again; None for a camera, for landmarks of another system,
    and for saved poses whose recording is not where it was.
    """

    result: Result
    series: Series
    session: Session
    exercise: Exercise
    video: str | None


def score_source(
    source: str,
    exercise: str | Exercise,
    *,
    model: Path | None = None,
    save_poses: Path | None = None,
    progress: Progress | None = None,
    notice: Notice | None = None,
    seconds: float | None = None,
    mapping: str | None = None,
    caution: Caution = "normal",
    earlier: Sequence[Path] | Known = (),
    side: Side | None = None,
    workers: int | None = None,
    rate: Rate = "all",
) -> Scored:
    """Score a video file, a folder of pictures, a camera ("camera:0") or saved poses (.npz).

    With a mapping (a name or a .toml file) also markers of another system: see midback.landmarks.
    exercise: a name, the path of a .toml file, a loaded Exercise, or "auto" to recognise it.
    model: another .task file.
    save_poses: also keep the poses there, to be scored again without inference. progress: called
    after every frame with frames done, frames expected (None where unknown) and the frame's time.
    notice: called with a sentence when the weights are about to be fetched. seconds: end there.
    caution: how soon the set is ended. earlier: results of the person's earlier sets, oldest first,
    or what tells of them, given the exercise and the recording.
    side: on which the set was done, of an exercise that is done on one.
    workers: how many processes read a long video, None for one on each core; the result is the
    same. rate: "auto" looks at no more frames than the movement needs.
    A camera is read until `seconds` or Ctrl-C. Raises
    InputError where the source cannot be scored.
    """
    keep_freed()
    source = "camera:0" if source == "camera" else source
    chosen = None if exercise == AUTO else find(exercise) if isinstance(exercise, str) else exercise
    if chosen is not None and not callable(earlier):
        read_earlier(earlier, chosen)  # raises before the long work
    look = _Look(model, rate, workers or cores())
    opened = _open(source, chosen, look, mapping, notice or _silent)
    with opened as poses, ExitStack() as stack:
        info = poses.info
        keep: Callable[[Pose], None] | None = None
        if save_poses is not None:
            from midback.vision.recording import PoseWriter

            writer = PoseWriter(save_poses, info, poses.model_sha256 or "")
            keep = stack.enter_context(writer).write
        seen = Seen(poses, keep, progress, Gaps(source))
        stream: Iterable[Pose] = seen.through(_until(poses.stream, seconds, live=is_camera(source)))
        if chosen is None:
            stream = list(stream)
            _check(source, seen.frames, seen.found)
            chosen = _recognised(source, stream)
        size = info.width, info.height
        known = earlier(chosen, info) if callable(earlier) else read_earlier(earlier, chosen)
        session = Session(
            chosen, *size, metric=poses.metric, caution=caution, earlier=known, side=side
        )
        size_of_batch = AT_ONCE if poses.reading is None else _SEEN_AT_ONCE
        for poses_at_once in batches(stream, size_of_batch):
            session.update(*poses_at_once)
        _check(source, seen.frames, seen.found)
        session.finish()
        warnings = seen.warnings()
    described = Source(
        info.path, info.sha256, info.fps, seen.recorded, seen.duration_s, info.width, info.height
    )
    software = Software(__version__, importlib.metadata.version("mediapipe"), poses.model_sha256)
    result = session.result(described, software)
    result = replace(result, warnings=(*result.warnings, *warnings))
    video = _pictures(source, info) if poses.model_sha256 else None
    return Scored(result, session.series(), session, chosen, video)


def batches(stream: Iterable[Pose], size: int) -> Iterator[list[Pose]]:
    """The poses in lists of `size`, the last one shorter."""
    rest = iter(stream)
    while batch := list(islice(rest, size)):
        yield batch


def is_camera(source: str) -> bool:
    """Whether the source is a camera: "camera:1" or a bare number that is no file's name."""
    from midback.vision.frames import camera_number

    return camera_number(source) is not None and not Path(source).exists()


def _is_saved(source: str) -> bool:
    """Whether these are saved poses; another system may have shouted the name: P.NPZ."""
    return Path(source).suffix.lower() == ".npz"


@dataclass(frozen=True, slots=True)
class _Look:
    """How pictures are looked at."""

    model: Path | None
    rate: Rate
    workers: int


@contextmanager
def _open(
    source: str, exercise: Exercise | None, look: _Look, mapping: str | None, notice: Notice
) -> Iterator[Incoming]:
    from midback.landmarks import is_landmarks, open_landmarks

    if is_landmarks(source, mapping):
        if exercise is None:
            raise InputError(f"{source}: only pictures are recognised; name the --exercise")
        found = open_landmarks(Path(source), mapping, exercise)
        read = found.poses, found.info, found.frame_count, None
        yield Incoming(*read, lambda: _said(found.warning), found.metric)
        return
    if mapping is not None:
        raise InputError(
            f"{source}: a mapping belongs to markers of another system: .trc, .c3d, .npy, .npz or "
            "a folder of OpenPose's *_keypoints.json"
        )
    if _is_saved(source):
        from midback.apps.saved import SavedPoses

        with SavedPoses(Path(source)) as saved:
            sha256 = saved.model_sha256 or None
            yield Incoming(saved, saved.info, saved.frame_count, sha256, tuple)
        return
    from midback.apps.reading.watch import watch
    from midback.vision.frames import open_frames
    from midback.vision.weights import model_path, sha256_of

    with open_frames(source) as frames:  # before the weights: a wrong path must fail at once
        weights = model_path(look.model, notice)
        masked = exercise is None or exercise.needs_silhouette
        with watch(
            frames, weights, silhouette=masked, rate=look.rate, workers=look.workers
        ) as reading:
            seen = reading, frames.info, frames.frame_count, sha256_of(weights)
            yield Incoming(*seen, lambda: _said(reading.warning), reading=reading)


def _said(warning: str | None) -> tuple[str, ...]:
    return () if warning is None else (warning,)


def _recognised(source: str, poses: Sequence[Pose]) -> Exercise:
    """The exercise that these poses show; InputError names the nearest where none stands out."""
    from midback.exercises.auto import choose

    choice = choose(poses)
    if choice.name is None:
        raise InputError(f"{source}: {choice.question}")
    return find(choice.name)


def _until(stream: Iterable[Pose], seconds: float | None, *, live: bool) -> Iterator[Pose]:
    """Pass poses on until the time is over; a person ends a camera's stream with Ctrl-C."""
    start: float | None = None
    try:
        for pose in stream:
            start = pose.t if start is None else start
            if seconds is not None and pose.t - start > seconds:
                return
            yield pose
    except KeyboardInterrupt:
        if not live:
            raise


def _check(source: str, frames: int, found: int) -> None:
    if frames < 2:
        raise InputError(f"{source}: has {frames} frames; a movement needs a few seconds of video")
    if not found:
        raise InputError(
            f"{source}: no person was found in any of its {frames} frames; "
            "the whole body must be in the picture, in good light"
        )


def _pictures(source: str, info: SourceInfo) -> str | None:
    """Find the recording again; the one behind saved poses may have gone or changed since."""
    if is_camera(source):
        return None
    if not _is_saved(source):
        return source
    from midback.vision.weights import sha256_of

    recorded = Path(info.path)
    same = recorded.is_file() and sha256_of(recorded) == info.sha256
    return info.path if same else None


def _silent(_: str) -> None:
    return None
