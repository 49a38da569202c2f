"""What is wrong with a cluster, said before the run."""

from __future__ import annotations

import importlib.metadata
import platform
from typing import Any

from distributed import Client

from midback.apps.batch.cluster.fit import Needs, unfit
from midback.errors import InputError

_EVERYWHERE = "install the same versions on every machine"


def check_cluster(client: Client, needs: Needs) -> None:
    """Raise InputError where the scheduler or a worker could not do the work.

    Python's minor version, midback's and Dask's must be equal on all. A worker that comes later is
    judged there: see `task`.
    """
    mine = {name: importlib.metadata.version(name) for name in ("midback", "distributed")}
    mine["python"] = _minor(platform.python_version())
    for name, version in mine.items():
        for where, found in _versions(client, name).items():
            if found != version:
                raise InputError(
                    f"the {where} has {name} {found}, this machine {version}: {_EVERYWHERE}"
                )
    for where, why in client.run(unfit, needs, on_error="return").items():
        if isinstance(why, str):
            raise InputError(why)
        if why is not None:
            raise InputError(f"the worker at {_shown(where)} cannot do it ({why}): {_EVERYWHERE}")


def _versions(client: Client, name: str) -> dict[str, str]:
    """Asked for by functions of Python's own, which every machine has."""
    ask, words = (platform.python_version, ()) if name == "python" else (_VERSION, (name,))
    found = {f"worker at {_shown(at)}": said for at, said in _of_workers(client, ask, words)}
    try:
        found["scheduler"] = client.run_on_scheduler(ask, *words)
    except importlib.metadata.PackageNotFoundError as error:
        found["scheduler"] = error
    return {where: _told(said, name) for where, said in found.items()}


_VERSION = importlib.metadata.version


def _of_workers(client: Client, ask: Any, words: tuple[str, ...]) -> Any:
    return client.run(ask, *words, on_error="return").items()


def _told(said: object, name: str) -> str:
    if isinstance(said, Exception):
        return "missing"
    return _minor(str(said)) if name == "python" else str(said)


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])


def _shown(address: str) -> str:
    return address.partition("://")[2]
