"""Pausing: what was asked of whom in a waiting step, until when, and whether that lets a clock rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from procflow.expressions.types import Instant, Raw, Value
from procflow.expressions.values import parse_value

ASKED, DUE = "asked", "due"


class Wait(NamedTuple):
    """The stay of a case in a waiting step."""

    seq: int | None
    """The event that entered it."""
    actor: str | None
    at: datetime
    asked: str
    """"" if nobody was asked anything."""
    until: datetime | None
    unseen: bool = False
    """The log cannot witness what was asked, or until when; or it says so in words that nobody can read."""
    answered: bool = False
    """Whoever is waited for has acted since."""

    @property
    def rests(self) -> bool:
        """True if a clock may rest in it."""
        return self.unseen or (bool(self.asked) and self.until is not None)


def wait_of(
    seq: int | None,
    actor: str | None,
    at: datetime,
    given: Mapping[str, Raw],
    values: Mapping[str, Value],
    *,
    unseen: bool,
) -> Wait:
    """Return the stay that an event begins which gives these data; `values` are those on record with them."""
    asked = given.get(ASKED)
    unseen = unseen or not isinstance(asked, str | None) or _is_unread(given)
    return Wait(seq, actor, at, asked.strip() if isinstance(asked, str) else "", until_of(given, values), unseen)


def until_of(given: Mapping[str, Raw], values: Mapping[str, Value]) -> datetime | None:
    """Return until when an event says that is waited; None if it does not say it."""
    due = values.get(DUE) if DUE in given and not _is_unread(given) else None
    return due.astimezone(UTC) if isinstance(due, datetime) else None


def _is_unread(given: Mapping[str, Raw]) -> bool:
    """Return True if an event says until when, and nobody can read it (DV302): what held before does not hold then."""
    said = given.get(DUE)
    if said is None or (isinstance(said, str) and not said.strip()):
        return False
    try:
        parse_value(Instant(), said)
    except ValueError:
        return True
    return False


def resting(leaves: Iterable[str], paused_in: frozenset[str], waits: Mapping[str, Wait]) -> tuple[Wait, ...]:
    """Return the stays that let a clock rest where a case stands; () if it does not rest."""
    found: list[Wait] = []
    for step in leaves:
        wait = waits.get(step)
        if step not in paused_in or wait is None or not wait.rests:
            return ()
        found.append(wait)
    return tuple(found)


def rest_until(waits: Iterable[Wait]) -> datetime | None:
    """Return when the first of these stays is over though nothing happens; None if none is."""
    return min((one.until for one in waits if one.until is not None), default=None)
