"""GET, POST and DELETE /v1/views."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, StringConstraints

from shengeng.govern.views import api
from shengeng.http import Now, Unit, Viewer, error_answers
from shengeng.kernel.ids import new_id

router = APIRouter(prefix="/v1/views", tags=["govern"], responses=error_answers(401, 403, 404, 409, 422))


class NewView(BaseModel):
    """page: the first word of the console's path; query: what stands behind its question mark."""

    model_config = ConfigDict(extra="forbid")
    page: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_-]{0,39}$")]
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    query: Annotated[str, StringConstraints(max_length=1000)]


class SavedView(BaseModel):
    """A page's address under a name."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    page: str
    name: str
    query: str


@router.get("")
def list_views(who: Viewer, uow: Unit) -> list[SavedView]:
    """The caller's own views."""
    return [SavedView.model_validate(view) for view in api.views_of(uow, who)]


@router.post("", status_code=201)
def keep_view(body: NewView, who: Viewer, uow: Unit, now: Now) -> SavedView:
    """Keep a view; one of the same page and name gets the new query."""
    view = api.View(new_id(now), body.page, body.name, body.query)
    return SavedView.model_validate(api.keep_view(uow, who, view))


@router.delete("/{id}", status_code=204)
def delete_view(id: UUID, who: Viewer, uow: Unit) -> None:
    """Delete one of the caller's own views."""
    api.drop_view(uow, who, id)
