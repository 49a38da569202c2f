from __future__ import annotations

import csv
import json
import stat
from pathlib import Path

import numpy as np
import pytest
from cli import small_disk
from report_case import result_of, series_of

from midback.apps import outputs
from midback.errors import InputError
from midback.result import STATUSES


def test_the_json_is_the_result(tmp_path: Path) -> None:
    outputs.write_json(result_of(), tmp_path / "out.json")
    document = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert document == json.loads(json.dumps(result_of().to_dict()))


def test_the_series_has_a_row_per_frame_and_empty_cells_for_no_value(tmp_path: Path) -> None:
    series = series_of(3)
    trace = series.traces["lumbar_arch"]
    trace.value[0], trace.se[0] = np.nan, np.nan
    trace.status[0] = STATUSES.index("not_measurable")
    outputs.write_series(series, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(series.t)
    names = list(series.traces)
    assert list(rows[0])[:4] == ["t", names[0], f"{names[0]}_se", f"{names[0]}_status"]
    assert (rows[0]["lumbar_arch"], rows[0]["lumbar_arch_se"]) == ("", "")
    assert rows[0]["lumbar_arch_status"] == "not_measurable"
    for row, t, value in zip(rows[1:], series.t[1:], trace.value[1:], strict=True):
        assert float(row["t"]) == pytest.approx(t, abs=1e-4)
        if np.isfinite(value):
            assert float(row["lumbar_arch"]) == pytest.approx(value, abs=1e-3)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_file_that_fails_half_way_keeps_the_old_one(
    tmp_path: Path, error: type[BaseException]
) -> None:
    path = tmp_path / "out.txt"
    path.write_text("old", encoding="utf-8")

    def fail() -> None:
        with outputs.replacing(path) as file:
            file.write("new")
            raise error

    with pytest.raises(error):
        fail()
    assert [p.name for p in tmp_path.iterdir()] == ["out.txt"]
    assert path.read_text(encoding="utf-8") == "old"


def test_a_new_file_is_readable_by_others_as_the_umask_says(tmp_path: Path) -> None:
    with outputs.replacing(tmp_path / "out.txt") as file:
        file.write("new")
    plain = tmp_path / "plain.txt"
    plain.touch()
    assert stat.S_IMODE((tmp_path / "out.txt").stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        outputs.check_writable(tmp_path)


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        outputs.check_writable(tmp_path / "no" / "out.json")


def test_a_folder_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="is a file"):
        outputs.check_folder(tmp_path / "file" / "below")


def test_a_disk_that_is_only_read(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "ro,size=64k") as disk:
        with pytest.raises(InputError, match="Read-only"):
            outputs.check_writable(disk / "out.json")
        with pytest.raises(InputError, match="Read-only"):
            outputs.check_folder(disk / "report")


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "size=16k") as disk:
        with pytest.raises(InputError, match=r"out\.csv: the disk is full"):
            outputs.write_series(series_of(14), disk / "out.csv")
        assert list(disk.iterdir()) == []
