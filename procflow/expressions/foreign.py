"""What people write who know other languages, or a word processor: signs, words and quotes, and what stands for them.

A replacement is given only where it can mean nothing else; for the rest there is a hint.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from procflow.expressions.values import quote

_SIGNS = {
    "&&": "and",
    "&": "and",
    "||": "or",
    "|": "or",
    "!": "not",
    "=": "==",
    "===": "==",
    "!==": "!=",
    ":=": "==",
    "<>": "!=",
    "≠": "!=",
    "=<": "<=",
    "≤": "<=",
    "=>": ">=",
    "≥": ">=",
    "×": "*",
    "−": "-",
}
_HINTS = {
    "=": 'write "==" to compare',
    ":=": 'write "==" to compare',
    "**": "multiply instead",
    "//": 'write "/"',
    "#": 'write a comment with "note:" beside the condition',
    "?": 'write "a if condition else b"',
}
_WORDS = {"yes": "true", "no": "false", "is": "=="}
_WORD_HINTS = {
    "None": "use has(...) to ask whether a value is known",
    "null": "use has(...) to ask whether a value is known",
    "for": "conditions do not loop; ask with in, size() or times()",
    **dict.fromkeys(("lambda", "def", "yield", "await", "import", "while"), "conditions compare; they run nothing"),
    "elif": 'write "a if condition else b if other else c"',
    "then": 'write "a if condition else b"',
}
_OPENED = "“”„‟«»‹›‘’‚‛"
"""Quotes of word processors. Which of them opens and which closes differs from language to language."""
_TYPESET = re.compile(rf"""[{_OPENED}](?P<text>[^{_OPENED}"'\n]*)[{_OPENED}"']""")
_HALF_TYPESET = re.compile(rf"""["'](?P<text>[^{_OPENED}"'\n]*)[{_OPENED}]""")
_EMPTY = re.compile(r"is\s+(?P<no>not\s+)?(?:empty|missing|unknown|blank|known|given|there)\b")
_ABSENT = re.compile(r"empty|missing|unknown|blank")
_ABOVE, _BELOW = "greater|more|larger|bigger|higher|later|longer", "less|fewer|smaller|lower|earlier|shorter"
_COMPARED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"(?:{pattern})\b"), sign)
    for pattern, sign in (
        (rf"(?:is\s+)?(?:{_ABOVE})\s+than\s+or\s+equal(?:s|\s+to)?", ">="),
        (rf"(?:is\s+)?(?:{_BELOW})\s+than\s+or\s+equal(?:s|\s+to)?", "<="),
        (rf"(?:is\s+)?(?:{_ABOVE})\s+than|is\s+(?:above|over)|exceeds", ">"),
        (rf"(?:is\s+)?(?:{_BELOW})\s+than|is\s+(?:below|under)", "<"),
        (r"(?:is\s+)?at\s+least", ">="),
        (r"(?:is\s+)?at\s+most", "<="),
        (r"is\s+not\s+equal\s+to|is\s+different\s+from|not\s+equals?", "!="),
        (r"is\s+equal\s+to|equals|is\s+the\s+same\s+as", "=="),
    )
)
"""Comparisons in plain English, the longer ones first."""
_LAST_WORD = re.compile(r"(?P<word>[^\W\d][\w.]*)\s*$")
_IS_NOT = re.compile(r"is\s+not\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """A piece that is not of the language."""

    message: str
    hint: str | None = None
    width: int
    """How many code points it is about."""
    instead: str | None = None
    """What should stand there; None if only a person can know."""


def foreign_sign(text: str, start: int, sign: str) -> Foreign:
    """Return what is wrong with a sign that stands at `start`."""
    found = _TYPESET.match(text, start) or _HALF_TYPESET.match(text, start)
    if found is not None:
        plain = quote(found["text"])
        message = f"{found.group()} stands in quotes of a word processor"
        return Foreign(message=message, hint=f"write plain quotes: {plain}", width=len(found.group()), instead=plain)
    message = f"{quote(sign)} is not part of conditions"
    if sign in "\"'":
        return Foreign(message="a text is opened here and never closed", hint=f"close it with {sign}", width=1)
    if sign in _OPENED:
        return Foreign(message=message, hint='write plain quotes: "..."', width=1)
    if sign.isdigit():
        return Foreign(message=f"{quote(sign)} is not a digit conditions read", hint="write digits as 0 to 9", width=1)
    known = _SIGNS.get(sign)
    hint = _HINTS.get(sign) or (f"write {quote(known)}" if known is not None else None)
    instead = _spaced(text, start, len(sign), known) if known is not None else None
    return Foreign(message=message, hint=hint, width=len(sign), instead=instead)


def foreign_word(text: str, start: int, word: str, reserved: Collection[str]) -> Foreign | None:
    """Return what is wrong with a word that stands at `start`; None if it may be the name of something."""
    message = f"{quote(word)} is not part of conditions"
    lower = word.lower()
    if word not in reserved and lower in reserved:
        return Foreign(message=message, hint=f'write "{lower}" in lower case', width=len(word), instead=lower)
    if (english := _in_english(text, start)) is not None:
        return english
    if (found := _IS_NOT.match(text, start)) is not None:
        message = f"{quote(found.group())} is not part of conditions"
        return Foreign(message=message, hint='write "!="', width=len(found.group()), instead="!=")
    if word in _WORDS:
        known = _WORDS[word]
        return Foreign(message=message, hint=f"write {quote(known)}", width=len(word), instead=known)
    return Foreign(message=message, hint=_WORD_HINTS[word], width=len(word)) if word in _WORD_HINTS else None


def _in_english(text: str, start: int) -> Foreign | None:
    """Return what stands for a comparison in plain English; None if none begins at `start`."""
    before = _LAST_WORD.search(text[:start])
    if (found := _EMPTY.match(text, start)) is not None:
        has = bool(found["no"]) == bool(_ABSENT.search(found.group()))
        asked = f"{'' if has else 'not '}has({'field' if before is None else before['word']})"
        return Foreign(message=_not_part(found.group()), hint=f"write {asked}", width=len(found.group()))
    for pattern, sign in _COMPARED:
        if (found := pattern.match(text, start)) is None:
            continue
        width = len(found.group())
        if not text[:start].strip():
            hint = f"name what is compared, as in price {sign} 100"
            return Foreign(message=_not_part(found.group()), hint=hint, width=width)
        return Foreign(message=_not_part(found.group()), hint=f"write {quote(sign)}", width=width, instead=sign)
    return None


def _not_part(written: str) -> str:
    return f"{quote(written)} is not part of conditions"


def _spaced(text: str, start: int, width: int, known: str) -> str:
    """Return what replaces a sign, with spaces where a word would grow together with its neighbours."""
    if not known.isalpha():
        return known
    before = " " if start and not text[start - 1].isspace() and text[start - 1] not in "([" else ""
    after = " " if not text[start + width : start + width + 1].isspace() else ""
    return f"{before}{known}{after}"
