"""The one chain of migrations, applied under a lock so that two starts at once are fine."""

from __future__ import annotations

from pathlib import Path

import alembic.command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from shengeng.storage.rows import Rows


def config() -> Config:
    """Alembic's configuration; no ini file, the connection arrives in `attributes`."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    return settings


def migrate(rows: Rows, to: str = "head") -> None:
    """Bring the database to a revision; two at once wait for each other, a second run does nothing."""
    alembic_config = config()
    head = ScriptDirectory.from_config(alembic_config).get_current_head()
    with rows.unit() as uow:
        uow.lock("migrate")
        now = MigrationContext.configure(uow.conn).get_current_revision()
        if now == (head if to == "head" else to):
            return
        alembic_config.attributes["connection"] = uow.conn
        alembic.command.upgrade(alembic_config, to)
