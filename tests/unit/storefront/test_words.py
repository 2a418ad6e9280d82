"""Both languages say everything, with the same values, and no template says anything by itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shengeng.storefront import words as spoken
from shengeng.storefront.words import LANGS, say, words

FOLDER = Path(spoken.__file__).parents[1]
TEMPLATES = sorted((FOLDER / "templates").rglob("*.html"))
CODE = sorted(FOLDER.rglob("*.py"))


def places(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def plural_of(key: str) -> str:
    return key.removesuffix(".one") if key.endswith(".one") else key


def test_both_languages_have_the_same_texts_with_the_same_values() -> None:
    zh, en = words("zh"), words("en")
    assert set(zh) == set(en)
    for key in zh:
        whole = places(zh[plural_of(key)]) if plural_of(key) in zh else places(zh[key])
        assert places(zh[key]) <= whole, key
        assert places(en[key]) <= whole, key


def test_one_is_told_apart_where_the_language_does() -> None:
    assert say("en", "shelf.total", n=1) == "1 item"
    assert say("en", "shelf.total", n=2) == "2 items"


@pytest.mark.parametrize("path", [*TEMPLATES, *CODE], ids=lambda path: path.name)
def test_every_text_that_a_page_names_exists(path: Path) -> None:
    text = path.read_text("utf-8")
    named = re.findall(r"""\bt\(["']([^"']+)["'][,)]""", text)
    named += re.findall(r"""\bsay\((?:scene\.)?lang, ["']([^"']+)["'][,)]""", text)
    assert [key for key in named if key not in words("zh")] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_speaks_a_language_of_its_own(path: Path) -> None:
    text = re.sub(r"深耕|中文", "", path.read_text("utf-8"))  # the wordmark, and the way to the other tongue
    assert re.findall(r"[\u4e00-\u9fff]", text) == []


def test_no_text_is_left_that_nothing_says() -> None:
    everything = "".join(path.read_text("utf-8") for path in [*TEMPLATES, *CODE])
    built = set(re.findall(r"""["'f]([a-z_.]+\.)["'{]""", everything))
    unused = [
        key
        for key in words(LANGS[0])
        if f'"{plural_of(key)}"' not in everything
        and f"'{plural_of(key)}'" not in everything
        and not any(key.startswith(start) for start in built)
        and plural_of(key).removesuffix(".text") not in everything
    ]
    assert unused == []
