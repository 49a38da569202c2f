"""Other tools beside midback on the same landmarks and videos. Prints it and writes peers.md.

    make bench-peers

Makes an environment for each tool, once, below MIDBACK_PEERS or the user's cache (6 GB). With
them there it takes about ten minutes; nothing else should run.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from peers import clips, speed, tools, videos, words, workload
from peers.speed import Runs
from peers.tools import Tool

HERE = Path(__file__).parents[1]
SAMPLE = clips.SAMPLES / "bird_dog_fatigue.mp4"


def main() -> None:
    """Run every part in turn: they measure time."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=HERE.parents[1] / "shared/data")
    data: Path = parser.parse_args().data
    parts = [
        "# Other tools beside midback",
        f"`make bench-peers`, {platform.machine()}, {os.cpu_count()} cores{_load()}, "
        f"Python {platform.python_version()}.",
        "## What each can say",
        words.SAYS,
        "## 10,000 frames of 33 landmarks",
        words.LANDMARKS.format(seed=f"seed {workload.SEED}"),
        landmarks(),
        words.INSTALLING,
        "## On all fours, and standing",
        words.WRONG,
    ]
    _write(parts)
    for clip in clips.clips(data):
        with tempfile.TemporaryDirectory() as place:
            parts += [f"### {clip.title}", clips.section(clip, Path(place))]
        _write(parts)
    parts += ["## From the video", words.VIDEOS.format(frames=videos.FRAMES), videos.table(SAMPLE)]
    print(_write(parts))


def _load() -> str:
    """What the machine did besides at the beginning."""
    if not hasattr(os, "getloadavg"):
        return ""
    return f" with a load of {os.getloadavg()[0]:.1f} before the run"


def _write(parts: list[str]) -> str:
    """Put down what is there by now; ten minutes are too long to lose."""
    text = "\n\n".join(parts) + "\n"
    (HERE / "peers.md").write_text(text, encoding="utf-8")
    return text


def landmarks() -> str:
    """Everything on the same 10,000 frames."""
    poses, info = workload.estimated(SAMPLE)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        workload.write(folder, workload.repeated(poses), info, "bird_dog")
        whole = {tool: speed.measure(tool, folder) for tool in tools.WHOLE}
        angles = {tool: speed.measure(tool, folder) for tool in tools.ANGLES}
    return "\n\n".join(
        [
            verdict(whole),
            speed.table(whole, workload.FRAMES),
            "Angles alone, since that is all that the others give: no filter, no repetitions. "
            f"midback is {speed.ratio(angles[tools.SPORTS2D_ANGLES], angles[tools.MIDBACK_ANGLES])}"
            " times as fast as Sports2D; the last two filter as well.",
            speed.table(angles, workload.FRAMES),
            f"Installed: {speed.versions(whole | angles)}.",
        ]
    )


def verdict(whole: dict[Tool, Runs]) -> str:
    """The ratio that was asked for, and the one without Sports2D's slowest step."""
    ratio = speed.ratio(whole[tools.SPORTS2D], whole[tools.MIDBACK_TRC])
    plain = speed.ratio(whole[tools.SPORTS2D_PLAIN], whole[tools.MIDBACK_TRC])
    return (
        "**midback's whole analysis (angles, filter, repetitions, features, stop, score) of the "
        f".trc is {ratio} times as fast as Sports2D's angles of the same .trc** (asked: 200); "
        f"{plain} times where Sports2D does without its rejection of outliers."
    )


if __name__ == "__main__":
    main()
