"""A promotion as JSON and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from shengeng.kernel.words import Words
from shengeng.trade.pricing.contracts import Bearers, Benefit, Limits, PromotionDraft, Scope, Tier


def to_json(draft: PromotionDraft) -> dict[str, Any]:
    """Everything that people write of a promotion."""
    written = asdict(draft)
    for key in ("starts_at", "ends_at"):
        moment: datetime | None = written[key]
        written[key] = moment.isoformat() if moment else None
    return written


def from_json(written: dict[str, Any]) -> PromotionDraft:
    """The promotion that `to_json` wrote."""
    benefit = dict(written["benefit"])
    benefit["tiers"] = tuple(Tier(**tier) for tier in benefit["tiers"])
    scope: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in written["scope"].items()
    }
    parts = {
        "name": Words(**written["name"]),
        "benefit": Benefit(**benefit),
        "scope": Scope(**scope),
        "bearers": Bearers(**written["bearers"]),
        "limits": Limits(**written["limits"]),
        "starts_at": _moment(written["starts_at"]),
        "ends_at": _moment(written["ends_at"]),
    }
    return PromotionDraft(**{**written, **parts})


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
