"""Time and memory of every tool, each run in a fresh process, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from peers import environments, fresh
from peers.fresh import Failure, Run
from peers.tools import Tool

LIMIT_S = 900.0
Runs = list[Run] | Failure
HEAD = (
    "| tool | called | seconds, best (worst) | CPU s | frames a second | whole command, s | "
    "peak, MB |\n"
    "|---|---|---|---|---|---|---|"
)


def measure(tool: Tool, source: Path, words: Sequence[str] = ()) -> Runs:
    """Run the tool on `source` as often as it says; the first failure ends it."""
    if tool.environment is not None:
        trouble = environments.ready(tool.environment)
        if trouble is not None:
            return Failure(f"does not install: {trouble}")
    runs: list[Run] = []
    for _ in range(tool.runs):
        given = [str(source), *tool.program[1:], *words]
        one = fresh.run(tool.python, tool.program[0], given, LIMIT_S)
        print(f"{tool.name}: {one.why if isinstance(one, Failure) else one.seconds}", flush=True)
        if isinstance(one, Failure):
            return one
        runs.append(one)
    return runs


def table(measured: dict[Tool, Runs], frames: int) -> str:
    """A line per tool."""
    return "\n".join([HEAD, *(row(tool, runs, frames) for tool, runs in measured.items())])


def row(tool: Tool, runs: Runs, frames: int) -> str:
    """What one tool took, or how it failed."""
    if isinstance(runs, Failure):
        return f"| {tool.name} | {tool.call} | did not run: {runs.why} | | | | |"
    seconds = sorted(one.seconds for one in runs)
    shown = f"{_digits(seconds[0])} ({_digits(seconds[-1])})"
    command = min(one.command_s for one in runs)
    peak = max((one.peak_mb or 0.0) for one in runs)
    rate = frames * tool.share / seconds[0]
    cpu = min(one.cpu_s for one in runs)
    cells = [tool.name, tool.call, shown, _digits(cpu), _short(rate), _digits(command)]
    cells.append(f"{peak:.0f}")
    return f"| {' | '.join(cells)} |"


def versions(measured: dict[Tool, Runs]) -> str:
    """What was installed, as each process found it."""
    found: set[tuple[str, str]] = set()
    for runs in measured.values():
        if not isinstance(runs, Failure):
            found |= set(runs[0].versions.items())
    return ", ".join(f"{name} {number}" for name, number in sorted(found))


def ratio(slow: Runs, quick: Runs) -> str:
    """How many times as fast, best against best; and the same of CPU time."""
    if isinstance(slow, Failure) or isinstance(quick, Failure):
        return "an unknown number of"
    cpu = min(one.cpu_s for one in slow) / min(one.cpu_s for one in quick)
    wall = min(one.seconds for one in slow) / min(one.seconds for one in quick)
    return f"{_digits(wall)} (in CPU time {_digits(cpu)})"


def _digits(value: float) -> str:
    """At least two digits that count."""
    return f"{value:.0f}" if value >= 10 else f"{value:.2g}"


def _short(rate: float) -> str:
    return f"{float(f'{rate:.2g}'):,.0f}"
