"""`midback model`: fetch and show the pose weights."""

from __future__ import annotations

import sys
from pathlib import Path

from midback.vision import weights


def fetch_model() -> None:
    """Fetch the weights, or say that they are there."""
    path = weights.fetch(lambda text: print(text, file=sys.stderr))
    print(f"the pose weights are in {path}")


def show_model(explicit: Path | None) -> None:
    """Print path, name, licence, origin and hash of the model a command would use."""
    path = explicit or weights.cached_bundle()
    if explicit is None and not weights.is_intact(path):
        print(f"no weights yet: 'midback model fetch' would put them into {path}")
        print(f"licence  {weights.LICENCE}")
        print(f"origin   {weights.ORIGIN}")
        return
    info = weights.describe(weights.model_path(explicit, lambda _: None))
    for label, text in (
        ("path", str(info.path)),
        ("name", info.name),
        ("licence", info.licence),
        ("origin", info.origin),
        ("sha256", info.sha256),
    ):
        print(f"{label:8} {text}")
