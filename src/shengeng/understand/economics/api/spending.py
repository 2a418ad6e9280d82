"""Bring spend on its own: the file's rows become the shop's facts, as those of an import do."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from shengeng.govern.audit import api as audit
from shengeng.kernel.errors import Lang
from shengeng.kernel.roles import Principal, Role, require
from shengeng.sense.connect import api as connect
from shengeng.sense.connect.contracts import Brought
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.understand.economics.contracts import TOO_LARGE

MOST_BYTES = 20 * 2**20
TEMPLATE = (
    "spent_on,channel,amount,currency,campaign_id,new_customers\n2025-01-31,search,1250.00,{currency},,18\n"
)


def bring_spend(
    stores: Stores, uow: UnitOfWork, by: Principal, path: Path, *, now: datetime, lang: Lang = "en"
) -> Brought:
    """Take a spend file (operator). The same file again changes nothing.

    Rows of one file with the same day, channel and campaign are added up; together they take the place of
    what an earlier file said of these three. Refuses a file without its columns or over 20 MB (invalid).
    """
    require(by, Role.OPERATOR)
    if path.stat().st_size > MOST_BYTES:
        raise TOO_LARGE.error(file=path.name, limit=MOST_BYTES // 2**20)
    found = connect.bring_file(stores, uow, "spend", path, lang=lang)
    detail: dict[str, audit.Plain] = {
        "added": found.added,
        "changed": found.changed,
        "rejected": found.rejected,
    }
    audit.record(uow, at=now, actor=by.name, action="spend.brought", target=path.name, detail=detail)
    return found


def template(currency: str) -> str:
    """An example file with one line, to be filled in."""
    return TEMPLATE.format(currency=currency)
