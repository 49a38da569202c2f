"""Damaged recordings, among them some good ones: what `midback score FOLDER` makes of them.

PYTHONPATH=benchmarks:tests python -m speed.damaged
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from batch_case import table

from speed.damage.bad import Bad
from speed.damage.folder import Folder, make
from speed.damage.watched import Run, run

LONGEST_S = 60.0
_ADVICE = (
    "copy",
    "convert",
    "save",
    "rename",
    "give",
    "must be",
    "needs a",
    "Go on later",
    "is it sound only",
)
_RAW = ("Traceback", "OpenCV", "error:", "Check failed", "Error", "/src/", ".cc", ".cpp", "\x1b")
_SAME = {"frames": 0.02, "duration_s": 0.02, "coverage": 0.02}
"""Shares by which a damaged clip may differ from the whole one and counts as unharmed."""
_SAME_DEG = 2.0

Row = Mapping[str, str]


def section() -> str:
    """Markdown: what was done to the files, what came of them, and what it cost."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        folder = make(place)
        alone = run(folder.good, place / "alone", place)
        whole = run(folder.root, place / "all", place, folder)
        rows = _by_name(folder, table(place / "all"))
        equal = _equal(folder, place)
        missing = [bad.name for bad in folder.bad if bad.name not in rows]
        warned, less = _plausible(folder, rows)
    failed = {
        bad.name: rows[bad.name]
        for bad in folder.bad
        if rows.get(bad.name, {}).get("status") == "failed"
    }
    return "\n\n".join(
        [
            f"{len(folder.bad)} damaged inputs (seed {folder.seed}) and {len(folder.names)} good "
            "ones in one folder, two workers.",
            _what_came(folder.bad, rows, warned, less),
            _checks(folder, whole, alone, equal, missing, failed),
            _examples(failed),
            _still(less, rows),
        ]
    )


def _by_name(folder: Folder, rows: Mapping[str, Row]) -> dict[str, Row]:
    """The table shows what is no UTF-8 in a name as ?."""
    names = [*(bad.name for bad in folder.bad), *(f"good/{name}" for name in folder.names)]
    shown = {name: name.encode("utf-8", "replace").decode() for name in names}
    return {name: rows[seen] for name, seen in shown.items() if seen in rows}


def _equal(folder: Folder, place: Path) -> int:
    """How many good files have the result, the report and the row that they have alone."""
    alone, among = table(place / "alone"), table(place / "all")
    count = 0
    for name in folder.names:
        one, other = alone[name], among.get(f"good/{name}", {})
        rows = all(one[k] == other.get(k) for k in one if k not in ("file", "report", "result"))
        count += (
            rows
            and other["status"] == "scored"
            and all(
                (place / "alone" / one[k]).read_bytes() == (place / "all" / other[k]).read_bytes()
                for k in ("result", "report")
            )
        )
    return count


def _plausible(folder: Folder, rows: Mapping[str, Row]) -> tuple[set[str], set[str]]:
    """Of the damaged that have a score: those with a warning, and those that differ without one."""
    warned: set[str] = set()
    less: set[str] = set()
    for bad in folder.bad:
        row = rows.get(bad.name)
        if row is None or row["status"] != "scored":
            continue
        whole = rows[f"good/{folder.of[bad.was]}"] if bad.was else None
        if set(row["warnings"].split("; ")) - set(whole["warnings"].split("; ") if whole else ()):
            warned.add(bad.name)
        elif whole is None or not _same(row, whole):
            less.add(bad.name)
    return warned, less


def _same(row: Row, whole: Row) -> bool:
    near = all(
        abs(_number(row[k]) / _number(whole[k]) - 1.0) <= share for k, share in _SAME.items()
    )
    rom = abs(_number(row["rom"]) - _number(whole["rom"])) <= _SAME_DEG
    return near and rom and row["reps"] == whole["reps"]


def _number(cell: str) -> float:
    return float(cell) if cell else float("nan")


def _what_came(
    bads: Sequence[Bad], rows: Mapping[str, Row], warned: set[str], less: set[str]
) -> str:
    kinds = list(dict.fromkeys(bad.kind for bad in bads))
    lines = [
        "| what was done | inputs | failed, each with its line | scored as if whole | scored, with "
        "a warning | scored, differs, no warning |",
        "|---|---|---|---|---|---|",
    ]
    total: Counter[str] = Counter()
    for kind in [*kinds, "all"]:
        of = [bad.name for bad in bads if kind in (bad.kind, "all")]
        failed = sum(rows.get(name, {}).get("status") == "failed" for name in of)
        scored = [name for name in of if rows.get(name, {}).get("status") == "scored"]
        told, other = len(warned & set(scored)), len(less & set(scored))
        total[kind] = len(of)
        lines.append(
            f"| {kind} | {len(of)} | {failed} | {len(scored) - told - other} | {told} | {other} |"
        )
    return "\n".join(lines)


def _checks(
    folder: Folder,
    whole: Run,
    alone: Run,
    equal: int,
    missing: list[str],
    failed: Mapping[str, Row],
) -> str:
    reasons = [row["reason"] for row in failed.values()]
    took = np.array(list(whole.took.values()))
    slowest = max(whole.took, key=lambda name: whole.took[name])
    lines = {
        "the batch ends, exit code 1": f"{whole.code} after {whole.seconds:.0f} s",
        "good files scored as alone: result, report, row": f"{equal} of {len(folder.names)}",
        "damaged inputs without a line": _listed(missing),
        "reasons on more than one line, or with raw native text": str(
            sum("\n" in reason or any(raw in reason for raw in _RAW) for reason in reasons)
        ),
        "reasons that do not say what to do": str(
            sum(not any(word in reason for word in _ADVICE) for reason in reasons)
        ),
        "lines on standard error that are not the batch's own": str(whole.strange),
        f"longest of one input, goal {LONGEST_S:.0f} s": f"{took.max():.1f} s ({_shown(slowest)})",
        "95th percentile": f"{np.percentile(took, 95):.1f} s",
        "processes left": str(whole.left),
        "temporary files left": str(whole.temporary),
        "peak memory of the parent": f"{whole.parent / 1e6:.0f} MB ({alone.parent / 1e6:.0f} MB "
        "with the good ones alone)",
        "peak memory of a worker": f"{whole.worker / 1e6:.0f} MB",
    }
    rows = [f"| {what} | {value} |" for what, value in lines.items()]
    return "\n".join(["| asked | found |", "|---|---|", *rows])


def _examples(failed: Mapping[str, Row]) -> str:
    """Every reason once, with how often it was given."""
    kinds: dict[str, list[str]] = {}
    for name, row in failed.items():
        kinds.setdefault(_general(row["reason"]), []).append(name)
    lines = [
        f"| {len(names)} | {_shown(names[0])} | {_shown(reason)} |"
        for reason, names in sorted(kinds.items(), key=lambda item: -len(item[1]))
    ]
    return "\n".join(["| times | for example | what it says |", "|---|---|---|", *lines])


def _general(reason: str) -> str:
    """The reason without its figures."""
    return "".join("9" if c.isdigit() else c for c in reason)


def _still(less: set[str], rows: Mapping[str, Row]) -> str:
    lines = ["Scored without a warning, though it differs from the whole clip or has none:", ""]
    for name in sorted(less):
        row = rows[name]
        lines.append(
            f"- {_shown(name)}: {row['frames']} frames, {row['duration_s']} s, {row['reps']} reps, "
            f"seen {row['coverage']}, range {row['rom'] or '–'}"
        )
    return "\n".join(lines)


def _listed(names: Sequence[str]) -> str:
    return f"{len(names)}: {', '.join(map(_shown, names[:9]))}" if names else "0"


def _shown(text: str) -> str:
    clean = text.encode("utf-8", "replace").decode()[:120]
    return "".join(c if c.isprintable() and c not in "|`" else "?" for c in clean)


def _main() -> None:
    print(section())


if __name__ == "__main__":
    _main()
