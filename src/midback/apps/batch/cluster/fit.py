"""Whether a machine of the cluster can do a batch's work; runs there."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from midback import __version__
from midback.apps.batch.results import CLAIMS, is_batch
from midback.vision.weights import cached_bundle, sha256_of


@dataclass(frozen=True, slots=True)
class Needs:
    """What a worker must have: the version, both folders at the same paths, the weights.

    model: where the client has them; None without videos.
    """

    version: str
    folder: Path
    out: Path
    model: Path | None
    model_sha256: str | None


def unfit(needs: Needs) -> str | None:
    """One sentence on what this machine lacks and how to mend it; None where it is fit."""
    here = socket.gethostname()
    if needs.version != __version__:
        return (
            f"{here}: has midback {__version__}, the batch needs {needs.version}: "
            "install the same version on every machine"
        )
    if not needs.folder.is_dir():
        return f"{here}: does not see {needs.folder}: {_SHARED}"
    if not is_batch(needs.out) or not (needs.out / CLAIMS).is_dir():
        return f"{here}: does not see {needs.out}: {_SHARED}"
    if needs.model_sha256 is not None and weights_here(needs) is None:
        return f"{here}: has not this batch's pose weights: {_way_to_weights(needs)}"
    return None


_SHARED = "every worker needs the shared storage at the same path"


def weights_here(needs: Needs) -> Path | None:
    """The weights with the wanted SHA-256, where the client has them or in this machine's cache."""
    if needs.model_sha256 is None:
        return None
    for path in filter(None, (needs.model, cached_bundle())):
        try:
            known = path.stat()
            if _digest(path, known.st_mtime_ns, known.st_size) == needs.model_sha256:
                return path
        except OSError:
            continue
    return None


@lru_cache(maxsize=8)
def _digest(path: Path, _changed_ns: int, _size: int) -> str:
    return sha256_of(path)


def _way_to_weights(needs: Needs) -> str:
    from midback.vision.weights import BUNDLE_SHA256

    if needs.model_sha256 == BUNDLE_SHA256:
        return "run `midback model fetch` there"
    return f"copy {needs.model} to the same path there"
