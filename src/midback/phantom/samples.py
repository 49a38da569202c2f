"""Write the sample clips and their truth.

`python -m midback.phantom.samples [--out DIR] [NAME...]`
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from midback.phantom.mesh import build
from midback.phantom.motions import SCRIPTS, Actor, Script, exerciser
from midback.phantom.render import Scene
from midback.phantom.skeleton import forward
from midback.phantom.truth import truth

Image = NDArray[np.uint8]


def pictures(script: Script, extras: Sequence[Actor] = ()) -> Iterator[Image]:
    """BGR frames (H, W, 3) of a script, one per 1 / fps; extras share the room."""
    actors = [exerciser(script), *extras]
    scene = Scene(script.camera, script.stage, [build(actor.body) for actor in actors])
    for index in range(script.frames):
        t = index / script.fps
        yield scene.frame([forward(actor.body, actor.pose(t)) for actor in actors])


def write_video(
    path: Path, frames: Iterable[Image], size: tuple[int, int], fps: int, crf: int = 27
) -> None:
    """Encode BGR frames of (width, height) as H.264, yuv420p.

    One thread, so that equal frames give equal bytes. The file appears only when complete.
    """
    import av

    partial = path.with_suffix(".partial.mp4")
    with av.open(str(partial), "w", options={"movflags": "faststart"}) as container:
        stream: Any = container.add_stream("libx264", rate=fps)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = 1
        stream.options = {"crf": str(crf), "preset": "slow"}
        for picture in frames:
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    partial.replace(path)


def write_truth(path: Path, document: dict[str, Any]) -> None:
    """Write a truth document atomically."""
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(document, separators=(",", ":")) + "\n", encoding="utf-8")
    partial.replace(path)


def write_sample(name: str, out: Path) -> None:
    """Render one named clip and its truth into a folder."""
    script = SCRIPTS[name]()
    write_video(out / f"{name}.mp4", pictures(script), script.camera.size, script.fps, script.crf)
    write_truth(out / f"{name}.truth.json", truth(script))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Render the sample clips with known truth.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(SCRIPTS)}")
    parser.add_argument("--out", type=Path, default=Path("sample_videos"))
    wanted = parser.parse_args()
    unknown = sorted(set(wanted.names) - set(SCRIPTS))
    if unknown:
        parser.error(f"unknown clip {', '.join(unknown)}; known: {', '.join(SCRIPTS)}")
    wanted.out.mkdir(parents=True, exist_ok=True)
    for name in wanted.names or SCRIPTS:
        write_sample(name, wanted.out)
        print(wanted.out / f"{name}.mp4", flush=True)


if __name__ == "__main__":
    main()
