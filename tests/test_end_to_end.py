"""The whole path on the sample clips: real files, real inference, known truth."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from needs import needs_weights

from midback.apps.run import Scored, score_source
from midback.exercises import find
from midback.result import Source
from midback.session import Session
from midback.vision.recording import open_poses

SAMPLES = Path(__file__).parent.parent / "sample_videos"
CLIPS = sorted(path.name.removesuffix(".truth.json") for path in SAMPLES.glob("*.truth.json"))

pytestmark = needs_weights


def truth(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / f"{name}.truth.json").read_text())
    return found


@cache
def scored(name: str, folder: Path) -> Scored:
    return score_source(
        str(SAMPLES / f"{name}.mp4"),
        truth(name)["exercise"],
        save_poses=folder / f"{name}.npz",
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("poses")


@pytest.mark.parametrize("name", CLIPS)
def test_repetitions_sides_and_the_stop_call(name: str, folder: Path) -> None:
    found, true = scored(name, folder).result, truth(name)
    assert len(found.reps) == len(true["reps"])
    assert [rep.side for rep in found.reps] == [rep["side"] for rep in true["reps"]]
    first_bad = true["first_bad_rep"]
    if first_bad is None:
        assert found.stop is None
    else:
        assert found.stop is not None
        assert found.stop.rep in (first_bad, first_bad + 1)
        assert found.stop.region == found.first_region == true["region"]


@pytest.mark.parametrize("name", ["bird_dog_clean", "bird_dog_fatigue"])
def test_boundaries_of_bird_dogs(name: str, folder: Path) -> None:
    for rep, true in zip(scored(name, folder).result.reps, truth(name)["reps"], strict=True):
        assert rep.start_s == pytest.approx(true["start_s"], abs=0.2)
        assert rep.end_s == pytest.approx(true["end_s"], abs=0.2)


@pytest.mark.parametrize("name", ["bird_dog_clean", "seated_extension"])
def test_a_fault_free_set_loses_hardly_a_point(name: str, folder: Path) -> None:
    result = scored(name, folder).result
    assert result.score.set is not None
    assert result.score.set > 94


def test_thoracic_extension_of_the_seated_set_is_true_within_the_printed_error(
    folder: Path,
) -> None:
    result = scored("seated_extension", folder).result
    printed = result.angles["thoracic_extension"].se
    assert printed is not None
    for rep, true in zip(result.reps, truth("seated_extension")["reps"], strict=True):
        assert rep.rom_deg == pytest.approx(true["peak"]["thoracic_extension"], abs=1.96 * printed)
    assert result.angles["lumbar_arch"].rom is not None
    assert result.angles["lumbar_arch"].rom < 8


@pytest.mark.parametrize("name", CLIPS)
def test_saved_poses_one_by_one_give_exactly_the_same_result(name: str, folder: Path) -> None:
    whole = scored(name, folder)
    with open_poses(folder / f"{name}.npz") as poses:
        session = Session(find(truth(name)["exercise"]), poses.info.width, poses.info.height)
        for pose in poses:
            session.update(pose)
    session.finish()
    source: Source = whole.result.source
    again = session.result(source, whole.result.software)
    assert asdict(again) == asdict(whole.result)


@pytest.mark.parametrize("name", CLIPS)
def test_the_document_follows_its_schema(name: str, folder: Path) -> None:
    text = (resources.files("midback") / "session.schema.json").read_text()
    document = json.loads(json.dumps(scored(name, folder).result.to_dict(), allow_nan=False))
    jsonschema.validate(document, json.loads(text))
