"""PF217 and PF603 of rules: what they ask of people, held against the people there are."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import combinations

from procflow.errors import Finding
from procflow.lint.rules.people import acting, forbids
from procflow.model.organisation import Directory
from procflow.model.procedure import ANY, Procedure
from procflow.model.rule import Form, Happening, Rule
from procflow.model.rules import finding


def findings(procedure: Procedure, people: Directory, known: Collection[str]) -> Iterator[Finding]:
    """Yield the rules that nobody can keep, as the people are. `known`: the roles of which that is told otherwise."""
    for rule in procedure.rules:
        role = rule.by.role if rule.by is not None and not forbids(rule) else None
        if role is not None and role != ANY and role not in known and not procedure.roles[role].external:
            if not people.holders_of(role):
                message = f"nobody in people.yaml holds `{role}`, and `{rule.id}` counts only what `{role}` did"
                yield finding(
                    "PF217", message, where=rule.where, hint=f"give `{role}` to somebody, or name another role"
                )
        elif rule.form in (Form.SAME_PERSON, Form.DIFFERENT_PERSON):
            yield from _persons(rule, procedure, people)


def _persons(rule: Rule, procedure: Procedure, people: Directory) -> Iterator[Finding]:
    for one, other in combinations(rule.targets, 2):
        first, second = (_may_do(each, procedure, people) for each in (one, other))
        if not first or not second:
            continue
        if rule.form is Form.SAME_PERSON and first.isdisjoint(second):
            message = (
                f"nobody may do both `{one}` and `{other}`: `{rule.id}`, which demands the same person, is never kept"
            )
        elif rule.form is Form.DIFFERENT_PERSON and len(first | second) == 1:
            (only,) = first
            message = f"only {only} may do `{one}`, and only {only} `{other}`: under `{rule.id}` nobody is left"
        else:
            continue
        hint = "give their roles to other people as well" if len(first | second) == 1 else "give both roles to somebody"
        yield finding("PF603", message, where=rule.where, hint=hint)
        return


def _may_do(one: Happening, procedure: Procedure, people: Directory) -> set[str] | None:
    """Return who may do something; None if that cannot be said."""
    found: set[str] = set()
    for by in acting(one, procedure):
        if by.role is None or by.role == ANY or procedure.roles[by.role].external:
            return None
        found.update(people.holders_of(by.role))
    return found
