"""The folder of damaged and good recordings."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from batch_case import bird_dogs

from speed.damage import clips, odd, places, poses, videos
from speed.damage.bad import Bad, of_bytes

SEED = 11


@dataclass(frozen=True)
class Folder:
    """root: to be scored. good: the good ones alone. names: theirs, relative to `good`.

    of: which of them is the whole one of a kind, "mp4" or "npz". grows: files that somebody goes on
    writing while the batch runs. aborted: recordings whose worker is killed while it reads them,
    with the signal.
    """

    root: Path
    good: Path
    names: tuple[str, ...]
    of: Mapping[str, str]
    bad: tuple[Bad, ...]
    seed: int
    grows: tuple[Path, ...]
    aborted: Mapping[Path, str]


def make(place: Path, seed: int = SEED) -> Folder:
    """Make the folder `bird_dog` in `place`; its name says what is done in the recordings."""
    root = place / "bird_dog"
    good = root / "good"
    good.mkdir(parents=True)
    names, of = _good(good)
    whole = {kind: (good / of[kind]).read_bytes() for kind in clips.KINDS}
    saved = (good / of["npz"]).read_bytes()
    grows = (root / "endless/grows.ts", root / "endless/grows.mp4")
    aborted = {root / "abort/abort.mp4": "SIGABRT", root / "abort/segfault.mp4": "SIGSEGV"}
    long = (good / "three.mp4").read_bytes()
    bad = [
        *videos.flipped(whole, seed),
        *videos.cut(whole),
        *videos.absurd(whole),
        *videos.noise(seed),
        *odd.sizes(),
        *odd.times(),
        *odd.metadata(whole),
        *odd.renamed(whole),
        *poses.poses(saved, seed),
        *places.names(whole),
        *places.no_files(root),
        *places.folders(),
        of_bytes("endless/grows.ts", "grows while it is read", whole["ts"] + b"G"),
        of_bytes("endless/grows.mp4", "grows while it is read", whole["mp4"] + b"G"),
        *(
            of_bytes(str(path.relative_to(root)), "native abort", long + bytes([k]))
            for k, path in enumerate(aborted)
        ),
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for one in bad:
            path = root / one.name
            path.parent.mkdir(parents=True, exist_ok=True)
            one.make(path)
    return Folder(root, good, names, of, tuple(bad), seed, grows, aborted)


def _good(good: Path) -> tuple[tuple[str, ...], dict[str, str]]:
    """Write the good ones: every kind of clip, a longer one, saved poses, and hard names."""
    images = clips.pictures()
    of = {}
    for name, kind in clips.KINDS.items():
        of[name] = f"{name}.{kind.suffix}"
        clips.write(good / of[name], kind, images)
    of["npz"] = "poses.npz"
    bird_dogs(good / "poses.npz", reps=2)
    bird_dogs(good / "\U0001f938 poses.npz", reps=3)
    bird_dogs(good / "a\nb.npz", reps=6, arch_from=3)
    bird_dogs(good / "--resume.npz", reps=1)
    mp4 = clips.KINDS["mp4"]
    clips.write(good / "n.mp4", mp4, images[1:])
    (good / "n.mp4").rename(good / ("n" * 251 + ".mp4"))
    clips.write(good / "slower.mp4", mp4, images, base=Fraction(1, 8))
    clips.write(good / "three.mp4", mp4, [*images, *images[::-1], *images])
    return tuple(sorted(path.name for path in good.iterdir())), of


class Growing:
    """Somebody who goes on writing; use it in a `with` statement."""

    def __init__(self, paths: tuple[Path, ...]) -> None:
        self._paths, self._over = paths, threading.Event()
        self._thread = threading.Thread(target=self._write, daemon=True)

    def _write(self) -> None:
        more = {path: path.read_bytes() for path in self._paths}
        while not self._over.wait(0.1):
            for path, data in more.items():
                with path.open("ab") as file:
                    file.write(data[:10_000])

    def __enter__(self) -> Growing:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
