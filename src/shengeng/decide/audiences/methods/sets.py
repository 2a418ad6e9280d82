"""Sets of people over one dense index: figures against bounds, conditions put together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from shengeng.decide.audiences.contracts import NEVER, Answer
from shengeng.decide.audiences.contracts.language import And, Compare, Node, Not, Or, children
from shengeng.kernel.units import Bools, Floats, Ints

_COMPARE = {
    "eq": np.equal,
    "gte": np.greater_equal,
    "lte": np.less_equal,
    "gt": np.greater,
    "lt": np.less,
}


def against(figure: Floats, compare: Compare, bound: float) -> Bools:
    """Which figures meet a bound; what is unknown (NaN) meets none."""
    found: Bools = _COMPARE[compare](figure, bound) & ~np.isnan(figure)
    return found


def never(size: int) -> Ints:
    """Nobody's answer changes by time alone."""
    return np.full(size, NEVER, np.int64)


def soonest(*moments: Ints) -> Ints:
    """Each person's earliest of some due moments."""
    found: Ints = np.minimum.reduce(moments)
    return found


def combined(
    node: Node, answers: Mapping[str, Answer], path: str = "where"
) -> tuple[Answer, dict[str, Bools]]:
    """The answer of a whole sentence from those of its leaves, and by path whom each node is true of."""
    below = [combined(child, answers, where) for where, child in children(node, path)]
    if not below:
        assert not isinstance(node, And | Or | Not)
        return answers[path], {path: answers[path].held}
    held = [answer.held for answer, _ in below]
    due = soonest(*(answer.due for answer, _ in below))
    found = Answer(_joined(node, held), due)
    by_path = {where: one for _, deeper in below for where, one in deeper.items()}
    return found, {path: found.held} | by_path


def _joined(node: Node, held: list[Bools]) -> Bools:
    if isinstance(node, Not):
        return ~held[0]
    every: Bools = np.logical_and.reduce(held) if isinstance(node, And) else np.logical_or.reduce(held)
    return every
