"""One program in a fresh process: how long, how much memory, what it said, or how it failed."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

BENCHMARKS = Path(__file__).parents[1]
ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_LAST_WORDS = 200


@dataclass(frozen=True)
class Run:
    """seconds, cpu_s: the analysis alone. command_s: the whole process with start and imports."""

    seconds: float
    cpu_s: float
    command_s: float
    peak_mb: float | None
    versions: dict[str, str]
    said: dict[str, Any]
    series: dict[str, NDArray[np.float64]] = field(repr=False)


@dataclass(frozen=True)
class Failure:
    """why: its last words, or that it was ended."""

    why: str


def run(python: str, module: str, words: Sequence[str], limit_s: float) -> Run | Failure:
    """Run `python -m module FOLDER OUT ...`; the first word is FOLDER, OUT is put behind it."""
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "out"
        command = [python, "-m", module, words[0], str(out), *words[1:]]
        paths = [str(BENCHMARKS), *filter(None, [os.environ.get("PYTHONPATH")])]
        if module.startswith("peers.foreign."):
            paths = paths[:1]  # nothing of ours in front of their packages
        environment = os.environ | ONE_CORE | {"PYTHONPATH": os.pathsep.join(paths)}
        environment["MPLBACKEND"], environment["QT_QPA_PLATFORM"] = "Agg", "offscreen"
        begin = time.perf_counter()
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, errors="replace", timeout=limit_s,
                check=False, cwd=place, env=environment,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return Failure(f"ended after {limit_s:.0f} s without an answer")
        command_s = time.perf_counter() - begin
        if done.returncode:
            return Failure((done.stderr.strip().splitlines() or ["no words"])[-1][-_LAST_WORDS:])
        found = json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))
        with np.load(out.with_suffix(".npz")) as arrays:
            series = {name: arrays[name] for name in arrays.files}
    return Run(command_s=command_s, series=series, **found)
