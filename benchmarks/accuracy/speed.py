"""Line 7: what the angles and the contour cost, beside the network in the same run."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path

import numpy as np

from midback.kinematics.angles import Orientation, Start, landmark_angles
from midback.kinematics.channels import Block, spine_trunk
from midback.kinematics.contour import spine_curve
from midback.kinematics.rotation import Turned, calibrate, phi_of, turned, ungained
from midback.kinematics.skeleton import HIPS, SHOULDERS
from midback.kinematics.stream import AngleStream
from midback.vision.edge import refined, rough_edge
from midback.vision.estimator import PoseEstimator, for_network
from midback.vision.frames import open_frames
from midback.vision.weights import model_path

SAMPLE = Path(__file__).parents[2] / "sample_videos" / "seated_extension.mp4"
FRAMES = 10_000
_PICTURES = 200
_RUNS = 15


def table() -> str:
    """Milliseconds: the median of several runs, after one that warms up."""
    with (
        open_frames(str(SAMPLE)) as frames,
        PoseEstimator(model_path(None, print), silhouette=True) as network,
    ):
        pictures = [frame for frame, _ in zip(frames, range(_PICTURES), strict=False)]
        network.estimate(pictures[0])
        begin = time.perf_counter()
        poses = [network.estimate(frame) for frame in pictures[1:]]
        inference = 1e3 * (time.perf_counter() - begin) / len(poses)
    points = np.stack([poses[i % len(poses)].points for i in range(FRAMES)]).astype(np.float64)
    world = np.stack([poses[i % len(poses)].world for i in range(FRAMES)]).astype(np.float64)
    orientation = Orientation(1, horizontal=False, start=Start.of(points[:1]))

    still = turned(points[:30], world[:30], SHOULDERS)
    own = calibrate(Turned(*(part[None] for part in astuple(still))), 0.8)

    def every_angle() -> None:
        landmark_angles(points, orientation)
        girdle = turned(points, world, SHOULDERS)
        phi_of(girdle, own)
        ungained(turned(points, world, HIPS).depth, own.gain)

    blocks = [Block.of([pose]) for pose in poses]
    trunks = [spine_trunk(one.points, one.visibility) for one in blocks]
    rays = [pose.silhouette[:1].astype(np.float64) for pose in poses if pose.silhouette is not None]

    def every_contour() -> None:
        for trunk, edge in zip(trunks, rays, strict=True):
            spine_curve(trunk, edge, 1)

    height, width = pictures[0].image.shape[:2]

    seen = [for_network(frame.image) for frame in pictures[1:]]

    def every_edge() -> None:
        for image, pose in zip(seen, poses, strict=True):
            assert pose.silhouette is not None
            refined([rough_edge(image, pose.points, pose.silhouette, (width, height))])

    def one_by_one() -> None:
        stream = AngleStream("seated", (width, height))
        for pose in poses:
            stream.update([pose])

    angles, contour = _median(every_angle), _median(every_contour) / len(poses)
    live, edge = (_median(work) / len(poses) for work in (one_by_one, every_edge))
    return "\n".join(
        [
            "| what | ms | of the network's time for as many frames |",
            "|---|---|---|",
            f"| network, one frame | {inference:.1f} | 1 |",
            f"| all landmark angles and rotations, {FRAMES} frames | {angles:.1f} | "
            f"{angles / (inference * FRAMES):.5f} |",
            f"| edge of the body refined on the picture, one frame | {edge:.2f} | "
            f"{edge / inference:.3f} |",
            f"| contour of the back, one frame | {contour:.2f} | {contour / inference:.3f} |",
            f"| live, one frame: filters, contour, angles, gates | {live:.2f} | "
            f"{live / inference:.3f} |",
        ]
    )


def _median(work: Callable[[], None]) -> float:
    work()
    took = []
    for _ in range(_RUNS):
        begin = time.perf_counter()
        work()
        took.append(time.perf_counter() - begin)
    return 1e3 * float(np.median(took))
