"""Stock-up: expected beside realised gains on Complete Journey, week by week; writes results.json.

`make bench-stock` (ARGS="--first 21"). Every origin sees only the weeks before it (and the promotion plan of
its own week), learns as `demand.estimate` does, proposes as the play does, and is settled by the next week's
sales. Coverage is of 80% intervals; its standard error is clustered by week.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from shengeng.decide.replenish import api as replenish
from shengeng.kernel.units import Bools, Floats, Interval, Ints
from shengeng.learn.scorecard.methods import coverage
from shengeng.sense.connect import api as connect
from shengeng.understand.demand import api as demand

RESULTS = Path(__file__).parent / "results.json"
LAST, WEEKS = date(2017, 12, 31), 52
MARGIN, SCRAP, LEAST_MINOR = 0.25, 0.10, 100
# The look-back of the demo: nothing was chosen on these four weeks.
LOOK_BACK = (43, 47)
# Held to: realised over expected gains, and the share of 80% intervals that hold.
GOALS = {"ratio": [0.9, 1.1], "coverage": [0.72, 0.88]}


@dataclass(frozen=True, slots=True)
class Week:
    """One origin's slate and what came of it; rows are decisions."""

    place: int
    gains: Floats  # (row, draw)
    came: Floats
    department: Ints

    def held(self) -> dict[str, Bools]:
        """Whether each stated interval held, by level."""
        groups = [self.department == code for code in np.unique(self.department)]
        single = [replenish.group_interval(row[None, :]) for row in self.gains]
        return {
            "decision": np.array([inside(said, gain) for said, gain in zip(single, self.came, strict=True)]),
            "group": np.array([self._sum_inside(rows) for rows in groups]),
            "day": np.array([self._sum_inside(np.ones(len(self.came), dtype=bool))]),
        }

    def _sum_inside(self, rows: Bools) -> bool:
        return inside(replenish.gain_interval(self.gains[rows]), float(self.came[rows].sum()))


def inside(said: Interval, came: float) -> bool:
    """Whether an interval held; as published it reaches to its mean."""
    return round(min(said.low, said.mid)) <= came <= round(max(said.high, said.mid))


def known(shop: demand.Shop, place: int, planned: bool) -> demand.Shop:
    """The shop as it stood before a week, without the products that had not been sold yet."""
    sold = np.flatnonzero(shop.units[:, :place].any(axis=1))
    part = shop.only(sold)
    plan = part.plan[:, :, : place + 1] * planned
    kin = np.unique(part.kin, return_inverse=True)[1].astype(np.int64)
    return demand.Shop(part.units[:, :place], part.paid_minor[:, :place], plan, kin)


def learned(shop: demand.Shop, place: int, planned: bool) -> demand.Learned | None:
    """What the level knows at a place, learned every fourth week."""
    part, rng = known(shop, place, planned), np.random.default_rng(place)
    return demand.learn(part, 1, learn_from=demand.teachers(part.units, rng), seed=place)


def slate(
    shop: demand.Shop, department: Ints, place: int, taught: demand.Learned | None, planned: bool
) -> Week:
    """The decisions before a week, and what they gained in it."""
    sold = np.flatnonzero(shop.units[:, :place].any(axis=1))
    part, rng = known(shop, place, planned), np.random.default_rng(place)
    alive = demand.living(part.units)
    units = demand.joint_outcomes(demand.ahead(part, 1, taught, of=alive), part.units[alive], rng)
    last = part.units[alive, -1].astype(np.int64)
    price = demand.unit_price_minor(part.units[alive], part.paid_minor[alive])
    chosen = replenish.order_up_to(units, replenish.critical_ratio(MARGIN, SCRAP))
    rates = {"margin_rate": MARGIN, "scrap_rate": SCRAP}
    gains = replenish.gain_minor(chosen, last, units, price, **rates)
    good = (chosen != last) & (price > 0) & (gains.mean(axis=1) >= LEAST_MINOR)
    wanted = shop.units[sold[alive], place].astype(np.int64)[:, None]
    came = replenish.gain_minor(chosen, last, wanted, price, **rates)[:, 0]
    return Week(place, gains[good], came[good], department[sold[alive]][good])


def score(weeks: list[Week]) -> dict[str, object]:
    """Realised over expected gains, and coverage with its standard error by level."""
    expected, came = (
        sum(float(w.gains.mean(axis=1).sum()) for w in weeks),
        sum(float(w.came.sum()) for w in weeks),
    )
    found: dict[str, object] = {"weeks": len(weeks), "decisions": sum(len(w.came) for w in weeks)}
    found |= {"expected_minor": round(expected), "realised_minor": round(came)}
    found["ratio"] = round(came / expected, 3)
    for level in ("decision", "group", "day"):
        held = [w.held()[level] for w in weeks]
        cluster = np.repeat([w.place for w in weeks], [len(h) for h in held]).tolist()
        share, se = coverage(np.concatenate(held), cluster) or (0.0, 0.0)
        found[level] = {"coverage": round(share, 3), "se": round(se, 3), "n": len(cluster)}
    return found


def run(shop: demand.Shop, department: Ints, first: int, planned: bool) -> dict[str, object]:
    """All origins with or without the promotion plan."""
    weeks: list[Week] = []
    taught: demand.Learned | None = None
    for place in range(first, WEEKS):
        if taught is None or place % 4 == 2:  # every fourth Sunday, as demand.learned_on counts them
            taught = learned(shop, place - (place - 2) % 4, planned)
        weeks.append(slate(shop, department, place, taught, planned))
        print(f"plan {planned} week {place} {score(weeks[-1:])}", flush=True)
    look = [w for w in weeks if LOOK_BACK[0] <= w.place < LOOK_BACK[1]]
    origins = [{"as_of": (LAST - timedelta(weeks=WEEKS - w.place)).isoformat(), **score([w])} for w in weeks]
    earlier = [w for w in weeks if w.place < LOOK_BACK[0]]
    return {
        "all": score(weeks),
        "before_look_back": score(earlier),
        "look_back": score(look),
        "origins": origins,
    }


def main() -> None:
    """Run once and write what came."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--first", type=int, default=21, help="first week that is forecast, of 52")
    given = asked.parse_args()
    with connect.open_folder("complete-journey") as facts:
        ids, shop = demand.weeks_of(
            facts, as_of=LAST, weeks=WEEKS, horizon=1, keep=lambda units: np.arange(len(units))
        )
        named = facts.products.select("product_id", "department").to_pandas().set_index("product_id")
        department = pd.factorize(named["department"].reindex(ids).fillna(""))[0].astype(np.int64)
        found: dict[str, object] = {
            "data": facts.data_hash,
            "goals": GOALS,
            "look_back_weeks": list(LOOK_BACK),
        }
    for name, planned in (("plan", True), ("no_plan", False)):
        found[name] = run(shop, department, given.first, planned)
    RESULTS.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
