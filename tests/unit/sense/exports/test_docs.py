"""The worked examples of docs/exports.md are what the files really come to, and its names are known."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.unit.sense.exports.looking import codes, looked, orders

from shengeng.sense.exports.contracts import COLUMNS, FILE_BYTES, SHEET_BYTES, SHEET_CELLS
from shengeng.sense.exports.contracts.words import PROBLEMS, REASONS
from shengeng.sense.exports.methods.reports import REPORTS

PAGE = (Path(__file__).parents[4] / "docs" / "exports.md").read_text("utf-8")
KEYS = (
    "order_id",
    "ordered_at",
    "customer_id",
    "product_id",
    "quantity",
    "line_total",
    "discount_platform",
    "discount_seller",
    "discount_creator",
)


@pytest.mark.parametrize("system", ["Shopify", "Tmall", "Douyin", "WooCommerce"])
def test_the_worked_examples_are_true(system: str) -> None:
    example = PAGE.split(f"### {system}\n")[1].split("\n#")[0] if system != "Shopify" else _shopify()
    files = re.findall(r"^```(\S+)\n(.*?)^```$", example, re.MULTILINE | re.DOTALL)
    encoding = "gb18030" if system == "Tmall" else "utf-8-sig"
    found = looked(*((name, text.encode(encoding)) for name, text in files))
    assert found.preview.system == system.lower()
    told = [
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in re.findall(r"^\| [#\d].*$", example, re.MULTILINE)
    ]
    shown = [tuple("–" if row.get(key) is None else str(row[key]) for key in KEYS) for row in orders(found)]
    assert shown == told
    assert codes(found, "stop") == []


def _shopify() -> str:
    """Its order numbers begin with the mark of a heading."""
    return PAGE.split("### Shopify\n")[1].split("\n### ")[0]


def test_the_limits_of_the_page_are_those_of_the_code() -> None:
    assert f"{FILE_BYTES // 2**20} MB" in PAGE
    assert f"{COLUMNS} columns" in PAGE
    assert SHEET_BYTES == 2**30
    assert f"{SHEET_CELLS // 10**6} million cells" in PAGE


def test_every_sentence_is_there_in_both_languages() -> None:
    for words in [*PROBLEMS.values(), *list(REASONS.values())[1:]]:
        places = [set(re.findall(r"\{(\w+)\}", text)) for text in (words.en, words.zh)]
        assert words.en
        assert words.zh
        assert {key.removesuffix("_zh") for key in places[1]} <= {*places[0], "zh", "reason", "order"}


def test_field_words_of_the_console_know_every_field() -> None:
    root = Path(__file__).parents[4] / "ui/console/src/locales"
    keys = {one.key for report in REPORTS for one in report.fields}
    for lang in ("zh", "en"):
        text = (root / lang / "exports.json").read_text("utf-8")
        assert {key for key in keys if f'"{key}":' not in text} == set()
