"""The compiled pass says what a plain reading says, whatever the facts and whatever the sequence."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.decide.audiences import oracle
from tests.unit.decide.audiences.oracle import Fact

from shengeng.decide.audiences.contracts import NEVER, Answer
from shengeng.decide.audiences.contracts.language import Sequence
from shengeng.decide.audiences.methods import sequences
from shengeng.decide.audiences.methods.reading import read
from shengeng.decide.audiences.methods.sequences import Facts
from shengeng.decide.audiences.store.people import micros_of, moment_of

START = datetime(2026, 3, 1)  # noqa: DTZ001  local time of the shop
HOUR = timedelta(hours=1)
NAMES = ("view", "cart", "order")


def what(name: str) -> dict[str, Any]:
    return {"fact": "event", "name": name}


def sequence(
    *steps: dict[str, Any], last_days: int | None = None, within: dict[str, int] | None = None
) -> Sequence:
    rest: dict[str, Any] = {"window": {"last_days": last_days}} if last_days else {}
    rest |= {"within": within} if within else {}
    found = read({"where": {"op": "sequence", "steps": list(steps), **rest}}).where
    assert isinstance(found, Sequence)
    return found


def laid(asked: Sequence, people: list[list[Fact]], rng: np.random.Generator) -> Facts:
    """Facts of people in any order, as the layout gets them: each matched by all steps that speak of it."""
    rows = [(who, at, kind) for who, facts in enumerate(people) for at, kind in facts]
    rows = [rows[place] for place in rng.permutation(len(rows))]
    masks = [
        sum(1 << place for place, step in enumerate(asked.steps) if step.what == kind) for _, _, kind in rows
    ]
    kept = [(row, mask) for row, mask in zip(rows, masks, strict=True) if mask]
    return sequences.lay_out(
        np.array([who for (who, _, _), _ in kept], np.int64),
        np.array([micros_of(at) for (_, at, _), _ in kept], np.int64),
        np.array([mask for _, mask in kept], np.uint8),
        len(people),
    )


def answer(asked: Sequence, facts: Facts, now: datetime) -> Answer:
    days = asked.window.last_days if asked.window else None
    low = None if days is None else micros_of(now - timedelta(days=days))
    length = None if days is None else days * 86_400_000_000
    return sequences.follow(facts, sequences.pattern(asked), low, micros_of(now), length)


def plainly(asked: Sequence, facts: list[Fact], now: datetime) -> bool:
    days = asked.window.last_days if asked.window else None
    return oracle.holds(asked, facts, None if days is None else now - timedelta(days=days), now)


hours = st.integers(0, 60)
spans = st.one_of(st.none(), st.builds(lambda n: {"hours": n}, st.integers(1, 20)))


def _optional(name: str, span: dict[str, int] | None) -> dict[str, Any]:
    return {name: span} if span else {}


@st.composite
def asked_for(draw: st.DrawFn) -> Sequence:
    """Steps with and without a span, absences between them, perhaps a tail, a window, a span of it all."""
    plain = draw(st.booleans())
    steps: list[dict[str, Any]] = [{"what": what(draw(st.sampled_from(NAMES)))}]
    for _ in range(draw(st.integers(0, 2))):
        for _ in range(0 if plain else draw(st.integers(0, 2))):
            steps.append({"absent": what(draw(st.sampled_from(NAMES)))})
        steps.append({"what": what(draw(st.sampled_from(NAMES))), **_optional("within", draw(spans))})
    if not plain and draw(st.booleans()):
        steps.append({"absent": what(draw(st.sampled_from(NAMES))), **_optional("for", draw(spans))})
    return sequence(*steps, last_days=draw(st.sampled_from([None, 1, 2])), within=draw(spans))


@st.composite
def histories(draw: st.DrawFn) -> list[Fact]:
    """Few moments, so that many facts share one."""
    rows = draw(st.lists(st.tuples(hours, st.sampled_from(NAMES)), max_size=9))
    kinds = {name: sequence({"what": what(name)}).steps[0].what for name in NAMES}
    return [(START + at * HOUR, kinds[name]) for at, name in rows]


@settings(max_examples=600)
@given(asked_for(), st.lists(histories(), min_size=1, max_size=4), st.integers(0, 80), st.integers(0, 9))
def test_the_pass_answers_as_a_plain_reading_does(
    asked: Sequence, people: list[list[Fact]], clock: int, seed: int
) -> None:
    now = START + clock * HOUR
    facts = laid(asked, people, np.random.default_rng(seed))
    found = answer(asked, facts, now)
    assert found.held.tolist() == [plainly(asked, history, now) for history in people]


@settings(max_examples=400)
@given(asked_for(), histories(), st.integers(0, 80), st.integers(1, 40))
def test_nothing_changes_before_it_is_due(
    asked: Sequence, history: list[Fact], clock: int, wait: int
) -> None:
    now = START + clock * HOUR
    facts = laid(asked, [history], np.random.default_rng(0))
    found = answer(asked, facts, now)
    due = int(found.due[0])
    assert due > micros_of(now)
    later = now + wait * HOUR
    if due == NEVER or moment_of(due) > later:
        assert plainly(asked, history, later) == bool(found.held[0])


@settings(max_examples=300)
@given(asked_for(), histories(), st.integers(0, 80))
def test_the_steps_that_are_shown_are_steps_of_the_sequence(
    asked: Sequence, history: list[Fact], clock: int
) -> None:
    now = START + clock * HOUR
    facts = laid(asked, [history], np.random.default_rng(0))
    found = answer(asked, facts, now)
    days = asked.window.last_days if asked.window else None
    low = None if days is None else micros_of(now - timedelta(days=days))
    shown = sequences.witness(facts, sequences.pattern(asked), low, micros_of(now))
    moments = [moment_of(at) for at in shown]
    if bool(found.held[0]):
        assert oracle.fits(asked, moments, history, None if low is None else moment_of(low), now)
    assert moments == sorted(set(moments))


def test_a_step_at_the_same_moment_is_not_after() -> None:
    both = sequence({"what": what("view")}, {"what": what("cart")})
    view, cart = (step.what for step in both.steps)
    facts = laid(both, [[(START, view), (START, cart)]], np.random.default_rng(0))
    assert not answer(both, facts, START + HOUR).held[0]


def test_an_absence_that_has_not_come_yet_is_waited_for() -> None:
    quiet = sequence({"what": what("cart")}, {"absent": what("order"), "for": {"hours": 5}})
    facts = laid(quiet, [[(START, quiet.steps[0].what)]], np.random.default_rng(0))
    early = answer(quiet, facts, START + 4 * HOUR)
    assert not early.held[0]
    assert moment_of(int(early.due[0])) == START + 5 * HOUR
    assert answer(quiet, facts, START + 5 * HOUR).held[0]


def test_more_facts_than_are_sorted_by_hand_come_in_order() -> None:
    often = sequence({"what": what("view")}, {"what": what("order"), "within": {"hours": 1}})
    view, order = (step.what for step in often.steps)
    history = [(START + 3 * at * HOUR, view) for at in range(60)] + [(START + 178 * HOUR, order)]
    facts = laid(often, [history], np.random.default_rng(4))
    assert facts.times.tolist() == sorted(facts.times.tolist())
    assert answer(often, facts, START + 200 * HOUR).held[0]
