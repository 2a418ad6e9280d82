"""What events say about a person: which identifiers belong together, and what they allow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from shengeng.sense.identity.contracts import Edge, Kind, person_id

CONTACTS: tuple[Kind, ...] = ("phone_hash", "email_hash", "unionid")


def edges(events: pa.Table) -> list[Edge]:
    """Device and login of any event that has both; an identify's contacts; an alias's old id."""
    return [*_logins(events), *_said(events)]


def consents(events: pa.Table) -> dict[str, list[tuple[str, object, datetime]]]:
    """The `consent` traits of identify events by source: person, what they said, when."""
    found: dict[str, list[tuple[str, object, datetime]]] = {}
    for row in events.filter(pc.equal(events["kind"], "identify")).to_pylist():
        said = json.loads(row["properties"] or "{}").get("consent")
        if said is not None:
            found.setdefault(row["source"], []).append((person_id(*_self(row)), said, row["occurred_at"]))
    return found


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
