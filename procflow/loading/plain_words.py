"""PF013, PF018 and PF019, and numbers with commas: plain words that are not, or not only, what their author sees in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from procflow.errors import Edit, Finding, SourceSpan
from procflow.expressions.separators import without_separators
from procflow.loading import scalars
from procflow.loading.notebook import TYPOGRAPHIC_QUOTES
from procflow.model.rules import finding

Span = Callable[[int, int], SourceSpan]

_TYPESET = re.compile(rf"[{TYPOGRAPHIC_QUOTES}](?P<text>[^{TYPOGRAPHIC_QUOTES}\"\\\r\n]*)[{TYPOGRAPHIC_QUOTES}]")
_NUMBER_SIGN = re.compile(r"[ \t]+(?P<rest>#[^\W_][^\r\n]*)")
_WITH_COMMAS = re.compile(r"(?<![\w.,])[0-9][0-9.]*(?:,[0-9]+(?:\.[0-9]+)?)+(?![\w.]|[ \t]*:)")
_NAMED = re.compile(r"#[0-9A-Za-z-]+")


def plain_findings(text: str, start: int, end: int, span: Span) -> Iterator[Finding]:
    """Yield what is told of the plain word that stands from `start` to `end`."""
    word = text[start:end]
    yield from _reads_differently(word, span(start, end))
    yield from _typeset(word, span(start, end))
    yield from _cut_off(text, word, end, span)


def _reads_differently(word: str, where: SourceSpan) -> Iterator[Finding]:
    other = scalars.read_by_yaml_1_1(word)
    if other is None:
        return
    value = scalars.resolve(word)
    here = "text" if isinstance(value, str) else f"the number {value}"
    message = f"`{word}` is {here} here, but {other} for programs that read YAML 1.1"
    edits = (Edit(where=where, text=f'"{word}"'),)
    yield finding("PF013", message, where=where, hint=f'put it in quotes: "{word}"', edits=edits)


def _typeset(word: str, where: SourceSpan) -> Iterator[Finding]:
    found = _TYPESET.fullmatch(word)
    if found is not None:
        plain = f'"{found["text"]}"'
        hint = f"write {plain}; if the quotes belong to the text, write '{word}'"
        edits = (Edit(where=where, text=plain),)
        message = f"{word} stands in quotes of a word processor, which are part of the text"
        yield finding("PF018", message, where=where, hint=hint, edits=edits)


def _cut_off(text: str, word: str, end: int, span: Span) -> Iterator[Finding]:
    found = _NUMBER_SIGN.match(text, end) if word and "\n" not in word else None
    if found is not None and (sign := _NAMED.match(found["rest"])) is not None:
        where = span(found.start("rest"), found.start("rest") + len(sign.group()))
        message = f"the text ends before `{sign.group()}`: a `#` after a space begins a comment"
        hint = f'write "{word} {sign.group()}" in quotes if it belongs to the text, and `# ` before a comment'
        yield finding("PF019", message, where=where, hint=hint)


def rest_of_number(text: str, start: int) -> re.Match[str] | None:
    """Return the number with commas, such as `1.000,50`, that what begins at `start` is a later part of."""
    line = text.rfind("\n", 0, start) + 1
    numbers = _WITH_COMMAS.finditer(text, line, line + len(text[line:].partition("\n")[0]))
    return next((found for found in numbers if found.start() < start < found.end()), None)


def cut_number(text: str, start: int, end: int, span: Span) -> Iterator[Finding]:
    """Yield the finding for a number that a comma cuts in two, once: at its last part."""
    found = rest_of_number(text, start)
    if found is None or found.end() != end:
        return
    number, where = found.group(), span(*found.span())
    plain, sure = without_separators(number)
    message = f"`{number}` is cut in two: inside {{ }} a comma begins a new key"
    hint = f"numbers have no separators, and a point before decimals: write {plain}"
    yield finding("PF011", message, where=where, hint=hint, edits=(Edit(where=where, text=plain),) if sure else ())
