"""What is said of somebody, against a condition."""

from __future__ import annotations

from typing import Any

from shengeng.decide.audiences.contracts.language import Plain, Trait


def holds(trait: Trait, traits: dict[str, Any]) -> bool:
    """Whether a condition is true of somebody's traits; of an absent one only is_not is.

    Numbers compare as numbers, even where a source wrote them as text; else texts compare as texts, so that
    dates as ISO do too.
    """
    said = traits.get(trait.name)
    if said is None:
        return trait.compare == "is_not"
    if trait.compare == "exists":
        return True
    if trait.compare == "in":
        assert isinstance(trait.value, tuple)
        return any(_same(said, value) for value in trait.value)
    assert trait.value is not None
    assert not isinstance(trait.value, tuple)
    if trait.compare == "contains":
        return str(trait.value).casefold() in str(said).casefold()
    if trait.compare in ("is", "is_not"):
        return _same(said, trait.value) == (trait.compare == "is")
    return _ordered(said, trait.compare, trait.value)


def _same(said: Plain, value: Plain) -> bool:
    if isinstance(said, bool) or isinstance(value, bool):
        return str(said).casefold() == str(value).casefold()
    one, two = number(said), number(value)
    return one == two if one is not None and two is not None else str(said) == str(value)


def _ordered(said: Plain, compare: str, value: Plain) -> bool:
    one, two = number(said), number(value)
    if one is None or two is None:
        first, second = str(said), str(value)
        if (one is None) != (two is None):
            return False  # a number and a word stand in no order
        return _order(compare, (first > second) - (first < second))
    return _order(compare, (one > two) - (one < two))


def _order(compare: str, sign: int) -> bool:
    return {"lt": sign < 0, "lte": sign <= 0, "gt": sign > 0, "gte": sign >= 0}[compare]


def number(value: Plain) -> float | None:
    """The number that a value is or that its text says; None for anything else."""
    if isinstance(value, bool):
        return None
    try:
        found = float(value)
    except ValueError:
        return None
    return found if abs(found) < float("inf") else None
