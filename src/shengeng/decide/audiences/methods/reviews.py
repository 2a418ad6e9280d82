"""What a review's stars or label say: good, bad, or neither."""

from __future__ import annotations

from shengeng.decide.audiences.contracts.language import Tone

_SCALES = (1.0, 5.0, 10.0, 100.0)  # a source's scale is the smallest of these that holds all its ratings
GOOD, BAD = 0.8, 0.5  # of the scale: four stars of five and more, two and a half and fewer
_GOOD_WORDS = frozenset({"positive", "pos", "good", "1", "正面", "好评"})
_BAD_WORDS = frozenset({"negative", "neg", "bad", "0", "-1", "负面", "差评"})


def scale(largest: float | None) -> float:
    """A source's scale from its largest rating."""
    return next((top for top in _SCALES if (largest or 0.0) <= top), _SCALES[-1])


def tone(label: str | None, rating: float | None, top: float) -> Tone:
    """A label decides where it is one that we know; then the rating. "any" is neither good nor bad."""
    word = (label or "").strip().casefold()
    if word in _GOOD_WORDS:
        return "good"
    if word in _BAD_WORDS:
        return "bad"
    if rating is None:
        return "any"
    share = rating / top
    return "good" if share >= GOOD else "bad" if share <= BAD else "any"
