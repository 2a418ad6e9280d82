"""What was learnt, as text and back: every number is the same to its last bit."""

from __future__ import annotations

import json

import msgspec

from shengeng.understand.value.methods.engine import Learnt


def as_text(learnt: Learnt) -> str:
    """The model as JSON; what was not computed stands as NaN, which JSON proper does not know."""
    return json.dumps(msgspec.to_builtins(learnt))


def from_text(text: str) -> Learnt:
    """The model back."""
    return msgspec.convert(json.loads(text), Learnt)
