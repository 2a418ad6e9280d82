"""What the commands do with an open shop: import, logins, health; and how their results read."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from shengeng.decide.recommend.contracts import RANK_TASK
from shengeng.govern.access import api as access
from shengeng.govern.shop import api as shop
from shengeng.kernel.clock import wall_now
from shengeng.kernel.errors import Refusal
from shengeng.kernel.roles import SHELL, Role
from shengeng.kernel.settings import Settings
from shengeng.plays.day import DayReport
from shengeng.sense.connect.contracts import PROMOTIONS_TASK, ImportReport
from shengeng.storage.stores import Stores
from shengeng.trade.payments import api as payments
from shengeng.understand.personas.contracts import LEARN_TASK

NO_SUCH_ROLE = Refusal(
    "no_such_role",
    "invalid",
    en="{role} is not a role: use viewer, operator, approver or admin.",
    zh="“{role}”不是角色：请用 viewer、operator、approver 或 admin。",
)


def addresses(settings: Settings) -> dict[str, Any]:
    """Where the shop answers, and the folder it lives in."""
    facts = {"url": f"http://{settings.host}:{settings.port}/", "home": str(settings.home)}
    return facts | ({"storefront": settings.storefront_url} if settings.storefront else {})


def address_lines(settings: Settings) -> list[str]:
    """The same for people."""
    facts = addresses(settings)
    lines = [f"Shengeng answers at {facts['url']}  (Ctrl-C ends it)"]
    return [*lines, f"The storefront answers at {facts['storefront']}"] if "storefront" in facts else lines


def sandbox_url(settings: Settings) -> str:
    """Where the payment sandbox of this home answers; makes the secret that it shares with the shop."""
    payments.sandbox_secret(settings.home)
    return payments.sandbox_url(settings)


def with_sandbox(stores: Stores) -> bool:
    """Lets the shop pay by this home's sandbox; whether it is to run, so while no real way to pay is on."""
    with stores.rows.unit() as uow:
        payments.set_up_sandbox(uow, stores.settings, wall_now())
        return stores.settings.sandbox and payments.needs_sandbox(uow)


def import_facts(report: ImportReport) -> dict[str, Any]:
    """The JSON of DATA's contract, with the import's own id and state."""
    files = {name: asdict(count) for name, count in report.files.items()}
    return {"files": files, "rejects": report.rejects, "id": report.id, "state": report.state}


def import_lines(report: ImportReport) -> list[str]:
    """One line a file, then where the rejects stand."""
    lines = [
        f"{name:12} {n.rows:>11,} rows {n.accepted:>11,} accepted "
        f"{n.unchanged:>11,} unchanged {n.rejected:>9,} rejected"
        for name, n in report.files.items()
    ]
    if report.share_identified is not None:
        lines.append(f"{report.share_identified:.1%} of the orders have a known buyer")
    return [*lines, f"rejected rows: {report.rejects}"] if report.rejects else lines


def promotions_later(stores: Stores) -> None:
    """Lets the worker bring the Complete Journey's promotions; they take longer than its orders."""
    with stores.rows.unit() as uow:
        uow.enqueue(PROMOTIONS_TASK)


def learn_later(stores: Stores) -> None:
    """Lets the worker learn personas and rank the next baskets: longer than a first screen may take."""
    with stores.rows.unit() as uow:
        uow.enqueue(LEARN_TASK, lock=LEARN_TASK)
        uow.enqueue(RANK_TASK, lock=RANK_TASK)


def give_login(stores: Stores, name: str, role: str, *, reset: bool) -> str:
    """Creates an operator or resets one; returns the generated password, which is shown once."""
    if role not in list(Role):
        raise NO_SUCH_ROLE.error(role=role)
    with stores.rows.unit() as uow:
        if reset:
            return access.reset_password(uow, SHELL, name, wall_now()).password
        made = access.create_operator(uow, SHELL, wall_now(), name=name, role=Role(role))
    return made.password


def examine(stores: Stores) -> dict[str, Any]:
    """Whether database, lake files and shop are fine: {"status", "checks"}."""
    with stores.rows.unit() as uow:
        damaged = stores.lake.verify(uow)
        profile = shop.find_profile(uow)
    checks = {
        "rows": "ok",
        "lake": f"{len(damaged)} files damaged, first {damaged[0].path}" if damaged else "ok",
        "shop": f"known until {profile.as_of}" if profile else "no orders yet",
    }
    return {"status": "degraded" if damaged else "ok", "checks": checks}


def plain(done: DayReport) -> dict[str, Any]:
    """A day's report as JSON keeps it."""
    return asdict(done) | {"as_of": done.as_of.isoformat()}


def sentence(done: DayReport) -> str:
    """A day in one line."""
    settled = done.settled.first + done.settled.again
    proposed = ", ".join(f"{p.play} {p.decisions:,}" for p in done.proposed)
    return f"{done.as_of}: settled {settled:,}, expired {done.expired:,}, proposed {proposed}"
