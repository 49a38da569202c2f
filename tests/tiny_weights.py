"""A wheel like MediaPipe's, with two empty networks: a few hundred bytes instead of 35 MB."""

from __future__ import annotations

import base64
import hashlib
import importlib
import zipfile
from pathlib import Path
from typing import Any

from midback.vision.bundle import DETECTOR, LANDMARKS

NAME = "tinyweights"


def network(description: str) -> bytes:
    """An empty but valid .tflite file."""
    schema: Any = importlib.import_module("mediapipe.tasks.metadata.schema_py_generated")
    flatbuffers: Any = importlib.import_module("flatbuffers")
    model = schema.ModelT()
    model.version, model.description, model.buffers = 3, description, [schema.BufferT()]
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def write_wheel(folder: Path) -> Path:
    """A wheel that pip accepts."""
    members: dict[str, bytes | str] = {
        DETECTOR: network("detector"),
        LANDMARKS: network("landmarks"),
        f"{NAME}-1.0.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {NAME}\nVersion: 1.0\n",
        f"{NAME}-1.0.dist-info/WHEEL": (
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        ),
    }
    path = folder / f"{NAME}-1.0-py3-none-any.whl"
    record = ""
    with zipfile.ZipFile(path, "w") as wheel:
        for name, content in members.items():
            data = content.encode() if isinstance(content, str) else content
            wheel.writestr(zipfile.ZipInfo(name), data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record += f"{name},sha256={digest},{len(data)}\n"
        record_name = f"{NAME}-1.0.dist-info/RECORD"
        wheel.writestr(zipfile.ZipInfo(record_name), f"{record}{record_name},,\n")
    return path
