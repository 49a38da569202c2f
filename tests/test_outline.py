"""Outlines that are read later are those that are read at once, and hold few pictures."""

from __future__ import annotations

import numpy as np
from mediapipe import Image, ImageFormat

from midback.vision.outline import Glance, Outline, Queue, settled
from midback.vision.pose import Array32, Pose

WIDTH, HEIGHT = 640, 480


def points(shift: float) -> Array32:
    found = np.zeros((33, 3), dtype=np.float32)
    for joint, row in ((11, 140), (12, 140), (23, 340), (24, 340)):
        found[joint, :2] = 320 + shift, -row
    return found


def outline(half_width: int, shift: float = 0.0) -> Outline:
    x = np.arange(WIDTH)
    inside = np.broadcast_to(np.abs(x - 320) <= half_width, (HEIGHT, WIDTH))
    picture = np.repeat(np.where(inside, 60, 200).astype(np.uint8)[..., None], 3, axis=2)
    mask = np.ascontiguousarray(inside[::2, ::2].astype(np.float32))
    return Outline(Image(ImageFormat.VEC32F1, mask), picture, points(shift))


def poses(outlines: list[Outline]) -> list[Pose]:
    none = np.zeros((33, 3), dtype=np.float32)
    return settled(
        [Glance(Pose(i / 30, none, none, none[:, 0]), o) for i, o in enumerate(outlines)]
    )


def test_an_outline_read_later_is_the_one_read_at_once() -> None:
    widths = range(40, 70, 3)
    at_once = [poses([outline(width)])[0].silhouette for width in widths]
    queue = Queue()
    later = [pose.silhouette for pose in poses([queue.add(outline(width)) for width in widths])]
    for one, other in zip(at_once, later, strict=True):
        assert one is not None
        assert np.isfinite(one).all()
        assert other is not None
        np.testing.assert_array_equal(one, other)


def test_few_pictures_wait_however_many_are_seen() -> None:
    queue = Queue()
    kept = [queue.add(outline(40 + number)) for number in range(60)]
    assert sum(each.size for each in kept if each._seen is not None) < 12_000_000
    assert sum(each.size for each in kept) > 60_000_000


def test_a_pose_without_an_outline_stays_as_it_is() -> None:
    none = np.zeros((33, 3), dtype=np.float32)
    pose = Pose(0.0, none, none, none[:, 0])
    assert settled([Glance(pose)])[0] is pose
