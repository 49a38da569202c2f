"""Recordings damaged in every way that we could think of, the same ones for the same seed."""
