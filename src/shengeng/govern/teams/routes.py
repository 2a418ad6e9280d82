"""GET and POST /v1/teams."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, StringConstraints

from shengeng.govern.teams import api
from shengeng.http import Admin, Now, Unit, Viewer, error_answers

router = APIRouter(prefix="/v1/teams", tags=["govern"], responses=error_answers(401, 403, 409, 422))

Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]


class Team(BaseModel):
    """A team by its stable key, named in both languages."""

    model_config = ConfigDict(from_attributes=True, extra="forbid")
    key: Annotated[str, StringConstraints(max_length=32)]
    name_zh: Name
    name_en: Name


@router.get("")
def list_teams(_: Viewer, uow: Unit) -> list[Team]:
    """Every team."""
    return [Team.model_validate(team) for team in api.teams(uow)]


@router.post("", status_code=201)
def create_team(body: Team, who: Admin, uow: Unit, now: Now) -> Team:
    """A new team (admin)."""
    return Team.model_validate(api.create_team(uow, who, api.Team(body.key, body.name_zh, body.name_en), now))
