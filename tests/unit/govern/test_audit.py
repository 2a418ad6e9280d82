"""The audit log keeps what happened."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from tests.factories.door import NOON, Door

from shengeng.govern.audit import api
from shengeng.kernel.roles import Role
from shengeng.storage.stores import Stores


@pytest.mark.parametrize(
    "statement",
    [
        "update audit set actor = 'somebody else'",
        "delete from audit",
        "truncate audit",
        "delete from audit where id = -1",
    ],
)
def test_the_database_itself_refuses_to_change_the_log(stores: Stores, statement: str) -> None:
    with stores.rows.unit() as uow:
        api.record(uow, at=NOON, actor="mei", action="operator.created", target="li")
    with pytest.raises(sa.exc.ProgrammingError, match="append-only"), stores.rows.unit() as uow:
        uow.conn.execute(sa.text(statement))
    with stores.rows.unit() as uow:
        assert [row.actor for row in api.newest(uow).rows] == ["mei"]


def test_a_row_disappears_with_the_act_that_failed(stores: Stores) -> None:

    def fail_after_recording() -> None:
        with stores.rows.unit() as uow:
            api.record(uow, at=NOON, actor="mei", action="operator.created")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_recording()
    with stores.rows.unit() as uow:
        assert api.newest(uow).rows == ()


def test_pages_are_newest_first_and_leave_nothing_out(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        for number in range(7):
            api.record(uow, at=NOON, actor="mei", action="a.b", target=str(number))
        seen, before = [], None
        while True:
            page = api.newest(uow, before=before, limit=3)
            seen += [row.target for row in page.rows]
            before = page.before
            if before is None:
                break
    assert seen == ["6", "5", "4", "3", "2", "1", "0"]


def test_an_action_is_found_by_its_family(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        for action in (
            "operator.created",
            "operator.changed",
            "operators.x",
            "token.created",
            "a_b.c",
            "axb.c",
        ):
            api.record(uow, at=NOON, actor="mei", action=action)
        assert {row.action for row in api.newest(uow, action="operator").rows} == {
            "operator.created",
            "operator.changed",
        }
        assert [row.action for row in api.newest(uow, action="token.created").rows] == ["token.created"]
        assert [row.action for row in api.newest(uow, action="a_b").rows] == ["a_b.c"]
        assert api.newest(uow, actor="nobody").rows == ()


def test_what_govern_does_is_recorded_with_who_and_what(door: Door) -> None:
    admin = door.signed_in("root", Role.ADMIN)
    admin.post("/v1/operators", json={"name": "li", "role": "viewer", "teams": ["growth"]})
    admin.patch("/v1/operators/li", json={"role": "operator", "teams": ["supply"]})
    admin.patch("/v1/operators/li", json={"role": "operator"})  # nothing new: nothing recorded
    admin.post("/v1/operators/li/password")
    token = admin.post("/v1/tokens", json={"name": "bot", "role": "viewer", "days": 3}).json()["token"]["id"]
    admin.delete(f"/v1/tokens/{token}")
    admin.post("/v1/teams", json={"key": "north", "name_zh": "北区", "name_en": "North"})
    admin.delete("/v1/session")
    with door.stores.rows.unit() as uow:
        rows = api.newest(uow).rows
    acts = [(row.actor, row.action, row.target) for row in reversed(rows)]
    assert acts == [
        ("shell", "operator.created", "root"),
        ("root", "session.opened", "root"),
        ("root", "operator.created", "li"),
        ("root", "operator.changed", "li"),
        ("root", "password.reset", "li"),
        ("root", "token.created", token),
        ("root", "token.revoked", token),
        ("root", "team.created", "north"),
        ("root", "session.closed", "root"),
    ]
    changed = next(row for row in rows if row.action == "operator.changed")
    assert changed.detail == {
        "role": {"from": "viewer", "to": "operator"},
        "teams": {"from": ["growth"], "to": ["supply"]},
    }
    assert changed.at == door.wall.now


def test_the_log_is_paged_over_http_by_a_cursor(door: Door) -> None:
    approver = door.signed_in("an", Role.APPROVER)
    with door.stores.rows.unit() as uow:
        for number in range(5):
            api.record(uow, at=NOON, actor="mei", action="a.b", target=str(number), detail={"n": number})
    first = approver.get("/v1/audit", params={"actor": "mei", "limit": 3}).json()
    assert [row["target"] for row in first["rows"]] == ["4", "3", "2"]
    rest = approver.get("/v1/audit", params={"actor": "mei", "limit": 3, "cursor": first["next"]}).json()
    assert [row["detail"] for row in rest["rows"]] == [{"n": 1}, {"n": 0}]
    assert rest["next"] is None


def test_a_cursor_that_is_not_ours_is_refused(door: Door) -> None:
    client = door.signed_in("an", Role.APPROVER)
    for cursor in ("x", "!!!", "WyJhIl0", "W10", "bnVsbA", "WzFd" * 400, "W05hTl0", "WzEsMl0"):
        answer = client.get("/v1/audit", params={"cursor": cursor})
        assert answer.status_code == 422, cursor
        assert answer.json()["error"]["code"] in ("bad_cursor", "bad_field")
