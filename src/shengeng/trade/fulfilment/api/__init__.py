"""What others call: ways of delivery and their prices, shipments and what happened to them."""

from shengeng.trade.fulfilment.api.port import DeliveryQuotes
from shengeng.trade.fulfilment.api.rating import TABLE, TableOfRates, put_rates, put_zones, rates, zones
from shengeng.trade.fulfilment.api.sending import create, delivered, shipment, shipments, track

__all__ = [
    "TABLE",
    "DeliveryQuotes",
    "TableOfRates",
    "create",
    "delivered",
    "put_rates",
    "put_zones",
    "rates",
    "shipment",
    "shipments",
    "track",
    "zones",
]
