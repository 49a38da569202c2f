"""A shirt that hangs loose: the surface under it moved outward, in folds that slide a little."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from midback.phantom import anatomy, dress
from midback.phantom.body import Body
from midback.phantom.look import ripple
from midback.phantom.mesh import Mesh, skin
from midback.phantom.poses import unit
from midback.phantom.skeleton import Frames
from midback.phantom.truth import sagittal_angle

Array = NDArray[np.float64]

HEM = 0.9  # spine level at which a loose shirt ends, the buttocks under it
SLACK = (0.008, 0.025)  # metres off the skin, between and on the folds
FOLD = 0.11  # metres from fold to fold
SLIDE = 0.0008  # metres the folds slide per degree that the trunk bends
BRIDGE = (0.5, 0.9)  # share of the low back's hollow that cloth spans, by seed
BINS = 48


def with_loose_shirt(body: Body) -> Body:
    """Return the body in a shirt long enough to hang over the trousers."""
    return replace(body, clothes=replace(body.clothes, hem=HEM))


class LooseShirt:
    """Where the surface of a mesh is when its shirt hangs loose; drawn from a seed.

    The mesh must be of a body `with_loose_shirt`. Cloth rests where the surface faces up, on the
    shoulders and on the front of the chest, and hangs SLACK off elsewhere; it spans part of the
    hollow between buttocks and ribs, whatever that hollow is in the pose.
    """

    def __init__(self, body: Body, mesh: Mesh, seed: int) -> None:
        levels = anatomy.spine_curve(body, mesh.bind)[1]
        torso = np.arange(mesh.torso)
        on, level, anterior = dress.shirt(
            body, mesh.bind, mesh.points[torso], mesh.weights[torso].toarray()
        )
        self._seed = seed
        self._on = torso[on]
        self._level, points, normals = level[on], mesh.points[self._on], mesh.normals[self._on]
        self._stretched = points * np.array([1.0, 0.45, 1.0])
        self._slack = _hang(self._level, levels, normals, anterior[on])
        self._hollow = np.clip(-normals[:, 0], 0.0, 1.0) ** 2 * _inside(self._level)
        self._bridge = float(np.random.default_rng([seed, 4]).uniform(*BRIDGE))
        midline = on & (np.abs(mesh.points[torso, 2]) < 0.012) & (anterior < -0.03)
        self._midline = torso[midline & (level < levels.index("T4"))]
        self._edges = np.linspace(HEM, levels.index("T4"), BINS + 1)
        self._bin = np.clip(np.digitize(level[self._midline], self._edges) - 1, 0, BINS - 1)
        self._normals = _NormalsOf(mesh.faces, self._on, len(mesh.points))

    def __call__(self, mesh: Mesh, frames: Frames) -> tuple[Array, Array]:
        """Points and normals (N, 3) of the mesh in a pose, shirt included."""
        points, normals = skin(mesh, frames)
        bend = sagittal_angle(*((frames.r("T8").T @ frames.r(b)[:, 1])[:2] for b in ("L5", "T1")))
        moved = self._stretched + np.array([0.0, SLIDE * bend, 0.0])
        fold = np.clip(0.5 + 0.4 * ripple(moved, FOLD, self._seed), 0.0, 1.0)
        off = self._slack * (SLACK[0] + fold * (SLACK[1] - SLACK[0]))
        outward = normals[self._on]
        off *= 1.0 - 0.7 * np.clip(outward[:, 1], 0.0, 1.0)
        axis = unit(frames.o("T4") - frames.o("pelvis"))
        behind = unit(np.cross(frames.r("L1")[:, 2], axis))
        middles = 0.5 * (self._edges[1:] + self._edges[:-1])
        gap = np.interp(self._level, middles, self._gaps(points[self._midline], axis, behind))
        spanned = self._bridge * self._hollow * gap
        points[self._on] += off[:, None] * outward + spanned[:, None] * behind
        normals[self._on] = self._normals(points)
        return points, normals

    def _gaps(self, back: Array, axis: Array, behind: Array) -> Array:
        """Depth (BINS,) of the back's midline points under their convex hull, metres."""
        count = np.bincount(self._bin, minlength=BINS)
        along, depth = (
            np.bincount(self._bin, back @ v, minlength=BINS) / np.maximum(count, 1)
            for v in (axis, behind)
        )
        known = np.flatnonzero(count)
        known = known[np.argsort(along[known])]
        hull = _upper_hull(along[known], depth[known])
        gaps = np.zeros(BINS)
        gaps[known] = np.interp(along[known], along[known][hull], depth[known][hull]) - depth[known]
        return np.interp(np.arange(BINS), np.sort(known), gaps[np.sort(known)])


def _hang(level: Array, levels: list[str], normals: Array, anterior: Array) -> Array:
    """Share (N,) of the slack by place: none at neck and hem, little on shoulders and chest."""
    marks = [levels.index(name) for name in ("T10", "T6", "T4", "T1")]
    share = np.interp(level, marks, [1.0, 0.7, 0.35, 0.0]) * _inside(level)
    chest = (anterior > 0) & (level > marks[0])
    return np.where(chest, 0.35, 1.0) * share * np.where(np.abs(normals[:, 1]) > 0.9, 0.5, 1.0)


def _inside(level: Array) -> Array:
    """Fade (N,) from 0 at the hem to 1 two centimetres above it."""
    return np.clip((level - HEM) / 0.3, 0.0, 1.0)


def _upper_hull(x: Array, y: Array) -> list[int]:
    """Indices of the upper convex hull of points sorted by x."""
    hull: list[int] = []
    for i in range(len(x)):
        while len(hull) > 1:
            a, b = hull[-2], hull[-1]
            if (x[b] - x[a]) * (y[i] - y[a]) < (x[i] - x[a]) * (y[b] - y[a]):
                break
            hull.pop()
        hull.append(i)
    return hull


class _NormalsOf:
    """Outward unit normals of some vertices from the faces around them."""

    def __init__(self, faces: NDArray[np.int64], vertices: NDArray[np.int64], count: int) -> None:
        row = np.full(count, -1)
        row[vertices] = np.arange(len(vertices))
        self._faces = faces[(row[faces] >= 0).any(axis=1)]
        rows, columns = row[self._faces].ravel(), np.repeat(np.arange(len(self._faces)), 3)
        ok = rows >= 0
        shape = (len(vertices), len(self._faces))
        self._sum = sparse.csr_matrix((np.ones(ok.sum()), (rows[ok], columns[ok])), shape=shape)

    def __call__(self, points: Array) -> Array:
        a, b, c = (points[self._faces[:, i]] for i in range(3))
        total = self._sum @ np.cross(b - a, c - a)
        normals: Array = total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)
        return normals
