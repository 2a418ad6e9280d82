"""What the shop says about itself, and the assumptions that its decisions rest on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from shengeng.kernel.errors import Refusal
from shengeng.kernel.units import Minor, Rate

Unit = Literal["share", "minor", "days", "count"]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the shop's data come from and what its publishers say of its origin."""

    title: str
    country: str
    year: str
    licence: str
    origin_note_zh: str
    origin_note_en: str
    source_url: str


# A shop whose newest known day lies further back than this is looked back at, not run.
LIVE_DAYS = 35


@dataclass(frozen=True, slots=True)
class Profile:
    """The shop. as_of: the shop clock, the last local day that is known; None before any orders."""

    name: str
    timezone: str
    currency: str
    as_of: date | None
    simulated: bool
    provenance: Provenance | None

    @property
    def today(self) -> date | None:
        """The local day that people plan: the one after as_of."""
        return self.as_of + timedelta(days=1) if self.as_of else None

    def moment(self, now: datetime) -> datetime:
        """The shop's present on its own wall clock (naive): where windows that look back end.

        now: the wall clock, aware. While the last known day is at most LIVE_DAYS back the shop is live
        and its present is now; a replayed or historic shop stands at the end of its last known day.
        """
        local = now.astimezone(ZoneInfo(self.timezone)).replace(tzinfo=None)
        if self.as_of is None:
            return local
        known_until = datetime.combine(self.as_of + timedelta(days=1), time())
        return local if known_until <= local <= known_until + timedelta(days=LIVE_DAYS) else known_until


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What decisions take for given until it is measured; people edit it, every change is audited."""

    margin_rate: Rate = 0.25
    scrap_rate: Rate = 0.10
    contact_cost_minor: Minor = 1
    reminder_response: Rate = 0.03
    reminders_per_customer: int = 2
    min_gain_minor: Minor = 100
    horizon_days: int = 365
    plays_per_customer: int = 1
    winback_response: Rate = 0.01
    winback_coupon_response: Rate = 0.03
    winback_coupon_rate: Rate = 0.10
    winback_call_response: Rate = 0.08
    call_cost_minor: Minor = 200
    calls_per_week: int = 40
    winback_mid_share: Rate = 0.0
    complement_response: Rate = 0.02
    identity_most_customers: int = 3
    marketing_unknown: int = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds (both allowed), unit and meaning of one assumption."""

    low: float
    high: float
    unit: Unit
    about_zh: str
    about_en: str

    def fit(self, value: float) -> float | None:
        """The value as this kind of number; None for one out of bounds, NaN, or a fraction of a count."""
        whole = self.unit != "share"
        if not (math.isfinite(value) and self.low <= value <= self.high) or (whole and value != int(value)):
            return None
        return int(value) if whole else float(value)


LIMITS: dict[str, Limits] = {
    "margin_rate": Limits(
        0.01,
        0.95,
        "share",
        "售价中扣除商品成本后的毛利占比",
        "Share of the price that is left after the cost of the goods",
    ),
    "scrap_rate": Limits(
        0.0,
        1.0,
        "share",
        "一周内未售出的一件商品的损失占售价的比例",
        "Share of the price lost on a unit that is left over after a week",
    ),
    "contact_cost_minor": Limits(
        0, 100_000, "minor", "触达一位顾客一次的成本", "Cost of reaching one customer once"
    ),
    "reminder_response": Limits(
        0.0,
        0.5,
        "share",
        "本周不会自行购买的顾客中，收到提醒后会购买的比例",
        "Share who buy because of a reminder, among those who would not have bought this week unasked",
    ),
    "reminders_per_customer": Limits(
        1, 20, "count", "每位顾客每周最多的提醒次数", "Reminders that one customer gets in a week at most"
    ),
    "min_gain_minor": Limits(
        0,
        1_000_000,
        "minor",
        "低于此预期收益的补货建议不提出",
        "Stock decisions that expect to gain less than this are not proposed",
    ),
    "plays_per_customer": Limits(
        1,
        10,
        "count",
        "一周内最多有几种打法触达同一位顾客（先后：召回、复购提醒、搭配）",
        "Plays that may reach one customer in a week, at most (in order: win-back, reminder, complement)",
    ),
    "winback_response": Limits(
        0.0,
        0.5,
        "share",
        "有流失风险、本周不会自行购买的顾客中，收到一条消息后会回来的比例",
        "Share who come back because of a message, among those at risk who would not have bought this week",
    ),
    "winback_coupon_response": Limits(
        0.0, 0.5, "share", "同上，消息附带优惠券时的比例", "The same share when the message brings a coupon"
    ),
    "winback_coupon_rate": Limits(
        0.0,
        0.9,
        "share",
        "召回优惠券的面额占一次订单的比例；自行购买者也会用",
        "What a win-back coupon takes off an order; those who come back unasked use it too",
    ),
    "winback_call_response": Limits(
        0.0, 0.5, "share", "同上，改为一通电话时的比例", "The same share when somebody calls"
    ),
    "call_cost_minor": Limits(0, 100_000, "minor", "一通电话的成本", "Cost of one phone call"),
    "calls_per_week": Limits(
        0, 1_000_000, "count", "一周内最多能打的电话数", "Phone calls that the team can make in a week"
    ),
    "winback_mid_share": Limits(
        0.0,
        1.0,
        "share",
        "召回预算中最多可用于中价值顾客的占比；为 0 或未设预算时只召回高价值顾客",
        "Share of the win-back budget for the middle tier, at most; at 0 or without a budget: high tier only",
    ),
    "complement_response": Limits(
        0.0,
        0.5,
        "share",
        "本周不会自行购买搭配商品的顾客中，收到推荐后会购买的比例（以搭配出现在十分之一的订单中为准，按可能性成比例增减）",
        "Share who buy a complement because of a suggestion, where one in ten baskets has it; as likelier",
    ),
    "identity_most_customers": Limits(
        1,
        50,
        "count",
        "一个手机号（或邮箱、unionid）最多属于几个顾客编号；超过则视为共用号码，不据此合并",
        "Customer ids that one phone (or e-mail, unionid) may have; above it, it is shared and merges nobody",
    ),
    "marketing_unknown": Limits(
        0,
        1,
        "count",
        "从未表态是否同意营销的顾客：1 可触达，0 不触达。《个人信息保护法》要求先有同意，不确定时请设为 0",
        "Customers who never said whether they agree to marketing: 1 reach, 0 leave out. PIPL wants consent "
        "first: set 0 where in doubt",
    ),
    "horizon_days": Limits(
        7,
        1095,
        "days",
        "计算顾客价值与决策收益的期限",
        "Days over which a customer's value and a decision's gain are counted",
    ),
}


@dataclass(frozen=True, slots=True)
class Assumption:
    """One assumption as the screen shows it; updated_at and updated_by are None while it is our default."""

    key: str
    value: float
    default: float
    limits: Limits
    updated_at: datetime | None
    updated_by: str | None


NO_SHOP = Refusal(
    "no_shop",
    "not_found",
    en="This home has no shop yet: import orders first (shengeng import FOLDER).",
    zh="这里还没有店铺：请先导入订单（shengeng import FOLDER）。",
)
NAME_OF_SHOP = Refusal(
    "bad_shop_name",
    "invalid",
    en="{value} cannot be the shop's name: use 1 to 80 characters.",
    zh="“{value}”不能作为店铺名称：请用 1 到 80 个字符。",
)
SHOP_FIXED = Refusal(
    "shop_fixed",
    "conflict",
    en="The shop's {field} is {old} and its orders are stored in it; {new} needs a home of its own.",
    zh="店铺的{field_zh}是 {old}，订单已按此保存；使用 {new} 需要另建一个 SHENGENG_HOME。",
)
CLOCK_BACK = Refusal(
    "clock_back",
    "refused",
    en="The shop knows everything up to {as_of} already and cannot go back to {day}.",
    zh="店铺已知晓截至 {as_of} 的全部事实，不能退回到 {day}。",
)
NO_ASSUMPTION = Refusal(
    "no_assumption",
    "invalid",
    en="There is no assumption {key}: use one of {known}.",
    zh="没有名为“{key}”的假设：请使用 {known} 之一。",
)
BAD_ASSUMPTION = Refusal(
    "bad_assumption",
    "invalid",
    en="{key} cannot be {value}: use a {number_en} from {low} to {high}.",
    zh="{key} 不能是 {value}：请用 {low} 到 {high} 之间的{number_zh}。",
)
