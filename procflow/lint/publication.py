"""PF62x: what forbids the publication of a version, and whether its review is overdue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from procflow.errors import Finding
from procflow.model.procedure import Procedure
from procflow.model.rules import finding


def publication_findings(procedure: Procedure, today: date) -> tuple[Finding, ...]:
    """Return what stands against publishing the version on the day `today`, in the order of the codes.

    Errors (PF620 to PF622) forbid it; an overdue review (PF623) is a warning. Empty for a version that names no
    author and asks nobody's agreement: it makes no promise of that kind.
    """
    return (*_authorship(procedure, today), *_agreements(procedure, today), *review_findings(procedure, today))


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


def _same(one: str, other: str) -> bool:
    """Return True if two entries name one person, however they are capitalised."""
    return one.strip().casefold() == other.strip().casefold()


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"
