"""How the things of a procedure are called on a page: titles in its language, ids beside them, numbers of steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from procflow.expressions.types import Choice, FieldType, ListOf, Record
from procflow.model.by import By
from procflow.model.hand_off import ACTS, is_ours
from procflow.model.procedure import ANY, Procedure, Region, languages_of
from procflow.model.rule import Happening, HappeningKind
from procflow.model.text import Text, same_language, shown_in
from procflow.reports.document.parts import Id, Inline, Link, Name, Run, Written
from procflow.texts import Language, language

Number = tuple[int, ...]


def texts_of(procedure: Procedure) -> Iterator[Text]:
    """Yield every text of a procedure that its author wrote and a page may show."""
    yield from (procedure.title, procedure.purpose)
    yield from (title for id, title in procedure.titles.items() if not is_ours(id, title))
    yield from (text for role in procedure.roles.values() for text in (role.name, role.title))
    yield from (one.ask for one in procedure.data.values() if not is_ours(one.id, one.ask))
    yield from (step.title for step in procedure.steps.values())
    yield from (action.title for action in procedure.written_actions)
    yield from (rule.title for rule in procedure.rules)
    yield from (story.title for story in procedure.scenarios)


def languages_in(procedure: Procedure) -> tuple[str, ...]:
    """Return the languages a procedure is given in: those of its title, else those of its other texts; () if none."""
    given = languages_of(procedure)
    return given or tuple(dict.fromkeys(code for text in texts_of(procedure) for code in text if code))


class Wording:
    """Names things for one page. Remembers which texts its language lacks: grows while the page is made."""

    def __init__(self, procedure: Procedure, spoken: Language) -> None:
        self.procedure = procedure
        self.language = spoken
        self.say, self.cut = spoken.say, spoken.cut
        self.numbers: Mapping[str, Number] = dict(_numbers(procedure.top, ()))
        self._main = next(iter(languages_in(procedure)), spoken.code)
        self.choices = frozenset(_choice_words(one.type for one in procedure.data.values()))
        self._action_titles = _action_titles(procedure)
        self._lacking: set[tuple[tuple[str, str], ...]] = set()

    @property
    def lacking(self) -> int:
        """How many of the texts shown so far are not given in the language of the page."""
        return len(self._lacking)

    # -- texts of the author --

    def written(self, text: Text) -> Written | None:
        """Return a text in the language of the page, else in one there is; None if there is no text."""
        found = shown_in(text, self.language.code, self._main)
        if found is None:
            return None
        code = found or self._main
        missing = not same_language(code, self.language.code)
        if missing:
            self._lacking.add(tuple(text.items()))
        return Written(" ".join(text[found].split()), code, language(code).direction, missing)

    def called(self, id: str, text: Text) -> Run:
        """Return the title with the id beside it; the id alone if there is no title."""
        title = self.written(text)
        return (Name(id),) if title is None else (title, " ", Id(id))

    def verbatim(self, text: str) -> Run:
        """Return a text somebody said, whatever language it is in, in quotation marks."""
        return self.quoted(Written(" ".join(text.split()), "", self.language.direction, False))

    def quoted(self, *content: Inline) -> Run:
        """Return what is quoted, in the quotation marks of the language."""
        return run(self.cut("“{text}”", text=content))

    # -- things of the procedure --

    def role(self, id: str) -> Run:
        """Return what a role is called with its id beside it, as a link to its sheet; or that it may be anybody."""
        if id == ANY:
            return (self.say("anybody"),)
        return (Link(f"role-{id}", self.called(id, self.procedure.roles[id].name)),)

    def role_name(self, id: str) -> Run:
        """Return what a role is called alone, as a link to its sheet; its id if it has no name."""
        return (Link(f"role-{id}", (self.written(self.procedure.roles[id].name) or Name(id),)),)

    def by(self, by: By) -> Run:
        """Return who may act."""
        if by.role is not None:
            return self.role(by.role)
        return run(self.cut("whoever is named in {field}", field=self.field(by.field or "")))

    def step(self, id: str) -> Run:
        """Return a step by number and title, as a link to it; an end by its title."""
        step = self.procedure.steps[id]
        title: Run = (self.written(step.title) or Name(id),)
        number = self.number(id)
        return (Link(f"step-{id}", (f"{number}\u00a0", *title)) if number else Link("ends", title),)

    def number(self, id: str) -> str:
        """Return the number of a step or a branch; empty for an end."""
        parts = self.numbers.get(id, ())
        return ".".join(self.language.number(part) for part in parts)

    def action(self, id: str) -> Run:
        """Return an action or an item of a checklist by what it is called first."""
        return self.called(id, self.action_title(id))

    def action_title(self, id: str) -> Text:
        """Return the title of an action or an item of a checklist; empty if it has none."""
        return self._action_titles.get(id) or self.procedure.titles.get(id, {})

    def titled(self, id: str) -> Run:
        """Return an item of a checklist, a proof, an outcome or a branch."""
        return self.called(id, self.procedure.titles.get(id, {}))

    def field_id(self, id: str) -> Run:
        """Return the id of a data field, as a link to the list of them."""
        return (Link("fields", (Id(id),)),)

    def word(self, id: str) -> Inline:
        """Return a word of a choice by its title alone; the id if it has none."""
        return self.written(self.procedure.titles.get(id, {})) or Name(id)

    def question(self, id: str) -> Inline | None:
        """Return what is asked for a data field; None if the author does not say."""
        return self.written(self.procedure.data[id].ask)

    def field(self, id: str) -> Run:
        """Return a data field: its question, quoted, and its id."""
        question = self.question(id)
        return (Name(id),) if question is None else (*self.quoted(question), " ", Id(id))

    # -- what rules speak of --

    def happening(self, one: Happening) -> Run:
        """Return the quoted title of the action or step that a rule speaks of; nothing for the opening and the end."""
        if not one.name:
            return ()
        if one.procedure not in (None, self.procedure.id):
            return (Id(f"{one.procedure}/{one.name}"),)
        if one.kind in (HappeningKind.ENTERS, HappeningKind.LEAVES):
            return self._quoted_step(one.name)
        action = self._named(one.name, self.action_title(one.name), self._place_of(one))
        if one.step is None:
            return action
        return run(self.cut("{action} in {step}", action=action, step=self._quoted_step(one.step)))

    def _quoted_step(self, id: str) -> Run:
        step = self.procedure.steps.get(id)
        if step is None:
            return (Id(id),)
        return self._named(id, step.title, "ends" if step.end is not None else f"step-{id}")

    def _named(self, id: str, text: Text, anchor: str) -> Run:
        """Return a title in quotation marks, as a link to what it names; the id if there is no title."""
        title = self.written(text)
        return (Link(anchor, (Name(id),)),) if title is None else self.quoted(Link(anchor, (title,)))

    def _place_of(self, one: Happening) -> str:
        """Return where on the page the action of a happening stands; of several the first."""
        if one.name in ACTS:
            return "hand-offs"
        for step in self.procedure.steps.values():
            if one.step not in (None, step.id):
                continue
            if one.name in step.actions:
                return f"action-{step.id}.{one.name}"
            if step.checklist is not None and one.name in step.checklist.items:
                return f"step-{step.id}"
        return f"action-{one.name}"

    def role_in_words(self, id: str) -> Run:
        """Return what a role is called, in quotation marks; its id if it has no name."""
        role = self.procedure.roles.get(id)
        return (Id(id),) if role is None else self._named(id, role.name, f"role-{id}")

    def value_of(self, id: str) -> Run:
        """Return a data field whose value a rule compares: its question, quoted; its id if none is asked."""
        question = self.question(id) if id in self.procedure.data else None
        return (Name(id),) if question is None else self.quoted(question)

    # -- sentences --

    def listed(self, runs: Sequence[Run], *, word: Literal["and", "or"] = "and") -> Run:
        """Return `a, b and c`, or `a, b or c`."""
        return run(self.language.cut_list(list(runs), word=word))


def run(pieces: Sequence[str | Run]) -> Run:
    """Return pieces of a sentence as one run."""
    return tuple(one for piece in pieces for one in ((piece,) if isinstance(piece, str) else piece))


def _choice_words(types: Iterable[FieldType]) -> Iterator[str]:
    for kind in types:
        match kind:
            case Choice():
                yield from kind.of
            case ListOf():
                yield from _choice_words((kind.item,))
            case Record():
                yield from _choice_words(kind.fields.values())


def _action_titles(procedure: Procedure) -> dict[str, Text]:
    """Return the titles of actions: the first an action has, for it may recur."""
    found: dict[str, Text] = {}
    for action in procedure.written_actions:
        if action.title:
            found.setdefault(action.id, action.title)
    return found


def _numbers(region: Region, above: Number) -> Iterator[tuple[str, Number]]:
    """Yield the numbers of steps and branches: 1, 2, 2.1; a branch of one step is that step. Ends have none."""
    work = [step for step in region.steps.values() if step.end is None]
    for at, step in enumerate(work, 1):
        # A branch of one step has its number already.
        number = above if len(region.steps) == 1 and above else (*above, at)
        yield step.id, number
        for nth, branch in enumerate(step.branches, 1):
            if list(branch.region.steps) != [branch.id]:
                yield branch.id, (*number, nth)
                yield from _numbers_of_several(branch.region, (*number, nth))
            else:
                yield from _numbers(branch.region, (*number, nth))


def _numbers_of_several(region: Region, above: Number) -> Iterator[tuple[str, Number]]:
    for at, step in enumerate(region.steps.values(), 1):
        yield from _numbers(Region(start=step.id, steps={step.id: step}), (*above, at))
