"""The command: from the store to the terminal and, if wanted, to a page."""

from __future__ import annotations

import difflib
import sys
from datetime import date
from pathlib import Path

from rich.console import Console

from midback.apps import outputs
from midback.apps.progress.page import FILE_NAME, render
from midback.apps.progress.terminal import show
from midback.errors import InputError
from midback.history.journal import day_from
from midback.history.progress import Progress, progress
from midback.history.store import Store, open_store
from midback.history.store.checks import clean_name


def run_progress(
    person: str, exercise: str | None, out: Path | None, where: str | None, today: str | None
) -> None:
    """Print what the weeks show, and write it as a page. Raises InputError for an unknown name."""
    day = date.today() if today is None else day_from(today, date.today())
    if out is not None:
        outputs.check_folder(out)
    with open_store(where, create=False) as store:
        name = known(store, person)
        told = progress_of(store, name, day, exercise)
    written = None if out is None else write_page(name, told, out)
    show(name, told, Console())
    if written is not None:
        print(f"wrote {written}", file=sys.stderr)


def known(store: Store, person: str) -> str:
    """The name as it is stored; InputError with the nearest ones where nobody is called so."""
    name, people = clean_name(person), store.people()
    if name in people:
        return name
    folded = {one.casefold(): one for one in people}
    near = difflib.get_close_matches(name.casefold(), list(folded), n=3, cutoff=0.5)
    hint = f"; did you mean {', '.join(folded[one] for one in near)}?" if near else ""
    raise InputError(f"{name}: nobody of this name is in {store.place.name}{hint}")


def progress_of(store: Store, name: str, day: date, exercise: str | None = None) -> Progress:
    """What is told of a person on a day, of one exercise or all that they did."""
    sets = store.sets(name)
    if exercise is not None:
        done = sorted({one.exercise for one in sets})
        if exercise not in done:
            there = f"there are {', '.join(done)}" if done else "there are no sets yet"
            raise InputError(f"{name} has no set of {exercise}; {there}")
        sets = tuple(one for one in sets if one.exercise == exercise)
    return progress(sets, store.journal(name), store.decisions(name), day)


def write_page(name: str, told: Progress, out: Path) -> Path:
    """Write the page into the folder `out`, whole or not at all."""
    page = render(name, told)
    target = out / FILE_NAME
    with outputs.refusals(out), outputs.making(out), outputs.replacing(target) as file:
        file.write(page)
    return target
