"""An environment of its own for every tool, outside the repository, made once and used again."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

INSTALL_LIMIT_S = 1_200.0


@dataclass(frozen=True)
class Environment:
    """What is installed together. packages: exact, so that the figures can be had again."""

    name: str
    packages: tuple[str, ...]

    @property
    def folder(self) -> Path:
        return home() / self.name

    @property
    def python(self) -> Path:
        return self.folder / ("Scripts" if os.name == "nt" else "bin") / "python"


SPORTS2D = Environment("sports2d", ("sports2d==0.8.34", "pose2sim==0.10.49"))
MYOGAIT = Environment("myogait", ("myogait==0.9.2", "mediapipe==0.10.31"))
KINETICS_TOOLKIT = Environment("kineticstoolkit", ("kineticstoolkit==0.17.0",))
MOVEMENT = Environment("movement", ("movement==0.15.0",))
UPOSE = Environment("upose", ("upose==0.1.0", "mediapipe==0.10.21", "scipy"))
MEDIAPIPE = Environment("mediapipe", ("mediapipe==0.10.31", "opencv-python<5"))


def home() -> Path:
    """Where the environments lie: MIDBACK_PEERS, or the user's cache."""
    named = os.environ.get("MIDBACK_PEERS")
    return Path(named) if named else user_cache_path("midback") / "peers"


def ready(environment: Environment) -> str | None:
    """Make the environment where it is not there yet; return what went wrong, or None."""
    stamp = environment.folder / "installed.txt"
    wanted = "\n".join(environment.packages)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return None
    print(f"installing {', '.join(environment.packages)} into {environment.folder}", flush=True)
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(environment.folder)],
        [str(environment.python), "-m", "pip", "install", "--quiet", *environment.packages],
    ):
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=INSTALL_LIMIT_S, check=False
            )
        except subprocess.TimeoutExpired:
            return f"not installed after {INSTALL_LIMIT_S:.0f} s"
        if done.returncode:
            return (done.stderr.strip().splitlines() or ["pip failed without a word"])[-1]
    stamp.write_text(wanted, encoding="utf-8")
    return None
