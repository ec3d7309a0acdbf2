"""Instants as the trail writes them: RFC 3339, UTC, exactly six decimals, so that text sorts as time does."""

from __future__ import annotations

from datetime import UTC, datetime

from procflow.errors import ProcflowError


def in_utc(at: datetime) -> datetime:
    """Return the instant in UTC, from whatever zone it is given in.

    Raises ProcflowError for an instant without a time zone, or one that UTC cannot name (at the ends of the years
    1 and 9999).
    """
    if not isinstance(at, datetime):
        raise ProcflowError(f"{at!r} is no moment", hint="Give a datetime with a time zone, best in UTC.")
    if at.tzinfo is None:
        raise ProcflowError(f"{at.isoformat()} names no time zone.", hint="Give an instant in UTC.")
    if at.tzinfo is UTC:
        return at
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise ProcflowError(f"{at.isoformat()} cannot be told in UTC.") from error


def instant_text(at: datetime) -> str:
    """Return `at` as `2026-11-21T20:51:03.123456Z`, from whatever zone it is given in; raises as `in_utc` does."""
    # In UTC it always ends in +00:00.
    return in_utc(at).isoformat(timespec="microseconds")[:-6] + "Z"


def parse_instant(text: str) -> datetime:
    """Return the instant in UTC; accepts exactly what `instant_text` writes, raises ProcflowError for the rest."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ProcflowError(f"{text!r} is not an instant.", hint=_FORM) from error
    # fromisoformat reads many more forms than one; two texts for one instant would be two entries for one event.
    if at.tzinfo is None or instant_text(at) != text:
        raise ProcflowError(f"{text!r} is not an instant in its one form.", hint=_FORM)
    return at.astimezone(UTC)


_FORM = "The form is 2026-11-21T20:51:03.123456Z."
