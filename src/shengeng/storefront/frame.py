"""What stands around every page: departments, the basket's count, the key under which behaviour is told."""

from __future__ import annotations

from dataclasses import dataclass

from shengeng.storefront.aisles import categories, departments
from shengeng.storefront.asking import CHANNEL, Scene
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import Category
from shengeng.trade.checkout import api as checkout
from shengeng.trade.payments import api as payments

_BUSY = ("/checkout", "/order", "/account", "/sign-")


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of one page. sample: payments are tried out only; event_key: empty where nothing is kept.

    asks: it asks whether behaviour may be kept.
    """

    categories: tuple[Category, ...]
    count: int
    sample: bool
    tax_inclusive: bool
    event_key: str
    asks: bool


def frame(scene: Scene) -> Frame:
    """The frame of a request, after what the page itself changed."""
    key = getattr(scene.request.app.state, "event_key", "")
    if not scene.name:  # a shop without a profile has no currency, and so no channel yet
        return Frame((), 0, False, True, key, False)
    basket = checkout.basket(scene.uow, scene.who)
    channel = catalogue.channel(scene.uow, CHANNEL)
    sandbox = payments.usable(scene.uow, channel.currency) == ["sandbox"]
    return Frame(
        tuple(departments(categories(scene))),
        basket.units if basket else 0,
        sandbox,
        channel.tax_inclusive,
        key,
        bool(key) and _asks(scene),
    )


def _asks(scene: Scene) -> bool:
    """Only those who have not answered, while they look around: nobody is asked between basket and parcel."""
    return scene.agreed is None and scene.request.method == "GET" and not scene.path.startswith(_BUSY)
