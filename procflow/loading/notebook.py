"""What the checks of one file have found so far, and the word an author may have meant."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from difflib import get_close_matches

from procflow.errors import Edit, Finding, Severity, SourceSpan
from procflow.model.rules import finding, in_order

_LONGEST_WORD = 64
_MOST_CANDIDATES = 1_000
_MOST_GUESSES = 300
"""Guesses in one file: comparing words takes time, and nobody reads on after so many."""


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
        *,
        edits: tuple[Edit, ...] = (),
    ) -> None:
        """Write a finding down."""
        self.findings.append(finding(code, message, where=where, hint=hint, edits=edits))

    def closest(self, word: str, candidates: Collection[str]) -> str | None:
        """Return the candidate that looks most like `word`, if one does."""
        self.guesses += 1
        if self.guesses > _MOST_GUESSES or len(word) > _LONGEST_WORD or len(candidates) > _MOST_CANDIDATES:
            return None
        plain = {_plain(one): one for one in candidates}
        found = get_close_matches(_plain(word), plain, n=1, cutoff=0.7)
        return plain[found[0]] if found else None

    def meant(self, word: str, candidates: Collection[str], *, otherwise: str | None = None) -> str | None:
        """Return the hint `did you mean ...?`, or another if nothing looks like `word`."""
        one = self.closest(word, candidates)
        return otherwise if one is None else f"did you mean `{one}`?"

    @property
    def has_errors(self) -> bool:
        """True if something forbids the use of the file."""
        return any(one.severity is Severity.ERROR for one in self.findings)

    def sorted(self) -> tuple[Finding, ...]:
        """Return what was found, in the order of the file, each once."""
        return in_order(self.findings)


def listed(words: Collection[str], *, most: int = 12) -> str:
    """Return the words as people read a list: `a`, `b` or `c`."""
    shown = [f"`{word}`" for word in list(words)[:most]]
    if len(words) > most:
        return ", ".join([*shown, "..."])
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}" if shown else "nothing"


def _plain(word: str) -> str:
    return word.lower().replace("_", "-")
