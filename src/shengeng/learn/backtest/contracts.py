"""What a backtest hands over: one report, and the reasons for which it is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from shengeng.kernel.errors import Refusal

ENGINES = ("recommend", "value", "demand", "persona")

NO_SUCH_ENGINE = Refusal(
    "no_such_engine",
    "not_found",
    en="There is no engine {engine} to backtest: use one of {engines}.",
    zh="没有可回测的引擎“{engine}”：请用 {engines} 之一。",
)
LACKS_FILE = Refusal(
    "backtest_lacks_file",
    "invalid",
    en="Backtest {engine} needs the file {file}, which {data} does not have: add it and run again.",
    zh="回测 {engine} 需要文件 {file}，{data} 中没有：请补上后重新运行。",
)
LACKS_COLUMN = Refusal(
    "backtest_lacks_column",
    "invalid",
    en="Backtest {engine} needs values in column {column} of {file}, which {data} lacks: "
    "fill it and run again.",
    zh="回测 {engine} 需要 {file} 的列 {column} 有值，{data} 中没有：请填写后重新运行。",
)
CUT_OUTSIDE = Refusal(
    "cut_outside",
    "invalid",
    en="Cut {cut} leaves nothing to learn from or nothing to score: choose a day from {first} to {last}.",
    zh="切分日 {cut} 使训练或检验没有数据：请选择 {first} 到 {last} 之间的一天。",
)
TOO_SHORT = Refusal(
    "span_too_short",
    "invalid",
    en="Backtest {engine} needs data over at least {least} days, {data} spans {days}: "
    "add older or newer rows.",
    zh="回测 {engine} 至少需要跨度 {least} 天的数据，{data} 只有 {days} 天：请补充更早或更新的数据。",
)
TOO_FEW_CUSTOMERS = Refusal(
    "too_few_customers",
    "invalid",
    en="Backtest {engine} at {cut} needs at least {least} customers that it can score, {data} has {count}: "
    "move the cut or add orders.",
    zh="回测 {engine}（切分日 {cut}）至少需要 {least} 个可检验的顾客，{data} 只有 {count} 个："
    "请移动切分日或补充订单。",
)


NOTHING_TO_SCORE = Refusal(
    "nothing_to_score",
    "invalid",
    en="Before {cut} no product of {data} sold in a tenth of the weeks: choose a later cut or add orders.",
    zh="在 {cut} 之前，{data} 中没有商品在至少十分之一的周有销售：请选择更晚的切分日或补充订单。",
)
NO_SUCH_FREQUENCY = Refusal(
    "no_such_frequency",
    "invalid",
    en="Frequency {frequency} is neither daily nor weekly, or {engine} has none: "
    "only demand is backtested by frequency.",
    zh="频率“{frequency}”不是 daily 或 weekly，或者 {engine} 不分频率：只有 demand 可以指定频率。",
)
NO_FREQUENCY = Refusal(
    "no_frequency",
    "invalid",
    en="The dates of {file} are neither daily nor weekly (most often {gap} days apart): "
    "send one row a day, or one a week on the same weekday.",
    zh="{file} 的日期既不是每天也不是每周（最常见的间隔为 {gap} 天）：请每天一行，或每周在同一星期几一行。",
)
NOT_FINER = Refusal(
    "not_finer",
    "invalid",
    en="{file} holds weekly points, from which no days can be made: leave --frequency out or say weekly.",
    zh="{file} 是每周数据，无法还原为每天：请去掉 --frequency 或使用 weekly。",
)
ALL_REJECTED = Refusal(
    "all_rows_rejected",
    "invalid",
    en="{file} has no row that can be taken ({rows} rows). The first: row {row}, column {column}, "
    "value '{value}': {reason}.",
    zh="{file} 没有可用的行（共 {rows} 行）。第一处：第 {row} 行，列 {column}，值“{value}”：{reason}。",
)
NOTHING_WANTED = Refusal(
    "nothing_wanted",
    "invalid",
    en="Nothing of {data} was wanted from {first} to {last}: choose another cut, or look for a wrong date "
    "in the file.",
    zh="{data} 在 {first} 到 {last} 没有任何需求：请选择其他切分日，或检查文件中是否有错误日期。",
)


@dataclass(frozen=True, slots=True)
class Report:
    """One engine beside its baselines on one folder at one cut.

    data: name and sha256 of the folder; cut: the first local day that is scored; rows: order lines or
    series points read; metrics: model -> metric -> number, the model named shengeng is ours; notes:
    thresholds and settings that were scaled or chosen (on days before the cut only).
    """

    engine: str
    data: str
    cut: date
    seed: int
    versions: dict[str, str]
    rows: int
    seconds: float
    metrics: dict[str, dict[str, float]]
    notes: dict[str, str | int | float] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The JSON object of `shengeng backtest --json`; DATA.md names its keys."""
        return {
            "engine": self.engine,
            "data": self.data,
            "cut": self.cut.isoformat(),
            "seed": self.seed,
            "versions": self.versions,
            "rows": self.rows,
            "seconds": round(self.seconds, 3),
            "metrics": self.metrics,
            "notes": self.notes,
        }
