"""Clips with flipped bits, cut off, or with headers that cannot be true."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator, Mapping

from speed.damage.bad import Bad, of_bytes
from speed.damage.clips import KINDS

_REGIONS = {"header": (0.0, 0.01), "data": (0.05, 0.95), "index": (0.975, 1.0)}
_CUTS = (0.0004, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 0.999)


def flipped(whole: Mapping[str, bytes], seed: int) -> Iterator[Bad]:
    """1, 16 and 256 bits in the header, the pictures and the index of each kind."""
    chance = random.Random(seed)
    for name, data in whole.items():
        for region, (first, last) in _REGIONS.items():
            for count in (1, 16, 256):
                changed = bytearray(data)
                for _ in range(count):
                    place = chance.randrange(int(len(data) * first), int(len(data) * last))
                    changed[place] ^= 1 << chance.randrange(8)
                file = f"flips/{region} {count}.{name}"
                yield of_bytes(file, f"bits flipped, {region}", bytes(changed), name)


def cut(whole: Mapping[str, bytes]) -> Iterator[Bad]:
    """The beginning of each kind, of many lengths; and clips without their beginning."""
    for name, data in whole.items():
        for share in _CUTS:
            yield of_bytes(f"cut/{share}.{name}", "cut off", data[: int(len(data) * share)], name)
        yield of_bytes(f"cut/no head.{name}", "cut off", data[len(data) // 3 :], name)


_BIG, _NEGATIVE = 0xFFFFFFFF, 0x80000000

_MP4 = {  # box, offset of the field behind the box's name, bytes, values
    "width in avc1": (b"avc1", 24, 2, (0, 1, 0xFFFF)),
    "height in avc1": (b"avc1", 26, 2, (0, 0xFFFF)),
    "width in tkhd": (b"tkhd", 76, 4, (0, _BIG)),
    "turned by tkhd": (b"tkhd", 40, 4, (0, 0x12345678)),
    "clock of mvhd": (b"mvhd", 12, 4, (0, 1, _BIG)),
    "duration of mvhd": (b"mvhd", 16, 4, (0, _BIG)),
    "clock of mdhd": (b"mdhd", 12, 4, (0, 1, 10**9)),
    "duration of mdhd": (b"mdhd", 16, 4, (0, _BIG)),
    "frames in stts": (b"stts", 8, 4, (0, 1, _BIG)),
    "step of stts": (b"stts", 12, 4, (0, 1, _NEGATIVE, _BIG)),
    "entries of stts": (b"stts", 4, 4, (0, _BIG)),
    "frames in stsz": (b"stsz", 8, 4, (0, 1, _BIG)),
    "size of all in stsz": (b"stsz", 4, 4, (1, _BIG)),
    "places in stco": (b"stco", 4, 4, (0, _BIG)),
    "first place in stco": (b"stco", 8, 4, (0, _BIG)),
    "frames a chunk": (b"stsc", 12, 4, (0, _BIG)),
    "length of moov": (b"moov", -4, 4, (0, 7, 0xFFFFFFF0)),
    "length of avcC": (b"avcC", -4, 4, (0, 8, 0x7FFFFFFF)),
    "start in elst": (b"elst", 12, 4, (0x7FFFFFFF, _BIG)),
}
_AVI = {
    "microseconds a frame": (b"avih", 4, 4, (0, 1, _BIG)),
    "frames in avih": (b"avih", 20, 4, (0, _BIG)),
    "width in avih": (b"avih", 36, 4, (0, 65_535)),
    "scale in strh": (b"strh", 24, 4, (0, _BIG)),
    "rate in strh": (b"strh", 28, 4, (0, 10**9)),
    "length in strh": (b"strh", 36, 4, (0, _BIG)),
    "width in strf": (b"strf", 8, 4, (0, 65_535, _BIG)),
    "height in strf": (b"strf", 12, 4, (0, 65_535, _NEGATIVE)),
    "length of movi": (b"movi", -4, 4, (0, 0x7FFFFFFF)),
}


_FROM = {"mp4": b"moov", "avi": b"avih"}  # ftyp names avc1 as well


def absurd(whole: Mapping[str, bytes]) -> Iterator[Bad]:
    """One field of the header set to what it cannot be; everything else stays."""
    for kind, fields, order in (("mp4", _MP4, ">"), ("avi", _AVI, "<")):
        data = whole[kind]
        first = data.index(_FROM[kind])
        for what, (box, offset, width, values) in fields.items():
            for value in values:
                changed = bytearray(data)
                place = data.index(box, first) + 4 + offset - (4 if offset < 0 else 0)
                code = order + {2: "H", 4: "I"}[width]
                changed[place : place + width] = struct.pack(code, value)
                yield of_bytes(
                    f"absurd/{what} {value}.{kind}", "absurd header", bytes(changed), kind
                )
    mp4 = whole["mp4"]
    yield of_bytes("absurd/2^63 long.mp4", "absurd header", _long_times(mp4, 2**63), "mp4")
    yield of_bytes("absurd/10^12 frames.mp4", "absurd header", _long_times(mp4, 10**12), "mp4")


def _long_times(mp4: bytes, duration: int) -> bytes:
    """The film's header in its 64-bit form with this duration; what encloses it grows too."""
    start = mp4.index(b"mvhd") - 4
    size = int.from_bytes(mp4[start : start + 4], "big")
    old = mp4[start + 12 : start + size]
    times = bytes(8) + bytes(8) + old[8:12] + duration.to_bytes(8, "big")
    new = struct.pack(">I4sI", size + 12, b"mvhd", 1 << 24) + times + old[16:]
    moov = mp4.index(b"moov") - 4
    longer = int.from_bytes(mp4[moov : moov + 4], "big") + 12
    return (
        mp4[:moov] + struct.pack(">I", longer) + mp4[moov + 4 : start] + new + mp4[start + size :]
    )


def noise(seed: int) -> Iterator[Bad]:
    """What looks encrypted, with and without the first bytes of a video."""
    chance = random.Random(seed)
    heads = {
        "plain": b"",
        "mp4": bytes.fromhex("00000020667479706d703432"),
        "mkv": bytes.fromhex("1a45dfa3a3428681"),
        "avi": b"RIFF\xff\xff\xff\x7fAVI LIST",
        "ts": b"\x47\x40\x11\x10",
    }
    for head, begin in heads.items():
        for suffix in KINDS if head == "plain" else (head,):
            data = begin + chance.randbytes(200_000)
            yield of_bytes(f"noise/{head}.{suffix}", "noise", data)
