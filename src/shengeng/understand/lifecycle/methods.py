"""Stage and tier of many customers at once: own rhythm, probability of being active, pace, value.

Pure arithmetic on arrays, linear in the customers (tiers sort them once).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import betainc

from shengeng.kernel.units import Bools, Floats, Ints
from shengeng.understand.lifecycle.contracts import REASON_NAMES, STAGE_NAMES, TIER_NAMES, Thresholds

NEW, GROWING, SETTLED, AT_RISK, DORMANT = range(len(STAGE_NAMES))
HIGH, MID, LOW = range(len(TIER_NAMES))
FIRST_PURCHASES, FASTER, ON_RHYTHM, LATE, UNLIKELY_ACTIVE, RETURNING = range(len(REASON_NAMES))
UNKNOWN = -1  # stage or tier of somebody who was not known before

# Habits wander: many old gaps say no more of the next one than a few. With 4, half of the next gaps on
# Complete Journey were longer than their 50% point, and 5% longer than their 98% point.
MEMORY = 4.0
PRIOR_GAPS = 1.0  # how many gaps of the shop's customers a customer's own rhythm leans on
PRIOR_SPREADS = 5.0
SPREADS = (0.05, 4.0)  # squared coefficient of variation: clockwork to erratic
WINDOWS = (28, 90)  # pace is looked at over the shorter one where that holds ENOUGH purchases
ENOUGH = 3.0


class Known(NamedTuple):
    """(customer,) what people and value say of each. gap_mean, gap_spread: 0 where there is no gap."""

    purchase_days: Ints
    gap_mean: Floats
    gap_spread: Floats
    silent_days: Ints
    age_days: Ints
    orders: Ints
    orders_28: Ints
    orders_90: Ints
    p_alive: Floats
    value_minor: Ints


class Before(NamedTuple):
    """(customer,) place after the estimate before: stage and tier (UNKNOWN where there is none)."""

    stage: Ints
    tier: Ints
    purchases_at: Ints


class Pace(NamedTuple):
    """(customer,) orders of the newest days beside those expected at the own earlier pace."""

    recent: Ints
    days: Ints
    expected: Floats
    evidence: Floats  # that the pace rose


class Placed(NamedTuple):
    """(customer,) stage, tier and the figures that say why."""

    stage: Ints
    tier: Ints
    reason: Ints
    lateness: Floats
    rhythm: Floats  # nan where nobody in the shop came twice
    purchases_at: Ints
    pace: Pace


def place(known: Known, before: Before, limits: Thresholds) -> Placed:
    """Where everybody stands, given where they stood.

    A boundary that put somebody into a stage is moved by `steadiness` before it lets them out, and whoever
    was silent counts as back only after `return_purchases` purchase days.
    """
    late, rhythm = lateness(known)
    pace = pace_of(known, rhythm)
    was_away = (before.stage == AT_RISK) | (before.stage == DORMANT)
    returning = was_away & (known.purchase_days - before.purchases_at < limits.return_purchases)
    was_dormant, held = before.stage == DORMANT, limits.steadiness
    over_dormant = late >= _lower(limits.dormant_lateness, was_dormant, held)
    over_risk = late >= _lower(limits.at_risk_lateness, was_away, held)
    dormant = over_dormant | (known.p_alive < _higher(limits.dormant_alive, was_dormant, held))
    risk = over_risk | (known.p_alive < _higher(limits.at_risk_alive, was_away, held))
    faster = pace.evidence >= _lower(limits.growing_evidence, before.stage == GROWING, held)
    few = known.purchase_days < limits.new_purchases
    cases = [dormant, risk | returning, few, faster]
    stage: Ints = _first(cases, [DORMANT, AT_RISK, NEW, GROWING], SETTLED)
    why_dormant, why_risk = (
        np.where(over, LATE, UNLIKELY_ACTIVE).astype(np.int64) for over in (over_dormant, over_risk)
    )
    whys: list[int | Ints] = [
        why_dormant,
        np.where(risk, why_risk, np.int64(RETURNING)),
        FIRST_PURCHASES,
        FASTER,
    ]
    reason = _first(cases, whys, ON_RHYTHM)
    tier = tiers(known.value_minor, before.tier, limits)
    entered = (stage != before.stage) & ~((stage == AT_RISK) & was_away)
    purchases_at = np.where(entered, known.purchase_days, before.purchases_at)
    return Placed(stage, tier, reason, late, rhythm, purchases_at, pace)


def lateness(known: Known) -> tuple[Floats, Floats]:
    """Probability that the next purchase would have come by now, and the usual gap in days.

    A customer's gaps are Gamma with a rate that their last MEMORY gaps or so and PRIOR_GAPS of the shop's
    teach; the next gap is then beta-prime, whose long tail keeps one odd month from being an alarm. Without
    any gap in the shop nobody is late and no rhythm is known.
    """
    gaps: Floats = known.purchase_days - np.float64(1)
    if not (gaps >= 2).any():
        return np.zeros(len(gaps)), np.full(len(gaps), np.nan)
    usual = max(float(np.median(known.gap_mean[gaps >= 2])), 0.5)
    spread = _spread(gaps, known)
    own = gaps * MEMORY / (gaps + MEMORY)
    shape = 1 / spread
    total = own * known.gap_mean + PRIOR_GAPS * usual
    silent = known.silent_days.astype(np.float64)
    late = betainc(shape, shape * (own + PRIOR_GAPS) + 1, silent / (silent + total))
    rhythm = total / (own + PRIOR_GAPS)
    return np.asarray(late, dtype=np.float64), rhythm


def _spread(gaps: Floats, known: Known) -> Floats:
    """(customer,) squared coefficient of variation of the own gaps, leaning on the shop's."""
    own = (known.gap_spread / np.maximum(known.gap_mean, 0.5)) ** 2
    several = gaps >= 3
    shop = float(np.median(own[several])) if several.any() else 1.0
    weight = np.maximum(gaps - 1, 0)
    return np.clip((weight * own + PRIOR_SPREADS * shop) / (weight + PRIOR_SPREADS), *SPREADS)


def pace_of(known: Known, rhythm: Floats) -> Pace:
    """Newest orders against the own earlier pace, the change of the whole shop's pace taken off.

    Given all n orders, those of the newest days are binomial when the pace did not change (the conditional
    test of two Poisson rates); evidence is the chance of fewer. Whoever is known for less than two windows
    has none.
    """
    short = np.nan_to_num(rhythm, nan=np.inf) * ENOUGH <= WINDOWS[0]
    days = np.where(short, *WINDOWS)
    recent = np.where(short, known.orders_28, known.orders_90)
    span = known.age_days + 1.0
    enough = span >= 2 * days
    share = np.zeros(len(span))
    for window in WINDOWS:
        here = enough & (days == window)
        share[here] = _expected_share(recent[here], known.orders[here], span[here], window)
    odd = betainc(np.maximum(recent, 1), known.orders - np.maximum(recent, 1) + 1, share)
    evidence = np.where(enough & (recent > 0), 1 - odd, 0.0)
    return Pace(recent, days, known.orders * share, evidence)


def _expected_share(recent: Ints, orders: Ints, span: Floats, window: int) -> Floats:
    """(customer,) share of the orders that falls into the window when only the shop's pace changes."""
    earlier = span - window
    before = float((orders - recent).sum()) / max(float(earlier.sum()), 1.0)
    now = float(recent.sum()) / max(window * len(span), 1)
    season = now / before if before > 0 else 1.0
    weighed = window * max(season, 1e-3)
    return np.asarray(weighed / (weighed + earlier), dtype=np.float64)


def tiers(value_minor: Ints, before: Ints, limits: Thresholds) -> Ints:
    """(customer,) HIGH, MID or LOW by cumulative share of the value; equal values share a tier."""
    high, mid = cuts(value_minor, limits)
    in_high = value_minor >= _lower(high, before == HIGH, limits.steadiness)
    in_mid = value_minor >= _lower(mid, (before == HIGH) | (before == MID), limits.steadiness)
    worth = value_minor > 0
    return _first([worth & in_high, worth & in_mid], [HIGH, MID], LOW)


def cuts(value_minor: Ints, limits: Thresholds) -> tuple[float, float]:
    """The least value of the high and of the mid tier."""
    worth = np.sort(value_minor[value_minor > 0])[::-1]
    if not len(worth):
        return np.inf, np.inf
    share = np.cumsum(worth) / worth.sum()
    places = (np.searchsorted(share, s - 1e-12) for s in (limits.tier_high_share, limits.tier_mid_share))
    high, mid = (float(worth[min(int(at), len(worth) - 1)]) for at in places)
    return high, mid


def _first(cases: Sequence[Bools], codes: Sequence[int | Ints], otherwise: int) -> Ints:
    """(customer,) the code of the first case that holds."""
    found: Ints = np.full(len(cases[0]), otherwise, dtype=np.int64)
    for case, code in zip(reversed(cases), reversed(codes), strict=True):
        found = np.where(case, code, found)
    return found


def _lower(threshold: float, held: Bools, steadiness: float) -> Floats:
    """The threshold, lower for those whom it holds."""
    return np.where(held, threshold * (1 - steadiness), threshold)


def _higher(threshold: float, held: Bools, steadiness: float) -> Floats:
    """The threshold, higher for those whom it holds."""
    return np.where(held, 1 - (1 - threshold) * (1 - steadiness), threshold)
