"""Every answer that is not a success has one shape: {"error": {code, kind, message, params}}."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from shengeng.http.asking import speaks
from shengeng.kernel.errors import Kind, Lang, Refusal, ShopError
from shengeng.web.fields import first_fault

STATUS: Mapping[Kind, int] = {
    "invalid": 422,
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "refused": 409,
    "throttled": 429,
    "unavailable": 503,
}
LONGEST_PARAM, LONGEST_MESSAGE = 300, 1000

NO_PAGE = Refusal("no_page", "not_found", en="There is nothing at {path}.", zh="地址 {path} 不存在。")
WRONG_METHOD = Refusal(
    "wrong_method",
    "invalid",
    en="{path} does not take {method}: use {allowed}.",
    zh="{path} 不接受 {method}：请用 {allowed}。",
)
BAD_REQUEST = Refusal(
    "bad_request", "invalid", en="The request could not be read: {why}.", zh="无法读取该请求：{why}。"
)
BODY_TOO_LARGE = Refusal(
    "body_too_large",
    "invalid",
    en="The request is larger than {limit}: send less at once.",
    zh="请求超过 {limit}：请减少一次发送的内容。",
)
NOT_JSON = Refusal(
    "not_json",
    "invalid",
    en="The body is no JSON; it breaks off at character {position}.",
    zh="请求体不是有效的 JSON；在第 {position} 个字符处出错。",
)
NOT_A_VALUE = Refusal(
    "not_a_value",
    "invalid",
    en="{field} holds {value}, which no field of ours can keep. Remove it and send again.",
    zh="{field} 含有 {value}，无法保存。请去掉后重新发送。",
)
_BROKEN: Mapping[Lang, str] = {
    "en": "Something is broken on our side and nothing was written. Tell an admin the number {id}.",
    "zh": "系统内部出错，没有写入任何内容。请把编号 {id} 告诉管理员。",
}


def answer(error: ShopError, lang: Lang, status: int | None = None) -> JSONResponse:
    """The answer to a refusal, in one language, with the status of its kind."""
    params = {key: _plain(value) for key, value in error.params.items()}
    headers = {"retry-after": str(params["retry_seconds"])} if error.kind == "throttled" else {}
    if error.kind == "unauthenticated":
        headers["www-authenticate"] = "Bearer"
    content = {
        "code": error.code,
        "kind": error.kind,
        "message": _clean(error.text(lang))[:LONGEST_MESSAGE],
        "params": params,
    }
    return JSONResponse({"error": content}, status or STATUS[error.kind], headers)


def broken(request_id: str, lang: Lang, path: str) -> JSONResponse:
    """The answer to a bug of ours, at any path: a sentence and the number under which the log tells more."""
    del path
    message = _BROKEN[lang].format(id=request_id)
    content = {"code": "broken", "kind": "broken", "message": message, "params": {"id": request_id}}
    return JSONResponse({"error": content}, 500)


def install(app: FastAPI) -> None:
    """Maps what routes and the framework raise to the one shape."""
    app.add_exception_handler(ShopError, _shop_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _framework)


def _shop_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ShopError)
    status = 413 if error.code == BODY_TOO_LARGE.code else None
    return answer(error, speaks(request), status)


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return answer(first_fault(error.errors()), speaks(request))


def _framework(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    path = request.scope["path"]
    if error.status_code == 404:
        return answer(NO_PAGE.error(path=path), speaks(request))
    if error.status_code == 405:
        allowed = (error.headers or {}).get("allow", "") or "GET"
        refused = WRONG_METHOD.error(path=path, method=request.method, allowed=allowed)
        found = answer(refused, speaks(request), 405)
        found.headers["allow"] = allowed
        return found
    return answer(BAD_REQUEST.error(why=str(error.detail)), speaks(request), error.status_code)


def _plain(value: object) -> Any:
    """A value as JSON can carry it, bounded."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {_clean(str(key)): _plain(inner) for key, inner in list(value.items())[:50]}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(inner) for inner in list(value)[:50]]
    return _clean(str(value))[:LONGEST_PARAM]


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
