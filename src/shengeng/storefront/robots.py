"""What machines ask first: robots.txt and the list of pages worth reading."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import PlainTextResponse

from shengeng.http import Shop

router = APIRouter()
# Pages of one person, which nobody should find by searching.
_PRIVATE = ("/basket", "/checkout", "/account", "/order", "/sign-in", "/sign-up", "/v1/")
CACHED = {"cache-control": "public, max-age=3600"}


@router.get("/robots.txt", include_in_schema=False)
def robots(shop: Shop) -> PlainTextResponse:
    """What search engines may read. Public."""
    paths = [f"Disallow: {prefix}{path}" for path in _PRIVATE for prefix in ("", "/en")]
    lines = ["User-agent: *", *paths, f"Sitemap: {shop.settings.storefront_url}/sitemap.xml", ""]
    return PlainTextResponse("\n".join(lines), headers=CACHED)
