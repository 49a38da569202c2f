"""Variants, repeated set-ups, and the person's size in the picture, read from the documents."""

import sqlalchemy as sa
from alembic import op

from midback.history.store.facts import read_body

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns, and fill in the size where a kept document tells it."""
    variant = sa.Column("variant", sa.Text, nullable=False, server_default="")
    op.add_column("exercise_set", variant)
    repeat = sa.Column("repeat", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("exercise_set", repeat)
    for table in ("scoring", "block"):
        op.add_column(table, sa.Column("trunk_px", sa.Double))
    connection = op.get_bind()
    every = sa.text("SELECT scoring_id, body FROM document")
    documents = connection.execute(every, execution_options={"yield_per": 100})
    for part in documents.partitions():
        told = [{"id": key, "trunk_px": _trunk_px(body)} for key, body in part]
        connection.execute(sa.text("UPDATE scoring SET trunk_px = :trunk_px WHERE id = :id"), told)
    connection.execute(sa.text(_BLOCK_FROM_ITS_FIRST_SET))


def _trunk_px(body: bytes) -> float | None:
    """Length of the trunk in the picture, px; None where that version did not tell it yet."""
    told = read_body(body)["view"].get("trunk_px")
    return None if told is None else float(told)


_BLOCK_FROM_ITS_FIRST_SET = """
UPDATE block SET trunk_px = (
    SELECT scoring.trunk_px FROM scoring
    JOIN exercise_set ON exercise_set.id = scoring.exercise_set_id
    WHERE exercise_set.block_id = block.id AND scoring.current
    ORDER BY exercise_set.performed, exercise_set.recording LIMIT 1
)
"""
