"""The sandbox as the console sees it: its switches and its statement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shengeng.govern.audit import api as audit
from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.stores import Stores
from shengeng.trade.payments.api.adapters.sandbox import NAME, Sandbox
from shengeng.trade.payments.api.setting_up import adapter
from shengeng.trade.payments.contracts import Send
from shengeng.trade.payments.contracts.refusals import NO_SANDBOX, PROVIDER_OFF


def sandbox_faults(stores: Stores, now: datetime, *, send: Send | None = None) -> dict[str, Any]:
    """The faults that the sandbox plays. Unavailable when its process is away."""
    return _sandbox(stores, send).faults(now)


def switch_sandbox(
    stores: Stores, by: Principal, now: datetime, faults: Mapping[str, Any], *, send: Send | None = None
) -> dict[str, Any]:
    """Let the sandbox misbehave (operator), to see what the shop does then."""
    require(by, Role.OPERATOR)
    found = _sandbox(stores, send).faults(now, faults)
    with stores.rows.unit() as uow:
        audit.record(uow, at=now, actor=by.name, action="payments.sandbox_faults", detail=dict(found))
    return found


def sandbox_statement(stores: Stores, now: datetime, *, send: Send | None = None) -> list[dict[str, Any]]:
    """Every movement of money that the sandbox says it made, for `reconcile`."""
    return _sandbox(stores, send).statement(now)


def _sandbox(stores: Stores, send: Send | None) -> Sandbox:
    with stores.rows.unit() as uow:
        try:
            found = adapter(uow, NAME, send=send)
        except ShopError as refused:
            raise NO_SANDBOX.error() if refused.code == PROVIDER_OFF.code else refused from refused
    assert isinstance(found, Sandbox)
    return found
