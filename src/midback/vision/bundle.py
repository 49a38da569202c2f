"""Build the pose landmarker bundle (.task) from the two networks of the MediaPipe wheel.

The wheel carries bare .tflite files; the Tasks API wants them zipped and each with
normalisation metadata. The result is the same to the last byte on every machine.
"""

from __future__ import annotations

import importlib
import io
import zipfile
from dataclasses import dataclass
from typing import Any

DETECTOR = "mediapipe/modules/pose_detection/pose_detection.tflite"
LANDMARKS = "mediapipe/modules/pose_landmark/pose_landmark_full.tflite"
_METADATA_NAME = b"TFLITE_METADATA"


@dataclass(frozen=True, slots=True)
class Normalization:
    """How the task scales pixel values: (value - mean) / std."""

    mean: float
    std: float


def bundle_from_wheel(wheel: zipfile.ZipFile) -> bytes:
    """The .task file as bytes, from an opened mediapipe wheel that still ships the weights.

    Raises KeyError where the wheel has no such network.
    """
    members = {
        "pose_detector.tflite": with_normalization(
            wheel.read(DETECTOR), Normalization(127.5, 127.5)
        ),
        "pose_landmarks_detector.tflite": with_normalization(
            wheel.read(LANDMARKS), Normalization(0.0, 255.0)
        ),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as bundle:
        for name, data in members.items():
            bundle.writestr(zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)), data)
    return buffer.getvalue()


def with_normalization(model: bytes, normalization: Normalization) -> bytes:
    """Return the .tflite model with image-input metadata carrying the normalisation."""
    schema = importlib.import_module("mediapipe.tasks.metadata.schema_py_generated")
    flatbuffers = importlib.import_module("flatbuffers")
    tree = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(model, 0))
    buffer = schema.BufferT()
    buffer.data = list(_metadata(normalization))
    tree.buffers = [*tree.buffers, buffer]
    entry = schema.MetadataT()
    entry.name = _METADATA_NAME
    entry.buffer = len(tree.buffers) - 1
    kept = [m for m in tree.metadata or [] if m.name != _METADATA_NAME]
    tree.metadata = [*kept, entry]
    builder = flatbuffers.Builder(len(model) + 4096)
    builder.Finish(tree.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _metadata(normalization: Normalization) -> bytes:
    schema: Any = importlib.import_module("mediapipe.tasks.metadata.metadata_schema_py_generated")
    flatbuffers = importlib.import_module("flatbuffers")
    options = schema.NormalizationOptionsT()
    options.mean, options.std = [normalization.mean], [normalization.std]
    unit = schema.ProcessUnitT()
    unit.optionsType = schema.ProcessUnitOptions.NormalizationOptions
    unit.options = options
    image = schema.ImagePropertiesT()
    image.colorSpace = schema.ColorSpaceType.RGB
    content = schema.ContentT()
    content.contentPropertiesType = schema.ContentProperties.ImageProperties
    content.contentProperties = image
    tensor = schema.TensorMetadataT()
    tensor.name = "image"
    tensor.content = content
    tensor.processUnits = [unit]
    graph = schema.SubGraphMetadataT()
    graph.inputTensorMetadata = [tensor]
    root = schema.ModelMetadataT()
    root.subgraphMetadata = [graph]
    builder = flatbuffers.Builder(0)
    builder.Finish(root.Pack(builder), b"M001")
    return bytes(builder.Output())
