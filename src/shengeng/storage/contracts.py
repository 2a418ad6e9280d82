"""What storage hands out and what it refuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from shengeng.kernel.errors import Refusal, ShopError

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
JobState = Literal["waiting", "running", "succeeded", "failed", "cancelled"]

DATABASE_AWAY = Refusal(
    "database_away",
    "unavailable",
    en="The database did not answer ({why}). Nothing was written; repeat the step later.",
    zh="数据库没有响应（{why}）。没有写入任何内容；请稍后重试这一步。",
)
BUSY = Refusal(
    "busy",
    "conflict",
    en="Somebody else was changing the same thing ({why}). Nothing was written; repeat the step.",
    zh="有人正在修改同一项内容（{why}）。没有写入任何内容；请重试这一步。",
)
BAD_DATABASE_URL = Refusal(
    "bad_database_url",
    "invalid",
    en="SHENGENG_DATABASE_URL is not a PostgreSQL address: write postgresql://user:password@host:5432/name.",
    zh="SHENGENG_DATABASE_URL 不是 PostgreSQL 地址：请写成 postgresql://user:password@host:5432/name。",
)
DISK_FULL = Refusal(
    "disk_full",
    "unavailable",
    en="No space left in {folder} ({free} bytes free). Nothing was kept; make room and repeat the step.",
    zh="{folder} 的磁盘空间不足（剩余 {free} 字节）。未保留任何半成品；请腾出空间后重试。",
)
MEMORY_FULL = Refusal(
    "memory_full",
    "unavailable",
    en="The question needs more memory than SHENGENG_MEMORY_LIMIT={limit}. Raise it and repeat the step.",
    zh="该计算所需内存超过 SHENGENG_MEMORY_LIMIT={limit}。请调高后重试。",
)
OUT_OF_RANGE = Refusal(
    "out_of_range",
    "invalid",
    en="A value of this request is larger than the database can keep. Nothing was written.",
    zh="请求中有数值超出数据库可保存的范围。没有写入任何内容。",
)
NO_DATASET = Refusal(
    "no_dataset",
    "not_found",
    en="The lake holds no {dataset} yet: import data or run a cycle first.",
    zh="数据湖中还没有 {dataset}：请先导入数据或运行一次周期。",
)
NO_SNAPSHOT = Refusal(
    "no_snapshot",
    "not_found",
    en="Snapshot {snapshot} of {dataset} is no longer kept; the oldest kept one is {oldest}.",
    zh="{dataset} 的快照 {snapshot} 已不再保留；最早保留的快照是 {oldest}。",
)
DAMAGED_FILE = Refusal(
    "damaged_file",
    "unavailable",
    en="The lake file {path} of {dataset} is {fault}. Put it back from a backup, or import {dataset} again.",
    zh="{dataset} 的数据文件 {path} {fault_zh}。请从备份恢复该文件，或重新导入 {dataset}。",
)
SCHEMA_CLASH = Refusal(
    "schema_clash",
    "conflict",
    en="Column {column} of {dataset} is {old} in the lake and {new} in the new rows. "
    "Convert it before writing.",
    zh="{dataset} 的列 {column} 在数据湖中是 {old}，新数据中是 {new}。请先转换类型再写入。",
)
NO_JOB = Refusal(
    "no_job",
    "not_found",
    en="There is no job {id}. It may have been tidied away.",
    zh="没有任务 {id}，可能已被清理。",
)
WORKER_LOST = Refusal(
    "worker_lost",
    "refused",
    en="The job ended its worker {runs} times and is not tried again. The worker's log and memory say why.",
    zh="该任务已 {runs} 次导致工作进程终止，不再重试。原因请查看工作进程的日志和内存。",
)
ENDED_SILENTLY = Refusal(
    "ended_silently",
    "refused",
    en="The job {name} ended without a report. The worker's log says why; start it again.",
    zh="任务 {name} 未报告结果即结束。原因请查看工作进程的日志；可重新启动该任务。",
)
NO_TASK = Refusal(
    "no_task",
    "invalid",
    en="No task is called {name}. Known tasks: {known}.",
    zh="没有名为 {name} 的任务。已有任务：{known}。",
)


_FAULTS_ZH = {
    "missing": "不见了",
    "shortened": "被截短",
    "altered": "内容被改动",
    "damaged": "已损坏",
    "unreadable": "无法读取",
}


def damaged(dataset: str, path: Path, fault: str) -> ShopError:
    """The refusal to read a lake file. fault: missing, shortened, altered, damaged or unreadable."""
    return DAMAGED_FILE.error(dataset=dataset, path=path, fault=fault, fault_zh=_FAULTS_ZH[fault])


class Cancelled(Exception):  # noqa: N818  nothing went wrong
    """Somebody cancelled the job; raised by Progress.check at the next safe point."""


@dataclass(frozen=True, slots=True)
class DatasetStats:
    """How much one dataset of the lake holds now. bytes: compressed, on disk; updated_at: aware UTC."""

    dataset: str
    rows: int
    files: int
    bytes: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class FileFault:
    """A file that the manifest lists and the disk contradicts. fault: missing, shortened or altered."""

    dataset: str
    path: str
    fault: str


@dataclass(frozen=True, slots=True)
class Job:
    """One background job as people see it. percent 0 to 100; log: its last 200 lines; error in English."""

    id: int
    kind: str
    state: JobState
    percent: float
    step: str
    log: tuple[str, ...]
    error: str | None
    started_at: datetime | None
    finished_at: datetime | None
    cancel_requested: bool = False
    error_zh: str | None = None

    @property
    def over(self) -> bool:
        """Whether the job has come to its end."""
        return self.state in ("succeeded", "failed", "cancelled")
