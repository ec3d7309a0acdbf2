"""Comments that set a finding aside: `# procflow: ignore PF308, PF906 - the reason`.

A comment stands at the end of the line it is about, or alone on the line above it. A `#` inside a text is none: YAML's
own marks tell where texts are.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from procflow.errors import SourceSpan
from procflow.loading.notebook import Notebook
from procflow.loading.source import Source
from procflow.model.ignores import Ignore, may_be_ignored
from procflow.model.rules import PF_CODES

_COMMENT = re.compile(
    r"#[ \t]*procflow[ \t]*:[ \t]*(?P<word>[A-Za-z-]+)[ \t]*:?[ \t]*(?P<rest>[^\r\n]*)", re.IGNORECASE
)
_CODES = re.compile(r"[A-Za-z]+[0-9]+(?:[ \t]*,[ \t]*[A-Za-z]+[0-9]+)*")
_REASON = re.compile(r"[ \t]*+(?:[-–—]++|:|\bbecause\b)[ \t]*+(?P<reason>.*\w.*)", re.IGNORECASE)
_SHOW = "write `# procflow: ignore PF308 - the reason`"
_LINE_END = re.compile(r"\r\n|\n|\r")


def read_ignores(source: Source, notebook: Notebook) -> tuple[Ignore, ...]:
    """Return what the comments of a file set aside; a comment that is not as it should be is written down."""
    if _COMMENT.search(source.text) is None:
        return ()
    texts = _Texts.of(source)
    return tuple(
        ignore
        for found in _COMMENT.finditer(source.text)
        if _begins_comment(found.start(), texts)
        for ignore in _read(found, source, texts, notebook)
    )


def _read(found: re.Match[str], source: Source, texts: _Texts, notebook: Notebook) -> Iterator[Ignore]:
    where = source.between(found.start(), found.start() + len(found.group().rstrip()))
    word = found["word"].lower()
    if word != "ignore":
        from difflib import get_close_matches

        if get_close_matches(word, ["ignore"], cutoff=0.7):
            notebook.note("PF015", f"`{found['word']}` is not known in a comment for procflow", where, _SHOW)
        return
    codes = _CODES.match(found["rest"])
    if codes is None:
        notebook.note("PF015", "the comment does not say what it ignores", where, _SHOW)
        return
    reason = _REASON.fullmatch(found["rest"][codes.end() :].rstrip())
    names = list(dict.fromkeys(one.strip().upper() for one in codes.group().split(",")))
    if reason is None:
        message = f"the comment does not say why {' and '.join(names)} is ignored"
        notebook.note("PF015", message, where, _SHOW.replace("PF308", ", ".join(names)))
        return
    first, last = texts.lines_about(found.start(), where.line)
    for code in names:
        if may_be_ignored(code):
            yield Ignore(code=code, reason=reason["reason"].strip(), where=where, first=first, last=last)
        else:
            _tell_unfit(code, where, notebook)


def _tell_unfit(code: str, where: SourceSpan, notebook: Notebook) -> None:
    if code in PF_CODES:
        message = f"{code} is an error: it cannot be ignored, only mended"
        notebook.note("PF016", message, where, f"`procflow explain {code}` tells how")
    elif code.startswith("DV"):
        message = f"{code} is about what people did: a file cannot ignore it"
        notebook.note("PF016", message, where, "`overrides:` says who may permit or excuse a deviation")
    else:
        hint = notebook.meant(code, PF_CODES, otherwise="`procflow explain` lists all checks")
        notebook.note("PF906", f"there is no check {code} to ignore", where, hint)


@dataclass(frozen=True, slots=True)
class _Texts:
    """Where the texts of a file stand, keys and values, and what its lines are."""

    text: str
    starts: list[int]
    ends: list[int]
    """Of each text, in the order of the file."""
    reach: Mapping[int, int]
    """Line of a key -> the last line of its text; only of texts that go over several lines."""
    said: list[int]
    """Line (from 0) -> the line, from 1, that says something: this one, or the next that is neither blank nor comment."""

    @classmethod
    def of(cls, source: Source) -> _Texts:
        spans: set[tuple[int, int]] = set()
        reach: dict[int, int] = {}
        for mark in source.marks.values():
            has_key = mark.key_end > mark.key_start
            if has_key:
                spans.add((mark.key_start, mark.key_end))
            if mark.style not in ("block", "flow") and mark.end > mark.start:
                # The line of a `|` or `>` may end with a comment of its own.
                start = _end_of_line(source.text, mark.start) if mark.style in "|>" else mark.start
                spans.add((start, mark.end))
                here = source.between(mark.key_start if has_key else mark.start, mark.end)
                if here.end_line > here.line:
                    reach[here.line] = max(here.end_line, reach.get(here.line, 0))
        ordered = sorted(spans)
        return cls(source.text, [one[0] for one in ordered], [one[1] for one in ordered], reach, _said(source.text))

    def hold(self, at: int) -> bool:
        """Return True if a text stands there."""
        index = bisect_right(self.starts, at) - 1
        return index >= 0 and at < self.ends[index]

    def lines_about(self, comment: int, line: int) -> tuple[int, int]:
        """Return the first and last line that a comment in this line is about, from 1."""
        alone = not self.text[_start_of_line(self.text, comment) : comment].strip()
        first = self.said[line] if alone and line < len(self.said) else line
        return first, self.reach.get(first, first)


def _said(text: str) -> list[int]:
    lines = _LINE_END.split(text)
    said = list(range(1, len(lines) + 1))
    for index in range(len(lines) - 2, -1, -1):
        words = lines[index].strip()
        if not words or words.startswith("#"):
            said[index] = said[index + 1]
    return said


def _begins_comment(at: int, texts: _Texts) -> bool:
    """Return True if the `#` there begins a comment: it is in no text, and not inside a comment."""
    text = texts.text
    for place in range(_start_of_line(text, at), at + 1):
        if text[place] == "#" and (place == 0 or text[place - 1] in " \t\r\n") and not texts.hold(place):
            return place == at
    return False


def _start_of_line(text: str, at: int) -> int:
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def _end_of_line(text: str, at: int) -> int:
    found = _LINE_END.search(text, at)
    return len(text) if found is None else found.start()
