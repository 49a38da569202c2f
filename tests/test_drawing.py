from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from report_case import contour, keyframe

from midback.apps.report import arcs
from midback.apps.report.drawing import FAULT, GOOD, annotate, blank, crop_boxes, to_jpeg
from midback.keyframes import KeyFrame
from midback.kinematics import ANGLES
from midback.vision.frames import Image
from midback.vision.pose import Pose, missing_pose

SIZE = (960, 540)


def near(image: Image, color: tuple[int, int, int]) -> int:
    """How many pixels have about that colour."""
    return int((np.abs(image.astype(int) - color).max(axis=-1) <= 6).sum())


def shifted(frame: KeyFrame, dx: float, dy: float) -> KeyFrame:
    points = frame.pose.points + np.array([dx, dy, 0.0], dtype=np.float32)
    pose = Pose(frame.t, points, frame.pose.world, frame.pose.visibility)
    line = None if frame.contour is None else frame.contour + np.array([dx, dy])
    return replace(frame, pose=pose, contour=line)


def mirrored(frame: KeyFrame) -> KeyFrame:
    points = frame.pose.points.copy()
    points[:, 0] = SIZE[0] - points[:, 0]
    assert frame.contour is not None
    line = frame.contour * np.array([-1, 1]) + np.array([SIZE[0], 0])
    return replace(frame, pose=replace(frame.pose, points=points), contour=line)


def swing(frame: KeyFrame) -> float:
    """Signed degrees from the reference to the actual arm, counter-clockwise."""
    arc = arcs.arc_of(frame)
    assert arc is not None
    cross = arc.reference[0] * arc.actual[1] - arc.reference[1] * arc.actual[0]
    return float(np.degrees(np.arctan2(cross, arc.reference @ arc.actual)))


@pytest.mark.parametrize("shade", [20, 240])
def test_lines_show_on_dark_and_on_light(shade: int) -> None:
    image = np.full((540, 960, 3), shade, dtype=np.uint8)
    before = image.copy()
    drawn = annotate(image, keyframe(10, "lumbar_arch", 16.0))
    assert near(drawn, FAULT) > 800
    assert near(drawn, (255, 255, 255)) > 800
    assert (image == before).all()


def test_the_person_fills_the_picture() -> None:
    box = crop_boxes([keyframe(3, None, None)], SIZE)[0]
    assert box.width < 800
    assert box.left < 205
    assert box.left + box.width > 805
    assert annotate(blank(*SIZE), keyframe(3, None, None), width=480).shape[1] == 480


def test_the_box_stays_inside_the_picture() -> None:
    for dx, dy in ((-250, 0), (200, 0), (0, 220), (0, -120)):
        (box,) = crop_boxes([shifted(keyframe(3, None, None), dx, dy)], SIZE)
        assert box.left >= 0
        assert box.top >= 0
        assert box.left + box.width <= SIZE[0] + 1e-6
        assert box.top + box.height <= SIZE[1] + 1e-6


def test_both_pictures_show_the_same_place_unless_the_person_moved_away() -> None:
    frame = keyframe(3, None, None)
    here, moved = crop_boxes([frame, shifted(frame, 15, 5)], SIZE)
    assert here == moved
    wide = (4000, 540)
    first, second = crop_boxes([frame, shifted(frame, 2500, 0)], wide)
    assert first != second


def test_joints_that_were_not_seen_are_not_drawn() -> None:
    frame = replace(keyframe(3, None, None), contour=None)
    hidden = np.zeros_like(frame.pose.visibility)
    drawn = annotate(blank(*SIZE), replace(frame, pose=replace(frame.pose, visibility=hidden)))
    assert (drawn == blank(1, 1)[0, 0]).all()


def test_a_frame_without_a_person_is_left_as_it_is() -> None:
    frame = KeyFrame(1.0, 1, missing_pose(1.0), "lumbar_arch", 12.0, "deg", None)
    assert annotate(blank(*SIZE), frame).shape == (540, 960, 3)


@pytest.mark.parametrize("angle", [*ANGLES, "made_up", None])
@pytest.mark.parametrize("value", [-20.0, 0.0, 35.0, None])
def test_every_angle_can_be_drawn(angle: str | None, value: float | None) -> None:
    for frame in (
        keyframe(3, angle, value),
        replace(keyframe(3, angle, value), contour=None),
        replace(keyframe(3, angle, value), contour=np.full((96, 2), np.nan)),
    ):
        assert annotate(blank(*SIZE), frame).dtype == np.uint8


def test_joint_angles_are_drawn_as_wide_as_they_are() -> None:
    """Knee of the standing leg: thigh (10, -138) down, shank (-110, -15) back."""
    thigh, shank = np.array([10.0, -138.0]), np.array([-110.0, -15.0])
    bend = np.degrees(np.arccos(thigh @ shank / np.hypot(*thigh) / np.hypot(*shank)))
    assert abs(swing(keyframe(3, "knee_flexion_left", 0.0))) == pytest.approx(bend, abs=1.0)


@pytest.mark.parametrize("value", [5.0, 16.0, -12.0])
def test_the_arc_on_the_back_is_as_wide_as_the_change(value: float) -> None:
    assert abs(swing(keyframe(3, "lumbar_arch", value))) == pytest.approx(abs(value))


def test_more_arch_tips_the_pelvis_towards_the_back() -> None:
    """Facing right the pelvis end points left; tipping it up, to the back, is clockwise."""
    frame = keyframe(3, "lumbar_arch", 16.0)
    assert swing(frame) == pytest.approx(-16.0)
    assert swing(mirrored(frame)) == pytest.approx(16.0)


def test_the_order_of_the_contour_does_not_matter() -> None:
    frame = keyframe(3, "thoracic_extension", 10.0)
    turned = replace(frame, contour=contour()[::-1])
    one, other = arcs.arc_of(replace(frame, contour=contour())), arcs.arc_of(turned)
    assert one is not None
    assert other is not None
    assert one.corner == pytest.approx(other.corner)
    assert one.reference == pytest.approx(other.reference)


def test_the_best_back_is_laid_over_the_broken_one() -> None:
    broken = keyframe(10, "lumbar_arch", 16.0)
    alone = annotate(blank(*SIZE), broken)
    both = annotate(blank(*SIZE), broken, ghost=replace(broken, contour=contour(-0.2)))
    assert near(alone, GOOD) == 0
    assert near(both, GOOD) > 0


def test_labels_stay_inside_the_picture() -> None:
    frame = shifted(keyframe(3, "lumbar_arch", 16.0), 0, 150)
    drawn = annotate(blank(*SIZE), frame, label="a rather long label that says 16°")
    assert drawn.shape[1] == 960


def test_a_picture_as_jpeg() -> None:
    assert to_jpeg(blank(8, 8)).startswith(b"\xff\xd8")
