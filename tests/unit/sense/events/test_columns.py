"""Letters as columns: when it happened by whose clock, in which local day, under which names."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shengeng.sense.events.contracts import Mail
from shengeng.sense.events.methods.columns import Terms, columns
from shengeng.sense.events.methods.words import GA4, OURS, SEGMENT, in_our_words

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CHINA = Terms("Asia/Shanghai", "CNY", 2)


def mail(
    *events: dict[str, Any], received: datetime = NOON, sent: datetime | None = None, **more: Any
) -> Mail:
    made = [{"type": "track", "event": "A", "anonymousId": "d1", **event} for event in events]
    context = json.dumps(more["context"]).encode() if "context" in more else None
    return Mail(1, "web", received, sent, context, json.dumps(made).encode())


def rows(*mails: Mail, terms: Terms = CHINA) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = columns(mails, terms).to_pylist()
    return found


def row(event: dict[str, Any], terms: Terms = CHINA, **more: Any) -> dict[str, Any]:
    return rows(mail(event, **more), terms=terms)[0]


def test_without_a_time_an_event_happened_when_it_was_received() -> None:
    assert row({})["occurred_at"] == NOON


def test_a_clock_that_is_wrong_is_set_right_by_when_it_says_it_sent() -> None:
    """Segment: timestamp = receivedAt - (sentAt - originalTimestamp)."""
    ahead = timedelta(hours=5)
    stamps = {
        "timestamp": (NOON + ahead - timedelta(minutes=10)).isoformat(),
        "sentAt": (NOON + ahead).isoformat(),
    }
    assert row(stamps)["occurred_at"] == NOON - timedelta(minutes=10)
    assert row({"timestamp": stamps["timestamp"]}, sent=NOON + ahead)["occurred_at"] == NOON - timedelta(
        minutes=10
    )


def test_the_original_time_wins_over_the_time_and_the_event_over_its_batch() -> None:
    event = {
        "timestamp": "2026-03-01T00:00:00Z",
        "originalTimestamp": "2026-03-02T11:00:00Z",
        "sentAt": "2026-03-02T12:00:00Z",
    }
    assert row(event, sent=NOON + timedelta(days=9))["occurred_at"] == NOON - timedelta(hours=1)


def test_nothing_happens_after_it_was_received() -> None:
    assert row({"timestamp": "2026-12-31T00:00:00Z"})["occurred_at"] == NOON


def test_an_event_that_was_kept_on_a_phone_lands_in_its_own_day() -> None:
    late = row({"timestamp": "2026-02-27T17:30:00Z"}, sent=NOON)
    assert late["local_date"] == date(2026, 2, 28)
    assert late["local_at"] == datetime.fromisoformat("2026-02-28T01:30")


def test_a_time_without_a_zone_is_utc() -> None:
    assert row({"timestamp": "2026-03-02T08:00:00"})["occurred_at"] == datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "moment", ["2026-03-08T06:59:59Z", "2026-03-08T07:00:00Z", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"]
)
def test_days_on_which_clocks_change_are_those_of_the_zone(moment: str) -> None:
    terms = Terms("America/New_York", "USD", 2)
    found = row({"timestamp": moment}, terms, received=datetime(2026, 12, 1, tzinfo=UTC))
    local = datetime.fromisoformat(moment).astimezone(ZoneInfo("America/New_York")).replace(tzinfo=None)
    assert (found["local_at"], found["local_date"]) == (local, local.date())


@given(
    st.integers(0, 26 * 365 * 86_400).map(lambda s: datetime(2000, 1, 2, tzinfo=UTC) + timedelta(seconds=s)),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
)
def test_local_time_is_always_that_of_the_zone(moment: datetime, zone: str) -> None:
    found = row({"timestamp": moment.isoformat()}, Terms(zone, "CNY", 2))
    assert found["local_at"] == moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def test_every_ga4_name_becomes_segments_and_the_original_is_kept() -> None:
    assert set(GA4.values()) <= set(SEGMENT)
    assert not set(OURS) & set(SEGMENT)
    given_ = {
        "items": [{"item_id": "p1", "item_name": "茶", "quantity": 2}],
        "search_term": "茶",
        "value": 12.5,
    }
    for name, ours in GA4.items():
        found = row({"event": name, "properties": given_})
        assert found["name"] == ours
        assert (found["product_id"], found["quantity"], found["value_minor"]) == ("p1", 2.0, 1250)
        assert json.loads(found["context"])["ga4"] == {"name": name, "parameters": given_}
        products = json.loads(found["properties"])["products"]
        assert products == [{"product_id": "p1", "name": "茶", "quantity": 2}]


def test_other_names_and_their_properties_stay_as_they_are() -> None:
    found = row({"event": "Live Entered", "properties": {"items": [1], "room_id": "r1"}})
    assert found["name"] == "Live Entered"
    assert json.loads(found["properties"]) == {"items": [1], "room_id": "r1"}
    assert found["room_id"] == "r1"


def test_a_name_that_is_there_already_wins_over_a_renamed_one() -> None:
    assert in_our_words({"search_term": "a", "query": "b"}) == {"query": "b"}


def test_several_products_stay_in_the_properties() -> None:
    found = row({"properties": {"products": [{"product_id": "a"}, {"product_id": "b"}]}})
    assert found["product_id"] is None


@pytest.mark.parametrize(
    ("properties", "minor"),
    [
        ({"value": 12.345}, 1234),
        ({"value": "12.5"}, 1250),
        ({"total": 3}, 300),
        ({"value": 5, "currency": "cny"}, 500),
        ({"value": 5, "currency": "USD"}, None),
        ({"value": True}, None),
        ({"value": "1e400"}, None),
        ({"value": 1e13}, None),
        ({}, None),
    ],
)
def test_value_is_in_the_shops_money_or_absent(properties: dict[str, Any], minor: int | None) -> None:
    assert row({"properties": properties})["value_minor"] == minor


def test_a_batchs_context_is_that_of_events_without_their_own() -> None:
    found = rows(mail({}, {"context": {"b": 2}}, context={"a": 1}))
    assert [json.loads(each["context"]) for each in found] == [{"a": 1}, {"b": 2}]


def test_calls_without_a_name_are_called_after_what_they_are() -> None:
    kinds = ("page", "screen", "identify", "group", "alias")
    made = [{"type": kind, "event": None, "userId": 7, "groupId": "g", "previousId": "p"} for kind in kinds]
    found = rows(mail(*made))
    assert [each["name"] for each in found] == [
        "Page Viewed",
        "Screen Viewed",
        "Identified",
        "Grouped",
        "Aliased",
    ]
    assert {each["customer_id"] for each in found} == {"7"}
    assert json.loads(found[3]["properties"])["group_id"] == "g"


def test_events_without_a_message_id_have_one_that_stays() -> None:
    once, again = rows(mail({}, {})), rows(mail({}, {}))
    assert (
        [each["event_id"] for each in once]
        == ["inbox-1-0", "inbox-1-1"]
        == [each["event_id"] for each in again]
    )
