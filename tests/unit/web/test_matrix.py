"""Who may call what, over both applications: operators at the console, shoppers at the storefront."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from tests.factories.door import Door, open_door
from tests.factories.shopfront import Shopfront, open_shopfront

from shengeng.doors import PUBLIC_ROUTERS, ROUTERS
from shengeng.http.asking import principal
from shengeng.http.shopping import SHOPPERS
from shengeng.http.writing import SENDERS
from shengeng.kernel.roles import Role
from shengeng.storage.stores import Stores
from shengeng.web import guard
from shengeng.web.application import OWN

ID = "019cae6b-6600-7000-8000-000000000000"
# What each route of trade needs at least, at the console.
NEEDS: Mapping[Role, str] = {
    Role.VIEWER: """
        list_categories
        list_channels
        get_coupon_batch list_coupon_batches
        list_carriers list_delivery_rates list_delivery_zones quote_delivery
        get_picture
        shop_order_figures shop_order_numbers
        get_payments get_sandbox_faults list_payment_charges list_payment_intents list_payment_notices
        list_payment_reconciliations list_payment_refunds list_payment_transactions
        list_price_lists list_prices
        prices_now
        get_stacking_policy simulate_basket
        get_product list_products export_product_table export_count_sheet
        get_promotion list_promotions
        list_sellers
        list_shipments
        list_stock_faults list_stock_levels list_stock_locations list_stock_movements list_stock_quotas
        list_stock_reservations list_stock_variants
        list_tiers
    """,
    Role.OPERATOR: """
        put_categories
        end_coupon_batch get_coupon list_coupons
        put_delivery_rates put_delivery_zones
        add_picture
        list_members push_tiers read_member set_member_tier
        change_order_draft drop_order_draft place_order_draft write_order_draft
        note_on_shop_order reduce_shop_order
        cancel_shop_order list_shop_orders read_shop_order ship_shop_order
        ask_about_payment
        reconcile_payments reconcile_fetched reconcile_sandbox send_refund_again switch_sandbox_faults
        create_price_list remove_price
        set_prices
        move_products put_product
        bring_product_table change_product_prices preview_product_prices preview_product_table
        put_products_into book_count_sheet preview_count_sheet
        change_promotion create_promotion move_promotion preview_promotion
        load_sample
        put_seller
        track_shipment
        adjust_stock count_stock put_stock_location put_stock_quota receive_stock transfer_stock
        drop_tier put_tier
    """,
    Role.APPROVER: """
        put_channel
        issue_coupons
        close_member give_member_password reopen_member
        refund_shop_order
        return_parked_payment
        set_stacking_policy
    """,
    Role.ADMIN: """
        list_payment_ways set_up_payment_way
    """,
}
# What a guest may call at the storefront's API: everything else there is a member's own. Orders answer to
# their secret or their contact, notices to a provider's signature.
_OPEN = """
    snippet sign_up enter leave my_account store_products store_product store_categories store_picture
    my_basket add_to_basket change_basket_line add_basket_code drop_basket_code quote_checkout place_order
    start_payment my_order track_order cancel_my_order reduce_my_order payment_notice
"""
OPEN = frozenset(_OPEN.split())
TRADE = [
    (route, method)
    for route in guard.routes(ROUTERS)
    if route.path.startswith("/v1/trade")
    for method in sorted(route.methods or ())
]
STORE = [(route, method) for route in guard.routes(PUBLIC_ROUTERS) for method in sorted(route.methods or ())]
SENT = frozenset(route.name for route in guard.facts(PUBLIC_ROUTERS))


@pytest.fixture
def door(stores: Stores) -> Door:
    """The whole console over an empty shop."""
    return open_door(stores, ROUTERS)


@pytest.fixture
def shopfront(stores: Stores, door: Door) -> Shopfront:
    """The storefront of the same shop."""
    return open_shopfront(stores, door.wall)


def filled(path: str) -> str:
    return re.sub(r"{[^}]*}", ID, path)


def call(client: TestClient, route: APIRoute, method: str) -> int:
    body: dict[str, str] | None = None if method in ("GET", "DELETE") else {}
    return client.request(method, filled(route.path), json=body).status_code


def asked(dependant: Dependant) -> Iterator[object]:
    yield dependant.call
    for inner in dependant.dependencies:
        yield from asked(inner)


def needed(name: str) -> Role:
    found = [role for role, names in NEEDS.items() if name in names.split()]
    assert found, f"{name} stands in no role of the table"
    return found[0]


def test_the_table_of_trade_is_complete_and_names_each_route_once() -> None:
    named = [name for names in NEEDS.values() for name in names.split()]
    assert sorted(named) == sorted({route.name for route, _ in TRADE})


@pytest.mark.parametrize(("role", "way"), [*((role, "session") for role in Role), (Role.OPERATOR, "token")])
def test_no_session_and_no_token_exceeds_its_role(door: Door, role: Role, way: str) -> None:
    client = door.signed_in("mei", role) if way == "session" else door.program("mei", role)
    for route, method in TRADE:
        status = call(client, route, method)
        assert status != 401, route.name
        assert (status == 403) != role.may(needed(route.name)), (route.name, role, status)
        assert status < 500, route.name


def test_a_token_made_by_an_admin_for_viewing_views_and_no_more(door: Door) -> None:
    made = door.signed_in("root", Role.ADMIN).post("/v1/tokens", json={"name": "bi", "role": "viewer"})
    client = door.stranger(authorization=f"Bearer {made.json()['secret']}")
    for route, method in TRADE:
        assert (call(client, route, method) == 403) != Role.VIEWER.may(needed(route.name)), route.name


def test_operators_and_shoppers_are_asked_for_at_their_own_door_only() -> None:
    for route in guard.routes([*OWN, *ROUTERS]):
        assert not set(asked(route.dependant)) & set(SHOPPERS), route.name
    for route in guard.routes(PUBLIC_ROUTERS):
        found = set(asked(route.dependant))
        assert principal not in found or found & set(SENDERS), route.name
        assert found & {*SHOPPERS, *SENDERS} or route.name in OPEN, route.name


def test_a_guest_is_sent_to_sign_in_from_everything_that_is_a_members_own(shopfront: Shopfront) -> None:
    client = shopfront.guest()
    for route, method in STORE:
        status = call(client, route, method)
        own = route.name not in OPEN | SENT
        assert status < 500, route.name
        assert (status == 401) == (own or route.name in SENT), (route.name, status)


def test_an_operators_session_and_token_are_worth_nothing_at_the_storefront(
    door: Door, shopfront: Shopfront
) -> None:
    root = door.signed_in("root", Role.ADMIN)
    made = root.post("/v1/tokens", json={"name": "bot", "role": "admin"}).json()
    by_token = shopfront.guest(authorization=f"Bearer {made['secret']}")
    by_cookie = shopfront.guest()
    for name in ("sg_session", "sg_member"):
        by_cookie.cookies.set(name, root.cookies["sg_session"])
    for client in (by_token, by_cookie):
        client.headers["x-csrf-token"] = root.headers["x-csrf-token"]
        for route, method in STORE:
            if route.name not in OPEN | SENT:
                assert call(client, route, method) == 401, route.name


def test_a_members_session_opens_nothing_at_the_console(door: Door, shopfront: Shopfront) -> None:
    li = shopfront.member()
    by_cookie = door.stranger()
    for name in ("sg_session", "sg_member"):
        by_cookie.cookies.set(name, li.cookies["sg_member"])
    by_cookie.headers["x-csrf-token"] = li.headers["x-csrf-token"]
    by_token = door.stranger(authorization=f"Bearer {li.cookies['sg_member']}")
    for client in (by_cookie, by_token):
        for route, method in TRADE:
            assert call(client, route, method) == 401, route.name


def test_a_member_gets_nowhere_with_an_id_that_is_not_theirs(shopfront: Shopfront) -> None:
    client = shopfront.member()
    for route, method in STORE:
        if "{" in route.path and route.name not in OPEN | SENT:
            status = call(client, route, method)
            # An ended session is no error, whoever's it was; a body that lacks fields is looked at first.
            assert status in (404, 422) or route.name == "end_my_session", (route.name, status)


def test_the_storefront_does_not_serve_what_is_the_consoles(shopfront: Shopfront) -> None:
    client = shopfront.member()
    for route in guard.routes([*OWN, *ROUTERS]):
        if route.name not in {found.name for found, _ in STORE}:
            assert client.get(filled(route.path)).status_code in (404, 405), route.name


def test_the_console_does_not_serve_what_is_the_storefronts(door: Door) -> None:
    client = door.signed_in("root", Role.ADMIN)
    shared = {route.path for route in guard.routes([*OWN, *ROUTERS])}
    for route, _ in STORE:
        if route.path not in shared:
            assert client.get(filled(route.path)).status_code == 404, route.name
