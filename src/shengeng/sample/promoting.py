"""What the sample shop has on offer: three promotions and a welcome coupon."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from shengeng.kernel.roles import Principal, Role
from shengeng.kernel.words import Words
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.catalogue.contracts import ONLINE
from shengeng.trade.pricing import api as pricing
from shengeng.trade.pricing.contracts import BatchDraft, Benefit, Limits, PromotionDraft, Scope, Tier

WELCOME = "WELCOME10"
_COUPON = Words("新客礼", "Welcome")
_USES, _EACH = 100_000, Decimal(20_000)
_ALL = 200


def promotions(amount: Callable[[Decimal], int]) -> tuple[PromotionDraft, ...]:
    """Their drafts. amount: of yuan in the shop's currency."""

    def minor(yuan: int) -> int:
        return amount(Decimal(yuan))

    budget = Limits(budget_minor=amount(_EACH))
    tiers = (Tier(minor(99), minor(15)), Tier(minor(199), minor(40)))
    return (
        PromotionDraft(
            ONLINE,
            Words("火锅季", "Hot pot season"),
            Benefit("threshold", tiers=tiers),
            scope=Scope(category_ids=("hotpot",)),
            limits=budget,
            priority=20,
        ),
        PromotionDraft(
            ONLINE,
            Words("坚果第二件半价", "Nuts: the second at half price"),
            Benefit("buy_get", bp=5000, buy=1, get=1),
            scope=Scope(category_ids=("nuts",)),
            limits=budget,
            priority=30,
        ),
        PromotionDraft(
            ONLINE,
            Words("雨具九折", "Ten percent off rain gear"),
            Benefit("percent", bp=1000),
            scope=Scope(category_ids=("rain",)),
            limits=budget,
            priority=10,
        ),
        PromotionDraft(
            ONLINE,
            _COUPON,
            Benefit("threshold", tiers=(Tier(minor(59), minor(10)),)),
            trigger="coupon",
            scope=Scope(first_order=True),
            limits=budget,
            priority=90,
            code_shown=True,
        ),
    )


def offer(uow: UnitOfWork, who: Principal, amount: Callable[[Decimal], int], now: datetime) -> None:
    """Write what is missing of them, as drafts; whoever may (approver) starts drafts and issues the coupon.

    What somebody paused, ended or renamed is left as it is.
    """
    there = {one.draft.name.zh: one for one in pricing.promotions(uow, limit=_ALL)}
    starts = who.role.may(Role.APPROVER)
    for draft in promotions(amount):
        one = there.get(draft.name.zh) or pricing.put_promotion(uow, who, draft, now)
        if starts and one.state == "draft":
            pricing.set_state(uow, who, one.id, now, version=one.version, state="live")
        if starts and draft.trigger == "coupon" and not pricing.coupons(uow, code=WELCOME, limit=1):
            pricing.issue(uow, who, BatchDraft(one.id, _COUPON, code=WELCOME, uses=_USES), now)
