"""How alembic runs a migration here: on the connection it is given, inside its transaction."""

from alembic import context

from runfree.journal.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
