"""The recording played again, beside its poses, with what was measured drawn on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from midback.apps import outputs
from midback.apps.export.film import write_film
from midback.apps.export.scene import Layout, draw, layout_of
from midback.apps.export.timeline import Timeline, timeline
from midback.apps.incoming import Progress
from midback.apps.run import Scored
from midback.apps.score import progress_bar
from midback.errors import InputError
from midback.form.evidence import Caution
from midback.sides import Side
from midback.vision.frames import Frame, Image, open_frames
from midback.vision.pose import Pose
from midback.vision.recording import open_poses

_SAME_TIME_S = 1e-3


def write_annotated(
    scored: Scored, poses: Path, video: str, path: Path, *, caution: Caution, side: Side | None
) -> None:
    """Write the annotated video. poses: the file of the scored poses; video: their pictures.

    Raises InputError where the two do not belong together or the disk refuses.
    """
    source = scored.result.source
    layout = layout_of(source.width, source.height)
    with open_poses(poses) as saved:
        shown = timeline(scored, saved, caution=caution, side=side)
    with (
        open_frames(video) as frames,
        open_poses(poses) as saved,
        progress_bar(str(path)) as report,
        outputs.beside(path) as part,
    ):
        pictures = _pictures(frames, saved, shown, layout, scored.exercise.title)
        write_film(_counted(pictures, source.frames, report), layout.size, part)


def _pictures(
    frames: Iterable[Frame], poses: Iterable[Pose], shown: Timeline, layout: Layout, title: str
) -> Iterator[tuple[float, Image]]:
    """Time and picture of each frame that was scored; a recording may go on behind the poses."""
    for frame, pose in zip(frames, poses, strict=False):
        if abs(frame.t - pose.t) > _SAME_TIME_S:
            raise InputError(
                f"the poses have a frame at {pose.t:.3f} s, the video at {frame.t:.3f} s: "
                "export from the video itself"
            )
        yield frame.t, draw(frame.image, shown.at(pose), layout, title)


def _counted(
    pictures: Iterable[tuple[float, Image]], expected: int, report: Progress | None
) -> Iterator[tuple[float, Image]]:
    for done, (t, picture) in enumerate(pictures, 1):
        if report is not None:
            report(done, expected, t)
        yield t, picture
