"""Files that a batch reads, told by the ending of their names."""

from __future__ import annotations

from pathlib import Path

_VIDEOS = (
    ".mp4 .m4v .mov .avi .mkv .webm .mpg .mpeg .mts .m2ts .ts .3gp .wmv .flv .ogv .mjpg .mjpeg"
    " .h264 .264 .h265 .265 .hevc"
)
VIDEOS = frozenset(_VIDEOS.split(" "))
POSES = frozenset([".npz"])
"""Saved poses; with a mapping also another system's arrays."""
MARKERS = frozenset([".trc", ".c3d", ".npy"])
"""Of another system: only read with a mapping."""


def is_video(path: Path) -> bool:
    """Whether a network must look at it."""
    return path.suffix.lower() in VIDEOS
