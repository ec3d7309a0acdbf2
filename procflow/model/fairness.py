"""`fairness:` of a procedure: what is seen only over many cases, and from where on it is unfair."""

from __future__ import annotations

from dataclasses import dataclass

from procflow.calendars.length import Length
from procflow.errors import SourceSpan
from procflow.expressions.expression import Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstCome:
    """`first-come`: who came first is served first, among cases that are alike."""

    steps: tuple[str, ...]
    """Those in which cases queue."""
    alike: tuple[str, ...] = ()
    """Data fields: only cases with the same values stand in one queue."""
    by_more_than: Length | None = None
    """Only who came by more than that earlier is overtaken; working time on the calendar of the procedure. None: by anything."""
    expedited: str | None = None
    """The action that makes a case an exception."""
    expedited_if: str | None = None
    """The yes-no data field that does. At most one of the two is given."""
    where: SourceSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgent:
    """`urgent`: what part of the cases of one requester may be urgent."""

    when: Expression
    at_most: int
    """Percent."""
    at_least: int
    """So many cases are needed before anything is said."""
    where: SourceSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class OnePerson:
    """`one-person`: a step that only one person ever does."""

    share: int
    """Percent of the completions of a step that those counted must cover."""
    at_least: int
    """So many completions are needed before anything is said."""
    window: Length | None = None
    """Only those of so long before the moment of the report; None: all. Elapsed time."""
    where: SourceSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """`workload`: how many open cases one person may have, against the median."""

    times: int
    at_least: int
    """So many people are needed before anything is said."""
    whose: str | None = None
    """The data field of type person that says who has a case; None: whoever acted in it last."""
    where: SourceSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitSpread:
    """`wait-spread`: how far the longest waits in a step may lie from the middle, among cases that are alike."""

    times: int
    """The 90th percentile may be so many times the median."""
    at_least: int
    """So many waits are needed before anything is said."""
    steps: tuple[str, ...] = ()
    """() means every step in which people work."""
    alike: tuple[str, ...] = ()
    where: SourceSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Fairness:
    """What of it a procedure asks for; None of what it does not."""

    first_come: FirstCome | None = None
    urgent: Urgent | None = None
    one_person: OnePerson | None = None
    workload: Workload | None = None
    wait_spread: WaitSpread | None = None
    where: SourceSpan
