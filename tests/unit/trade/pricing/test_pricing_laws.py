"""Laws of what baskets cost, whatever is in them and whatever the shop promises."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.reckoning import NAME, good, offer, reckon

from shengeng.kernel.errors import ShopError
from shengeng.kernel.words import Words
from shengeng.trade.pricing import methods
from shengeng.trade.pricing.contracts import (
    Bearers,
    Benefit,
    Floor,
    Limits,
    ListPrice,
    Policy,
    PromotionDraft,
    Scope,
    Tier,
)
from shengeng.trade.pricing.methods import benefits
from shengeng.trade.pricing.methods.totals import tax

MONEY = st.integers(1, 300_000)


@st.composite
def tiers(draw: st.DrawFn) -> tuple[Tier, ...]:
    ats = draw(st.lists(MONEY, min_size=1, max_size=4, unique=True).map(sorted))
    if draw(st.booleans()):
        return tuple(Tier(at, off_bp=draw(st.integers(1, 9_999))) for at in ats)
    return tuple(Tier(at, off_minor=draw(st.integers(1, at))) for at in ats)


@st.composite
def benefit(draw: st.DrawFn) -> Benefit:
    kind = draw(
        st.sampled_from(["percent", "amount", "fixed_price", "buy_get", "threshold", "free_delivery"])
    )
    steps = draw(tiers()) if kind == "threshold" else ()
    return Benefit(
        kind,  # type: ignore[arg-type]  # one of the kinds
        bp=draw(st.integers(1, 9_999)),
        amount_minor=draw(MONEY),
        buy=draw(st.integers(1, 4)),
        get=draw(st.integers(1, 4)),
        tiers=steps,
        repeats=len(steps) == 1 and draw(st.booleans()),
        at_minor=draw(st.integers(0, 50_000)),
        most_minor=draw(st.none() | MONEY),
        cliff=draw(st.booleans()),
    )


@st.composite
def bearers(draw: st.DrawFn) -> Bearers:
    platform = draw(st.integers(0, 10_000))
    seller = draw(st.integers(0, 10_000 - platform))
    return Bearers(platform, seller, 10_000 - platform - seller)


@st.composite
def drafts(draw: st.DrawFn, floors: tuple[Floor, ...] = ("cost", "paid")) -> methods.Offer:
    made = offer(
        draw(benefit()),
        bearers=draw(bearers()),
        priority=draw(st.integers(0, 3)),
        group=draw(st.sampled_from(["", "", "season"])),
        stacks=draw(st.sampled_from([True, True, True, False])),
        floor=draw(st.sampled_from(floors)),
        scope=draw(st.sampled_from([Scope(), Scope(), Scope(product_ids=("p100", "p9900"))])),
        trigger=draw(st.sampled_from(["automatic", "coupon"])),
    )
    return replace(made, left_minor=draw(st.none() | MONEY))


@st.composite
def baskets(draw: st.DrawFn) -> list[methods.Good]:
    units = st.sampled_from([1, 3, 100, 9_900]) | MONEY
    lines = draw(st.lists(st.tuples(units, st.integers(1, 30)), min_size=1, max_size=6))
    known = {
        unit: {"cost_minor": draw(st.none() | st.integers(0, 2 * unit)), "tax_bp": draw(_RATES)}
        for unit in sorted({unit for unit, _ in lines})
    }
    return [good(i, unit, count, **known[unit]) for i, (unit, count) in enumerate(lines)]


_RATES = st.sampled_from([0, 600, 900, 1300, 1999])
_OFFERS = st.lists(drafts(), max_size=5)


@given(baskets(), _OFFERS, st.integers(0, 5_000), st.booleans())
def test_lines_sum_to_totals_exactly(
    goods: list[methods.Good], offers: list[methods.Offer], delivery: int, inclusive: bool
) -> None:
    told = reckon(goods, offers, delivery=delivery, inclusive=inclusive)
    for line in told.lines:
        assert line.subtotal_minor == line.unit_minor * line.quantity
        assert line.discount_minor == sum(cut.amount_minor for cut in line.cuts)
        on_top = 0 if inclusive else line.tax_minor
        assert line.total_minor == line.subtotal_minor - line.discount_minor + on_top
    assert told.delivery_discount_minor == sum(cut.amount_minor for cut in told.delivery_cuts)
    fee = told.delivery_minor - told.delivery_discount_minor + (0 if inclusive else told.delivery_tax_minor)
    assert told.total_minor == sum(line.total_minor for line in told.lines) + fee
    assert told.tax_minor == sum(line.tax_minor for line in told.lines) + told.delivery_tax_minor
    assert told.discount_minor == sum(step.amount_minor for step in told.steps)
    assert len(told.steps) == len(offers), "of every promotion it is said what became of it"


@given(baskets(), _OFFERS, st.integers(0, 5_000))
def test_no_combination_makes_a_line_free_or_cheaper_than_its_floor(
    goods: list[methods.Good], offers: list[methods.Offer], delivery: int
) -> None:
    told = reckon(goods, offers, delivery=delivery)
    lowest: Floor = "paid" if any(one.draft.floor == "paid" for one in offers) else "cost"
    by_number = {good.line_no: good for good in goods}
    for line in told.lines:
        assert line.total_minor >= by_number[line.line_no].floor_minor(lowest) >= line.quantity
    assert 0 <= told.delivery_discount_minor <= delivery
    assert all(cut.amount_minor > 0 for line in told.lines for cut in line.cuts)


@given(baskets(), _OFFERS, st.integers(0, 9_999))
def test_all_cuts_together_stay_within_the_policy(
    goods: list[methods.Good], offers: list[methods.Offer], most: int
) -> None:
    told = reckon(goods, offers, policy=Policy(most_bp=most))
    assert sum(line.discount_minor for line in told.lines) <= told.subtotal_minor * most // 10_000


@given(baskets(), st.lists(drafts(("cost", "paid", "gift")), max_size=5), st.integers(0, 5_000))
def test_even_gifts_never_make_anything_negative(
    goods: list[methods.Good], offers: list[methods.Offer], delivery: int
) -> None:
    told = reckon(goods, offers, delivery=delivery)
    assert min(line.total_minor for line in told.lines) >= 0
    assert told.total_minor >= 0
    assert min((line.tax_minor for line in told.lines), default=0) >= 0


@given(st.data(), baskets(), _OFFERS, st.integers(0, 5_000), st.booleans())
def test_the_order_of_lines_and_of_promotions_changes_no_amount(
    data: st.DataObject,
    goods: list[methods.Good],
    offers: list[methods.Offer],
    delivery: int,
    inclusive: bool,
) -> None:
    other_goods, other_offers = data.draw(st.permutations(goods)), data.draw(st.permutations(offers))
    renumbered = [replace(one, line_no=i) for i, one in enumerate(other_goods)]
    first = reckon(goods, offers, delivery=delivery, inclusive=inclusive)
    second = reckon(renumbered, list(other_offers), delivery=delivery, inclusive=inclusive)
    assert (first.total_minor, first.tax_minor, first.discount_minor) == (
        second.total_minor,
        second.tax_minor,
        second.discount_minor,
    )
    assert sorted((line.sku, line.quantity, line.total_minor) for line in first.lines) == sorted(
        (line.sku, line.quantity, line.total_minor) for line in second.lines
    )


@given(baskets(), _OFFERS, st.integers(0, 5_000))
def test_what_the_bearers_pay_sums_to_every_cut(
    goods: list[methods.Good], offers: list[methods.Offer], delivery: int
) -> None:
    told = reckon(goods, offers, delivery=delivery)
    for cut in (*told.delivery_cuts, *(cut for line in told.lines for cut in line.cuts)):
        assert cut.platform_minor + cut.seller_minor + cut.creator_minor == cut.amount_minor
        assert min(cut.platform_minor, cut.seller_minor, cut.creator_minor) >= 0


@given(baskets(), _OFFERS, st.integers(0, 5_000))
def test_no_offer_takes_more_than_its_cap_or_what_is_left_of_its_budget(
    goods: list[methods.Good], offers: list[methods.Offer], delivery: int
) -> None:
    amounts = {step.id: step.amount_minor for step in reckon(goods, offers, delivery=delivery).steps}
    for one in offers:
        limits = [x for x in (one.left_minor, one.draft.benefit.most_minor) if x is not None]
        assert all(amounts[one.id] <= limit for limit in limits)


@given(baskets(), _OFFERS)
def test_of_an_exclusive_group_one_applies_and_who_stands_alone_stands_alone(
    goods: list[methods.Good], offers: list[methods.Offer]
) -> None:
    applied = {step.id for step in reckon(goods, offers, delivery=900).steps if step.applied}
    chosen = [one for one in offers if one.id in applied]
    assert len([one for one in chosen if one.draft.group and one.draft.stacks]) <= 1
    assert len(chosen) <= 1 or all(one.draft.stacks for one in chosen)


@given(baskets(), _OFFERS)
def test_the_buyer_never_pays_more_than_with_an_offer_that_does_not_combine(
    goods: list[methods.Good], offers: list[methods.Offer]
) -> None:
    total = reckon(goods, offers).total_minor
    for one in offers:
        if not one.draft.stacks:
            assert total <= reckon(goods, [one]).total_minor


@given(tiers(), st.booleans(), st.integers(0, 700_000), st.integers(0, 50_000))
def test_without_a_cliff_a_dearer_basket_never_gets_a_smaller_total(
    steps: tuple[Tier, ...], repeats: bool, base: int, more: int
) -> None:
    soft = Benefit(
        "threshold", tiers=steps, repeats=repeats and len(steps) == 1 and not steps[0].off_bp, cliff=False
    )
    assert base + more - benefits.whole(soft, base + more) >= base - benefits.whole(soft, base)
    assert benefits.whole(soft, base) >= 0


@given(tiers(), st.integers(1, 400_000), st.integers(1, 400_000))
def test_without_a_cliff_that_holds_for_whole_baskets_too(
    steps: tuple[Tier, ...], first: int, second: int
) -> None:
    soft = offer(Benefit("threshold", tiers=steps, cliff=False), floor="paid")
    cheap, dear = sorted((first, second))
    assert reckon([good(1, dear)], [soft]).total_minor >= reckon([good(1, cheap)], [soft]).total_minor


@given(st.integers(1, 400_000), st.integers(0, 4_000), st.integers(0, 20_000))
def test_delivery_without_a_cliff_never_makes_a_dearer_basket_cheaper(
    unit: int, more: int, at_minor: int
) -> None:
    soft = offer(Benefit("free_delivery", at_minor=at_minor, cliff=False))
    dear = reckon([good(1, unit + more)], [soft], delivery=1_200).total_minor
    assert dear >= reckon([good(1, unit)], [soft], delivery=1_200).total_minor


def test_with_a_cliff_it_may_and_the_promotion_says_so() -> None:
    full = offer(Benefit("threshold", tiers=(Tier(20_000, off_minor=5_000),), cliff=True))
    assert reckon([good(1, 19_900)], [full]).total_minor == 19_900
    assert reckon([good(1, 20_100)], [full]).total_minor == 15_100
    soft = offer(Benefit("threshold", tiers=(Tier(20_000, off_minor=5_000),), cliff=False))
    assert reckon([good(1, 20_100)], [soft]).total_minor == 19_999


def test_forty_percent_and_a_seventy_percent_voucher_are_not_free() -> None:
    sale, voucher = offer(Benefit("percent", bp=4_000)), offer(Benefit("percent", bp=7_000), trigger="coupon")
    told = reckon([good(1, 10_000)], [sale, voucher], policy=Policy(most_bp=9_999))
    assert told.total_minor == 1_800, "70% of what the sale has left, not 110% of the price"
    assert reckon([good(1, 10_000)], [sale, voucher]).total_minor == 2_000, "nor beyond the policy"
    at_cost = reckon([good(1, 10_000, cost_minor=5_500)], [sale, voucher])
    assert at_cost.total_minor == 5_500, "nor below cost, which neither of them allows"


def test_two_for_one_is_free_only_as_a_gift() -> None:
    two = [good(1, 3_000, 2, cost_minor=2_000)]
    pair = Benefit("buy_get", buy=1, get=1, bp=10_000)
    assert reckon(two, [offer(pair, floor="gift")]).total_minor == 3_000
    assert reckon(two, [offer(pair, floor="cost")]).total_minor == 4_000


def test_of_a_pair_the_cheaper_one_is_given() -> None:
    lines = [good(1, 3_000), good(2, 1_000)]
    told = reckon(lines, [offer(Benefit("buy_get", buy=1, get=1, bp=10_000), floor="gift")])
    assert [line.total_minor for line in told.lines] == [3_000, 0]


def test_why_a_promotion_does_not_apply_names_what_is_missing() -> None:
    full = offer(Benefit("threshold", tiers=(Tier(20_000, off_minor=5_000),)))
    (step,) = reckon([good(1, 18_750)], [full]).steps
    assert not step.applied
    assert step.why == Words("还差 ¥12.50。", "¥12.50 more is needed.")


@given(st.integers(0, 10**6), st.lists(st.tuples(st.integers(0, 10**5), st.integers(0, 10**5)), max_size=8))
def test_spreading_gives_everything_that_fits_and_no_part_beyond_its_room(
    amount: int, lines: list[tuple[int, int]]
) -> None:
    weights, rooms = [max(line) for line in lines], [min(line) for line in lines]
    parts = benefits.spread(amount, weights, rooms)
    assert sum(parts) == min(amount, sum(rooms))
    assert all(0 <= part <= room for part, room in zip(parts, rooms, strict=True))


@given(st.integers(0, 10**9), st.integers(0, 3_000))
def test_tax_taken_out_of_a_price_is_the_tax_on_what_remains(amount: int, rate: int) -> None:
    inside = tax(amount, rate, inclusive=True)
    assert 0 <= inside <= amount
    assert abs(tax(amount - inside, rate, inclusive=False) - inside) <= 1


_LISTED = st.builds(ListPrice, st.booleans(), st.integers(1, 9), MONEY, st.none())


@given(st.lists(_LISTED, max_size=8), st.integers(1, 12))
def test_more_units_never_cost_more_each(found: list[ListPrice], quantity: int) -> None:
    few, many = methods.best_price(found, quantity), methods.best_price(found, quantity + 1)
    if few is not None:
        assert many is not None
        assert many[0] <= few[0]
        assert few[1] is None or few[1] > few[0]


@pytest.mark.parametrize(
    ("draft", "what"),
    [
        (PromotionDraft("online", Words("", ""), Benefit("percent", bp=100)), "name"),
        (PromotionDraft("online", NAME, Benefit("percent", bp=10_000)), "bp"),
        (PromotionDraft("online", NAME, Benefit("amount")), "amount_minor"),
        (PromotionDraft("online", NAME, Benefit("threshold")), "tiers"),
        (PromotionDraft("online", NAME, Benefit("threshold", tiers=(Tier(100, 101),))), "tiers.off_minor"),
        (
            PromotionDraft("online", NAME, Benefit("threshold", tiers=(Tier(9, 1), Tier(9, 2)))),
            "tiers.at_minor",
        ),
        (
            PromotionDraft("online", NAME, Benefit("percent", bp=100), bearers=Bearers(9_000, 999, 0)),
            "bearers_sum",
        ),
        (PromotionDraft("online", NAME, Benefit("percent", bp=1), limits=Limits(uses=-1)), "uses"),
    ],
)
def test_a_promotion_that_cannot_be_is_refused_by_name(draft: PromotionDraft, what: str) -> None:
    with pytest.raises(ShopError) as refused:
        methods.check(draft)
    assert refused.value.params["what"] == what


@settings(max_examples=30)
@given(drafts(("cost", "paid", "gift")), baskets())
def test_the_same_basket_has_the_same_fingerprint_and_another_price_another(
    one: methods.Offer, goods: list[methods.Good]
) -> None:
    told = reckon(goods, [one])
    assert told.quote_id == reckon(goods, [one]).quote_id
    dearer = [replace(goods[0], unit_minor=goods[0].unit_minor + 1), *goods[1:]]
    assert told.quote_id != reckon(dearer, [one]).quote_id
