"""The store: people, their sets, journal and plan, in a file or on a server."""

from midback.history.store.store import Store, open_store

__all__ = ["Store", "open_store"]
