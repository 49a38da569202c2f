"""Time and memory of every tool on the same 10,000 frames of landmarks."""

from __future__ import annotations

from pathlib import Path

from peers import environments, fresh
from peers.fresh import Failure, Run
from peers.tools import ON_LANDMARKS, Tool

LIMIT_S = 300.0
Runs = list[Run] | Failure


def measure(tool: Tool, folder: Path, limit_s: float = LIMIT_S) -> Runs:
    """Run the tool as often as it says; the first failure ends it."""
    if tool.environment is not None:
        trouble = environments.ready(tool.environment)
        if trouble is not None:
            return Failure(f"does not install: {trouble}")
    runs: list[Run] = []
    for _ in range(tool.runs):
        one = fresh.run(tool.python, tool.program[0], [str(folder), *tool.program[1:]], limit_s)
        if isinstance(one, Failure):
            return one
        runs.append(one)
    return runs


def rows(folder: Path, frames: int) -> str:
    """The table."""
    lines = [
        "| tool | call | seconds, best (worst) | frames a second | whole command s | peak MB |",
        "|---|---|---|---|---|---|",
    ]
    for tool in ON_LANDMARKS:
        found = measure(tool, folder)
        print(f"{tool.name}: {found if isinstance(found, Failure) else 'done'}", flush=True)
        lines.append(row(tool, found, frames))
    return "\n".join(lines)


def row(tool: Tool, found: Runs, frames: int) -> str:
    """One line of it."""
    if isinstance(found, Failure):
        return f"| {tool.name} | {tool.call} | {found.why} | | | |"
    seconds = sorted(one.seconds for one in found)
    peak = max((one.peak_mb or 0.0) for one in found)
    command = min(one.command_s for one in found)
    return (
        f"| {tool.name} | {tool.call} | {seconds[0]:.2f} ({seconds[-1]:.2f}) | "
        f"{frames * tool.share / seconds[0]:,.0f} | {command:.1f} | {peak:.0f} |"
    )
