"""What machines ask first: robots.txt and the list of pages worth reading."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from shengeng.http import Shop, Unit
from shengeng.storefront.figures import link
from shengeng.storefront.packing import packed
from shengeng.storefront.render import environment
from shengeng.trade.catalogue import api as catalogue

router = APIRouter()
# Pages of one person, which nobody should find by searching.
_PRIVATE = ("/basket", "/checkout", "/account", "/order", "/sign-in", "/sign-up", "/v1/")
# Two addresses a page; a sitemap may have 50,000.
MOST = 24_000
CACHED = {"cache-control": "public, max-age=3600"}


@router.get("/robots.txt", include_in_schema=False)
def robots(shop: Shop) -> PlainTextResponse:
    """What search engines may read. Public."""
    paths = [f"Disallow: {prefix}{path}" for path in _PRIVATE for prefix in ("", "/en")]
    lines = ["User-agent: *", *paths, f"Sitemap: {shop.settings.storefront_url}/sitemap.xml", ""]
    return PlainTextResponse("\n".join(lines), headers=CACHED)


@router.get("/sitemap.xml", include_in_schema=False)
def sitemap(request: Request, shop: Shop, uow: Unit) -> Response:
    """Every page worth finding, in both languages, with its last change. Public."""
    place = shop.settings.storefront_url
    goods = [
        (f"/p/{product_id}", changed.date())
        for product_id, changed in catalogue.changed_since(uow, None, MOST)
    ]
    aisles = [(f"/c/{one.category_id}", None) for one in catalogue.categories(uow)]
    rows = [
        {"zh": place + link("zh", path), "en": place + link("en", path), "changed": changed}
        for path, changed in [("/", None), ("/greener", None), *aisles, *goods]
    ]
    body = environment().get_template("sitemap.xml").render(rows=rows)
    told = Response(body, media_type="application/xml", headers=CACHED | {"vary": "accept-encoding"})
    return packed(request, told)
