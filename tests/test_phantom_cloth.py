"""Pictures of the study and the loose shirt; needs vtk and scikit-image."""

from __future__ import annotations

import importlib
import itertools
import os
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from midback.phantom import study
from midback.phantom.camera import Camera
from midback.phantom.cases import Case
from midback.phantom.cloth import SLACK, LooseShirt
from midback.phantom.intent import Intent
from midback.phantom.mesh import Mesh, build, skin
from midback.phantom.skeleton import BONES, Frames, forward
from midback.phantom.studied_poses import posture

SMALL = Camera(0.0, 0.8, 3.3, (0.0, 0.9, 0.0), 34.0, (160, 120))
CASE = Case("c", "anna", "standing", "lumbar_arch", 20.0, camera=SMALL, noise=0.0, fps=5)


def _need(module: str) -> Any:
    return importlib.import_module(module) if os.environ.get("CI") else pytest.importorskip(module)


@pytest.fixture(autouse=True)
def _coarse(monkeypatch: pytest.MonkeyPatch) -> None:
    _need("skimage")
    _need("vtk")
    monkeypatch.setattr(study, "VOXEL", 0.012)


def _picture(case: Case, index: int = 0) -> NDArray[np.int64]:
    return next(itertools.islice(study.pictures(case), index, None)).astype(int)


def test_as_many_pictures_as_frames() -> None:
    case = replace(CASE, reps=1, neutral_s=0.2, tail_s=0.2)
    shots = list(study.pictures(case))
    assert len(shots) == case.frames == 14
    assert all(shot.shape == (120, 160, 3) and shot.dtype == np.uint8 for shot in shots)
    top = round(5 * (case.times[0][1] + 0.1))
    assert np.abs(shots[0].astype(int) - shots[top]).max() > 60


def test_pictures_are_the_same_on_every_run() -> None:
    case = replace(CASE, noise=3.0, loose=True, clutter=True)
    np.testing.assert_array_equal(_picture(case), _picture(case))


def test_noise_is_fresh_and_as_strong_as_asked() -> None:
    clean, noisy = _picture(CASE), _picture(replace(CASE, noise=3.0))
    assert (noisy - clean).std() == pytest.approx(3.0, rel=0.1)
    assert _picture(replace(CASE, noise=3.0, seed=1)).tolist() != noisy.tolist()


def test_dim_light_darkens_everything_alike() -> None:
    bright, dim = _picture(CASE), _picture(replace(CASE, light=0.35))
    np.testing.assert_allclose(dim, 0.35 * bright, atol=0.51)


def test_furniture_stays_behind_the_person() -> None:
    plain, cluttered = _picture(CASE), _picture(replace(CASE, clutter=True))
    different = np.abs(plain - cluttered).max(axis=2) > 8
    assert 0.03 < different.mean() < 0.4
    assert not different[50:70, 77:83].any()


def test_blur_smears_what_moves() -> None:
    case = replace(CASE, body="ben", movement="rotation", amplitude=45.0, arms="forward")
    moving = round(5 * 2.2)
    sharp, blurred = (_picture(replace(case, blur=blur), moving) for blur in (False, True))
    assert np.abs(sharp - blurred).max() > 15


def _dressed(loose: bool, posing: Intent) -> tuple[Case, Mesh, Frames]:
    case = replace(CASE, loose=loose)
    return case, build(case.who, 0.012), forward(case.who, posture(case, posing))


def _off_the_skin(case: Case, mesh: Mesh, frames: Frames) -> NDArray[np.float64]:
    points = LooseShirt(case.who, mesh, 3)(mesh, frames)[0]
    return np.asarray(np.linalg.norm(points - skin(mesh, frames)[0], axis=1))


def test_a_loose_shirt_hangs_off_the_trunk_only() -> None:
    case, mesh, frames = _dressed(True, Intent())
    off = _off_the_skin(case, mesh, frames)
    bone = np.array(BONES)[np.asarray(mesh.weights.argmax(axis=1)).ravel()]
    limbs = np.char.startswith(bone, "thigh") | np.char.startswith(bone, "forearm")
    assert off[limbs].max() == off[mesh.torso :].max() == 0.0
    worn = off[np.isin(bone, ["L3", "L1", "T12"])]
    assert SLACK[0] * 0.4 < np.median(worn) < SLACK[1]
    assert off.max() < 0.06


def test_cloth_spans_the_hollow_of_an_arched_back() -> None:
    def median_at_waist(lumbar: float) -> float:
        case, mesh, frames = _dressed(True, Intent(lumbar=lumbar))
        off = _off_the_skin(case, mesh, frames)
        local = mesh.points - mesh.bind.o("L3")
        back = (np.abs(local[:, 1]) < 0.03) & (np.abs(local[:, 2]) < 0.03) & (local[:, 0] < 0)
        return float(np.median(off[back]))

    assert median_at_waist(25.0) > median_at_waist(-25.0) + 0.005


def test_cloth_has_outward_unit_normals() -> None:
    case, mesh, frames = _dressed(True, Intent())
    normals = LooseShirt(case.who, mesh, 3)(mesh, frames)[1]
    np.testing.assert_allclose(np.linalg.norm(normals, axis=1), 1.0, atol=1e-6)
    assert ((normals * skin(mesh, frames)[1]).sum(axis=1) > 0).mean() > 0.98


def test_a_loose_shirt_covers_the_top_of_the_trousers() -> None:
    tight, loose = (build(replace(CASE, loose=flag).who, 0.012) for flag in (False, True))
    changed = (tight.colours != loose.colours).any(axis=1)
    height = tight.points[changed, 1] - tight.bind.o("pelvis")[1]
    assert changed.sum() > 100
    assert height.min() > -0.06
    assert height.max() < 0.16
