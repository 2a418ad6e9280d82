"""Pictures: kept once by their content, checked by it too."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.catalogue import methods
from shengeng.trade.catalogue.contracts import BAD_MEDIA, MEDIA_LARGEST, NO_MEDIA
from shengeng.trade.catalogue.store import goods


def add_picture(uow: UnitOfWork, who: Principal, content: bytes, now: datetime) -> str:
    """Keep a picture (operator) and return its id; refuses what is none, is too large or could run."""
    require(who, Role.OPERATOR)
    if len(content) > MEDIA_LARGEST:
        raise BAD_MEDIA.error(why=f"{len(content)} bytes", limit=MEDIA_LARGEST)
    kind = methods.media_kind(content)
    if kind is None:
        raise BAD_MEDIA.error(why="not such a picture, or one with scripts", limit=MEDIA_LARGEST)
    media_id = sha256(content).hexdigest()
    goods.add_media(uow, media_id, kind, content, now)
    return media_id


def picture(uow: UnitOfWork, media_id: str) -> tuple[str, bytes]:
    """A picture's media type and content; not_found when there is none."""
    found = goods.get_media(uow, media_id)
    if found is None:
        raise NO_MEDIA.error(id=media_id[:80])
    return found
