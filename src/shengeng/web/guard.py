"""The application does not start with a route that anybody may call by oversight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from shengeng.http.asking import principal
from shengeng.http.shopping import SHOPPERS
from shengeng.http.writing import SENDERS

# By name of the route function. `me` answers null to strangers, `health` tells no figures.
# `snippet` is the script that web pages load. `payment_notice` believes what a provider has signed, no more.
PUBLIC = frozenset({"sign_in", "me", "health", "snippet", "payment_notice"})


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


def facts(routers: Sequence[APIRouter]) -> Iterator[APIRoute]:
    """The routes that take facts from senders with a write key, and therefore raw bodies."""
    return (route for route in routes(routers) if _asks_for(route.dependant, SENDERS))


def _asks_who(dependant: Dependant) -> bool:
    return _asks_for(dependant, (principal, *SENDERS, *SHOPPERS))


def _asks_for(dependant: Dependant, calls: Sequence[object]) -> bool:
    return dependant.call in calls or any(_asks_for(inner, calls) for inner in dependant.dependencies)
