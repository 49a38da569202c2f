"""Short tones through whatever plays sound on this machine; nothing ever waits for them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

import numpy as np

from midback.apps.live.feedback import Sound
from midback.vision.closing import Closing

_RATE = 22050
_LOUD = 0.6
_NOTES: dict[str, tuple[tuple[float, float], ...]] = {  # hertz (0 is silence), seconds
    "rep": ((1320.0, 0.05),),
    "amber": ((660.0, 0.14), (0.0, 0.06), (660.0, 0.14)),
    "stop": ((880.0, 0.3), (440.0, 0.7)),
}
_PLAYERS = (("paplay",), ("aplay", "-q"), ("pw-play",), ("afplay",))


class Tones(Closing):
    """Plays "rep", "amber" and "stop"; without a player the terminal's bell for the last two."""

    def __init__(self) -> None:
        self.muted = False
        self._folder = tempfile.TemporaryDirectory(prefix="midback-tones-")
        self._running: list[subprocess.Popen[bytes]] = []
        self._player = next((list(p) for p in _PLAYERS if shutil.which(p[0])), None)
        for name, notes in _NOTES.items():
            _write(self._path(name), notes)

    def play(self, name: Sound) -> None:
        """Begin the tone and return; "" and a muted one are silence."""
        if not name or self.muted:
            return
        self._running = [player for player in self._running if player.poll() is None]
        if sys.platform == "win32":
            import winsound

            winsound.PlaySound(str(self._path(name)), winsound.SND_FILENAME | winsound.SND_ASYNC)
        elif self._player is not None:
            self._begin([*self._player, str(self._path(name))])
        elif name != "rep" and sys.stderr.isatty():
            print("\a", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        """End what still plays."""
        for player in self._running:
            player.kill()
            player.wait()
        self._folder.cleanup()

    def _begin(self, command: list[str]) -> None:
        quiet = subprocess.DEVNULL
        try:
            player = subprocess.Popen(
                command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
            )
        except OSError:
            self._player = None
            return
        self._running.append(player)

    def _path(self, name: str) -> Path:
        return Path(self._folder.name) / f"{name}.wav"


def _write(path: Path, notes: tuple[tuple[float, float], ...]) -> None:
    samples = np.concatenate([_note(hertz, seconds) for hertz, seconds in notes])
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes((samples * 32767).astype("<i2").tobytes())


def _note(hertz: float, seconds: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """A sine that swells and fades, so that it does not click."""
    t = np.arange(round(seconds * _RATE)) / _RATE
    edge = np.minimum(1.0, np.minimum(t, seconds - t) / 0.01)
    return np.asarray(_LOUD * edge * np.sin(2 * np.pi * hertz * t))
