"""What alembic runs: the connection, inside its transaction, comes from `opening.migrate`."""

from alembic import context

from midback.history.store.schema import METADATA

VERSION_TABLE = "midback_version"

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    target_metadata=METADATA,
)
context.run_migrations()
