"""Which identifiers an event says belong together."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from shengeng.sense.identity.contracts import Edge, Kind

CONTACTS: tuple[Kind, ...] = ("phone_hash", "email_hash", "unionid")


def edges(events: pa.Table) -> list[Edge]:
    """Device and login of any event that has both; an identify's contacts; an alias's old id."""
    return [*_logins(events), *_said(events)]


def _logins(events: pa.Table) -> Iterator[Edge]:
    both = events.filter(pc.and_(events["customer_id"].is_valid(), events["anonymous_id"].is_valid()))
    pairs = both.group_by(["anonymous_id", "customer_id", "source"])
    for row in pairs.aggregate([("occurred_at", "min"), ("name", "min")]).to_pylist():
        told = {"source": row["source"], "occurred_at": row["occurred_at_min"], "name": row["name_min"]}
        yield _edge(("anonymous", row["anonymous_id"]), ("customer", row["customer_id"]), told)


def _said(events: pa.Table) -> Iterator[Edge]:
    """The few events that are about identity itself, one by one."""
    mine = events.filter(pc.is_in(events["kind"], pa.array(["identify", "alias"])))
    for row in mine.to_pylist():
        said = json.loads(row["properties"] or "{}")
        if row["kind"] == "alias":
            yield _edge(("anonymous", said["previous_id"]), ("customer", row["customer_id"]), row)
            continue
        for contact in CONTACTS:
            if isinstance(given := said.get(contact), str) and given.strip():
                yield _edge(_self(row), (contact, given.strip()), row)


def _self(row: dict[str, Any]) -> tuple[Kind, str]:
    if row["customer_id"] is not None:
        return "customer", row["customer_id"]
    return "anonymous", row["anonymous_id"]


def _edge(a: tuple[Kind, str], b: tuple[Kind, str], row: dict[str, Any]) -> Edge:
    return Edge(*a, *b, row["source"], row["occurred_at"], {"event": row["name"]})
