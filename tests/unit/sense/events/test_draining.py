"""From the inbox to the lake: each event once, whatever ends in between."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from tests.factories.events import Sender, open_sender

from shengeng.govern.consent import api as consent
from shengeng.govern.privacy.contracts import Person
from shengeng.sense.arrivals import api as arrivals
from shengeng.sense.events import api
from shengeng.sense.events.api import draining
from shengeng.sense.events.store import inbox, watch
from shengeng.sense.events.store import lake as facts
from shengeng.sense.identity import api as identity
from shengeng.storage.lake import Lake
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores


@pytest.fixture
def sender(stores: Stores) -> Sender:
    """A sender of a shop in China."""
    return open_sender(stores)


def test_the_same_message_counts_once_in_a_batch_in_two_and_weeks_later(sender: Sender) -> None:
    sender.send(
        {"event": "A", "messageId": "1"}, {"event": "A", "messageId": "1"}, {"event": "A", "messageId": "2"}
    )
    sender.send({"event": "A", "messageId": "2"})
    assert sender.drain() == 2
    sender.door.wall.wait(days=30)
    sender.send({"event": "A", "messageId": "1"})
    assert sender.drain() == 0
    assert [row["event_id"] for row in sender.rows()] == ["1", "2"]


def test_the_first_of_equal_messages_is_the_one_that_counts(sender: Sender) -> None:
    sender.send({"event": "first", "messageId": "1"}, {"event": "second", "messageId": "1"})
    sender.drain()
    assert [row["name"] for row in sender.rows()] == ["first"]


def test_a_message_is_remembered_for_a_month_and_then_forgotten(sender: Sender) -> None:
    sender.send({"event": "A", "messageId": "1"})
    sender.drain()
    assert api.forget(sender.door.stores, sender.now + timedelta(days=31)) == (0, 0)
    assert api.forget(sender.door.stores, sender.now + timedelta(days=33)) == (1, 0)


STEPS = [
    (inbox, "keep_new"),
    (watch, "note"),
    (facts, "put"),
    (facts, "merge"),
    (identity, "observe"),
    (arrivals, "note"),
    (Lake, "append"),
]


@pytest.mark.parametrize(("place", "step"), STEPS, ids=lambda one: str(getattr(one, "__name__", one)))
@pytest.mark.parametrize("after", [False, True])
def test_a_crash_between_any_two_steps_loses_and_doubles_nothing(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, place: Any, step: str, after: bool
) -> None:
    sender.send({"event": "A", "userId": "u1", "messageId": "1"}, {"event": "B", "messageId": "2"})
    done = getattr(place, step)

    def breaks(*args: Any, **named: Any) -> Any:
        if after:
            done(*args, **named)
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(place, step, breaks)
        with pytest.raises(KeyboardInterrupt):
            sender.drain()
    assert sender.rows() == []
    assert sender.drain() == 2
    assert [row["event_id"] for row in sender.rows()] == ["1", "2"]
    assert sender.drain() == 0


def test_more_than_a_chunk_waits_and_everything_arrives(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draining, "CHUNK", 5)
    for start in range(0, 30, 3):
        sender.send(*({"event": "A", "messageId": f"{start + n:02d}"} for n in range(3)))
    assert sender.drain() == 30
    assert len(sender.rows()) == 30


def test_somebody_elses_drain_is_left_alone(sender: Sender) -> None:
    sender.send({"event": "A"})
    stores = sender.door.stores
    with stores.rows.unit() as uow:
        assert uow.try_lock("sense.events.drain")
        assert sender.drain() == 0
    assert sender.drain() == 1


def test_a_device_that_logs_in_brings_its_history_along(sender: Sender) -> None:
    sender.send({"event": "A", "anonymousId": "phone", "messageId": "1"})
    sender.drain()
    assert [row["person_id"] for row in sender.rows()] == ["anon:phone"]
    sender.send({"event": "B", "anonymousId": "phone", "userId": "u1", "messageId": "2"})
    sender.drain()
    assert [row["person_id"] for row in sender.rows()] == ["u1", "u1"]


def test_an_alias_joins_its_old_id(sender: Sender) -> None:
    sender.send({"event": "A", "anonymousId": "old", "messageId": "1"})
    assert sender.post("alias", {"userId": "u1", "previousId": "old"}).status_code == 200
    sender.drain()
    assert {row["person_id"] for row in sender.rows()} == {"u1"}


def test_what_a_person_allows_is_written_down_with_who_said_it(sender: Sender) -> None:
    sender.post("identify", {"userId": "u1", "traits": {"consent": {"marketing": False}}})
    sender.post("identify", {"anonymousId": "d1", "traits": {"consent": {"sms": "yes"}}})
    sender.drain()
    with sender.door.stores.rows.unit() as uow:
        assert consent.withdrawn(uow, "marketing") == {"u1"}
        [one] = consent.of(uow, ["anon:d1"])
    assert (one.said.channel, one.said.granted) == ("sms", True)
    assert one.said.source == sender.rows()[0]["source"]


def test_two_logins_with_one_phone_are_one_person_and_the_phone_is_nowhere(sender: Sender) -> None:
    for user, phone in (("u1", "139 1234 5678"), ("u2", "+86 13912345678")):
        assert (
            sender.post("identify", {"userId": user, "traits": {"phone": phone, "email": "x"}}).status_code
            == 200
        )
    with sender.door.stores.rows.unit() as uow:
        kept = b"".join(mail.body for mail in inbox.waiting(uow))
    assert b"1234" not in kept
    sender.drain()
    first, second = sender.rows()
    assert first["person_id"] == second["person_id"]
    traits = json.loads(first["properties"])
    assert set(traits) == {"phone_hash"}
    assert traits == json.loads(second["properties"])


def test_a_phone_hashed_by_the_sender_is_the_same_phone(sender: Sender) -> None:
    digest = identity.phone_hash("13912345678")
    sender.post("identify", {"userId": "u1", "traits": {"phone": "13912345678"}})
    sender.post("identify", {"userId": "u2", "traits": {"phone_hash": digest}})
    sender.drain()
    assert len({row["person_id"] for row in sender.rows()}) == 1
    assert "13912345678" not in str(sender.rows())


def test_who_has_new_events_is_noted_as_arrived(sender: Sender) -> None:
    stores = sender.door.stores
    with stores.rows.unit() as uow:
        cursor = arrivals.newest(uow)
    sender.send({"event": "A", "anonymousId": "d7"}, {"event": "A", "userId": "u7", "anonymousId": None})
    sender.drain()
    with stores.rows.unit() as uow:
        assert {"anon:d7", "u7"} <= arrivals.since(uow, cursor).people


def test_small_files_become_few_and_the_night_sorts_a_month_by_person(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts, "WIDE", 3)
    for n in range(20):
        sender.send({"event": "A", "messageId": f"{n:02d}", "anonymousId": f"d{n % 4}"})
        sender.drain()
    stores = sender.door.stores

    def files() -> int:
        with stores.rows.unit() as uow:
            return next(found.files for found in stores.lake.stats(uow) if found.dataset == "events")

    before = sender.rows()
    assert len(before) == 20
    assert files() <= 3 * 3
    assert api.compact(stores, Silent()) == 1
    assert files() == 1
    assert sender.rows() == before
    stood = stores.lake.table("events").to_pyarrow().to_pylist()
    assert [row["anonymous_id"] for row in stood] == sorted(row["anonymous_id"] for row in stood)
    sender.send({"event": "A", "messageId": "later"})
    sender.drain()
    assert len(sender.rows()) == 21


def test_a_person_gets_their_events_and_is_forgotten_everywhere(sender: Sender) -> None:
    sender.send(
        {"event": "A", "userId": "u1", "anonymousId": "d1"},
        {"event": "B", "userId": "u2", "anonymousId": "d2"},
    )
    sender.drain()
    sender.send({"event": "C", "anonymousId": "d1"}, {"event": "D", "anonymousId": "d2"})
    sender.post("track", {"userId": "u1"})
    person = Person("u1", frozenset({"u1"}), frozenset({"d1"}))
    stores = sender.door.stores
    with stores.rows.unit() as uow:
        held = api.export_person(stores, uow, person)
    assert [row["name"] for row in held["events"]] == ["A"]
    assert [row["event"] for row in held["event_inbox"]] == ["C"]
    with stores.rows.unit() as uow:
        gone = api.erase_person(stores, uow, person)
    assert gone == {"events": 1, "event_inbox": 1, "event_refusals": 1}
    sender.drain()
    assert sorted(row["name"] for row in sender.rows()) == ["B", "D"]
    with stores.rows.unit() as uow:
        assert api.erase_person(stores, uow, person) == {"events": 0, "event_inbox": 0, "event_refusals": 0}
