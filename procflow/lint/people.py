"""A procedure held against the people of an organisation: PF216, PF217, PF603. Roles nobody knows, roles nobody holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from procflow.errors import Finding
from procflow.model.by import By
from procflow.model.organisation import Directory, People, Person, Team
from procflow.model.procedure import ANY, Procedure, Step
from procflow.model.rules import finding

_CLOSE = 0.8
"""Of difflib: `carektaker` is a slip, `problem-manager` beside `property-manager` is another role."""


def role_findings(people: People, procedures: Sequence[Procedure]) -> Iterator[Finding]:
    """Yield the roles of `people.yaml` that none of the procedures knows, and that are close to one that is known.

    Any other may be the role of a procedure that was not given: of that nothing is said.
    """
    known = sorted({role for one in procedures for role in one.roles})
    holders: list[Person | Team] = [*people.people.values(), *people.teams.values()]
    for holder in holders:
        for role in sorted(holder.roles.difference(known)):
            if close := get_close_matches(role, known, n=1, cutoff=_CLOSE):
                message = f"`{holder.id}` holds `{role}`, a role that no procedure given here knows"
                where = holder.roles_where.get(role, holder.where)
                yield finding("PF216", message, where=where, hint=f"did you mean `{close[0]}`?")


def _unheld(procedure: Procedure, people: Directory) -> Iterator[Finding]:
    for role in _acting(procedure):
        if not procedure.roles[role].external and not people.holders_of(role):
            message = f"nobody in people.yaml holds `{role}`, and only `{role}` may act in some steps"
            hint = f"give `{role}` to somebody, or write `external: true` if it is somebody outside"
            yield finding("PF217", message, where=procedure.roles[role].where, hint=hint)


def _acting(procedure: Procedure) -> dict[str, None]:
    """Return the roles without which something cannot be done."""
    bys = [action.by or step.by for step in procedure.steps.values() for action in step.actions.values()]
    bys += [action.by for action in procedure.anytime.values()]
    bys += [step.by for step in procedure.steps.values() if step.checklist is not None]
    return {by.role: None for by in bys if by is not None and by.role is not None and by.role != ANY}


def people_findings(procedure: Procedure, people: Directory) -> Iterator[Finding]:
    """Yield the roles nobody holds, and the steps under four-eyes, and the rules, for which nobody is left to act."""
    yield from _unheld(procedure, people)
    if procedure.rules:
        from procflow.lint.rules.holders import findings

        yield from findings(procedure, people, _acting(procedure))
    for step in procedure.steps.values():
        here = _may_act(procedure, step, people)
        if not step.four_eyes or here is None or len(here) != 1:
            continue
        (only,) = here
        for name in step.four_eyes:
            before = _may_act(procedure, procedure.steps[name], people)
            if before == here and name != step.id:
                message = (
                    f"only {only} may act in `{name}`, and only {only} in `{step.id}`: under four-eyes nobody is left"
                )
                hint = f"give {_roles(step)} to somebody else as well"
                yield finding("PF603", message, where=step.four_eyes_where or step.where, hint=hint)
                break


def _may_act(procedure: Procedure, step: Step, people: Directory) -> set[str] | None:
    """Return who may do what leaves a step; None if that cannot be said."""
    found: set[str] = set()
    for action in step.actions.values():
        by = action.by or step.by
        if not action.moves:
            continue
        if by is None or by.role is None or by.role == ANY or procedure.roles[by.role].external:
            return None
        found.update(people.holders_of(by.role))
    return found


def _roles(step: Step) -> str:
    roles: list[By] = [by for action in step.actions.values() if (by := action.by or step.by) is not None]
    return " or ".join(dict.fromkeys(f"`{by}`" for by in roles))
