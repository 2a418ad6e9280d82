"""Names of events and of their properties: GA4's in Segment's e-commerce words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# GA4 recommended events (developers.google.com/analytics/devguides/collection/ga4/reference/events) on the
# left, Segment's e-commerce specification v2 on the right.
GA4: Mapping[str, str] = {
    "view_item": "Product Viewed",
    "view_item_list": "Product List Viewed",
    "select_item": "Product Clicked",
    "add_to_cart": "Product Added",
    "remove_from_cart": "Product Removed",
    "view_cart": "Cart Viewed",
    "add_to_wishlist": "Product Added to Wishlist",
    "begin_checkout": "Checkout Started",
    "add_shipping_info": "Checkout Step Completed",
    "add_payment_info": "Payment Info Entered",
    "purchase": "Order Completed",
    "refund": "Order Refunded",
    "view_promotion": "Promotion Viewed",
    "select_promotion": "Promotion Clicked",
    "search": "Products Searched",
    "view_search_results": "Products Searched",
    "share": "Product Shared",
    "login": "Signed In",
    "sign_up": "Signed Up",
    "page_view": "Page Viewed",
    "screen_view": "Screen Viewed",
}
_PARAMETERS: Mapping[str, str] = {
    "items": "products",
    "transaction_id": "order_id",
    "search_term": "query",
    "item_list_id": "list_id",
    "item_list_name": "list_name",
    "payment_type": "payment_method",
    "shipping_tier": "shipping_method",
    "promotion_name": "name",
    "creative_name": "creative",
    "creative_slot": "position",
    "page_location": "url",
    "page_title": "title",
    "page_referrer": "referrer",
    "screen_name": "name",
}
_ITEM: Mapping[str, str] = {
    "item_id": "product_id",
    "item_name": "name",
    "item_brand": "brand",
    "item_category": "category",
    "item_variant": "variant",
    "index": "position",
    "item_list_id": "list_id",
    "item_list_name": "list_name",
    "promotion_name": "promotion",
    "creative_name": "creative",
    "creative_slot": "creative_position",
}
# What calls without a name of their own are called.
NAMELESS: Mapping[str, str] = {
    "page": "Page Viewed",
    "screen": "Screen Viewed",
    "identify": "Identified",
    "group": "Grouped",
    "alias": "Aliased",
}
# Segment's e-commerce specification v2 and our own names of the live shop: what the console offers.
SEGMENT: tuple[str, ...] = (
    *dict.fromkeys(GA4.values()),
    "Product List Filtered",
    "Checkout Step Viewed",
    "Order Updated",
    "Order Cancelled",
    "Coupon Entered",
    "Coupon Applied",
    "Coupon Denied",
    "Coupon Removed",
    "Product Removed from Wishlist",
    "Wishlist Product Added to Cart",
    "Cart Shared",
    "Product Reviewed",
)
OURS: tuple[str, ...] = (
    "Live Entered",
    "Live Left",
    "Live Interacted",
    "Live Explain Started",
    "Live Explain Ended",
    "Live Product Clicked",
    "Challenge Submitted",
    "Challenge Verified",
    "Coupon Issued",
    "Coupon Redeemed",
    "WeCom Contact Added",
    "WeCom Contact Deleted",
    "Group Joined",
    "Group Left",
    "Treatment Assigned",
    "Treatment Exposed",
    "Treatment Sent",
    "Treatment Suppressed",
)


def in_our_words(properties: Mapping[str, Any]) -> dict[str, Any]:
    """GA4 parameters under Segment's names; what has no other name keeps its own."""
    found = _renamed(properties, _PARAMETERS)
    products = found.get("products")
    if isinstance(products, list):
        found["products"] = [_renamed(i, _ITEM) if isinstance(i, dict) else i for i in products]
    return _renamed(found, _ITEM) if "item_id" in found else found


def _renamed(things: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """A name that is there already wins over one that would be renamed to it."""
    kept = {key: value for key, value in things.items() if key not in names}
    moved = {names[key]: value for key, value in things.items() if key in names}
    return moved | kept
