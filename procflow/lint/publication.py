"""PF62x: what forbids the publication of a version, who has not agreed to it, and whether its review is overdue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from procflow.errors import Finding
from procflow.model.procedure import Procedure, Role
from procflow.model.rules import finding


def publication_findings(procedure: Procedure, today: date) -> tuple[Finding, ...]:
    """Return what stands against publishing the version on the day `today`, in the order of the codes.

    Errors (PF620 to PF622, PF624) forbid it; an overdue review (PF623), and departments that nobody asked (PF625), are
    warnings. Empty for a version that names no author and no departments: it makes no promise of that kind.
    """
    return (
        *_authorship(procedure, today),
        *_agreements(procedure, today),
        *review_findings(procedure, today),
        *_unagreed(procedure),
    )


def review_findings(procedure: Procedure, today: date) -> tuple[Finding, ...]:
    """Return PF623 if the day in `review-by` has passed; on the day itself there is still time."""
    if procedure.review_by is None or today <= procedure.review_by:
        return ()
    days = (today - procedure.review_by).days
    message = f"the review of {procedure.id} {procedure.version} was due on {procedure.review_by} ({_days(days)} ago)"
    return (finding("PF623", message, where=procedure.where, hint="review it, and set the next date"),)


def _authorship(procedure: Procedure, today: date) -> Iterator[Finding]:
    approval = procedure.approved_by
    if approval is None:
        if procedure.author is not None:
            message = f"{procedure.author} wrote version {procedure.version}, and nobody approved it"
            hint = "have another person approve it: `approved-by: { person: ..., date: ... }`"
            yield finding("PF621", message, where=procedure.where, hint=hint)
        return
    if procedure.author is not None and _same(procedure.author, approval.person):
        message = f"{approval.person} wrote version {procedure.version} and approved it"
        yield finding("PF620", message, where=approval.where, hint="have another person approve it")
    if approval.on > today:
        message = f"the approval by {approval.person} is dated {approval.on}, and today is {today}"
        yield finding("PF622", message, where=approval.where, hint="publish it when it is approved")


def _agreements(procedure: Procedure, today: date) -> Iterator[Finding]:
    for one in procedure.agreed_by:
        if one.on is None:
            message = f"the agreement of {one.department} is pending"
            yield finding("PF622", message, where=one.where, hint="ask for it, and write its date down")
        elif one.on > today:
            message = f"the agreement of {one.department} is dated {one.on}, and today is {today}"
            yield finding("PF622", message, where=one.where, hint="publish it when it is agreed")


def departments_in(procedure: Procedure) -> Mapping[str, Role]:
    """Return the departments that take part, each with the first of its roles; without that of the owner.

    A department takes part if one of its roles works in a step, or has an action of its own. Whoever owns a procedure
    has agreed to it: the owner is a department, or a role of one.
    """
    owner = procedure.roles.get(procedure.owner or "")
    owning = {procedure.owner, owner.department if owner is not None else None}
    acting = [by for step in procedure.steps.values() if (by := step.by) is not None]
    acting += [one.by for one in procedure.written_actions if one.by is not None]
    known = [role for by in acting if (role := procedure.roles.get(by.role or "")) is not None]
    return {one.department: one for one in reversed(known) if one.department not in ("", *owning) and not one.external}


def _unagreed(procedure: Procedure) -> Iterator[Finding]:
    """Yield the departments that take part and have not agreed to this very version, in the order of the file."""
    agreed = {one.department: one for one in procedure.agreed_by}
    unasked = []
    for department, role in sorted(departments_in(procedure).items(), key=lambda one: one[1].where.line):
        # A small house may let a role speak for its department.
        said = agreed.get(department) or next(
            (agreed[id] for id in _roles(procedure, department) if id in agreed), None
        )
        if said is None:
            unasked.append((department, role))
        elif said.version not in (None, procedure.version):
            message = f"{said.department} agreed to version {said.version}, and this is {procedure.version}"
            hint = "have it agree to this version, and write date and version down"
            yield finding("PF624", message, where=said.where, hint=hint)
    if not procedure.agreed_by and unasked:
        names = ", ".join(name for name, _ in unasked)
        message = f"nobody wrote down whether the departments that take part have agreed: {names}"
        hint = (
            f'write down who has: `agreed-by: {{ {unasked[0][0]}: {{ date: ..., version: "{procedure.version}" }} }}`'
        )
        yield finding("PF625", message, where=unasked[0][1].where, hint=hint)
        return
    for department, role in unasked:
        message = f"{department} takes part as `{role.id}`, and has not agreed to version {procedure.version}"
        hint = f'ask for it: `agreed-by: {{ {department}: {{ date: ..., version: "{procedure.version}" }} }}`'
        yield finding("PF624", message, where=role.where, hint=hint)


def _roles(procedure: Procedure, department: str) -> Iterator[str]:
    return (role.id for role in procedure.roles.values() if role.department == department)


def _same(one: str, other: str) -> bool:
    """Return True if two entries name one person, however they are capitalised."""
    return one.strip().casefold() == other.strip().casefold()


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"
