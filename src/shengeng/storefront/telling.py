"""The write key with which our pages tell what was looked at: made once, its secret kept at home."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from shengeng.govern.keys import api as keys
from shengeng.govern.keys.contracts import Scope, WriteKey
from shengeng.kernel.roles import SHELL
from shengeng.kernel.settings import Settings
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores

NAME, FILE = "storefront", "storefront.key"
_SCOPES: tuple[Scope, ...] = ("events",)
_HERE = ("127.0.0.1", "localhost")


def event_key(stores: Stores, now: datetime) -> str:
    """The secret of the storefront's own key; made where there is none.

    Empty where somebody revoked it in the console: then nothing is told, until its file is removed as well.
    A key whose file is lost is revoked and made again.
    """
    place = stores.settings.home / FILE
    with stores.rows.unit() as uow:
        living = [key for key in keys.keys(uow) if key.name == NAME and key.revoked_at is None]
        secret = place.read_text("utf-8").strip() if place.is_file() else ""
        if secret:
            return secret if _is_open(uow, living, secret, stores.settings, now) else ""
        for key in living:
            keys.revoke_key(uow, SHELL, now, key.id)
        made = keys.create_key(uow, SHELL, now, name=NAME, scopes=_SCOPES, origins=origins(stores.settings))
        _keep(place, made.secret)
    return made.secret


def _is_open(
    uow: UnitOfWork, living: Sequence[WriteKey], secret: str, settings: Settings, now: datetime
) -> bool:
    """Whether the key of our file still lives; a shop that moved is an origin of its key from now on."""
    if not living or keys.find(uow, secret, now) is None:
        return False
    wanted = {*living[0].origins, *origins(settings)}
    if wanted != set(living[0].origins):
        keys.change_key(uow, SHELL, now, living[0].id, origins=wanted)
    return True


def origins(settings: Settings) -> tuple[str, ...]:
    """The pages that may use the key: the storefront's own."""
    if settings.shop_url:
        return (settings.shop_url,)
    own = {settings.storefront_url, *(f"http://{host}:{settings.storefront_port}" for host in _HERE)}
    return tuple(sorted(own))


def _keep(place: Path, secret: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(secret)
