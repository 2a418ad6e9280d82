"""What identity publishes: edges, persons, what was blocked and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import pyarrow as pa

from shengeng.kernel.errors import Refusal
from shengeng.kernel.units import Bools, Ints

Kind = Literal["anonymous", "customer", "phone_hash", "unionid", "email_hash"]
# In this order: an edge is written with its lower kind first.
KINDS: tuple[Kind, ...] = ("anonymous", "customer", "email_hash", "phone_hash", "unionid")

# Only where a person's id is another than the identifier says by itself.
RESOLVED = pa.schema(
    [
        pa.field("kind", pa.string(), nullable=False),
        pa.field("value", pa.string(), nullable=False),
        pa.field("person_id", pa.string(), nullable=False),
    ]
)

KEEP_TASK = "identity.keep"
Blocked = Literal["shared", "crowd", "many", "cut"]
# Why nothing merges over an identifier, by the number that Persons.blocked has for it.
REASONS: tuple[Blocked | None, ...] = (None, "shared", "crowd", "many")


def person_id(kind: str, value: str) -> str:
    """What an identifier says of a person by itself: a customer's own id, else the kind before the value."""
    if kind == "customer":
        return value
    return f"anon:{value}" if kind == "anonymous" else f"{kind}:{value}"


@dataclass(frozen=True, slots=True)
class Edge:
    """Two identifiers that were seen together. source: what saw them; evidence: plain facts about it."""

    kind_a: Kind
    value_a: str
    kind_b: Kind
    value_b: str
    source: str
    occurred_at: datetime
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Everything that is one person."""

    person_id: str
    customer_ids: frozenset[str]
    anonymous_ids: frozenset[str]
    phone_hashes: frozenset[str]
    email_hashes: frozenset[str]
    unionids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Seen:
    """An edge as it is explained. id: its first observation, by which it can be cut.

    blocked: why nothing is merged over it: "shared" (one of its ends belongs to more customers than the
    limit), "crowd" (more customers than one person has would be merged), "many" (a device on which several
    people log in), "cut" (somebody cut it); None where it holds.
    """

    id: int
    kind_a: Kind
    value_a: str
    kind_b: Kind
    value_b: str
    first_at: datetime
    sources: Sequence[str]
    evidence: Mapping[str, str]
    blocked: Blocked | None
    cut_by: str | None
    cut_at: datetime | None
    cut_why: str | None


@dataclass(frozen=True, slots=True)
class Explained:
    """A person's identifiers and every edge that touches one of them, the earliest first."""

    identifiers: Identifiers
    edges: Sequence[Seen]


@dataclass(frozen=True, slots=True)
class Graph:
    """Identifiers and live edges between them, by place.

    kind: (node,) place in KINDS, where 0 is a device and 1 a customer. a, b: (edge,)
    places of the ends. first: (edge,) microseconds of the first sight. order: (node,) rank of the value as
    text. shared: (node,) known to be shared already. settled: (node,) -1, or a number by person for nodes at
    the rim, whose person stays as it is and only says where devices belong. bought: (node,) at the rim and a
    customer's.
    """

    kind: Ints
    a: Ints
    b: Ints
    first: Ints
    order: Ints
    shared: Bools
    settled: Ints
    bought: Bools


@dataclass(frozen=True, slots=True)
class Persons:
    """For each node: the node that names its person, why it is blocked (0 = not), and its cluster."""

    head: Ints
    blocked: Ints
    cluster: Ints


NO_EDGE = Refusal(
    "no_identity_edge",
    "not_found",
    en="There is no link {id} between identifiers: look at the customer's identity card again.",
    zh="没有编号为 {id} 的标识关联：请重新查看该顾客的身份卡。",
)
NO_WHY = Refusal(
    "identity_why_missing",
    "invalid",
    en="Say in 1 to 300 characters why this link is cut or restored: others will want to know.",
    zh="请用 1 到 300 个字符说明切断或恢复此关联的原因，方便他人了解。",
)
ALREADY_SO = Refusal(
    "identity_already_so",
    "conflict",
    en="The link {id} is already {state}.",
    zh="关联 {id} 已是“{state_zh}”状态。",
)
