"""Tables of teams and who belongs to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shengeng.govern.teams.contracts import Team
from shengeng.storage.rows import UnitOfWork, metadata

teams = sa.Table(
    "teams",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("name_zh", sa.Text, nullable=False),
    sa.Column("name_en", sa.Text, nullable=False),
)
team_members = sa.Table(
    "team_members",
    metadata,
    sa.Column("operator", sa.Text, sa.ForeignKey("operators.name"), primary_key=True),
    sa.Column("team", sa.Text, sa.ForeignKey("teams.key"), primary_key=True),
)


def every(uow: UnitOfWork) -> list[Team]:
    rows = uow.conn.execute(sa.select(teams).order_by(teams.c.key)).mappings()
    return [Team(**row) for row in rows]


def add(uow: UnitOfWork, team: Team) -> bool:
    row = {"key": team.key, "name_zh": team.name_zh, "name_en": team.name_en}
    made = insert(teams).values(row).on_conflict_do_nothing().returning(teams.c.key)
    return uow.conn.execute(made).scalar() is not None


def memberships(uow: UnitOfWork, operators: Collection[str] | None) -> dict[str, tuple[str, ...]]:
    member = team_members.c
    found = sa.select(member.operator, sa.func.array_agg(sa.text("team ORDER BY team"))).group_by(
        member.operator
    )
    if operators is not None:
        found = found.where(member.operator.in_(operators))
    return {name: tuple(keys) for name, keys in uow.conn.execute(found)}


def replace(uow: UnitOfWork, operator: str, keys: Iterable[str]) -> None:
    uow.conn.execute(team_members.delete().where(team_members.c.operator == operator))
    rows = [{"operator": operator, "team": key} for key in keys]
    if rows:
        uow.conn.execute(team_members.insert(), rows)
