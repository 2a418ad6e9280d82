"""Ways to pay: which are set up, with what, and the adapter of each."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from shengeng.govern.audit import api as audit
from shengeng.kernel.roles import Principal, Role, require
from shengeng.kernel.settings import Settings
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.payments.api.adapters import KINDS
from shengeng.trade.payments.api.calling import send as send_out
from shengeng.trade.payments.contracts import PROVIDERS, Provider, ProviderState, Send
from shengeng.trade.payments.contracts.refusals import BAD_SETTING, NO_PROVIDER, PROVIDER_OFF
from shengeng.trade.payments.store import intents as store

_LONGEST = 500


def providers(uow: UnitOfWork) -> list[ProviderState]:
    """Every way to pay, real ones first, with what is missing to use it."""
    rows = store.configured(uow)
    return [_state(name, rows.get(name)) for name in sorted(KINDS, key=lambda one: one == "sandbox")]


def usable(uow: UnitOfWork, currency: str) -> list[str]:
    """The ways to pay that a buyer can choose for a currency; the sandbox only while it is the only one."""
    ready = [
        one.provider
        for one in providers(uow)
        if one.enabled and one.ready and KINDS[one.provider].currency in ("", currency)
    ]
    return [name for name in ready if name != "sandbox"] or ready


def needs_sandbox(uow: UnitOfWork) -> bool:
    """Whether no real way to pay is switched on."""
    return not any(one.enabled and one.provider != "sandbox" for one in providers(uow))


def set_up(
    uow: UnitOfWork,
    by: Principal,
    now: datetime,
    provider: str,
    *,
    enabled: bool,
    settings: Mapping[str, str],
) -> ProviderState:
    """Change a way to pay (admin). settings: identifiers, addresses, and paths of files with secrets.

    Refuses an unknown provider or setting, an address that is none, and switching on what is not ready.
    """
    require(by, Role.ADMIN)
    kind = KINDS.get(provider)
    if kind is None:
        raise NO_PROVIDER.error(provider=provider, known=", ".join(PROVIDERS))
    given = {name: value.strip() for name, value in settings.items() if value.strip()}
    for name, value in given.items():
        _check(provider, name, value)
    state = _keep(uow, by.name, now, provider, enabled=enabled, settings=given)
    if enabled and not state.ready:
        missing = ", ".join(state.missing)
        raise BAD_SETTING.error(
            provider=provider, name=missing, value="-", limit="give it before switching on"
        )
    if enabled:
        kind.make(given, send_out)  # refuses a file that holds no key
    return state


def set_up_sandbox(
    uow: UnitOfWork, settings: Settings, now: datetime, *, notify_url: str = ""
) -> ProviderState:
    """Point the sandbox's row at this home's process; what an admin switched off stays off.

    notify_url: where it sends its notices, the storefront of this home by default.
    """
    row = store.configured(uow).get("sandbox")
    wanted = {
        "base_url": sandbox_url(settings),
        "notify_url": notify_url or f"{settings.storefront_url}/v1/payments/sandbox/notices",
        "secret_file": str(sandbox_secret(settings.home)),
    }
    if row is not None:
        wanted |= {"page_url": row["settings"]["page_url"]} if row["settings"].get("page_url") else {}
        if row["settings"] == wanted:
            return _state("sandbox", row)
    enabled = True if row is None else bool(row["enabled"])
    return _keep(uow, "shell", now, "sandbox", enabled=enabled, settings=wanted)


def sandbox_url(settings: Settings) -> str:
    """Where this home's sandbox listens."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 (compared)
    return (
        f"http://[{host}]:{settings.paying_port}" if ":" in host else f"http://{host}:{settings.paying_port}"
    )


def sandbox_secret(home: Path) -> Path:
    """The file of the secret that shop and sandbox share, made on first use."""
    path = home / "sandbox" / "secret"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        handle, fresh = tempfile.mkstemp(dir=path.parent)  # 0600, and complete before it has its name
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        Path(fresh).unlink()
    return path


def adapter(uow: UnitOfWork, provider: str, *, send: Send | None = None) -> Provider:
    """The adapter of a way to pay that is set up, switched on or not: late money still has to be heard."""
    if provider not in KINDS:
        raise NO_PROVIDER.error(provider=provider[:40], known=", ".join(PROVIDERS))
    state = _state(provider, store.configured(uow).get(provider))
    if not state.ready:
        raise PROVIDER_OFF.error(provider=provider)
    return KINDS[provider].make(state.settings, send or send_out)


def _keep(
    uow: UnitOfWork, by: str, now: datetime, provider: str, *, enabled: bool, settings: Mapping[str, str]
) -> ProviderState:
    row = {"provider": provider, "enabled": enabled, "settings": dict(settings)}
    store.configure(uow, row | {"updated_at": now, "updated_by": by})
    detail: dict[str, audit.Plain] = {"enabled": enabled, **settings}
    audit.record(uow, at=now, actor=by, action="payments.set_up", target=provider, detail=detail)
    return _state(provider, store.configured(uow)[provider])


def _state(provider: str, row: Mapping[str, object] | None) -> ProviderState:
    settings = row["settings"] if row else {}
    assert isinstance(settings, dict)
    missing = KINDS[provider].missing(settings)
    at = row["updated_at"] if row else None
    assert at is None or isinstance(at, datetime)
    by = str(row["updated_by"]) if row else ""
    return ProviderState(provider, bool(row and row["enabled"]), not missing, missing, settings, at, by)


def _check(provider: str, name: str, value: str) -> None:
    kind = KINDS[provider]
    if name not in (*kind.needed, *kind.optional):
        known = ", ".join((*kind.needed, *kind.optional))
        raise BAD_SETTING.error(provider=provider, name=name[:40], value=value[:60], limit=f"use {known}")
    if len(value) > _LONGEST:
        limit = f"at most {_LONGEST} characters"
        raise BAD_SETTING.error(provider=provider, name=name, value=value[:60], limit=limit)
    if value not in kind.choices.get(name, (value,)):
        limit = "use " + " or ".join(kind.choices[name])
        raise BAD_SETTING.error(provider=provider, name=name, value=value[:60], limit=limit)
    if name.endswith("_url"):
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            limit = "write an address such as https://shop.example/path"
            raise BAD_SETTING.error(provider=provider, name=name, value=value[:60], limit=limit)
