"""Languages: what they say, which way they run, and what happens where one is not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType

import pytest

from procflow.texts import LANGUAGES, language
from procflow.texts.catalogues import Catalogue


def test_our_languages_run_as_they_are_written() -> None:
    assert {code: language(code).direction for code in LANGUAGES} == {
        "en": "ltr",
        "ro": "ltr",
        "ru": "ltr",
        "fa": "rtl",
        "pl": "ltr",
    }
    assert [language(code).name for code in LANGUAGES] == ["English", "română", "русский", "فارسی", "polski"]


@pytest.mark.parametrize(
    ("code", "words", "direction", "name"),
    [
        ("de", "en", "ltr", "Deutsch"),
        ("ar", "en", "rtl", "العربية"),
        ("fa-IR", "fa", "rtl", "فارسی (ایران)"),
        ("ro_MD", "ro", "ltr", "română (Republica Moldova)"),
        ("fa-Qqqq", "fa", "rtl", "فارسی"),
        ("xx", "en", "ltr", "xx"),
        ("../en", "en", "ltr", "../en"),
        ("", "en", "ltr", "en"),
    ],
)
def test_a_language_without_words_of_ours_falls_back(code: str, words: str, direction: str, name: str) -> None:
    asked = language(code)
    assert (asked.words, asked.direction) == (words, direction)
    assert asked.name == name
    assert asked.code == (code or "en")
    assert asked.say("no such message") == "no such message"


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("en", "1 November 2026"),
        ("ro", "1 noiembrie 2026"),
        ("ru", "1 ноября 2026 г."),
        ("fa", "۱ نوامبر ۲۰۲۶"),
        ("pl", "1 listopada 2026"),
        ("ar", "1 November 2026"),
    ],
)
def test_a_day_is_told_in_words(code: str, shown: str) -> None:
    assert language(code).date(date(2026, 11, 1)).replace("\u202f", " ") == shown


def test_numbers_keep_every_digit() -> None:
    exact = Decimal("1234567.50000000000000000000000000000000001")
    assert language("en").number(exact) == "1,234,567.50000000000000000000000000000000001"
    assert language("fa").number(Decimal("1234.5")) == "۱٬۲۳۴٫۵"
    assert language("ro").number(1234567) == "1.234.567"


@pytest.mark.parametrize(
    ("code", "shown"), [("en", "a, b, c and d"), ("ro", "a, b, c și d"), ("pl", "a, b, c i d"), ("ru", "a, b, c и d")]
)
def test_lists_are_told_in_words(code: str, shown: str) -> None:
    assert language(code).listed("abcd") == shown


def test_short_lists() -> None:
    english = language("en")
    assert [english.listed(""), english.listed("a"), english.listed("ab", word="or")] == ["", "a", "a or b"]
    assert language("en").cut_list([1, 2, 3], word="or") == (1, ", ", 2, " or ", 3)


def test_braces_in_what_is_put_in_mean_nothing() -> None:
    english = language("en")
    assert english.say("{a} and {b}", a="{b}", b="{0.__class__}") == "{b} and {0.__class__}"
    assert english.listed(["{0}", "{1}", "{"]) == "{0}, {1} and {"


def test_plurals_are_those_of_the_language() -> None:
    catalogue = Catalogue(
        MappingProxyType({}), MappingProxyType({"{number} step": ("{number} шаг", "{number} шага", "{number} шагов")})
    )
    russian = replace(language("ru"), _catalogue=catalogue)
    shown = [russian.count("{number} step", "{number} steps", number) for number in (1, 2, 5, 11, 21, 100)]
    assert shown == ["1 шаг", "2 шага", "5 шагов", "11 шагов", "21 шаг", "100 шагов"]
    english = language("en")
    assert [english.count("{number} step", "{number} steps", number) for number in (0, 1, 1000)] == [
        "0 steps",
        "1 step",
        "1,000 steps",
    ]


def test_what_is_put_in_can_be_told_from_our_words() -> None:
    assert language("en").cut("Only {who} may.", who=7) == ("Only ", 7, " may.")
