"""Frames with true timestamps in, the chosen person's pose out."""
