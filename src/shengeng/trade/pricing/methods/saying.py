"""Why a promotion applies or does not, in both languages."""

from __future__ import annotations

from shengeng.kernel.money import from_minor
from shengeng.kernel.words import Words

_SIGNS = {"CNY": "¥", "EUR": "€", "GBP": "£", "USD": "$"}


def shown(minor: int, currency: str) -> str:
    """An amount as people read it, such as ¥12.50."""
    return f"{_SIGNS.get(currency, currency + ' ')}{from_minor(minor, currency):,}"


def applied(amount: str, base: str) -> Words:
    return Words(f"{base} 减 {amount}。", f"{amount} off {base}.")


def lowered(amount: str, wanted: str, by: Words) -> Words:
    return Words(f"已减 {amount}，而不是 {wanted}：{by.zh}", f"{amount} off instead of {wanted}: {by.en}")


AT_FLOOR = Words("商品不能低于该活动允许的最低价。", "goods stay at the lowest price this promotion allows.")
AT_CAP = Words("已达该活动单笔订单的上限。", "the cap of this promotion for one order is reached.")
AT_POLICY = Words("已达单笔订单优惠总额的上限。", "the limit of all discounts of one order is reached.")
NOTHING_IN_SCOPE = Words("购物篮里没有参加活动的商品。", "Nothing in the basket takes part.")
WRONG_TIER = Words("仅限指定等级的会员。", "For members of other tiers only.")
NOT_FIRST = Words("仅限首次下单。", "For a first order only.")
NOTHING_OFF = Words("对这个购物篮没有可减的金额。", "It takes nothing off this basket.")
FEW_UNITS = Words("数量还不够。", "There are too few units yet.")
OTHER_IN_GROUP = Words("同组的另一活动减得更多。", "Another one of its group gives more.")
NOT_TOGETHER = Words(
    "不能与其他活动同享，当前组合更省。", "It does not combine with others, which give more."
)
ALONE_WINS = Words("所选活动不能与其他活动同享。", "The one that applies does not combine with others.")
USED_UP = Words("活动预算或次数已用完。", "Its budget or uses have run out.")
MEMBER_USED = Words("您已用完可用次数。", "You have used it as often as you may.")
MEMBERS_ONLY = Words("登录会员后可用。", "Sign in to use it.")
UNKNOWN_CODE = Words("没有这个优惠码。", "There is no such code.")
CODE_OVER = Words("优惠码已过期或活动未开始。", "The code has expired or its promotion is not running.")
CODE_TAKEN = Words("优惠码已被使用或锁定。", "The code has been used or is held by another order.")
NOT_YOURS = Words("该优惠券属于另一位会员。", "The coupon belongs to another member.")
TOO_MANY_CODES = Words("一笔订单不能再使用更多优惠码。", "One order cannot use more codes.")
SAME_PROMOTION = Words("同一优惠每单只能用一次。", "The same offer applies once an order.")


def more_needed(amount: str) -> Words:
    return Words(f"还差 {amount}。", f"{amount} more is needed.")
