"""GET /v1/strategy: the strategy as a table of contents, what is reported beside what this shop measures."""

from __future__ import annotations

from datetime import date
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from shengeng.console.strategy_map import SECTIONS
from shengeng.console.strategy_words import Capability, Section, Status
from shengeng.govern.shop import api as shop_api
from shengeng.http import Shop, Unit, Viewer, error_answers
from shengeng.learn.scorecard import api as scorecard
from shengeng.learn.scorecard.contracts import Score
from shengeng.sense.connect import api as connect
from shengeng.storage.lake import Lake
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.understand.people import api as people

router = APIRouter(prefix="/v1/strategy", tags=["console"], responses=error_answers(401, 403))


class MeasuredFigure(BaseModel):
    """A figure computed from this shop's facts. key names its definition on the screen; n is its base."""

    key: Literal["identified", "repurchase", "basket", "coverage"]
    value: float
    unit: Literal["share", "minor"]
    n: int


class StrategyCapability(BaseModel):
    """A capability with its status, its screen, what the strategy reports and what we measure."""

    id: str
    title_zh: str
    title_en: str
    what_zh: str
    what_en: str
    status: Status
    now_zh: str | None
    now_en: str | None
    screen: str | None
    reported_zh: str | None
    reported_en: str | None
    measured: MeasuredFigure | None


class StrategySection(BaseModel):
    """A heading of the strategy with its capabilities."""

    id: str
    title_zh: str
    title_en: str
    capabilities: list[StrategyCapability]


class StrategyMap(BaseModel):
    """The whole map; measured figures hold as of a local day, null before the first cycle."""

    as_of: date | None
    sections: list[StrategySection]


@router.get("")
def read_strategy(_: Viewer, uow: Unit, stores: Shop) -> StrategyMap:
    """Every section and capability in the strategy's order; figures only where facts give them."""
    profile = shop_api.find_profile(uow)
    day = people.latest(stores, uow, profile.as_of) if profile and profile.as_of else None
    figures = _figures(stores, uow, day)
    return StrategyMap(as_of=day, sections=[_section(section, figures) for section in SECTIONS])


Figures = dict[str, MeasuredFigure]


def _figures(stores: Stores, uow: UnitOfWork, day: date | None) -> Figures:
    if day is None:
        return {}
    lake = stores.lake.inside(uow)
    plays = {score.play: score for score in scorecard.scorecard(uow).plays}
    found = _loyalty(lake, day) | _identified(lake)
    for key, play in (("supply_coverage", "stock_up"), ("reminder_coverage", "repeat_reminder")):
        if play in plays and (figure := _coverage(plays[play])):
            found[key] = figure
    return found


def _loyalty(lake: Lake, day: date) -> Figures:
    """Who comes back and what an order is worth, over the 90 days to the estimate."""
    recent = people.loyalty(lake, day)
    if not recent.customers or not recent.orders:
        return {}
    rate, basket = recent.returning / recent.customers, recent.spend_minor / recent.orders
    return {
        "repurchase": MeasuredFigure(key="repurchase", value=rate, unit="share", n=recent.customers),
        "basket": MeasuredFigure(key="basket", value=basket, unit="minor", n=recent.orders),
    }


def _identified(lake: Lake) -> Figures:
    totals = connect.totals(lake)
    if totals.share_identified is None:
        return {}
    share = totals.share_identified
    return {"identified": MeasuredFigure(key="identified", value=share, unit="share", n=totals.orders)}


def _coverage(score: Score) -> MeasuredFigure | None:
    if score.coverage is None:
        return None
    return MeasuredFigure(key="coverage", value=score.coverage, unit="share", n=score.held.n)


def _section(section: Section, figures: Figures) -> StrategySection:
    zh, en = section.title
    listed = [_capability(one, figures) for one in section.capabilities]
    return StrategySection(id=section.id, title_zh=zh, title_en=en, capabilities=listed)


def _capability(one: Capability, figures: Figures) -> StrategyCapability:
    now, reported = one.now or (None, None), one.reported or (None, None)
    return StrategyCapability(
        id=one.id,
        title_zh=one.title[0],
        title_en=one.title[1],
        what_zh=one.what[0],
        what_en=one.what[1],
        status=one.status,
        now_zh=now[0],
        now_en=now[1],
        screen=one.screen,
        reported_zh=reported[0],
        reported_en=reported[1],
        measured=figures.get(one.measures) if one.measures else None,
    )
