from __future__ import annotations

import subprocess
import sys

import pytest

import midback


def test_the_exported_names() -> None:
    assert midback.__all__ == [
        "Exercise",
        "InputError",
        "Pose",
        "Result",
        "Scored",
        "Series",
        "Session",
        "find",
        "load",
        "score_source",
    ]


@pytest.mark.parametrize("name", midback.__all__)
def test_every_name_is_there_and_documented(name: str) -> None:
    assert getattr(midback, name).__doc__
    assert name in dir(midback)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        midback.nothing  # noqa: B018


def test_importing_midback_imports_nothing_else() -> None:
    code = "import sys, midback; print(*[m for m in ('numpy', 'cv2', 'typer') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_core_does_no_input_or_output() -> None:
    """Kinematics, form and session import neither OpenCV nor MediaPipe nor the apps."""
    code = (
        "import sys, midback.session; "
        "print(*[m for m in ('cv2', 'mediapipe', 'rich', 'typer', 'midback.apps') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
