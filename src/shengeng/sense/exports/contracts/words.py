"""Every problem that a look at an export can find, in both languages; and why a row is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shengeng.sense.exports.contracts import Problem


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence in both languages; {file} {column} {row} {value} {count} and the problem's own params."""

    en: str
    zh: str


PROBLEMS: Mapping[str, Words] = {
    "refused": Words("{en}", "{zh}"),
    "unknown": Words(
        "{file} is not recognised: choose its system and report by hand (its columns: {columns}).",
        "无法识别 {file}：请手动选择系统和报表（表头：{columns}）。",
    ),
    "several_systems": Words(
        "The files come from several systems ({systems}): import them one system at a time.",
        "文件来自多个系统（{systems}）：请按系统分别导入。",
    ),
    "missing": Words(
        "{file} has no column for {fields}: choose the column that holds it, or export again with it.",
        "{file} 缺少 {fields} 对应的列：请指定该列，或重新导出。",
    ),
    "no_orders": Words(
        "No order file is among the files: add the order export.",
        "缺少订单文件：请加入订单导出。",
    ),
    "entities_only": Words(
        "No order file is among the files: products ({products}) and customers ({customers}) are imported "
        "and no order changes. The order export may come before or after them.",
        "文件中没有订单：只导入商品 {products} 个、顾客 {customers} 个，订单不变。"
        "订单导出可在此前或之后导入。",
    ),
    "needs_order_report": Words(
        "{file} is the item report: it knows neither buyer nor time. Add the order report of that time.",
        "{file} 是宝贝报表，没有买家和时间：请加入同一时间段的订单报表。",
    ),
    "totals_only": Words(
        "Only the order report is here: it imports totals. Add the item report to fill the other screens.",
        "只有订单报表：只能导入金额合计。加入宝贝报表后其余页面才有内容。",
    ),
    "no_timezone": Words(
        "{count} times have no offset: say which time zone the shop lives in.",
        "{count} 个时间没有时区偏移：请给出店铺所在时区。",
    ),
    "local_times": Words(
        "{count} times have no offset and are read as local time of {timezone}.",
        "{count} 个时间没有偏移，按 {timezone} 当地时间读取。",
    ),
    "no_currency": Words("Say in which currency the shop keeps its books.", "请给出店铺的记账货币。"),
    "currency": Words(
        "{count} lines are in {value}, not in {currency}: they are rejected.",
        "{count} 行的货币是 {value}，不是 {currency}：这些行会被拒收。",
    ),
    "which_dates": Words(
        "{column} of {file} may mean day or month first ({value}): say which.",
        "{file} 的 {column} 可能是日在前或月在前（{value}）：请选择。",
    ),
    "dates_chosen": Words(
        "{column} of {file}: {order}, because other dates of the column allow nothing else ({value}).",
        "{file} 的 {column}：{order_zh}，因为该列其他日期（{value}）只有这一种读法。",
    ),
    "serials": Words(
        "{column} of {file}: {count} numbers such as {value} are spreadsheet days since 1899-12-30.",
        "{file} 的 {column}：{count} 个数字（如 {value}）按电子表格日期（自 1899-12-30 起）读取。",
    ),
    "decimal_comma": Words(
        "{column} of {file} writes amounts with a decimal comma ({value}).",
        "{file} 的 {column} 用逗号作小数点（{value}）。",
    ),
    "destroyed": Words(
        "{file}, line {row}, {column}: {value} is what a spreadsheet left of a long number; its "
        "digits are lost ({count} values). Export again and do not open the file in a spreadsheet, or set "
        "the column to text before you do.",
        "{file} 第 {row} 行 {column}：{value} 是电子表格改写长数字的结果，原始数字已丢失（共 {count} 个）。"
        "请重新导出，不要用表格软件打开保存，或先把该列设为文本格式。",
    ),
    "rows_left_out": Words(
        "{file}: rows left out: {count}, because {reason} (first: line {row}, {column}: {value}).",
        "{file}：{count} 行无法接收：{reason_zh}（首个：第 {row} 行，{column}：{value}）。",
    ),
    "masked": Words(
        "{count} orders have only a masked buyer ({value}): they are guests' orders.",
        "{count} 个订单的买家已脱敏（{value}）：按匿名订单处理。",
    ),
    "no_buyers": Words(
        "No order has a known buyer: screens about customers stay empty.",
        "没有一个订单有可识别的买家：顾客相关页面没有内容。",
    ),
    "paid_without_time": Words(
        "{count} paid orders tell no payment time: the time of the order is taken.",
        "{count} 个已付款订单没有付款时间：以下单时间代替。",
    ),
    "does_not_add_up": Words(
        "In {count} orders the lines add up to less than the order says (first: {value}): the lines are kept "
        "as they are.",
        "{count} 个订单的明细合计小于订单金额（首个：{value}）：保留明细金额。",
    ),
    "refund_over": Words(
        "In {count} orders more is refunded than the goods cost (shipping, for instance; first: {value}): "
        "the refund is counted up to the goods.",
        "{count} 个订单的退款超过商品金额（例如运费；首个：{value}）：退款按商品金额计。",
    ),
    "scattered": Words(
        "The lines of {count} orders do not stand together (first: {value}): they are taken as one order.",
        "{count} 个订单的明细不相邻（首个：{value}）：按同一订单处理。",
    ),
    "in_two_files": Words(
        "{count} orders stand in more than one file: the last file counts.",
        "{count} 个订单出现在多个文件中：以最后一个文件为准。",
    ),
    "no_items": Words(
        "{count} orders of the order report have no line in the item report (first: {value}): they count in "
        "totals only.",
        "{count} 个订单在宝贝报表中没有明细（首个：{value}）：只计入合计。",
    ),
    "header_below": Words(
        "{file}: the header stands in line {row}; what is above it is not read.",
        "{file}：表头在第 {row} 行，之前的内容不读取。",
    ),
    "header_merged": Words(
        "{file}: the header takes two lines, which are read together.",
        "{file}：表头占两行，已合并读取。",
    ),
    "sheets": Words(
        "{file} has {count} sheets: {value} is read.",
        "{file} 有 {count} 个工作表：读取“{value}”。",
    ),
    "sku_titles": Words(
        "{count} lines have no product number: the title stands for the product.",
        "{count} 行没有商品编号：以标题代替。",
    ),
}

# Why a row is left out, where the canonical import cannot say it; its own reasons keep their words.
REASONS: Mapping[str, Words] = {
    "fine": Words("", ""),
    "quote_open": Words("a quote is opened and never closed", "引号没有闭合"),
    "width": Words("the row has more or fewer values than the header has names", "该行的列数与表头不一致"),
    "encoding": Words(
        "the text is in another encoding than the rest of the file", "该行编码与文件其余部分不一致"
    ),
    "zero_byte": Words("the row holds zero bytes", "该行含有空字节"),
    "missing": Words("a required value is missing", "缺少必填值"),
    "formula": Words("a formula stands where a value should", "应为数值或文本，却是公式"),
    "time": Words("it is no date and time that can be read", "无法识别的日期时间"),
    "quantity": Words("it is no whole number of units", "不是整数数量"),
    "amount": Words("it is no amount", "不是金额"),
    "repeated": Words("the same line stands again further down", "同一行在后面再次出现"),
    "newer": Words("the same order stands in a later file", "同一订单在后面的文件中再次出现"),
    "same_number": Words(
        "one order number stands for two different orders", "同一订单编号对应两个不同的订单"
    ),
    "no_order": Words("the order report has no such order", "订单报表中没有该订单"),
    "partner": Words("another line of the order cannot be read", "同一订单的另一行无法读取"),
}
CODES: Mapping[str, int] = {key: code for code, key in enumerate(REASONS)}


def sentence(problem: Problem, lang: str) -> str:
    """The problem as people read it."""
    words = PROBLEMS[problem.code]
    given = {
        "file": problem.file,
        "column": problem.column,
        "row": problem.row,
        "value": problem.value,
        "count": problem.count,
        **problem.params,
    }
    return (words.zh if lang == "zh" else words.en).format(**given)
