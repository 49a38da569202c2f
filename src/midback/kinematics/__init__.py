"""Landmarks and contours in, angles with their error and measurability out. Pure functions."""

from midback.kinematics.registry import ANGLES, AngleSpec

__all__ = ["ANGLES", "AngleSpec"]
