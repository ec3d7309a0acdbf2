"""PF902 to PF905: what a procedure lacks as a document for people. Remarks, all of them."""

from __future__ import annotations

from collections.abc import Iterator

from procflow.errors import Finding, SourceSpan
from procflow.model.hand_off import ACTS, is_ours
from procflow.model.procedure import Procedure, languages_of
from procflow.model.rules import finding
from procflow.model.text import Text
from procflow.model.words import joined

_LONGEST_TITLE = 80
"""Code points. Longer ones do not fit a list, a drawing or the subject of a mail."""


def findings(procedure: Procedure) -> Iterator[Finding]:
    """Yield what can be said of the titles and other texts of a procedure."""
    yield from _untitled(procedure)
    yield from _too_long(procedure)
    yield from _untranslated(procedure)


# --- titles --------------------------------------------------------------------------------------------------------


def _untitled(procedure: Procedure) -> Iterator[Finding]:
    """Tell what has no title although most of its kind have one: a sketch may do without."""
    if not procedure.title and (procedure.purpose or any(step.title for step in procedure.steps.values())):
        hint = "add `title:` below `version:`"
        yield finding("PF902", f"the procedure `{procedure.id}` has no title", where=procedure.where, hint=hint)
    ends = [step for step in procedure.steps.values() if step.end is not None]
    for kind, steps in (("step", [one for one in procedure.steps.values() if one.end is None]), ("end", ends)):
        bare = [step for step in steps if not step.title]
        if bare and len(bare) * 2 < len(steps):
            for step in bare:
                message = f"the {kind} `{step.id}` has no title, and most others have one"
                yield finding("PF902", message, where=step.where, hint="add `title:`: people read it instead of the id")


def _too_long(procedure: Procedure) -> Iterator[Finding]:
    for name, title, where in _titles(procedure):
        longest = max(title.values(), key=len, default="")
        if len(longest) > _LONGEST_TITLE:
            message = f"the title of `{name}` has {len(longest)} characters"
            hint = f"say it in {_LONGEST_TITLE} at most, and the rest in a `note`"
            yield finding("PF903", message, where=where, hint=hint)


def _titles(procedure: Procedure) -> Iterator[tuple[str, Text, SourceSpan]]:
    """Yield every title, with what it belongs to."""
    yield procedure.id, procedure.title, procedure.where
    for step in procedure.steps.values():
        yield step.id, step.title, step.where
        for action in step.actions.values():
            if action.id not in ACTS:
                yield action.id, action.title, action.where
    for action in procedure.anytime.values():
        if action.id not in ACTS:
            yield action.id, action.title, action.where
    for rule in procedure.rules:
        yield rule.id, rule.title, rule.where
    for rule in procedure.rules:
        yield rule.id, rule.title, rule.where
    for name, title in procedure.titles.items():
        if not is_ours(name, title):
            yield name, title, procedure.titles_where.get(name, procedure.where)


# --- languages -----------------------------------------------------------------------------------------------------


def _untranslated(procedure: Procedure) -> Iterator[Finding]:
    """Tell each text that lacks some of the languages of the title.

    Those without any language are told once, together, and only if most have one: others may have begun with the title.
    """
    languages = languages_of(procedure)
    if not languages:
        return
    plain: list[tuple[str, SourceSpan]] = []
    texts = [(what, text, where) for what, text, where in _texts(procedure) if text]
    for what, text, where in texts:
        missing = [language for language in languages if language not in text]
        if not missing:
            continue
        if "" in text:
            plain.append((what, where))
        else:
            message = f"{what} is not given in {joined(missing, 'and')}"
            yield finding("PF905", message, where=where, hint="translate it, as the title of the procedure is")
    if len(languages) > 1 and 0 < len(plain) * 2 < len(texts):
        what, where = plain[0]
        message = f"the title is given in {joined(languages, 'and')}, and {what} in no language"
        if len(plain) > 1:
            message += f", as {len(plain) - 1} more text{'s' * (len(plain) > 2)}"
        hint = f"write `{{ {languages[0]}: ..., {languages[1]}: ... }}`, or leave the title in one language"
        yield finding("PF905", message, where=where, hint=hint)


def _texts(procedure: Procedure) -> Iterator[tuple[str, Text, SourceSpan]]:
    """Yield every text for people but the title of the procedure, each with what it is called in a sentence."""
    yield "the purpose", procedure.purpose, procedure.where
    for role in procedure.roles.values():
        yield f"the name of the role `{role.id}`", role.name, role.where
        yield f"the title of the role `{role.id}`", role.title, role.where
    for field in procedure.data.values():
        if not is_ours(field.id, field.ask):
            yield f"the question for `{field.id}`", field.ask, field.where
    for name, title, where in _titles(procedure):
        if name != procedure.id or title is not procedure.title:
            yield f"the title of `{name}`", title, where
