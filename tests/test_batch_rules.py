"""Which exercise a recording shows, which files are recordings, and how a job is known again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from midback.apps.batch.choice import is_folder_of_recordings
from midback.apps.batch.content import content_of
from midback.apps.batch.finding import find_recordings
from midback.apps.batch.job import Done, Job, Settings
from midback.apps.batch.listing import Listed, read_list
from midback.apps.batch.results import MARK
from midback.apps.batch.rules import Rules
from midback.errors import InputError
from midback.sides import Side


def rules(
    default: str = "auto",
    folder: str = "in",
    side: Side | None = None,
    listed: Mapping[str, Listed] | None = None,
) -> Rules:
    return Rules(listed or {}, default, side, folder)


@pytest.mark.parametrize(
    ("name", "exercise"),
    [
        ("bird_dog/a.mp4", "bird_dog"),
        ("Bird Dog/a.mp4", "bird_dog"),
        ("anna-bird-dog-01.mp4", "bird_dog"),
        ("x/2026 CAT_COW.MOV", "cat_cow"),
        ("bird_dog/squat01.mp4", "squat"),
        ("bird_dog/monday/1.mp4", "bird_dog"),
        ("seated_rotation.v2.mp4", "seated_rotation"),
        ("squatting.mp4", "auto"),
        ("bird_dog/squat or push-up.mp4", "bird_dog"),
        ("a.bird_dog", "auto"),
        ("1.mp4", "auto"),
    ],
)
def test_names_tell_the_exercise(name: str, exercise: str) -> None:
    assert rules().of(name)[0] == exercise


def test_the_folder_itself_tells_then_the_default() -> None:
    assert rules("squat", folder="side-plank").of("1.mp4")[0] == "side_plank"
    assert rules("squat").of("1.mp4")[0] == "squat"


def test_the_list_comes_first_and_may_leave_it_open() -> None:
    listed = {"a/squat.mp4": Listed("bird_dog", None), "b/squat.mp4": Listed("", "left")}
    assert rules(listed=listed).of("a/squat.mp4") == ("bird_dog", None)
    assert rules(listed=listed).of("b/squat.mp4") == ("squat", "left")


def test_the_side_of_all_is_for_exercises_of_one_side() -> None:
    assert rules(side="left").of("side_plank.mp4") == ("side_plank", "left")
    assert rules(side="left").of("squat.mp4") == ("squat", None)


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_list_is_read_as_spreadsheets_write_it(tmp_path: Path, separator: str) -> None:
    lines = ["File,Exercise,Side,Person", "a b.mp4,Bird dog,,Zoe", "sub\\c.mp4,side-plank,Left,"]
    lines += [",,,", '"e, f.mp4"']
    text = "\r\n".join(lines[:4]).replace(",", separator) + "\r\n" + lines[4]
    full = str(tmp_path / "in/d.mp4") + separator + "mine/own.toml"
    path = tmp_path / "list.csv"
    path.write_text(f"{text}\r\n{full}\r\n", encoding="utf-8-sig", newline="")
    assert read_list(path, tmp_path / "in") == {
        "a b.mp4": Listed("bird_dog", None, "Zoe"),
        "sub/c.mp4": Listed("side_plank", "left"),
        "d.mp4": Listed(str(tmp_path / "mine/own.toml")),
        "e, f.mp4": Listed(""),
    }


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "needs the columns"),
        (b"a.mp4,squat\n", "needs the columns"),
        (b"file,exercise,side\na.mp4,squat,up\n", "line 2: side is 'up'"),
        (b"\xff\xfe\x00", "is no list"),
        (b"file,exercise\n" + b"x" * 200_000 + b",squat\n", "is no list"),
    ],
)
def test_a_list_that_is_none_is_one_line(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "list.csv").write_bytes(content)
    with pytest.raises(InputError, match=told) as caught:
        read_list(tmp_path / "list.csv", tmp_path)
    assert "\n" not in str(caught.value)


def touched(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def test_what_is_a_recording(tmp_path: Path) -> None:
    touched(tmp_path, "b.MP4", "a/x.npz", "a/y.trc", "a/z.jpg", "a/.h.mp4", ".git/i.mp4")
    touched(tmp_path, "out/old.mp4", f"earlier/{MARK}", "earlier/sets/poses.npz", "README")
    found = find_recordings(tmp_path, tmp_path / "out", None)
    assert found.names == ("a/x.npz", "b.MP4")
    assert dict(found.left_out) == {".trc": 1, ".jpg": 1, "no ending": 1}
    assert "a/y.trc" in find_recordings(tmp_path, tmp_path / "out", "plug_in_gait").names


def test_pictures_alone_are_one_recording(tmp_path: Path) -> None:
    touched(tmp_path, "1.png", "2.png")
    assert not is_folder_of_recordings(str(tmp_path), None)
    touched(tmp_path, "sub/a.mp4")
    assert is_folder_of_recordings(str(tmp_path), None)


def job(path: Path, exercise: str = "squat", name: str = "a", **settings: str) -> Job:
    kept = Settings(**settings)  # type: ignore[arg-type]
    return Job.of(name, path, exercise, None, kept, content_of(path), path.parent)


def test_a_job_is_its_content_and_settings(tmp_path: Path) -> None:
    first = touched(tmp_path, "a.npz") / "a.npz"
    same = touched(tmp_path, "b/c.npz") / "b/c.npz"
    other = tmp_path / "d.npz"
    other.write_bytes(b"x")
    key = job(first).key
    assert job(same, name="b").key == key
    assert job(first, model_sha256="1").key == key  # poses: nothing looks at pictures
    different = [
        job(other),
        job(first, exercise="bird_dog"),
        job(first, exercise="auto"),
        job(first, caution="stable"),
        job(first, mapping="kinect_v2"),
    ]
    assert len({key, *(one.key for one in different)}) == 6


def test_an_own_exercise_that_was_changed_is_another_job(tmp_path: Path) -> None:
    from importlib import resources

    text = (resources.files("midback.exercises") / "squat.toml").read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    recording = touched(tmp_path, "a.npz") / "a.npz"
    own.write_text(text, encoding="utf-8")
    before = job(recording, exercise=str(own)).key
    own.write_text(text.replace('title = "', 'title = "My '), encoding="utf-8")
    assert job(recording, exercise=str(own)).key != before


def test_places_differ_and_are_never_too_long(tmp_path: Path) -> None:
    recording = touched(tmp_path, "a.npz") / "a.npz"
    names = ("a.mp4", "a.mov", "x/a.mp4", "é" * 127, "é" * 126 + "b")
    places = {job(recording, name=name).place for name in names}
    assert len(places) >= 4
    assert all(len(part.encode()) <= 255 for place in places for part in place.split("/"))


def test_a_line_survives_its_record() -> None:
    done = Done("a b.mp4", "k", "scored", scores=(1.0, None), rep_indexes=(1, 2), warnings=("ü",))
    assert Done.from_json(done.to_json()) == done
