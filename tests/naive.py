"""Slow and obvious versions of the fast functions: one frame, one vector, one number at a time.

They share no code with src; a constant of the method (a noise, a lag) is passed in or imported.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import brentq
from scipy.spatial.transform import Rotation

from midback.kinematics.skeleton import (
    ANKLES,
    EARS,
    ELBOWS,
    HIPS,
    KNEES,
    SHOULDERS,
    WRISTS,
    Joint,
)
from midback.kinematics.smoothing import BRIDGE, LAG, RATE
from midback.vision.pose import Array

Pair = tuple[Joint, Joint]


def wrapped(degrees: float) -> float:
    """The same angle in (-180, 180]."""
    while degrees > 180:
        degrees -= 360
    while degrees <= -180:
        degrees += 360
    return degrees


def heading(direction: Array) -> float:
    """Degrees from the picture's right, counter-clockwise."""
    return math.degrees(math.atan2(direction[1], direction[0]))


def turn(a: Array, b: Array) -> float:
    """Degrees by which b is turned from a, counter-clockwise."""
    return wrapped(heading(b) - heading(a))


def middle(xy: Array, pair: Pair) -> Array:
    return np.asarray((xy[pair[0]] + xy[pair[1]]) / 2)


def front(xy: Array) -> float:
    """+1 where the left joints lie to the right of somebody who looks along the trunk."""
    trunk = middle(xy, SHOULDERS) - middle(xy, HIPS)
    to_the_right = np.array([trunk[1], -trunk[0]])
    leftwards = xy[SHOULDERS[0]] - xy[SHOULDERS[1]] + xy[HIPS[0]] - xy[HIPS[1]]
    return -1.0 if to_the_right @ leftwards < 0 else 1.0


def hinge(xy: Array, first: Joint, at: Joint, last: Joint) -> float:
    return abs(turn(xy[at] - xy[first], xy[last] - xy[at]))


def below_line(hips: Array, shoulders: Array, ankles: Array) -> float:
    """Distance of the hips under the line from shoulders to ankles, percent of its length."""
    line = ankles - shoulders
    length = float(np.linalg.norm(line))
    foot = shoulders + ((hips - shoulders) @ line) / length**2 * line
    height_of_line = shoulders[1] + (hips[0] - shoulders[0]) / line[0] * line[1]
    sign = 1.0 if hips[1] < height_of_line else -1.0
    return 100 * sign * float(np.linalg.norm(hips - foot)) / length


def largest(values: list[float]) -> float:
    return math.nan if any(math.isnan(value) for value in values) else max(values)


def landmark_angles(points: Array, dorsal: int, horizontal: bool, start: Array) -> dict[str, float]:
    """Every landmark angle of one (33, 3) body. start: the body at the start, same shape."""
    xy, first = points[:, :2], start[:, :2]
    hips, shoulders = middle(xy, HIPS), middle(xy, SHOULDERS)
    trunk = shoulders - hips
    first_trunk = middle(first, SHOULDERS) - middle(first, HIPS)
    length = float(np.linalg.norm(first_trunk))
    upright = turn(np.array([0.0, 1.0]), trunk)
    inclination = wrapped(-dorsal * upright - 90) if horizontal else -dorsal * upright
    thigh = [-dorsal * turn(-trunk, xy[KNEES[s]] - xy[HIPS[s]]) for s in (0, 1)]
    arm = [abs(turn(-trunk, xy[ELBOWS[s]] - xy[SHOULDERS[s]])) for s in (0, 1)]
    hand = [abs(turn(-trunk, xy[WRISTS[s]] - xy[SHOULDERS[s]])) for s in (0, 1)]
    knees = [hinge(xy, HIPS[s], KNEES[s], ANKLES[s]) for s in (0, 1)]
    elbows = [hinge(xy, SHOULDERS[s], ELBOWS[s], WRISTS[s]) for s in (0, 1)]
    shoulder_line = xy[SHOULDERS[1]] - xy[SHOULDERS[0]]
    hip_line = xy[HIPS[1]] - xy[HIPS[0]]
    first_shoulder_line = first[SHOULDERS[1]] - first[SHOULDERS[0]]
    first_hip_line = first[HIPS[1]] - first[HIPS[0]]
    valgus = [knee_bend(xy[HIPS[s]], xy[KNEES[s]], xy[ANKLES[s]]) for s in (0, 1)]
    neck = middle(xy, EARS) - shoulders
    sag = below_line(hips, shoulders, middle(xy, ANKLES))

    def off_the_trunk(point: Array) -> float:
        """Trunk lengths to the left of the line from hips to shoulders."""
        there = point - shoulders
        return float(trunk[0] * there[1] - trunk[1] * there[0]) / float(trunk @ trunk)

    apart = [float(np.linalg.norm(xy[p[0]] - xy[p[1]])) for p in (KNEES, ANKLES)]
    return {
        "trunk_inclination": inclination,
        "trunk_lift": -inclination,
        "trunk_thigh_left": thigh[0],
        "trunk_thigh_right": thigh[1],
        "arm_elevation_left": arm[0],
        "arm_elevation_right": arm[1],
        "trunk_thigh": (thigh[0] + thigh[1]) / 2,
        "arm_elevation": (hand[0] + hand[1]) / 2,
        "hand_rise": 100 * largest([dorsal * off_the_trunk(xy[WRISTS[s]]) for s in (0, 1)]),
        "leg_lift": largest(
            [-np.sign(trunk[0]) * turn(-trunk, xy[ANKLES[s]] - xy[HIPS[s]]) for s in (0, 1)]
        ),
        "diagonal_lift": largest(hand) + largest(thigh),
        "knee_flexion": (knees[0] + knees[1]) / 2,
        "elbow_flexion": (elbows[0] + elbows[1]) / 2,
        "head": dorsal * turn(trunk, neck),
        "side_bend": front(xy)
        * (0.6 * turn(first_shoulder_line, shoulder_line) + 0.8 * turn(first_trunk, trunk)),
        "lateral_tilt": front(xy) * turn(hip_line, shoulder_line),
        "lateral_lean": front(xy) * upright,
        "shoulder_elevation": -100 * float(neck @ trunk) / float(trunk @ trunk),
        "pelvic_drop": front(xy) * turn(first_hip_line, hip_line),
        "hip_shift": 100 * dorsal * float(hips[0] - middle(first, HIPS)[0]) / length,
        "hip_sway": -100 * front(xy) * float(hips[0] - middle(first, HIPS)[0]) / length,
        "chest_sway": -100 * front(xy) * float(shoulders[0] - middle(first, SHOULDERS)[0]) / length,
        "hip_drop": -100 * float(hips[1] - middle(first, HIPS)[1]) / length,
        "hip_sag": sag,
        "knee_valgus": front(xy) * (valgus[0] - valgus[1]) / 2,
        "knee_separation": 100 * apart[0] / apart[1],
    }


def knee_bend(hip: Array, knee: Array, ankle: Array) -> float:
    """Turn from thigh to shank; NaN where the thigh points at the camera."""
    if np.linalg.norm(knee - hip) <= 0.35 * np.linalg.norm(ankle - knee):
        return math.nan
    return turn(knee - hip, ankle - knee)


def phi_costs(
    shown: float, deep: float, phis: Array, width_noise: float, depth_noise: float
) -> Array:
    """Cost of every phi. shown: of widths. deep, phis, depth_noise: degrees."""
    costs = np.empty(len(phis))
    for i, phi in enumerate(phis):
        picture = (shown - math.cos(math.radians(phi))) / width_noise
        costs[i] = picture**2 + (wrapped(phi - deep) / depth_noise) ** 2
    return costs


def turned(points: Array, world: Array, pair: Pair) -> tuple[float, float]:
    """Visible length and direction of a line, with the trunk rolled upright and laid in the
    picture plane by two rotations."""
    line2 = points[pair[0], :2] - points[pair[1], :2]
    roll = 90 - heading(middle(points, SHOULDERS)[:2] - middle(points, HIPS)[:2])
    shown = Rotation.from_euler("z", roll, degrees=True).apply([*line2, 0.0])[0]
    trunk = middle(world, SHOULDERS) - middle(world, HIPS)
    upright = Rotation.from_euler("z", 90 - heading(trunk), degrees=True)
    tilt = math.degrees(math.atan2(trunk[2], math.hypot(trunk[0], trunk[1])))
    flat = Rotation.from_euler("x", -tilt, degrees=True) * upright
    line = flat.apply(world[pair[0]] - world[pair[1]])
    return float(shown), math.degrees(math.atan2(line[2], line[0]))


def segment_distance(point: Array, a: Array, b: Array) -> float:
    along = b - a
    share = float((point - a) @ along) / float(along @ along)
    return float(np.linalg.norm(point - (a + min(max(share, 0.0), 1.0) * along)))


def arm_overlap(contour: Array, arms: Array, trunk_px: float) -> list[bool]:
    """Of one frame: contour (RAYS, 2), arms (2, 3, 2)."""
    near = []
    for point in contour:
        distances = []
        for shoulder, elbow, wrist in arms:
            upper = shoulder + (elbow - shoulder) / 4
            distances.append(segment_distance(point, upper, elbow))
            distances.append(segment_distance(point, elbow, wrist))
        near.append(any(distance < 0.12 * trunk_px for distance in distances))
    return near


def gap_under_straight_edge(points: Array, side: int, from_arc: float) -> float:
    """The greatest height of any chord above any point beneath it, in units of the points."""
    line = points[-1] - points[0]
    along = (points - points[0]) @ line / np.linalg.norm(line)
    out = side * np.array([line[1], -line[0]]) / np.linalg.norm(line)
    height = (points - points[0]) @ out
    greatest = 0.0
    for i in range(len(points)):
        for j in range(len(points)):
            if along[j] <= along[i]:
                continue
            slope = (height[j] - height[i]) / (along[j] - along[i])
            chord = height[i] + slope * (along - along[i])
            under = (along >= along[i]) & (along <= along[j])
            under &= np.linspace(0, 1, len(points)) > from_arc
            greatest = max(greatest, float((chord - height)[under].max(initial=0.0)))
    return greatest


def view_yaw(points: Array, share: float) -> float:
    """The turn of a body whose two lines together are `share` of its trunk long, by bisection."""
    xy = points[:, :2]
    tx, ty = np.abs(middle(xy, SHOULDERS) - middle(xy, HIPS))
    seen = sum(abs(xy[pair[0], 0] - xy[pair[1], 0]) for pair in (SHOULDERS, HIPS))

    def too_wide(yaw: float) -> float:
        trunk = math.hypot(tx / math.sin(math.radians(yaw)), ty)
        return float(share * trunk * math.cos(math.radians(yaw)) - seen)

    least, most = 1e-9, 90 - 1e-9
    if too_wide(least) <= 0:
        return 0.0
    return 90.0 if too_wide(most) >= 0 else float(brentq(too_wide, least, most, xtol=1e-12))


def hampel(values: list[float], floor: float) -> list[float]:
    """Of one channel without gaps; the last three stay inside the window."""
    padded, out = [values[0]] * 3 + values, []
    for i in range(len(values) - 3):
        window = padded[i : i + 7]
        median = sorted(window)[3]
        spread = 1.4826 * sorted(abs(value - median) for value in window)[3]
        stands_out = abs(window[3] - median) > 4 * spread + floor
        out.append(median if stands_out else window[3])
    return out


def fixed_lag_smoother(values: Array, cutoff: float) -> Array:
    """One channel: a Kalman filter forwards, then Rauch-Tung-Striebel back from LAG rows ahead.
    NaN in gaps longer than BRIDGE and in one that lasts to the end."""
    dt = 1 / RATE
    ahead = np.array([[1, dt], [0, 1]])
    noise = dt * (2 * math.pi * cutoff) ** 4 * np.array([[dt**3 / 3, dt**2 / 2], [dt**2 / 2, dt]])
    first_seen = bool(np.isfinite(values[0]))
    states = [np.array([values[0] if first_seen else 0.0, 0.0])]
    covs = [np.diag([1.0 if first_seen else 1e6, 1e6])]
    predictions, predicted_covs = [states[0]], [covs[0]]
    gap = 0 if first_seen else 1
    for value in values[1:]:
        state, cov = ahead @ states[-1], ahead @ covs[-1] @ ahead.T + noise
        predictions.append(state)
        predicted_covs.append(cov)
        if np.isfinite(value):
            if gap > 3 * BRIDGE:  # start anew
                state, cov = np.array([value, 0.0]), np.diag([1.0, 1e6])
            else:
                gain = cov[:, 0] / (cov[0, 0] + 1.0)
                state = state + gain * (value - state[0])
                cov = cov - np.outer(gain, cov[0])
        gap = 0 if np.isfinite(value) else gap + 1
        states.append(state)
        covs.append(cov)
    out = np.empty(len(values))
    for row in range(len(values)):
        last = min(row + LAG, len(values) - 1)
        smoothed = states[last]
        for k in range(last - 1, row - 1, -1):
            back = covs[k] @ ahead.T @ np.linalg.inv(predicted_covs[k + 1])
            smoothed = states[k] + back @ (smoothed - predictions[k + 1])
        out[row] = smoothed[0]
    for row in range(len(values)):
        begin = end = row
        while begin >= 0 and np.isnan(values[begin]):
            begin -= 1
        while end < len(values) and np.isnan(values[end]):
            end += 1
        if np.isnan(values[row]) and (end == len(values) or end - begin - 1 > BRIDGE):
            out[row] = np.nan
    return out
