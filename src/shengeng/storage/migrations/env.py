"""Alembic's entry: it runs on the connection, and in the transaction, of the unit of work that asked."""

from alembic import context

from shengeng.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True
)
with context.begin_transaction():
    context.run_migrations()
