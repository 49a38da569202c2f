"""Pose2Sim on a .trc: `Pose2Sim.kinematics`, which scales an OpenSim model and solves for it.

Its simple model, which its documentation calls more than ten times as fast. `ROWS` of the .trc
(argv[3]): all of them would take too long.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from Pose2Sim import Pose2Sim
from Pose2Sim.kinematics import kinematics_all as _heavy  # noqa: F401  # imported late otherwise

from peers.foreign.job import FOLDER, report
from peers.foreign.tables import read_mot


def _config(project: str) -> dict[str, Any]:
    return {
        "project": {
            "project_dir": project, "multi_person": False, "participant_height": "auto",
            "participant_mass": 70.0, "frame_rate": "auto", "frame_range": "all",
        },
        "pose": {"pose_model": "BLAZEPOSE"},
        "kinematics": {"use_augmentation": False, "use_simple_model": True},
        "logging": {"use_custom_logging": True},
    }  # fmt: skip


def _cut(rows: int, to: Path) -> None:
    """The first rows of the .trc, with their number in the header."""
    lines = (FOLDER / "metres.trc").read_text(encoding="utf-8").splitlines()
    head = lines[2].split("\t")
    rows = min(rows, len(lines) - 5)
    head[2] = head[7] = str(rows)
    lines[2] = "\t".join(head)
    to.write_text("\n".join(lines[: 5 + rows]) + "\n", encoding="utf-8")


def main() -> None:
    """Angles of every frame, from the .mot that it writes."""
    with tempfile.TemporaryDirectory() as place:
        project = Path(place)
        (project / "pose-3d").mkdir()
        (project / "Config.toml").touch()
        _cut(int(sys.argv[3]), project / "pose-3d" / "landmarks.trc")
        os.chdir(project)
        report(
            lambda: Pose2Sim.kinematics(_config(place)),
            lambda _: (read_mot(next(project.rglob("*.mot"))), {}),
            ("pose2sim", "opensim"),
        )


if __name__ == "__main__":
    main()
