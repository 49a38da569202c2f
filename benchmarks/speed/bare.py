"""The bare loop that everything is compared with: read, convert, detect_for_video, and no more."""

from __future__ import annotations

import importlib
import time
from collections.abc import Iterable
from pathlib import Path

import cv2

from midback.vision.landmarker import quiet_stderr
from midback.vision.weights import model_path


def bare_loop(files: Iterable[Path]) -> tuple[int, float]:
    """Frames and seconds of wall clock, the landmarker's own start of a few tenths included."""
    mediapipe = importlib.import_module("mediapipe")
    vision = importlib.import_module("mediapipe.tasks.python.vision")
    base = importlib.import_module("mediapipe.tasks.python.core.base_options")
    model = str(model_path(None, print))
    count, begin = 0, time.perf_counter()
    for file in files:
        options = vision.PoseLandmarkerOptions(
            base_options=base.BaseOptions(model_asset_path=model),
            running_mode=vision.RunningMode.VIDEO,
        )
        with quiet_stderr():
            landmarker = vision.PoseLandmarker.create_from_options(options)
        capture = cv2.VideoCapture(str(file))
        rate = capture.get(cv2.CAP_PROP_FPS)
        number = 0
        while True:
            ok, image = capture.read()
            if not ok:
                break
            picture = mediapipe.Image(
                image_format=mediapipe.ImageFormat.SRGB,
                data=cv2.cvtColor(image, cv2.COLOR_BGR2RGB),
            )
            landmarker.detect_for_video(picture, round(number * 1000 / rate))
            number += 1
        capture.release()
        with quiet_stderr():
            landmarker.close()
        count += number
    return count, time.perf_counter() - begin


def bare_rate(files: Iterable[Path]) -> float:
    """Frames a second."""
    count, took = bare_loop(files)
    return count / took
