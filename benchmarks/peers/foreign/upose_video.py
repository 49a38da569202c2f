"""upose on a video, as its README does it: MediaPipe's older `solutions.pose`, then the angles.

Its weights come with that MediaPipe. argv[4]: how many frames.
"""

from __future__ import annotations

import sys
from typing import Any

import cv2
import mediapipe as mp
import numpy as np
from upose import UPose

from peers.foreign.job import FOLDER, report


def analyse() -> list[Any]:
    """Nineteen Euler angles of every frame with a person."""
    tracker = UPose(source="mediapipe")
    video = cv2.VideoCapture(str(FOLDER))
    rows: list[Any] = []
    with mp.solutions.pose.Pose() as pose:
        for _ in range(int(sys.argv[4])):
            good, picture = video.read()
            if not good:
                break
            result = pose.process(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
            tracker.newFrame(result)
            if result.pose_world_landmarks:
                rows.append(tracker.getAngleVector())
    return rows


if __name__ == "__main__":
    report(analyse, lambda rows: ({"angles": np.ravel(rows)}, {}), ("upose", "mediapipe"))
