"""What to say when YAML cannot be read: the parser's complaint in the words of somebody who wants to help."""

from __future__ import annotations

import re
from collections.abc import Callable

import yaml

from procflow.errors import Edit, Finding, SourceSpan
from procflow.model.rules import finding

LINE_BREAKS_OF_YAML_1_1 = frozenset("\x85\u2028\u2029")
"""Characters that end a line in YAML 1.1 and for the parser, but not in YAML 1.2 (§5.4) and in no editor."""
# YAML 1.2.2 §5.1, c-printable, without the above
_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE = re.compile(r"[^\r\n]*")
_AFTER_IN = re.compile(r"\bin[ \t]*$")
_CUT_OFF = re.compile(r"""(?:[^#\r\n"'\]}]|"[^"\r\n]*"|'[^'\r\n]*'|(?<![ \t])\#)*(?<=[ \t])\#(?=[^\r\n]*[\]}])""")
"""A map or list that a comment hides the end of."""
_INDENTATION = re.compile(r"^[ \t]+(?=[^ \t\r\n])", re.MULTILINE)
_QUOTED_FIRST = re.compile(r""":[ \t]+(?:"[^"]*"|'[^']*')[ \t]*$""")

_OF_CONDITION = re.compile(r"\b(?:when|only-if|until)[\"']?[ \t]*:[^:]*$")
_REQUOTE = "quote the condition as a whole, with the other kind of quotes around it"
_APOSTROPHE = 'put the other kind of quotes around the whole text, as in "the owner\'s approval", or none at all'
_UNSPACED = re.compile(r"(?P<key>[\w-]+):(?P<value>[^\s:/].*)")

_LEVEL = 2
"""How many spaces a level of a file is indented that shows none."""

_WORDS: tuple[tuple[str, str, str], ...] = (
    (
        "mapping values are not allowed",
        "there is a `:` where no key can stand",
        "line the key up with its neighbours, or put the text in quotes if it contains a colon",
    ),
    (
        "did not find expected key",
        "this does not fit what comes before it",
        "line it up with its neighbours; a text that begins with a quote must be quoted as a whole",
    ),
    (
        "did not find expected ',' or '}'",
        "the map in { } is not closed, or something in it needs quotes",
        "close it with }, or put the text in quotes",
    ),
    (
        "did not find expected ',' or ']'",
        "the list in [ ] is not closed, or something in it needs quotes",
        "close it with ], or put the text in quotes",
    ),
    ("could not find expected ':'", "a key is not followed by a colon", "write `key: value`"),
    ("found unexpected end of stream", "a quote is opened here and never closed", "close the quote"),
    ("found unexpected document indicator", "a quote is opened here and never closed", "close the quote"),
    (
        "cannot start any token",
        "a value cannot begin with this character",
        "put the text in quotes",
    ),
    ("found unknown escape character", "a backslash in double quotes has a meaning of its own", "use single quotes"),
    (
        "block sequence entries are not allowed",
        "there is a `- ` where no list can begin",
        "begin the list on a line of its own, below its key",
    ),
    ("did not find expected '-' indicator", "a list goes on without a `-`", "line it up with the key above the list"),
    ("did not find expected node content", "a value is missing here", "write a value, or remove what asks for one"),
)


def unreadable_character(text: str) -> int | None:
    """Return where a character stands that no file may contain: a control character, half of a pair, or a strange line break."""
    found = _UNREADABLE.search(text)
    return None if found is None else found.start()


def syntax_finding(error: yaml.YAMLError, text: str, span: Callable[[int, int], SourceSpan]) -> Finding:
    """Return the finding for what the parser complained about; `span` turns offsets into a place."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem is None:
        return finding("PF005", "the file contains a character that YAML does not allow", where=span(0, 1))
    problem = error.problem
    mark = error.problem_mark or error.context_mark
    if "scanning a quoted scalar" in (error.context or "") and error.context_mark is not None:
        mark = error.context_mark
    at = 0 if mark is None else min(mark.index, len(text))
    here = span(at, at + 1)
    if "tag" in problem:
        return finding("PF004", "this is a tag", where=here, hint="put the text in quotes if it begins with `!`")
    line_start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    found = _LINE.match(text, line_start)
    line = "" if found is None else found.group()
    if "\t" in line[: len(line) - len(line.lstrip())]:
        tab = line_start + line.index("\t")
        return finding(
            "PF014",
            "a tab is used for indentation",
            where=span(tab, tab + 1),
            hint="indent with spaces; most editors can be told to do so",
            edits=_spaces_for_tabs(text, span),
        )
    before = text[line_start:at]
    if "did not find expected ','" in problem and error.context_mark is not None:
        opened = error.context_mark.index
        cut = _CUT_OFF.match(text, opened)
        if cut is not None:
            what, sign = ("map in { }", "}") if text[opened] == "{" else ("list in [ ]", "]")
            return finding(
                "PF010",
                f"a `#` after a space begins a comment, so the {what} is not closed in its line",
                where=span(cut.end() - 1, cut.end()),
                hint=f"put the text in quotes if the `#` belongs to it, or write the {sign} before it",
            )
    if "',' or '}'" in problem and text[at : at + 1] == "[" and _AFTER_IN.search(before):
        return finding(
            "PF010",
            "inside { } a `[` begins a list of its own, so the condition is cut off here",
            where=here,
            hint="quote the condition or use the long form, one key a line",
        )
    if _QUOTED_FIRST.search(before) and ("expected key" in problem or "',' or '}'" in problem):
        return finding(
            "PF010",
            "the text ends with its closing quote, and something follows it",
            where=here,
            hint=_REQUOTE if _OF_CONDITION.search(before) else _APOSTROPHE,
        )
    if "could not find expected ':'" in problem and error.context_mark is not None:
        return _without_colon(text, error.context_mark.index, span)
    if "mapping values are not allowed" in problem and (above := _line_without_colon(text, line_start, line)):
        return _without_colon(text, above, span)
    for part, message, hint in _WORDS:
        if part in problem:
            return finding("PF010", message, where=here, hint=hint)
    return finding("PF010", f"this is not YAML: {problem}", where=here)


def _line_without_colon(text: str, line_start: int, line: str) -> int | None:
    """Return where the line above begins if it stands where a key should and is none; its indentation left out."""
    above_start = text.rfind("\n", 0, max(line_start - 1, 0)) + 1
    above = text[above_start:line_start].rstrip()
    indent = len(above) - len(above.lstrip())
    is_key = not above.strip() or above.lstrip()[0] in "-#\"'{[" or ": " in above or above.endswith(":")
    return None if is_key or indent != len(line) - len(line.lstrip()) else above_start + indent


def _without_colon(text: str, start: int, span: Callable[[int, int], SourceSpan]) -> Finding:
    """Return the finding for a line that should be a key and its value. The parser notices only in the line below."""
    found = _LINE.match(text, start)
    written = "" if found is None else found.group().rstrip()
    where = span(start, start + max(len(written), 1))
    unspaced = _UNSPACED.fullmatch(written)
    if unspaced is not None:
        right = f"{unspaced['key']}: {unspaced['value']}"
        message = "a space belongs after the colon, else the whole is one text"
        return finding("PF010", message, where=where, hint=f"write `{right}`", edits=(Edit(where=where, text=right),))
    key, _, value = written.partition(" ")
    hint = f"write `{key}: {value.strip()}`" if key and value else "write `key: value`"
    return finding("PF010", "a key is not followed by a colon", where=where, hint=hint)


def _spaces_for_tabs(text: str, span: Callable[[int, int], SourceSpan]) -> tuple[Edit, ...]:
    """Return the edits that indent every line with spaces, a tab counting as one level of the file."""
    found = [(one.start(), one.group()) for one in _INDENTATION.finditer(text)]
    level = min((len(one) for _, one in found if "\t" not in one), default=_LEVEL)
    return tuple(
        Edit(where=span(start, start + len(one)), text=one.replace("\t", " " * level))
        for start, one in found
        if "\t" in one
    )
