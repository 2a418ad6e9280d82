"""Which orders a browser may open: a member's own, and those whose secret or contact its owner has given."""

from __future__ import annotations

from urllib.parse import quote, unquote

from starlette.responses import Response

from shengeng.http import address_of
from shengeng.kernel.errors import ShopError
from shengeng.storefront.asking import Scene
from shengeng.trade.orders import api as orders
from shengeng.trade.orders.contracts import Detail

# A browser remembers the last few orders with what opens them, which is compared each time.
COOKIE, REMEMBERED, KEPT_S = "sg_orders", 5, 60 * 24 * 3600
_BETWEEN, _WITHIN = "&", ":"


def opened(scene: Scene, number: str) -> Detail | None:
    """The order of a number, where this browser may open it; None tells nothing of whether it exists."""
    proof = _known(scene).get(number, "")
    try:
        return orders.seen_by(scene.uow, scene.who, number, scene.now, secret=proof)
    except ShopError:
        pass
    if not proof:
        return None
    try:
        address = address_of(scene.request)
        return orders.track_from(scene.stores.rows, number, proof, scene.now, address=address)
    except ShopError as refused:
        if refused.kind == "throttled":
            raise
        return None


def keep_open(scene: Scene, answer: Response, number: str, proof: str) -> None:
    """Lets this browser open an order from now on. proof: its secret, or the contact of its buyer."""
    known = {number: proof} | {each: told for each, told in _known(scene).items() if each != number}
    kept = [f"{quote(each)}{_WITHIN}{quote(told[:200])}" for each, told in known.items()]
    value = _BETWEEN.join(kept[:REMEMBERED])
    https = scene.stores.settings.https
    answer.set_cookie(COOKIE, value, KEPT_S, path="/", httponly=True, samesite="lax", secure=https)


def _known(scene: Scene) -> dict[str, str]:
    parts = scene.request.cookies.get(COOKIE, "")[:1500].split(_BETWEEN)
    pairs = [part.partition(_WITHIN) for part in parts]
    return {unquote(number): unquote(proof) for number, _, proof in pairs if number and proof}
