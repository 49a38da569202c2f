"""The bundle: byte-reproducible, uncompressed, with the right normalisation in each network."""

from __future__ import annotations

import importlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from needs import needs_weights, weights
from tiny_weights import network, write_wheel

from midback.vision.bundle import Normalization, bundle_from_wheel, with_normalization

EXPECTED = {
    "pose_detector.tflite": Normalization(127.5, 127.5),
    "pose_landmarks_detector.tflite": Normalization(0.0, 255.0),
}


def normalization(model: bytes) -> Normalization:
    """Read back what MediaPipe will read."""
    schema: Any = importlib.import_module("mediapipe.tasks.metadata.schema_py_generated")
    meta: Any = importlib.import_module("mediapipe.tasks.metadata.metadata_schema_py_generated")
    tree = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(model, 0))
    entries = [m for m in tree.metadata if m.name == b"TFLITE_METADATA"]
    assert len(entries) == 1
    data = bytes(tree.buffers[entries[0].buffer].data)
    root = meta.ModelMetadataT.InitFromObj(meta.ModelMetadata.GetRootAsModelMetadata(data, 0))
    options = root.subgraphMetadata[0].inputTensorMetadata[0].processUnits[0].options
    return Normalization(float(options.mean[0]), float(options.std[0]))


def check_bundle(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        assert bundle.namelist() == list(EXPECTED)
        for member in bundle.infolist():
            assert member.compress_type == zipfile.ZIP_STORED
            assert normalization(bundle.read(member)) == EXPECTED[member.filename]


def test_bundle_from_a_tiny_wheel(tmp_path: Path) -> None:
    with zipfile.ZipFile(write_wheel(tmp_path)) as wheel:
        first, second = bundle_from_wheel(wheel), bundle_from_wheel(wheel)
    assert first == second
    check_bundle(first)


@needs_weights
def test_the_real_bundle() -> None:
    check_bundle(weights().read_bytes())


def test_metadata_is_replaced_not_doubled() -> None:
    once = with_normalization(network("x"), Normalization(1.0, 2.0))
    twice = with_normalization(once, Normalization(3.0, 4.0))
    assert normalization(twice) == Normalization(3.0, 4.0)


def test_a_wheel_without_the_networks(tmp_path: Path) -> None:
    path = tmp_path / "other.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("readme", "nothing here")
    with zipfile.ZipFile(path) as wheel, pytest.raises(KeyError, match="pose_detection"):
        bundle_from_wheel(wheel)
