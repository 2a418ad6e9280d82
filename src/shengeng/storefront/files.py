"""The storefront's own files (style, script, htmx, icons), in memory, each at an address of its content."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

router = APIRouter()
FOR_EVER, BRIEFLY = "public, max-age=31536000, immutable", "public, max-age=600"
# Smaller files gain nothing by packing.
PACKED_FROM = 1024


@dataclass(frozen=True, slots=True)
class File:
    """One file: what it is, its version, its bytes as they are and packed."""

    kind: str
    version: str
    raw: bytes
    packed: bytes | None


@cache
def held() -> dict[str, File]:
    """Every file by its name. htmx comes from npm with the console's build; without it pages are plainer."""
    folder = files("shengeng.storefront").joinpath("static")
    found: dict[str, File] = {}
    for each in folder.iterdir():
        if each.is_file() and not each.name.startswith("."):
            found[each.name] = _file(each.name, each.read_bytes())
    sheets = sorted(files("shengeng.storefront").joinpath("style").iterdir(), key=lambda sheet: sheet.name)
    found["shop.css"] = _file("shop.css", b"".join(sheet.read_bytes() for sheet in sheets))
    return found


def address(name: str) -> str:
    """Where a page finds a file; empty when it is not there."""
    file = held().get(name)
    return f"/static/{file.version}/{name}" if file else ""


@router.get("/static/{version}/{name}", include_in_schema=False)
def static_file(version: str, name: str, request: Request) -> Response:
    """A file, for ever under its own version, briefly under an old one. Public."""
    file = held().get(name)
    if file is None:
        raise HTTPException(404)
    headers = {"cache-control": FOR_EVER if version == file.version else BRIEFLY, "vary": "accept-encoding"}
    packs = "gzip" in request.headers.get("accept-encoding", "") and file.packed is not None
    if packs and file.packed is not None:
        return Response(file.packed, headers=headers | {"content-encoding": "gzip"}, media_type=file.kind)
    return Response(file.raw, headers=headers, media_type=file.kind)


def _file(name: str, raw: bytes) -> File:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    text = kind.startswith("text/") or kind in ("application/javascript", "image/svg+xml")
    packed = gzip.compress(raw, 9, mtime=0) if text and len(raw) >= PACKED_FROM else None
    return File(kind, hashlib.sha256(raw).hexdigest()[:12], raw, packed)
