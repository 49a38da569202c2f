"""A store of the first schema, with data in it, becomes one of today."""

from __future__ import annotations

import json
import zlib
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from store_case import EVENING, document

from midback.errors import InputError
from midback.history.records import StopRecord
from midback.history.store import open_store
from midback.history.store.opening import REVISIONS, VERSION_TABLE, upgrade
from midback.history.store.place import engine_of, find_place
from midback.history.store.schema import METADATA

pytest_plugins = ("postgres",)


def first_store(where: str, documents: list[dict[str, Any]]) -> None:
    """A store as the first version made it, a set a day, written without today's code."""
    place = find_place(where)
    engine = engine_of(place)
    with engine.execution_options(writing=True).begin() as connection:
        upgrade(connection, REVISIONS[0])
        old = sa.MetaData()
        old.reflect(connection)
        put = {name: sa.insert(table) for name, table in old.tables.items()}
        look = {"view": "side", "yaw_deg": 85.0, "height_px": 480, "fps": 30.0, "model": "f" * 64}
        connection.execute(put["person"], {"name": "Anna"})
        block = {"person_id": 1, "exercise": "bird_dog", "number": 1}
        connection.execute(put["block"], block | look)
        for key, told in enumerate(documents, 1):
            when = EVENING + timedelta(days=key)
            session = {"person_id": 1, "day": when.date()}
            connection.execute(put["session"], session)
            whose = {"person_id": 1, "session_id": key, "block_id": 1}
            what = {"recording": told["source"]["sha256"], "exercise": "bird_dog"}
            how = {"performed": when, "planned": 12.0}
            connection.execute(put["exercise_set"], whose | what | how)
            scoring = {"exercise_set_id": key, "document_sha256": f"{key:064x}"}
            scoring |= {"version": "0.0.9", "stored": when, "current": True}
            scoring |= {"exercise": "bird_dog", "score": 81.5, "coverage": 0.875}
            connection.execute(put["scoring"], scoring | {"judged": 6, "can_judge": True} | look)
            body = zlib.compress(json.dumps(told).encode())
            connection.execute(put["document"], {"scoring_id": key, "body": body})
            stop = {name: told["stop"][name] for name in ("rep", "time_s", "kind", "region")}
            connection.execute(put["stop"], {"scoring_id": key, "feature": "hip_shift"} | stop)
    engine.dispose()


def test_a_store_of_the_first_schema_is_brought_up_to_date(where: str) -> None:
    older = document("no size told")
    del older["view"]["trunk_px"]
    first_store(where, [document("first"), older, document("third", trunk_px=251.5)])
    with open_store(where) as store:
        found = store.sets("Anna")
        assert [s.fingerprint.trunk_px for s in found] == [240.0, None, 251.5]
        assert [(s.variant, s.repeat, s.planned) for s in found] == [("", False, 12.0)] * 3
        assert found[0].stop == StopRecord(9, 40.5, "breakdown", "hips", "hip_shift")
        assert store.scorings("Anna")[1] == older
        again = store.add_set("Anna", document("fourth"), EVENING + timedelta(days=9), repeat=True)
        assert (again.block, again.repeat) == (1, True)
    with open_store(where) as store:
        assert len(store.sets("Anna")) == 4


def test_migrated_and_newly_made_are_the_schema_of_the_code(where: str) -> None:
    first_store(where, [])
    with open_store(where) as store, store.reading() as connection:
        told = {"version_table": VERSION_TABLE, "compare_type": True}
        context = MigrationContext.configure(connection, opts=told)
        assert compare_metadata(context, METADATA) == []


def test_every_revision_is_known_in_order() -> None:
    config = Config()
    config.set_main_option("script_location", "midback.history.store:migrations")
    scripts = ScriptDirectory.from_config(config)
    assert tuple(reversed([step.revision for step in scripts.walk_revisions()])) == REVISIONS


def test_a_failed_migration_changes_nothing(where: str) -> None:
    """One document cannot be read: the store stays as the older midback knows it."""
    first_store(where, [document("first")])
    engine = engine_of(find_place(where))
    with engine.execution_options(writing=True).begin() as connection:
        connection.execute(sa.text("UPDATE document SET body = :body"), {"body": b"spoiled"})
    with pytest.raises(InputError, match="damaged: `midback store restore`"):
        open_store(where)
    columns = {column["name"] for column in sa.inspect(engine).get_columns("exercise_set")}
    engine.dispose()
    assert "performed" in columns
    assert "variant" not in columns
