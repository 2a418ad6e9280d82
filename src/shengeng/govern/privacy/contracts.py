"""What privacy publishes: a person, the ports of whoever holds personal data, requests and refusals."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal, Protocol
from uuid import UUID

from shengeng.kernel.errors import Refusal
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores


@dataclass(frozen=True, slots=True)
class Person:
    """One person with every identifier that the shop knows of them.

    person_id: the customer id that estimates use ("anon:<anonymous_id>" for one known only by a device).
    stand_in: what takes the person's place in rows that must stay, such as decisions.
    """

    person_id: str
    customer_ids: frozenset[str] = frozenset()
    anonymous_ids: frozenset[str] = frozenset()
    phone_hashes: frozenset[str] = frozenset()
    email_hashes: frozenset[str] = frozenset()
    unionids: frozenset[str] = frozenset()
    stand_in: str = "erased"

    @property
    def ids(self) -> frozenset[str]:
        """What may stand in a column of customers: the person's id, and every customer id merged into it."""
        return self.customer_ids | {self.person_id}

    @property
    def every(self) -> frozenset[str]:
        """Every identifier, as it may stand anywhere in the shop."""
        kinds = (self.anonymous_ids, self.phone_hashes, self.email_hashes, self.unionids)
        return self.ids.union(*kinds)


class ExportPerson(Protocol):
    """Port: everything that one capability holds on a person."""

    def __call__(
        self, stores: Stores, uow: UnitOfWork, person: Person
    ) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """By dataset or table, its rows as they stand; plain values (JSON writes dates as ISO)."""
        ...


class ErasePerson(Protocol):
    """Port: one capability forgets a person. Runs again after a crash, so it is idempotent."""

    def __call__(self, stores: Stores, uow: UnitOfWork, person: Person) -> Mapping[str, int]:
        """By dataset or table, how many rows were removed or made nobody's."""
        ...


Resolve = Callable[[UnitOfWork, str], Person]


@dataclass(frozen=True, slots=True)
class Holder:
    """A capability that holds personal data. `app` lists them all; a house test finds the forgotten ones.

    datasets: lake datasets whose rows are about people; tables: rows of the database likewise.
    """

    name: str
    export_person: ExportPerson
    erase_person: ErasePerson
    datasets: tuple[str, ...] = field(default=())
    tables: tuple[str, ...] = field(default=())


Kind = Literal["export", "erasure", "restriction"]
Law = Literal["pipl", "gdpr"]
State = Literal["waiting", "approved", "running", "done", "cancelled", "failed"]
What = Literal["page", "timeline", "export", "consents"]
# Days until an answer is due: GDPR 12(3) says a month; PIPL 50 says in time, read here as 15 days.
DUE_DAYS: Mapping[Law, int] = {"pipl": 15, "gdpr": 30}
# Whoever asked for an erasure may approve it alone only after so long: time to see a mistake.
HOLD = timedelta(hours=24)
EXPORT_KEPT = timedelta(days=7)
PERFORM_TASK, KEEP_TASK, AGAIN_TASK = "privacy.perform", "privacy.keep", "privacy.again"
FOLDER, ERASURES = "privacy", "erasures.jsonl"


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asked of the shop about themselves, and how far it is. outcome: plain facts, by step."""

    id: UUID
    kind: Kind
    person_id: str
    asked_on: date
    asked_via: str
    proof: str
    law: Law
    due_on: date
    state: State
    made_by: str
    made_at: datetime
    hold_until: datetime
    approved_by: str | None = None
    approved_at: datetime | None = None
    job_id: int | None = None
    done_at: datetime | None = None
    gone_on: date | None = None
    gone_at: datetime | None = None
    file: str | None = None
    outcome: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a request."""

    at: datetime
    actor: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at a person's page within an hour."""

    operator: str
    person_id: str
    hour: datetime
    what: What


@dataclass(frozen=True, slots=True)
class Erased:
    """One identifier on the replay list: a keyed hash, never the identifier."""

    token: str
    person: str
    request_id: UUID
    erased_at: datetime


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long a kind of fact is kept; None: as long as the shop keeps the person."""

    kind: str
    days: int | None
    default: int | None
    updated_at: datetime | None
    updated_by: str | None


# Removes what is older than so many days of one kind; returns how many rows or files.
Forget = Callable[[Stores, UnitOfWork, datetime], int]
LastSeen = Callable[[Stores, UnitOfWork, Collection[str]], Mapping[str, datetime]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A kind of fact that has a retention: its default in days, and how it is forgotten."""

    kind: str
    default: int | None
    forget: Forget


@dataclass(frozen=True, slots=True)
class Wiring:
    """What `app` knows and privacy must not: every holder, who is who, when somebody was last seen."""

    holders: tuple[Holder, ...]
    resolve: Resolve
    last_seen: LastSeen
    kept: tuple[Kept, ...] = ()


NO_REQUEST = Refusal(
    "no_privacy_request", "not_found", en="There is no privacy request {id}.", zh="没有隐私请求 {id}。"
)
ASKED_ALREADY = Refusal(
    "asked_already",
    "conflict",
    en="A request of this kind for {person} is open already (since {day}): finish or cancel that one.",
    zh="{person} 已有一个同类请求未完成（{day} 提出）：请先完成或取消它。",
)
NO_PROOF_OF_WHO = Refusal(
    "no_proof_of_who",
    "invalid",
    en="Say how you made sure that {person} asks: an erasure or export for somebody else does harm.",
    zh="请写明如何确认是 {person} 本人提出：替他人删除或导出会造成损害。",
)
ASKED_LATER = Refusal(
    "asked_later",
    "invalid",
    en="The person cannot have asked on {day}, after today ({today}).",
    zh="提出日期 {day} 不能晚于今天（{today}）。",
)
NEEDS_ANOTHER = Refusal(
    "needs_another",
    "refused",
    en="{name} asked for this erasure: another approver may approve it now, {name} only after {until}.",
    zh="此删除由 {name} 提出：其他审批人可立即批准，{name} 本人须等到 {until} 之后。",
)
NOT_OPEN = Refusal(
    "not_open",
    "conflict",
    en="This request is {state} and can no longer be changed.",
    zh="该请求的状态是 {state}，不能再更改。",
)
NO_FILE = Refusal(
    "no_export_file",
    "not_found",
    en="The file of this export is not here (any more): it is kept for {days} days. Ask for it again.",
    zh="该导出文件不存在或已清除（保留 {days} 天）：请重新提出导出请求。",
)
NO_KIND = Refusal(
    "no_retention_kind",
    "invalid",
    en="{kind} has no retention: use one of {known}.",
    zh="“{kind}”没有保留期限设置：请使用 {known} 之一。",
)
BAD_DAYS = Refusal(
    "bad_retention",
    "invalid",
    en="{days} days cannot be kept: use 1 to 36500, or none for as long as the person is kept.",
    zh="不能保留 {days} 天：请填写 1 到 36500，或留空表示与个人信息同期保留。",
)
UPLOAD_RUNS = Refusal(
    "upload_runs",
    "unavailable",
    en="An import is running, whose files may name the person: the erasure goes on when it is over.",
    zh="有导入正在运行，其文件可能包含此人：导入结束后将继续删除。",
)
