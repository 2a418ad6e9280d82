"""A plain reading of sequences: every way of choosing facts is tried. Slow, and nothing is clever in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from shengeng.decide.audiences.contracts.language import Absent, Sequence, Step, What

Fact = tuple[datetime, What]


def holds(sequence: Sequence, facts: list[Fact], low: datetime | None, high: datetime) -> bool:
    """Whether some choice of facts in the window satisfies every step."""
    seen = [fact for fact in facts if fact[0] <= high and (low is None or fact[0] > low)]
    return any(_fits(sequence, choice, seen, high) for choice in _choices(sequence, seen))


def fits(
    sequence: Sequence, chosen: list[datetime], facts: list[Fact], low: datetime | None, high: datetime
) -> bool:
    """Whether these moments of the steps are one way to satisfy the sequence."""
    seen = [fact for fact in facts if fact[0] <= high and (low is None or fact[0] > low)]
    return chosen in list(_choices(sequence, seen)) and _fits(sequence, chosen, seen, high)


def _choices(sequence: Sequence, facts: list[Fact]) -> Iterator[list[datetime]]:
    """Moments of the steps that happened, each later than the one before."""
    steps = [step for step in sequence.steps if isinstance(step, Step)]

    def further(place: int, chosen: list[datetime]) -> Iterator[list[datetime]]:
        if place == len(steps):
            yield chosen
            return
        for at, what in facts:
            if what == steps[place].what and (not chosen or at > chosen[-1]):
                yield from further(place + 1, [*chosen, at])

    yield from further(0, [])


def _fits(sequence: Sequence, chosen: list[datetime], facts: list[Fact], high: datetime) -> bool:
    places = [place for place, step in enumerate(sequence.steps) if isinstance(step, Step)]
    at = dict(zip(places, chosen, strict=True))
    if sequence.within and chosen[-1] - chosen[0] > sequence.within.length:
        return False
    for place, step in enumerate(sequence.steps):
        before = max(one for one in places if one < place) if place else None
        if isinstance(step, Step):
            if before is not None and step.within and at[place] - at[before] > step.within.length:
                return False
            continue
        assert before is not None
        after = [one for one in places if one > place]
        if not _absent(step, at[before], at[after[0]] if after else None, facts, high):
            return False
    return True


def _absent(step: Absent, start: datetime, end: datetime | None, facts: list[Fact], high: datetime) -> bool:
    if end is not None:
        return not _any(facts, step.what, lambda at: start < at < end)
    if step.span is None:
        return not _any(facts, step.what, lambda at: at > start)
    until = start + step.span.length
    return until <= high and not _any(facts, step.what, lambda at: start < at <= until)


def _any(facts: list[Fact], what: What, stands: Callable[[datetime], bool]) -> bool:
    return any(kind == what and stands(at) for at, kind in facts)
