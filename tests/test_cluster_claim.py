"""Claims on a recording: one worker at a time, whoever dies."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from batch_case import bird_dogs

from midback.apps.batch.cluster import claim, fit
from midback.apps.batch.cluster.claim import Claim
from midback.apps.batch.cluster.fit import Needs, unfit
from midback.apps.batch.job import Done
from midback.apps.batch.results import CLAIMS, MARK, RECORD, RESULT
from midback.apps.report.page import FILE_NAME as REPORT

KEY = "0" * 64


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / CLAIMS).mkdir()
    (tmp_path / MARK).touch()
    return tmp_path


def test_of_many_at_once_one_has_it(out: Path) -> None:
    begin, taken = threading.Barrier(8), []

    def work() -> None:
        mine = Claim(out, KEY)
        begin.wait()
        taken.append(mine.take())

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False] * 7 + [True]


def test_a_released_one_is_free_at_once(out: Path) -> None:
    first, second = Claim(out, KEY), Claim(out, KEY)
    assert first.take()
    assert not second.take()
    first.release()
    assert second.take()
    assert not first.take()


def test_one_that_is_silent_is_followed_by_one_only(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And when it wakes it hears that it lost the recording."""
    lost, waiting = Claim(out, KEY), [Claim(out, KEY) for _ in range(3)]
    assert lost.take()
    assert [one.take() for one in waiting] == [False] * 3
    monkeypatch.setattr(claim, "STALE_S", -1.0)
    assert [one.take() for one in waiting[:1]] == [True]
    monkeypatch.undo()
    assert [one.take() for one in waiting[1:]] == [False] * 2
    monkeypatch.setattr(claim, "BEAT_S", 0.0)
    assert not lost.beat()
    assert waiting[0].beat()


def test_a_beat_is_a_sign_of_life(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claim, "BEAT_S", 0.0)
    mine, other = Claim(out, KEY), Claim(out, KEY)
    mine.take()
    other.take()
    seen = other._seen
    mine.beat()
    other.take()
    assert other._seen != seen


def test_a_dead_process_of_this_machine_is_followed_at_once(out: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from midback.apps.batch.cluster.claim import Claim;"
        "assert Claim(Path(sys.argv[1]), sys.argv[2]).take()"
    )
    subprocess.run([sys.executable, "-c", code, str(out), KEY], check=True)
    assert Claim(out, KEY).take()


def test_what_came_of_it_is_told_to_all(out: Path) -> None:
    """A result that somebody took away counts no more; a failure stays one."""
    first, second = Claim(out, KEY), Claim(out, KEY)
    first.take()
    assert second.outcome() is None
    first.settle(Done("a.mp4", KEY, "scored", place="sets/a", scores=(1.0, None)))
    assert second.outcome() is None
    (out / "sets/a").mkdir(parents=True)
    for name in (RECORD, RESULT, REPORT):
        (out / "sets/a" / name).touch()
    assert second.outcome() == Done("a.mp4", KEY, "scored", place="sets/a", scores=(1.0, None))
    third = Claim(out, "1" * 64)
    third.take()
    third.settle(Done.failed("b.mp4", "is damaged"))
    assert Claim(out, "1" * 64).outcome() == Done.failed("b.mp4", "is damaged")


def test_where_the_batch_has_ended_nothing_is_written(out: Path) -> None:
    mine = Claim(out, KEY)
    mine.take()
    (out / CLAIMS / f"{KEY}.1").unlink()
    mine.release()
    assert list((out / CLAIMS).iterdir()) == []


def test_what_a_machine_lacks_is_said_with_the_way_out(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIDBACK_CACHE", str(tmp_path / "cache"))
    weights = bird_dogs(tmp_path / "own.task")
    from midback import __version__
    from midback.vision.weights import BUNDLE_SHA256, sha256_of

    def why(**changes: object) -> str | None:
        known = {"version": __version__, "folder": tmp_path, "out": out, "model": weights}
        return unfit(Needs(**{**known, "model_sha256": sha256_of(weights), **changes}))  # type: ignore[arg-type]

    assert why() is None
    assert fit.weights_here(Needs(__version__, out, out, None, None)) is None
    assert "run `midback model fetch` there" in str(why(model_sha256=BUNDLE_SHA256))
    assert f"copy {weights} to the same path there" in str(why(model_sha256="0" * 64))
    assert "does not see /nowhere" in str(why(folder=Path("/nowhere")))
    assert "does not see" in str(why(out=tmp_path / "cache"))
    assert "has midback" in str(why(version="9.9"))
