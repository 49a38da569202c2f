from __future__ import annotations

import importlib.metadata
from pathlib import Path

import pytest
from cli import midback, refusal

from midback.apps import doctor
from midback.errors import InputError
from midback.vision import weights


def test_every_check_says_something() -> None:
    done = midback("doctor")
    names = [line.split()[1] for line in done.stdout.splitlines() if line[:1] in "✓✗!" and line]
    assert names == ["midback", "opencv", "mediapipe", "weights", "speed", "disk", "camera"]
    assert ("✗" in done.stdout) == (done.returncode == 2)
    assert "Traceback" not in done.stderr


def test_two_owners_of_cv2_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    owners = {"cv2": ["opencv-python", "opencv-contrib-python"]}
    monkeypatch.setattr(importlib.metadata, "packages_distributions", lambda: owners)
    check = doctor.check_opencv()
    assert not check.good
    assert "pip uninstall opencv-contrib-python" in check.words


@pytest.mark.parametrize(
    ("version", "good"),
    [("0.10.30", False), ("0.10.31", True), ("0.10.32", False), ("0.11.0", False)],
)
def test_another_mediapipe_is_refused(
    monkeypatch: pytest.MonkeyPatch, version: str, good: bool
) -> None:
    monkeypatch.setattr(importlib.metadata, "version", lambda _: version)
    assert doctor.check_mediapipe().good is good


def test_missing_and_damaged_weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bundle = tmp_path / "model.task"
    monkeypatch.setattr(weights, "cached_bundle", lambda: bundle)
    assert "midback model fetch" in doctor.check_weights(None).words
    bundle.write_bytes(b"half")
    assert "damaged" in doctor.check_weights(None).words
    assert not doctor.check_weights(None).good


def test_a_model_that_cannot_be_used_gets_no_tick(tmp_path: Path) -> None:
    garbage = tmp_path / "garbage.task"
    garbage.write_bytes(b"garbage" * 100)
    done = midback("doctor", "--model", garbage)
    lines = [line for line in done.stdout.splitlines() if line.startswith(("✓", "✗", "!"))]
    signs = {line.split()[1]: line[0] for line in lines}
    assert (done.returncode, signs["weights"], signs["speed"]) == (2, "✗", "!")
    assert "is not a pose landmarker" in refusal("model", "show", "--model", garbage)
    assert "is a folder" in refusal("model", "show", "--model", tmp_path)
    assert "is a folder" in midback("doctor", "--model", tmp_path).stdout


def test_a_check_that_fails_does_not_end_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> doctor.Check:
        raise ImportError("libGL.so.1: cannot open shared object file")

    def nowhere() -> doctor.Check:
        raise InputError("camera 0 gives no picture")

    monkeypatch.setattr(doctor, "check_opencv", broken)
    monkeypatch.setattr(doctor, "check_camera", nowhere)
    found = {check.name: check for check in doctor.checks(None)}
    assert "apt install libgl1" in found["opencv"].words
    assert not found["opencv"].good
    assert not found["camera"].needed
    assert doctor.run_doctor(None) == 2
