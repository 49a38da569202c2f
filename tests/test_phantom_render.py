"""The phantom's surface and pictures; needs vtk and scikit-image."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.typing import NDArray

from midback.phantom.body import ANNA, BEN, BODIES, Body
from midback.phantom.motions import SCRIPTS, Script, pose_at, walker
from midback.phantom.poses import Spine, prone, quadruped, seated
from midback.phantom.skeleton import BONES, Pose, forward, joints

if TYPE_CHECKING:
    from midback.phantom.mesh import Mesh
    from midback.phantom.render import Scene

VOXEL = 0.012


def _need(module: str) -> Any:
    return importlib.import_module(module) if os.environ.get("CI") else pytest.importorskip(module)


@pytest.fixture(scope="module", autouse=True)
def _extras() -> None:
    _need("skimage")
    _need("vtk")


def _mesh(body: Body) -> Mesh:
    from midback.phantom.mesh import build

    return build(body, VOXEL)


def _scene(script: Script, *others: Body) -> Scene:
    from midback.phantom.render import Scene

    return Scene(script.camera, script.stage, [_mesh(body) for body in (script.body, *others)])


@pytest.fixture(params=sorted(BODIES))
def body(request: pytest.FixtureRequest) -> Body:
    return BODIES[request.param]


def test_weights_are_shares(body: Body) -> None:
    weights = _mesh(body).weights
    assert weights.shape[1] == len(BONES)
    np.testing.assert_allclose(np.asarray(weights.sum(axis=1)), 1.0)
    assert weights.min() >= 0.0


def test_normals_and_faces_point_outward(body: Body) -> None:
    mesh = _mesh(body)
    a, b, c = (mesh.points[mesh.faces[:, i]] for i in range(3))
    outward = np.cross(b - a, c - a)
    agree = (outward * mesh.normals[mesh.faces[:, 0]]).sum(axis=1) > 0
    assert agree.mean() > 0.98
    volume = (a * outward).sum() / 6.0
    assert 0.03 < volume < 0.16


def test_binding_pose_leaves_the_mesh_alone() -> None:
    from midback.phantom.mesh import bind_pose, skin

    mesh = _mesh(ANNA)
    points, normals = skin(mesh, forward(ANNA, bind_pose()))
    np.testing.assert_allclose(points, mesh.points, atol=1e-9)
    np.testing.assert_allclose(np.linalg.norm(normals, axis=1), 1.0)


def test_skin_follows_a_rigid_move() -> None:
    from midback.phantom.mesh import bind_pose, skin

    mesh = _mesh(ANNA)
    moved = replace(bind_pose(), root=np.array([0.3, 1.0, -0.2]))
    points, _ = skin(mesh, forward(ANNA, moved))
    np.testing.assert_allclose(points, mesh.points + np.array([0.3, 1.0, -0.2]), atol=1e-9)


def test_prone_body_lies_on_the_mat(body: Body) -> None:
    from midback.phantom.mesh import skin

    points, _ = skin(_mesh(body), forward(body, prone(body, Spine())))
    assert -0.035 < points[:, 1].min() < 0.005  # flesh gives way, more of it on heavy bodies


def _dorsal_tangents(body: Body, pose: Pose) -> NDArray[np.float64]:
    """Direction (degrees) of the back's midline just below L5, at T12 and just above T1."""
    from midback.phantom import anatomy
    from midback.phantom.mesh import skin

    mesh = _mesh(body)
    trunk = anatomy.trunk(body, mesh.bind)
    levels = anatomy.spine_curve(body, mesh.bind)[1]
    middle = np.abs(mesh.points[:, 2]) < 1.2 * VOXEL
    s, front, _ = trunk.project(mesh.points[middle, 0], mesh.points[middle, 1])
    s, on = s / anatomy.STEPS, front < -0.03
    points = skin(mesh, forward(body, pose))[0][middle]
    tangents = []
    for level in (levels.index("L5") - 0.6, levels.index("T12"), levels.index("T1") + 0.6):
        near = on * np.exp(-(((s - level) / 0.4) ** 2))
        slope = [np.polyfit(s[near > 0.01], points[near > 0.01, i], 1)[0] for i in (0, 1)]
        tangents.append(np.degrees(np.arctan2(slope[1], slope[0])))
    return np.unwrap(np.array(tangents), period=360)


@pytest.mark.parametrize("posture", [prone, seated, lambda b, s: quadruped(b, s, {})])
def test_the_back_follows_the_spine(body: Body, posture: Callable[[Body, Spine], Pose]) -> None:
    rest = _dorsal_tangents(body, posture(body, Spine()))
    thoracic = _dorsal_tangents(body, posture(body, Spine(thoracic=15.0))) - rest
    lumbar = _dorsal_tangents(body, posture(body, Spine(lumbar=15.0))) - rest
    assert thoracic[2] - thoracic[1] == pytest.approx(15.0, abs=2.5)
    assert abs(thoracic[1] - thoracic[0]) < 2.5
    assert lumbar[1] - lumbar[0] == pytest.approx(15.0, abs=2.5)
    assert abs(lumbar[2] - lumbar[1]) < 2.5


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_silhouette_covers_the_joints(name: str) -> None:
    script = SCRIPTS[name]()
    scene = _scene(script)
    for t in (1.0, script.reps[0].begin + script.reps[0].lift_s):
        frames = forward(script.body, pose_at(script, t))
        mask = scene.silhouette([frames])
        found = joints(script.body, frames)
        inner = [p for joint, p in found.items() if "foot" not in joint and "ear" not in joint]
        for x, y in script.camera.project(np.array(inner)):
            assert mask[int(y) - 2 : int(y) + 3, int(x) - 2 : int(x) + 3].any()


def test_picture_shows_the_silhouette() -> None:
    script = SCRIPTS["bird_dog_clean"]()
    frames = forward(script.body, pose_at(script, 1.0))
    near = _scene(script)
    away = forward(script.body, replace(pose_at(script, 1.0), root=np.array([9.0, 0.5, 9.0])))
    picture, empty = near.frame([frames]).astype(int), near.frame([away]).astype(int)
    mask = near.silhouette([frames])
    changed = np.abs(picture - empty).max(axis=2) > 8
    assert picture.shape == (*script.camera.size[::-1], 3)
    assert changed[mask].mean() > 0.93
    assert changed[: int(np.argwhere(mask)[:, 0].min()) - 3].mean() < 0.01


def test_pictures_are_deterministic() -> None:
    script = SCRIPTS["seated_extension"]()
    frames = forward(script.body, pose_at(script, 3.5))
    np.testing.assert_array_equal(_scene(script).frame([frames]), _scene(script).frame([frames]))


def test_a_walker_appears_behind_the_exerciser() -> None:
    script = SCRIPTS["bird_dog_clean"]()
    extra = walker(BEN, enter_s=0.0, behind=1.0, start_x=-1.0, speed=1.0)
    scene = _scene(script, BEN)
    person = forward(script.body, pose_at(script, 1.0))
    here, gone = forward(BEN, extra.pose(1.0)), forward(BEN, extra.pose(60.0))
    together, alone = scene.frame([person, here]), scene.frame([person, gone])
    changed = np.abs(together.astype(int) - alone.astype(int)).max(axis=2) > 12
    front, behind = scene.silhouette([person, here], 0), scene.silhouette([person, here], 1)
    assert changed[behind & ~front].mean() > 0.7
    assert changed[front].mean() < 0.1


def test_written_clip_reads_back(tmp_path: Path) -> None:
    _need("av")
    import cv2

    from midback.phantom.samples import write_video

    shades = [np.full((48, 64, 3), 20 * k, np.uint8) for k in range(1, 9)]
    path = tmp_path / "clip.mp4"
    write_video(path, shades, (64, 48), 30)
    clip = cv2.VideoCapture(str(path))
    means = [float(clip.read()[1].mean()) for _ in shades]
    clip.release()
    np.testing.assert_allclose(means, [20 * k for k in range(1, 9)], atol=4)
    assert [p.name for p in tmp_path.iterdir()] == ["clip.mp4"]
