"""Saved poses (.npz) with wrong members, shapes, times and sizes."""

from __future__ import annotations

import io
import json
import random
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy

from speed.damage.bad import Bad, of_bytes

Arrays = dict[str, Any]


def poses(whole: bytes, seed: int) -> Iterator[Bad]:
    """whole: a good file of saved poses."""
    with np.load(io.BytesIO(whole)) as saved:
        good = {name: saved[name] for name in saved.files}
    for name, change in _CHANGES.items():
        yield _bad(name, _saved(change(dict(good))))
    for name, change_info in _INFOS.items():
        info = json.loads(str(good["info"]))
        change_info(info)
        yield _bad(f"info {name}", _saved({**good, "info": np.array(json.dumps(info))}))
    yield _bad("info no text", _saved({**good, "info": np.arange(3)}))
    yield _bad("info no json", _saved({**good, "info": np.array("{")}))
    yield _bad("info deep json", _saved({**good, "info": np.array("[" * 100_000)}))
    yield from _damaged(whole, seed)
    yield from _bombs(good)


def _bad(name: str, data: bytes) -> Bad:
    return of_bytes(f"poses/{name}.npz", "saved poses", data, "npz")


def _saved(arrays: Arrays) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def _without(name: str) -> Callable[[Arrays], Arrays]:
    return lambda arrays: {key: array for key, array in arrays.items() if key != name}


def _with(name: str, change: Callable[[Any], Any]) -> Callable[[Arrays], Arrays]:
    return lambda arrays: {**arrays, name: change(arrays[name])}


def _at(index: Any, value: float) -> Callable[[Any], Any]:
    def change(array: Any) -> Any:
        array = array.copy()
        array[index] = value
        return array

    return change


_CHANGES: Mapping[str, Callable[[Arrays], Arrays]] = {
    "no info": _without("info"),
    "no points": _without("points"),
    "no members": lambda _: {},
    "other members": lambda _: {"a": np.zeros(3)},
    "half a silhouette": _without("has_silhouette"),
    "points of objects": _with("points", lambda a: np.array([{"a": 1}] * len(a), dtype=object)),
    "points of text": _with("points", lambda a: a.astype("<U8")),
    "points of doubles": _with("points", lambda a: a.astype("<f8")),
    "points big endian": _with("points", lambda a: a.astype(">f4")),
    "points in columns": _with("points", np.asfortranarray),
    "32 points": _with("points", lambda a: a[:, :32]),
    "points without time": _with("points", lambda a: a[0]),
    "one frame": lambda arrays: {k: v if k == "info" else v[:1] for k, v in arrays.items()},
    "no frame": lambda arrays: {k: v if k == "info" else v[:0] for k, v in arrays.items()},
    "lengths differ": _with("world", lambda a: a[:-1]),
    "a time NaN": _with("t", _at(5, np.nan)),
    "a time inf": _with("t", _at(-1, np.inf)),
    "times back": _with("t", lambda a: a[::-1].copy()),
    "times equal": _with("t", lambda a: a * 0),
    "times from -1e9": _with("t", lambda a: a - 1e9),
    "times from 1e300": _with("t", lambda a: a * 1e300),
    "a gap of a year": _with("t", lambda a: a + (np.arange(len(a)) > 20) * 3.15e7),
    "1000 fps": _with("t", lambda a: a / 66.0),
    "points NaN": _with("points", lambda a: a * np.nan),
    "points inf": _with("points", lambda a: a * np.inf),
    "a point inf": _with("points", _at((5, 11), np.inf)),
    "points 1e38": _with("points", lambda a: np.full_like(a, 1e38)),
    "points 0": _with("points", lambda a: a * 0),
    "world 0": _with("world", lambda a: a * 0),
    "world inf": _with("world", lambda a: a * np.inf),
    "visibility -5": _with("visibility", lambda a: a * 0 - 5),
    "visibility NaN": _with("visibility", lambda a: a * np.nan),
    "times as text": _with("t", lambda a: a.astype("<U30")),
}
_INFOS: Mapping[str, Callable[[Any], object]] = {
    "fps 0": lambda i: i["source"].update(fps=0),
    "fps -1": lambda i: i["source"].update(fps=-1),
    "fps 1e400": lambda i: i["source"].update(fps=float("inf")),
    "width 0": lambda i: i["source"].update(width=0),
    "width 10^30": lambda i: i["source"].update(width=10**30),
    "width true": lambda i: i["source"].update(width=True),
    "path 9": lambda i: i["source"].update(path=9),
    "path of zeros": lambda i: i["source"].update(path="/dev/zero"),
    "more": lambda i: i["source"].update({"\x1b]0;owned\x07 " + "x" * 5000: 1}),
    "no source": lambda i: i.pop("source"),
    "no model": lambda i: i.pop("model_sha256"),
    "format 9": lambda i: i.update(format="midback.poses/9"),
}


def _damaged(whole: bytes, seed: int) -> Iterator[Bad]:
    chance = random.Random(seed)
    for count in (1, 16, 256):
        for turn in range(2):
            changed = bytearray(whole)
            for _ in range(count):
                changed[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
            yield _bad(f"flips {count} {turn}", bytes(changed))
    for share in (0.1, 0.5, 0.99):
        yield _bad(f"cut {share}", whole[: int(share * len(whole))])
    yield _bad("locked", _flagged(whole))
    yield _bad("unknown compression", _flagged(whole, method=97))


def _flagged(whole: bytes, method: int | None = None) -> bytes:
    """Every member says that it is encrypted, or compressed in a way of its own."""
    changed = bytearray(whole)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(mark)
        while at >= 0:
            place, value = (at + flags, 1) if method is None else (at + flags + 2, method)
            changed[place : place + 2] = struct.pack("<H", value)
            at = changed.find(mark, at + 4)
    return bytes(changed)


_MANY = 10**9


def _bombs(good: Arrays) -> Iterator[Bad]:
    """Much out of little: arrays that claim or inflate to gigabytes."""
    claims = {**good, "t": _MANY, "points": _MANY, "world": _MANY, "visibility": _MANY}
    yield Bad("poses/10^9 by header.npz", "saved poses", lambda path: _zipped(path, claims))
    yield Bad(
        "poses/points claim 10^9.npz",
        "saved poses",
        lambda path: _zipped(path, {**good, "points": _MANY}),
    )
    long = np.zeros(1_000_000)
    still = {
        name: good[name][:1].repeat(len(long) // 10, 0)
        for name in ("points", "world", "visibility")
    }
    steps = {"info": good["info"], "t": np.arange(len(long) // 10) / 30.0, **still}
    yield Bad("poses/inflates to 100 MB.npz", "saved poses", lambda path: _zipped(path, steps))
    yield Bad("poses/info of 4 GB.npz", "saved poses", lambda path: _text_bomb(path, good))
    yield Bad("poses/200,000 members.npz", "saved poses", _members)
    yield Bad("poses/twice the same.npz", "saved poses", lambda path: _double(path, good))


def _zipped(path: Path, arrays: Arrays) -> None:
    """Compressed; a number in place of an array is a header that promises so many frames."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as member:
                if isinstance(array, int):
                    npy.write_array_header_1_0(member, _header(name, array))
                    member.write(bytes(10_000_000))
                else:
                    npy.write_array(member, np.asarray(array), allow_pickle=False)


def _header(name: str, count: int) -> dict[str, Any]:
    shapes = {"t": (), "points": (33, 3), "world": (33, 3), "visibility": (33,)}
    kind = "<f8" if name == "t" else "<f4"
    return {"descr": kind, "fortran_order": False, "shape": (count, *shapes[name])}


def _text_bomb(path: Path, good: Arrays) -> None:
    """A text of 500 million letters, nearly all of them nothing."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in good:
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                if name != "info":
                    npy.write_array(member, good[name])
                    continue
                npy.write_array_header_1_0(
                    member, {"descr": "<U500000000", "fortran_order": False, "shape": ()}
                )
                for _ in range(200):
                    member.write(bytes(10_000_000))


def _members(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for k in range(200_000):
            archive.writestr(zipfile.ZipInfo(f"{k}.npy"), b"")


def _double(path: Path, good: Arrays) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name in [*good, *good]:
            file = io.BytesIO()
            npy.write_array(file, good[name])
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), file.getvalue())
