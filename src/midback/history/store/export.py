"""Everything that is stored, of one person or of all, in formats that other programs read."""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, TextIO

from midback.errors import InputError
from midback.history.fhir import entries
from midback.history.store.flat import COLUMNS, Cells, rows_of
from midback.history.store.store import Store
from midback.history.store.whole import new_file

Format = Literal["csv", "parquet", "json", "fhir"]
SCHEMA = "midback.store/1"
CHUNK = 10_000  # rows of a Parquet group

Put = Callable[[Cells], object]


def export(store: Store, people: Sequence[str], form: Format, path: Path) -> None:
    """Write all of `people` to the new file `path`, or for CSV and Parquet the new folder.

    csv, parquet: a file for each table of flat.COLUMNS. json: all, with every scoring's document.
    fhir: a Bundle of R4 Observations. Whole or not there at all; InputError where that fails.
    """
    if form == "csv":
        _folder(path, lambda folder: _tables(store, people, folder, _open_csv))
    elif form == "parquet":
        _folder(path, lambda folder: _tables(store, people, folder, _open_parquet))
    else:
        with new_file(path) as partial, partial.open("w", encoding="utf-8", newline="\n") as file:
            if form == "json":
                _stream(file, {"schema": SCHEMA}, "people", (_whole(store, p) for p in people))
            else:
                _stream(file, _BUNDLE, "entry", _bundled(store, people))


_BUNDLE = {"resourceType": "Bundle", "type": "collection"}


def _whole(store: Store, person: str) -> dict[str, Any]:
    return {
        "name": person,
        "sets": [asdict(found) for found in store.sets(person)],
        "scorings": store.scorings(person),
        "journal": [asdict(entry) for entry in store.journal(person)],
        "decisions": [asdict(decision) for decision in store.decisions(person)],
    }


def _bundled(store: Store, people: Sequence[str]) -> Iterator[dict[str, Any]]:
    for person in people:
        yield from entries(person, store.sets(person), store.journal(person))


def _stream(file: TextIO, head: dict[str, str], key: str, items: Iterable[object]) -> None:
    """Write one JSON object whose last key is a list that may be longer than the memory."""
    file.write(json.dumps(head)[:-1] + f', "{key}": [')
    for number, item in enumerate(items):
        text = json.dumps(item, ensure_ascii=False, allow_nan=False, default=_text)
        file.write((",\n" if number else "\n") + text)
    file.write("\n]}\n")


def _text(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(value)


def _folder(path: Path, fill: Callable[[Path], None]) -> None:
    """Fill a folder beside `path` and give it that name when it is whole."""
    if path.exists():
        raise InputError(f"{path}: exists already: name a new folder")
    try:
        partial = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
        try:
            fill(partial)
            partial.replace(path)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from None


Opener = Callable[[ExitStack, Path, str], Put]


def _tables(store: Store, people: Sequence[str], folder: Path, opener: Opener) -> None:
    with ExitStack() as files:
        put = {table: opener(files, folder, table) for table in COLUMNS}
        for person in people:
            for table, cells in rows_of(store, person):
                put[table](cells)


def _open_csv(files: ExitStack, folder: Path, table: str) -> Put:
    path = folder / f"{table}.csv"
    writer = csv.writer(files.enter_context(path.open("w", encoding="utf-8", newline="")))
    writer.writerow(COLUMNS[table])
    return writer.writerow


def _open_parquet(files: ExitStack, folder: Path, table: str) -> Put:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ModuleNotFoundError:
        raise InputError(
            "Parquet needs the package pyarrow: pip install 'midback[parquet]'"
        ) from None
    kinds = {str: pa.string(), float: pa.float64(), int: pa.int64(), bool: pa.bool_()}
    kinds |= {datetime: pa.timestamp("us"), date: pa.date32()}
    schema = pa.schema([(name, kinds[kind]) for name, kind in COLUMNS[table].items()])
    writer = files.enter_context(pq.ParquetWriter(folder / f"{table}.parquet", schema))
    waiting: list[Cells] = []

    def flush() -> None:
        columns = list(zip(*waiting, strict=True)) or [()] * len(schema)
        arrays = [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
        writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
        waiting.clear()

    def put(cells: Cells) -> None:
        waiting.append(cells)
        if len(waiting) >= CHUNK:
            flush()

    files.callback(flush)
    return put
