"""`midback score FOLDER` as a user meets it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow.parquet
import pytest
from batch_case import beginning, bird_dogs, contents, results, table
from cli import ROOT, midback, refusal
from needs import needs_weights
from test_schema import VALIDATOR

from midback.history.store import open_store


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Recordings of which two are equal, one is damaged, one is no exercise's, and other files."""
    folder = tmp_path_factory.mktemp("clinic") / "clinic"
    bird_dogs(folder / "anna/Bird dog 1.npz")
    bird_dogs(folder / "bird-dog/02.npz", reps=12, arch_from=9)
    shutil.copy(folder / "anna/Bird dog 1.npz", folder / "bird-dog/again.npz")
    shutil.copy(folder / "anna/Bird dog 1.npz", folder / "ben.npz")
    (folder / "bird-dog/broken.npz").write_bytes(b"PK\x03\x04 no more")
    (folder / "notes bird_dog.mp4").write_text("this is no video\n", encoding="utf-8")
    (folder / "read me.txt").write_text("hello", encoding="utf-8")
    bird_dogs(folder / ".hidden/bird_dog.npz", reps=1)
    return folder


@pytest.fixture(scope="module")
def scored(clinic: Path) -> tuple[Path, str, str]:
    """The folder of results, inside the clinic's own; standard output and error."""
    out = clinic / "scores"
    done = midback("score", clinic, "--out", out, "--workers", "2")
    assert done.returncode == 1, done.stderr
    return out, done.stdout, done.stderr


GOOD = ["anna/Bird dog 1.npz", "ben.npz", "bird-dog/02.npz", "bird-dog/again.npz"]
BAD = {
    "bird-dog/broken.npz": "is not a file of saved poses",
    "notes bird_dog.mp4": "has no video that can be read",
}


@needs_weights
def test_every_recording_has_its_row(scored: tuple[Path, str, str]) -> None:
    out, stdout, stderr = scored
    rows = table(out)
    assert sorted(rows) == sorted([*GOOD, *BAD])
    for name in GOOD:
        row = rows[name]
        assert (row["status"], row["exercise"]) == ("scored", "bird_dog")
        document = json.loads((out / row["result"]).read_text(encoding="utf-8"))
        VALIDATOR.validate(document)
        assert row["reps"] == str(len(document["reps"]))
        score = document["score"]["set"]
        assert row["score"] == ("" if score is None else str(round(score, 2)))
        assert (out / row["report"]).stat().st_size > 10_000
        assert f"] {name}: Bird dog, {row['reps']} reps" in stdout
    for name, why in BAD.items():
        assert rows[name]["status"] == "failed"
        assert why in rows[name]["reason"]
        assert f"] {name}: FAILED: {rows[name]['reason']}" in stdout
        assert f"  {name}: {rows[name]['reason']}" in stderr.splitlines()
    assert rows["bird-dog/02.npz"]["stop_region"] == "core"
    assert float(rows["bird-dog/02.npz"]["score"]) < 100.0
    assert "left out: 1 .txt" in stderr
    assert "Traceback" not in stderr


@needs_weights
def test_equal_recordings_are_scored_once(scored: tuple[Path, str, str]) -> None:
    """The one without a name for its exercise is another job: it is recognised."""
    rows = table(scored[0])
    assert rows["anna/Bird dog 1.npz"]["report"] == rows["bird-dog/again.npz"]["report"]
    assert rows["anna/Bird dog 1.npz"]["report"] != rows["ben.npz"]["report"]
    assert len(results(scored[0])) == 3


@needs_weights
def test_a_row_is_what_one_file_gives(clinic: Path, scored: tuple[Path, str, str]) -> None:
    name = "bird-dog/02.npz"
    alone = midback("score", clinic / name, "-e", "bird_dog", "--json", "-")
    there = scored[0] / table(scored[0])[name]["result"]
    assert json.loads(alone.stdout) == json.loads(there.read_text(encoding="utf-8"))


@needs_weights
def test_the_parquet_table_says_the_same(scored: tuple[Path, str, str]) -> None:
    rows = table(scored[0])
    parquet = pyarrow.parquet.read_table(scored[0] / "summary.parquet").to_pylist()
    assert [row["file"] for row in parquet] == sorted(rows)
    for row in parquet:
        assert {k: "" if v is None else str(v) for k, v in row.items()} == rows[row["file"]]


@needs_weights
def test_neither_workers_nor_order_change_a_byte(
    clinic: Path, scored: tuple[Path, str, str], tmp_path: Path
) -> None:
    done = midback("score", clinic, "--out", tmp_path / "one", "--workers", "1")
    assert done.returncode == 1
    assert contents(tmp_path / "one") == contents(scored[0])


@needs_weights
def test_resume_scores_what_is_new_and_nothing_else(clinic: Path, tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    bird_dogs(folder / "bird_dog/1.npz", reps=2)
    bird_dogs(folder / "bird_dog/2.npz", reps=3)
    assert midback("score", folder, "--out", out).returncode == 0
    before, page = results(out), contents(out)
    line = refusal("score", folder, "--out", out)
    assert "holds a batch already" in line
    assert "--resume" in line
    again = midback("score", folder, "--out", out, "--resume")
    assert again.returncode == 0
    assert again.stdout.count("(done before)") == 2
    assert results(out) == before
    assert contents(out) == page

    (folder / "bird_dog/1.npz").rename(folder / "bird_dog/renamed.npz")
    bird_dogs(folder / "bird_dog/1.npz", reps=1)
    again = midback("score", folder, "--out", out, "--resume")
    assert again.stdout.count("(done before)") == 2
    reps = {name: row["reps"] for name, row in table(out).items()}
    assert reps == {"bird_dog/1.npz": "1", "bird_dog/2.npz": "3", "bird_dog/renamed.npz": "2"}
    assert before.items() < results(out).items()

    other = midback("score", folder, "--out", out, "--resume", "--caution", "stable")
    assert "(done before)" not in other.stdout
    assert len(results(out)) == 6


@needs_weights
def test_one_unknown_exercise_is_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    bird_dogs(folder / "a.npz", reps=2)
    bird_dogs(folder / "b.npz", reps=1)
    (tmp_path / "list.csv").write_text(
        "file;exercise;side\na.npz;Bird dog;\nb.npz;flying;\ngone.npz;squat;left\n",
        encoding="utf-8",
    )
    done = midback("score", folder, "--out", tmp_path / "o", "--list", tmp_path / "list.csv")
    assert done.returncode == 1
    rows = table(tmp_path / "o")
    assert rows["a.npz"]["exercise"] == "bird_dog"
    assert "unknown exercise 'flying'" in rows["b.npz"]["reason"]
    assert rows["gone.npz"]["reason"] == "is in the list, but not in the folder"


def test_what_cannot_begin_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    bird_dogs(folder / "bird_dog.npz", reps=1)
    bad_list = tmp_path / "list.csv"
    bad_list.write_text("name,what\n", encoding="utf-8")
    full = tmp_path / "full"
    full.mkdir()
    (full / "thesis.txt").write_text("mine", encoding="utf-8")
    out = tmp_path / "out"
    cases: list[tuple[list[str | Path], str]] = [
        (["--list", bad_list], "needs the columns file and exercise"),
        (["--list", tmp_path / "none.csv"], "No such file"),
        (["--exercise", "sqat"], "did you mean squat"),
        (["--json", "x.json"], "--json is for one recording"),
        (["--save-poses", "x.npz"], "--save-poses is for one recording"),
        (["--workers", "0"], "--workers"),
        (["--store", tmp_path / "s.db"], "add --person NAME"),
    ]
    for words, told in cases:
        assert told in refusal("score", folder, "--out", out, *words)
        assert not out.exists()
    assert "holds other files" in refusal("score", folder, "--out", full)
    assert "--resume is for a folder" in refusal(
        "score", folder / "bird_dog.npz", "-e", "squat", "--resume"
    )


def test_sets_are_stored_for_their_people_once(tmp_path: Path) -> None:
    folder, store = tmp_path / "in", tmp_path / "sets.db"
    for reps in (1, 2):
        bird_dogs(folder / f"bird_dog {reps}.npz", reps=reps)
    (tmp_path / "list.csv").write_text(
        "file,exercise,person,performed\nbird_dog 1.npz,,Anna,2026-03-04 18:00\n", "utf-8"
    )
    words: list[str | Path] = [
        folder,
        "--list",
        tmp_path / "list.csv",
        "--person",
        "Ben",
        "--store",
        store,
    ]
    for resume in ([], ["--resume"]):
        done = midback("score", *words, "--out", tmp_path / "o", *resume)
        assert done.returncode == 0, done.stderr
    with open_store(str(store)) as opened:
        assert opened.people() == ("Anna", "Ben")
        assert str(opened.sets("Anna")[0].performed) == "2026-03-04 18:00:00"
        assert [len(opened.scorings(name)) for name in ("Anna", "Ben")] == [1, 1]
    line = refusal("score", folder, "--out", tmp_path / "p", "--person", "Ben", "--store", folder)
    assert str(folder) in line
    assert not (tmp_path / "p").exists()


def test_saved_poses_need_no_weights(tmp_path: Path) -> None:
    bird_dogs(tmp_path / "in/bird_dog.npz", reps=1)
    nowhere = str(tmp_path / "none")
    done = midback("score", tmp_path / "in", "--out", tmp_path / "o", MIDBACK_CACHE=nowhere)
    assert (done.returncode, done.stderr) == (0, "")
    assert not Path(nowhere).exists()


@needs_weights
def test_a_video_among_poses(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    bird_dogs(folder / "bird_dog.npz", reps=1)
    beginning(ROOT / "sample_videos/seated_extension.mp4", folder / "a.mp4", 90)
    done = midback("score", folder, "-e", "seated_thoracic_extension", "--out", tmp_path / "o")
    assert done.returncode == 0, done.stdout
    rows = table(tmp_path / "o")
    assert rows["a.mp4"]["exercise"] == "seated_thoracic_extension"
    assert rows["bird_dog.npz"]["exercise"] == "bird_dog"
    assert (rows["a.mp4"]["frames"], rows["a.mp4"]["coverage"]) == ("90", "1.0")
