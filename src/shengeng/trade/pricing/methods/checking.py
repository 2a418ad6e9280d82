"""What makes a promotion one that can be: every refusal names the field, the value and what is allowed."""

from __future__ import annotations

from shengeng.trade.pricing.contracts import (
    BAD_PROMOTION,
    PRICE_MOST,
    WHOLE_BP,
    Benefit,
    PriceList,
    PromotionDraft,
)

_NAME_LONGEST, _LIST_LONGEST = 200, 500


def check(draft: PromotionDraft) -> None:
    """Refuses a promotion that is none: no name, shares that do not sum, a benefit without its figures."""
    name = max(len(draft.name.zh), len(draft.name.en))
    _within("name", name, 1, _NAME_LONGEST)
    bearers = draft.bearers
    shares = (bearers.platform_bp, bearers.seller_bp, bearers.creator_bp)
    for share in shares:
        _within("bearers", share, 0, WHOLE_BP)
    _within("bearers_sum", sum(shares), WHOLE_BP, WHOLE_BP)
    _within("priority", draft.priority, 0, 10_000)
    _within("group", len(draft.group), 0, 60)
    for name_of, ids in (
        ("product_ids", draft.scope.product_ids),
        ("category_ids", draft.scope.category_ids),
        ("seller_ids", draft.scope.seller_ids),
        ("tiers", draft.scope.tiers),
    ):
        _within(name_of, len(ids), 0, _LIST_LONGEST)
    if draft.starts_at and draft.ends_at and draft.starts_at >= draft.ends_at:
        raise BAD_PROMOTION.error(what="ends_at", value=draft.ends_at, limit=f"> {draft.starts_at}")
    _check_limits(draft)
    _check_benefit(draft)


def _check_limits(draft: PromotionDraft) -> None:
    for what, value in (
        ("budget_minor", draft.limits.budget_minor),
        ("uses", draft.limits.uses),
        ("member_uses", draft.limits.member_uses),
        ("most_minor", draft.benefit.most_minor),
    ):
        if value is not None:
            _within(what, value, 0 if what in ("budget_minor", "uses") else 1, 10**12)


def _check_benefit(draft: PromotionDraft) -> None:
    benefit = draft.benefit
    if benefit.kind in ("percent", "buy_get"):
        most = WHOLE_BP if draft.floor == "gift" or benefit.kind == "buy_get" else WHOLE_BP - 1
        _within("bp", benefit.bp, 1, most)
    if benefit.kind in ("amount", "fixed_price"):
        _within("amount_minor", benefit.amount_minor, 1, PRICE_MOST)
    if benefit.kind == "buy_get":
        _within("buy", benefit.buy, 1, 1000)
        _within("get", benefit.get, 1, 1000)
    if benefit.kind == "threshold":
        _check_tiers(benefit)
    _within("at_minor", benefit.at_minor, 0, PRICE_MOST)


def _check_tiers(benefit: Benefit) -> None:
    _within("tiers", len(benefit.tiers), 1, 1 if benefit.repeats else 10)
    before = None
    for tier in benefit.tiers:
        _within("tiers.at_minor", tier.at_minor, 1, PRICE_MOST)
        _within("tiers.off_minor", tier.off_minor, 0, tier.at_minor)
        _within("tiers.off_bp", tier.off_bp, 0, 0 if benefit.repeats else WHOLE_BP - 1)
        if bool(tier.off_minor) == bool(tier.off_bp):
            raise BAD_PROMOTION.error(
                what="tiers", value=f"{tier.off_minor} / {tier.off_bp}", limit="off_minor or off_bp"
            )
        if before is not None and tier.at_minor <= before:
            raise BAD_PROMOTION.error(what="tiers.at_minor", value=tier.at_minor, limit=f"> {before}")
        before = tier.at_minor


def _within(what: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise BAD_PROMOTION.error(what=what, value=value, limit=f"{low}..{high}")


def check_list(made: PriceList) -> None:
    """Refuses a price list without a name, without tier and time, or that ends before it starts."""
    _within("name", max(len(made.name.zh), len(made.name.en)), 1, _NAME_LONGEST)
    if made.base:
        raise BAD_PROMOTION.error(what="tier, starts_at, ends_at", value="-", limit=">= 1")
    if made.starts_at and made.ends_at and made.starts_at >= made.ends_at:
        raise BAD_PROMOTION.error(what="ends_at", value=made.ends_at, limit=f"> {made.starts_at}")
