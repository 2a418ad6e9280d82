"""Every page, by what shoppers do there."""

from fastapi import APIRouter

from shengeng.storefront.pages import account, entering, helping, home, item, shelf

PAGES: tuple[APIRouter, ...] = (
    home.router,
    shelf.router,
    item.router,
    entering.router,
    account.router,
    helping.router,
)
