"""Every word of ours that a page or a drawing says is there in every language, with the same placeholders."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from gettext import c2py
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

import procflow
from procflow.texts import LANGUAGES, language
from procflow.texts.languages import _categories

PACKAGE = Path(procflow.__file__).parent
TRANSLATED = [code for code in LANGUAGES if code != "en"]
SAYS = {"say", "cut"}
COUNTS = {"count", "cut_count"}

Said = tuple[str, str]
"""The English message and, if it is counted, its plural; else an empty text."""


@cache
def said() -> dict[Said, str]:
    """Return every literal message with a place that says it."""
    found: dict[Said, str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for line, message in in_python(path.read_text("utf-8")):
            found.setdefault(message, f"{path.relative_to(PACKAGE)}:{line}")
    return found


def in_python(text: str) -> Iterator[tuple[int, Said]]:
    """Yield the messages a module says, with their lines."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=args):
                words = [one.value for one in args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            case _:
                continue
        if name in SAYS and words:
            yield node.lineno, (words[0], "")
        elif name in COUNTS and len(words) == 2:
            yield node.lineno, (words[0], words[1])


@cache
def catalogue(code: str) -> Catalog:
    with (PACKAGE / "texts" / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


def messages(code: str) -> dict[Said, Message]:
    ids = {(one.id if isinstance(one.id, tuple) else (one.id, "")): one for one in catalogue(code) if one.id}
    return {(str(one), str(many)): message for (one, many), message in ids.items()}


def placeholders(message: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(message) if name is not None}


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_message_is_translated(code: str) -> None:
    missing = {message: where for message, where in said().items() if message not in messages(code)}
    assert not missing


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_translation_is_left_over(code: str) -> None:
    assert not set(messages(code)) - set(said())


@pytest.mark.parametrize("code", TRANSLATED)
def test_placeholders_agree(code: str) -> None:
    for (one, many), message in messages(code).items():
        for form in forms_of(message):
            # A form for exactly one may say the number as a word.
            wanted = placeholders(many or one)
            assert placeholders(form) in (wanted, wanted - {"number"} if many else wanted), f"{code}: {form}"
            assert form.strip(), f"{code}: {one} has an empty form"
            assert edges(form) == edges(one), f"{code}: {form}"


def forms_of(message: Message) -> tuple[str, ...]:
    given = message.string
    return (given or "",) if isinstance(given, str | None) else tuple(given)


def edges(message: str) -> tuple[bool, bool]:
    """Return whether there is a space at the beginning and at the end."""
    return message[:1] == " ", message[-1:] == " "


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_forms_stand_in_the_order_of_the_cldr(code: str) -> None:
    """So that editors of catalogues, who go by the header, and we mean the same form."""
    locale = language(code)._locale
    by_header = c2py(catalogue(code).plural_expr)
    for number in range(1001):
        assert _categories(locale)[by_header(number)] == locale.plural_form(number)
    for (_, many), message in messages(code).items():
        assert not many or len(forms_of(message)) == len(_categories(locale))


def test_romanian_is_written_with_commas_below() -> None:
    assert not set("şţŞŢ") & set((PACKAGE / "texts" / "ro.po").read_text("utf-8"))


def test_persian_is_written_with_persian_letters() -> None:
    assert not set("يك٠١٢٣٤٥٦٧٨٩") & set((PACKAGE / "texts" / "fa.po").read_text("utf-8"))
