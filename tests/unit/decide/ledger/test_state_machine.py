"""The state machine as a model, walked at random over a real PostgreSQL, beside what direct SQL can do."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.factories.decisions import DAY, NOW, OPERATOR, Shelf, propose, slate

from shengeng.decide.ledger import api as ledger
from shengeng.decide.ledger.contracts import MOVES, STATES, State
from shengeng.kernel.errors import ShopError
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores

SUBJECTS = ("a", "b", "c")
subjects = st.sampled_from(SUBJECTS)
_RUNS = itertools.count()


class Ledger(RuleBasedStateMachine):
    """What every decision should be, step by step."""

    stores: Stores

    @initialize()
    def begin(self) -> None:
        self.play = Shelf(key=f"shelf{next(_RUNS)}")
        with self.stores.rows.unit() as uow:
            propose(uow, slate(SUBJECTS), self.play)
            rows, _ = ledger.list_decisions(uow, play=self.play.key)
        self.ids = {row.subject: row.id for row in rows}
        self.state: dict[str, State] = dict.fromkeys(SUBJECTS, "proposed")
        self.version = dict.fromkeys(SUBJECTS, 1)

    def step(self, subject: str, allowed: bool, to: State, act: Callable[[UnitOfWork], object]) -> None:
        """Take a step; it succeeds when the model says so, else it is refused and nothing changes."""
        if not allowed:
            with pytest.raises(ShopError) as refused, self.stores.rows.unit() as uow:
                act(uow)
            assert refused.value.kind == "refused"
            return
        with self.stores.rows.unit() as uow:
            act(uow)
        self.state[subject], self.version[subject] = to, self.version[subject] + 1

    def judge(self, subject: str, verdict: ledger.Verdict) -> Callable[[UnitOfWork], object]:
        version = self.version[subject]
        return lambda uow: ledger.judge(
            uow, OPERATOR, self.ids[subject], verdict, version=version, why=None, now=NOW
        )

    @rule(subject=subjects)
    def approve(self, subject: str) -> None:
        self.step(subject, self.state[subject] == "proposed", "approved", self.judge(subject, "approve"))

    @rule(subject=subjects)
    def reject(self, subject: str) -> None:
        self.step(subject, self.state[subject] == "proposed", "rejected", self.judge(subject, "reject"))

    @rule(subject=subjects)
    def take_back(self, subject: str) -> None:
        judged = self.state[subject] in ("approved", "rejected")
        self.step(subject, judged, "proposed", self.judge(subject, "undo"))

    @rule(subject=subjects, units=st.integers(0, 1000))
    def edit(self, subject: str, units: int) -> None:
        version = self.version[subject]
        self.step(
            subject,
            self.state[subject] == "proposed",
            "proposed",
            lambda uow: ledger.edit(
                uow,
                self.stores.lake,
                self.play,
                OPERATOR,
                self.ids[subject],
                action={"units": units},
                version=version,
                why=None,
                now=NOW,
            ),
        )

    @rule(limit=st.integers(1, 3))
    def claim(self, limit: int) -> None:
        with self.stores.rows.unit() as uow:
            taken = ledger.claim(uow, [self.play.key], limit, actor="act", now=NOW)
        approved = [s for s in SUBJECTS if self.state[s] == "approved"]
        assert len(taken) == min(limit, len(approved))
        for decision in taken:
            assert decision.row.subject in approved
            self.state[decision.row.subject] = "executing"
            self.version[decision.row.subject] += 1

    @rule(subject=subjects)
    def complete(self, subject: str) -> None:
        key = self.ids[subject]
        self.step(
            subject,
            self.state[subject] == "executing",
            "executed",
            lambda uow: ledger.complete(uow, key, actor="act", now=NOW),
        )

    @rule(subject=subjects)
    def fail(self, subject: str) -> None:
        key = self.ids[subject]
        self.step(
            subject,
            self.state[subject] == "executing",
            "failed",
            lambda uow: ledger.fail(uow, key, "no stock", actor="act", now=NOW),
        )

    @rule(subject=subjects)
    def cancel(self, subject: str) -> None:
        key = self.ids[subject]
        allowed = self.state[subject] in ("approved", "executing")
        self.step(
            subject,
            allowed,
            "cancelled",
            lambda uow: ledger.cancel(uow, key, "called off", actor="x", now=NOW),
        )

    @rule()
    def expire(self) -> None:
        with self.stores.rows.unit() as uow:
            ledger.expire(uow, DAY.replace(day=30), NOW)
        for subject in SUBJECTS:
            if self.state[subject] in ("proposed", "approved"):
                self.state[subject], self.version[subject] = "expired", self.version[subject] + 1

    @rule(subject=subjects, to=st.sampled_from(STATES), recorded=st.booleans())
    def tamper(self, subject: str, to: State, recorded: bool) -> None:
        """Direct SQL: only a listed step together with its transition row can be committed."""
        before, version = self.state[subject], self.version[subject]
        edits = (before, to) == ("proposed", "proposed")
        if recorded and (edits or to in MOVES[before]):
            with self.stores.rows.unit() as uow:
                _force(uow, self.ids[subject], before, to, version + 1, recorded=True)
            self.state[subject], self.version[subject] = to, version + 1
        else:
            with pytest.raises(sa.exc.IntegrityError), self.stores.rows.unit() as uow:
                _force(uow, self.ids[subject], before, to, version + 1, recorded=recorded)

    @invariant()
    def the_ledger_agrees(self) -> None:
        if not hasattr(self, "ids"):
            return
        with self.stores.rows.unit() as uow:
            rows, _ = ledger.list_decisions(uow, play=self.play.key)
            assert {row.subject: row.state for row in rows} == self.state
            assert {row.subject: row.version for row in rows} == self.version
            for row in rows:
                steps = ledger.decision(uow, row.id).transitions
                assert len(steps) == row.version
                assert steps[-1].after == row.state
                assert all(a.after == b.before for a, b in itertools.pairwise(steps))


def _force(uow: UnitOfWork, key: UUID, before: State, to: State, version: int, *, recorded: bool) -> None:
    if recorded:
        row = {"id": key, "version": version, "before": before, "after": to}
        uow.conn.execute(
            sa.text(
                "insert into decision_transitions (decision_id, version, at, actor, before, after)"
                " values (:id, :version, now(), 'sql', :before, :after)"
            ),
            row,
        )
    uow.conn.execute(
        sa.text("update decisions set state = :to, version = :version where id = :id"),
        {"to": to, "version": version, "id": key},
    )


def test_no_walk_through_the_ledger_takes_an_illegal_step(stores: Stores) -> None:
    machine = type("Walk", (Ledger,), {"stores": stores})
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=10, stateful_step_count=20, suppress_health_check=list(HealthCheck)),
    )


@pytest.mark.parametrize(
    "statement",
    [
        "delete from decisions",
        "truncate decisions cascade",
        "delete from decision_transitions",
        "update decision_transitions set actor = 'somebody else'",
        "truncate decision_transitions",
        "delete from decision_groups",
        "delete from decision_slates",
        "delete from decision_settlements",
        "update decision_settlements set gain_observed_minor = 1",
        "update decisions set subject = 'z', version = version + 1",
        "update decisions set evidence = '{}', version = version + 1",
        "update decisions set version = version + 2",
        "update decisions set state = 'approved', action = '{}', version = version + 1",
        "insert into decisions select gen_random_uuid(), group_id, play, team, 'new', customer_id,"
        " product_id, title, window_start, window_end, action, default_action, cost_minor, gain_low_minor,"
        " gain_mid_minor, gain_high_minor, forecast_low, forecast_mid, forecast_high, evidence,"
        " propensity, holdout,"
        " 'approved', 1, created_at, updated_at from decisions",
    ],
)
def test_direct_sql_cannot_rewrite_history(stores: Stores, statement: str) -> None:
    with stores.rows.unit() as uow:
        propose(uow, slate(["a"]))
        one = ledger.list_decisions(uow)[0][0]
        ledger.judge(uow, OPERATOR, one.id, "reject", version=1, why=None, now=NOW)
        ledger.judge(uow, OPERATOR, one.id, "undo", version=2, why=None, now=NOW)
    with pytest.raises(sa.exc.IntegrityError), stores.rows.unit() as uow:
        uow.conn.execute(sa.text(statement))
    with stores.rows.unit() as uow:
        assert ledger.decision(uow, one.id).row.version == 3
