"""What a category of goods is bought for: phrases and needs in both languages, found by words in its name.

Only names are made of this; scenes are learnt from the categories themselves. A category that no theme knows
is called by its own name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Theme:
    """do: what its buyers do; need: what that is for. words: parts of a category's name, any script."""

    key: str
    do_zh: str
    do_en: str
    need_zh: str
    need_en: str
    words: str
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        parts = self.words.split("|")
        told = [rf"\b{re.escape(word)}" if word.isascii() else re.escape(word) for word in parts]
        object.__setattr__(self, "pattern", re.compile("|".join(told), re.IGNORECASE))


# The first theme that knows a name has it: narrow purposes stand before wide ones.
THEMES = (
    Theme(
        "baby",
        "照顾婴幼儿",
        "cares for a baby",
        "孩子安全、少跑一趟",
        "a child well looked after, without extra trips",
        "baby|diaper|infant|formula|toddler|婴|奶粉|尿裤|尿不湿|母婴|童装",
    ),
    Theme(
        "pet",
        "照料宠物",
        "looks after a pet",
        "家里的宠物不断粮",
        "the pet never runs out",
        "dog food|cat food|cat litter|pet |pets|aquarium|宠物|猫|狗",
    ),
    Theme(
        "organic",
        "讲究有机与健康食材",
        "looks for organic and wholesome food",
        "吃得放心、有品质",
        "food that is good for them and that they trust",
        "organic|nutrition|non-dairy|herbs|rice cakes|dried fruit|有机|轻食",
    ),
    Theme(
        "fitness",
        "健身与控制体重",
        "keeps fit",
        "管理身材与精力",
        "a body and energy under control",
        "fitness|diet|vitamin|protein|sport|isotonic|yoga|健身|运动|蛋白|瑜伽|维生素",
    ),
    Theme(
        "tobacco",
        "随手买烟",
        "buys tobacco",
        "习惯品不断档",
        "a habit that does not run out",
        "cigar|tobacco|烟",
    ),
    Theme(
        "drinks",
        "备酒小酌",
        "stocks beer and wine",
        "放松与招待",
        "to unwind and to receive guests",
        "beer|wine|liquor|spirits|ale|啤酒|葡萄酒|白酒|酒水|酒类",
    ),
    Theme(
        "ready",
        "买现成熟食",
        "takes ready-made meals",
        "省下做饭的时间",
        "a meal without the time to cook",
        "salad bar|prepared|sandwich|sushi|salads/dips|deli|chicken/poultry|heat/serve|"
        "restaurant|party trays|熟食|便当|外卖|快餐",
    ),
    Theme(
        "gift",
        "送礼与过节",
        "buys gifts and for feasts",
        "心意与节庆",
        "to give, and to mark the day",
        "greeting|gift|floral|flower|candle|party|seasonal|christmas|easter|halloween|"
        "valentine|礼|鲜花|节日|贺卡",
    ),
    Theme(
        "dessert",
        "甜品与烘焙",
        "bakes and loves desserts",
        "一点甜的享受",
        "a sweet pleasure, often shared",
        "ice cream|pie|cake|cookie|dessert|baking|frosting|breakfast sweets|sweet goods|"
        "novelties|flour|甜品|蛋糕|烘焙|冰淇淋",
    ),
    Theme(
        "produce",
        "常备新鲜果蔬",
        "keeps fresh fruit and vegetables",
        "新鲜与健康",
        "freshness and health every day",
        "produce|fruit|vegetables - all|vegetables salad|citrus|apples|berries|grapes|"
        "melon|broccoli|mushroom|pepper|tomato|carrot|salad mix|水果|蔬菜|生鲜|果蔬",
    ),
    Theme(
        "quick",
        "囤速冻与快手餐",
        "keeps quick meals at hand",
        "忙的时候也有饭吃",
        "something to eat on busy days",
        "frozen pizza|frzn meat|frozen meat|meat - shelf|dinner mxs|dinner mix|frzn "
        "potato|frzn breakfast|lunchmeat|hot dogs|frozen bread|soup|convenient|instant|"
        "noodles|速冻|方便面|速食|冷冻",
    ),
    Theme(
        "cook",
        "为家人做饭",
        "cooks at home",
        "一顿像样的家常饭",
        "a proper meal at home at a known cost",
        "beef|pork|chicken|meat|turkey|seafood|bacon|sausage|onion|potato|beans|spice|"
        "pasta|shortening|oil|hispanic|vegetables - shelf|dry bn|rice|sauce|肉|海鲜|米面|"
        "粮油|调味|食材",
    ),
    Theme(
        "breakfast",
        "备全家早餐",
        "stocks the breakfast table",
        "早晨从容、有营养",
        "an easy and nourishing start of the day",
        "milk|cereal|juice|egg|bread|yogurt|coffee|tea|pnt btr|butter|margarine|pancake|"
        "newspaper|早餐|牛奶|面包|鸡蛋|咖啡|麦片",
    ),
    Theme(
        "snack",
        "随手买零食饮料",
        "picks up snacks and soft drinks",
        "即时的小满足",
        "a small treat right now",
        "soft drink|snack|candy|chip|cracker|chocolate|drnk|water|popcorn|零食|饮料|糖果|巧克力|坚果",
    ),
    Theme(
        "care",
        "个人护理与美妆",
        "buys personal care",
        "整洁、体面",
        "to feel and look well",
        "makeup|hair|shav|deodorant|body/facial|skin|oral|soap|cosmetic|bath$|hygiene|"
        "fragrance|护肤|美妆|彩妆|洗护|洗发|口腔|面膜|香水",
    ),
    Theme(
        "home",
        "打理家务",
        "keeps the household going",
        "家里井井有条",
        "a clean home where nothing runs out",
        "detergent|tissue|towel|clean|bleach|laundry|trsh|paper|air care|broom|"
        "housewares|kitchen|cookware|dishwash|纸品|清洁|洗衣|家清|厨具|家居|收纳",
    ),
    Theme(
        "health",
        "家中常备药品",
        "keeps remedies at home",
        "小病自己应对",
        "to cope with small ills at home",
        "cold and flu|analgesic|antacid|allergy|first aid|laxative|eye and ear|medicine|药|保健",
    ),
    Theme(
        "read",
        "买书报杂志",
        "reads magazines and papers",
        "消遣与了解",
        "to pass the time and to know",
        "magazine|bookstore|book|stationery|school|图书|书|文具|杂志",
    ),
    Theme(
        "style",
        "添置衣着",
        "dresses",
        "穿得合身、合时",
        "clothes for the season and the occasion",
        "apparel|dress|shirt|shoe|bag|jewel|hosiery|scarf|服装|女装|男装|鞋|包袋|饰品",
    ),
    Theme(
        "decor",
        "布置家",
        "furnishes the home",
        "住得舒服、有样子",
        "a home to feel well in",
        "furniture|decor|light|cushion|frame|garden|home|家具|家装|灯|装饰|园艺",
    ),
    Theme(
        "travel",
        "出行准备",
        "gets ready to travel",
        "出门省心",
        "an easy journey",
        "travel|luggage|camping|outdoor|旅行|箱包|户外",
    ),
    Theme(
        "digital",
        "买数码用品",
        "buys electronics",
        "新鲜、好用",
        "things that work, and are new",
        "electronic|phone|computer|audio|video|battery|batteries|数码|手机|电脑|家电",
    ),
)


def theme_of(category: str) -> Theme | None:
    """The theme of a category path: its last level decides, the levels above only where that says nothing."""
    levels = category.split(" > ")
    for level in reversed(levels):
        for theme in THEMES:
            if theme.pattern.search(level):
                return theme
    return None
