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
from typing import Any, TypeVar

import numpy as np

FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else Path()

Raw = TypeVar("Raw")
Found = tuple[Mapping[str, Any], Mapping[str, Any]]
"""Series by name, (T,) each, and what else the tool says, as JSON."""


def report(
    analyse: Callable[[], Raw], tell: Callable[[Raw], Found], packages: tuple[str, ...]
) -> None:
    """Time one call of `analyse` and write down what `tell` makes of its answer.

    Imports came before and `tell` comes after: neither is in the time. What the tool prints is
    dropped.
    """
    with contextlib.redirect_stdout(io.StringIO()):
        begin, begin_cpu = time.perf_counter(), time.process_time()
        raw = analyse()
        seconds, cpu_s = time.perf_counter() - begin, time.process_time() - begin_cpu
    peak = peak_mb()
    series, said = tell(raw)
    out = Path(sys.argv[2])
    arrays = {name: np.asarray(values, dtype=np.float64) for name, values in series.items()}
    np.savez(out.with_suffix(".npz"), **arrays)  # type: ignore[arg-type]
    versions = {name: version(name) for name in packages}
    found: dict[str, Any] = {"seconds": seconds, "cpu_s": cpu_s, "peak_mb": peak}
    found |= {"versions": versions, "said": dict(said)}
    out.with_suffix(".json").write_text(json.dumps(found), encoding="utf-8")


def peak_mb() -> float | None:
    """Most memory that this process ever held; None where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    lines = status.read_text(encoding="ascii").splitlines()
    return float(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
