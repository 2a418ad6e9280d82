"""From a sentence to its canonical JSON: nothing that is absent or as by default, lists of values sorted."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from shengeng.decide.audiences.contracts.language import (
    Absent,
    And,
    At,
    Basket,
    Definition,
    Did,
    InAudience,
    InPersona,
    InStage,
    InTier,
    NextPurchase,
    Node,
    Not,
    Or,
    Sequence,
    Span,
    Step,
    Text,
    Trait,
    What,
    When,
    Window,
    Worth,
)

Json = dict[str, Any]


def write(definition: Definition) -> Json:
    """The canonical JSON of a sentence; `read` of it is the same sentence."""
    return {"version": definition.version, "where": node_json(definition.where)}


def fingerprint(definition: Definition) -> str:
    """A short name of exactly this sentence."""
    text = json.dumps(write(definition), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def node_json(node: Node) -> Json:
    """The canonical JSON of one node."""
    match node:
        case And(of):
            return {"op": "and", "of": [node_json(one) for one in of]}
        case Or(of):
            return {"op": "or", "of": [node_json(one) for one in of]}
        case Not(of):
            return {"op": "not", "of": node_json(of)}
        case Did() | Sequence() | Basket() | Text():
            return _of_facts(node)
        case _:
            return _of_estimates(node)


def _of_facts(node: Did | Sequence | Basket | Text) -> Json:
    match node:
        case Did():
            plain = {name: getattr(node, name) for name in ("measure", "of", "compare")}
            rest = {"window": _window(node.window), "when": _when(node.when), "at": _places(node.at)}
            value = _number(node.value)
            return _lean({"op": "did", "what": _what(node.what), **plain, "value": value, **rest})
        case Sequence(steps, window, within):
            rest = {"window": _window(window), "within": _span(within)}
            return _lean({"op": "sequence", "steps": [_step(one) for one in steps], **rest})
        case Basket(how, a, b, least, window):
            both = {"a": _what(a), "b": _what(b), "at_least": least if least != 1 else None}
            return _lean({"op": "basket", "how": how, **both, "window": _window(window)})
        case Text(aspect, tone, window):
            said = {"op": "text", "aspect": aspect, "tone": tone if tone != "any" else None}
            return _lean({**said, "window": _window(window)})


def _of_estimates(
    node: Trait | InStage | InTier | InPersona | Worth | NextPurchase | InAudience,
) -> Json:
    match node:
        case InStage(names):
            return {"op": "stage", "in": list(names)}
        case InTier(names):
            return {"op": "tier", "in": list(names)}
        case InPersona(names, least):
            return _lean({"op": "persona", "in": list(names), "at_least": least})
        case InAudience(inner):
            return {"op": "audience", "id": str(inner)}
        case _:
            return _lean(_against(node))


def _against(node: Trait | Worth | NextPurchase) -> Json:
    match node:
        case Trait(name, compare, value):
            listed = list(value) if isinstance(value, tuple) else value
            return {"op": "trait", "name": name, "compare": compare, "value": listed}
        case Worth(measure, against, bound):
            return {"op": "value", "measure": measure, "compare": against, "value": _number(bound)}
        case NextPurchase(products, categories, days, chance):
            named = {"products": list(products), "categories": list(categories)}
            return {"op": "next_purchase", **named, "within_days": days, "probability": chance}


def _lean(found: Json) -> Json:
    """Without what is absent. A trait's value may be false and a bound 0, and both stay."""
    return {name: value for name, value in found.items() if value is not None and value != []}


def _number(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _what(what: What) -> Json:
    lists = {name: list(getattr(what, name)) for name in ("products", "departments", "categories")}
    return _lean({"fact": what.fact, "name": what.name, **lists})


def _step(step: Step | Absent) -> Json:
    if isinstance(step, Absent):
        return _lean({"absent": _what(step.what), "for": _span(step.span)})
    return _lean({"what": _what(step.what), "within": _span(step.within)})


def _span(span: Span | None) -> Json | None:
    return {span.unit: span.amount} if span else None


def _window(window: Window | None) -> Json | None:
    if window is None:
        return None
    if window.last_days is not None:
        return {"last_days": window.last_days}
    assert window.start is not None
    assert window.end is not None
    return {"from": window.start.isoformat(), "to": window.end.isoformat()}


def _when(when: When | None) -> Json | None:
    if when is None:
        return None
    return _lean({"hours": list(when.hours) if when.hours else None, "weekdays": list(when.weekdays)})


def _places(at: At | None) -> Json | None:
    if at is None:
        return None
    return _lean({"stores": list(at.stores), "channels": list(at.channels), "rooms": list(at.rooms)})
