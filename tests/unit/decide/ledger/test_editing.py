"""Changing an action recomputes its worth, and says what changed; hostile actions are refused."""

from __future__ import annotations

from typing import Any

import pytest
from tests.factories.decisions import APPROVER, DAY, NOW, OPERATOR, Shelf, propose, slate

from shengeng.decide.ledger import api as ledger
from shengeng.decide.ledger.contracts import DecisionRow
from shengeng.govern.audit import api as audit
from shengeng.kernel.errors import ShopError
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores


def edit(stores: Stores, uow: UnitOfWork, row: DecisionRow, action: dict[str, Any]) -> DecisionRow:
    return ledger.edit(
        uow,
        stores.lake,
        Shelf(),
        OPERATOR,
        row.id,
        action=action,
        version=row.version,
        why="shelf is small",
        now=NOW,
    )


def test_other_units_are_worth_something_else_and_the_sums_follow(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        propose(uow, slate(["a", "b"]))
        row = ledger.list_decisions(uow, subject="a")[0][0]
        edited = edit(stores, uow, row, {"units": 3})
        group = ledger.list_groups(uow)[0][0]
        day = ledger.slates_of(uow, day=DAY)[0]
    assert edited.gain is not None
    assert (edited.gain.mid, edited.cost_minor, edited.version) == (300, 30, 2)
    assert (group.gain.mid, group.cost_minor) == (1300, 130)
    assert (day.gain.mid, day.forecast.mid) == (1300, 13)
    assert group.gain.low <= group.gain.mid <= group.gain.high


def test_an_edit_is_a_step_that_shows_the_difference(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        propose(uow, slate(["a"]))
        row = ledger.list_decisions(uow)[0][0]
        edit(stores, uow, row, {"units": 3})
        step = ledger.decision(uow, row.id).transitions[-1]
        record = audit.newest(uow, action="decision.edit").rows[0]
    assert (step.actor, step.before, step.after, step.why) == (
        "lin",
        "proposed",
        "proposed",
        "shelf is small",
    )
    assert step.diff is not None
    assert step.diff["action"] == [{"units": 10}, {"units": 3}]
    assert step.diff["cost_minor"] == [100, 30]
    assert record.detail["action"] == [{"units": 10}, {"units": 3}]


@pytest.mark.parametrize(
    "action",
    [
        {"units": -1},
        {"units": float("nan")},
        {"units": 1e308},
        {"units": 10**30},
        {"units": "7; drop table decisions"},
        {"units": True},
        {"units": None},
        {"units": 7, "free": True},
        {},
    ],
)
def test_a_hostile_action_is_refused_and_changes_nothing(stores: Stores, action: dict[str, Any]) -> None:
    with stores.rows.unit() as uow:
        propose(uow, slate(["a"]))
        row = ledger.list_decisions(uow)[0][0]
        with pytest.raises(ShopError) as refused:
            edit(stores, uow, row, action)
        assert refused.value.kind == "invalid"
        assert ledger.decision(uow, row.id).row == row


def test_what_is_approved_is_taken_back_before_it_is_edited(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        propose(uow, slate(["a"]))
        row = ledger.list_decisions(uow)[0][0]
        approved = ledger.judge(uow, OPERATOR, row.id, "approve", version=1, why=None, now=NOW)
        with pytest.raises(ShopError) as refused:
            edit(stores, uow, approved, {"units": 3})
    assert refused.value.code == "no_such_move"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"budget_minor": -1}, "bad_rule"),
        ({"budget_minor": 10**30}, "bad_rule"),
        ({"budget_minor": float("nan")}, "bad_rule"),
        ({"approve_limit_minor": True}, "bad_rule"),
        ({"approve_role": "viewer"}, "bad_rule"),
        ({"enabled": None}, "bad_rule"),
        ({"play": "other"}, "bad_rule"),
        ({"team": "nobody"}, "no_team"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(stores: Stores, change: dict[str, Any], code: str) -> None:
    with stores.rows.unit() as uow:
        propose(uow, slate(["a"]))
        before = ledger.rule_of(uow, "shelf")
        with pytest.raises(ShopError) as refused:
            ledger.change_rule(uow, APPROVER, "shelf", change, NOW)
        assert refused.value.code == code
        assert ledger.rule_of(uow, "shelf") == before
        with pytest.raises(ShopError) as unknown:
            ledger.change_rule(uow, APPROVER, "no_such_play", {"budget_minor": 1}, NOW)
    assert unknown.value.kind == "not_found"
