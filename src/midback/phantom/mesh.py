"""From solids to a skinned triangle mesh, cached in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from midback.phantom import anatomy, dress, look
from midback.phantom.body import Body
from midback.phantom.skeleton import BONE_INDEX, BONES, SPINE, Frames, Pose, forward
from midback.phantom.solid import Primitive, Trunk, sample

Array = NDArray[np.float64]
Paint = Callable[[Array], Array]

HAIR_SPREAD = 0.03


@dataclass(frozen=True)
class Mesh:
    """A body's surface in its binding pose.

    points, normals, colours: (N, 3) world metres, unit, sRGB 0..1. faces: (F, 3), outward by the
    right-hand rule. weights: (N, B) sparse, rows sum to 1. bind: the skeleton it is bound to.
    torso: how many vertices come before those of the head.
    """

    points: Array
    normals: Array
    colours: Array
    faces: NDArray[np.int64]
    weights: sparse.csr_matrix
    bind: Frames
    torso: int


def bind_pose() -> Pose:
    """Return the posture in which the mesh is modelled: all limbs half way through their range."""
    return Pose(root=np.zeros(3))


def polygonise(parts: list[Primitive], voxel: float) -> tuple[Array, NDArray[np.int64], Array]:
    """Points (N, 3), faces (F, 3) and outward normals (N, 3) of the solids' smooth union."""
    from skimage import measure

    grid, corner = sample(parts, voxel)
    surface: Any = measure
    points, faces, _, _ = surface.marching_cubes(
        grid, 0.0, spacing=(voxel,) * 3, gradient_direction="descent"
    )
    gradient = np.stack(list(np.gradient(grid)), axis=-1)
    near = np.rint(points / voxel).astype(int)
    normals = gradient[tuple(near.T)].astype(float)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    return points.astype(float) + corner, faces.astype(np.int64), normals


def adjacency(faces: NDArray[np.int64], count: int) -> sparse.csr_matrix:
    """Row-normalised neighbour average (N, N) of a mesh, each vertex included."""
    i = np.concatenate([faces[:, 0], faces[:, 1], faces[:, 2]])
    j = np.concatenate([faces[:, 1], faces[:, 2], faces[:, 0]])
    ones = np.ones(len(i))
    links = sparse.coo_matrix((ones, (i, j)), shape=(count, count)).tocsr()
    links = ((links + links.T + sparse.identity(count)) > 0).astype(float)
    return sparse.diags(1.0 / np.asarray(links.sum(axis=1)).ravel()) @ links


def _spine_weights(part: Trunk, frames: Frames, body: Body, points: Array) -> Array:
    """Weights (N, B) that hand over linearly between the middles of neighbouring bones."""
    _, levels = anatomy.spine_curve(body, frames)
    s = part.project(points[:, 0], points[:, 1])[0] / anatomy.STEPS
    bones = ["pelvis", *SPINE[: len(levels) - 2]]
    middles = np.array([1.0, *(np.arange(2, len(levels)) + 0.5)])
    weights = np.zeros((len(points), len(BONES)))
    for k, bone in enumerate(bones):
        weights[:, BONE_INDEX[bone]] = np.interp(s, middles, np.eye(len(bones))[k])
    return weights


def skin_weights(
    parts: list[Primitive], body: Body, frames: Frames, points: Array, spread: float = 0.012
) -> Array:
    """Weights (N, B): each solid pulls the skin nearest to it, soft over `spread` metres."""
    x, y, z = points.T
    distances = np.stack([part.distance(x, y, z) for part in parts])
    pull = np.exp(-np.maximum(distances - distances.min(axis=0), 0.0) / spread)
    weights = np.zeros((len(points), len(BONES)))
    for part, p in zip(parts, pull, strict=True):
        if isinstance(part, Trunk):
            weights += p[:, None] * _spine_weights(part, frames, body, points)
        else:
            weights[:, BONE_INDEX[part.bone]] += p
    normed: Array = weights / weights.sum(axis=1, keepdims=True)
    return normed


def _pack(weights: Array) -> sparse.csr_matrix:
    """Drop tiny weights and renormalise."""
    kept = np.where(weights > 0.01, weights, 0.0)
    return sparse.csr_matrix(kept / kept.sum(axis=1, keepdims=True))


@dataclass(frozen=True)
class _Piece:
    points: Array
    normals: Array
    colours: Array
    faces: NDArray[np.int64]
    weights: Array


def _torso(body: Body, frames: Frames, voxel: float) -> _Piece:
    parts = anatomy.torso_parts(body, frames)
    points, faces, normals = polygonise(parts, voxel)
    weights = skin_weights(parts, body, frames, points)
    colours = dress.torso(body, frames, points, weights)
    average = adjacency(faces, len(points))
    for _ in range(round(14 * (0.006 / voxel) ** 2)):
        weights = average @ weights
    return _Piece(points, normals, colours, faces, weights)


def _head_piece(
    parts: list[Primitive], body: Body, frames: Frames, voxel: float, paint: Paint
) -> _Piece:
    """Make a piece of the head, or of what hangs from it; paint maps head-frame positions."""
    points, faces, normals = polygonise(parts, voxel)
    colours = paint((points - frames.o("head")) @ frames.r("head"))
    weights = skin_weights(parts, body, frames, points, HAIR_SPREAD)
    return _Piece(points, normals, np.clip(colours, 0.0, 1.0), faces, weights)


def _head(body: Body, frames: Frames, voxel: float) -> list[_Piece]:
    paints = ((anatomy.head_parts, look.face, voxel), (anatomy.hair_parts, look.hair, voxel))
    pieces = (*paints, (anatomy.eye_parts, look.eye, voxel / 3))
    return [
        _head_piece(parts, body, frames, step, partial(paint, body))
        for make, paint, step in pieces
        if (parts := make(body, frames))
    ]


@lru_cache(maxsize=6)
def build(body: Body, voxel: float = 0.006) -> Mesh:
    """Build the body's mesh; voxel is the torso's grid step in metres (the head uses 0.6 of it)."""
    frames = forward(body, bind_pose())
    pieces = [_torso(body, frames, voxel), *_head(body, frames, 0.6 * voxel)]
    starts = np.cumsum([0, *(len(piece.points) for piece in pieces)])
    faces = [piece.faces + start for piece, start in zip(pieces, starts, strict=False)]
    return Mesh(
        points=np.concatenate([piece.points for piece in pieces]),
        normals=np.concatenate([piece.normals for piece in pieces]),
        colours=np.concatenate([piece.colours for piece in pieces]),
        faces=np.concatenate(faces).astype(np.int64),
        weights=_pack(np.concatenate([piece.weights for piece in pieces])),
        bind=frames,
        torso=len(pieces[0].points),
    )


def skin(mesh: Mesh, frames: Frames) -> tuple[Array, Array]:
    """Points and normals (N, 3) of the mesh moved to another pose by linear blending."""
    turn = frames.rotation @ mesh.bind.rotation.transpose(0, 2, 1)
    shift = frames.origin - np.einsum("bij,bj->bi", turn, mesh.bind.origin)
    blended = mesh.weights @ np.concatenate([turn.reshape(-1, 9), shift], axis=1)
    matrix = blended[:, :9].reshape(-1, 3, 3)
    points = np.einsum("nij,nj->ni", matrix, mesh.points) + blended[:, 9:]
    normals = np.einsum("nij,nj->ni", matrix, mesh.normals)
    return points, normals / np.linalg.norm(normals, axis=1, keepdims=True)
