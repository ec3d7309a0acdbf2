"""The language of a picture: our words, the author's titles, and which of both run from right to left.

Names and conditions run from left to right wherever they stand. In a picture that runs the other way, what is put
into a sentence is isolated, so that it cannot turn its neighbours around (Unicode Standard Annex 9, isolates).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from procflow.expressions.tree import Literal, walk
from procflow.expressions.types import Choice
from procflow.expressions.values import quote
from procflow.model.by import By
from procflow.model.procedure import ANY, Procedure, Step, languages_of
from procflow.model.text import Text, same_language, shown_in
from procflow.reports.diagram.lettering import clean, right_to_left
from procflow.texts import Language
from procflow.texts import language as language_of

if TYPE_CHECKING:
    from procflow.expressions.expression import Expression

MARK = "°"
"""Stands behind a title that is not given in the language asked for."""
_LEFT_TO_RIGHT, _AS_IT_IS, _END = "\u2066", "\u2068", "\u2069"


@dataclass(frozen=True, slots=True)
class Tongue:
    """Says everything that stands in the picture of one procedure."""

    procedure: Procedure
    language: Language
    code: str
    """The language of titles."""
    marking: bool
    """True if titles in other languages are marked: somebody asked for this one."""

    @property
    def mirrored(self) -> bool:
        """True if the picture runs from right to left."""
        return self.language.direction == "rtl"

    @property
    def comma(self) -> str:
        """What stands between the names of a row."""
        return "، " if self.mirrored else ", "

    def title(self, text: Text, id: str) -> str:
        """Return a title, marked if it is not in the language asked for; `id` if there is none."""
        code = shown_in(text, self.code, self._first)
        told = clean(text[code]) if code is not None else ""
        if not told:
            return id
        return told + MARK if self.falls_back(text) else told

    def falls_back(self, text: Text) -> bool:
        """Return True if a text is given, but not in the language asked for."""
        code = shown_in(text, self.code, self._first)
        return self.marking and code is not None and not same_language(code or self._first, self.code)

    @property
    def _first(self) -> str:
        return next(iter(languages_of(self.procedure)), self.code)

    def called(self, id: str) -> str:
        """Return the title of something that has no long form of its own, such as a checklist item; else its id."""
        return self.isolated(self.title(self.procedure.titles.get(id, {}), id))

    def outcome(self, step: Step) -> str | None:
        """Return what the outcome of an end is called; None if the title or the id of the end says the same."""
        id = str(step.end)
        outcome = self.title(self.procedure.titles.get(id, {}), id)
        said = {one.removesuffix(MARK).casefold() for one in (self.title(step.title, step.id), step.id)}
        return None if outcome.removesuffix(MARK).casefold() in said else outcome

    def isolated(self, text: str) -> str:
        """Return a title to be put into a sentence."""
        foreign = right_to_left(text)
        return f"{_AS_IT_IS}{text}{_END}" if self.mirrored or foreign else text

    def name(self, id: str) -> str:
        """Return an id to be put into a sentence."""
        return f"{_LEFT_TO_RIGHT}{id}{_END}" if self.mirrored else id

    def names(self, ids: Iterable[str]) -> str:
        """Return ids in a list."""
        return self.language.listed([self.name(one) for one in ids])

    def by(self, by: By) -> str:
        """Return who acts."""
        if by.field is not None:
            return self.language.say("whoever {field} names", field=self.name(by.field))
        if by.role == ANY:
            return self.language.say("anybody")
        return self.role(str(by.role))

    def role(self, id: str) -> str:
        """Return what a role is called, to be put into a sentence; its id if it has no name."""
        title = self.title(self.procedure.roles[id].name, id)
        return self.name(id) if title == id else self.isolated(title)

    def condition(self, when: Expression) -> str:
        """Return a condition as it may stand in a sentence.

        The ids of a file are taken to be in its first language. In a picture in another one the words of choices stand
        by their titles; fields keep their ids: what is asked for them would fill the card.
        """
        return self.name(self._translated(when))

    def exact(self, when: Expression) -> str:
        """Return a condition as it is executed."""
        return self.name(clean(str(when)))

    def _translated(self, when: Expression) -> str:
        told = clean(str(when))
        if same_language(self.code, self._first):
            return told
        titles = {}
        for node in walk(when.tree):
            if isinstance(node, Literal) and isinstance(node.type, Choice) and isinstance(node.value, str):
                text = self.procedure.titles.get(node.value, {})
                code = shown_in(text, self.code, self._first)
                if code is not None and same_language(code or self._first, self.code):
                    titles[clean(quote(node.value))] = f'"{self.isolated(clean(text[code]))}"'
        words = re.compile("|".join(map(re.escape, titles)))
        return words.sub(lambda found: titles[found[0]], told) if titles else told


def tongue_of(procedure: Procedure, language: str) -> Tongue:
    """Return the tongue for `language`; for "" the first language of the procedure, else English."""
    code = language or next(iter(languages_of(procedure)), "en")
    return Tongue(procedure, language_of(code), code, marking=bool(language))
