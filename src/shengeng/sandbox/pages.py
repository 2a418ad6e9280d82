"""The page where a buyer decides. It says in both languages that it is a sandbox and no money moves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, HTTPException, Query, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from shengeng.kernel.errors import Lang
from shengeng.kernel.money import digits, from_minor
from shengeng.sandbox import provider
from shengeng.sandbox.book import stamp
from shengeng.sandbox.calls import Id, Now, Pages
from shengeng.sandbox.words import WORDS

router = APIRouter()
_FOLDER = Path(__file__).parent / "templates"
_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_templates = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined)
Language = Annotated[Literal["zh", "en"] | None, Query()]


@router.get("/sandbox.css")
def style() -> Response:
    """The page's one style sheet."""
    return FileResponse(_FOLDER / "sandbox.css", media_type="text/css")


@router.get("/sandbox.svg")
def icon() -> Response:
    """The page's icon."""
    return FileResponse(_FOLDER / "sandbox.svg", media_type="image/svg+xml")


@router.get("/pay/{payment_id}")
def pay_page(payment_id: Id, request: Request, book: Pages, now: Now, lang: Language = None) -> Response:
    """What is to be paid, and the two ways it can end."""
    row = book.one("select * from payments where id = ?", payment_id)
    speaks = lang or _asked_for(request)
    if row is None:
        return _page("missing.html", speaks, 404, payment=None)
    over = row["state"] == "open" and row["expires_at"] <= stamp(now)
    state = "closed" if over else row["state"]
    shown = dict(row) | {"state": state, "amount": amount(row["amount_minor"], row["currency"])}
    return _page("pay.html", speaks, 200, payment=shown)


@router.post("/pay/{payment_id}")
def decide(payment_id: Id, book: Pages, now: Now, choice: Annotated[str, Form(max_length=10)]) -> Response:
    """The buyer's decision; then back to the shop."""
    if choice not in ("pay", "fail"):
        raise HTTPException(422, "choose pay or fail")
    row = provider.decide(book, payment_id, "pay" if choice == "pay" else "fail", now)
    return RedirectResponse(row["return_url"], status_code=303)


def amount(minor: int, currency: str) -> str:
    """Money as people write it, with its sign where it has one."""
    value = f"{from_minor(minor, currency):,.{digits(currency)}f}"
    return f"{_SIGNS[currency]}{value}" if currency in _SIGNS else f"{value} {currency}"


def _page(name: str, lang: Lang, status: int, **values: Any) -> Response:
    words = {key: text.text(lang) for key, text in WORDS.items()}
    return HTMLResponse(_templates.get_template(name).render(lang=lang, t=words, **values), status)


def _asked_for(request: Request) -> Lang:
    """The first of our languages that the browser names; Chinese when it names none."""
    for part in request.headers.get("accept-language", "").split(","):
        word = part.strip()[:2].lower()
        if word in ("zh", "en"):
            return "zh" if word == "zh" else "en"
    return "zh"
