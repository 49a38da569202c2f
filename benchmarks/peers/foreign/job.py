"""What every program here does: say where things lie, time one call, write down what came out.

Run as `python -m peers.foreign.NAME FOLDER OUT`: FOLDER holds what workload.write put there, OUT
is where OUT.json and OUT.npz go.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else Path()

Found = tuple[Mapping[str, Any], Mapping[str, Any]]
"""Series by name, (T,) each, and what else the tool says, as JSON."""


def report(analyse: Callable[[], Found], packages: tuple[str, ...]) -> None:
    """Time one call of `analyse` and write it down. Imports came before: they are not in it.

    What the tool prints is dropped. The peak is the process's own high-water mark (Linux).
    """
    with contextlib.redirect_stdout(io.StringIO()):
        begin = time.perf_counter()
        series, said = analyse()
        seconds = time.perf_counter() - begin
    out = Path(sys.argv[2])
    arrays = {name: np.asarray(values, dtype=np.float64) for name, values in series.items()}
    np.savez(out.with_suffix(".npz"), **arrays)  # type: ignore[arg-type]
    found = {
        "seconds": seconds,
        "peak_mb": peak_mb(),
        "versions": {name: version(name) for name in packages},
        "said": dict(said),
    }
    out.with_suffix(".json").write_text(json.dumps(found), encoding="utf-8")


def peak_mb() -> float | None:
    """Most memory that this process ever held; None where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    lines = status.read_text(encoding="ascii").splitlines()
    return float(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
