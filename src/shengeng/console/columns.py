"""The columns of every exported list, once, in both languages."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from shengeng.console.customers import CustomerRow, NextPurchaseRow
from shengeng.console.demand import DemandRow, DemandWeek, StoreDemand
from shengeng.console.sheets import Field
from shengeng.decide.audiences.contracts import Member
from shengeng.decide.ledger.contracts import DecisionRow, Group
from shengeng.govern.access.contracts import Operator, Token
from shengeng.govern.audit.contracts import AuditRow
from shengeng.kernel.errors import Lang
from shengeng.kernel.money import from_minor
from shengeng.learn.scorecard.contracts import Point
from shengeng.storage.contracts import Job
from shengeng.trade.payments.contracts import Posting, Transaction
from shengeng.trade.pricing.contracts import Coupon
from shengeng.understand.lifecycle.contracts import Mover


def _action(action: Any) -> str:
    """A stock-up is its number of units; anything else stands as it is."""
    return str(action["units"]) if "units" in action else json.dumps(dict(action), ensure_ascii=False)


def _if_minor(wanted: bool, value: Callable[[Point], float]) -> Callable[[Point], float | None]:
    """Amounts go to columns of money, counts to columns of numbers."""
    return lambda point: value(point) if (point.unit == "minor") is wanted else None


CUSTOMERS: tuple[Field[CustomerRow], ...] = (
    Field("顾客", "Customer", "text", lambda row: row.customer_id),
    Field("阶段", "Stage", "text", lambda row: row.stage),
    Field("层级", "Tier", "text", lambda row: row.tier),
    Field("预期贡献", "Expected margin", "money", lambda row: row.value_minor.mid),
    Field("预期贡献下限", "Expected margin, low", "money", lambda row: row.value_minor.low),
    Field("预期贡献上限", "Expected margin, high", "money", lambda row: row.value_minor.high),
    Field("活跃概率", "Probability active", "share", lambda row: row.p_alive),
    Field("订单", "Orders", "number", lambda row: row.orders),
    Field("累计消费", "Spend", "money", lambda row: row.spend_minor),
    Field("节奏（天）", "Rhythm (days)", "number", lambda row: row.rhythm_days),
    Field("最近购买", "Last order", "day", lambda row: row.last_on),
    Field("首次购买", "First order", "day", lambda row: row.first_on),
)


def scene_in(lang: Lang) -> Field[CustomerRow]:
    """The name of the customer's scene in the reader's language."""
    return Field("场景", "Scene", "text", lambda row: row.persona and getattr(row.persona, f"name_{lang}"))


DEMAND: tuple[Field[DemandRow], ...] = (
    Field("商品编号", "Product number", "text", lambda row: row.product_id),
    Field("商品", "Product", "text", lambda row: row.title),
    Field("品类", "Category", "text", lambda row: row.category),
    Field("部门", "Department", "text", lambda row: row.department),
    Field("上周销量", "Sold last week", "number", lambda row: row.last_week),
    Field("下周平均", "Next week, mean", "number", lambda row: row.mean),
    Field("下周 10%", "Next week, 10%", "number", lambda row: row.p10),
    Field("下周中位数", "Next week, median", "number", lambda row: row.p50),
    Field("下周 90%", "Next week, 90%", "number", lambda row: row.p90),
    Field("建议备货", "Proposed stock", "number", lambda row: row.decision and row.decision.units),
    Field("状态", "State", "text", lambda row: row.decision and row.decision.state),
)
GROUPS: tuple[Field[Group], ...] = (
    Field("打法", "Play", "text", lambda row: row.play),
    Field("分组", "Group", "text", lambda row: row.group_key),
    Field("团队", "Team", "text", lambda row: row.team),
    Field("提出日", "Proposed on", "day", lambda row: row.proposed_on),
    Field("窗口开始", "Window start", "day", lambda row: row.window_start),
    Field("窗口结束", "Window end", "day", lambda row: row.window_end),
    Field("决策数", "Decisions", "number", lambda row: row.count),
    Field("预期收益", "Expected gain", "money", lambda row: row.gain.mid),
    Field("预期收益下限", "Expected gain, low", "money", lambda row: row.gain.low),
    Field("预期收益上限", "Expected gain, high", "money", lambda row: row.gain.high),
    Field("依据", "Basis", "text", lambda row: row.basis),
    Field("成本", "Cost", "money", lambda row: row.cost_minor),
    Field("预测", "Forecast", "number", lambda row: row.forecast.mid),
    Field("预测单位", "Forecast unit", "text", lambda row: row.forecast_unit),
    Field("状态", "State", "text", lambda row: row.state),
)
DECISIONS: tuple[Field[DecisionRow], ...] = (
    Field("决策", "Decision", "text", lambda row: row.id),
    Field("打法", "Play", "text", lambda row: row.play),
    Field("对象", "Subject", "text", lambda row: row.title),
    Field("顾客", "Customer", "text", lambda row: row.subject_params.get("customer_id")),
    Field("商品编号", "Product number", "text", lambda row: row.subject_params.get("product_id")),
    Field("动作", "Action", "text", lambda row: _action(row.action)),
    Field("默认动作", "Default action", "text", lambda row: _action(row.default_action)),
    Field("预期收益", "Expected gain", "money", lambda row: row.gain and row.gain.mid),
    Field("预期收益下限", "Expected gain, low", "money", lambda row: row.gain and row.gain.low),
    Field("预期收益上限", "Expected gain, high", "money", lambda row: row.gain and row.gain.high),
    Field("依据", "Basis", "text", lambda row: row.basis),
    Field("成本", "Cost", "money", lambda row: row.cost_minor),
    Field("预测", "Forecast", "number", lambda row: row.forecast.mid),
    Field("预测下限", "Forecast, low", "number", lambda row: row.forecast.low),
    Field("预测上限", "Forecast, high", "number", lambda row: row.forecast.high),
    Field("预测单位", "Forecast unit", "text", lambda row: row.forecast_unit),
    Field("提出日", "Proposed on", "day", lambda row: row.proposed_on),
    Field("窗口开始", "Window start", "day", lambda row: row.window_start),
    Field("窗口结束", "Window end", "day", lambda row: row.window_end),
    Field("团队", "Team", "text", lambda row: row.team),
    Field("状态", "State", "text", lambda row: row.state),
    Field("实际", "Observed", "number", lambda row: row.settlement and row.settlement.forecast_observed),
    Field(
        "实际收益",
        "Observed gain",
        "money",
        lambda row: row.settlement and row.settlement.gain_observed_minor,
    ),
)
POINTS: tuple[Field[Point], ...] = (
    Field("日期", "Day", "day", lambda row: row.day),
    Field("打法", "Play", "text", lambda row: row.play),
    Field("分组", "Group", "text", lambda row: row.group_key),
    Field("决策数", "Decisions", "number", lambda row: row.n),
    Field("单位", "Unit", "text", lambda row: row.unit),
    Field("预期", "Expected", "number", _if_minor(False, lambda row: row.expected.mid)),
    Field("预期下限", "Expected, low", "number", _if_minor(False, lambda row: row.expected.low)),
    Field("预期上限", "Expected, high", "number", _if_minor(False, lambda row: row.expected.high)),
    Field("实际", "Observed", "number", _if_minor(False, lambda row: row.observed)),
    Field("预期收益", "Expected gain", "money", _if_minor(True, lambda row: row.expected.mid)),
    Field("预期收益下限", "Expected gain, low", "money", _if_minor(True, lambda row: row.expected.low)),
    Field("预期收益上限", "Expected gain, high", "money", _if_minor(True, lambda row: row.expected.high)),
    Field("实际收益", "Observed gain", "money", _if_minor(True, lambda row: row.observed)),
)
AUDIT: tuple[Field[AuditRow], ...] = (
    Field("编号", "Number", "number", lambda row: row.id),
    Field("时间（UTC）", "Time (UTC)", "moment", lambda row: row.at),
    Field("操作人", "Actor", "text", lambda row: row.actor),
    Field("操作", "Action", "text", lambda row: row.action),
    Field("对象", "Target", "text", lambda row: row.target),
    Field("详情", "Detail", "text", lambda row: json.dumps(dict(row.detail), ensure_ascii=False)),
)
REJECTS: tuple[Field[Any], ...] = (
    Field("文件", "File", "text", lambda row: row.file),
    Field("行", "Row", "number", lambda row: row.row),
    Field("列", "Column", "text", lambda row: row.column),
    Field("值", "Value", "text", lambda row: row.value),
    Field("原因", "Reason", "text", lambda row: row.reason),
)
DATASETS: tuple[Field[Any], ...] = (
    Field("数据集", "Data set", "text", lambda row: row.dataset),
    Field("行数", "Rows", "number", lambda row: row.rows),
    Field("文件数", "Files", "number", lambda row: row.files),
    Field("字节", "Bytes", "number", lambda row: row.bytes),
    Field("更新时间（UTC）", "Updated (UTC)", "moment", lambda row: row.updated_at),
)

PERSONA_MEMBERS: tuple[Field[dict[str, Any]], ...] = (
    Field("顾客", "Customer", "text", lambda row: row["customer_id"]),
    Field("场景编号", "Scene", "text", lambda row: row["persona_id"]),
    Field("在此场景", "In this scene", "share", lambda row: row["weight"]),
    Field("购物篮", "Baskets", "number", lambda row: row["baskets"]),
)
AUDIENCE_MEMBERS: tuple[Field[Member], ...] = (
    Field("顾客", "Customer", "text", lambda row: row.person_id),
    Field("进入时间", "In it since", "text", lambda row: row.since.isoformat(sep=" ", timespec="seconds")),
)
MOVERS: tuple[Field[Mover], ...] = (
    Field("顾客", "Customer", "text", lambda row: row.customer_id),
    Field("如今阶段", "Stage now", "text", lambda row: row.stage),
    Field("如今层级", "Tier now", "text", lambda row: row.tier),
    Field("预期贡献", "Expected margin", "money", lambda row: row.value_minor),
    Field("活跃概率", "Probability active", "share", lambda row: row.p_alive),
    Field("沉默天数", "Silent for days", "number", lambda row: row.silent_days),
    Field("节奏（天）", "Rhythm (days)", "number", lambda row: row.rhythm_days),
)
NEXT_PURCHASES: tuple[Field[NextPurchaseRow], ...] = (
    Field("商品编号", "Product number", "text", lambda row: row.product_id),
    Field("商品", "Product", "text", lambda row: row.title),
    Field("品类", "Category", "text", lambda row: row.category),
    Field("一周内购买概率", "Buys within a week", "share", lambda row: row.probability),
    Field("预计购买日", "Due on", "day", lambda row: row.due_on),
    Field("最近购买", "Last bought", "day", lambda row: row.last_on),
    Field("节奏（天）", "Rhythm (days)", "number", lambda row: row.rhythm_days),
    Field("订单", "Orders", "number", lambda row: row.orders),
)
STORES: tuple[Field[StoreDemand], ...] = (
    Field("门店", "Store", "text", lambda row: row.store_id),
    Field("上周销量", "Sold last week", "number", lambda row: row.last_week),
    Field("下周 10%", "Next week, 10%", "number", lambda row: row.p10),
    Field("下周中位数", "Next week, median", "number", lambda row: row.p50),
    Field("下周 90%", "Next week, 90%", "number", lambda row: row.p90),
)
WEEKS: tuple[Field[DemandWeek], ...] = (
    Field("周起始日", "Week from", "day", lambda row: row.week_start),
    Field("销量", "Units", "number", lambda row: row.units),
)
JOBS: tuple[Field[Job], ...] = (
    Field("编号", "Number", "number", lambda row: row.id),
    Field("任务", "Job", "text", lambda row: row.kind),
    Field("状态", "State", "text", lambda row: row.state),
    Field("进度", "Done", "share", lambda row: row.percent / 100),
    Field("步骤", "Step", "text", lambda row: row.step),
    Field("开始（UTC）", "Started (UTC)", "moment", lambda row: row.started_at),
    Field("结束（UTC）", "Finished (UTC)", "moment", lambda row: row.finished_at),
    Field("错误", "Error", "text", lambda row: row.error),
)
OPERATORS: tuple[Field[Operator], ...] = (
    Field("姓名", "Name", "text", lambda row: row.name),
    Field("角色", "Role", "text", lambda row: str(row.role)),
    Field("团队", "Teams", "text", lambda row: ", ".join(row.teams)),
    Field("可登录", "May enter", "text", lambda row: "no" if row.disabled else "yes"),
    Field("创建（UTC）", "Made (UTC)", "moment", lambda row: row.created_at),
    Field("最近登录（UTC）", "Last seen (UTC)", "moment", lambda row: row.last_seen_at),
)
TOKENS: tuple[Field[Token], ...] = (
    Field("名称", "Name", "text", lambda row: row.name),
    Field("持有人", "Owner", "text", lambda row: row.operator),
    Field("角色", "Role", "text", lambda row: str(row.role)),
    Field("创建（UTC）", "Made (UTC)", "moment", lambda row: row.created_at),
    Field("最近使用（UTC）", "Last used (UTC)", "moment", lambda row: row.last_used_at),
    Field("到期（UTC）", "Expires (UTC)", "moment", lambda row: row.expires_at),
)
COUPONS: tuple[Field[Coupon], ...] = (
    Field("优惠码", "Code", "text", lambda row: row.code),
    Field("状态", "State", "text", lambda row: row.state),
    Field("会员", "Member", "text", lambda row: row.member_id),
    Field("可用次数", "Uses", "number", lambda row: row.uses_most),
    Field("已用或锁定", "Taken", "number", lambda row: row.taken),
    Field("截止（UTC）", "Until (UTC)", "moment", lambda row: row.ends_at),
)
# A side each: what is debited is positive. Its own currency, since a shop may be paid in several.
POSTINGS: tuple[Field[tuple[Transaction, Posting]], ...] = (
    Field("时间（UTC）", "When (UTC)", "moment", lambda row: row[0].at),
    Field("凭证", "Transaction", "text", lambda row: str(row[0].id)),
    Field("事项", "What", "text", lambda row: row[0].about),
    Field("订单", "Order", "text", lambda row: row[0].order_id),
    Field("科目", "Account", "text", lambda row: row[1].account),
    Field("金额", "Amount", "number", lambda row: from_minor(row[1].amount_minor, row[0].currency)),
    Field("币种", "Currency", "text", lambda row: row[0].currency),
)
