"""Learn how the contour bends, from the developing bodies only.

    PYTHONPATH=benchmarks python -m accuracy.learn

Writes src/midback/kinematics/spine_modes.json and prints how the readings do on each developing
body when it was left out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accuracy.cases import side_on, varied
from accuracy.clips import Clip, clips
from midback.kinematics.channels import Block, spine_trunk
from midback.kinematics.contour import back, headings
from midback.phantom.body import DEVELOPING
from midback.phantom.cases import Case
from midback.phantom.varied import VARIED
from midback.vision.pose import Array

TARGET = Path(__file__).parents[2] / "src/midback/kinematics/spine_modes.json"
SEED, VARIED_SEED = 1000, 20_000
TEACHERS = (*DEVELOPING, *VARIED)
PIECES = {"thoracic_extension": slice(0, 42), "lumbar_arch": slice(22, 42)}
"""Parts of the back that are read, from C7 on and not the buttocks."""

RIDGE = 0.4  # degrees; what even a perfect mask adds to every direction


@dataclass(frozen=True)
class Sample:
    """One clip: change of direction along the back, and what truly bent, picture by picture."""

    body: str
    heading: Array
    truth: Array


def sample(clip: Clip) -> Sample:
    """Directions of the back in ten pictures of a clip, with those of its still start taken off."""
    case, true = clip.case, clip.truth
    chosen = _pictures(case, len(clip.poses))
    side = 1 if np.cos(np.radians(case.heading)) > 0 else -1
    row = 0 if side == 1 else 1
    found = []
    for pose in (clip.poses[i] for i in chosen):
        assert pose.silhouette is not None
        rays = pose.silhouette[row : row + 1].astype(np.float64)
        one = Block.of([pose])
        curve, _ = back(spine_trunk(one.points, one.visibility), rays, side)
        found.append(headings(curve, side)[0])
    still = true.t[chosen] < case.neutral_s
    change = np.array(found) - np.nanmedian(np.array(found)[still], axis=0)
    bent = np.stack([true.thoracic_extension, true.lumbar_arch], axis=1)[chosen]
    bent -= np.median(bent[still], axis=0)
    good = np.isfinite(change).all(axis=1)
    return Sample(case.body, change[good], bent[good])


def _pictures(case: Case, count: int) -> NDArray[np.intp]:
    """Numbers of four pictures of the still start and of three at the top of each repetition."""
    moments = [*np.linspace(0.45, case.neutral_s - 0.3, 4)]
    for _, top, end, _ in case.times:
        moments += [*np.linspace(top, end, 3)]
    return np.minimum(np.round(np.array(moments) * case.fps).astype(np.intp), count - 1)


def weights(samples: list[Sample], name: str) -> Array:
    """(M,) reading of one movement by generalised least squares, see spine_modes."""
    heading = np.concatenate([s.heading for s in samples])[:, PIECES[name]]
    truth = np.concatenate([s.truth for s in samples])
    heading = heading - heading.mean(axis=1, keepdims=True)
    modes = np.linalg.lstsq(truth, heading, rcond=None)[0]
    noise = np.cov((heading - truth @ modes).T) + RIDGE**2 * np.eye(heading.shape[1])
    seen = np.stack([*modes, np.ones(heading.shape[1])], axis=1)  # a turn of the body is no bend
    information = np.linalg.solve(noise, seen)
    reading = np.linalg.solve(seen.T @ information, information.T)
    return np.asarray(reading[list(PIECES).index(name)])


def report(samples: list[Sample]) -> str:
    """Gain and error per developing body when it was left out."""
    lines = ["| left out | movement | gain | rms deg |", "|---|---|---|---|"]
    for body in TEACHERS:
        others = [s for s in samples if s.body != body]
        mine = [s for s in samples if s.body == body]
        truth = np.concatenate([s.truth for s in mine])
        for k, (name, part) in enumerate(PIECES.items()):
            found = np.concatenate([s.heading for s in mine])[:, part] @ weights(others, name)
            gain = np.linalg.lstsq(truth, found, rcond=None)[0][k]
            rms = np.sqrt(((found - truth[:, k]) ** 2).mean())
            lines.append(f"| {body} | {name} | {gain:.2f} | {rms:.1f} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table and write the weights."""
    cases = side_on(DEVELOPING, SEED) + varied(TEACHERS[len(DEVELOPING) :], VARIED_SEED)
    samples = [sample(clip) for clip in clips(cases) if not clip.case.loose]
    print(report(samples))
    write(samples)


def write(samples: list[Sample]) -> None:
    """Write the weights where midback reads them."""
    document: dict[str, object] = {"learned_from": [*TEACHERS], "clips": len(samples)}
    for name, part in PIECES.items():
        reading = [round(float(w), 5) for w in weights(samples, name)]
        document[name] = {"first": part.start, "weights": reading}
    TARGET.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
