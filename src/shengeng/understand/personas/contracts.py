"""What `personas` publishes: a catalogue of scenes, who is how far in them, and the profiles behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import scipy.sparse as sp

from shengeng.kernel.errors import Refusal
from shengeng.kernel.units import Floats, Ints

LEARN_TASK = "personas.learn"
WINDOW_DAYS = 365  # how far back a scene looks: a year, so that each season counts once
LEAST_BASKETS = 6  # fewer baskets of a customer say too little
LEAST_CUSTOMERS = 40  # fewer customers with so many baskets: no scenes are learnt
CLEAR = 1.2  # the first scene's weight over the second's, from which a customer belongs to it

# Ten slots of local time: five parts of the day on weekdays, then the same on weekends.
PARTS: tuple[tuple[str, int, int], ...] = (
    ("morning", 6, 11),
    ("midday", 11, 14),
    ("afternoon", 14, 17),
    ("evening", 17, 21),
    ("night", 21, 6),
)
SLOTS = tuple(f"{days}_{part}" for days in ("weekday", "weekend") for part, _, _ in PARTS)

PLAIN = "plain"  # stands among the cues for a review that holds none

# Members who say a cue, members who wrote at all, and the share of everybody who wrote that says it.
VOICE = pa.struct(
    [("name", pa.string()), ("said", pa.int64()), ("wrote", pa.int64()), ("shop", pa.float64())]
)
SHARE = pa.struct([("name", pa.string()), ("share", pa.float64()), ("shop", pa.float64())])

# Partition = the day of the estimate (as_of). Shares of evidence: the members' beside the whole shop's.
PERSONAS = pa.schema(
    [
        pa.field("persona_id", pa.string(), nullable=False),  # stays the same from week to week
        pa.field("name_zh", pa.string(), nullable=False),
        pa.field("name_en", pa.string(), nullable=False),
        pa.field("need_zh", pa.string(), nullable=False),
        pa.field("need_en", pa.string(), nullable=False),
        pa.field("customers", pa.int64(), nullable=False),  # who clearly belong to it
        pa.field("touched", pa.int64(), nullable=False),  # a fifth of their buying or more is in it
        pa.field("spend_minor", pa.int64(), nullable=False),  # of those customers, in the window
        pa.field("value_share", pa.float64(), nullable=False),  # of all identified customers' spend
        pa.field("baskets_a_month", pa.float64(), nullable=False),  # median of its customers
        pa.field("lines_a_basket", pa.float64(), nullable=False),  # categories in a basket, mean
        pa.field("categories", pa.list_(SHARE), nullable=False),  # share of baskets that hold it
        pa.field("slots", pa.list_(SHARE), nullable=False),  # share of baskets in it, all ten slots
        pa.field("similar", pa.list_(pa.float64()), nullable=False),  # cosine to each scene, in id order
        pa.field("overlap", pa.list_(pa.int64()), nullable=False),  # customers touched by both, in id order
        pa.field("x", pa.float64(), nullable=False),  # place on the map: near = similar
        pa.field("y", pa.float64(), nullable=False),
        pa.field("chosen_on", pa.date32(), nullable=False),  # when the number of scenes was chosen
        pa.field("agreement", pa.float64(), nullable=False),  # adjusted Rand index of two samples then
        pa.field("voices", pa.list_(VOICE)),  # what their reviews say of occasion and need, telling first
    ]
)
MEMBERSHIPS = pa.schema(
    [
        pa.field("customer_id", pa.string(), nullable=False),
        pa.field("persona_id", pa.string(), nullable=False),
        pa.field("weight", pa.float64(), nullable=False),  # share of the customer's surprise in it
        pa.field("belongs", pa.bool_(), nullable=False),  # the customer's one clear scene
        pa.field("baskets", pa.int64(), nullable=False),
    ]
)
# One row a feature: how often baskets had it, and its weight in each scene (in id order).
PROFILES = pa.schema(
    [
        pa.field("kind", pa.string(), nullable=False),  # "category" | "slot" | "said"
        pa.field("name", pa.string(), nullable=False),  # category, "slot|department", or cue
        pa.field("total", pa.float64(), nullable=False),
        pa.field("weights", pa.list_(pa.float64()), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class Said:
    """What customers wrote in the window: (customers, cues) reviews that hold each cue; the last is PLAIN.

    wrote: (customers,) reviews.
    """

    cues: Sequence[str]
    by_cue: sp.csr_array
    wrote: Ints


@dataclass(frozen=True, slots=True)
class Counts:
    """Baskets of identified customers, counted over the window.

    by_category: (customers, categories); by_slot: (customers, slots x departments), slot-major; baskets,
    minor: (customers, slots); first: (customers,) day of the first basket in the window; end: the last day.
    said: None where no review says anything of an occasion or a need.
    """

    customer_ids: Sequence[str]
    categories: Sequence[str]
    departments: Sequence[str]
    by_category: sp.csr_array
    by_slot: sp.csr_array
    baskets: Floats
    minor: Floats
    first: Ints
    end: int
    said: Said | None = None

    @property
    def names(self) -> list[tuple[str, str]]:
        """(kind, name) of every feature: the categories, then slot|department, then what was said."""
        when = [f"{slot}|{department}" for slot in SLOTS for department in self.departments]
        found = [("category", name) for name in self.categories] + [("slot", name) for name in when]
        return found + [("said", cue) for cue in (self.said.cues if self.said else ())]


@dataclass(frozen=True, slots=True)
class Scenes:
    """Learnt scenes: profiles (scenes, features) whose rows sum to one, and how often baskets had a feature.

    ids: one a scene; names: (kind, name) of the features; totals: (features,) baskets behind the surprise.
    """

    ids: tuple[str, ...]
    names: Sequence[tuple[str, str]]
    profiles: Floats
    totals: Floats
    chosen_on: date
    agreement: float


@dataclass(frozen=True, slots=True)
class Reason:
    """A feature of a customer and what it adds to the weight of one scene; all of them sum to the weight.

    baskets: that have it; reviews, where the kind is "said".
    """

    kind: str
    name: str
    adds: float
    baskets: int


@dataclass(frozen=True, slots=True)
class BasketReason:
    """One basket and what it adds to the weight of one scene."""

    order_id: str
    slot: str
    adds: float
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewReason:
    """One review, the sentence of it that holds a cue, and what that adds to the weight of one scene."""

    review_id: str
    day: date
    cue: str
    sentence: str
    adds: float


@dataclass(frozen=True, slots=True)
class Membership:
    """How far one customer is in one scene; reasons, and likewise baskets and reviews, sum to the weight."""

    persona_id: str
    weight: float
    belongs: bool
    reasons: tuple[Reason, ...]
    baskets: tuple[BasketReason, ...]
    reviews: tuple[ReviewReason, ...] = ()


NO_PERSONA = Refusal(
    "no_persona",
    "not_found",
    en="There is no persona {persona} as of {as_of}: choose one from the list of personas.",
    zh="截至 {as_of} 没有画像“{persona}”：请从画像列表中选择。",
)
NOT_LEARNT = Refusal(
    "personas_not_learnt",
    "not_found",
    en="No personas are known yet: they are learnt each week once {least} customers have {baskets} baskets.",
    zh="还没有画像：有 {least} 位顾客各下满 {baskets} 单后，每周在后台学习一次。",
)
