"""What others call: set aside, promise, release, give back, ship; book what comes and goes; read it all."""

from shengeng.trade.stock.api.booking import (
    adjust,
    count,
    put_location,
    receive,
    set_quota,
    transfer,
)
from shengeng.trade.stock.api.promising import (
    commit,
    give_back,
    hold,
    overdue,
    release,
    ship,
)
from shengeng.trade.stock.api.reading import (
    available,
    faults,
    levels,
    levels_at,
    locations,
    movements,
    on_hand,
    orders_of,
    quotas,
    reservations,
)

__all__ = [
    "adjust",
    "available",
    "commit",
    "count",
    "faults",
    "give_back",
    "hold",
    "levels",
    "levels_at",
    "locations",
    "movements",
    "on_hand",
    "orders_of",
    "overdue",
    "put_location",
    "quotas",
    "receive",
    "release",
    "reservations",
    "set_quota",
    "ship",
    "transfer",
]
