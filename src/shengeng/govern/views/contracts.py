"""What saved views publish, and what they refuse."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shengeng.kernel.errors import Refusal

MOST_VIEWS = 100  # of one operator; a longer menu helps nobody


@dataclass(frozen=True, slots=True)
class View:
    """A page of the console with the query of its address, as its owner named it."""

    id: UUID
    page: str
    name: str
    query: str


NO_VIEW = Refusal(
    "no_view",
    "not_found",
    en="You have no saved view {id}: it may have been deleted; reload the page.",
    zh="你没有已保存的视图 {id}：可能已被删除，请刷新页面。",
)
TOO_MANY_VIEWS = Refusal(
    "too_many_views",
    "refused",
    en="You keep {limit} saved views already, the most there may be: delete one first.",
    zh="你已保存 {limit} 个视图，达到上限：请先删除一个。",
)
