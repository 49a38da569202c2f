"""Repetitions, their features, the judgement of form and the score. No I/O, no clock."""
