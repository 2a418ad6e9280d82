"""What payments refuse."""

from __future__ import annotations

from shengeng.kernel.errors import Refusal

NO_PROVIDER = Refusal(
    "no_payment_provider",
    "not_found",
    en="There is no way to pay called {provider}: it is one of {known}.",
    zh="没有名为“{provider}”的支付方式：可选 {known}。",
)
NO_SANDBOX = Refusal(
    "no_payment_sandbox",
    "not_found",
    en="The payment sandbox is off: turn it on under Payments.",
    zh="支付沙箱未启用：请在“收款”中启用。",
)
PROVIDER_OFF = Refusal(
    "payment_provider_off",
    "refused",
    en="{provider} cannot be used to pay at the moment: choose another way, or set it up under Payments.",
    zh="目前无法使用“{provider}”付款：请选择其他方式，或在“收款”中配置。",
)
PROVIDER_AWAY = Refusal(
    "payment_provider_away",
    "unavailable",
    en="{provider} did not answer ({why}): nothing was charged; try again in a moment.",
    zh="支付服务“{provider}”没有响应（{why}）：未扣款，请稍后重试。",
)
PROVIDER_SAYS_NO = Refusal(
    "payment_provider_refused",
    "refused",
    en="{provider} refused the request: {code} {why}.",
    zh="支付服务“{provider}”拒绝了请求：{code} {why}。",
)
BAD_AMOUNT = Refusal(
    "bad_payment_amount",
    "invalid",
    en="{amount_minor} minor units cannot be paid or refunded: give a whole number from 1 to {limit}.",
    zh="{amount_minor}（最小货币单位）不能付款或退款：请给出 1 到 {limit} 的整数。",
)
BAD_CURRENCY = Refusal(
    "payment_currency",
    "refused",
    en="{provider} takes {wanted}, not {currency}: choose another way to pay.",
    zh="“{provider}”只收 {wanted}，不收 {currency}：请选择其他支付方式。",
)
ALREADY_PAID = Refusal(
    "already_paid",
    "conflict",
    en="Order {order_id} is paid already.",
    zh="订单 {order_id} 已付款。",
)
NO_INTENT = Refusal(
    "no_payment",
    "not_found",
    en="There is no payment {id}.",
    zh="没有付款记录 {id}。",
)
INTENT_OVER = Refusal(
    "payment_over",
    "conflict",
    en="Payment {id} is {state} and cannot be paid any more: start a new one.",
    zh="付款 {id} 的状态为 {state}，不能再支付：请重新发起。",
)
FORGED = Refusal(
    "payment_notice_forged",
    "forbidden",
    en="The notice does not carry a valid signature of {provider}: {why}.",
    zh="通知没有 {provider} 的有效签名：{why}。",
)
UNREADABLE = Refusal(
    "payment_notice_unreadable",
    "invalid",
    en="The notice of {provider} cannot be read: {why}.",
    zh="无法读取 {provider} 的通知：{why}。",
)
TOO_MUCH = Refusal(
    "refund_too_much",
    "refused",
    en="{amount_minor} cannot be refunded: {left_minor} of what was charged for {order_id} is left.",
    zh="无法退款 {amount_minor}：订单 {order_id} 已收款项中仅剩 {left_minor} 可退。",
)
NOT_CHARGED = Refusal(
    "not_charged",
    "refused",
    en="Nothing was charged for order {order_id}, so nothing can be refunded.",
    zh="订单 {order_id} 没有收款，无法退款。",
)
KEY_REUSED = Refusal(
    "refund_key_reused",
    "conflict",
    en="The key {key} stands for a refund of {amount_minor} already: use another key for another refund.",
    zh="键 {key} 已用于一笔 {amount_minor} 的退款：另一笔退款请使用新的键。",
)
NO_REFUND = Refusal("no_refund", "not_found", en="There is no refund {id}.", zh="没有退款记录 {id}。")
NO_CHARGE = Refusal("no_charge", "not_found", en="There is no charge {id}.", zh="没有收款记录 {id}。")
REFUND_RUNS = Refusal(
    "refund_runs",
    "conflict",
    en="Refund {id} is {state}: only a failed one can be tried again.",
    zh="退款 {id} 的状态为 {state}：只有失败的退款可以重试。",
)
BAD_SETTING = Refusal(
    "bad_payment_setting",
    "invalid",
    en="{name} of {provider} cannot be {value}: {limit}.",
    zh="{provider} 的 {name} 不能是 {value}：{limit}。",
)
NO_BILLS = Refusal(
    "no_bills",
    "refused",
    en="{provider} keeps no statements of days that could be fetched: choose a file instead.",
    zh="{provider} 没有可下载的日账单：请改为选择账单文件。",
)
BAD_STATEMENT = Refusal(
    "bad_statement",
    "invalid",
    en="The statement cannot be read in row {row}: {why}.",
    zh="账单第 {row} 行无法读取：{why}。",
)
