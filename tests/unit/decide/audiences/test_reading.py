"""What is no sentence is refused by the node; what is one comes back as it was meant."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shengeng.decide.audiences.contracts import language as lang
from shengeng.decide.audiences.methods.reading import read
from shengeng.decide.audiences.methods.words import said
from shengeng.decide.audiences.methods.writing import fingerprint, write
from shengeng.kernel.errors import ShopError

ORDER = {"fact": "order"}
DID = {"op": "did", "what": ORDER, "measure": "count", "of": "orders", "compare": "gte", "value": 3}
VIEW = {"fact": "event", "name": "Product Viewed"}


def refused(where: object) -> str:
    """The refusal of a sentence, in English."""
    with pytest.raises(ShopError) as found:
        read({"version": 1, "where": where})
    assert found.value.kind == "invalid"
    assert found.value.text("zh") != found.value.text("en")
    return found.value.text("en")


@pytest.mark.parametrize(
    ("where", "path"),
    [
        ({**DID, "window": {"last_days": 0}}, "where.window.last_days: 0"),
        ({**DID, "window": {"from": "2026-02-02", "to": "2026-02-01"}}, "where.window.to"),
        ({**DID, "window": {"last_days": 3, "from": "2026-02-02"}}, "where.window.from"),
        ({**DID, "compare": "about"}, "where.compare: 'about'"),
        ({**DID, "of": "events"}, "where.of"),
        ({**DID, "value": float("inf")}, "where.value"),
        ({**DID, "value": True}, "where.value: True"),
        ({**DID, "when": {"hours": [6, 6]}}, "where.when.hours"),
        ({**DID, "when": {"weekdays": [8]}}, "where.when.weekdays.0: 8"),
        ({**DID, "whom": 1}, "where.whom"),
        ({**DID, "what": {"fact": "order", "name": "x"}}, "where.what.name"),
        ({**DID, "what": {"fact": "event"}}, "where.what.name: null"),
        ({"op": "and", "of": [DID, {"op": "or", "of": []}]}, "where.of.1.of"),
        ({"op": "not", "of": {"op": "perhaps"}}, "where.of.op: 'perhaps'"),
        ({"op": "and", "of": [DID, 7]}, "where.of.1: 7"),
        ({"op": "sequence", "steps": [{"absent": ORDER}]}, "where.steps.0"),
        ({"op": "sequence", "steps": [{"what": VIEW, "within": {"days": 1}}]}, "where.steps.0.within"),
        (
            {
                "op": "sequence",
                "steps": [{"what": VIEW}, {"absent": ORDER, "for": {"days": 1}}, {"what": VIEW}],
            },
            "where.steps.1.for",
        ),
        (
            {"op": "sequence", "steps": [{"what": VIEW}, {"what": ORDER, "within": {"days": 1, "hours": 1}}]},
            "where.steps.1.within",
        ),
        ({"op": "basket", "how": "together", "a": VIEW, "b": ORDER}, "where.a.fact"),
        ({"op": "stage", "in": ["sleeping"]}, "where.in.0: 'sleeping'"),
        ({"op": "persona", "in": ["p1"], "at_least": 2}, "where.at_least: 2"),
        ({"op": "trait", "name": "age", "compare": "exists", "value": 3}, "where.value: 3"),
        ({"op": "trait", "name": "", "compare": "exists"}, "where.name: ''"),
        ({"op": "next_purchase", "within_days": 8}, "where.within_days: 8"),
        ({"op": "audience", "id": "coffee"}, "where.id: 'coffee'"),
        (None, "where: null"),
    ],
)
def test_a_refusal_names_the_node_and_the_value(where: object, path: str) -> None:
    assert refused(where).startswith(path)


def test_other_versions_and_other_fields_are_refused() -> None:
    with pytest.raises(ShopError, match=r"^version: 2"):
        read({"version": 2, "where": DID})
    with pytest.raises(ShopError, match=r"^limit: 3"):
        read({"version": 1, "where": DID, "limit": 3})


def test_too_deep_too_many_and_too_long_are_refused_quickly() -> None:
    deep: dict[str, Any] = DID
    for _ in range(lang.MOST_DEPTH):
        deep = {"op": "not", "of": deep}
    assert "levels" in refused(deep)
    for _ in range(5_000):
        deep = {"op": "not", "of": deep}
    assert "levels" in refused(deep)
    pairs = [{"op": "and", "of": [DID] * 21}, {"op": "and", "of": [DID] * 21}]
    assert "conditions" in refused({"op": "or", "of": pairs})
    assert "bytes" in refused({**DID, "note": "x" * (lang.MOST_BYTES + 1)})


def test_lists_that_name_the_same_have_one_form() -> None:
    one = {**DID, "what": {"fact": "order", "products": ["b", "a", "b"]}, "at": {"stores": []}}
    two = {**DID, "what": {"fact": "order", "products": ["a", "b"]}, "when": {"weekdays": []}}
    with pytest.raises(ShopError):
        read({"where": two})  # no weekday is nobody's wish
    del two["when"]
    assert fingerprint(read({"where": one})) == fingerprint(read({"where": two}))


counts = st.integers(1, 400)
windows = st.one_of(
    st.none(),
    st.builds(lambda n: {"last_days": n}, counts),
    st.just({"from": "2026-01-02", "to": "2026-02-03"}),
)
words = st.text("abcé苹果7", min_size=1, max_size=8)
whats = st.one_of(
    st.builds(
        lambda p, c: {"fact": "order", "products": p, "categories": c}, st.lists(words), st.lists(words)
    ),
    st.builds(lambda n, d: {"fact": "event", "name": n, "departments": d}, words, st.lists(words)),
)
orders = st.builds(lambda p: {"fact": "order", "products": p}, st.lists(words))
conditions = st.one_of(
    st.builds(lambda w, n, f: DID | {"what": f, "value": n, "window": w}, windows, counts, orders),
    st.builds(
        lambda a, b, n: {"op": "basket", "how": "together", "a": a, "b": b, "at_least": n},
        orders,
        orders,
        counts,
    ),
    st.builds(
        lambda a, b, n, w: {
            "op": "sequence",
            "steps": [{"what": a}, {"absent": b}, {"what": a, "within": {"hours": n}}],
            "window": w,
        },
        whats,
        whats,
        counts,
        windows,
    ),
    st.builds(
        lambda n, v: {"op": "trait", "name": n, "compare": "in", "value": v},
        words,
        st.lists(words, min_size=1),
    ),
    st.builds(lambda n: {"op": "persona", "in": n, "at_least": 0.4}, st.lists(words, min_size=1)),
    st.builds(lambda n: {"op": "value", "measure": "p_alive", "compare": "lt", "value": n / 1000}, counts),
    st.just({"op": "stage", "in": ["new", "at_risk"]}),
)
nodes = st.recursive(
    conditions,
    lambda below: st.one_of(
        st.builds(lambda one: {"op": "not", "of": one}, below),
        st.builds(lambda all_: {"op": "or", "of": all_}, st.lists(below, min_size=1, max_size=3)),
    ),
    max_leaves=6,
).filter(lambda where: _depth(where) <= lang.MOST_DEPTH)


def _depth(where: dict[str, Any]) -> int:
    of = where.get("of")
    if isinstance(of, dict):
        return 1 + _depth(of)
    return 1 + max(map(_depth, of)) if isinstance(of, list) else 1


@given(nodes)
def test_what_is_written_reads_as_the_same_sentence(where: dict[str, Any]) -> None:
    found = read({"where": where})
    again = json.loads(json.dumps(write(found)))
    assert read(again) == found
    assert write(read(again)) == again


@given(nodes, st.sampled_from(["zh", "en"]))
def test_every_node_has_words(where: dict[str, Any], language: Any) -> None:
    found = read({"where": where})
    for path, node in lang.walk(found.where):
        told = said(node, language, {})
        assert told.strip(), path
        assert "None" not in told


def test_words_say_what_the_figures_are_held_against() -> None:
    node = read(
        {"where": {**DID, "window": {"last_days": 90}, "when": {"hours": [6, 11], "weekdays": [1]}}}
    ).where
    assert said(node, "en", {}) == "bought anything: at least 3 orders on Mon 6:00-11:00 in the last 90 days"
    assert said(node, "zh", {}) == "近 90 天在周一6–11 点购买任何商品至少 3 单"
