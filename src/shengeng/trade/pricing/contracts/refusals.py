"""What pricing refuses."""

from __future__ import annotations

from shengeng.kernel.errors import Refusal

LINES_MOST, QUANTITY_MOST, CODES_MOST = 200, 100_000, 10
CODES_A_BATCH = 20_000
PRICE_MOST = 10**10

NO_PRICE = Refusal(
    "no_price",
    "refused",
    en="{sku} has no price in {channel} now: set one in a price list.",
    zh="{sku} 目前在 {channel} 没有价格：请先在价格表中设置。",
)
NO_VARIANT = Refusal(
    "no_such_variant",
    "not_found",
    en="There is no variant {sku} on sale.",
    zh="没有在售的规格 {sku}。",
)
BAD_ASK = Refusal(
    "bad_basket",
    "invalid",
    en="The basket cannot be priced: {what} is {value}, allowed is {limit}.",
    zh="无法为该购物篮计价：{what} 为 {value}，允许范围是 {limit}。",
)
NO_PROMOTION = Refusal(
    "no_promotion", "not_found", en="There is no promotion {id}.", zh="没有促销活动 {id}。"
)
NO_COUPON = Refusal("no_coupon", "not_found", en="There is no coupon {id}.", zh="没有优惠券 {id}。")
NO_BATCH = Refusal(
    "no_coupon_batch", "not_found", en="There is no batch of coupons {id}.", zh="没有优惠券批次 {id}。"
)
NO_PRICE_LIST = Refusal(
    "no_price_list", "not_found", en="There is no price list {id}.", zh="没有价格表 {id}。"
)
BAD_PROMOTION = Refusal(
    "bad_promotion",
    "invalid",
    en="The promotion cannot be: {what} is {value}, it must be {limit}.",
    zh="该促销活动无法成立：{what} 为 {value}，应为 {limit}。",
)
BAD_PRICE = Refusal(
    "bad_price",
    "invalid",
    en="{value} cannot be the price of {sku}: give whole minor units from {low} to {high}.",
    zh="{value} 不能作为 {sku} 的价格：请给出 {low} 到 {high} 之间的整数最小货币单位。",
)
BAD_BATCH = Refusal(
    "bad_coupon_batch",
    "invalid",
    en="The coupons cannot be issued: {what} is {value}, it must be {limit}.",
    zh="无法发放优惠券：{what} 为 {value}，应为 {limit}。",
)
CODE_EXISTS = Refusal(
    "coupon_code_exists",
    "conflict",
    en="The code {code} has been issued before: choose another.",
    zh="优惠码 {code} 已经发放过：请换一个。",
)
STALE = Refusal(
    "promotion_changed",
    "conflict",
    en="The promotion is at version {version}, not {given}: look at it again, then repeat the change.",
    zh="该促销活动已是第 {version} 版，而不是第 {given} 版：请重新查看后再修改。",
)
RAN_OUT = Refusal(
    "promotion_ran_out",
    "conflict",
    en="{name_en} has run out ({what}): the basket must be priced again.",
    zh="“{name_zh}”已经用完（{what}）：请重新计价。",
)
COUPON_TAKEN = Refusal(
    "coupon_taken",
    "conflict",
    en="The coupon {code} is not free any more: the basket must be priced again.",
    zh="优惠券 {code} 已被占用或失效：请重新计价。",
)
HELD_OTHERWISE = Refusal(
    "held_otherwise",
    "conflict",
    en="Order {order} holds other promotions already: release them first.",
    zh="订单 {order} 已锁定了其他优惠：请先释放。",
)
