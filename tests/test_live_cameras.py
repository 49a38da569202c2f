"""A camera by number or by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from midback.apps.live.cameras import source_of
from midback.errors import InputError


@pytest.fixture
def names(tmp_path: Path) -> Path:
    """As Linux has them: a laptop's camera, which shows itself twice, and two of a kind."""
    for number, name in enumerate(
        ["Integrated Camera", "Integrated Camera", "Logi C920", "Logi 4K"]
    ):
        folder = tmp_path / f"video{number}"
        folder.mkdir()
        (folder / "name").write_text(name + "\n")
    return tmp_path


@pytest.mark.parametrize(
    ("wanted", "source"),
    [
        ("camera", "camera:0"),
        ("camera:3", "camera:3"),
        ("1", "1"),
        ("a/film.mp4", "a/film.mp4"),
        ("camera:integrated", "camera:0"),
        ("camera:c920", "camera:2"),
    ],
)
def test_a_camera_is_found(wanted: str, source: str, names: Path) -> None:
    assert source_of(wanted, names) == source


def test_a_name_must_say_which(names: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"more than one camera .* camera:2 \(Logi C920\)"):
        source_of("camera:logi", names)
    with pytest.raises(InputError, match="no camera is called eye: there are camera:0"):
        source_of("camera:eye", names)
    with pytest.raises(InputError, match="give its number"):
        source_of("camera:eye", tmp_path / "nothing")
