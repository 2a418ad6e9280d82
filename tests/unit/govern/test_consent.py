"""Consents: the newest word wins, a refusal at one moment, and one mapping reads what files carry."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.decisions import OPERATOR
from tests.factories.door import NOON, open_door

from shengeng.govern.consent import api
from shengeng.govern.consent.contracts import CHANNELS, PURPOSES, Said
from shengeng.govern.consent.methods import LONG_AGO, newest, read
from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import Role
from shengeng.storage.stores import Stores

WORDS = st.lists(
    st.tuples(
        st.sampled_from("ab"), st.booleans(), st.integers(0, 3).map(lambda h: NOON + timedelta(hours=h))
    ),
    max_size=5,
)


@given(WORDS)
def test_the_order_in_which_words_are_read_says_nothing(words: list[tuple[str, bool, datetime]]) -> None:
    answers = [newest(some, {"b": "a"}) for some in permutations(words)]
    assert all(answer == answers[0] for answer in answers)


def test_of_two_words_at_one_moment_the_refusal_counts() -> None:
    assert newest([("a", True, NOON), ("a", False, NOON)], {}) == {"a": False}


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("true", {("marketing", "any", True)}),
        ('{"sms": true, "email": false}', {("marketing", "sms", True), ("marketing", "email", False)}),
        (
            '{"marketing": {"sms": "no"}, "profiling": 0}',
            {("marketing", "sms", False), ("profiling", "any", False)},
        ),
        ('{"marketing": "perhaps"}', set()),
        ("{broken", set()),
        ("", set()),
        (None, set()),
        ([1, 2], set()),
    ],
)
def test_what_files_carry_is_read_by_one_mapping(written: object, found: set[tuple[str, str, bool]]) -> None:
    said = read(written, "c1", at=NOON, source="file")
    assert {(one.purpose, one.channel, one.granted) for one in said} == found


def test_a_file_without_a_moment_never_outweighs_a_person(stores: Stores) -> None:
    assert read('{"sms": true}', "c1", at=None, source="file")[0].said_at == LONG_AGO
    with stores.rows.unit() as uow:
        no = Said("c1", "marketing", "sms", False, NOON - timedelta(days=1), "phone")
        assert api.record(uow, OPERATOR, no, NOON)
        assert api.take(uow, [("c1", {"sms": True}, None)], source="file", now=NOON) == 1
        assert api.take(uow, [("c1", {"sms": True}, None)], source="file", now=NOON) == 0
        assert api.withdrawn(uow, "marketing", "sms") == {"c1"}
        assert api.withdrawn(uow, "marketing") == frozenset()


def test_consents_only_grow(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        api.take(uow, [("c1", True, NOON)], source="file", now=NOON)
    for statement in ("update consents set granted = false", "delete from consents", "truncate consents"):
        with pytest.raises(sa.exc.DBAPIError, match="only grow"), stores.rows.unit() as uow:
            uow.conn.execute(sa.text(statement))


def test_a_grant_needs_its_proof_and_nobody_speaks_in_the_future(stores: Stores) -> None:
    for said, code in (
        (Said("c1", "marketing", "any", True, NOON, "phone"), "no_proof"),
        (Said("c1", "marketing", "any", False, NOON + timedelta(hours=1), "phone"), "said_later"),
    ):
        with pytest.raises(ShopError) as refused, stores.rows.unit() as uow:
            api.record(uow, OPERATOR, said, NOON)
        assert refused.value.code == code


def test_the_routes_say_what_is_allowed_and_viewers_write_nothing(stores: Stores) -> None:
    door = open_door(stores)
    operator, viewer = door.signed_in("lin", Role.OPERATOR), door.signed_in("mei", Role.VIEWER)
    body = {"person_id": "c1", "purpose": "marketing", "granted": False, "shown": "on the phone"}
    assert viewer.post("/v1/consents", json=body).status_code == 403
    made = operator.post("/v1/consents", json=body)
    assert made.status_code == 201, made.text
    standings = viewer.get("/v1/consents", params={"id": "c1"}).json()["standings"]
    assert len(standings) == len(PURPOSES) * len(CHANNELS)
    assert [one for one in standings if not one["allowed"]] == [
        one for one in standings if one["purpose"] == "marketing"
    ]
    counts = viewer.get("/v1/consents/counts").json()
    assert counts == [{"purpose": "marketing", "channel": "any", "granted": False, "people": 1}]
    assert json.dumps(counts)
    assert datetime.fromisoformat(made.json()["rows"][0]["said_at"]).tzinfo == UTC
