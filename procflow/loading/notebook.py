"""What the checks of one file have found so far, and the word an author may have meant."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from procflow.errors import Edit, Finding, SourceSpan, errors_of
from procflow.model.rules import finding, in_order

_LONGEST_WORD = 64
_MOST_CANDIDATES = 1_000
_MOST_GUESSES = 300
"""Guesses in one file: comparing words takes time, and nobody reads on after so many."""


TYPOGRAPHIC_QUOTES = "“”„‟«»‘’‚‹›"
"""Quotes of word processors, which are letters like any other for YAML."""
_OF_WORDS = frozenset({"PF013", "PF017", "PF018"})
_SURE = 0.8
"""How much alike a word and a name are (difflib) if one can hardly be anything but the other misspelt."""
_APART = 0.1
"""How much less alike the next name has to be."""


class Guess(NamedTuple):
    """What an author may have meant."""

    hint: str | None
    sure: str | None
    """None if only the author knows."""


@dataclass(slots=True)
class Notebook:
    """Collects findings. Grows while one file is read; nothing else holds state."""

    findings: list[Finding] = field(default_factory=list)
    guesses: int = 0

    def note(
        self,
        code: str,
        message: str,
        where: SourceSpan | None,
        hint: str | None = None,
        edits: tuple[Edit, ...] = (),
    ) -> None:
        """Write a finding down."""
        self.findings.append(finding(code, message, where=where, hint=hint, edits=edits))

    def closest(self, word: str, candidates: Collection[str]) -> str | None:
        """Return the candidate that looks most like `word`, if one does."""
        if not self._may_guess(word, candidates):
            return None
        near = self._near(word, candidates)
        return near[0] if near else None

    def guess(self, word: str, candidates: Collection[str], *, otherwise: str | None = None) -> Guess:
        """Return what an author may have meant: the hint, and the word itself if it can hardly be another one."""
        bare = word.strip(TYPOGRAPHIC_QUOTES)
        if bare != word and bare in candidates:
            return Guess(f"`{word[0]}` is no quote for YAML: write `{bare}`", bare)
        near = self._near(word, candidates) if self._may_guess(word, candidates) else []
        if not near:
            return Guess(otherwise, None)
        from difflib import SequenceMatcher

        alike = [SequenceMatcher(a=_plain(one), b=_plain(word)).ratio() for one in near]
        sure = alike[0] >= _SURE and (len(near) == 1 or alike[0] - alike[1] >= _APART)
        return Guess(f"did you mean `{near[0]}`?", near[0] if sure else None)

    def meant(self, word: str, candidates: Collection[str], *, otherwise: str | None = None) -> str | None:
        """Return the hint `did you mean ...?`, or another if nothing looks like `word`."""
        one = self.closest(word, candidates)
        return otherwise if one is None else f"did you mean `{one}`?"

    def _may_guess(self, word: str, candidates: Collection[str]) -> bool:
        self.guesses += 1
        return self.guesses <= _MOST_GUESSES and len(word) <= _LONGEST_WORD and len(candidates) <= _MOST_CANDIDATES

    @staticmethod
    def _near(word: str, candidates: Collection[str]) -> list[str]:
        """Return the two candidates that look most like `word`, the nearest first."""
        # Imported when somebody misspelt something: a file without mistakes never needs it.
        from difflib import get_close_matches

        plain = {_plain(one): one for one in candidates}
        return [plain[one] for one in get_close_matches(_plain(word), plain, n=2, cutoff=0.7)]

    @property
    def has_errors(self) -> bool:
        """True if something forbids the use of the file."""
        return bool(errors_of(self.findings))

    def sorted(self) -> tuple[Finding, ...]:
        """Return what was found, in the order of the file, each once."""
        return in_order(without_echoes(self.findings))


def without_echoes(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the findings; not what a plain word may be mistaken for where an error stands on the very word."""
    wrong = {_start(one) for one in errors_of(findings)}
    return (one for one in findings if one.code not in _OF_WORDS or _start(one) not in wrong)


def _start(one: Finding) -> tuple[int, int] | None:
    return None if one.where is None else (one.where.line, one.where.column)


def listed(words: Collection[str], *, most: int = 12) -> str:
    """Return the words as people read a list: `a`, `b` or `c`."""
    shown = [f"`{word}`" for word in list(words)[:most]]
    if len(words) > most:
        return ", ".join([*shown, "..."])
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}" if shown else "nothing"


def _plain(word: str) -> str:
    return word.lower().replace("_", "-")
