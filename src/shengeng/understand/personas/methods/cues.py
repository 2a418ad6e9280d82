"""What a review says of the occasion or the need that something was bought for: phrases, zh and en.

A cue is a phrase, so that Chinese needs no segmentation. Illness, pregnancy, faith and age are no cues: they
are nobody's business here, however useful (docs/personas.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

LONGEST_QUOTE = 160  # characters of a sentence that is shown


@dataclass(frozen=True, slots=True)
class Cue:
    """An occasion or a need. to: how a name says it; zh, en: alternatives of a regular expression.

    Where a theme of goods has the same key, the two say the same thing.
    """

    key: str
    to_zh: str
    to_en: str
    zh: str
    en: str
    said_zh: re.Pattern[str] = field(init=False)
    said_en: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "said_zh", re.compile(self.zh))
        object.__setattr__(self, "said_en", re.compile(rf"\b(?:{self.en})\b", re.IGNORECASE))

    def hits(self, text: str) -> Iterator[re.Match[str]]:
        """Where a text says it."""
        yield from self.said_en.finditer(text)
        if not text.isascii():
            yield from self.said_zh.finditer(text)


_CHILD = "(?:kid|child|children|son|daughter|boy|girl|grandson|granddaughter|grandchildren|grandkid|toddler)"
_ELDER = "(?:mom|mum|mother|dad|father|parents|grandma|grandmother|grandpa|grandfather|in-laws|mother-in-law)"
_PET = "(?:dog|cat|puppy|kitten|pup|pet)"
_MY = "(?:my|our|the)"
_ZH_CHILD = "(?:孩子|小孩|儿子|女儿|小朋友|娃)"
_ZH_ELDER = (
    "(?:爸|妈|父母|父亲|母亲|老爸|老妈|老人|奶奶|爷爷|外婆|外公|姥姥|姥爷|公婆|婆婆|公公|"
    "岳父|岳母|丈母娘|长辈)"
)
_ZH_FRIEND = "(?:朋友|同事|女友|男友|女朋友|男朋友|老婆|老公|亲戚|客户|领导|同学|闺蜜|老师)"
_ZH_FEAST = "(?:过年|过节|春节|中秋|端午|元宵|元旦|国庆|圣诞)"
_ZH_TRIP = "(?:旅行|旅游|出差|度假|自驾|出门|出国|出游)"

CUES = (
    Cue(
        "baby",
        "为宝宝",
        "for the baby",
        "给(?:我家|我们家|家里)?(?:宝宝|婴儿|小宝)|(?:我家|我们家|家里)(?:的)?(?:宝宝|小宝)|宝宝(?:很|非常|"
        "特别|都|也)?"
        "(?:喜欢|爱吃|爱喝|爱看|爱玩|用)|辅食",
        f"for {_MY} (?:new |little )?bab(?:y|ies)(?! doll)|{_MY} baby (?:loves?|likes?|enjoys)|newborns?|"
        "diaper bag",
    ),
    Cue(
        "child",
        "为孩子",
        "for the children",
        f"给(?:我)?(?:家)?(?:{_ZH_CHILD}|外甥|侄子|侄女|孙子|孙女)(?!们?的|更|带来|留|思考)|(?:{_ZH_CHILD}|"
        "孙子|孙女)们?"
        "(?:都|也|就|可|很|非常|特别|超|最|还|更|蛮|挺|真){0,3}(?:喜欢|爱吃|爱喝|爱看|爱玩|开心)|"
        f"(?:(?<!在家)带|陪)(?:着)?{_ZH_CHILD}|适合(?:{_ZH_CHILD}|儿童)",
        f"for {_MY} {_CHILD}s?|{_MY} (?:\\w+ )?{_CHILD}s? (?:loves?|likes?|enjoys?|wears?|eats?)|"
        "(?:for|with|after) (?:the |my |our |young |little )?kids|(?:kid|child)[- ]friendly|kids love|"
        "chasing (?:after )?(?:my |a |the )?(?:kids|toddlers?)",
    ),
    Cue(
        "elders",
        "为父母长辈",
        "for their parents",
        f"(?:给|送|陪|带)(?:我|我家|家里|自己)?(?:的)?{_ZH_ELDER}|孝敬",
        f"for (?:my|our) (?:elderly |\\d+ year old )?{_ELDER}",
    ),
    Cue(
        "gift",
        "为送礼",
        "for a gift",
        f"送礼|送人|(?:当|做|作)(?:作|为|成)?礼物|(?:生日|节日|新年|圣诞|结婚)礼物|送(?:给)?{_ZH_FRIEND}|"
        f"给{_ZH_FRIEND}(?:买|带)",
        "(?<!received it )(?<!received this )(?<!received these )(?<!receiving it )(?<!got it )(?<!got this )"
        "as (?:a |an )?(?:\\w+ )?gifts?|"
        "(?:for|great|good|perfect|nice|lovely|wonderful|this was|it was) (?:a |an )?(?:\\w+ )?(?:gifts?|"
        "presents?)"
        "(?! card| from)|"
        "(?:birthday|christmas|mother's day|father's day|valentine'?s?(?: day)?|wedding|shower|hostess|xmas) "
        "(?:gifts?|presents?)(?! from)|gifted (?:this|it|them|one)|give (?:this|it|them|one) to my",
    ),
    Cue(
        "guests",
        "为招待与聚会",
        "for guests and get-togethers",
        "请客(?!服)|招待(?:客人|朋友|亲友|亲戚|同事)|(?<!对)待客|宴请|聚会|聚餐|派对|小聚(?!焦)|家里来客",
        "(?:for|to) (?:a|the|my|our|an) (?:\\w+ ){0,2}(?:party|parties|potluck|barbecue|bbq|cookout|luncheon|"
        "get-together)|(?:for|at) (?:dinner |cocktail |holiday )?parties|(?:for|to) (?:the |a |"
        "my )?baby shower|"
        "house ?guests|for (?:our |my )?guests|when we have company|for entertaining",
    ),
    Cue(
        "feast",
        "为过节",
        "for the holidays",
        f"{_ZH_FEAST}(?:时|期间|的时候)?(?:吃|用|穿|送|囤|备|必备|礼|待客|走亲|拜年)|年货|年夜饭|拜年|"
        "走亲访友|"
        "过生日|庆生|庆祝生日|生日(?:会|宴|聚)",
        "(?:for|at|on|over) (?:the )?(?:christmas|thanksgiving|easter|new year'?s?|holidays|hanukkah|"
        "fourth of july|"
        "halloween)|(?:christmas|holiday|thanksgiving|easter) (?:party|parties|dinner|dress|season)|"
        "for (?:my|his|her|a) (?:\\w+ )?birthday",
    ),
    Cue(
        "wedding",
        "为婚礼",
        "for a wedding",
        "(?:参加|为了|出席|朋友|同事|姐姐|妹妹|哥哥|弟弟)(?:的)?婚(?:礼|宴)|(?:吃|喝)[^，,]{0,4}喜酒|"
        "婚礼(?:上)?(?:穿|用)|结婚(?:用|穿|时用|时穿|那天|当天)|喜糖",
        "(?:for|to|at) (?:a|an|the|my|our|her|his|two|several|\\w+'s) (?:\\w+ ){0,3}weddings?|for weddings?|"
        "wedding guest|rehearsal dinner|bridal shower",
    ),
    Cue(
        "romance",
        "为约会",
        "for a date",
        "(?:情侣|适合|去|来)约会|情人节|结婚纪念日|二人世界|两人世界|七夕",
        "date nights?|(?:girls'? |a )?nights? out|for a date|(?:our|my) anniversary|going out (?:at night|"
        "to dinner)",
    ),
    Cue(
        "breakfast",
        "为早餐",
        "for breakfast",
        "(?:当|做|作|作为|搭配|适合|解决)(?:个)?(?:早餐|早饭|早点)|(?:早餐|早饭)(?:吃它|喝|搭|配|必备|来一|"
        "首选|就吃|就喝)|"
        "早上(?:吃|喝|泡|来)(?:一|个|杯|碗|上)",
        "(?:for|at|my|with|our|quick|easy) breakfasts?",
    ),
    Cue(
        "work",
        "为上班",
        "for work",
        "上班(?:穿|用|路上|带|吃|的时候)|办公室(?:用|穿|吃|喝|里用|零食|必备)|放(?:在)?办公室|通勤|工作餐|"
        "带饭",
        "(?:for|at) (?:my )?(?:work|the office|job interviews?|teaching)(?! (?:out|with|around|well|"
        "because))|"
        "(?:wear|worn|wore|wearing) (?:\\w+ ){0,4}(?:to|for) (?:work|the office)|(?:to|in|at) the office|"
        "(?:work|office)[- ](?:appropriate|attire|wardrobe|outfit|clothes|wear|setting)|from work to|"
        "business casual",
    ),
    Cue(
        "quick",
        "为省时间",
        "to save time",
        "没(?:有)?时间做饭|懒得做(?:饭|菜)|快手(?:菜|餐|早餐)|加班(?:吃|时|的时候|饿|必备)|懒人(?:必备|"
        "福音|神器|餐|早餐)|"
        "(?:做|煮|吃|用)(?:起来)?(?:很|非常|特别|挺)?(?:方便快捷|省事|省时)|当(?:宵夜|夜宵)",
        "(?:quick|easy|fast) (?:and easy )?(?:\\w+ )?(?:meals?|dinners?|lunch(?:es)?|snacks?|suppers?)|"
        "no time to cook|"
        "busy (?:mornings?|nights?|weeknights?|days?|moms?|mums?)|weeknights?|throw (?:it |this )?on and go|"
        "on the go|(?:running|run|for|doing) errands",
    ),
    Cue(
        "fitness",
        "为健身与身材",
        "to keep fit",
        "(?:在|正在|想|要|适合)减(?:肥|脂)|减(?:肥|脂)(?:期|的时候|时|人|吃|中|餐|必备)|低脂|低卡|控糖|"
        "健身(?:的时候|时|吃|人|穿|用|前|后|餐|必备)|适合健身|(?:做|练)瑜伽|瑜伽(?:穿|用)|跑步(?:穿|用|时|"
        "的时候)",
        "(?:on|for|my) (?:a )?diet(?:ing)?|low[- ](?:carb|fat|calorie|sugar)|sugar[- ]free|weight watchers|"
        "(?:to|at|from) the gym|workouts?|working out|for (?:yoga|running(?! errands| about| around)|"
        "exercise|pilates)|yoga class",
    ),
    Cue(
        "organic",
        "为吃得放心",
        "for wholesome food",
        "有机(?:的|食|蔬|奶|菜|米)|无添加|没有添加|无公害|吃(?:得|着|的)(?:放心|健康|安心)|健康(?:食品|"
        "饮食|食材)",
        "organic (?!cotton)|all[- ]natural|no additives|preservative[- ]free|healthy (?:\\w+ )?(?:snacks?|"
        "meals?|food|"
        "option|choice|alternative)|eat(?:ing)? healthy",
    ),
    Cue(
        "pet",
        "为宠物",
        "for a pet",
        "给(?:我家)?(?:猫|狗)|(?:我家|家里)(?:的)?(?:猫|狗)|(?:猫咪|狗狗|毛孩子)(?:很|非常|特别|都|"
        "也)?(?:喜欢|爱吃|用)",
        f"for {_MY} {_PET}s?|(?:my|our) (?:\\w+ )?{_PET}s? (?:loves?|likes?|enjoys?|eats?)",
    ),
    Cue(
        "travel",
        "为出行",
        "to travel",
        f"{_ZH_TRIP}(?:时|的时候)?(?:用|带|穿|携带|必备|方便)|(?:适合|带去|为了|方便){_ZH_TRIP}|居家旅行|"
        "旅行装|带出门|路上吃|"
        "(?:坐|在)火车上|高铁上",
        "(?:for|on|our|my|upcoming) (?:\\w+ )?vacations?|(?:for|on) (?:a|an|my|our|the) (?:\\w+ ){0,2}"
        "(?<!shopping )trips?|for travel(?:ing|ling)?|travels? (?:well|with|in|to)|travell?ing (?:in|with|"
        "to)|"
        "cruise|honeymoon|weekend getaway|suitcase|carry[- ]on|packs (?:well|easily)|road trip|on (?:a|"
        "the) plane",
    ),
    Cue(
        "outdoor",
        "为户外",
        "for outdoors",
        "露营|野餐|户外(?:用|活动|运动|穿|必备)|(?:去|适合)(?:爬山|登山|徒步|郊游|海边|沙滩)|(?:爬山|登山|"
        "徒步|海边)(?:穿|用|带|时)|"
        "(?:户外|野外|在家|自己|自助)烧烤|钓鱼(?:用|穿|时)",
        "camping|hik(?:e|es|ing)|picnics?|outdoors|(?:to|at|for|on) the (?:beach|pool|lake)|"
        "beach (?:day|days|trip)|(?:beach|swim|swimsuit|pool|as a) (?:\\w+ )?cover[- ]?up|fishing|"
        "(?:county|state) fair|ball ?games?",
    ),
    Cue(
        "ease",
        "为居家舒适",
        "to be at ease at home",
        "(?:在家|居家)(?:穿|休闲|时穿)|睡觉(?:穿|时穿)|宅在家|(?:当|做|作)(?:家居服|睡衣)",
        "lounging|to lounge|lounge (?:around|in|wear|pants|clothes)|loungewear|around the house|(?:to|can|"
        "and|just|could) "
        "sleep in (?:it|this|them|these)|to bed|lazy (?:day|days|weekend|weekends|sundays?|saturdays?)|"
        "(?:as|for) (?:pajamas?|pjs?)",
    ),
    Cue(
        "hotpot",
        "为吃火锅",
        "for hot pot",
        "(?:在家|自己|家里|适合)(?:吃|打|涮|煮|做)火锅|(?:吃|打|涮)火锅(?:用|时|的时候|必备)|火锅(?:底料|"
        "食材|料)|涮(?:羊肉|肉|着吃|锅)",
        "hot ?pot",
    ),
)
assert len({cue.key for cue in CUES}) == len(CUES)

_BREAK = re.compile(r"[。！？!?；;\n…~]+|(?<=[a-zA-Z)\"'])\.(?=\s|$)|\.{2,}")
_CLAUSE = re.compile(r"[，,、：:]|\bbut\b|但是?|不过|可是")
# "Not only", "cannot wait" and "not bad" say yes; a gift that was received is nobody's need.
_YES = re.compile(
    r"not (?:only|just|too|bad)|(?:can't|cannot|can not|couldn't|could not) wait|no (?:doubt|problem|matter)|"
    r"不仅|不但|不光|不只|不错|不得不|没想到|不管|无论|不论|非常",
    re.IGNORECASE,
)
_NO_BEFORE = re.compile(
    r"(?:\bnot|n't|\bnever|\bno|\bnor|\bwithout|\bhardly|\binstead of|\brather than|"
    r"\btoo \w+)\b(?:\W+\w+){0,5}\W*$|"
    r"receiv(?:ed|e|ing) (?:this|these|it|them|one) (?:\w+ )?(?:as an? )?$|got \w+ as an? $|(?:不|没|无法|"
    r"别|非|勿)[^，,]{0,5}$",
    re.IGNORECASE,
)
_NO_AFTER = re.compile(r"^[^，,]{0,4}(?:不合适|不适合|不行|不好|不可能|就算了|还是算了|拿不出手|没法|不能)")


def heard(text: str) -> list[tuple[str, str]]:
    """The cues of a review in the order of CUES, each with the sentence that says it first.

    A cue in a clause that denies it ("not for work", 不适合送礼) is none.
    """
    sentences = [part.strip() for part in _BREAK.split(text) if part.strip()]
    found = ((cue.key, _first(cue, sentences)) for cue in CUES if any(True for _ in cue.hits(text)))
    return [(key, sentence) for key, sentence in found if sentence]


def _first(cue: Cue, sentences: list[str]) -> str:
    for sentence in sentences:
        for hit in cue.hits(sentence):
            if not _denied(sentence, hit.start(), hit.end()):
                return _shortened(sentence, hit.start())
    return ""


def _denied(sentence: str, start: int, end: int) -> bool:
    """Whether the clause before the hit holds a no, or the words just after it take it back."""
    clauses = list(_CLAUSE.finditer(sentence, 0, start))
    before = _YES.sub("", sentence[clauses[-1].end() if clauses else 0 : start])
    return bool(_NO_BEFORE.search(before) or _NO_AFTER.search(sentence[end:]))


def _shortened(sentence: str, at: int) -> str:
    if len(sentence) <= LONGEST_QUOTE:
        return sentence
    start = max(min(at - LONGEST_QUOTE // 2, len(sentence) - LONGEST_QUOTE), 0)
    end = start + LONGEST_QUOTE
    return ("…" if start else "") + sentence[start:end].strip() + ("…" if end < len(sentence) else "")


def cue_of(key: str) -> Cue | None:
    """The cue of a key, if it is one."""
    return next((cue for cue in CUES if cue.key == key), None)
