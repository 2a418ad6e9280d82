"""Templates to answers: one environment, strict about names, and the policy under which pages run."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from shengeng.kernel.errors import Lang
from shengeng.storefront import figures
from shengeng.storefront.asking import Scene
from shengeng.storefront.files import address
from shengeng.storefront.frame import frame
from shengeng.storefront.packing import packed
from shengeng.storefront.places import REGIONS, place_line
from shengeng.storefront.words import say

# Forms may only go to us: the way to a payment provider is a link, since browsers hold redirects to this too.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "vary": "cookie, hx-request, accept-encoding",
    "cache-control": "private, no-cache",
}


@cache
def environment() -> Environment:
    """Our templates; a name that no page gave is a bug, not an empty place."""
    made = Environment(
        loader=PackageLoader("shengeng.storefront"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= {"static": address, "say": say}
    made.filters |= {"money": figures.money, "day": figures.day}
    return made


def page(scene: Scene, template: str, status: int = 200, **given: Any) -> HTMLResponse:
    """A whole page, or with a template whose name begins with "part/" a piece of one."""
    html = environment().get_template(template).render(_common(scene) | given)
    headers = HEADERS | {"content-language": "zh-CN" if scene.lang == "zh" else "en"}
    return packed(scene.request, HTMLResponse(html, status, headers))


def plain(template: str, lang: Lang, status: int, **given: Any) -> HTMLResponse:
    """A page that needs neither shop nor database: what went wrong, and the way back."""

    def t(key: str, **values: object) -> str:
        return say(lang, key, **values)

    def url(path: str, **query: object) -> str:
        return figures.link(lang, path, **query)

    html = (
        environment()
        .get_template(template)
        .render({"lang": lang, "t": t, "url": url, "status": status} | given)
    )
    return HTMLResponse(html, status, HEADERS | {"cache-control": "no-store"})


def _common(scene: Scene) -> dict[str, Any]:
    """What every template may name."""

    def t(key: str, **values: object) -> str:
        return say(scene.lang, key, **values)

    def money(minor: int) -> str:
        return figures.money(minor, scene.currency)

    def when(moment: Any) -> str:
        return figures.moment(moment, scene.lang, scene.zone)

    return {
        "scene": scene,
        "lang": scene.lang,
        "t": t,
        "url": scene.link,
        "money": money,
        "when": when,
        "frame": frame(scene),
        "regions": REGIONS,
        "place_line": place_line,
        "english": lambda path: figures.link("en", path),
        "other_tongue": _other_tongue(scene),
        "here_now": _here(scene),
    }


def _here(scene: Scene) -> str:
    """This page with its query, without its language: where a form of the frame leads back to."""
    query = scene.request.url.query
    return f"{scene.path}?{query}" if query else scene.path


def _other_tongue(scene: Scene) -> str:
    """This page in the other language, with its query."""
    path = figures.link("en" if scene.lang == "zh" else "zh", scene.path)
    query = scene.request.url.query if scene.request.method == "GET" else ""
    return f"{path}?{query}" if query else path
