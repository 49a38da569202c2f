"""What is read from MediaPipe's library is what MediaPipe's own Python reads there."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import pytest
from needs import SAMPLE, needs_weights, weights
from numpy.typing import NDArray

from midback.vision.estimator import for_network
from midback.vision.frames import Image, open_frames
from midback.vision.landmarker import Found, Landmarker, quiet_stderr

_STEP_MS = 33


def pictures(count: int) -> list[Image]:
    with open_frames(str(SAMPLE)) as frames:
        return [for_network(frame.image) for frame, _ in zip(frames, range(count), strict=False)]


def plain(image: Image) -> Any:
    mediapipe = importlib.import_module("mediapipe")
    return mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=image)


def by_mediapipe(mode: str, people: int, *, silhouette: bool) -> Any:
    vision = importlib.import_module("mediapipe.tasks.python.vision")
    base = importlib.import_module("mediapipe.tasks.python.core.base_options")
    options = vision.PoseLandmarkerOptions(
        base_options=base.BaseOptions(model_asset_path=str(weights())),
        running_mode=vision.RunningMode[mode],
        num_poses=people,
        output_segmentation_masks=silhouette,
    )
    with quiet_stderr():
        return vision.PoseLandmarker.create_from_options(options)


def rows(people: Any) -> list[NDArray[np.float32]]:
    return [
        np.array([(p.x, p.y, p.z, p.visibility) for p in one], dtype=np.float32) for one in people
    ]


def assert_same(found: Found, expected: Any) -> None:
    for ours, theirs in (
        (found.people, rows(expected.pose_landmarks)),
        (found.worlds, rows(expected.pose_world_landmarks)),
        (
            [mask.numpy_view() for mask in found.masks],
            [mask.numpy_view() for mask in expected.segmentation_masks or []],
        ),
    ):
        assert len(ours) == len(theirs)
        for one, other in zip(ours, theirs, strict=True):
            assert np.array_equal(one, other)


@needs_weights
@pytest.mark.parametrize("silhouette", [True, False])
def test_a_video_is_read_as_mediapipe_reads_it(silhouette: bool) -> None:
    with (
        by_mediapipe("VIDEO", 1, silhouette=silhouette) as theirs,
        Landmarker(weights(), silhouette=silhouette) as ours,
    ):
        for index, image in enumerate(pictures(8)):
            found = ours.detect(image, index * _STEP_MS)
            assert len(found.people) == len(found.worlds) == 1
            assert_same(found, theirs.detect_for_video(plain(image), index * _STEP_MS))


@needs_weights
def test_several_people_in_one_picture() -> None:
    (image,) = pictures(1)
    both = np.ascontiguousarray(np.vstack([image, image]))
    with (
        by_mediapipe("IMAGE", 4, silhouette=False) as theirs,
        Landmarker(weights(), people=4) as ours,
    ):
        found = ours.detect(both)
        assert len(found.people) == 2
        assert_same(found, theirs.detect(plain(both)))


@needs_weights
def test_nobody_is_no_answer() -> None:
    with Landmarker(weights(), silhouette=True) as ours:
        found = ours.detect(np.zeros((128, 128, 3), dtype=np.uint8))
    assert found == Found([], [], [])


@needs_weights
def test_answers_stay_when_the_network_has_gone() -> None:
    (image,) = pictures(1)
    with Landmarker(weights(), silhouette=True) as ours:
        found = ours.detect(image)
        before = found.people[0].copy(), found.masks[0].numpy_view().copy()
    ours.close()
    assert np.array_equal(found.people[0], before[0])
    assert np.array_equal(found.masks[0].numpy_view(), before[1])


@needs_weights
def test_what_the_library_refuses_is_an_exception_and_no_end() -> None:
    (image,) = pictures(1)
    with Landmarker(weights()) as ours:
        ours.detect(image, _STEP_MS)
        with pytest.raises(ValueError, match=r"[Tt]imestamp"):
            ours.detect(image, 0)
        assert ours.detect(image, 2 * _STEP_MS).people
