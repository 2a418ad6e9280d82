"""The compiled passes over facts. Imported only where a sequence is asked: numba takes a second to load."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

_NEVER = np.iinfo(np.int64).max
_NO = np.iinfo(np.int64).min  # no such moment
_SHORT = 48  # so many facts are sorted by insertion


@njit(cache=True, nogil=True)
def lay_out(person: Any, time: Any, mask: Any, people: int) -> Any:  # pragma: no cover - compiled
    """Facts in order of person, then time: (people + 1,) places where each person's begin, times, masks."""
    starts = np.zeros(people + 1, np.int64)
    for who in person:
        starts[who + 1] += 1
    for who in range(people):
        starts[who + 1] += starts[who]
    place = starts[:-1].copy()
    times, masks = np.empty(len(time), np.int64), np.empty(len(mask), np.uint8)
    for row in range(len(person)):
        at = place[person[row]]
        times[at], masks[at] = time[row], mask[row]
        place[person[row]] = at + 1
    for who in range(people):
        _sort(times[starts[who] : starts[who + 1]], masks[starts[who] : starts[who + 1]])
    return starts, times, masks


@njit(cache=True, nogil=True)
def _sort(times: Any, masks: Any) -> None:  # pragma: no cover - compiled
    if len(times) > _SHORT:
        ordered = True
        for row in range(1, len(times)):
            ordered = ordered and times[row - 1] <= times[row]
        if not ordered:
            order = np.argsort(times, kind="mergesort")
            times[:], masks[:] = times[order], masks[order]
        return
    for row in range(1, len(times)):
        time, mask, at = times[row], masks[row], row
        while at > 0 and times[at - 1] > time:
            times[at], masks[at] = times[at - 1], masks[at - 1]
            at -= 1
        times[at], masks[at] = time, mask


@njit(cache=True, nogil=True)
def follow(
    starts: Any,
    times: Any,
    masks: Any,
    steps: Any,
    within: Any,
    gaps: Any,
    tails: Any,
    spans: Any,
    low: int,
    high: int,
    latest: bool,
    held: Any,
    reached: Any,
    depth: Any,
    due: Any,
) -> None:  # pragma: no cover - compiled
    """One pass: for each person the newest moment that each step can be reached at decides everything.

    Of two ways to reach a step, the later one is within more spans and has fewer facts after it, so the
    earlier one may be forgotten. Facts of one moment are taken together: none of them is after another.
    Of moments at which the last step was reached, the earliest that no tail took back decides: whatever takes
    it back takes back every later one before it too.

    steps (k,): the bit of each step; within (k,): longest time since the step before; gaps (k,): bits that
    must not stand between a step and the next; tails, spans: bits that must not come after the last step for
    so long (NEVER: at all). latest: do not stop at the first success; reached is the last one that still
    stands, for finding the steps again.
    """
    k, ever, longest = len(steps), False, np.int64(0)
    for place in range(len(spans)):
        if spans[place] == _NEVER:
            ever = True
        else:
            longest = max(longest, spans[place])
    last = np.empty(k, np.int64)
    for who in range(len(starts) - 1):
        row, end = starts[who], starts[who + 1]
        while row < end and times[row] <= low:
            row += 1
        if row < end and times[row] <= high:
            due[who] = times[row]  # the first fact in the window; the caller adds its length
        last[:] = _NO
        pending, done, deep = _NO, False, 0
        while row < end and times[row] <= high and not done:
            now, bits = times[row], np.uint8(0)
            while row < end and times[row] == now:
                bits |= masks[row]
                row += 1
            if pending != _NO and not latest and not ever and longest < now - pending:
                done = True
                break
            hit = False
            for step in range(k - 1, -1, -1):
                if bits & steps[step] == 0:
                    continue
                if step == 0 or (last[step - 1] != _NO and now - last[step - 1] <= within[step]):
                    last[step] = now
                    deep = max(deep, step + 1)
                    hit = hit or step == k - 1
            for step in range(k):
                if bits & gaps[step] != 0 and last[step] != _NO and last[step] < now:
                    last[step] = _NO
            if pending != _NO:
                for place in range(len(tails)):
                    if bits & tails[place] != 0 and now - pending <= spans[place]:
                        pending = _NO
                        break
            if hit:
                if pending == _NO:
                    pending = now
                done = len(tails) == 0 and not latest
        depth[who] = deep
        if latest:
            reached[who] = last[k - 1]
            continue
        reached[who] = pending
        if pending != _NO:
            held[who] = done or longest <= high - pending


@njit(cache=True, nogil=True)
def first_after(starts: Any, times: Any, high: int, found: Any) -> None:  # pragma: no cover - compiled
    """Each person's first fact later than a moment, NEVER where there is none."""
    for who in range(len(starts) - 1):
        row = starts[who + 1]
        while row > starts[who] and times[row - 1] > high:
            row -= 1
        found[who] = times[row] if row < starts[who + 1] else _NEVER
