"""Teams and their members."""

from __future__ import annotations

import pytest
from tests.factories.door import NOON, Door

from shengeng.govern.teams import api
from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL, Principal, Role
from shengeng.storage.stores import Stores


def test_a_new_shop_has_the_three_teams(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        assert api.teams(uow) == sorted(api.FIRST_TEAMS, key=lambda team: team.key)


def test_an_operator_belongs_to_exactly_the_teams_last_said(door: Door) -> None:
    door.hire("mei", Role.VIEWER, ["growth", "growth", "supply"])
    with door.stores.rows.unit() as uow:
        assert api.teams_of(uow) == {"mei": ("growth", "supply")}
        api.join(uow, "mei", ["service"])
        assert api.teams_of(uow, ["mei"]) == {"mei": ("service",)}
        api.join(uow, "mei", [])
        assert api.teams_of(uow) == {}


@pytest.mark.parametrize("key", ["", "North", "9x", "a b", "x" * 33, "北"])
def test_a_team_key_is_a_short_lower_case_word(stores: Stores, key: str) -> None:
    with stores.rows.unit() as uow, pytest.raises(ShopError) as caught:
        api.create_team(uow, SHELL, api.Team(key, "北区", "North"), NOON)
    assert caught.value.code == "bad_team"


@pytest.mark.parametrize("name", ["", "  ", "x" * 41, "a\nb"])
def test_a_team_needs_a_name_in_both_languages(stores: Stores, name: str) -> None:
    for team in (api.Team("north", name, "North"), api.Team("north", "北区", name)):
        with stores.rows.unit() as uow, pytest.raises(ShopError) as caught:
            api.create_team(uow, SHELL, team, NOON)
        assert caught.value.kind == "invalid"
        assert caught.value.text("zh")


def test_a_team_is_made_once_and_by_admins_only(stores: Stores) -> None:
    north = api.Team("north", "北区", "North")
    with stores.rows.unit() as uow:
        with pytest.raises(ShopError) as caught:
            api.create_team(uow, Principal("an", Role.APPROVER), north, NOON)
        assert caught.value.kind == "forbidden"
        api.create_team(uow, SHELL, north, NOON)
        with pytest.raises(ShopError) as caught:
            api.create_team(uow, SHELL, north, NOON)
        assert caught.value.kind == "conflict"
        assert north in api.teams(uow)
