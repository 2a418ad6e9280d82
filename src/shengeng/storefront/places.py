"""Addresses as forms have them. One country at first, by its provinces."""

from __future__ import annotations

from collections.abc import Mapping

from shengeng.trade.members.contracts import Where

COUNTRY = "CN"
FIELDS = ("recipient", "phone", "region", "city", "district", "line", "postcode")
# Names as both languages write them; what is kept is the Chinese one, by which delivery zones are named.
REGIONS: tuple[tuple[str, str], ...] = (
    ("北京市", "Beijing"), ("上海市", "Shanghai"), ("天津市", "Tianjin"), ("重庆市", "Chongqing"),
    ("广东省", "Guangdong"), ("浙江省", "Zhejiang"), ("江苏省", "Jiangsu"), ("山东省", "Shandong"),
    ("福建省", "Fujian"), ("四川省", "Sichuan"), ("湖北省", "Hubei"), ("湖南省", "Hunan"),
    ("河南省", "Henan"), ("河北省", "Hebei"), ("安徽省", "Anhui"), ("江西省", "Jiangxi"),
    ("陕西省", "Shaanxi"), ("山西省", "Shanxi"), ("辽宁省", "Liaoning"), ("吉林省", "Jilin"),
    ("黑龙江省", "Heilongjiang"), ("广西壮族自治区", "Guangxi"), ("云南省", "Yunnan"), ("贵州省", "Guizhou"),
    ("海南省", "Hainan"), ("甘肃省", "Gansu"), ("青海省", "Qinghai"), ("内蒙古自治区", "Inner Mongolia"),
    ("宁夏回族自治区", "Ningxia"), ("新疆维吾尔自治区", "Xinjiang"), ("西藏自治区", "Tibet"),
    ("香港特别行政区", "Hong Kong"), ("澳门特别行政区", "Macao"), ("台湾省", "Taiwan"),
)  # fmt: skip


def where_of(fields: Mapping[str, str]) -> Where:
    """The address that a form holds; what is wrong with it is said by members."""
    given = {name: fields.get(name, "") for name in FIELDS}
    return Where(country=COUNTRY, **given)


def place_line(where: Where) -> str:
    """An address in one line, from the large to the small."""
    return " ".join(
        part for part in (where.region, where.city, where.district, where.line, where.postcode) if part
    )
