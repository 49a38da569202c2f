"""Whole sets of every exercise with known truth: clean, or with the breakdown typical of it."""
