"""/v1/personas: the scenes with their evidence, who is in them, and why."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict

from shengeng.govern.shop import api as shop
from shengeng.http import Cursor, Limit, Shop, Unit, Viewer, error_answers, from_cursor, to_cursor
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.understand.people.contracts import NO_CUSTOMER
from shengeng.understand.personas import api
from shengeng.understand.personas.contracts import (
    LEAST_BASKETS,
    NO_PERSONA,
    Membership,
    Reason,
    ReviewReason,
)

router = APIRouter(prefix="/v1/personas", tags=["personas"], responses=error_answers(401, 403, 404, 422))

_ATTRIBUTES = ConfigDict(from_attributes=True)
_SHOWN_REASONS, _SHOWN_BASKETS, _SHOWN_REVIEWS = 6, 4, 4
PersonaId = Annotated[str, Path(max_length=20)]


class PersonaShare(BaseModel):
    """A category or a slot of time: the members' share of baskets beside the whole shop's."""

    name: str
    share: float
    shop: float


class PersonaVoice(BaseModel):
    """A cue of reviews: members who say it, members who wrote at all, the same share of everybody."""

    cue: str
    name_zh: str
    name_en: str
    said: int
    wrote: int
    shop: float


class PersonaNear(BaseModel):
    """Another scene: how alike both are (cosine), and how many customers are touched by both."""

    persona_id: str
    similar: float
    both: int


class PersonaSize(BaseModel):
    """Customers who belonged to the scene on an earlier day."""

    day: date
    customers: int


class PersonaRow(BaseModel):
    """A scene with its evidence. touched: customers with a fifth or more of their buying in it."""

    persona_id: str
    name_zh: str
    name_en: str
    need_zh: str
    need_en: str
    customers: int
    touched: int
    spend_minor: int
    value_share: float
    baskets_a_month: float
    lines_a_basket: float
    categories: list[PersonaShare]
    slots: list[PersonaShare]
    voices: list[PersonaVoice]
    near: list[PersonaNear]
    x: float
    y: float
    trend: list[PersonaSize]


class Personas(BaseModel):
    """The newest scenes, largest first; as_of is null before the first learning.

    known: customers with baskets enough; placed: those who clearly belong to one scene. agreement: adjusted
    Rand index of two samples of customers on the day the number of scenes was chosen.
    """

    as_of: date | None
    chosen_on: date | None
    agreement: float | None
    known: int
    placed: int
    personas: list[PersonaRow]


class PersonaSaid(BaseModel):
    """A value of an attribute: members of whom it is said, and customers of whom it is said."""

    value: str
    members: int
    everybody: int


class PersonaDetail(BaseModel):
    """One scene; described stands beside it and never went in."""

    as_of: date
    row: PersonaRow
    described: dict[str, list[PersonaSaid]]


class PersonaMember(BaseModel):
    """A customer who belongs to a scene; weight: the scene's share of what is surprising in their baskets."""

    model_config = _ATTRIBUTES
    customer_id: str
    weight: float
    baskets: int


class PersonaMembers(BaseModel):
    """Members by falling weight."""

    rows: list[PersonaMember]
    next: str | None


class PersonaReason(BaseModel):
    """A category (or slot|department) that the customer buys more than expected, and what it adds.

    Where the kind is "said" it is a cue of their reviews, named in both languages; baskets counts reviews.
    """

    kind: str
    name: str
    name_zh: str | None
    name_en: str | None
    adds: float
    baskets: int


class PersonaBasket(BaseModel):
    """A basket and what it adds to the weight."""

    model_config = _ATTRIBUTES
    order_id: str
    slot: str
    adds: float
    categories: list[str]


class PersonaReview(BaseModel):
    """The sentence of a review that tells of an occasion or a need, and what it adds to the weight."""

    review_id: str
    day: date
    cue: str
    name_zh: str
    name_en: str
    sentence: str
    adds: float


class PersonaMembership(BaseModel):
    """A weight with what adds most to it.

    The shown reasons and their rest sum to it, and so do baskets and reviews with both of theirs.
    """

    persona_id: str
    name_zh: str
    name_en: str
    weight: float
    belongs: bool
    reasons: list[PersonaReason]
    reasons_rest: float
    baskets: list[PersonaBasket]
    baskets_rest: float
    reviews: list[PersonaReview]
    reviews_rest: float


class CustomerPersonas(BaseModel):
    """How far one customer is in each scene. said: enough, too few baskets, or no scene stands out."""

    as_of: date
    baskets: int
    least_baskets: int
    said: str
    memberships: list[PersonaMembership]


@router.get("")
def list_personas(_: Viewer, uow: Unit, stores: Shop) -> Personas:
    """Every scene of the newest learning with its evidence, likeness and trend."""
    day = _newest(stores, uow)
    cards = api.catalogue(stores.lake.inside(uow), day) if day else []
    if day is None or not cards:
        return Personas(as_of=day, chosen_on=None, agreement=None, known=0, placed=0, personas=[])
    trend = api.trend(stores, uow, day)
    rows = [_row(card, cards, trend) for card in cards]
    return Personas(
        as_of=day,
        chosen_on=cards[0]["chosen_on"],
        agreement=cards[0]["agreement"],
        personas=sorted(rows, key=lambda row: (-row.customers, row.persona_id)),
        **api.standing(stores.lake.inside(uow), day),
    )


@router.get("/customers/{customer_id:path}")
def read_customer_personas(
    _: Viewer, uow: Unit, stores: Shop, customer_id: Annotated[str, Path(max_length=200)]
) -> CustomerPersonas:
    """How far one customer is in each scene, with the categories, times and baskets that make it up."""
    day = api.day_of(stores, uow)
    lake = stores.lake.inside(uow)
    found, baskets = api.of_customer(lake, day, customer_id)
    if not baskets:
        raise NO_CUSTOMER.error(customer=customer_id, as_of=day)
    cards = {card["persona_id"]: card for card in api.catalogue(lake, day)}
    enough = "enough" if any(one.belongs for one in found) else "flat"
    return CustomerPersonas(
        as_of=day,
        baskets=baskets,
        least_baskets=LEAST_BASKETS,
        said=enough if found else "few",
        memberships=[_membership(one, cards[one.persona_id]) for one in found],
    )


@router.get("/{persona_id}")
def read_persona(_: Viewer, uow: Unit, stores: Shop, persona_id: PersonaId) -> PersonaDetail:
    """One scene with its evidence, and what sources say of its members beside it."""
    day = api.day_of(stores, uow)
    lake = stores.lake.inside(uow)
    cards = api.catalogue(lake, day)
    card = _of(cards, persona_id, day)
    said = {
        name: [PersonaSaid(value=value, members=own, everybody=every) for value, own, every in values]
        for name, values in api.described(lake, day, persona_id).items()
    }
    return PersonaDetail(as_of=day, row=_row(card, cards, api.trend(stores, uow, day)), described=said)


@router.get("/{persona_id}/members")
def list_persona_members(
    _: Viewer, uow: Unit, stores: Shop, persona_id: PersonaId, cursor: Cursor = None, limit: Limit = 50
) -> PersonaMembers:
    """Customers who belong to a scene, those most of it first."""
    day = api.day_of(stores, uow)
    lake = stores.lake.inside(uow)
    _of(api.catalogue(lake, day), persona_id, day)
    after = from_cursor(cursor, float, str)
    place = (float(str(after[0])), str(after[1])) if after else None
    rows = api.members(lake, day, persona_id, after=place, limit=limit + 1)
    page = [PersonaMember.model_validate(row) for row in rows[:limit]]
    further = to_cursor(page[-1].weight, page[-1].customer_id) if len(rows) > limit else None
    return PersonaMembers(rows=page, next=further)


def _newest(stores: Stores, uow: UnitOfWork) -> date | None:
    profile = shop.find_profile(uow)
    return api.latest(stores, uow, profile.as_of) if profile and profile.as_of else None


def _of(cards: list[dict[str, Any]], persona_id: str, day: date) -> dict[str, Any]:
    for card in cards:
        if card["persona_id"] == persona_id:
            return card
    raise NO_PERSONA.error(persona=persona_id, as_of=day)


def _row(
    card: dict[str, Any], cards: list[dict[str, Any]], trend: list[tuple[date, dict[str, int]]]
) -> PersonaRow:
    own = {name: card[name] for name in PersonaRow.model_fields if name in card and name != "voices"}
    voices = [
        PersonaVoice(
            cue=one["name"], said=one["said"], wrote=one["wrote"], shop=one["shop"], **_called(one["name"])
        )
        for one in card["voices"] or []
    ]
    near = [
        PersonaNear(persona_id=other["persona_id"], similar=similar, both=both)
        for other, similar, both in zip(cards, card["similar"], card["overlap"], strict=True)
        if other is not card
    ]
    sizes = [
        PersonaSize(day=day, customers=found[card["persona_id"]])
        for day, found in trend
        if card["persona_id"] in found
    ]
    return PersonaRow(**own, voices=voices, near=near, trend=sizes)


def _called(cue: str) -> dict[str, str]:
    """A cue's name in both languages; one that is no longer known is called by its key."""
    known = api.cue(cue)
    return {"name_zh": known.to_zh, "name_en": known.to_en} if known else {"name_zh": cue, "name_en": cue}


def _reason(one: Reason) -> PersonaReason:
    names = _called(one.name) if one.kind == "said" else {"name_zh": None, "name_en": None}
    return PersonaReason(kind=one.kind, name=one.name, adds=one.adds, baskets=one.baskets, **names)


def _review(one: ReviewReason) -> PersonaReview:
    return PersonaReview(
        review_id=one.review_id,
        day=one.day,
        cue=one.cue,
        sentence=one.sentence,
        adds=one.adds,
        **_called(one.cue),
    )


def _membership(one: Membership, card: dict[str, Any]) -> PersonaMembership:
    reasons, baskets = one.reasons[:_SHOWN_REASONS], one.baskets[:_SHOWN_BASKETS]
    reviews = one.reviews[:_SHOWN_REVIEWS]
    return PersonaMembership(
        persona_id=one.persona_id,
        name_zh=card["name_zh"],
        name_en=card["name_en"],
        weight=one.weight,
        belongs=one.belongs,
        reasons=[_reason(reason) for reason in reasons],
        reasons_rest=max(one.weight - sum(reason.adds for reason in reasons), 0.0),
        baskets=[PersonaBasket.model_validate(basket) for basket in baskets],
        baskets_rest=sum(basket.adds for basket in one.baskets[_SHOWN_BASKETS:]),
        reviews=[_review(review) for review in reviews],
        reviews_rest=sum(review.adds for review in one.reviews[_SHOWN_REVIEWS:]),
    )
