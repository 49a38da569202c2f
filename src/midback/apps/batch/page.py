"""The index of a batch: one self-contained page, a row per recording, those that failed on top."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from urllib.parse import quote

from midback import __version__, words
from midback.apps.batch.job import Done
from midback.apps.batch.sparkline import sparkline
from midback.apps.batch.summary import PARQUET
from midback.apps.outputs import replacing
from midback.apps.report.page import FILE_NAME

INDEX = "index.html"
_PARTS = re.compile(r"(\D*)([0-9]*)")

Value = str | float | int | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column that can be sorted by. width: its class in the style sheet. number: set right."""

    name: str
    width: str
    number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A recording that was scored. order: what each column is sorted by, None comes last."""

    folder: str
    name: str
    href: str
    done: Done
    order: tuple[Value, ...]

    @classmethod
    def of(cls, done: Done) -> Row:
        """The row of a recording that was scored."""
        folder, slash, name = words_of(done.name).rpartition("/")
        order = (
            words_of(done.name).lower(),
            done.title,
            done.reps,
            _least(done),
            done.stop_rep if done.stop_s is not None else None,
            done.score,
            done.rom,
            done.coverage,
            len(done.warnings) or None,
        )
        return cls(folder + slash, name, f"{quote(done.place or '')}/{FILE_NAME}", done, order)


COLUMNS = (
    Column("Recording", "name"),
    Column("Exercise", "exercise"),
    Column("Reps", "reps", number=True),
    Column("Each rep", "bars"),
    Column("Stop", "stop", number=True),
    Column("Form", "form", number=True),
    Column("Range", "range", number=True),
    Column("Seen", "seen", number=True),
    Column("Notes", "said"),
)


def write_index(lines: Sequence[Done], out: Path, title: str, *, unfinished: int) -> Path:
    """Write out/index.html. title: of the folder. unfinished: recordings without a line yet."""
    page = render(lines, title, parquet=(out / PARQUET).is_file(), unfinished=unfinished)
    with replacing(out / INDEX) as file:
        file.write(page)
    return out / INDEX


def render(lines: Sequence[Done], title: str, *, parquet: bool, unfinished: int = 0) -> str:
    """Return the whole page as text. It needs nothing else and no network."""
    import jinja2
    from markupsafe import Markup

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("midback.apps.batch", "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(number=words.number, sentence=words.sentence, shown=words_of)
    environment.globals.update(words=words, sparkline=lambda done: Markup(sparkline(done)))
    report = resources.files("midback.apps.report").joinpath("page.css")
    own = resources.files("midback.apps.batch")
    sheets = [sheet.read_text(encoding="utf-8") for sheet in (report, own.joinpath("page.css"))]
    ordered = sorted(lines, key=lambda done: _natural(done.name))
    rows = [Row.of(done) for done in ordered if done.status == "scored"]
    failed = [done for done in ordered if done.status == "failed"]
    return environment.get_template("page.html.j2").render(
        css=Markup("\n".join(sheets)),
        script=Markup(own.joinpath("page.js").read_text(encoding="utf-8")),
        title=words_of(title),
        headline=headline(len(rows), len(failed), unfinished),
        tone="caution" if failed or unfinished else "good",
        rows=rows,
        columns=COLUMNS,
        failed=failed,
        unfinished=unfinished,
        stops=sum(row.done.stop_s is not None for row in rows),
        hours=sum(row.done.duration_s or 0.0 for row in rows) / 3600.0,
        parquet=PARQUET if parquet else None,
        version=__version__,
    )


def headline(scored: int, failed: int, unfinished: int) -> str:
    """What came of it, in a few words: the biggest on the page."""
    count = scored + failed + unfinished
    if unfinished:
        return f"{scored + failed} of {words.plural(count, 'recording')} done"
    if failed:
        return f"{scored} of {words.plural(count, 'recording')} scored, {failed} failed"
    return f"{words.plural(count, 'recording')} scored"


def words_of(name: str) -> str:
    """A name as text; what is no UTF-8 in it is shown as ?."""
    return os.fsencode(name).decode("utf-8", "replace").replace("\ufffd", "?")


def _natural(name: str) -> list[tuple[str, int]]:
    """As the page sorts: 2 before 10, a beside A."""
    return [(text, int(digits or 0)) for text, digits in _PARTS.findall(name.casefold())]


def _least(done: Done) -> float | None:
    """The lowest score of a repetition: what the bars are sorted by."""
    known = [score for score in done.scores if score is not None]
    return min(known) if known else None
