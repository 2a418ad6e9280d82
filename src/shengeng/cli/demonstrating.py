"""The demo shop: a year of a grocer's orders as they stood on one evening, and what we made of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from shengeng import sample
from shengeng.cli.output import bar
from shengeng.decide.ledger import api as ledger
from shengeng.govern.access import api as access
from shengeng.govern.shop import api as shop
from shengeng.kernel.clock import wall_now
from shengeng.kernel.roles import SHELL
from shengeng.kernel.settings import Settings
from shengeng.learn.scorecard import api as scorecard
from shengeng.plays import replay
from shengeng.plays.day import finished, run_day
from shengeng.sense.connect import api as connect
from shengeng.sense.connect.contracts import COMPLETE_JOURNEY, ImportReport
from shengeng.storage.progress import Progress
from shengeng.storage.stores import Stores

# The shop as it stood that Sunday evening; the remaining five weeks wait to arrive.
EVENING = date(2017, 11, 26)
# Earlier Sundays whose proposals are settled by now: their calibration is on the first page.
LOOK_BACK = tuple(EVENING - timedelta(weeks=weeks) for weeks in (3, 2, 1))


def prepare(stores: Stores) -> dict[str, Any]:
    """Import, sample goods, promotion plan, look back, today's cycle, first login; nothing is done twice."""
    seconds: dict[str, float] = {}
    with bar("demo") as progress:
        with _timed(seconds, "import"):
            report = _import(stores, progress)
        with _timed(seconds, "sample"):
            _sample(stores)
        with _timed(seconds, "promotions"):
            connect.import_promotions(stores, progress)
        with _timed(seconds, "look_back"):
            for day in LOOK_BACK:
                _cycle(stores, day, progress)
        with _timed(seconds, "cycle"):
            _cycle(stores, replay.known_day(stores), progress)
    with stores.rows.unit() as uow:
        login = access.first_operator(uow, wall_now())
    files = {name: asdict(count) for name, count in report.files.items()} if report else {}
    signed = {"name": login.operator.name, "password": login.password} if login else None
    rounded = {name: round(value, 2) for name, value in seconds.items()}
    return {"seconds": rounded, "files": files, "operator": signed, **_shop(stores)}


def story(summary: dict[str, Any], settings: Settings) -> list[str]:
    """What people read at the end of the demo."""
    waiting, login = summary["waiting"], summary["operator"]
    lines = [
        f"{summary['customers']:,} customers, {summary['orders']:,} orders, known until {summary['as_of']}",
        f"{waiting['decisions']:,} decisions wait in {waiting['groups']} groups; "
        f"{summary['waiting_days']} days wait to arrive",
        f"console   http://{settings.host}:{settings.port}/",
        *([f"shop      {settings.storefront_url}"] if settings.storefront else []),
    ]
    if login is None:
        return [*lines, "login     as before (shengeng operator NAME --reset gives a new password)"]
    return [*lines, f"login     {login['name']}", f"password  {login['password']}   (shown once)"]


def _import(stores: Stores, progress: Progress) -> ImportReport | None:
    with stores.rows.unit() as uow:
        known = shop.find_profile(uow)
    if known and known.as_of and known.as_of >= EVENING:
        return None
    return connect.import_source(stores, COMPLETE_JOURNEY, until=EVENING, progress=progress, now=wall_now())


def _sample(stores: Stores) -> None:
    """Goods that the storefront can sell at once; the grocer's own have no prices and pictures."""
    with stores.rows.unit() as uow:
        sample.load(uow, SHELL, shop.profile(uow).currency, wall_now())


def _cycle(stores: Stores, day: date, progress: Progress) -> None:
    with stores.rows.unit() as uow:
        done = finished(uow, day)
    if not done:
        run_day(stores, day, progress, wall_now())


def _shop(stores: Stores) -> dict[str, Any]:
    with stores.rows.unit() as uow:
        profile = shop.profile(uow)
        assert profile.as_of is not None
        expected = ledger.expected(uow, profile.as_of)
        card = scorecard.scorecard(uow)
    totals = connect.totals(stores.lake)
    return {
        "as_of": profile.as_of.isoformat(),
        "customers": totals.customers,
        "orders": totals.orders,
        "lines": totals.lines,
        "waiting_days": len(connect.feed_days(stores.lake)),
        "waiting": {"groups": expected.groups, "decisions": expected.decisions},
        "expected_minor": {"policy": asdict(expected.policy), "assumed": asdict(expected.assumed)},
        "calibration": {s.play: {"n": s.n, "coverage": s.held.coverage, "se": s.held.se} for s in card.plays},
    }


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    start = time.monotonic()
    yield
    seconds[name] = time.monotonic() - start
