from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from midback.errors import InputError
from midback.exercises import ExerciseError, find, load, names
from midback.exercises.lines import line_numbers, line_of
from midback.kinematics.registry import ANGLES

SHIPPED = Path(__file__).parents[1] / "src/midback/exercises"
_SEEN = {"side": "side", "front": "frontal", "back": "frontal"}
BIRD_DOG = (SHIPPED / "bird_dog.toml").read_text(encoding="utf-8")


def changed(folder: Path, *swaps: tuple[str, str]) -> Path:
    """A copy of bird_dog.toml with some text replaced."""
    text = BIRD_DOG
    for before, after in swaps:
        assert before in text
        text = text.replace(before, after, 1)
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def line_with(path: Path, text: str, nth: int = 1) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [number for number, line in enumerate(lines, 1) if text in line][nth - 1]


def mistakes(path: Path) -> list[str]:
    with pytest.raises(ExerciseError) as caught:
        load(path)
    return [mistake.removeprefix(f"{path}:") for mistake in caught.value.mistakes]


def test_the_exercises_ship() -> None:
    assert names() == (
        "bird_dog",
        "cat_cow",
        "kneeling_thoracic_extension",
        "prone_extension",
        "push_up",
        "quadruped_rotation",
        "seated_rotation",
        "seated_thoracic_extension",
        "segmental_bridge",
        "side_lying_leg_lift",
        "side_plank",
        "squat",
        "standing_row",
        "wall_slide",
    )


@pytest.mark.parametrize("name", names())
def test_a_shipped_exercise_is_complete(name: str) -> None:
    exercise = find(name)
    assert exercise.name == name
    assert exercise.easier
    assert exercise.harder
    assert "E6" in exercise.source
    if exercise.kind == "reps":
        assert exercise.feature("range").angle == exercise.primary.angle
    watched = [exercise.primary.angle, *(feature.angle for feature in exercise.features)]
    assert all(ANGLES[angle].fits(exercise.posture) for angle in watched)
    assert {ANGLES[angle].view for angle in watched} & {"any", _SEEN[exercise.views[0]], "turned"}
    assert sum(feature.weight for feature in exercise.features) <= 100
    assert all(feature.red is not None for feature in exercise.features)
    assert all("!" not in f.cue and len(f.cue) <= 60 for f in exercise.features)


def test_the_mask_is_computed_only_where_the_back_is_watched() -> None:
    assert {name: find(name).needs_silhouette for name in names()} == {
        "bird_dog": True,
        "cat_cow": True,
        "kneeling_thoracic_extension": True,
        "prone_extension": True,
        "push_up": False,
        "quadruped_rotation": False,
        "seated_rotation": False,
        "seated_thoracic_extension": True,
        "segmental_bridge": False,
        "side_lying_leg_lift": False,
        "side_plank": False,
        "squat": False,
        "standing_row": False,
        "wall_slide": False,
    }


def test_an_own_file_is_found_by_its_path(tmp_path: Path) -> None:
    path = changed(tmp_path, ('name = "bird_dog"', 'name = "my_dog"'))
    assert find(str(path)).name == "my_dog"


@pytest.mark.parametrize(
    ("given_name", "offered"),
    [("birddog", "bird_dog"), ("Cat-Cow", "cat_cow"), ("squats", "squat")],
)
def test_an_unknown_name_offers_the_nearest(given_name: str, offered: str) -> None:
    with pytest.raises(InputError, match=f"did you mean {offered}"):
        find(given_name)


def test_a_name_like_none_lists_them_all() -> None:
    with pytest.raises(InputError, match=r"there are bird_dog, .*squat"):
        find("zzz")


@pytest.mark.parametrize("name", ["missing.toml", "no/such/file.toml", "."])
def test_a_file_that_cannot_be_read(name: str) -> None:
    with pytest.raises(InputError, match=r"cannot read the exercise file|unknown exercise"):
        find(name)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "picture.toml"
    path.write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(InputError, match="not UTF-8"):
        load(path)


@pytest.mark.parametrize(
    ("swap", "place", "nth", "words"),
    [
        (('posture = "all_fours"', "posture = 3"), "posture", 1, "posture: must be 'standing',"),
        (("min_rom = 45.0", "min_rom = 200.0"), "typical_rom", 1, "must be greater than min_rom"),
        (("min_s = 0.8", "min_s = 30.0"), "max_s", 1, "max_s: must be greater than min_s (30)"),
        (("max_s = 20.0", 'max_s = "20"'), "max_s", 1, "timing.max_s: should be a valid number"),
        (("red = 15.0", "red = 8.0"), "red = 8.0", 1, "[2].red: must be greater than amber (8)"),
        (("floor = 4.0", "floor = 0"), "floor = 0", 1, "[2].floor: should be greater than 0"),
        (("floor = 4.0", "floor = 9"), "amber = 8.0", 1, "[2].amber: must be at least floor (9)"),
        (("sd = 2.2", "sd = nan"), "sd = nan", 1, "[2].sd: should be a finite number"),
        (
            ("max_s = 20.0", "mx_s = 20.0"),
            "mx_s",
            1,
            "timing.mx_s: is no field here; did you mean max_s?",
        ),
        (('region = "core"', 'region = "nose"'), '"nose"', 1, "[2].region: must be 'hips',"),
        (
            ('angle = "lumbar_arch"', 'angle = "x"'),
            '"x"',
            1,
            "[2].angle: is no angle midback knows",
        ),
        (
            ('name = "head"', 'name = "range"'),
            '"range"',
            2,
            "[5].name: 'range' is used by a feature",
        ),
        (('unit = "% back"', 'unit = "deg"'), 'unit = "deg"', 3, "[3].unit: must be the unit of"),
        (('views = ["side"]', "views = []"), "views", 1, "views: "),
        (('views = ["side"]', 'views = ["side", "top"]'), "views", 1, "views[2]: must be 'side',"),
        (("easier = [", "easiest = ["), "easiest", 1, "is no field here; did you mean easier?"),
    ],
)
def test_a_mistake_names_file_line_and_field(
    tmp_path: Path, swap: tuple[str, str], place: str, nth: int, words: str
) -> None:
    path = changed(tmp_path, swap)
    found = mistakes(path)
    assert len(found) == 1
    assert found[0].startswith(f"{line_with(path, place, nth)}: ")
    assert words in found[0]


def test_a_missing_field_points_at_its_table(tmp_path: Path) -> None:
    path = changed(tmp_path, ("sd = 2.2\n", ""))
    assert mistakes(path) == [f"{line_with(path, '[[features]]', 2)}: features[2].sd: is missing"]


def test_every_mistake_is_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = changed(
        tmp_path,
        ("red = 15.0", "red = 1.0"),
        ('title = "Bird dog"', "title = 7"),
        ('name = "head"', 'name = "range"'),
        ('direction = "increase"', 'direction = "up"'),
    )
    found = mistakes(path)
    lines = [int(mistake.partition(":")[0]) for mistake in found]
    assert len(found) == 4
    assert lines == sorted(lines)
    with pytest.raises(InputError, match="and 3 more: midback exercises check"):
        load(path)


@pytest.mark.parametrize(
    ("text", "line"), [("a = 1\nb = \n", 2), ('a = "x\n', 1), ("a = 1\na = 2\n", 2), ("[x\n", 1)]
)
def test_broken_toml_names_its_line(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(text, encoding="utf-8")
    found = mistakes(path)
    assert found[0].startswith(f"{line}: ")
    assert "not valid TOML" in found[0]


def test_an_empty_file_misses_what_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "empty.toml"
    path.write_text("", encoding="utf-8")
    assert any("name: is missing" in mistake for mistake in mistakes(path))


def test_features_that_are_no_tables(tmp_path: Path) -> None:
    path = tmp_path / "odd.toml"
    path.write_text('features = ["range", 3]\n', encoding="utf-8")
    assert any(m.startswith("1: features[2]") for m in mistakes(path))


LAYOUT = """\
# a comment with [brackets] and "quotes
name = "x" # = not a key
"quoted key" = '''
[not.a.table]
'''
list = [
  "a", # ]
  "b",
]
inline = { a = 1, b = [1,
  2] }
a.b.c = 1

[table]
text = \"\"\"
key = 1 \\\"\"\" still
\"\"\"
[[rows]]
v = 1
[rows.sub]
w = 2
[[rows]]
v = 3
"""


def test_lines_of_every_kind_of_key() -> None:
    numbers = line_numbers(LAYOUT)
    assert numbers == {
        ("name",): 2,
        ("quoted key",): 3,
        ("list",): 6,
        ("inline",): 10,
        ("a",): 12,
        ("a", "b"): 12,
        ("a", "b", "c"): 12,
        ("table",): 14,
        ("table", "text"): 15,
        ("rows",): 18,
        ("rows", 0): 18,
        ("rows", 0, "v"): 19,
        ("rows", 0, "sub"): 20,
        ("rows", 0, "sub", "w"): 21,
        ("rows", 1): 22,
        ("rows", 1, "v"): 23,
    }
    assert line_numbers(LAYOUT.replace("\n", "\r\n")) == numbers
    assert line_of(numbers, ("rows", 1, "missing")) == 22
    assert line_of(numbers, ("nowhere",)) == 1


@given(st.text(max_size=200))
def test_the_scanner_takes_any_text(text: str) -> None:
    last = text.count("\n") + 1
    assert all(1 <= line <= last for line in line_numbers(text).values())


def test_units_agree_with_the_angles() -> None:
    for name in names():
        exercise = find(name)
        assert exercise.primary.unit == ANGLES[exercise.primary.angle].unit


def test_a_wrong_view_is_one_mistake(tmp_path: Path) -> None:
    path = changed(tmp_path, ('views = ["side"]', 'views = ["sid"]'))
    (found,) = mistakes(path)
    assert "views[1]: must be 'side', 'front' or 'back', is 'sid'" in found


def test_no_view_at_all_is_a_mistake(tmp_path: Path) -> None:
    (found,) = mistakes(changed(tmp_path, ('views = ["side"]', "views = []")))
    assert "views: " in found
    assert "at least 1" in found


def test_a_file_of_windows_notepad_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(BIRD_DOG, encoding="utf-8-sig")
    assert load(path) == find("bird_dog")


def test_an_unknown_name_is_answered_in_plain_sentences() -> None:
    with pytest.raises(InputError, match=r"there are .*wall_slide\. See: midback"):
        find("zzzzz")
    with pytest.raises(InputError, match=r"did you mean squat\? See: midback"):
        find("sqat")


def test_a_hold_is_an_exercise_too() -> None:
    assert {name for name in names() if find(name).kind == "hold"} == {"side_plank"}


def test_a_wrong_place_names_its_field(tmp_path: Path) -> None:
    path = changed(
        tmp_path,
        ("[primary]", '[place]\ndistance_m = 30.0\nheigth_m = 1.0\nlevel = "hips"\n[primary]'),
    )
    found = mistakes(path)
    assert any("place.distance_m: should be less than or equal to 6" in line for line in found)
    assert any("place.heigth_m: is no field here; did you mean height_m?" in line for line in found)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("hip_sags = [-10.0, 5.0]", "no angle midback knows"),
        ("hip_sag = [5.0, -10.0]", "a lower and a higher value"),
    ],
)
def test_what_a_held_position_is_must_make_sense(tmp_path: Path, wrong: str, told: str) -> None:
    text = (SHIPPED / "side_plank.toml").read_text(encoding="utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(text.replace("hip_sag = [-10.0, 5.0]", wrong), encoding="utf-8")
    with pytest.raises(ExerciseError, match=told):
        load(path)
    path.write_text(text.replace('kind = "hold"', 'kind = "reps"'), encoding="utf-8")
    with pytest.raises(ExerciseError, match='goes with the kind "hold"'):
        load(path)
