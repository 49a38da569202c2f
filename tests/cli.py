"""Run the real command in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-m", "midback"]


def midback(
    *words: str | Path, timeout: float = 120.0, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, words)],
        capture_output=True,
        text=True,
        timeout=timeout,
        env={**os.environ, "COLUMNS": "110", "NO_COLOR": "1", **environment},
        check=False,
    )


def unread(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """The command with a standard output that nobody reads, as in `midback ... | true`."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        return subprocess.run(
            [*COMMAND, *map(str, words)],
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(writer)


def refusal(*words: str | Path, timeout: float = 60.0, **environment: str) -> str:
    """The one line of a command that refuses; asserts that it is one, and nothing else."""
    done = midback(*words, timeout=timeout, **environment)
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("midback: ")
    assert "Traceback" not in lines[0]
    return lines[0].removeprefix("midback: ")


@contextmanager
def small_disk(folder: Path, options: str) -> Iterator[Path]:
    """A file system of its own at `folder`; skips where mounting is not allowed."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root may mount a tiny disk")
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine does not let root mount a tiny disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def unreadable(path: Path) -> Iterator[None]:
    """Take away the right to read `path`; root, who may read everything, becomes nobody."""
    if not hasattr(os, "geteuid"):
        pytest.skip("this system has no such rights")
    was = os.geteuid()
    path.chmod(0)
    if was == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(was)
        path.chmod(0o600)
