"""The storefront does not start with a page that does not ask who shops, or a form that nobody checks."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from shengeng.http.shopping import SHOPPERS
from shengeng.storefront.asking import scene_apart

_ASKING = (*SHOPPERS, scene_apart)


def check(routers: Sequence[APIRouter]) -> None:
    """Refuses (a bug of ours) a page without `Visitor`, which is also what checks where a form came from."""
    for router in routers:
        for route in router.routes:
            assert isinstance(route, APIRoute), f"{route} is no plain route"
            assert _asks(route.dependant), f"{route.name} ({route.path}) does not ask who shops"
            assert (route.methods or set()) <= {"GET", "POST"}, f"{route.path}: forms know GET and POST only"


def _asks(dependant: Dependant) -> bool:
    return dependant.call in _ASKING or any(_asks(inner) for inner in dependant.dependencies)
