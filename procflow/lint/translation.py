"""PF905 for one language: everything people read in a procedure that is not given in it, for whoever translates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from procflow.errors import Finding, SourceSpan
from procflow.expressions.types import Choice, FieldType, ListOf, Record
from procflow.model.hand_off import ACTS, REFUSED_FOR, is_ours
from procflow.model.procedure import Action, Procedure, Step, languages_of
from procflow.model.rules import finding
from procflow.model.text import Text, same_language

_HINT = "write it in every language of the procedure"


def lacking(procedure: Procedure, language: str) -> Iterator[Finding]:
    """Yield what lacks `language`, once each in the order of the file; ids that people read for want of a title, too."""
    first = next(iter(languages_of(procedure)), "")
    told: set[str] = set()
    for what, text, where in sorted(_read(procedure), key=lambda one: (one[2].line, one[2].column)):
        given = any(same_language(code or first, language) for code in text)
        if given or what in told:
            continue
        told.add(what)
        if text:
            message = f"{what} is not given in {language}"
            plain = f"say in which language it is: `{{ en: ..., {language}: ... }}`"
            hint = plain if "" in text else f"add `{language}: ...` beside the others"
            yield finding("PF905", message, where=where, hint=hint)
        else:
            yield finding("PF905", f"{what} is missing: people read the id", where=where, hint=_HINT)


def _read(procedure: Procedure) -> Iterator[tuple[str, Text, SourceSpan]]:
    """Yield what people read, each with what it is called in a sentence; the text is empty where only an id is there."""
    yield "the title of the procedure", procedure.title, procedure.where
    if procedure.purpose:
        yield "the purpose", procedure.purpose, procedure.where
    for role in procedure.roles.values():
        yield f"the name of the role `{role.id}`", role.name, role.where
        yield f"the title of the role `{role.id}`", role.title, role.where
    for field in procedure.data.values():
        if not is_ours(field.id, field.ask):
            yield f"the question for `{field.id}`", field.ask, field.where
        if field.id == REFUSED_FOR:
            continue
        yield from _titled(procedure, _words(field.type), field.where)
    for action in procedure.anytime.values():
        yield from _of_action(procedure, action)
    for step in procedure.steps.values():
        yield f"the title of `{step.id}`", step.title, step.where
        yield from _titled(procedure, _named(step), step.where)
        for action in step.actions.values():
            yield from _of_action(procedure, action)
    for rule in procedure.rules:
        # Without a title people read the rule itself, which is said in every language.
        if rule.title:
            yield f"the title of the rule `{rule.id}`", rule.title, rule.where
    for rule in procedure.rules:
        # A rule without words of its own is told in a sentence, in whatever language.
        if rule.title:
            yield f"the title of the rule `{rule.id}`", rule.title, rule.where
    for story in procedure.scenarios:
        yield f"the scenario in line {story.where.line}", story.title, story.where


def _of_action(procedure: Procedure, action: Action) -> Iterator[tuple[str, Text, SourceSpan]]:
    if action.id in ACTS:
        return  # nobody wrote it
    yield f"the title of `{action.id}`", action.title, action.where
    yield from _titled(procedure, action.evidence, action.where)


def _titled(procedure: Procedure, ids: Iterable[str], where: SourceSpan) -> Iterator[tuple[str, Text, SourceSpan]]:
    """Yield what takes its title under `titles`: where that stands, else where the id does."""
    for id in ids:
        yield f"the title of `{id}`", procedure.titles.get(id, {}), procedure.titles_where.get(id, where)


def _named(step: Step) -> Iterator[str]:
    if step.checklist is not None:
        yield from step.checklist.items
    yield from step.evidence
    if step.end is not None:
        yield step.end
    for branch in step.branches:
        if list(branch.region.steps) != [branch.id]:
            yield branch.id


def _words(kind: FieldType) -> Iterator[str]:
    match kind:
        case Choice():
            yield from kind.of
        case ListOf():
            yield from _words(kind.item)
        case Record():
            for part in kind.fields.values():
                yield from _words(part)
