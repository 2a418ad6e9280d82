"""The compiled passes over facts. Imported only where a sequence is asked: numba takes a second to load."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

_NEVER = np.iinfo(np.int64).max
_NO = np.iinfo(np.int64).min  # no such moment
_LONG_AGO = -(2**62)  # further back than any span reaches, near enough to subtract
_SHORT = 48  # so many facts are sorted by insertion


@njit(cache=True, nogil=True)
def lay_out(person: Any, time: Any, mask: Any, people: int) -> Any:  # pragma: no cover - compiled
    """Facts in order of person, then time, then falling mask: (people + 1,) places where each person's begin,
    times, masks."""
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
            before, after = times[row - 1], times[row]
            ordered = ordered and (before < after or (before == after and masks[row - 1] >= masks[row]))
        if not ordered:
            order = np.argsort(times, kind="mergesort")
            times[:], masks[:] = times[order], masks[order]
            for row in range(1, len(times)):
                time, mask, at = times[row], masks[row], row
                while at > 0 and times[at - 1] == time and masks[at - 1] < mask:
                    masks[at] = masks[at - 1]
                    at -= 1
                masks[at] = mask
        return
    for row in range(1, len(times)):
        time, mask, at = times[row], masks[row], row
        while at > 0 and (times[at - 1] > time or (times[at - 1] == time and masks[at - 1] < mask)):
            times[at], masks[at] = times[at - 1], masks[at - 1]
            at -= 1
        times[at], masks[at] = time, mask


@njit(cache=True, nogil=True)
def _bounds(gaps: Any, tails: Any, spans: Any) -> Any:  # pragma: no cover - compiled
    """Whether a tail has no end, the longest of those that have one, bits that break, bits that end."""
    ever, longest = False, np.int64(0)
    for span in spans:
        if span == _NEVER:
            ever = True
        else:
            longest = max(longest, span)
    breaks, ends = np.uint8(0), np.uint8(0)
    for bits in gaps:
        breaks |= bits
    for bits in tails:
        ends |= bits
    return ever, longest, breaks, ends


@njit(cache=True, nogil=True)
def _reach(  # noqa: PLR0917  as `follow`
    bits: int, now: int, steps: Any, within: Any, whole: int, last: Any, first: Any, deep: int
) -> Any:  # pragma: no cover - compiled
    """Take every step that a moment allows, later ones first: none of its facts follows another.

    Returns how many steps were reached at most, and whether the last one was now.
    """
    hit, k = False, len(steps)
    for step in range(min(deep, k - 1), -1, -1):
        if bits & steps[step] == 0:
            continue
        if step != 0:
            before = last[step - 1]
            if before == _NO or now - before > within[step] or now - first[step - 1] > whole:
                continue
        first[step] = now if step == 0 else first[step - 1]
        last[step] = now
        deep = max(deep, step + 1)
        hit = hit or step == k - 1
    return deep, hit


@njit(cache=True, nogil=True)
def _taken_back(bits: int, passed: int, tails: Any, spans: Any) -> bool:  # pragma: no cover - compiled
    """Whether a fact that must not come after the last step came within its span."""
    for place in range(len(tails)):  # noqa: SIM110  numba compiles no generator
        if bits & tails[place] != 0 and passed <= spans[place]:
            return True
    return False


@njit(cache=True, nogil=True)
def follow(  # noqa: PLR0912, PLR0917  one compiled loop: calls from inside it would cost more
    facts: Any, pattern: Any, low: int, high: int, latest: bool, out: Any
) -> None:  # pragma: no cover - compiled
    """One pass: for each person the newest moment that each step can be reached at decides everything.

    Of two ways to reach a step, the later one is within more spans, began no earlier, and has fewer facts
    after it, so the earlier one may be forgotten. Facts of one moment are taken together: none of them is
    after another. Of moments at which the last step was reached, the earliest that no tail took back decides:
    whatever takes it back takes back every later one before it too.

    steps (k,): the bit of each step; within (k,): longest time since the step before; gaps (k,): bits that
    must not stand between a step and the next; tails, spans: bits that must not come after the last step for
    so long (NEVER: at all); whole: longest time from the first step to the last. latest: do not stop at the
    first success; reached is the last one that still stands, for finding the steps again.
    """
    starts, times, masks = facts
    steps, within, gaps, tails, spans, whole = pattern
    held, reached, depth, due = out
    k = len(steps)
    ever, longest, breaks, ends = _bounds(gaps, tails, spans)
    last, first = np.empty(k, np.int64), np.empty(k, np.int64)
    for who in range(len(starts) - 1):
        row, end = starts[who], starts[who + 1]
        while row < end and times[row] <= low:
            row += 1
        if row < end and times[row] <= high:
            due[who] = times[row]  # the first fact in the window; the caller adds its length
        last[:] = _NO
        pending, done, deep = _NO, False, 0
        while row < end and times[row] <= high:
            now, bits = times[row], masks[row]
            row += 1
            while row < end and times[row] == now:
                bits |= masks[row]
                row += 1
            if pending != _NO and not latest and not ever and now - pending > longest:
                done = True
                break
            deep, hit = _reach(bits, now, steps, within, whole, last, first, deep)
            if bits & breaks != 0:
                for step in range(k):
                    if bits & gaps[step] != 0 and last[step] != _NO and last[step] < now:
                        last[step] = _NO
            if bits & ends != 0 and pending != _NO and _taken_back(bits, now - pending, tails, spans):
                pending = _NO
            if hit:
                if pending == _NO:
                    pending = now
                if len(tails) == 0 and not latest:
                    done = True
                    break
        depth[who] = deep
        if latest:
            reached[who] = last[k - 1]
        else:
            reached[who] = pending
            held[who] = pending != _NO and (done or longest <= high - pending)


@njit(cache=True, nogil=True)
def follow_plain(  # noqa: PLR0917  as above
    facts: Any, step_of: Any, within: Any, whole: int, low: int, high: int, out: Any
) -> None:  # pragma: no cover - compiled
    """`follow` where no fact is two steps and nothing is absent: three times as fast, the same answers.

    Facts of one moment come with later steps first (`lay_out`), so that none of them follows another.
    step_of (256,): the step of a mask, k where it is none; within (k + 1,).
    """
    starts, times, masks = facts
    held, reached, depth, due = out
    k = len(within) - 1
    last, first = np.empty(k, np.int64), np.empty(k, np.int64)
    for who in range(len(starts) - 1):
        last[:] = _LONG_AGO
        row, end, deep = starts[who], starts[who + 1], 0
        while row < end and times[row] <= low:
            row += 1
        if row < end and times[row] <= high:
            due[who] = times[row]
        for at in range(row, end):
            now, step = times[at], step_of[masks[at]]
            if now > high:
                break
            if step == 0:
                last[0] = now
                first[0] = now
                deep = max(deep, 1)
                if k > 1:
                    continue
            else:
                since = now - last[step - 1]
                if since > within[step] or since <= 0 or now - first[step - 1] > whole:
                    continue
                last[step] = now
                first[step] = first[step - 1]
                deep = max(deep, step + 1)
            if deep == k:
                held[who], reached[who] = True, now
                break
        depth[who] = deep


@njit(cache=True, nogil=True)
def first_after(starts: Any, times: Any, high: int, found: Any) -> None:  # pragma: no cover - compiled
    """Each person's first fact later than a moment, NEVER where there is none."""
    for who in range(len(starts) - 1):
        row = starts[who + 1]
        while row > starts[who] and times[row - 1] > high:
            row -= 1
        found[who] = times[row] if row < starts[who + 1] else _NEVER
