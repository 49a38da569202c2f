"""Landmarks that cannot be right: limbs that change their length, left and right exchanged."""

from __future__ import annotations

from math import isnan

import numpy as np
from numpy.typing import NDArray

from midback.kinematics.skeleton import (
    ANKLES,
    ELBOWS,
    HIPS,
    KNEES,
    MIRRORED,
    SHOULDERS,
    WRISTS,
)
from midback.vision.pose import Array, Floats

LENGTH_CHANGE = 0.30
"""Share by which a limb may seem longer or shorter than its own median. Science A5 says .15; on
real bird dogs that would refuse 15-44 % of good frames, since 3D lengths shrink with depth."""

_PAIRS = (SHOULDERS, ELBOWS, WRISTS, HIPS, KNEES, ANKLES)
_LEFT, _RIGHT = ([pair[side] for pair in _PAIRS] for side in (0, 1))
_LIMBS = tuple(
    (parent[side], end[side])
    for parent, end in ((SHOULDERS, ELBOWS), (ELBOWS, WRISTS), (HIPS, KNEES), (KNEES, ANKLES))
    for side in (0, 1)
)
_NEAR, _FAR = (list(ends) for ends in zip(*_LIMBS, strict=True))
_SHOULDER, _HIP = _PAIRS.index(SHOULDERS), _PAIRS.index(HIPS)
_SETTLED_ROWS = 30
_LONGEST_MEMORY = 300  # rows
_STEPS: Array = 0.5 / np.clip(np.arange(_LONGEST_MEMORY + 1) + 1, 10, _LONGEST_MEMORY)
_APART = 0.15  # trunk lengths; closer pairs cannot be told apart
_MOST_PAIRS = 4
_MEMORY_S = 0.25
_MOST_SWAPPED_S = 0.5


class BoneWatch:
    """Tells which joints hang on a limb whose 3D length is not its own."""

    def __init__(self) -> None:
        self._length = [np.nan] * len(_LIMBS)
        self._seen = np.zeros(len(_LIMBS), dtype=np.intp)

    def update(self, world: Array) -> NDArray[np.bool_]:
        """Take (N, 33, 3) world landmarks, metres; return (N, 33) True for the far joint of such
        a limb.

        A limb's own length is a running median; for its first second nothing is told.
        """
        limb = world[:, _FAR] - world[:, _NEAR]
        lengths = np.sqrt(limb[..., 0] ** 2 + limb[..., 1] ** 2 + limb[..., 2] ** 2)
        known = (lengths > 0) & (lengths < np.inf)
        counts = np.concatenate([self._seen[None], self._seen + np.cumsum(known, axis=0)])
        counts = np.minimum(counts, _LONGEST_MEMORY)
        seen, self._seen = counts[:-1], counts[-1]
        steps, usable = _STEPS[seen].T, np.where(known, lengths, np.nan).T
        own = np.empty_like(lengths)
        for i in range(len(_LIMBS)):
            own[:, i] = self._follow(i, usable[i].tolist(), steps[i])
        unsteady = np.zeros(world.shape[:2], dtype=np.bool_)
        with np.errstate(invalid="ignore", divide="ignore"):
            wrong = np.abs(lengths / own - 1) > LENGTH_CHANGE
        unsteady[:, _FAR] = wrong & (seen >= _SETTLED_ROWS)
        return unsteady

    def _follow(self, limb: int, lengths: list[float], steps: Array) -> list[float]:
        """The running median before each row; steps: by which share each may move it."""
        own, medians = self._length[limb], list[float]()
        ways = zip(lengths, (1.0 + steps).tolist(), (1.0 - steps).tolist(), strict=True)
        for length, grow, shrink in ways:
            medians.append(own)
            if length > own:
                own *= grow
            elif length < own:
                own *= shrink
            elif isnan(own):  # not known yet
                own = length
        self._length[limb] = own
        return medians


class SwapWatch:
    """Puts left and right back where the network exchanges them between two frames.

    Each frame is predicted from the two before. Where at least four of six pairs of joints fit
    their prediction better with left and right exchanged, with less than half the squared error,
    the whole body is exchanged back. After half a second the network is believed: then it was
    wrong before.
    """

    def __init__(self) -> None:
        self._since: float | None = None
        self._t: list[float] = []  # of the last two frames, and their points
        self._points = np.empty((0, 33, 2))

    def update(self, t: Array, points: Floats) -> NDArray[np.bool_]:
        """Take (N,) times and (N, 33, 2) points, somebody in each of them; return (N,) whether to
        exchange left and right.
        """
        swapped = np.zeros(len(t), dtype=np.bool_)
        done = 0
        while done < len(t):
            suspects = np.flatnonzero(self._better_swapped(t[done:], points[done:]))
            steady = int(suspects[0]) if len(suspects) else len(t) - done
            if steady:
                self._since = None
                self._remember(t[done : done + steady], points[done : done + steady])
                done += steady
            else:
                swapped[done] = self._exchange(float(t[done]), points[done])
                done += 1
        return swapped

    def _exchange(self, t: float, points: Array) -> bool:
        """Whether a frame that looks exchanged is put back, which is not for ever."""
        self._since = self._since or t
        swapped = t - self._since <= _MOST_SWAPPED_S
        if not swapped:
            self._since, self._t, self._points = None, [], self._points[:0]
        self._remember(np.array([t]), (points[MIRRORED] if swapped else points)[None])
        return swapped

    def _remember(self, t: Array, points: Floats) -> None:
        self._t = [*self._t, *t[-2:].tolist()][-2:]
        self._points = np.concatenate([self._points, points[-2:]])[-2:]

    def _better_swapped(self, t: Array, points: Floats) -> NDArray[np.bool_]:
        """Which frames fit better exchanged, if none before them was: (N,)."""
        behind = len(self._t)
        times = np.concatenate([self._t, t])
        body = np.concatenate([self._points, points])[:, _LEFT + _RIGHT]
        found = np.zeros(len(times), dtype=np.bool_)
        step = np.diff(times)
        near = (step > 0) & (step < _MEMORY_S)
        speed = (body[1:-1] - body[:-2]) / np.where(near, step, np.nan)[:-1, None, None]
        ahead = body[1:-1] + speed * step[1:, None, None]
        pairs = len(_PAIRS)
        left, right = ahead[:, :pairs], ahead[:, pairs:]
        now_left, now_right = body[2:, :pairs], body[2:, pairs:]
        trunk = (left[:, _SHOULDER] + right[:, _SHOULDER]) / 2 - (
            left[:, _HIP] + right[:, _HIP]
        ) / 2
        apart = np.linalg.norm(left - right, axis=-1)
        same = _squared(now_left - left) + _squared(now_right - right)
        crossed = _squared(now_right - left) + _squared(now_left - right)
        far = apart > _APART * np.linalg.norm(trunk, axis=-1)[:, None]
        better = ((crossed < 0.5 * same) & far).sum(axis=1) >= _MOST_PAIRS
        found[2:] = better & near[:-1] & (step[1:] <= _MEMORY_S)
        return found[behind:]


def _squared(difference: Array) -> Array:
    return difference[..., 0] ** 2 + difference[..., 1] ** 2
