"""The tables of the store, the same in SQLite and PostgreSQL.

A session is one person's day. A block is a camera set-up of one person and exercise. A set is one
recording; every scoring of it is kept with its whole document, and one is the current one. A change
here needs a migration; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
)

METADATA = MetaData()


def _belongs_to(table: str, *, key: bool = False) -> Column[int]:
    """A foreign key; what belongs to an erased person goes with it. key: part of the primary."""
    target = ForeignKey(f"{table}.id", ondelete="CASCADE")
    return Column(
        f"{table}_id", Integer, target, primary_key=key, nullable=False, autoincrement=False
    )


def _fingerprint() -> list[Column[str] | Column[float] | Column[int]]:
    """Columns of records.Fingerprint."""
    return [
        Column("view", Text, nullable=False),
        Column("yaw_deg", Double),
        Column("trunk_px", Double),
        Column("height_px", Integer, nullable=False),
        Column("fps", Double),
        Column("model", Text),
    ]


PERSON = Table(
    "person",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
)

SESSION = Table(
    "session",
    METADATA,
    Column("id", Integer, primary_key=True),
    _belongs_to("person"),
    Column("day", Date, nullable=False),
    UniqueConstraint("person_id", "day"),
)

BLOCK = Table(
    "block",
    METADATA,
    Column("id", Integer, primary_key=True),
    _belongs_to("person"),
    Column("exercise", Text, nullable=False),
    Column("number", Integer, nullable=False),
    *_fingerprint(),
    UniqueConstraint("person_id", "exercise", "number"),
)

SET = Table(
    "exercise_set",
    METADATA,
    Column("id", Integer, primary_key=True),
    _belongs_to("person"),
    _belongs_to("session"),
    Column("block_id", Integer, ForeignKey("block.id")),
    Column("recording", Text, nullable=False),
    Column("exercise", Text, nullable=False),
    Column("performed", DateTime, nullable=False),
    Column("planned", Double),
    Column("variant", Text, nullable=False, server_default=""),
    Column("repeat", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("person_id", "recording"),
    Index("exercise_set_in_order", "person_id", "exercise", "performed"),
    Index("exercise_set_of_session", "session_id"),
    Index("exercise_set_of_block", "block_id"),
)

SCORING = Table(
    "scoring",
    METADATA,
    Column("id", Integer, primary_key=True),
    _belongs_to("exercise_set"),
    Column("document_sha256", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("stored", DateTime, nullable=False),
    Column("current", Boolean, nullable=False),
    Column("exercise", Text, nullable=False),
    Column("fresh", Double),
    Column("last", Double),
    Column("score", Double),
    Column("score_se", Double),
    Column("coverage", Double, nullable=False),
    Column("judged", Integer, nullable=False),
    Column("can_judge", Boolean, nullable=False),
    Column("first_region", Text),
    Column("good_s", Double),
    Column("total_s", Double),
    *_fingerprint(),
    UniqueConstraint("exercise_set_id", "document_sha256"),
)

DOCUMENT = Table(
    "document",
    METADATA,
    _belongs_to("scoring", key=True),
    Column("body", LargeBinary, nullable=False),
)

REP = Table(
    "rep",
    METADATA,
    _belongs_to("scoring", key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("side", Text),
    Column("complete", Boolean, nullable=False),
    Column("rom_deg", Double),
    Column("score", Double),
    Column("feature_values", JSON, nullable=False),
    sqlite_with_rowid=False,
)

ANGLE = Table(
    "angle",
    METADATA,
    _belongs_to("scoring", key=True),
    Column("name", Text, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("rom", Double),
    Column("se", Double),
    sqlite_with_rowid=False,
)

STOP = Table(
    "stop",
    METADATA,
    _belongs_to("scoring", key=True),
    Column("rep", Integer, nullable=False),
    Column("time_s", Double, nullable=False),
    Column("kind", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("feature", Text),
)

JOURNAL = Table(
    "journal",
    METADATA,
    _belongs_to("person", key=True),
    Column("day", Date, primary_key=True),
    *(Column(name, Double) for name in ("before", "worst", "after", "next_morning")),
    Column("where", Text, nullable=False),
    Column("sharp", Boolean, nullable=False),
    Column("radiating", Boolean, nullable=False),
    Column("sleep_h", Double),
    Column("stress", Double),
    Column("load", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("red_flags", JSON, nullable=False),
)

DECISION = Table(
    "decision",
    METADATA,
    Column("id", Integer, primary_key=True),
    _belongs_to("person"),
    Column("day", Date, nullable=False),
    Column("exercise", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("variable", Text),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Column("rule", Text, nullable=False),
    Column("because", JSON, nullable=False),
    Column("by", Text),
    Index("decision_in_order", "person_id", "day"),
)
