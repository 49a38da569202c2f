"""Landmarks that another system measured, brought into midback's own poses.

A reader (trc, c3d_file, openpose, arrays) gives `Markers`; a `Mapping` says which of them make
midback's landmarks; `camera` looks at the body through a virtual camera. `open_landmarks` does all.
"""

from midback.landmarks.mapping import Mapping, find_mapping
from midback.landmarks.source import Landmarks, is_landmarks, open_landmarks

__all__ = ["Landmarks", "Mapping", "find_mapping", "is_landmarks", "open_landmarks"]
