"""What every routes module needs from the request: unit of work, stores, clock, language, principal, cursors.

It stands below the capabilities so that their `routes` may import it; the composition (`shengeng.web`)
puts the stores and the authenticator on `app.state`.
"""

from shengeng.http.asking import (
    Admin,
    Approver,
    Authenticate,
    Credentials,
    Cursor,
    Limit,
    Now,
    Operator,
    Shop,
    Speaks,
    Turn,
    Unit,
    Viewer,
    Who,
    address_of,
    credentials_of,
    error_answers,
)
from shengeng.http.cursors import BAD_CURSOR, from_cursor, to_cursor
from shengeng.http.writing import EventWriter, OrderWriter
from shengeng.kernel.roles import Principal, Role
from shengeng.kernel.writers import Writer

__all__ = [
    "BAD_CURSOR",
    "Admin",
    "Approver",
    "Authenticate",
    "Credentials",
    "Cursor",
    "EventWriter",
    "Limit",
    "Now",
    "Operator",
    "OrderWriter",
    "Principal",
    "Role",
    "Shop",
    "Speaks",
    "Turn",
    "Unit",
    "Viewer",
    "Who",
    "Writer",
    "address_of",
    "credentials_of",
    "error_answers",
    "from_cursor",
    "to_cursor",
]
