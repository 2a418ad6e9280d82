"""Keep a page's address under a name; each operator sees only their own."""

from __future__ import annotations

from uuid import UUID

from shengeng.govern.views import store
from shengeng.govern.views.contracts import MOST_VIEWS, NO_VIEW, TOO_MANY_VIEWS, View
from shengeng.kernel.roles import Principal
from shengeng.storage.rows import UnitOfWork

__all__ = ["View", "drop_view", "keep_view", "views_of"]


def views_of(uow: UnitOfWork, who: Principal) -> list[View]:
    """The principal's own views, by page and name."""
    return store.of(uow, who.name)


def keep_view(uow: UnitOfWork, who: Principal, view: View) -> View:
    """Adds a view, or gives the one of that page and name a new query; refused beyond MOST_VIEWS."""
    uow.lock(f"views:{who.name}")
    mine = store.of(uow, who.name)
    known = any((kept.page, kept.name) == (view.page, view.name) for kept in mine)
    if not known and len(mine) >= MOST_VIEWS:
        raise TOO_MANY_VIEWS.error(limit=MOST_VIEWS)
    return store.keep(uow, who.name, view)


def drop_view(uow: UnitOfWork, who: Principal, id: UUID) -> None:
    """Deletes one of the principal's own views; not_found where it is not theirs."""
    if not store.drop(uow, who.name, id):
        raise NO_VIEW.error(id=id)
