"""Names that are hard to print, and what is under a video's name but is no file."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from speed.damage.bad import Bad, of_bytes

HARD_NAMES = {
    "newline": "a\nb",
    "escape": "a\x1b[31m\x1b]0;b\x07",
    "emoji": "\U0001f938\U0001f3fd",
    "255 bytes": "n" * 251,
    "dash": "--out",
    "quotes": "'\"`$(id)`; #",
    "comma": "=1+1,;\t|",
    "right to left": "\u202egnp",
    "percent": "%03d %s {0} \\",
    "not UTF-8": os.fsdecode(b"a\xff\xfe"),
}


def names(whole: Mapping[str, bytes]) -> Iterator[Bad]:
    """Half a clip under every hard name."""
    data = whole["mp4"][:20_000]
    for name in HARD_NAMES.values():
        yield of_bytes(f"names/{name}.mp4", "hard name", data, "mp4")


def no_files(folder: Path) -> Iterator[Bad]:
    """Links, pipes, devices and sockets. folder: where the inputs will be."""
    kind = "no file"
    yield Bad("places/pipe.mp4", kind, os.mkfifo)
    yield Bad("places/loop.mp4", kind, lambda path: path.symlink_to(path))
    yield Bad("places/nowhere.mp4", kind, lambda path: path.symlink_to("gone.mp4"))
    yield Bad("places/nowhere.npz", kind, lambda path: path.symlink_to("gone.npz"))
    for device in ("zero", "random", "null"):
        yield Bad(f"places/{device}.mp4", kind, lambda path, d=device: path.symlink_to(f"/dev/{d}"))  # type: ignore[misc]
    yield Bad("places/memory.mp4", kind, lambda path: path.symlink_to("/proc/self/mem"))
    yield Bad(
        "places/link to pipe.ts", kind, lambda path: path.symlink_to(folder / "places/pipe.mp4")
    )
    yield Bad("places/socket.mp4", kind, _socket)
    yield Bad("places/1 TB of nothing.mp4", kind, _hole)


def folders() -> Iterator[Bad]:
    """A folder with a video's name, which holds half a video; and a loop of folders."""
    yield Bad("folders/x.mp4/empty.mp4", "folder called x.mp4", lambda path: path.write_bytes(b""))


def _socket(path: Path) -> None:
    was = Path.cwd()
    os.chdir(path.parent)  # a socket's path is short
    try:
        with closing(socket.socket(socket.AF_UNIX)) as made:
            made.bind(path.name)
    finally:
        os.chdir(was)


def _hole(path: Path) -> None:
    with path.open("wb") as file:
        file.write(bytes.fromhex("00000020667479706d703432"))
        file.truncate(10**12)
