"""Who is at a recording: files on the shared storage that only one worker can make.

Claims of one recording are numbered, and the highest counts. Making a file that must not exist is
atomic also over NFS, so of several workers that follow a lost one exactly one gets the next number.
"""

from __future__ import annotations

import json
import os
import socket
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil

from midback.apps.batch.job import Done
from midback.apps.batch.results import CLAIMS, is_whole

BEAT_S = 3.0
"""How often a worker says that it is still at it."""
STALE_S = 20.0
"""Without such a word, by the clock of whoever waits, it is taken for lost."""

Word = dict[str, Any]


@dataclass(slots=True)
class Claim:
    """One worker's look at the claims on one recording. out: folder of the batch, key: the job's.

    The folder of claims must be there; where it has gone, nobody waits for the result any more.
    """

    out: Path
    key: str
    _mine: int = 0
    _beats: int = 0
    _beat_at: float = 0.0
    _seen: tuple[int, bytes] = (0, b"")
    _seen_at: float = field(default_factory=time.monotonic)

    def outcome(self) -> Done | None:
        """What came of the recording where a worker has finished it, failed ones too."""
        told = _parsed(self._newest()[1]).get("done")
        if told is None:
            return None
        with suppress(ValueError, TypeError, KeyError):
            done = Done.from_json(json.dumps(told))
            if done.place is None or is_whole(self.out / done.place):
                return done
        return None

    def take(self) -> bool:
        """Make the recording ours. False where somebody is at it; ask again."""
        number, text = self._newest()
        if number and not self._is_free(number, text):
            return False
        self._mine = number + 1
        try:
            with self._path(self._mine).open("x", encoding="utf-8") as file:
                file.write(json.dumps(self._word()))
        except FileExistsError:
            self._mine = 0
            return False
        self._beat_at = time.monotonic()
        return True

    def beat(self) -> bool:
        """Say now and then that we are at it; False where another took us for lost."""
        if time.monotonic() - self._beat_at < BEAT_S:
            return True
        self._beat_at = time.monotonic()
        self._beats += 1
        if not self._path(self._mine).exists() or self._path(self._mine + 1).exists():
            return False
        self._write(self._word())
        return True

    def settle(self, done: Done) -> None:
        """Say what came of it."""
        self._write({"done": asdict(done)})

    def release(self) -> None:
        """Let another have it at once."""
        self._write({"released": True})

    def _newest(self) -> tuple[int, bytes]:
        """The highest number, 0 for none, and what it says."""
        number, text = 0, b""
        with suppress(FileNotFoundError):
            while True:
                text = self._path(number + 1).read_bytes()
                number += 1
        return number, text

    def _is_free(self, number: int, text: bytes) -> bool:
        word = _parsed(text)
        if "released" in word or "done" in word:  # done, but its result has been taken away
            return True
        if (number, text) != self._seen:
            self._seen, self._seen_at = (number, text), time.monotonic()
        if word.get("machine") == _machine() and not _lives(word):
            return True
        return time.monotonic() - self._seen_at > STALE_S

    def _word(self) -> Word:
        pid = os.getpid()
        began = psutil.Process(pid).create_time()
        return {"machine": _machine(), "pid": pid, "began": began, "beats": self._beats}

    def _write(self, word: Word) -> None:
        """Only where the file still is: whoever ended the batch has cleared up."""
        with suppress(OSError), self._path(self._mine).open("r+", encoding="utf-8") as file:
            file.write(json.dumps(word))
            file.truncate()

    def _path(self, number: int) -> Path:
        return self.out / CLAIMS / f"{self.key}.{number}"


def _parsed(text: bytes) -> Word:
    """Nothing, where it is just being written."""
    with suppress(ValueError):
        word = json.loads(text)
        if isinstance(word, dict):
            return word
    return {}


def _machine() -> str:
    """Where a process number means something: containers of one host have their own numbers."""
    numbers = ""
    with suppress(OSError):
        numbers = os.readlink("/proc/self/ns/pid")  # noqa: PTH115
    return f"{socket.gethostname()} {numbers}"


def _lives(word: Word) -> bool:
    with suppress(psutil.Error, KeyError, TypeError, ValueError):
        return bool(abs(psutil.Process(word["pid"]).create_time() - word["began"]) < 1.0)
    return False
