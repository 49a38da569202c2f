"""What earlier sets tell a new one, and results that cannot tell it."""

import json
from pathlib import Path
from typing import Any

import pytest

from midback.apps.earlier import read_earlier
from midback.errors import InputError
from midback.exercises import find
from midback.form.earlier import history_from
from midback.form.history import USUAL_DOF, Prior

BIRD_DOG = find("bird_dog")


def rep(index: int, arch: float | None, *, side: str = "left", complete: bool = True) -> Any:
    return {"index": index, "side": side, "complete": complete, "values": {"lumbar_arch": arch}}


def document(**changes: Any) -> dict[str, Any]:
    reps = [rep(1, 1.0), rep(2, 5.0), rep(3, None), rep(4, 90.0, complete=False), rep(5, 80.0)]
    whole = {"schema": "midback.session/1", "exercise": "bird_dog", "stop": {"rep": 5}}
    return whole | {"reps": reps} | changes


def usual(squares: float, dof: int) -> float:
    """The spread of the low back's arch, drawn towards the usual one."""
    sd = BIRD_DOG.feature("lumbar_arch").sd
    return float(((USUAL_DOF * sd**2 + squares) / (USUAL_DOF + dof)) ** 0.5)


def written(tmp_path: Path, content: object) -> Path:
    path = tmp_path / "set.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_only_complete_repetitions_before_the_stop_count(tmp_path: Path) -> None:
    found = read_earlier([written(tmp_path, document())], BIRD_DOG)
    assert found.prior("left", "lumbar_arch") == Prior(3.0, usual(8.0, 1))
    assert found.prior("right", "lumbar_arch") is None


def test_sides_and_sets_are_kept_apart() -> None:
    first = [(side, {"lumbar_arch": value}) for side, value in [("left", 1.0), ("right", 9.0)] * 2]
    found = history_from(BIRD_DOG, [first, [(side, {"lumbar_arch": 5.0}) for side, _ in first]])
    assert [found.prior(side, "lumbar_arch") for side in ("left", "right")] == [
        Prior(3.0, usual(0.0, 2)),
        Prior(7.0, usual(0.0, 2)),
    ]
    assert not history_from(BIRD_DOG, [])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is no result of midback"),
        ("[" * 100_000, "is no result of midback"),
        ({"schema": "else/1"}, "is no result of midback"),
        (document(exercise="squat"), "is a set of squat, not of bird_dog"),
        (document(reps=[{"index": 1, "complete": True, "side": None}]), "score that set again"),
        (document(reps=[rep(1, 1.0) | {"values": {"lumbar_arch": "x"}}]), "score that set again"),
        (document(stop=3), "score that set again"),
    ],
)
def test_what_cannot_serve_is_named(tmp_path: Path, content: object, said: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(InputError, match=said) as caught:
        read_earlier([path], BIRD_DOG)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.json"):
        read_earlier([tmp_path / "nowhere.json"], BIRD_DOG)
