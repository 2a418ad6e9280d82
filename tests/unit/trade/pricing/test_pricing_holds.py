"""Coupons and budgets under orders: each unit of money is promised once, and given back once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from tests.factories.pricing import NOW, basket, issued, priced, quoted, running

from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.pricing import api
from shengeng.trade.pricing.contracts import Benefit, Limits, Promotion, Quote

HANDS = 16


def at_once(acts: Sequence[Callable[[], str]]) -> list[str]:
    """Every act, by as many hands as there are connections, none before all hands are there."""
    gate = threading.Barrier(min(HANDS, len(acts)))
    waits = threading.local()

    def run(act: Callable[[], str]) -> str:
        if not hasattr(waits, "over"):
            waits.over = True
            gate.wait()
        return act()

    with ThreadPoolExecutor(min(HANDS, len(acts))) as hands:
        return list(hands.map(run, acts))


def holds(stores: Stores, quote: Quote, order: str, member: str | None = None) -> Callable[[], str]:
    """An order that holds; says "" or what was refused."""

    def act() -> str:
        try:
            with stores.rows.unit() as uow:
                api.hold(uow, quote, order, member, NOW)
        except ShopError as refused:
            return refused.code
        return ""

    return act


def now_of(stores: Stores, promotion: Promotion) -> Promotion:
    with stores.rows.unit() as uow:
        return api.promotion(uow, promotion.id)


def state_of(stores: Stores, code: str) -> tuple[str, int, list[str]]:
    with stores.rows.unit() as uow:
        (coupon,) = api.coupons(uow, code=code)
        found, moves = api.history(uow, coupon.id)
    return found.state, found.taken, [move.state for move in moves]


def test_hundreds_of_orders_never_promise_more_than_the_budget(stores: Stores) -> None:
    priced(stores, {"tea": 9_900})
    promotion = running(stores, limits=Limits(budget_minor=40_500))
    quote = quoted(stores, basket(("tea", 1)))
    said = at_once([holds(stores, quote, f"o{n}") for n in range(200)])
    assert sorted(said) == [""] * 40 + ["promotion_ran_out"] * 160
    assert now_of(stores, promotion).spent.held_minor == 40_000
    assert now_of(stores, promotion).spent.held_uses == 40


def test_a_single_coupon_is_locked_by_one_of_many_orders(stores: Stores) -> None:
    priced(stores, {"tea": 9_900})
    batch = issued(stores, running(stores, trigger="coupon"), count=1)
    with stores.rows.unit() as uow:
        (coupon,) = api.coupons(uow, batch_id=batch.id)
    quote = quoted(stores, basket(("tea", 1), codes=(coupon.code,)))
    assert quote.total_minor == 8_900
    said = at_once([holds(stores, quote, f"o{n}") for n in range(48)])
    assert sorted(said) == [""] + ["coupon_taken"] * 47
    assert state_of(stores, coupon.code) == ("locked", 1, ["issued", "locked"])


def test_a_shared_code_serves_exactly_as_many_orders_as_it_says(stores: Stores) -> None:
    priced(stores, {"tea": 9_900})
    issued(stores, running(stores, trigger="coupon"), code="Welcome-10", uses=25)
    quote = quoted(stores, basket(("tea", 1), codes=("welcome10",)))
    said = at_once([holds(stores, quote, f"o{n}") for n in range(60)])
    assert sorted(said) == [""] * 25 + ["coupon_taken"] * 35
    with stores.rows.unit() as uow:
        (batch,) = api.batches(uow)
    assert (batch.locked, batch.redeemed, batch.uses_most) == (25, 0, 25)


def test_a_member_uses_a_promotion_as_often_as_they_may_however_many_orders_race(stores: Stores) -> None:
    priced(stores, {"tea": 9_900})
    running(stores, limits=Limits(member_uses=2))
    guest = quoted(stores, basket(("tea", 1)))
    assert guest.total_minor == 9_900, "whom nobody can count does not get it"
    quote = quoted(stores, basket(("tea", 1), member_id="mei"))
    said = at_once([holds(stores, quote, f"o{n}", "mei") for n in range(32)])
    assert sorted(said) == [""] * 2 + ["promotion_ran_out"] * 30
    again = quoted(stores, basket(("tea", 1), member_id="mei"))
    assert again.total_minor == 9_900


def test_orders_that_cross_on_several_promotions_neither_wait_in_a_circle_nor_overspend(
    stores: Stores,
) -> None:
    priced(stores, {"tea": 9_900})
    made = [
        running(stores, priority=9 - n, limits=Limits(budget_minor=20_000) if n % 2 else Limits())
        for n in range(4)
    ]
    quote = quoted(stores, basket(("tea", 1), member_id="m"))
    back = replace(quote, steps=tuple(reversed(quote.steps)))

    def trade(n: int) -> Callable[[], str]:
        take = holds(stores, back if n % 2 else quote, f"o{n}", f"m{n % 3}")

        def act() -> str:
            said = take()
            with stores.rows.unit() as uow:
                done = api.redeem(uow, f"o{n}", NOW) if n % 3 else api.release(uow, f"o{n}", NOW)
            return said or ("" if done else "nothing")

        return act

    said = at_once([trade(n) for n in range(96)])
    assert set(said) <= {"", "promotion_ran_out"}
    for promotion in made:
        spent = now_of(stores, promotion).spent
        assert spent.held_minor == spent.held_uses == 0
        assert spent.redeemed_minor == 1_000 * spent.redeemed_uses
        if promotion.draft.limits.budget_minor is not None:
            assert spent.redeemed_minor <= 20_000
    assert len({now_of(stores, one).spent.redeemed_uses for one in made}) == 1


def test_what_is_released_twice_at_once_comes_back_once(stores: Stores) -> None:
    priced(stores, {"tea": 9_900})
    promotion = running(stores, trigger="coupon", limits=Limits(budget_minor=5_000))
    issued(stores, promotion, code="ONCE", uses=9)
    quote = quoted(stores, basket(("tea", 1), codes=("ONCE",)))
    for n in range(3):
        assert holds(stores, quote, f"o{n}", "mei")() == ""

    def give_back() -> str:
        with stores.rows.unit() as uow:
            return str(api.release(uow, "o1", NOW))

    assert sorted(at_once([give_back] * 16)) == ["False"] * 15 + ["True"]
    assert now_of(stores, promotion).spent.held_minor == 2_000
    assert state_of(stores, "ONCE")[1] == 2


def test_payment_and_expiry_at_once_end_in_one_of_the_two(stores: Stores) -> None:
    priced(stores, {"tea": 9_900})
    promotion = running(stores, limits=Limits(budget_minor=900_000))
    quote = quoted(stores, basket(("tea", 1)))
    for n in range(24):
        holds(stores, quote, f"o{n}")()

    def end(n: int, act: Callable[..., bool]) -> Callable[[], str]:
        def run() -> str:
            with stores.rows.unit() as uow:
                return str(act(uow, f"o{n}", NOW))

        return run

    at_once([end(n, act) for n in range(24) for act in (api.redeem, api.release)])
    spent = now_of(stores, promotion).spent
    assert spent.held_uses == spent.held_minor == 0
    assert spent.redeemed_minor == 1_000 * spent.redeemed_uses


def test_a_coupon_goes_from_issued_to_locked_to_redeemed_and_its_history_says_so(stores: Stores) -> None:
    priced(stores, {"tea": 9_900})
    issued(stores, running(stores, trigger="coupon"), member_ids=("mei",))
    with stores.rows.unit() as uow:
        (coupon,) = api.coupons_of(uow, "mei")
    other = quoted(stores, basket(("tea", 1), codes=(coupon.code,), member_id="lan"))
    assert [refused.why.en for refused in other.refused_codes] == ["The coupon belongs to another member."]
    quote = quoted(stores, basket(("tea", 1), codes=(coupon.code,), member_id="mei"))
    assert holds(stores, quote, "stolen", "lan")() == "coupon_taken"
    assert holds(stores, quote, "o1", "mei")() == ""
    with stores.rows.unit() as uow:
        assert api.release(uow, "o1", NOW)
        api.hold(uow, quote, "o2", "mei", NOW)
        assert api.redeem(uow, "o2", NOW)
        assert api.redeem(uow, "o2", NOW), "again is no error"
    expected = ["issued", "locked", "released", "locked", "redeemed"]
    assert state_of(stores, coupon.code) == ("redeemed", 1, expected)


def test_a_cancelled_order_gets_its_redeemed_coupon_back_only_where_that_is_asked(stores: Stores) -> None:
    priced(stores, {"tea": 9_900})
    promotion = running(stores, trigger="coupon", limits=Limits(budget_minor=1_000, member_uses=1))
    issued(stores, promotion, code="BACK")
    quote = quoted(stores, basket(("tea", 1), codes=("BACK",), member_id="mei"))
    with stores.rows.unit() as uow:
        api.hold(uow, quote, "o1", "mei", NOW)
        api.redeem(uow, "o1", NOW)
        assert not api.release(uow, "o1", NOW)
        assert api.release(uow, "o1", NOW, redeemed_too=True)
        assert not api.release(uow, "o1", NOW, redeemed_too=True)
    assert state_of(stores, "BACK")[:2] == ("released", 0)
    assert now_of(stores, promotion).spent.minor == 0
    assert holds(stores, quote, "o2", "mei")() == ""


def test_an_order_paid_after_its_holds_were_released_is_told_so(stores: Stores) -> None:
    priced(stores, {"tea": 9_900})
    running(stores)
    quote = quoted(stores, basket(("tea", 1)))
    with stores.rows.unit() as uow:
        api.hold(uow, quote, "o1", None, NOW)
        api.release(uow, "o1", NOW)
        assert not api.redeem(uow, "o1", NOW)
        api.hold(uow, quote, "o1", None, NOW)
        assert api.redeem(uow, "o1", NOW), "held again, it is redeemed"


def test_the_same_hold_again_changes_nothing_and_another_one_is_refused(stores: Stores) -> None:
    priced(stores, {"tea": 9_900})
    promotion = running(stores, limits=Limits(uses=5))
    quote = quoted(stores, basket(("tea", 1)))
    assert holds(stores, quote, "o1")() == holds(stores, quote, "o1")() == ""
    assert now_of(stores, promotion).spent.uses == 1
    running(stores, Benefit("percent", bp=500))
    assert holds(stores, quoted(stores, basket(("tea", 1))), "o1")() == "held_otherwise"


def test_what_was_given_before_a_limit_was_set_counts_against_it(stores: Stores) -> None:
    priced(stores, {"tea": 9_900})
    loose = running(stores)
    quote = quoted(stores, basket(("tea", 1)))
    for n in range(3):
        holds(stores, quote, f"o{n}")()
    assert now_of(stores, loose).spent.held_minor == 3_000
    with stores.rows.unit() as uow, pytest.raises(ShopError, match=r"budget_minor is 2000.*>= 3000"):
        _limit(uow, loose, 2_000)
    with stores.rows.unit() as uow:
        _limit(uow, loose, 4_000)
    assert holds(stores, quote, "o3")() == ""
    assert holds(stores, quote, "o4")() == "promotion_ran_out"


def test_a_limit_set_while_orders_come_counts_every_one_of_them(stores: Stores) -> None:
    priced(stores, {"tea": 9_900})
    loose = running(stores)
    quote = quoted(stores, basket(("tea", 1)))

    def limit() -> str:
        with stores.rows.unit() as uow:
            _limit(uow, loose, 200_000)
        return ""

    said = at_once(
        [
            *(holds(stores, quote, f"a{n}") for n in range(40)),
            limit,
            *(holds(stores, quote, f"b{n}") for n in range(40)),
        ]
    )
    assert set(said) == {""}
    assert now_of(stores, loose).spent.held_minor == 80_000


def test_coupons_end_when_their_time_is_over_but_what_an_order_has_locked_stays_its_own(
    stores: Stores,
) -> None:
    priced(stores, {"tea": 9_900})
    promotion = running(stores, trigger="coupon")
    later = NOW + timedelta(days=1)
    for code in ("FREE", "HELD"):
        issued(stores, promotion, code=code, ends_at=later)
    quote = quoted(stores, basket(("tea", 1), codes=("HELD",)))
    holds(stores, quote, "o1")()
    assert quoted(stores, basket(("tea", 1), codes=("FREE",)), later).total_minor == 9_900
    with stores.rows.unit() as uow:
        assert api.expire(uow, later) == 1
        assert api.expire(uow, later) == 0
        assert api.redeem(uow, "o1", later)
    assert state_of(stores, "FREE")[0] == "expired"
    assert state_of(stores, "HELD")[0] == "redeemed"


def test_histories_only_grow(stores: Stores) -> None:
    priced(stores, {})
    issued(stores, running(stores, trigger="coupon"), code="KEEP")
    for statement in ("delete from coupon_moves", "update promotion_versions set state = 'live'"):
        with pytest.raises(sa.exc.ProgrammingError, match="only grows"), stores.rows.unit() as uow:
            uow.conn.execute(sa.text(statement))


def test_an_erased_member_leaves_their_money_and_nothing_else(stores: Stores) -> None:
    priced(stores, {"tea": 9_900})
    promotion = running(stores, limits=Limits(budget_minor=10_000))
    issued(stores, running(stores, trigger="coupon"), member_ids=("mei",))
    holds(stores, quoted(stores, basket(("tea", 1), member_id="mei")), "o1", "mei")()
    with stores.rows.unit() as uow:
        told = api.export_person(uow, ["mei"])
        assert [one["state"] for one in told["coupons"]] == ["issued"]
        assert [one["order_id"] for one in told["promotions"]] == ["o1"]
        assert api.erase_person(uow, ["mei"]) == 3
        assert api.export_person(uow, ["mei"]) == {"coupons": [], "promotions": []}
    assert now_of(stores, promotion).spent.held_minor == 1_000


def _limit(uow: UnitOfWork, promotion: Promotion, budget_minor: int) -> None:
    draft = replace(promotion.draft, limits=Limits(budget_minor=budget_minor))
    api.put_promotion(uow, SHELL, draft, NOW, promotion_id=promotion.id)
