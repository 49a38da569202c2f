from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, get_args

import cv2
import numpy as np
import pytest
from cli import ROOT, midback, refusal

from midback.apps import where
from midback.errors import InputError
from midback.exercises import find, names
from midback.exercises.schema import ViewName
from midback.kinematics import ANGLES
from midback.kinematics.view import Posture
from midback.phantom.placing import PLACINGS, place
from midback.phantom.skeleton import SIDES, forward, joints

PICTURES = ROOT / "src/midback/exercises/where"
ROWS = (
    where.Row("seated", "side", "thoracic_extension", "deg", 2.6, 5.4, 36, 6),
    where.Row("seated", "front", "thoracic_rotation", "deg", 5.0, 9.8, 24, 6),
    where.Row("all_fours", "side", "lumbar_arch", "deg", 2.0, 4.0, 30, 6),
    where.Row("all_fours", "side", "hip_shift", "% trunk", 0.5, 1.0, 30, 6),
)


def own_exercise(folder: Path, **changes: str) -> Path:
    """Seated extension as an own file, with other words in some fields."""
    text = (ROOT / "src/midback/exercises/seated_thoracic_extension.toml").read_text("utf-8")
    for key, value in {"name": '"mine"', **changes}.items():
        (line,) = [each for each in text.splitlines() if each.startswith(f"{key} =")][:1]
        text = text.replace(line, f"{key} = {value}", 1)
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", sorted(set(names()) - set(PLACINGS)))
def test_an_exercise_without_a_picture_says_its_place_itself(name: str) -> None:
    exercise = find(name)
    found, picture = where.place_of(exercise)
    assert exercise.place is not None
    assert (found.posture, found.view, picture) == (exercise.posture, exercise.views[0], None)
    done = midback("where", name)
    text = " ".join(done.stdout.split())
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Put the camera {exercise.place.distance_m:g} m " in text
    assert exercise.place.level in text
    assert "in the picture." not in text.split("Remember")[0]
    assert text.endswith("Picture: none for this view")
    if exercise.posture == "side_lying":
        assert "so that it sees you from head to feet" in text


@pytest.mark.parametrize("name", PLACINGS)
def test_a_drawn_exercise_has_a_place_and_a_small_picture(name: str) -> None:
    exercise = find(name)
    found, picture = where.place_of(exercise)
    assert (found.posture, found.view, picture) == (exercise.posture, exercise.views[0], name)
    file = PICTURES / f"{name}.png"
    assert file.stat().st_size <= 60_000
    image = cv2.imread(str(file))
    assert image is not None
    assert image.shape == (526, 1008, 3)
    assert len(np.unique(image.reshape(-1, 3), axis=0)) > 100


@pytest.mark.parametrize("name", PLACINGS)
def test_the_places_are_those_of_the_phantom(name: str) -> None:
    assert where.places()[name] == where.Place(**place(PLACINGS[name]))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", PLACINGS)
def test_all_of_the_body_stays_in_the_picture(name: str) -> None:
    placing = PLACINGS[name]
    who = placing.case.who
    camera = placing.camera(who)
    for pose in (placing.start, placing.far(placing.case)):
        frames = forward(who, pose)
        hands = [frames.at(f"hand_{side}", np.array([0.0, -0.18, 0.0])) for side in SIDES]
        points = camera.project(np.array([*joints(who, frames).values(), *hands]))
        assert (points > 10).all()
        assert (points < np.array(camera.size) - 10).all()


def test_the_hands_and_toes_of_a_plank_stay_and_carry() -> None:
    placing = PLACINGS["push_up"]
    who = placing.case.who
    high, low = (
        joints(who, forward(who, pose)) for pose in (placing.start, placing.far(placing.case))
    )
    for joint in ("left_wrist", "right_wrist", "left_ankle", "right_ankle"):
        assert np.linalg.norm(high[joint] - low[joint]) < 0.06, joint
        assert 0.0 < high[joint][1] < 0.25
    assert high["left_shoulder"][1] - low["left_shoulder"][1] > 0.2
    line = high["left_ankle"] - high["left_shoulder"]
    hip = high["left_hip"] - high["left_shoulder"]
    off_the_line = hip - line * (hip @ line) / (line @ line)
    assert abs(off_the_line[1]) < 0.06


@pytest.mark.parametrize("posture", get_args(Posture))
@pytest.mark.parametrize("view", get_args(ViewName))
def test_every_posture_and_view_has_a_place(posture: str, view: str) -> None:
    exercise = find("squat").model_copy(update={"posture": posture, "views": (view,)})
    found, picture = where.place_of(exercise)
    assert (found.posture, found.view) == (posture, view)
    assert 2.0 < found.distance_m < 4.0
    assert 0.2 < found.height_m < 1.2
    assert picture is None or where.places()[picture] == found


def test_what_the_view_cannot_see_is_not_measured_from_there() -> None:
    squat = find("squat")
    front = squat.model_copy(update={"views": ("front",)})
    assert where.status(squat, "knee_valgus") == "not from there"
    assert where.status(front, "knee_valgus") == "measured"
    assert where.status(squat, "knee_flexion") == "measured"
    assert where.status(front, "knee_flexion") == "stand-in"
    assert where.status(front, "thoracic_extension") == "not from there"
    assert where.status(squat, "thoracic_rotation") == "not from there"
    assert where.status(front, "thoracic_rotation") == "stand-in"
    assert where.status(front, "arm_elevation_left") == "measured"


def test_the_back_under_a_lifted_limb_is_a_stand_in_without_an_error() -> None:
    bird_dog, cat_cow = find("bird_dog"), find("cat_cow")
    assert where.status(bird_dog, "lumbar_arch") == "stand-in"
    assert where.status(cat_cow, "lumbar_arch") == "measured"
    assert where.error_of(bird_dog, "lumbar_arch", ROWS).startswith("not measured")
    assert where.error_of(cat_cow, "lumbar_arch", ROWS) == "±4.0° (30 repetitions, 6 bodies)"


def test_the_error_is_that_of_the_posture_and_the_view() -> None:
    seated = find("seated_thoracic_extension")
    front = seated.model_copy(update={"views": ("front",)})
    assert where.error_of(seated, "thoracic_extension", ROWS) == "±5.4° (36 repetitions, 6 bodies)"
    assert where.error_of(seated, "thoracic_rotation", ROWS).startswith("not measured on bodies")
    assert where.error_of(front, "thoracic_rotation", ROWS).startswith("±9.8°")
    assert where.error_of(find("cat_cow"), "hip_shift", ROWS).startswith("±1.0 % of trunk length (")


def test_a_placeholder_shows_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    document: dict[str, Any] = {"made_by": "placeholder", "rows": [asdict(ROWS[0])]}
    monkeypatch.setattr(where, "_document", lambda name: document)
    assert where.rows() is None
    assert where.error_of(find("squat"), "knee_flexion", None) == "error not measured yet"
    document["made_by"] = "benchmarks/accuracy.py"
    assert where.rows() == (ROWS[0],)


def test_the_shipped_errors_can_be_read() -> None:
    for row in where.rows() or ():
        assert row.posture in get_args(Posture)
        assert row.view in get_args(ViewName)
        assert row.angle in ANGLES
        assert 0 < row.rmse <= row.half_width_95 * 2
        assert row.repetitions >= row.bodies > 0


def test_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = midback("where", "bird_dog")
    assert (done.returncode, done.stderr) == (0, "")
    text = " ".join(done.stdout.split())
    assert "Put the camera 3 m to your left or right, exactly side-on" in text
    assert "60 cm above the floor: the height of your back." in text
    assert find("bird_dog").camera in text
    assert "Not from there" not in text  # a trunk that points at the camera shows no turn either
    assert "stand-in" in text
    assert text.endswith("Picture: where-bird_dog.png")
    written = (tmp_path / "where-bird_dog.png").read_bytes()
    assert written == (PICTURES / "bird_dog.png").read_bytes()
    assert [file.name for file in tmp_path.iterdir()] == ["where-bird_dog.png"]


def test_what_needs_another_view_is_told(tmp_path: Path) -> None:
    text = " ".join(midback("where", "squat", "--picture", tmp_path / "a.png").stdout.split())
    assert (
        "Not from there, but from the front or the back: Knee inwards, Distance of the knees."
        in text
    )


def test_an_own_exercise(tmp_path: Path) -> None:
    file = own_exercise(tmp_path, title='"My [bold] stretch"')
    done = midback("where", file, "--picture", tmp_path / "mine.png")
    assert done.returncode == 0
    assert "My [bold] stretch" in done.stdout
    assert "90 cm above the floor: the height of your chest" in " ".join(done.stdout.split())
    shown = (tmp_path / "mine.png").read_bytes()
    assert shown == (PICTURES / "seated_thoracic_extension.png").read_bytes()


def test_a_view_nobody_has_drawn_has_a_place_but_no_picture(tmp_path: Path) -> None:
    file = own_exercise(tmp_path, views='["back"]')
    done = midback("where", file, "--picture", tmp_path / "mine.png")
    text = " ".join(done.stdout.split())
    assert "behind you" in text
    assert (
        "Not from there, but from the side: Upper back extension, Lower back arch, Head position."
        in text
    )
    assert text.endswith("Picture: none for this view")
    assert not (tmp_path / "mine.png").exists()


def test_the_picture_is_written_again_where_it_is(tmp_path: Path) -> None:
    for _ in range(2):
        where.show_where("squat", tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes() == (PICTURES / "squat.png").read_bytes()


def test_a_file_of_someone_else_is_not_replaced_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    photo = tmp_path / "where-squat.png"
    photo.write_bytes(b"holiday")
    assert "where-squat.png: is another file already" in refusal("where", "squat")
    assert photo.read_bytes() == b"holiday"
    done = midback("where", "squat", "--picture", "where-squat.png")
    assert "Picture: where-squat.png (replaced the file that was there)" in done.stdout
    assert photo.read_bytes() == (PICTURES / "squat.png").read_bytes()


@pytest.mark.parametrize(
    ("picture", "told"),
    [
        ("a.jpg", "name a file that ends in .png"),
        ("no/such/a.png", "no such folder"),
        ("folder.png", "is a folder"),
    ],
)
def test_a_picture_that_cannot_be_written_is_one_line(
    tmp_path: Path, picture: str, told: str
) -> None:
    (tmp_path / "folder.png").mkdir()
    assert told in refusal("where", "squat", "--picture", tmp_path / picture)


def test_a_picture_is_never_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> int:
        path.touch()
        raise OSError(28, "No space left on device")

    target = tmp_path / "a.png"
    target.write_bytes(b"before")
    with monkeypatch.context() as broken:
        broken.setattr(Path, "write_bytes", full)
        with pytest.raises(InputError, match="the disk is full"):
            where.show_where("squat", target)
    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("name", ["birddog", "bird-dgo", "nothing like it"])
def test_an_unknown_exercise_is_one_line(name: str) -> None:
    assert "bird_dog" in refusal("where", name)


def test_it_runs_without_the_extra_and_imports_nothing_heavy(tmp_path: Path) -> None:
    blocked = ("vtk", "skimage", "av", "mediapipe", "cv2")
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({blocked!r}))\n"
        "from midback.apps.cli import main\n"
        f"sys.exit(main(['where', 'squat', '--picture', {str(tmp_path / 'a.png')!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "a.png").is_file()


def test_the_errors_and_places_name_what_made_them() -> None:
    for name in ("where.json", "places.json"):
        assert json.loads((PICTURES / name).read_text("utf-8"))["made_by"]


def test_the_place_of_an_unknown_view_keeps_the_numbers() -> None:
    side = where.places()["prone_extension"]
    back = find("prone_extension").model_copy(update={"views": ("back",)})
    assert where.place_of(back) == (replace(side, view="back"), None)
