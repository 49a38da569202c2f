"""Does the size of the picture that the network is given matter, where the person is near?

    PYTHONPATH=benchmarks python -m accuracy.sizes

The held-out bodies seen side-on, the same pictures to one network for each size. A size that hardly
differs shows what is chance: the network's answer to other pixels. The last one is the estimator as
it is, which chooses 416 for all of these clips after their first picture.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import numpy as np

os.environ.setdefault("LP_NUM_THREADS", "1")  # one rendering thread per process

from accuracy.cases import side_on
from accuracy.clips import CACHE, Clip, _version
from accuracy.reps import Rep
from accuracy.sections import sagittal
from midback.phantom.body import HELD_OUT
from midback.phantom.cases import Case
from midback.phantom.study import pictures, truth
from midback.vision.estimator import LONG_SIDE, PoseEstimator
from midback.vision.frames import Frame
from midback.vision.weights import model_path

SIDES = (LONG_SIDE, 624, 512, 480)
SIZES = (*SIDES, "as shipped: 416")
_KEPT = CACHE / "sizes"


class _Fixed(PoseEstimator):
    """Always gives pictures of one size."""

    def __init__(self, model: Path, side: int) -> None:
        super().__init__(model, silhouette=True)
        self._long_side = side

    def _resize(self, long_side: int, *, chosen: bool) -> None:
        """Stay."""


def seen(case: Case) -> list[Clip]:
    """The case as the network saw it at each of SIZES; from the disk where it was seen before."""
    name = hashlib.sha256((repr(case) + repr(case.who) + _version()).encode()).hexdigest()[:16]
    kept = _KEPT / f"{case.name}-{name}"
    if kept.exists():
        found: list[Clip] = pickle.loads(kept.read_bytes())
        return found
    model = model_path(None, print)
    with ExitStack() as stack:
        networks = [_Fixed(model, side) for side in SIDES] + [PoseEstimator(model, silhouette=True)]
        for network in networks:
            stack.enter_context(network)
        frames = (Frame(i / case.fps, picture) for i, picture in enumerate(pictures(case)))
        poses = list(zip(*([net.estimate(f) for net in networks] for f in frames), strict=True))
    clips = [Clip(case, truth(case), list(part)) for part in poses]
    partial = kept.with_suffix(f".{os.getpid()}")
    partial.write_bytes(pickle.dumps(clips))
    partial.replace(kept)
    return clips


def table(clips: list[list[Clip]]) -> list[str]:
    """Errors by size, and on the repetitions that also the first size gives a number for."""
    sizes = [sagittal(of_size) for of_size in zip(*clips, strict=True)]
    lines = [
        "| picture | what | with a number | RMSE, ° | in common with the first | RMSE there, ° | "
        "the first there, ° | differs from the first by, mean, ° |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for what in ("extension", "arch"):
        first = _errors(getattr(sizes[0], what))
        for side, size in zip(SIZES, sizes, strict=True):
            own = _errors(getattr(size, what))
            common = np.isfinite(own) & np.isfinite(first)
            cells = [
                f"{np.isfinite(own).sum()} of {len(own)}",
                _rmse(own[np.isfinite(own)]),
                str(common.sum()),
                _rmse(own[common]),
                _rmse(first[common]),
                f"{np.abs(own - first)[common].mean():.2f}",
            ]
            lines.append(f"| {side} | {what} | {' | '.join(cells)} |")
    return lines


def _errors(reps: list[Rep]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([rep.error if rep.shown else np.nan for rep in reps])


def _rmse(errors: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    return f"{np.sqrt((errors**2).mean()):.2f}"


def main() -> None:
    """Print the table."""
    _KEPT.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(max_workers=2) as pool:
        print("\n".join(table(list(pool.map(seen, side_on(HELD_OUT, 5000))))))


if __name__ == "__main__":
    main()
