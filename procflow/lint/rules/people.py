"""PF327: what a rule demands of somebody who, by the procedure, is not the one to do it."""

from __future__ import annotations

from collections.abc import Iterator

from procflow.errors import Finding
from procflow.lint.rules.automata import BARS, named_by
from procflow.model.by import By
from procflow.model.procedure import ANY, Procedure
from procflow.model.rule import Form, Happening, HappeningKind, Rule
from procflow.model.rules import finding

_FORBIDS = BARS | {Form.NEVER, Form.AT_MOST}


def findings(procedure: Procedure) -> Iterator[Finding]:
    """Yield the rules that count something only if a role did it that the procedure gives it to nowhere."""
    for rule in procedure.rules:
        by = named_by(rule)
        if by is None or by.role is None or forbids(rule):
            continue
        who = [one for target in rule.targets for one in acting(target, procedure)]
        if who and all(one.role is not None and one.role not in (ANY, by.role) for one in who):
            yield _told(rule, by, list(dict.fromkeys(f"`{one}`" for one in who)))


def _told(rule: Rule, by: By, acting: list[str]) -> Finding:
    what = " or ".join(f"`{one}`" for one in rule.targets)
    message = f"`{rule.id}` counts {what} only if `{by}` did it, and the procedure has it done by {' or '.join(acting)}"
    hint = f"only somebody who is `{by}` as well can keep it: name the role that does it, or let `{by}` do it"
    return finding("PF327", message, where=rule.where, hint=hint)


def forbids(rule: Rule) -> bool:
    """Return True if a rule only forbids: then its `by` says whose act breaks it."""
    return rule.form in _FORBIDS


def acting(one: Happening, procedure: Procedure) -> Iterator[By]:
    """Yield who does something, wherever the procedure has it done; nobody for what is not done by one person."""
    if one.kind not in (HappeningKind.ACTION, HappeningKind.STARTS):
        return
    for step in procedure.steps.values():
        if one.step not in (None, step.id) or step.whose_turn is None:
            continue
        if one.name in step.actions:
            yield step.actions[one.name].by or step.whose_turn
        if step.checklist is not None and one.name in step.checklist.items:
            yield step.whose_turn
    if one.step is None and one.name in procedure.anytime:
        who = procedure.anytime[one.name].by
        yield who if who is not None else By(role=ANY)
