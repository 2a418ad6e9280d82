"""Phrases of reviews that tell an occasion or a need; all of them are made up."""

from __future__ import annotations

import pytest

from shengeng.understand.personas.methods.cues import CUES, LONGEST_QUOTE, heard
from shengeng.understand.personas.methods.voices import Voice


def _cues(text: str) -> list[str]:
    return [cue for cue, _ in heard(text)]


@pytest.mark.parametrize(
    ("text", "cues"),
    [
        ("给孩子买的，很新鲜", ["child"]),
        ("My kids love it!", ["child"]),
        ("买来送人的，包装体面", ["gift"]),
        ("Bought it as a birthday gift for a friend.", ["gift"]),
        ("周末家里聚会用，客人都夸", ["guests"]),
        ("Great for our dinner party", ["guests"]),
        ("每天当早餐", ["breakfast"]),
        ("perfect for breakfast", ["breakfast"]),
        ("加班的时候垫一口", ["quick"]),
        ("A quick dinner on busy nights", ["quick"]),
        ("我家的猫特别爱吃", ["pet"]),
        ("our dog loves these", ["pet"]),
        ("减脂期吃，低脂", ["fitness"]),
        ("good for my diet, low-carb", ["fitness"]),
        ("露营带着很方便", ["outdoor"]),
        ("took it camping", ["outdoor"]),
        ("出差带着正好", ["travel"]),
        ("无添加，吃得放心", ["organic"]),
        ("质量不错，物流很快", []),
        ("Good quality, fast delivery.", []),
    ],
)
def test_an_occasion_is_heard_in_both_languages(text: str, cues: list[str]) -> None:
    assert _cues(text) == cues


@pytest.mark.parametrize(
    "text",
    [
        "不适合送礼",
        "没有给孩子吃",
        "送人就算了",
        "not for work",
        "I would never give this as a gift.",
        "I received it as a gift",
        "the size did not work out",
        "请客服联系我",
    ],
)
def test_what_is_denied_or_means_something_else_is_not_heard(text: str) -> None:
    assert _cues(text) == []


@pytest.mark.parametrize(
    "text", ["不仅送人合适", "送人不错", "I can't wait to wear it to work", "not only for work"]
)
def test_a_no_that_says_yes_is_a_yes(text: str) -> None:
    assert len(_cues(text)) == 1


def test_a_no_in_another_clause_denies_nothing() -> None:
    assert _cues("不适合送礼，但孩子很喜欢。") == ["child"]
    assert _cues("Not cheap, but the kids love it") == ["child"]


def test_the_sentence_that_says_it_is_quoted_and_a_long_one_is_cut_around_it() -> None:
    assert heard("很新鲜。给孩子做的！下次再来") == [("child", "给孩子做的")]
    long = "x" * 300 + " for my kids " + "y" * 300
    ((_, quoted),) = heard(long)
    assert "for my kids" in quoted
    assert len(quoted) <= LONGEST_QUOTE + 2


def test_every_cue_says_what_it_is_for_in_both_languages() -> None:
    assert all(cue.to_zh.startswith("为") for cue in CUES)
    assert all(cue.to_en.split()[0] in {"for", "to"} for cue in CUES)


def test_a_name_takes_a_cue_only_beyond_chance() -> None:
    assert Voice("child", said=12, wrote=40, shop=0.08).sure
    assert not Voice("child", said=4, wrote=5, shop=0.08).sure
    assert not Voice("child", said=5, wrote=40, shop=0.10).sure
