"""The language of audiences, version 1, as typed trees. A path names a node: `where.of.1.window`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args
from uuid import UUID

VERSION = 1
MOST_BYTES = 64_000
MOST_DEPTH = 8
MOST_LEAVES = 40
MOST_VALUES = 500  # in one list
MOST_STEPS = 8
MOST_DAYS = 3_650
LONGEST_WORD = 200

Compare = Literal["eq", "gte", "lte", "gt", "lt"]
TraitCompare = Literal["is", "is_not", "in", "contains", "exists", "lt", "lte", "gt", "gte"]
Measure = Literal["count", "sum", "distinct", "min", "max"]
Of = Literal["orders", "lines", "units", "spend", "products", "days", "value", "events"]
Tone = Literal["any", "good", "bad"]
How = Literal["together", "never_together"]
ValueMeasure = Literal["value_minor", "p_alive", "orders"]
SpanUnit = Literal["days", "hours", "minutes"]
Plain = str | int | float | bool

COMPARES: tuple[Compare, ...] = get_args(Compare)
TRAIT_COMPARES: tuple[TraitCompare, ...] = get_args(TraitCompare)
SPAN_UNITS: tuple[SpanUnit, ...] = get_args(SpanUnit)
# What each measure may be of. An order's lines that match count together in min and max.
MEASURED: dict[Measure, tuple[Of, ...]] = {
    "count": ("orders", "lines", "events", "days", "products"),
    "distinct": ("products", "days", "orders"),
    "sum": ("units", "spend", "value"),
    "min": ("units", "spend", "value"),
    "max": ("units", "spend", "value"),
}
OF_ORDERS: tuple[Of, ...] = ("orders", "lines", "units", "spend", "products", "days")
OF_EVENTS: tuple[Of, ...] = ("events", "units", "products", "days", "value")


@dataclass(frozen=True, slots=True)
class Window:
    """The last days up to the moment, to the second; or local days from start to end, both included."""

    last_days: int | None = None
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class What:
    """Which facts: order lines, or events of one name; of these products, departments or categories (any)."""

    fact: Literal["order", "event"]
    name: str | None = None
    products: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class When:
    """Local hours from (included) to (excluded), over midnight where from is later; weekdays, Monday = 1."""

    hours: tuple[int, int] | None = None
    weekdays: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class At:
    """Places: any of the stores, and any of the channels, and any of the rooms."""

    stores: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as it was written."""

    amount: int
    unit: SpanUnit

    @property
    def length(self) -> timedelta:
        """The same as a timedelta."""
        return timedelta(**{self.unit: self.amount})


@dataclass(frozen=True, slots=True)
class Step:
    """A fact later than the step before, within a span of it."""

    what: What
    within: Span | None = None


@dataclass(frozen=True, slots=True)
class Absent:
    """No such fact between the steps on both sides; as the last one, none after, or none for a span."""

    what: What
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class And:
    """Everybody of whom all are true."""

    of: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Everybody of whom one is true."""

    of: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Everybody known to the shop of whom it is not true."""

    of: Node


@dataclass(frozen=True, slots=True)
class Trait:
    """What a source or an identify call says of somebody."""

    name: str
    compare: TraitCompare
    value: Plain | tuple[Plain, ...] | None = None


@dataclass(frozen=True, slots=True)
class Did:
    """A measure of somebody's facts against a bound. min and max of nothing are true of nobody."""

    what: What
    measure: Measure
    of: Of
    compare: Compare
    value: float
    window: Window | None = None
    when: When | None = None
    at: At | None = None


@dataclass(frozen=True, slots=True)
class Sequence:
    """Facts in an order of time, each later than the one before. within: from the first to the last."""

    steps: tuple[Step | Absent, ...]
    window: Window | None = None
    within: Span | None = None


@dataclass(frozen=True, slots=True)
class Basket:
    """Orders that hold both; or at least so many orders with a, and none of them with b."""

    how: How
    a: What
    b: What
    at_least: int = 1
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """Wrote a review that says an occasion or a need."""

    aspect: str
    tone: Tone = "any"
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class InStage:
    """Stands in one of these stages."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InTier:
    """Stands in one of these value tiers."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InPersona:
    """Belongs clearly to one of these scenes; with at_least, has at least that weight in one of them."""

    names: tuple[str, ...]
    at_least: float | None = None


@dataclass(frozen=True, slots=True)
class Worth:
    """An estimate of the customer's value against a bound."""

    measure: ValueMeasure
    compare: Compare
    value: float


@dataclass(frozen=True, slots=True)
class NextPurchase:
    """Probably buys one of these again in the week after the estimate, and is due within so many days."""

    products: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    within_days: int = 7
    probability: float = 0.3


@dataclass(frozen=True, slots=True)
class InAudience:
    """Whoever another audience is true of."""

    id: UUID


Leaf = (
    Trait | Did | Sequence | Basket | Text | InStage | InTier | InPersona | Worth | NextPurchase | InAudience
)
Node = And | Or | Not | Leaf

OPS: dict[str, type[object]] = {
    "and": And,
    "or": Or,
    "not": Not,
    "trait": Trait,
    "did": Did,
    "sequence": Sequence,
    "basket": Basket,
    "text": Text,
    "stage": InStage,
    "tier": InTier,
    "persona": InPersona,
    "value": Worth,
    "next_purchase": NextPurchase,
    "audience": InAudience,
}


@dataclass(frozen=True, slots=True)
class Definition:
    """A whole sentence of the language."""

    where: Node
    version: int = VERSION


def children(node: Node, path: str) -> Iterator[tuple[str, Node]]:
    """The nodes directly below one, each with its path."""
    match node:
        case And(of) | Or(of):
            yield from ((f"{path}.of.{place}", child) for place, child in enumerate(of))
        case Not(of):
            yield f"{path}.of", of


def walk(node: Node, path: str = "where") -> Iterator[tuple[str, Node]]:
    """Every node with its path, a parent before its children."""
    yield path, node
    for below, child in children(node, path):
        yield from walk(child, below)


def leaves(node: Node, path: str = "where") -> Iterator[tuple[str, Leaf]]:
    """The nodes that ask something, with their paths."""
    for below, found in walk(node, path):
        if not isinstance(found, And | Or | Not):
            yield below, found


def inner(node: Node) -> frozenset[UUID]:
    """The audiences that a sentence names itself."""
    return frozenset(leaf.id for _, leaf in leaves(node) if isinstance(leaf, InAudience))


@dataclass(frozen=True, slots=True)
class Moment:
    """When a sentence is asked: the shop's naive local time, and the day its estimates may come from."""

    at: datetime
    as_of: date
