"""Other tools beside midback on the same landmarks and videos. Prints it and writes peers.md.

make bench-peers
"""

from __future__ import annotations

import os
import platform
import tempfile
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from peers import speed, workload

HERE = Path(__file__).parents[1]
SAMPLE = HERE.parent / "sample_videos/bird_dog_fatigue.mp4"


def main() -> None:
    """Run every part in turn."""
    poses, info = workload.estimated(SAMPLE)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        workload.write(folder, workload.repeated(poses), info, "bird_dog")
        parts = [
            "# Other tools beside midback",
            f"`make bench-peers`, {platform.machine()}, {os.cpu_count()} cores, "
            f"Python {platform.python_version()}, seed {workload.SEED}.",
            "## 10,000 frames of 33 landmarks",
            speed.rows(folder, workload.FRAMES),
        ]
    text = "\n\n".join(parts) + "\n"
    print(text)
    (HERE / "peers.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
