"""Types and values in words: what may be answered, and amounts, days and lengths of time as people write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from procflow.expressions.types import (
    Choice,
    Date,
    FieldType,
    File,
    Instant,
    ListOf,
    Money,
    MoneyValue,
    Number,
    Record,
    Reference,
    Value,
    YesNo,
)
from procflow.expressions.values import show_value
from procflow.reports.document.parts import Day, Id, Run
from procflow.reports.document.wording import Wording, run


def kind_of(kind: FieldType, wording: Wording) -> Run:
    """Return what kind of answer is wanted."""
    say = wording.say
    match kind:
        case YesNo():
            return (say("yes or no"),)
        case Number():
            return (say("a number"),)
        case Money():
            return (say("an amount in {currency}", currency=kind.currency),)
        case Instant():
            return (say("a date and time"),)
        case Date():
            return (say("a date"),)
        case Choice():
            words = [wording.titled(word) for word in kind.of]
            return run(wording.cut("one of: {words}", words=commas(words, wording)))
        case File():
            return (say("a file or a link to one"),)
        case ListOf():
            return run(wording.cut("several of this kind: {kind}", kind=kind_of(kind.item, wording)))
        case Record():
            parts: list[Run] = [(Id(name), " (", *kind_of(part, wording), ")") for name, part in kind.fields.items()]
            return run(wording.cut("a form with: {parts}", parts=commas(parts, wording)))
        case Reference():
            return (_reference(kind.kind, wording),)
    return (say("text"),)


def _reference(kind: str, wording: Wording) -> str:
    say = wording.say
    named = {"person": say("a person"), "team": say("a team"), "client": say("a client"), "case": say("another case")}
    return named[kind]


def value_in_words(value: Value, wording: Wording, *, words: bool = False) -> Run:
    """Return a value written in a condition or a story; `words`: a text may be a word of a choice, which has a title."""
    spoken = wording.language
    match value:
        case bool():
            return (wording.say("yes") if value else wording.say("no"),)
        case Decimal():
            return (spoken.number(value),)
        case MoneyValue():
            return (f"{spoken.number(value.amount)}\u00a0{value.currency}",)
        case datetime():
            return (Id(show_value(value)),)
        case date():
            return (Day(spoken.date(value), value),)
        case timedelta():
            return (length_of(value, wording),)
        case str():
            return (wording.word(value),) if words and value in wording.choices else wording.verbatim(value)
        case tuple():
            return commas([value_in_words(one, wording, words=words) for one in value], wording)
        case Mapping():
            parts: list[Run] = [
                (Id(name), ": ", *value_in_words(one, wording, words=words)) for name, one in value.items()
            ]
            return commas(parts, wording)
    return (Id(show_value(value)),)


def length_of(time: timedelta, wording: Wording) -> str:
    """Return a length of elapsed time in days, hours and minutes."""
    minutes, rest = divmod(abs(time), timedelta(minutes=1))
    if rest:
        return str(time)
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    count = wording.language.count
    told = [
        *([count("{number} day", "{number} days", days)] if days else ()),
        *([count("{number} hour", "{number} hours", hours)] if hours else ()),
        *([count("{number} minute", "{number} minutes", minutes)] if minutes or not (days or hours) else ()),
    ]
    return wording.language.listed(told)


def commas(runs: list[Run], wording: Wording) -> Run:
    """Return a plain list, with the commas of the language and no word before the last."""
    told: Run = ()
    for one in runs:
        told = run(wording.cut("{first}, {second}", first=told, second=one)) if told else one
    return told
