"""What a page asks of its request: who shops, in which language, of which shop, and the fields of a form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import RedirectResponse

from shengeng.govern.shop import api as shop
from shengeng.http import Now, Shop, Unit, address_of
from shengeng.http.shopping import Visitor, visitor
from shengeng.kernel.errors import Lang, Refusal
from shengeng.kernel.shoppers import Shopper
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.storefront.figures import PREFIX, link
from shengeng.trade.payments.contracts import Device

CHANNEL = "online"
FIELDS_MOST, FIELD_LONGEST = 60, 2000
CONSENT_COOKIE = "sg_choice"
FORM_TOO_LARGE = Refusal(
    "form_too_large",
    "invalid",
    en="The form is larger than {limit} fields of {longest} characters: shorten what you wrote.",
    zh="表单超过 {limit} 个字段或单个字段超过 {longest} 个字符：请缩短内容。",
)


@dataclass(frozen=True, slots=True)
class Scene:
    """One request of a shopper, in its own transaction. zone: of the shop; htmx: only a part is asked for."""

    request: Request
    stores: Stores
    uow: UnitOfWork
    now: datetime
    who: Shopper
    lang: Lang
    name: str
    zone: str
    currency: str
    htmx: bool
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def path(self) -> str:
        """The path without its language."""
        return bare(self.request.url.path)

    @property
    def agreed(self) -> bool | None:
        """Whether the shopper let us keep what they look at; None before they were asked."""
        return {"yes": True, "no": False}.get(self.request.cookies.get(CONSENT_COOKIE, ""))

    @property
    def device(self) -> Device:
        """What the shopper pays with. WeChat's own browser is no phone here: it refuses WeChat's H5 pages."""
        said = self.request.headers.get("user-agent", "")
        phone = "Mobi" in said and "MicroMessenger" not in said
        return Device("phone" if phone else "desk", address_of(self.request))

    def link(self, path: str, **query: object) -> str:
        """A path of ours in this page's language."""
        return link(self.lang, path, **query)

    def go(self, path: str, **query: object) -> RedirectResponse:
        """To another page of ours, after a form."""
        return RedirectResponse(self.link(path, **query), 303)


def bare(path: str) -> str:
    """A path without its language: /en/basket is /basket, /en is /."""
    english = PREFIX["en"]
    return path[len(english) :] or "/" if path == english or path.startswith(f"{english}/") else path


def safe_path(text: str) -> str:
    """A path of ours that a form or address names; empty where it leads anywhere else."""
    one_slash = text.startswith("/") and not text.startswith(("//", "/\\"))
    return bare(text) if one_slash and len(text) <= FIELD_LONGEST and text.isprintable() else ""


@contextmanager
def attempt(scene: Scene) -> Iterator[None]:
    """What is refused inside leaves nothing written; the page that says so is answered all the same."""
    with scene.uow.conn.begin_nested():
        yield


def lang_of(path: str) -> Lang:
    """The language that a path names; Chinese where it names none."""
    return "en" if bare(path) != path else "zh"


async def _fields(request: Request) -> Mapping[str, str]:
    """The text fields of a form; empty without one. Refuses what no form of ours sends."""
    if request.method != "POST":
        return {}
    form = await request.form(max_files=0, max_fields=FIELDS_MOST)
    found = {key: value.strip() for key, value in form.multi_items() if isinstance(value, str)}
    if any(len(value) > FIELD_LONGEST or "\x00" in value for value in found.values()):
        raise FORM_TOO_LARGE.error(limit=FIELDS_MOST, longest=FIELD_LONGEST)
    return found


def scene(
    request: Request,
    who: Visitor,
    stores: Shop,
    uow: Unit,
    now: Now,
    *,
    fields: Annotated[Mapping[str, str], Depends(_fields)],
) -> Scene:
    """The scene of a request; every page depends on it, and so on who shops."""
    profile = shop.find_profile(uow)
    return Scene(
        request,
        stores,
        uow,
        now,
        who,
        lang_of(request.url.path),
        profile.name if profile else "",
        profile.timezone if profile else "UTC",
        profile.currency if profile else "CNY",
        request.headers.get("hx-request", "") == "true",
        fields,
    )


Ask = Annotated[Scene, Depends(scene)]


def scene_apart(request: Request, stores: Shop, now: Now) -> Callable[[], AbstractContextManager[Scene]]:
    """Scenes of one request in transactions of their own, for pages that ask somebody outside meanwhile."""

    @contextmanager
    def opened() -> Iterator[Scene]:
        with stores.rows.unit() as uow:
            yield scene(request, visitor(request, uow, now, ""), stores, uow, now, fields={})

    return opened


Apart = Annotated[Callable[[], AbstractContextManager[Scene]], Depends(scene_apart)]
