from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import tomllib
from importlib import resources
from pathlib import Path

import pytest

import midback

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_one_distribution_owns_cv2() -> None:
    assert set(importlib.metadata.packages_distributions()["cv2"]) == {"opencv-python"}


def test_mediapipe_is_the_version_whose_library_is_called() -> None:
    """The one before frees its messages otherwise, the one after replaces OpenCV."""
    (wanted,) = [d for d in PROJECT["project"]["dependencies"] if d.startswith("mediapipe")]
    assert wanted == "mediapipe==0.10.31"


def test_the_version_is_written_once() -> None:
    assert importlib.metadata.version("midback") == midback.__version__
    assert "version" in PROJECT["project"]["dynamic"]


def test_the_changelog_knows_the_version() -> None:
    assert f"## {midback.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_licence_is_the_whole_apache_licence() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert "MediaPipe Authors" in (ROOT / "NOTICE").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    [
        "session.schema.json",
        "py.typed",
        "exercises/squat.toml",
        "apps/live/web/static/index.html",
        "apps/live/web/static/live.css",
        "apps/live/web/static/live.js",
    ],
)
def test_data_files_ship_in_the_package(name: str) -> None:
    assert resources.files("midback").joinpath(name).is_file()


def test_the_demo_clip_is_put_into_the_wheel() -> None:
    included = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for source, target in included.items():
        clip = ROOT / source
        assert clip.is_file()
        assert clip.stat().st_size < 1_000_000
        assert target.startswith("midback/samples/")


def test_no_machine_path_or_open_end_in_the_tree() -> None:
    words = re.compile(
        "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "/work" + "/", "/ro" + "ot/"])
    )
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    names = [
        n
        for n in listed.stdout.splitlines()
        if Path(n).suffix not in (".mp4", ".png", ".jpg", ".npz")
    ]
    files = [ROOT / name for name in names if (ROOT / name).is_file()]
    assert len(files) > 20
    assert [str(f) for f in files if words.search(f.read_text(encoding="utf-8"))] == []


def test_the_scripts_are_well_formed() -> None:
    for script, shell in ((".ci/run", "bash"), (".ci/python", "sh")):
        subprocess.run([shell, "-n", str(ROOT / script)], check=True)
    assert os.access(ROOT / ".ci/run", os.X_OK)
    text = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert text.rstrip().endswith("make check\nmake test")


def test_an_old_python_gets_a_clear_sentence(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", str(ROOT / ".ci/python")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr


@pytest.mark.parametrize("target", ["demo", "test", "check", "bench", "samples"])
def test_make_has_the_target(target: str) -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}: ", text, re.MULTILINE)
    assert f"make {target}" in (ROOT / "README.md").read_text(encoding="utf-8")
