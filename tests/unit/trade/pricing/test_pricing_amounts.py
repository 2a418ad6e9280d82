"""Amounts to the last unit: what each kind of promotion takes, of what, and what it says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.reckoning import good, offer, reckon

from shengeng.kernel.money import split
from shengeng.trade.pricing import methods
from shengeng.trade.pricing.contracts import Bearers, Benefit, Policy, Quote, Scope, Step, Tier, Trigger
from shengeng.trade.pricing.methods import benefits, saying
from shengeng.trade.pricing.methods.totals import tax

SMALL = st.integers(1, 120)


@st.composite
def softened(draw: st.DrawFn) -> Benefit:
    repeats = draw(st.booleans())
    ats = sorted(draw(st.sets(SMALL, min_size=1, max_size=1 if repeats else 3)))
    if repeats or draw(st.booleans()):
        tiers = tuple(Tier(at, off_minor=draw(st.integers(1, at))) for at in ats)
    else:
        tiers = tuple(Tier(at, off_bp=draw(st.integers(1, 9_999))) for at in ats)
    return Benefit("threshold", tiers=tiers, repeats=repeats, cliff=False)


@given(benefit=softened(), base=st.integers(0, 400))
def test_without_a_cliff_a_basket_pays_what_the_dearest_smaller_one_does(benefit: Benefit, base: int) -> None:
    steep = replace(benefit, cliff=True)
    assert base - benefits.whole(benefit, base) == max(n - benefits.whole(steep, n) for n in range(base + 1))


@pytest.mark.parametrize(
    ("base", "cut"), [(0, 0), (9_899, 0), (9_900, 1_500), (19_899, 1_500), (19_900, 4_000), (50_000, 4_000)]
)
def test_a_threshold_gives_from_its_first_unit_on(base: int, cut: int) -> None:
    tiers = (Tier(9_900, off_minor=1_500), Tier(19_900, off_minor=4_000))
    assert benefits.whole(Benefit("threshold", tiers=tiers), base) == cut
    assert benefits.missing(Benefit("threshold", tiers=tiers), base) == max(0, 9_900 - base)


@pytest.mark.parametrize(("base", "cut"), [(99, 0), (100, 30), (199, 30), (200, 60), (950, 270)])
def test_one_that_repeats_gives_again_with_each_multiple(base: int, cut: int) -> None:
    assert benefits.whole(Benefit("threshold", tiers=(Tier(100, off_minor=30),), repeats=True), base) == cut


@pytest.mark.parametrize(("base", "cut"), [(100, 33), (101, 33), (102, 33), (103, 33), (104, 34)])
def test_parts_of_a_unit_are_never_given(base: int, cut: int) -> None:
    assert benefits.whole(Benefit("percent", bp=3_300), base) == cut
    assert benefits.whole(Benefit("threshold", tiers=(Tier(1, off_bp=3_300),)), base) == cut


def test_an_amount_is_at_most_what_there_is() -> None:
    assert [benefits.whole(Benefit("amount", amount_minor=50), base) for base in (0, 49, 50, 51)] == [
        0,
        49,
        50,
        50,
    ]


def test_a_fixed_price_never_raises_one() -> None:
    fixed = Benefit("fixed_price", amount_minor=100)
    assert benefits.by_line(fixed, [500, 300, 299, 0], [3, 3, 3, 3]) == [200, 0, 0, 0]


def test_of_buy_and_get_the_cheapest_units_are_cut_whichever_line_they_are_of() -> None:
    pairs = Benefit("buy_get", buy=1, get=1, bp=5_000)
    # Five units are two pairs: the line of units at 100 has two of them, that of 101 one, that of 300 two.
    assert benefits.by_line(pairs, [600, 200, 101], [2, 2, 1]) == [0, 100, 0]
    assert benefits.by_line(pairs, [600, 101], [2, 1]) == [0, 50]
    two = Benefit("buy_get", buy=2, get=1, bp=10_000)
    assert benefits.by_line(two, [300, 300], [3, 3]) == [200, 0]  # of equals the first line's
    assert benefits.by_line(two, [303, 200], [3, 2]) == [0, 100]
    assert benefits.by_line(two, [200], [2]) == [0]


@pytest.mark.parametrize(("base", "fee", "cliff", "cut"), [
    (99, 20, True, 0), (100, 20, True, 20), (99, 20, False, 0),
    (100, 20, False, 0), (101, 20, False, 1), (119, 20, False, 19), (120, 20, False, 20),
    (500, 20, False, 20),
])  # fmt: skip
def test_free_delivery_begins_where_it_says(base: int, fee: int, cliff: bool, cut: int) -> None:
    assert benefits.delivery(Benefit("free_delivery", at_minor=100, cliff=cliff), base, fee) == cut


@given(
    amount=st.integers(0, 500),
    lines=st.lists(st.tuples(SMALL, st.integers(0, 120)), min_size=1, max_size=5),
)
def test_spreading_follows_the_weights_where_no_room_is_short(
    amount: int, lines: list[tuple[int, int]]
) -> None:
    weights = [weight for weight, _ in lines]
    rooms = [min(weight, room) for weight, room in lines]
    parts = benefits.spread(amount, weights, rooms)
    assert sum(parts) == min(amount, sum(rooms))
    plain = split(min(amount, sum(rooms)), weights)
    if all(part <= room for part, room in zip(plain, rooms, strict=True)):
        assert parts == plain


@pytest.mark.parametrize(
    ("amount", "rate", "inside", "on_top"),
    [(11_300, 1_300, 1_300, 1_469), (100, 1_300, 12, 13), (50, 100, 0, 1), (49, 100, 0, 0), (0, 1_300, 0, 0)],
)
def test_tax_is_rounded_half_up(amount: int, rate: int, inside: int, on_top: int) -> None:
    assert tax(amount, rate, inclusive=True) == inside
    assert tax(amount, rate, inclusive=False) == on_top


def test_totals_of_both_markets_are_those_of_the_lines_and_the_delivery() -> None:
    goods = [replace(good(1, 1_000, 3), tax_bp=1_300), replace(good(2, 999), tax_bp=900)]
    here, there = reckon(goods, [], delivery=600), reckon(goods, [], delivery=600, inclusive=False)
    assert (here.total_minor, here.tax_minor, here.delivery_tax_minor) == (4_599, 345 + 82 + 34, 34)
    assert (there.delivery_tax_minor, there.tax_minor) == (36, 390 + 90 + 36)
    assert there.total_minor == 3_390 + 1_089 + 636
    assert [line.total_minor for line in there.lines] == [3_390, 1_089]
    assert [line.total_minor for line in here.lines] == [3_000, 999]
    assert (here.delivery_minor, here.delivery_discount_minor) == (600, 0)


def step_of(quote: Quote, one: methods.Offer) -> Step:
    [found] = [step for step in quote.steps if step.id == one.id]
    return found


def test_of_a_group_the_greatest_cut_applies_and_each_other_says_why_it_does_not() -> None:
    tenth = offer(Benefit("percent", bp=1_000), group="g", priority=1)
    fifth = offer(Benefit("percent", bp=2_000), group="g", priority=2)
    none = offer(Benefit("threshold", tiers=(Tier(10_100, off_minor=1),)), group="g")
    quote = reckon([good(1, 10_000)], [tenth, fifth, none])
    assert step_of(quote, fifth).amount_minor == quote.lines[0].discount_minor == 2_000
    assert step_of(quote, tenth).why == saying.OTHER_IN_GROUP
    assert step_of(quote, none).why == saying.more_needed("¥1.00")
    assert [step_of(quote, one).applied for one in (tenth, fifth, none)] == [False, True, False]


def test_of_equal_cuts_in_a_group_the_earlier_applies() -> None:
    first = offer(Benefit("percent", bp=1_000), group="g", priority=1)
    second = offer(Benefit("amount", amount_minor=1_000), group="g", priority=2)
    quote = reckon([good(1, 10_000)], [second, first])
    assert step_of(quote, first).applied
    assert step_of(quote, second).why == saying.OTHER_IN_GROUP


def test_each_takes_of_what_those_before_have_left() -> None:
    half = offer(Benefit("percent", bp=5_000), priority=1)
    again = offer(Benefit("percent", bp=5_000), priority=2)
    quote = reckon([good(1, 10_000)], [again, half], policy=Policy(most_bp=10_000))
    assert (step_of(quote, half).amount_minor, step_of(quote, again).amount_minor) == (5_000, 2_500)
    assert step_of(quote, again).why == saying.applied("¥25.00", "¥50.00")


def test_one_that_stands_alone_stands_where_it_is_worth_more_and_says_so_where_it_is_not() -> None:
    tenth = offer(Benefit("percent", bp=1_000))
    for percent, wins in ((900, False), (1_000, False), (1_100, True)):
        alone = offer(Benefit("percent", bp=percent), stacks=False)
        quote = reckon([good(1, 10_000)], [tenth, alone])
        assert quote.total_minor == 10_000 - max(1_000, percent)
        winner, loser = (alone, tenth) if wins else (tenth, alone)
        assert step_of(quote, winner).applied
        assert step_of(quote, loser).why == (saying.ALONE_WINS if wins else saying.NOT_TOGETHER)
        assert step_of(quote, loser).amount_minor == 0
    short = offer(Benefit("amount", amount_minor=1), stacks=False, scope=Scope(product_ids=("other",)))
    assert step_of(reckon([good(1, 10_000)], [tenth, short]), short).why == saying.NOTHING_IN_SCOPE


def test_what_holds_a_cut_back_is_said_floor_before_policy_before_cap() -> None:
    line = replace(good(1, 10_000), cost_minor=9_500)
    half = offer(Benefit("percent", bp=5_000))
    quote = reckon([line], [half], policy=Policy(most_bp=2_000))
    assert step_of(quote, half).why == saying.lowered("¥5.00", "¥50.00", saying.AT_FLOOR)
    cheap = replace(line, cost_minor=0)
    quote = reckon([cheap], [half], policy=Policy(most_bp=2_000))
    assert step_of(quote, half).why == saying.lowered("¥20.00", "¥50.00", saying.AT_POLICY)
    capped = offer(Benefit("percent", bp=5_000, most_minor=700))
    quote = reckon([cheap], [capped], policy=Policy(most_bp=2_000))
    assert step_of(quote, capped).why == saying.lowered("¥7.00", "¥50.00", saying.AT_CAP)
    full = reckon([replace(line, cost_minor=10_000)], [half])
    assert step_of(full, half).why.en.startswith("Goods stay at the lowest price")
    assert not step_of(full, half).applied


def test_the_policy_counts_every_cut_but_gifts() -> None:
    gift = offer(Benefit("amount", amount_minor=1_000), floor="gift", priority=1)
    tenth = offer(Benefit("percent", bp=1_000), priority=2)
    more = offer(Benefit("amount", amount_minor=5_000), priority=3)
    quote = reckon([good(1, 10_000)], [gift, tenth, more], policy=Policy(most_bp=2_000))
    amounts = [step_of(quote, one).amount_minor for one in (gift, tenth, more)]
    assert amounts == [1_000, 900, 1_100]


def test_a_budget_gives_a_whole_cut_or_none() -> None:
    tenth = offer(Benefit("percent", bp=1_000))
    quotes = [reckon([good(1, 10_000)], [replace(tenth, left_minor=left)]) for left in (999, 1_000, 1_001)]
    assert [quote.total_minor for quote in quotes] == [10_000, 9_000, 9_000]
    assert step_of(quotes[0], tenth).why == saying.USED_UP


@pytest.mark.parametrize(("trigger", "source"), [("automatic", "promotion"), ("coupon", "coupon")])
def test_a_cut_says_whether_a_coupon_gave_it(trigger: Trigger, source: str) -> None:
    tenth = offer(Benefit("percent", bp=1_000), trigger=trigger)
    quote = reckon([good(1, 10_000)], [tenth])
    assert step_of(quote, tenth).source == source
    assert [cut.source for cut in quote.lines[0].cuts] == [source]


def test_free_delivery_takes_of_the_fee_within_its_cap_and_says_what_is_missing() -> None:
    free = offer(Benefit("free_delivery", at_minor=10_000))
    assert step_of(reckon([good(1, 9_900)], [free], delivery=600), free).why == saying.more_needed("¥1.00")
    quote = reckon([good(1, 10_000)], [free], delivery=600)
    assert (quote.delivery_discount_minor, quote.total_minor) == (600, 10_000)
    assert step_of(quote, free).why == saying.applied("¥6.00", "¥6.00")
    assert [cut.amount_minor for cut in quote.delivery_cuts] == [600]
    capped = offer(Benefit("free_delivery", most_minor=400))
    assert reckon([good(1, 10_000)], [capped], delivery=600).delivery_discount_minor == 400
    assert step_of(reckon([good(1, 10_000)], [free]), free).why == saying.NOTHING_OFF


def test_a_cut_is_borne_in_its_shares_and_stands_at_its_lines_only() -> None:
    shared = offer(
        Benefit("percent", bp=1_000),
        bearers=Bearers(5_000, 3_000, 2_000),
        scope=Scope(product_ids=("p1000",)),
    )
    quote = reckon([good(1, 1_000), good(2, 3_000)], [shared])
    [cut] = quote.lines[0].cuts
    assert (cut.amount_minor, cut.platform_minor, cut.seller_minor, cut.creator_minor) == (100, 50, 30, 20)
    assert quote.lines[1].cuts == ()
    assert [line.discount_minor for line in quote.lines] == [100, 0]


def test_who_may_not_have_it_is_told_why() -> None:
    def why(scope: Scope, buyer: methods.Buyer) -> object:
        one = offer(Benefit("percent", bp=1_000), scope=scope)
        basket = methods.Basket((good(1, 10_000),), 0, buyer, Policy(), "CNY")
        [step] = methods.stack(basket, [one]).steps
        return step.applied or step.why

    gold, first = Scope(tiers=("gold", "jade")), Scope(first_order=True)
    assert why(gold, methods.Buyer()) == saying.WRONG_TIER
    assert why(gold, methods.Buyer("silver")) == saying.WRONG_TIER
    assert why(gold, methods.Buyer("jade")) is True
    assert why(first, methods.Buyer()) == saying.NOT_FIRST
    assert why(first, methods.Buyer(first_order=True)) is True
    assert why(Scope(product_ids=("none",)), methods.Buyer()) == saying.NOTHING_IN_SCOPE


def test_too_few_units_are_said() -> None:
    pair = offer(Benefit("buy_get", buy=1, get=1, bp=5_000))
    assert step_of(reckon([good(1, 1_000)], [pair]), pair).why == saying.FEW_UNITS
    fixed = offer(Benefit("fixed_price", amount_minor=5_000))
    assert step_of(reckon([good(1, 1_000)], [fixed]), fixed).why == saying.NOTHING_OFF
