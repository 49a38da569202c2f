"""The same frames of a video through everything that can read one."""

from __future__ import annotations

from pathlib import Path

from midback.vision.weights import model_path
from peers import speed
from peers.tools import MIDBACK_VIDEO, VIDEO

FRAMES = 600
RATE = 30


def table(video: Path) -> str:
    """Time and memory on the first frames of `video`, a bird dog."""
    weights = str(model_path(None, print))
    given = [weights, str(FRAMES)]
    measured = {
        tool: speed.measure(
            tool, video, [*given, "bird_dog", str(RATE)] if tool is MIDBACK_VIDEO else given
        )
        for tool in VIDEO
    }
    return speed.table(measured, FRAMES) + f"\n\nInstalled: {speed.versions(measured)}."
