"""Every page, by what shoppers do there."""

from fastapi import APIRouter

from shengeng.storefront.pages import account, entering, helping

PAGES: tuple[APIRouter, ...] = (entering.router, account.router, helping.router)
