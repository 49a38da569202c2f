"""A scored set into the store, for the person it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from midback.apps.outputs import check_folder
from midback.apps.run import Known, is_camera
from midback.errors import InputError
from midback.exercises import Exercise
from midback.form.earlier import GoodRep, history_from
from midback.form.history import History
from midback.history.plan.decide import current_dose
from midback.history.records import Dose, JournalEntry, SetRecord
from midback.history.store import Store, open_store
from midback.history.store.checks import check_planned, check_text, check_time, clean_name
from midback.history.store.place import find_place
from midback.result import Result, Source
from midback.vision.pose import SourceInfo

_FIRST = 6
_FIRST_YEAR = 2000
_SLACK = timedelta(days=1)  # a clock in another zone, or an hour off


@dataclass(frozen=True, slots=True)
class Keeping:
    """Whose set it is and what the recording does not tell. performed: as typed, local time.

    store: where, see open_store. repeat: of a camera put up anew for the same set.
    """

    person: str
    performed: str | None = None
    planned: float | None = None
    variant: str | None = None
    repeat: bool | None = None
    store: str | None = None

    def check(self) -> None:
        """Raise InputError where the set could not be stored, before the long work.

        A store is opened, but none is made for a recording that may turn out to be none.
        """
        clean_name(self.person)
        check_planned(self.planned)
        check_text("variant", self.variant or "")
        if self.performed is not None:
            parse_time(self.performed, datetime.now())
        place = find_place(self.store)
        if place.file is None or place.file.exists():
            open_store(self.store).close()
        else:
            check_folder(place.file.parent)

    def keep(self, result: Result, source: str) -> str:
        """Store the set; one sentence on what was stored. source: as the person named it."""
        return self.keep_document(result.to_dict(), result.source, source)

    def keep_document(self, document: Mapping[str, Any], recording: Source, source: str) -> str:
        """The same of a result that was written down."""
        with open_store(self.store) as store:
            performed, told_by = self._when(store, recording, source)
            stored = store.add_set(
                self.person,
                document,
                performed,
                planned=self.planned,
                variant=self.variant,
                repeat=self.repeat,
            )
            return _sentence(clean_name(self.person), stored, told_by, store.place.name)

    def holds(self, recording: Source) -> bool:
        """Whether a set of this recording is stored for the person."""
        with open_store(self.store) as store:
            return store.performed(self.person, recording.sha256 or "") is not None

    def known(self, source: str) -> Known:
        """Tells of the person's sets before this one, as far as they are stored."""
        return lambda exercise, info: self._earlier(exercise, info, source)

    def _earlier(self, exercise: Exercise, recording: SourceInfo, source: str) -> History:
        """Of the same exercise in the same variant; this recording's own entry is none."""
        place = find_place(self.store)
        if place.file is not None and not place.file.exists():
            return History()
        with open_store(self.store) as store:
            now, _ = self._when(store, recording, source)
            sets = store.sets(self.person, exercise.name)
        before = [
            one
            for one in sets
            if one.performed < now
            and one.recording != recording.sha256
            and one.variant == (self.variant or "")
        ]
        return history_from(exercise, [good_reps(one) for one in before])

    def keep_live(self, result: Result, pain: int | None) -> None:
        """Store a set that was just done, and the pain said after it, in the day's journal.

        Planned was what the plan asks for that day, if it has decided anything of the exercise. A
        video that was played as if live keeps its own date.
        """
        now = datetime.now().replace(microsecond=0)
        done = self if result.source.sha256 else replace(self, performed=str(now))
        dose = self._dose(result.exercise, now.date())
        if dose is not None:
            done = replace(done, planned=dose.reps or dose.hold_s, variant=dose.variant)
        done.keep(result, result.source.path)
        if pain is not None and not result.source.sha256:
            self._note(now.date(), float(pain))

    def _note(self, day: date, pain: float) -> None:
        """The day's worst pain stays, also where a later set hurts less."""
        with open_store(self.store) as store:
            before = [entry for entry in store.journal(self.person) if entry.day == day]
            known = [p for e in before for p in (e.worst, e.after) if p is not None]
            entry = JournalEntry(day, worst=max(pain, *known, 0.0), after=pain)
            store.add_journal(self.person, entry)

    def _dose(self, exercise: str, today: date) -> Dose | None:
        with open_store(self.store) as store:
            decisions = store.decisions(self.person)
        mine = [one for one in decisions if one.exercise == exercise]
        return current_dose(exercise, mine, mine[0].after, today) if mine else None

    def _when(
        self, store: Store, recording: Source | SourceInfo, source: str
    ) -> tuple[datetime, str]:
        """When the set was done, and how that is known, to be said where it was guessed."""
        if self.performed is not None:
            return parse_time(self.performed, datetime.now()), ""
        known = store.performed(self.person, recording.sha256 or "")
        if known is not None:
            return known, " (as stored before)"
        if source == "camera" or is_camera(source):
            return datetime.now().replace(microsecond=0), ""
        named = (path for path in (recording.path, source) if Path(path).exists())
        changed = datetime.fromtimestamp(Path(next(named, source)).stat().st_mtime)
        if not changed.year >= _FIRST_YEAR or changed > datetime.now() + _SLACK:
            raise InputError(f"{source}: its date is {changed:%Y-%m-%d}; say --performed")
        guess = " (the file's date; if it was filmed at another time, say --performed)"
        return changed.replace(microsecond=0), guess


def good_reps(one: SetRecord) -> list[GoodRep]:
    """The first complete repetitions of each side before the stop.

    Not all: form may have faded at the end of a set that was not stopped, and what is taken for
    the person's usual spread would hide the next fading.
    """
    end = float("inf") if one.stop is None else one.stop.rep
    complete = [rep for rep in one.reps if rep.complete and rep.index < end]
    sides = dict.fromkeys(rep.side for rep in complete)
    first = [[rep for rep in complete if rep.side == side][:_FIRST] for side in sides]
    kept = sorted((rep for some in first for rep in some), key=lambda rep: rep.index)
    return [(rep.side, rep.values) for rep in kept]


def parse_time(typed: str, now: datetime) -> datetime:
    """Return the local time that was typed; InputError for no date, a zone or a day to come."""
    try:
        performed = datetime.fromisoformat(typed.strip())
    except ValueError:
        raise InputError(
            f"--performed {typed}: is no date and time; write it as '2026-11-20 18:30'"
        ) from None
    check_time(performed)
    if performed > now + _SLACK:
        raise InputError(f"--performed {typed}: lies in the future")
    return performed


def _sentence(person: str, stored: SetRecord, told_by: str, place: str) -> str:
    when = f"{stored.performed:%Y-%m-%d %H:%M}{told_by}"
    return (
        f"stored for {person} in {place}: {stored.exercise}, {when}, "
        f"set {stored.order} of that day, camera set-up {stored.block}"
    )
