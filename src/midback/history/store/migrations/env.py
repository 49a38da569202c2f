"""What alembic runs: the connection, inside its transaction, comes from `opening.migrate`."""

from alembic import context

from midback.history.store.opening import VERSION_TABLE
from midback.history.store.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    target_metadata=METADATA,
)
context.run_migrations()
