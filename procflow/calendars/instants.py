"""Instants as whole microseconds since 1970, UTC: the only form that arithmetic is done in.

Two aware datetimes of one zone subtract as wall clocks do, so that a night in which the clocks change counts 24 hours;
numbers cannot.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(at: datetime) -> int:
    """Return an aware instant as microseconds since 1970."""
    since = (at if at.tzinfo is UTC else at.astimezone(UTC)) - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def instant(micros: int) -> datetime:
    """Return microseconds since 1970 as an aware instant in UTC."""
    return EPOCH + timedelta(0, 0, micros)


def length_of(micros: int) -> timedelta:
    """Return a count of microseconds as a length of time."""
    return timedelta(0, 0, micros)


def count_of(length: timedelta) -> int:
    """Return a length of time as a count of microseconds."""
    return (length.days * 86_400 + length.seconds) * 1_000_000 + length.microseconds
