"""What is opened must be closed: one `with` for files, cameras and networks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Closing(ABC):
    """Has `close`, and calls it at the end of a `with` statement."""

    @abstractmethod
    def close(self) -> None:
        """Let go of what is open; harmless when repeated."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
