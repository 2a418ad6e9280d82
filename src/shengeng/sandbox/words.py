"""What the sandbox's page says, in both languages."""

from __future__ import annotations

from shengeng.kernel.words import Words

WORDS = {
    "title": Words("沙盒收银台", "Sandbox checkout"),
    "banner": Words(
        "这是用来试用店铺的沙盒。不会扣款，也不需要银行卡。",
        "This is a sandbox for trying the shop. No money moves, and no card is needed.",
    ),
    "owed": Words("应付金额", "Amount to pay"),
    "order": Words("订单", "Order"),
    "ref": Words("流水号", "Reference"),
    "pay": Words("付款", "Pay"),
    "pay_why": Words("店铺会收到“已付款”的通知。", "The shop is told that it was paid."),
    "fail": Words("让付款失败", "Let the payment fail"),
    "fail_why": Words("像银行拒绝一样，订单保持未付款。", "As if the bank refused: the order stays unpaid."),
    "back": Words("返回店铺", "Back to the shop"),
    "charged": Words("已付款（沙盒）", "Paid (sandbox)"),
    "charged_why": Words(
        "店铺已收到通知。实际没有任何资金流动。", "The shop has been told. No real money moved."
    ),
    "failed": Words("付款失败（沙盒）", "The payment failed (sandbox)"),
    "failed_why": Words("可以回到店铺重新付款。", "Go back to the shop to try again."),
    "closed": Words("这笔付款已关闭", "This payment is closed"),
    "closed_why": Words(
        "订单已取消或付款时间已过，不能再付款。", "The order was cancelled or its time is over."
    ),
    "missing": Words("没有这笔付款", "There is no such payment"),
    "missing_why": Words("请从店铺的订单页重新进入。", "Come in again from your order in the shop."),
    "other": Words("English", "中文"),
    "skip": Words("跳到正文", "Skip to the content"),
}
