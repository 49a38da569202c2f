"""What a test needs beyond Python: skipped with the reason on a laptop, never under CI."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import sys
from pathlib import Path

import pytest

from midback.vision.weights import cached_bundle, is_intact

ON_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

needs_weights = pytest.mark.skipif(
    not ON_CI and not is_intact(cached_bundle()),
    reason="the pose weights are not here: run `midback model fetch`",
)


def weights() -> Path:
    """The pinned bundle; a test that asks without having it fails."""
    bundle = cached_bundle()
    assert is_intact(bundle), "the pose weights are not here: run `midback model fetch`"
    return bundle


SAMPLE = Path(__file__).parent.parent / "sample_videos/bird_dog_clean.mp4"
"""A rendered person on all fours, side view."""

CHROMIUM = shutil.which("chromium")

needs_chromium = pytest.mark.skipif(
    not ON_CI and CHROMIUM is None, reason="a browser is needed: Debian's package chromium"
)


def _postgresql() -> Path | None:
    """Where initdb and pg_ctl are: on the path, or where Debian puts the newest version."""
    found = shutil.which("initdb")
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    return Path(found).resolve().parent if found else versions[-1] if versions else None


POSTGRESQL = _postgresql()

needs_postgresql = pytest.mark.skipif(
    not ON_CI and POSTGRESQL is None, reason="a server is needed: Debian's package postgresql"
)


_OPENSIM_IS_MADE_FOR = (
    sys.platform == "linux" and platform.machine() == "x86_64" and sys.version_info < (3, 14)
)
needs_opensim = pytest.mark.skipif(
    not (ON_CI and _OPENSIM_IS_MADE_FOR) and importlib.util.find_spec("opensim") is None,
    reason="the package opensim is needed: it is in the group `dev`, where it is made for",
)
