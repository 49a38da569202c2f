"""`midback` itself, with a diary of when each recording of a batch was begun and when it ended.

python -m speed.timed DIARY score FOLDER ...
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from midback.apps.batch import pool
from midback.apps.batch.job import Done, Job
from midback.apps.cli import main


def _keep(diary: Path) -> None:
    """Let the pool write a line at every beginning and every end."""
    stream = diary.open("a", encoding="utf-8", buffering=1)
    begin, finished = pool.Pool.begin, pool.Pool.finished

    def note(what: str, name: str) -> None:
        stream.write(json.dumps([time.monotonic(), what, name]) + "\n")

    def begun(self: pool.Pool, job: Job) -> None:
        note("begun", job.name)
        begin(self, job)

    def ended(self: pool.Pool) -> Iterator[Done]:
        for done in finished(self):
            note("ended", done.name)
            yield done

    setattr(pool.Pool, "begin", begun)  # noqa: B010
    setattr(pool.Pool, "finished", ended)  # noqa: B010


def spans(diary: Path) -> dict[str, float]:
    """Seconds from beginning to end of each recording; the first beginning counts."""
    begun: dict[str, float] = {}
    took: dict[str, float] = {}
    for line in diary.read_text(encoding="utf-8").splitlines():
        entry: Any = json.loads(line)
        if entry[1] == "begun":
            begun.setdefault(entry[2], entry[0])
        else:
            took[entry[2]] = entry[0] - begun[entry[2]]
    return took


if __name__ == "__main__":
    _keep(Path(sys.argv[1]))
    del sys.argv[1]
    sys.exit(main())
