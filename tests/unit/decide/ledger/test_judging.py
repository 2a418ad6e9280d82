"""Approving, rejecting, taking back: by group and by decision, within budget and role."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from tests.factories.decisions import ADMIN, APPROVER, DAY, NOW, OPERATOR, Shelf, propose, slate

from shengeng.decide.ledger import api as ledger
from shengeng.decide.ledger.contracts import DecisionRow, Group
from shengeng.govern.audit import api as audit
from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import Principal, Role
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores


def only_group(uow: UnitOfWork) -> Group:
    groups, total = ledger.list_groups(uow)
    assert total == 1
    return groups[0]


def first(uow: UnitOfWork) -> DecisionRow:
    return ledger.list_decisions(uow, limit=1)[0][0]


def approve(uow: UnitOfWork, group: Group, who: Principal = OPERATOR) -> Group:
    return ledger.judge_group(uow, who, group.id, "approve", version_sum=group.version_sum, why=None, now=NOW)


def test_a_group_is_approved_whole_and_taken_back_whole(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        propose(uow, slate(["a", "b", "c"]))
        approved = approve(uow, only_group(uow))
        assert (approved.state, approved.state_counts) == ("approved", {"approved": 3})
        back = ledger.judge_group(
            uow, OPERATOR, approved.id, "undo", version_sum=None, why="too early", now=NOW
        )
    assert back.state == "proposed"


def test_taking_back_a_group_leaves_earlier_verdicts_alone(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        propose(uow, slate(["a", "b", "c"]))
        one = first(uow)
        ledger.judge(uow, OPERATOR, one.id, "reject", version=1, why="not this one", now=NOW)
        later = NOW + timedelta(minutes=1)
        group = only_group(uow)
        ledger.judge_group(uow, OPERATOR, group.id, "approve", version_sum=None, why=None, now=later)
        back = ledger.judge_group(uow, OPERATOR, group.id, "undo", version_sum=None, why=None, now=later)
        assert back.state_counts == {"proposed": 2, "rejected": 1}
        again = ledger.judge_group(uow, OPERATOR, group.id, "undo", version_sum=None, why=None, now=later)
    assert again.state_counts == {"proposed": 3}


def test_every_step_of_a_decision_is_told_with_who_and_why(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        propose(uow, slate(["a"]))
        key = first(uow).id
        ledger.judge(uow, OPERATOR, key, "approve", version=1, why="fits the season", now=NOW)
        ledger.judge(uow, APPROVER, key, "undo", version=2, why=None, now=NOW)
        steps = ledger.decision(uow, key).transitions
    assert [(s.actor, s.before, s.after, s.why) for s in steps] == [
        ("cycle", None, "proposed", None),
        ("lin", "proposed", "approved", "fits the season"),
        ("zhao", "approved", "proposed", None),
    ]


def test_one_action_on_a_group_is_one_audit_record(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        propose(uow, slate(["a", "b", "c"]))
        approve(uow, only_group(uow))
        rows = audit.newest(uow, action="decisions.approve").rows
    assert [(row.actor, row.detail["decisions"]) for row in rows] == [("lin", 3)]


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        propose(uow, slate(["a", "b"]))
        group, one = only_group(uow), first(uow)
        ledger.judge(uow, OPERATOR, one.id, "reject", version=1, why=None, now=NOW)
        with pytest.raises(ShopError) as stale:
            approve(uow, group)
        assert (stale.value.kind, stale.value.code) == ("conflict", "stale_group")
        with pytest.raises(ShopError) as old:
            ledger.judge(uow, OPERATOR, one.id, "undo", version=1, why=None, now=NOW)
        assert (old.value.kind, old.value.code) == ("conflict", "stale_decision")


def test_a_viewer_judges_nothing_and_a_team_only_its_own(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        propose(uow, slate(["a"]))
        group = only_group(uow)
        with pytest.raises(ShopError) as viewer:
            approve(uow, group, Principal("guest", Role.VIEWER))
        assert viewer.value.kind == "forbidden"
        with pytest.raises(ShopError) as other:
            approve(uow, group, Principal("mei", Role.OPERATOR, ("growth",)))
        assert other.value.code == "not_your_team"
        assert approve(uow, group, Principal("mei", Role.OPERATOR, ("growth", "supply"))).state == "approved"


def test_a_verdict_twice_is_refused_with_what_is_possible(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        propose(uow, slate(["a"]))
        one = first(uow)
        ledger.judge(uow, OPERATOR, one.id, "reject", version=1, why=None, now=NOW)
        with pytest.raises(ShopError) as twice:
            ledger.judge(uow, OPERATOR, one.id, "approve", version=2, why=None, now=NOW)
        assert twice.value.code == "no_such_move"
        with pytest.raises(ShopError) as nothing:
            ledger.judge_group(uow, OPERATOR, one.group_id, "approve", version_sum=None, why=None, now=NOW)
    assert nothing.value.code == "nothing_to_move"


def test_ids_that_are_none_are_not_found(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        for ask in (
            lambda: ledger.decision(uow, uuid4()),
            lambda: ledger.group(uow, uuid4()),
            lambda: ledger.judge(uow, OPERATOR, uuid4(), "approve", version=1, why=None, now=NOW),
            lambda: ledger.judge_group(uow, OPERATOR, uuid4(), "reject", version_sum=None, why=None, now=NOW),
        ):
            with pytest.raises(ShopError) as gone:
                ask()
            assert gone.value.kind == "not_found"


def test_approving_past_the_budget_names_budget_used_and_asked(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        propose(uow, slate(["a", "b", "c"]))  # each costs 100
        ledger.change_rule(uow, APPROVER, "shelf", {"budget_minor": 250}, NOW)
        rows, _ = ledger.list_decisions(uow)
        for row in rows[:2]:
            ledger.judge(uow, OPERATOR, row.id, "approve", version=1, why=None, now=NOW)
        with pytest.raises(ShopError) as refused:
            ledger.judge(uow, ADMIN, rows[2].id, "approve", version=1, why=None, now=NOW)
    assert refused.value.code == "over_budget"
    figures = {key: refused.value.params[key] for key in ("budget_minor", "used_minor", "asked_minor")}
    assert figures == {"budget_minor": 250, "used_minor": 200, "asked_minor": 100}


def test_taking_an_approval_back_frees_its_budget_and_the_next_week_has_its_own(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        propose(uow, slate(["a"]))
        propose(uow, slate(["b"], day=DAY + timedelta(days=7)))
        ledger.change_rule(uow, APPROVER, "shelf", {"budget_minor": 100}, NOW)
        a, b = (ledger.list_decisions(uow, subject=s)[0][0] for s in ("a", "b"))
        ledger.judge(uow, OPERATOR, a.id, "approve", version=1, why=None, now=NOW)
        ledger.judge(uow, OPERATOR, b.id, "approve", version=1, why=None, now=NOW)
        ledger.judge(uow, OPERATOR, a.id, "undo", version=2, why=None, now=NOW)
        assert ledger.judge(uow, OPERATOR, a.id, "approve", version=3, why=None, now=NOW).state == "approved"


def test_two_approvals_that_race_never_pass_the_budget(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        propose(uow, slate([f"p{i}" for i in range(12)], groups=12))
        ledger.change_rule(uow, APPROVER, "shelf", {"budget_minor": 500}, NOW)
        groups, _ = ledger.list_groups(uow)
    outcomes: list[str] = []

    def judge(group: Group) -> None:
        try:
            with stores.rows.unit() as uow:
                approve(uow, group)
            outcomes.append("approved")
        except ShopError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=judge, args=(group,)) for group in groups]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["approved"] * 5 + ["over_budget"] * 7
    with stores.rows.unit() as uow:
        assert ledger.list_decisions(uow, state="approved", limit=1)[1] == 5


def test_a_cost_above_the_limit_needs_the_role(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        propose(uow, slate(["a", "b"]))
        ledger.change_rule(uow, APPROVER, "shelf", {"approve_limit_minor": 150}, NOW)
        group = only_group(uow)
        with pytest.raises(ShopError) as refused:
            approve(uow, group, OPERATOR)
        assert refused.value.code == "needs_role"
        one = first(uow)
        assert (
            ledger.judge(uow, OPERATOR, one.id, "approve", version=1, why=None, now=NOW).state == "approved"
        )
        rest = ledger.judge_group(uow, APPROVER, group.id, "approve", version_sum=None, why=None, now=NOW)
    assert rest.state == "approved"


def test_an_unknown_worth_cannot_be_approved(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        propose(uow, slate(["a"], known=False))
        with pytest.raises(ShopError) as refused:
            approve(uow, only_group(uow), ADMIN)
        assert refused.value.code == "worth_unknown"
        one = first(uow)
        assert one.gain is None
        assert ledger.judge(uow, OPERATOR, one.id, "reject", version=1, why=None, now=NOW).state == "rejected"


def test_a_play_that_is_switched_off_is_not_approved(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        propose(uow, slate(["a"]))
        ledger.change_rule(uow, APPROVER, "shelf", {"enabled": False}, NOW)
        with pytest.raises(ShopError) as refused:
            approve(uow, only_group(uow))
    assert refused.value.code == "play_off"


def test_a_window_that_is_over_lets_what_waits_expire_and_nothing_else(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        propose(uow, slate(["a", "b", "c"]))
        rows, _ = ledger.list_decisions(uow)
        ledger.judge(uow, OPERATOR, rows[0].id, "approve", version=1, why=None, now=NOW)
        ledger.judge(uow, OPERATOR, rows[1].id, "reject", version=1, why=None, now=NOW)
        assert ledger.expire(uow, DAY + timedelta(days=6), NOW) == 0
        assert ledger.expire(uow, DAY + timedelta(days=7), NOW) == 2
        assert ledger.expire(uow, DAY + timedelta(days=7), NOW) == 0
        assert only_group(uow).state_counts == {"expired": 2, "rejected": 1}


def test_assumed_gains_are_totalled_apart(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        propose(uow, slate(["a", "b"]))
        propose(uow, slate(["c"]), Shelf(key="hint", basis="assumed"))
        found = ledger.expected(uow, DAY + timedelta(days=1))
        assert (found.policy.mid, found.assumed.mid, found.measured.mid) == (2000, 1000, 0)
        assert (found.groups, found.decisions, found.cost_minor) == (2, 3, 300)
        one = ledger.list_decisions(uow, subject="a")[0][0]
        ledger.judge(uow, OPERATOR, one.id, "reject", version=1, why=None, now=NOW)
        left = ledger.expected(uow, DAY + timedelta(days=1))
        assert (left.policy.mid, left.decisions) == (1000, 2)
        assert ledger.expected(uow, DAY + timedelta(days=8)).decisions == 0
        assert ledger.expected(uow, DAY + timedelta(days=1), team="growth").decisions == 0
