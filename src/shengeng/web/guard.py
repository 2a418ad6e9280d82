"""The application does not start with a route that anybody may call by oversight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from shengeng.http.asking import principal

# By name of the route function. `me` answers null to strangers, `health` tells no figures.
PUBLIC = frozenset({"sign_in", "me", "health"})


def check(routers: Sequence[APIRouter]) -> None:
    """Refuses (a bug of ours) an unguarded route, and two routes of one name: names are operation ids."""
    seen: set[str] = set()
    for route in routes(routers):
        assert route.name not in seen, f"two routes are called {route.name}"
        seen.add(route.name)
        guarded = _asks_who(route.dependant)
        assert guarded or route.name in PUBLIC, f"{route.name} ({route.path}) does not ask who calls it"


def routes(routers: Sequence[APIRouter]) -> Iterator[APIRoute]:
    """The routes of the routers, which hold nothing else."""
    for router in routers:
        for route in router.routes:
            assert isinstance(route, APIRoute), f"{route} is no plain route: pass its router to create_app"
            yield route


def _asks_who(dependant: Dependant) -> bool:
    return dependant.call is principal or any(_asks_who(inner) for inner in dependant.dependencies)
