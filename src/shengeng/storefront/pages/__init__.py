"""Every page, by what shoppers do there."""

from fastapi import APIRouter

from shengeng.storefront.pages import account, basket, checkout, entering, helping, home, item, orders, shelf

PAGES: tuple[APIRouter, ...] = (
    home.router,
    shelf.router,
    item.router,
    basket.router,
    checkout.router,
    orders.router,
    entering.router,
    account.router,
    helping.router,
)
