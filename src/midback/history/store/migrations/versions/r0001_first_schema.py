"""The first schema: camera set-ups without the person's size, sets as described, no repeats."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _belongs_to(table: str, *, key: bool = False) -> sa.Column[int]:
    target = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(
        f"{table}_id", sa.Integer, target, primary_key=key, nullable=False, autoincrement=False
    )


def _fingerprint() -> list[sa.Column[str] | sa.Column[float] | sa.Column[int]]:
    return [
        sa.Column("view", sa.Text, nullable=False),
        sa.Column("yaw_deg", sa.Double),
        sa.Column("height_px", sa.Integer, nullable=False),
        sa.Column("fps", sa.Double),
        sa.Column("model", sa.Text),
    ]


def upgrade() -> None:
    """Make every table."""
    _people()
    _sets()
    _scorings()
    _diary()


def _people() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.Integer, primary_key=True),
        _belongs_to("person"),
        sa.Column("day", sa.Date, nullable=False),
        sa.UniqueConstraint("person_id", "day"),
    )
    op.create_table(
        "block",
        sa.Column("id", sa.Integer, primary_key=True),
        _belongs_to("person"),
        sa.Column("exercise", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        *_fingerprint(),
        sa.UniqueConstraint("person_id", "exercise", "number"),
    )


def _sets() -> None:
    op.create_table(
        "exercise_set",
        sa.Column("id", sa.Integer, primary_key=True),
        _belongs_to("person"),
        _belongs_to("session"),
        sa.Column("block_id", sa.Integer, sa.ForeignKey("block.id")),
        sa.Column("recording", sa.Text, nullable=False),
        sa.Column("exercise", sa.Text, nullable=False),
        sa.Column("performed", sa.DateTime, nullable=False),
        sa.Column("planned", sa.Double),
        sa.UniqueConstraint("person_id", "recording"),
    )
    in_order = ["person_id", "exercise", "performed"]
    op.create_index("exercise_set_in_order", "exercise_set", in_order)
    op.create_index("exercise_set_of_session", "exercise_set", ["session_id"])
    op.create_index("exercise_set_of_block", "exercise_set", ["block_id"])


def _scorings() -> None:
    op.create_table(
        "scoring",
        sa.Column("id", sa.Integer, primary_key=True),
        _belongs_to("exercise_set"),
        sa.Column("document_sha256", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("stored", sa.DateTime, nullable=False),
        sa.Column("current", sa.Boolean, nullable=False),
        sa.Column("exercise", sa.Text, nullable=False),
        *(sa.Column(name, sa.Double) for name in ("fresh", "last", "score", "score_se")),
        sa.Column("coverage", sa.Double, nullable=False),
        sa.Column("judged", sa.Integer, nullable=False),
        sa.Column("can_judge", sa.Boolean, nullable=False),
        sa.Column("first_region", sa.Text),
        sa.Column("good_s", sa.Double),
        sa.Column("total_s", sa.Double),
        *_fingerprint(),
        sa.UniqueConstraint("exercise_set_id", "document_sha256"),
    )
    op.create_table(
        "document",
        _belongs_to("scoring", key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "rep",
        _belongs_to("scoring", key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("side", sa.Text),
        sa.Column("complete", sa.Boolean, nullable=False),
        sa.Column("rom_deg", sa.Double),
        sa.Column("score", sa.Double),
        sa.Column("feature_values", sa.JSON, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "angle",
        _belongs_to("scoring", key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("rom", sa.Double),
        sa.Column("se", sa.Double),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stop",
        _belongs_to("scoring", key=True),
        sa.Column("rep", sa.Integer, nullable=False),
        sa.Column("time_s", sa.Double, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("feature", sa.Text),
    )


def _diary() -> None:
    op.create_table(
        "journal",
        _belongs_to("person", key=True),
        sa.Column("day", sa.Date, primary_key=True),
        *(sa.Column(name, sa.Double) for name in ("before", "worst", "after", "next_morning")),
        sa.Column("where", sa.Text, nullable=False),
        sa.Column("sharp", sa.Boolean, nullable=False),
        sa.Column("radiating", sa.Boolean, nullable=False),
        sa.Column("sleep_h", sa.Double),
        sa.Column("stress", sa.Double),
        sa.Column("load", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("red_flags", sa.JSON, nullable=False),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer, primary_key=True),
        _belongs_to("person"),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("exercise", sa.Text, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("variable", sa.Text),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("after", sa.JSON, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("because", sa.JSON, nullable=False),
        sa.Column("by", sa.Text),
    )
    op.create_index("decision_in_order", "decision", ["person_id", "day"])
