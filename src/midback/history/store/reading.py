"""Sets out of the tables: three queries, whatever their number, and no document."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, select

from midback.history.records import AngleRecord, Fingerprint, RepRecord, SetRecord, StopRecord
from midback.history.store.facts import read_body
from midback.history.store.schema import ANGLE, BLOCK, DOCUMENT, PERSON, REP, SCORING, SET, STOP

Condition = ColumnElement[bool]


def of_person(name: str, exercise: str | None = None) -> Condition:
    """Rows of PERSON and SET that belong to a person, and to an exercise."""
    whose = PERSON.c.name == name
    return whose if exercise is None else and_(whose, SET.c.exercise == exercise)


def of_day(name: str, exercise: str, day: date) -> Condition:
    """A person's sets of one exercise on one day."""
    begin = datetime.combine(day, time.min)
    that_day = (SET.c.performed >= begin) & (SET.c.performed < begin + timedelta(days=1))
    return and_(of_person(name, exercise), that_day)


def read_sets(connection: Connection, wanted: Condition) -> tuple[SetRecord, ...]:
    """Sets by their current scoring, oldest first. wanted: of one person, who orders the sets."""
    reps = _by_scoring(connection.execute(_REPS.where(wanted)).all())
    angles = _by_scoring(connection.execute(_ANGLES.where(wanted)).all())
    rows = connection.execute(_SETS.where(wanted).order_by(SET.c.performed, SET.c.recording))
    so_far: Counter[Any] = Counter()
    sets = []
    for row in rows:
        session = row.exercise, row.performed.date()
        so_far[session] += 1
        sets.append(_record(row, so_far[session], reps[row.id], angles[row.id]))
    return tuple(sets)


def read_scorings(connection: Connection, wanted: Condition) -> tuple[dict[str, Any], ...]:
    """Every kept document, oldest set first, its scorings as they came."""
    joined = (
        SET.join(PERSON, PERSON.c.id == SET.c.person_id)
        .join(SCORING, SCORING.c.exercise_set_id == SET.c.id)
        .join(DOCUMENT, DOCUMENT.c.scoring_id == SCORING.c.id)
    )
    query = select(DOCUMENT.c.body).select_from(joined).where(wanted)
    ordered = query.order_by(SET.c.performed, SET.c.recording, SCORING.c.id)
    return tuple(read_body(body) for body in connection.execute(ordered).scalars())


_STORED = SET.join(PERSON, PERSON.c.id == SET.c.person_id).join(
    SCORING, (SCORING.c.exercise_set_id == SET.c.id) & SCORING.c.current
)
_SETS = select(
    *SCORING.c["id", "version", "coverage", "judged", "can_judge", "first_region"],
    *SCORING.c["fresh", "last", "score", "score_se", "good_s", "total_s"],
    *SCORING.c["view", "yaw_deg", "trunk_px", "height_px", "fps", "model"],
    *SET.c["recording", "performed", "exercise", "variant", "planned", "repeat"],
    BLOCK.c.number.label("block"),
    *STOP.c["rep", "time_s", "kind", "region", "feature"],
).select_from(
    _STORED.outerjoin(BLOCK, BLOCK.c.id == SET.c.block_id).outerjoin(
        STOP, STOP.c.scoring_id == SCORING.c.id
    )
)
_REPS = (
    select(*REP.c["scoring_id", "number", "side", "complete", "rom_deg", "score", "feature_values"])
    .select_from(_STORED.join(REP, REP.c.scoring_id == SCORING.c.id))
    .order_by(REP.c.number)
)
_ANGLES = (
    select(*ANGLE.c["scoring_id", "name", "unit", "status", "rom", "se"])
    .select_from(_STORED.join(ANGLE, ANGLE.c.scoring_id == SCORING.c.id))
    .order_by(ANGLE.c.name)
)


def _by_scoring(rows: Iterable[Row[Any]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row[1:])
    return found


def _record(row: Row[Any], order: int, reps: list[Any], angles: list[Any]) -> SetRecord:
    stop = row.rep is not None
    return SetRecord(
        recording=row.recording,
        performed=row.performed,
        order=order,
        block=row.block,
        exercise=row.exercise,
        variant=row.variant,
        planned=row.planned,
        reps=tuple(RepRecord(*rep) for rep in reps),
        stop=StopRecord(row.rep, row.time_s, row.kind, row.region, row.feature) if stop else None,
        fresh=row.fresh,
        last=row.last,
        score=row.score,
        score_se=row.score_se,
        coverage=row.coverage,
        judged=row.judged,
        can_judge=row.can_judge,
        first_region=row.first_region,
        good_s=row.good_s,
        total_s=row.total_s,
        angles={name: AngleRecord(*values) for name, *values in angles},
        fingerprint=Fingerprint(
            row.view, row.yaw_deg, row.trunk_px, row.height_px, row.fps, row.model
        ),
        version=row.version,
        repeat=row.repeat,
    )
