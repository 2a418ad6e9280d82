"""What an assumption may be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from shengeng.govern.shop.contracts import BAD_ASSUMPTION, LIMITS, NO_ASSUMPTION, Assumptions

DEFAULTS = Assumptions()


def default_of(key: str) -> float:
    """Our own value of an assumption, before anybody edits it."""
    value = getattr(DEFAULTS, key)
    assert isinstance(value, (int, float))
    return value


def checked(key: str, value: float) -> float:
    """The value within its bounds, whole where it counts something; NaN and infinities are refused."""
    if key not in LIMITS:
        raise NO_ASSUMPTION.error(key=key[:60], known=", ".join(LIMITS))
    limits = LIMITS[key]
    fit = limits.fit(value)
    if fit is None:
        whole = limits.unit != "share"
        raise BAD_ASSUMPTION.error(
            key=key,
            value=str(value),
            low=limits.low,
            high=limits.high,
            number_en="whole number" if whole else "number",
            number_zh="整数" if whole else "数",
        )
    return fit


def assumed(changed: dict[str, float]) -> Assumptions:
    """The defaults with what people changed."""
    values: dict[str, Any] = {key: checked(key, value) for key, value in changed.items()}
    return replace(DEFAULTS, **values)
