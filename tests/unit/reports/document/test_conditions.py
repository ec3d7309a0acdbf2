"""Conditions in words: a question and its answer, the same demand, in each language."""

from __future__ import annotations

import pytest

from procflow.expressions.expression import parse
from procflow.reports.document.conditions import Group, demand_of, sentence_of
from procflow.reports.document.parts import Exact, Id, Link, Name, Run, Strong, Written
from procflow.reports.document.wording import Wording
from procflow.texts import language
from tests.unit.reports.document.pages import small

DATA = """\
  ours: { type: yes-no, ask: Is it ours? }
  hours: { type: number, ask: How long? }
  received: { type: instant, ask: When? }
  day: { type: date, ask: Which day? }
  signs: { type: list, of: { type: choice, of: [smoke, noise] }, ask: Which signs? }
  address: { type: record, fields: { city: text }, ask: Where? }
  cause: { type: text, ask: Why? }
  other: { type: money, currency: EUR }
  gravity: { type: choice, of: [minor, major], ask: How bad? }
"""
TEXT = f"""\
procflow: 1
procedure: words
version: "1"
title: {{ en: Words }}
data:
{DATA}  amount: {{ type: money, currency: EUR, ask: {{ en: How much?, ro: Cât?, fa: چقدر؟, ru: Сколько?, pl: Ile? }} }}
start: first
steps:
  first:
    by: any
    optional: [ours, hours, received, day, signs, address, cause, other, gravity, amount]
    actions: {{ go: {{ to: last, title: Go on }} }}
  last: {{ end: over }}
titles: {{ minor: annoying, smoke: there is smoke }}
"""
WORDS = small(TEXT)


def plain(run: Run) -> str:
    """Return a run as a reader hears it."""
    told = ""
    for one in run:
        match one:
            case str():
                told += one
            case Strong() | Link():
                told += plain(one.content)
            case Written() | Id() | Name() | Exact():
                told += one.text
            case _:
                told += one.text
    return told.replace("\u00a0", " ")


def told(condition: str, code: str = "en") -> str:
    tree = parse(condition, fields=WORDS.field_types, actions=WORDS.actions).tree
    return plain(sentence_of(tree, Wording(WORDS, language(code))))


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("ours", "“Is it ours?” – yes"),
        ("not ours", "“Is it ours?” – no"),
        ("ours == false", "“Is it ours?” – no"),
        ("ours != false", "“Is it ours?” – yes"),
        ("amount > 0", "“How much?” – more than 0 EUR"),
        ("not amount > 0", "“How much?” – at most 0 EUR"),
        ("0 < amount", "“How much?” – more than 0 EUR"),
        ("1000.50 >= amount", "“How much?” – at most 1,000.5 EUR"),
        ("0 < hours <= 8", "“How long?” – more than 0, and “How long?” – at most 8"),
        ("not 0 < hours <= 8", "“How long?” – at most 0, or “How long?” – more than 8"),
        ("hours == 3", "“How long?” – exactly 3"),
        ('gravity == "minor"', "“How bad?” – annoying"),
        ('gravity != "minor"', "“How bad?” – anything but annoying"),
        ('gravity in ["minor", "major"]', "“How bad?” – one of: annoying, major"),
        ('gravity not in ["minor", "major"]', "“How bad?” – none of: annoying, major"),
        ('not gravity in ["minor"]', "“How bad?” – anything but annoying"),
        ('"smoke" in signs', "“Which signs?” – among them there is smoke"),
        ('"smoke" not in signs', "“Which signs?” – not among them: there is smoke"),
        ("has(cause)", "“Why?” – known"),
        ("not has(cause)", "“Why?” – not known"),
        ('cause == "x"', "“Why?” – “x”"),
        ('address.city == "Cluj"', "“Where?” city – “Cluj”"),
        ("size(cause) > 3", "number of characters in “Why?” – more than 3"),
        ("size(signs) >= 1", "number of entries in “Which signs?” – at least 1"),
        ("times(go) < 2", "the number of times “Go on” was done before in this case – less than 2"),
        ("now - received <= days(14)", "the moment of acting minus “When?” – at most 14 days"),
        ("now > received + hours(1)", "“When?” plus 1 hour – before the moment of acting"),
        ('day >= "2026-11-01"', "“Which day?” – not before 1 November 2026"),
        ("other == amount", "other – “How much?”"),
        ("amount * 2 > other - 1", "“How much?” times 2 – more than other minus 1 EUR"),
        (
            "ours and (hours > 1 or hours < 0)",
            "“Is it ours?” – yes, and (“How long?” – more than 1, or “How long?” – less than 0)",
        ),
        ("not (ours and hours > 1)", "“Is it ours?” – no, or “How long?” – at most 1"),
        (
            "ours if hours > 1 else not ours",
            "if “How long?” – more than 1: “Is it ours?” – yes; otherwise: “Is it ours?” – no",
        ),
        ("true", "always"),
        ("false", "never"),
    ],
)
def test_in_english(condition: str, said: str) -> None:
    assert told(condition) == said


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "“How much?” – more than 1,000 EUR, or “How bad?” – anything but annoying"),
        ("ro", "„Cât?” – mai mult de 1.000 EUR sau „How bad?” – orice altceva decât annoying"),
        ("ru", "«Сколько?» — больше чем 1 000 EUR, или «How bad?» — что угодно, кроме annoying"),
        ("fa", "«چقدر؟» – بیش از ۱٬۰۰۰ EUR، یا «How bad?» – هر چیزی جز annoying"),
        ("pl", "„Ile?” – więcej niż 1 000 EUR lub „How bad?” – coś innego niż annoying"),
    ],
)
def test_in_each_language(code: str, said: str) -> None:
    assert told('amount > 1000 or gravity != "minor"', code) == said


def test_groups_are_kept_apart_for_lists() -> None:
    tree = parse("ours and hours > 1 and not (hours < 5 and ours)", fields=WORDS.field_types, actions=()).tree
    demand = demand_of(tree, Wording(WORDS, language("en")))
    assert isinstance(demand, Group)
    assert (demand.word, len(demand.parts)) == ("all", 3)
    last = demand.parts[2]
    assert isinstance(last, Group)
    assert last.word == "any"
