"""`midback score --exercise auto` and `--caution` as a user meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli import ROOT, midback, refusal
from needs import needs_weights
from test_score import poses

CLEAN = ROOT / "sample_videos/bird_dog_clean.mp4"


@needs_weights
def test_auto_is_the_same_as_naming_it(tmp_path: Path) -> None:
    kept = tmp_path / "p.npz"
    done = midback("score", CLEAN, "-e", "auto", "--save-poses", kept, "--json", tmp_path / "a")
    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "a").read_text(encoding="utf-8"))
    assert document["exercise"] == "bird_dog"
    assert "Bird dog: " in done.stdout
    for name in ("bird_dog", "auto"):
        again = midback("score", kept, "-e", name, "--json", "-")
        assert again.returncode == 0, again.stderr
        assert json.loads(again.stdout) == document
    for caution in ("cautious", "stable"):
        other = midback("score", kept, "-e", "auto", "--caution", caution, "--json", "-")
        assert json.loads(other.stdout)["stop"] is None
    line = refusal("score", kept, "-e", "auto", "--seconds", "2")
    assert line == f"{kept}: {UNKNOWN}"


UNKNOWN = "the exercise was not recognised; tell which with --exercise NAME"


def test_what_is_no_exercise_is_asked_about_and_nothing_is_written(tmp_path: Path) -> None:
    source = poses(tmp_path / "p.npz")
    line = refusal("score", source, "-e", "auto", "--json", tmp_path / "o.json", "--out", tmp_path)
    assert "was not recognised" in line
    assert line.endswith("tell which with --exercise NAME")
    assert list(tmp_path.iterdir()) == [source]


def test_markers_are_not_recognised(tmp_path: Path) -> None:
    source = tmp_path / "walk.trc"
    source.write_text("x\n", encoding="utf-8")
    line = refusal("score", source, "-e", "auto", "--mapping", "plug_in_gait")
    assert "name the --exercise" in line


@pytest.mark.parametrize("given", ["brave", "Normal", ""])
def test_a_caution_that_is_none_is_one_line(tmp_path: Path, given: str) -> None:
    line = refusal("score", poses(tmp_path / "p.npz"), "-e", "squat", "--caution", given)
    assert f"'--caution': '{given}' is not one of" in line
    assert "cautious" in line
    assert "stable" in line
