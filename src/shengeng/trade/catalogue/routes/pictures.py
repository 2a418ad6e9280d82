"""/v1/trade/media: pictures by the hash of their content."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Response
from pydantic import BaseModel

from shengeng.http import Now, Operator, Unit, Viewer
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.catalogue import api
from shengeng.trade.catalogue.routes.door import router
from shengeng.trade.catalogue.routes.shapes import MediaId

# Whatever a drawing may hold, opened on its own it does nothing and loads nothing.
_HEADERS = {
    "cache-control": "public, max-age=31536000, immutable",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "x-content-type-options": "nosniff",
}
Content = Annotated[bytes, Body(media_type="application/octet-stream")]


class PictureKept(BaseModel):
    """The address of a picture."""

    media_id: str


def answer(uow: UnitOfWork, media_id: str) -> Response:
    """A picture that may be kept for ever: its address is its content."""
    kind, content = api.picture(uow, media_id)
    return Response(content, media_type=kind, headers=_HEADERS)


@router.post("/media", status_code=201)
def add_picture(content: Content, who: Operator, uow: Unit, now: Now) -> PictureKept:
    """Keep a picture: PNG, JPEG, WebP or plain SVG, as the raw body."""
    return PictureKept(media_id=api.add_picture(uow, who, content, now))


@router.get("/media/{media_id}", response_class=Response)
def get_picture(media_id: MediaId, _: Viewer, uow: Unit) -> Response:
    """A picture."""
    return answer(uow, media_id)
