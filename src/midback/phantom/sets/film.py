"""Pictures of a set, drawn quickly: the floor and its shadow are painted once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from midback.phantom.mesh import build
from midback.phantom.render import Scene
from midback.phantom.samples import write_truth, write_video
from midback.phantom.sets.plan import Onset
from midback.phantom.sets.script import Script, frames_at, script, truth
from midback.phantom.skeleton import Frames

Image = NDArray[np.uint8]

VOXEL = 0.012
_GRAIN = 2.0


class QuickScene(Scene):
    """A scene whose contact shadow stays where the first picture put it: a third of the time."""

    _painted = False

    def frame(self, frames: list[Frames]) -> Image:
        """BGR picture (H, W, 3) of all bodies in the given poses."""
        if not self._painted:
            self._renderer.SetUseFXAA(False)
            self._painted = True
            return super().frame(frames)
        for mesh, data, pose in zip(self.meshes, self._bodies, frames, strict=True):
            points, normals = self._surface(mesh, pose)
            self._set(data.GetPoints().GetData(), points)
            self._set(data.GetPointData().GetNormals(), normals)
            data.GetPoints().Modified()
            data.Modified()
        return self._grab()


def pictures(what: Script) -> Iterator[Image]:
    """BGR pictures (H, W, 3) of a set, one per 1 / fps seconds, the same on every run."""
    scene = QuickScene(what.camera, what.stage, [build(what.body, VOXEL)])
    rng = np.random.default_rng([what.seed, 7])
    for index in range(what.frames):
        picture = scene.frame([frames_at(what, index / what.fps)]).astype(np.float32)
        grain = _GRAIN * rng.standard_normal(picture.shape, dtype=np.float32)
        yield np.clip(np.rint(picture + grain), 0, 255).astype(np.uint8)


def write_set(
    movement: str, out: Path, seed: int = 0, onset: Onset | None = None, failing: int = 0
) -> tuple[Path, Path]:
    """Render one set as MOVEMENT_clean.mp4 or MOVEMENT_ONSET.mp4 and its .truth.json into `out`."""
    what = script(movement, seed, onset, failing)
    name = f"{movement}_{onset or 'clean'}"
    video, told = out / f"{name}.mp4", out / f"{name}.truth.json"
    write_video(video, pictures(what), what.camera.size, what.fps)
    write_truth(told, truth(what))
    return video, told
