"""Score one recording from beginning to end: frames in, result out. No printing here."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from midback import __version__
from midback.apps.earlier import read_earlier
from midback.apps.gaps import Gaps
from midback.errors import InputError
from midback.exercises import Exercise, find
from midback.form.evidence import Caution
from midback.form.history import History
from midback.result import Result, Series, Software, Source
from midback.session import Session
from midback.sides import Side

if TYPE_CHECKING:
    from midback.vision.pose import Pose, SourceInfo

AUTO = "auto"
"""In place of an exercise's name: recognise it."""

Progress = Callable[[int, int | None, float], None]
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


@dataclass(frozen=True, slots=True)
class _Poses:
    """Poses on their way in.

    model_sha256: None for landmarks that no model of ours estimated. warning: asked for after the
    last pose. metric: whether the 3D landmarks were measured, see Session.
    """

    stream: Iterable[Pose]
    info: SourceInfo
    expected: int | None
    model_sha256: str | None
    warning: Callable[[], str | None]
    metric: bool = False


@dataclass(slots=True)
class _Seen:
    """Counts poses as they pass, keeps them where wanted and tells the progress."""

    poses: _Poses
    keep: Callable[[Pose], None] | None
    progress: Progress | None
    gaps: Gaps
    frames: int = 0
    found: int = 0
    duration_s: float = 0.0

    def through(self, stream: Iterable[Pose]) -> Iterator[Pose]:
        """Hand on every pose."""
        first: float | None = None
        for pose in stream:
            first = pose.t if first is None else first
            self.gaps.see(pose.t)
            self.duration_s = pose.t - first
            self.frames += 1
            self.found += pose.found
            if self.keep is not None:
                self.keep(pose)
            if self.progress is not None:
                self.progress(self.frames, self.poses.expected, pose.t)
            yield pose


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
    A camera is read until `seconds` or Ctrl-C. Raises
    InputError where the source cannot be scored.
    """
    source = "camera:0" if source == "camera" else source
    chosen = None if exercise == AUTO else find(exercise) if isinstance(exercise, str) else exercise
    if chosen is not None and not callable(earlier):
        read_earlier(earlier, chosen)  # raises before the long work
    opened = _open(source, chosen, model, mapping, notice or _silent)
    with opened as poses, ExitStack() as stack:
        info = poses.info
        keep: Callable[[Pose], None] | None = None
        if save_poses is not None:
            from midback.vision.recording import PoseWriter

            writer = PoseWriter(save_poses, info, poses.model_sha256 or "")
            keep = stack.enter_context(writer).write
        seen = _Seen(poses, keep, progress, Gaps(source))
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
        for pose in stream:
            session.update(pose)
        _check(source, seen.frames, seen.found)
        session.finish()
        warning = poses.warning()
    described = Source(
        info.path, info.sha256, info.fps, seen.frames, seen.duration_s, info.width, info.height
    )
    software = Software(__version__, importlib.metadata.version("mediapipe"), poses.model_sha256)
    result = session.result(described, software)
    told = tuple(filter(None, (warning, seen.gaps.warning)))
    if told:
        result = replace(result, warnings=(*result.warnings, *told))
    video = _pictures(source, info) if poses.model_sha256 else None
    return Scored(result, session.series(), session, chosen, video)


def is_camera(source: str) -> bool:
    """Whether the source is a camera: "camera:1" or a bare number that is no file's name."""
    from midback.vision.frames import camera_number

    return camera_number(source) is not None and not Path(source).exists()


def _is_saved(source: str) -> bool:
    """Whether these are saved poses; another system may have shouted the name: P.NPZ."""
    return Path(source).suffix.lower() == ".npz"


@contextmanager
def _open(
    source: str, exercise: Exercise | None, model: Path | None, mapping: str | None, notice: Notice
) -> Iterator[_Poses]:
    from midback.landmarks import is_landmarks, open_landmarks

    if is_landmarks(source, mapping):
        if exercise is None:
            raise InputError(f"{source}: only pictures are recognised; name the --exercise")
        found = open_landmarks(Path(source), mapping, exercise)
        read = found.poses, found.info, found.frame_count, None
        yield _Poses(*read, lambda: found.warning, found.metric)
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
            yield _Poses(saved, saved.info, saved.frame_count, sha256, _no_warning)
        return
    from midback.vision.estimator import PoseEstimator
    from midback.vision.frames import open_frames
    from midback.vision.weights import model_path, sha256_of

    with open_frames(source) as frames:  # before the weights: a wrong path must fail at once
        weights = model_path(model, notice)
        with PoseEstimator(
            weights, silhouette=exercise is None or exercise.needs_silhouette
        ) as estimator:
            stream = map(estimator.estimate, frames)
            yield _Poses(
                stream, frames.info, frames.frame_count, sha256_of(weights), lambda: frames.warning
            )


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


def _no_warning() -> None:
    return None
