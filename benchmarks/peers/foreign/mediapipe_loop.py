"""The bare loop around MediaPipe: read, convert, `detect_for_video`. Nothing is made of it.

argv[3]: the weights, argv[4]: how many frames.
"""

from __future__ import annotations

import sys

import cv2
import mediapipe as mp
from mediapipe.tasks.python import BaseOptions, vision

from peers.foreign.job import FOLDER, report


def analyse() -> int:
    """How often a person was found."""
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=sys.argv[3]),
        running_mode=vision.RunningMode.VIDEO,
    )
    video = cv2.VideoCapture(str(FOLDER))
    found = 0
    with vision.PoseLandmarker.create_from_options(options) as landmarker:
        for _ in range(int(sys.argv[4])):
            good, picture = video.read()
            if not good:
                break
            at_ms = int(video.get(cv2.CAP_PROP_POS_MSEC))
            rgb = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
            image = mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb)
            found += bool(landmarker.detect_for_video(image, at_ms).pose_landmarks)
    return found


if __name__ == "__main__":
    report(analyse, lambda found: ({}, {"found": found}), ("mediapipe",))
