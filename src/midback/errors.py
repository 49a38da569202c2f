"""The one error a user is meant to read."""

from __future__ import annotations


class InputError(Exception):
    """Something the user gave cannot be used. The message is one line: what, where, what to do."""
