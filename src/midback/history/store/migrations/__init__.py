"""The steps from every schema that was ever released to the one of today, run by alembic."""
