"""Sports2D on a .trc: `Sports2D.process` with `load_trc_px`, as its own tests call it.

It wants a video beside the .trc and decodes a frame of it for every row; blank.mp4 is small and
empty, in its favour. Everything that draws, saves pictures or converts to metres is off. All else
is its default. argv[3]: `plain` leaves out the rejection of outliers, where most of the time goes;
`told` tells it which side of the body is seen, instead of its `auto`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import Sports2D.process  # noqa: F401  # heavy, and otherwise imported by the call itself
from Sports2D import Sports2D as Program

from peers.foreign.job import FOLDER, report
from peers.foreign.tables import read_mot


def _config(out: str) -> dict[str, Any]:
    return {
        "base": {
            "video_input": ["blank.mp4"],
            "video_dir": str(FOLDER),
            "result_dir": out,
            "load_trc_px": str(FOLDER / "landmarks_px.trc"),
            "nb_persons_to_detect": 1,
            "person_ordering_method": "highest_likelihood",
            "show_realtime_results": False,
            "save_vid": False,
            "save_img": False,
            "visible_side": (FOLDER / "side.txt").read_text() if "told" in sys.argv else "auto",
        },
        "px_to_meters_conversion": {"to_meters": False, "make_c3d": False, "save_calib": False},
        "post-processing": {
            "show_graphs": False,
            "save_graphs": False,
            "reject_outliers": "plain" not in sys.argv,
        },
    }


def main() -> None:
    """Angles of every frame, from the .mot that it writes."""
    with tempfile.TemporaryDirectory() as out:
        report(
            lambda: Program.process(_config(out)),
            lambda _: (read_mot(next(Path(out).rglob("*.mot"))), {}),
            ("sports2d", "pose2sim"),
        )


if __name__ == "__main__":
    main()
