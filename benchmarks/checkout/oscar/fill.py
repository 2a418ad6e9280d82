"""The peer's shop: one country, one partner, so many goods with stock. `python fill.py goods.json`

goods.json: a list of [sku, units]. Says as JSON which product each sku is.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import django


def main() -> None:
    """Makes tables and goods."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peershop.settings")
    django.setup()
    # Only now, when its settings are known.
    from django.core.management import call_command  # noqa: PLC0415
    from oscar.core.loading import get_model  # noqa: PLC0415

    call_command("migrate", verbosity=0, interactive=False)
    get_model("address", "Country").objects.get_or_create(
        iso_3166_1_a2="CN",
        defaults={
            "iso_3166_1_a3": "CHN",
            "iso_3166_1_numeric": "156",
            "printable_name": "China",
            "name": "China",
            "is_shipping_country": True,
        },
    )
    kind, _ = get_model("catalogue", "ProductClass").objects.get_or_create(
        name="Goods", requires_shipping=True, track_stock=True
    )
    category = get_model("catalogue", "Category")
    aisle = category.objects.first() or category.add_root(name="All")
    partner, _ = get_model("partner", "Partner").objects.get_or_create(name="Shop", code="shop")
    known = {}
    for sku, units in json.loads(Path(sys.argv[1]).read_text()):
        product = get_model("catalogue", "Product").objects.create(
            title=f"Goods {sku}", product_class=kind, upc=sku, structure="standalone"
        )
        product.categories.add(aisle)
        get_model("partner", "StockRecord").objects.create(
            product=product,
            partner=partner,
            partner_sku=sku,
            price_currency="CNY",
            price="10.00",
            num_in_stock=units,
        )
        known[sku] = product.pk
    print(json.dumps(known))


if __name__ == "__main__":
    main()
