"""Videos that are what they say, but nobody's recording: sizes, times, tags, other kinds of files."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from speed.damage.bad import Bad, of_bytes
from speed.damage.clips import H264, KINDS, RATE, Image, Kind, pictures, sound, write

_MJPEG = Kind("avi", "mjpeg", "yuvj420p")
_LOSSLESS = Kind("avi", "ffv1", "yuv420p")
_NUT = Kind("nut", "mpeg4")


def sizes() -> Iterator[Bad]:
    """From one pixel to 8K."""
    for width, height, kind in (
        (1, 1, _MJPEG),
        (3, 5, _MJPEG),
        (2, 2, KINDS["mp4"]),
        (16, 16, KINDS["mp4"]),
        (17, 4000, _MJPEG),
        (4000, 18, _MJPEG),
        (8000, 2, _LOSSLESS),
        (2, 8000, _LOSSLESS),
        (7680, 4320, KINDS["mp4"]),
        (7680, 4320, _MJPEG),
    ):
        count = 4 if width * height > 10**6 else 20
        yield _written(f"odd size {width}x{height}", kind, pictures(count, (width, height)))


def times() -> Iterator[Bad]:
    """Clocks that stand, run, jump or go back."""
    images = pictures()
    tick = Fraction(1, 90_000)
    mkv, ts, mp4 = KINDS["mkv"], KINDS["ts"], KINDS["mp4"]
    step = 90_000 // RATE
    yield _written("1 frame", mp4, images[:1])
    yield _written("2 frames", mp4, images[:2])
    yield _written("1000 fps", mp4, images, base=Fraction(1, 1000))
    yield _written("1000 fps", _MJPEG, images, base=Fraction(1, 1000))
    yield _written(
        "1 frame an hour", mp4, images, [k * 3600 * 1000 for k in range(60)], Fraction(1, 1000)
    )
    yield _written(
        "a gap of 9 hours",
        mkv,
        images,
        [k * step + (k > 20) * 9 * 3600 * 90_000 for k in range(60)],
        tick,
    )
    yield _written("from -3 s on", ts, images, [(k - 30) * step for k in range(60)], tick)
    yield _written("from -3 s on", mp4, images, [(k - 30) * step for k in range(60)], tick)
    yield _written("all within 1 ms", mp4, images, list(range(60)), tick)
    yield Bad("odd/back to 0.ts", "odd times", lambda path: _twice(path, images))
    yield Bad("odd/no frames.avi", "odd times", lambda path: _no_frames(path, images))


def _written(
    name: str,
    kind: Kind,
    images: Sequence[Image],
    times: Sequence[int] | None = None,
    base: Fraction = Fraction(1, RATE),
) -> Bad:
    about = "odd size" if name.startswith("odd size") else "odd times"
    name = f"odd/{name} {kind.codec}.{kind.suffix}"
    return Bad(name, about, lambda path: write(path, kind, images, times, base))


def _twice(path: Path, images: Sequence[Image]) -> None:
    once = write(path, KINDS["ts"], images)
    path.write_bytes(once + once)


def _no_frames(path: Path, images: Sequence[Image]) -> None:
    once = write(path, _MJPEG, images)
    movi = once.index(b"movi")
    path.write_bytes(once[: movi - 4] + struct.pack("<I", 4) + b"movi")


_METADATA = 100_000_000  # bytes


def metadata(whole: Mapping[str, bytes]) -> Iterator[Bad]:
    """100 MB of tags, and boxes that claim gigabytes. The good ones are read to the end."""
    mp4, mkv, avi = whole["mp4"], whole["mkv"], whole["avi"]
    kind = "huge metadata"
    yield Bad("tags/100 MB beside.mp4", kind, _beside(mp4, b"free"), "mp4")
    yield Bad("tags/100 MB of uuid.mp4", kind, _beside(mp4, b"uuid"), "mp4")
    yield Bad("tags/100 MB of title.mp4", kind, lambda path: path.write_bytes(_title(mp4)), "mp4")
    yield Bad("tags/100 MB of void.mkv", kind, lambda path: path.write_bytes(_void(mkv)), "mkv")
    yield Bad(
        "tags/100 MB behind.avi", kind, lambda path: path.write_bytes(avi + bytes(_METADATA)), "avi"
    )
    yield Bad(
        "tags/100 MB before.ts",
        kind,
        lambda path: path.write_bytes(bytes(_METADATA) + whole["ts"]),
        "ts",
    )
    moov = struct.pack(">I4sIQ", 1, b"moov", 0, 0)
    yield of_bytes(
        "tags/moov of 4 GB.mp4",
        kind,
        mp4[:32] + struct.pack(">I4s", 0xFFFFFFF0, b"moov") + mp4[48_000:],
    )
    yield of_bytes(
        "tags/moov of 2^62.mp4", kind, mp4[:32] + moov[:8] + struct.pack(">Q", 2**62) + mp4[48_000:]
    )
    yield Bad("tags/1000 tags.mkv", kind, _tagged, "mkv")


def _beside(mp4: bytes, box: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(
        mp4 + struct.pack(">I4s", _METADATA + 8, box) + bytes(_METADATA)
    )


def _title(mp4: bytes) -> bytes:
    """A user-data box inside moov with a title of 100 MB."""
    text = b"t" * _METADATA
    name = struct.pack(">I4sHH", len(text) % 65_536 + 12, b"\xa9nam", len(text) % 65_536, 0) + text
    udta = struct.pack(">I4s", len(name) + 8, b"udta") + name
    moov = mp4.index(b"moov") - 4
    size = int.from_bytes(mp4[moov : moov + 4], "big")
    return mp4[:moov] + struct.pack(">I", size + len(udta)) + mp4[moov + 4 : moov + size] + udta


def _void(mkv: bytes) -> bytes:
    """An empty element of 100 MB between the header and the segment."""
    segment = mkv.index(bytes.fromhex("18538067"))
    void = b"\xec" + (1 << 56 | _METADATA).to_bytes(8, "big") + bytes(_METADATA)
    return mkv[:segment] + void + mkv[segment:]


def _tagged(path: Path) -> object:
    tags = {f"tag {k} \x1b[31m": "x" * 10_000 for k in range(1000)}
    return write(path, KINDS["mkv"], pictures(), tags=tags)


def renamed(whole: Mapping[str, bytes]) -> Iterator[Bad]:
    """Other kinds of files under a video's name."""
    import cv2

    picture = pictures(1)[0]
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("clip.mp4", whole["mp4"])
    arrays = io.BytesIO()
    np.savez(arrays, t=np.arange(9.0))
    files = {
        "text.mp4": b"the recording of Monday\n" * 100,
        "html.mp4": b"<!doctype html><title>404</title><p>Not found",
        "json.mkv": b'{"error": "quota"}',
        "zip.mp4": zipped.getvalue(),
        "png.mp4": cv2.imencode(".png", picture)[1].tobytes(),
        "jpg.avi": cv2.imencode(".jpg", picture)[1].tobytes(),
        "arrays.mp4": arrays.getvalue(),
        "elf.webm": b"\x7fELF\x02\x01\x01" + bytes(4000),
        "gzip.mov": b"\x1f\x8b\x08" + bytes(range(256)) * 20,
        "pdf.mp4": b"%PDF-1.7\n%" + bytes(range(256)),
        "svg.mp4": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="/dev/zero"/></svg>',
        "playlist.ts": b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n/dev/zero\n#EXT-X-ENDLIST\n",
        "far playlist.mp4": b"#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:9/x.ts\n",
        "itself.mp4": b"ffconcat version 1.0\nfile 'itself.mp4'\n" * 3,
        "zeros.mp4": bytes(1_000_000),
        "half a head.mkv": bytes.fromhex("1a45dfa3"),
        "sdp.mp4": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n",
    }
    for name, data in files.items():
        yield of_bytes(f"renamed/{name}", "another kind of file", data)
    yield of_bytes("renamed/mkv.mp4", "another kind of file", whole["mkv"], "mkv")
    yield of_bytes("renamed/video.npz", "another kind of file", whole["mp4"])
    for suffix in ("mp4", "avi", "mkv", "webm", "ts", "npz", "h264"):
        yield of_bytes(f"renamed/empty.{suffix}", "empty", b"")
    yield of_bytes("renamed/one byte.mp4", "empty", b"\0")
    yield Bad("renamed/sound.mp4", "sound only", lambda path: sound(path, "aac"))
    yield Bad("renamed/sound.avi", "sound only", lambda path: sound(path, "pcm_s16le"))
    yield Bad("renamed/sound.mkv", "sound only", lambda path: sound(path, "aac"))


__all__ = ["H264", "metadata", "renamed", "sizes", "times"]
