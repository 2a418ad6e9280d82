"""The built console: hashed assets for ever, its page never cached and under a strict policy."""

from __future__ import annotations

import mimetypes
import os
import secrets
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; style-src-attr 'none'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
PLACE_OF_NONCE = "__NONCE__"
FOR_EVER = "public, max-age=31536000, immutable"
_BY_ID = ("customers/", "supply/")  # pages whose address ends in an id
_PACKED = (("br", ".br"), ("gzip", ".gz"))
_MISSING = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>深耕 Shengeng</title>
<h1>控制台尚未构建 · The console is not built</h1>
<p>安装时跳过了界面（SHENGENG_SKIP_UI=1）。请运行 <code>make ui</code>，然后刷新本页；
接口 <code>/v1</code> 可照常使用。</p>
<p lang="en">The interface was skipped at installation (SHENGENG_SKIP_UI=1). Run <code>make ui</code> and
reload this page; the API under <code>/v1</code> works as it is.</p>
</html>
"""


class ConsoleFiles:
    """The folder that the build left: index.html and assets/ with .br and .gz beside each file."""

    def __init__(self, folder: Path = STATIC) -> None:
        self.folder = folder

    def installed(self) -> bool:
        """Whether the console was built."""
        return (self.folder / "index.html").is_file()

    def install(self, app: FastAPI) -> None:
        """Adds /console/assets and /console/{anything}, which is always the one page; / leads to it."""
        app.mount("/console/assets", Assets(directory=self.folder / "assets", check_dir=False))
        app.add_api_route("/console/{path:path}", self.page, include_in_schema=False)
        app.add_api_route("/console", self.page_of_root, include_in_schema=False)
        app.add_api_route("/", _home, include_in_schema=False)

    def page_of_root(self) -> Response:
        """/console without its slash is the page as well."""
        return self.page("")

    def page(self, path: str) -> Response:
        """The page with a fresh nonce; a name with a dot is a file that is missing, never the page.

        Except in the ids of customers, whom many shops call by their e-mail, and of products.
        """
        if "." in path.rsplit("/", 1)[-1] and not path.startswith(_BY_ID):
            return self._loose_file(path)
        if not self.installed():
            return HTMLResponse(_MISSING, 503, {"cache-control": "no-store"})
        nonce = secrets.token_urlsafe(16)
        html = (self.folder / "index.html").read_text("utf-8").replace(PLACE_OF_NONCE, nonce)
        headers = {"cache-control": "no-store", "content-security-policy": POLICY.format(nonce=nonce)}
        return HTMLResponse(html, headers=headers)

    def _loose_file(self, name: str) -> Response:
        """A file beside index.html, such as the icon; their names are not hashed, so they are asked again."""
        listed = {file.name: file for file in self.folder.glob("*.*") if file.is_file()}
        if name not in listed or name == "index.html" or name.startswith("."):
            raise HTTPException(404)
        return FileResponse(listed[name], headers={"cache-control": "no-cache"})


def _home() -> RedirectResponse:
    return RedirectResponse("/console/", 307)


class Assets(StaticFiles):
    """Hashed files: immutable for a year; sends the .br or .gz that the build left beside them."""

    async def check_config(self) -> None:
        """Without a build there are no files, which is no fault of the request's."""
        if not Path(str(self.directory)).is_dir():
            raise HTTPException(404)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """The smallest form that the browser accepts, under the original's content type."""
        accepted = dict(scope["headers"]).get(b"accept-encoding", b"").decode("latin-1")
        packed = next((each for each in _PACKED if _accepts(accepted, each[0], full_path, each[1])), None)
        path = f"{full_path}{packed[1]}" if packed else full_path
        status = os.stat(path) if packed else stat_result  # noqa: PTH116  (Starlette hands paths as text)
        found = super().file_response(path, status, scope, status_code)
        kind, _ = mimetypes.guess_type(str(full_path))
        found.headers["content-type"] = _charset(kind or "application/octet-stream")
        if packed:
            found.headers["content-encoding"] = packed[0]
        found.headers["vary"] = "accept-encoding"
        found.headers["cache-control"] = FOR_EVER
        return found


def _accepts(accepted: str, coding: str, full_path: str | os.PathLike[str], ending: str) -> bool:
    words = {part.strip().partition(";")[0]: part for part in accepted.lower().split(",")}
    refused = words.get(coding, ";q=0").replace(" ", "").endswith(";q=0")
    return not refused and Path(f"{os.fspath(full_path)}{ending}").is_file()


def _charset(kind: str) -> str:
    text = kind.startswith("text/") or kind in ("application/javascript", "application/json", "image/svg+xml")
    return f"{kind}; charset=utf-8" if text else kind
