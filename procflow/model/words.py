"""Words as they stand in a sentence: several of them as people list them, and lengths of time as authors write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta


def joined(words: Sequence[str], last: str = "or", *, most: int | None = None) -> str:
    """Return words as people list them: `a`, `a or b`, `a, b or c`; `last` is the word before the last one.

    Of more than `most` the first, and how many more there are: `a, b or 4 more`.
    """
    if most is not None and len(words) > most:
        words = [*words[: most - 1], f"{len(words) - most + 1} more"]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def hours_written(length: timedelta) -> str:
    """Return working time, which has no days: `34 hours`, `1 hour 30 minutes`; how long a day is, the calendar says."""
    hours, rest = divmod(length, timedelta(hours=1))
    minutes, rest = divmod(rest, timedelta(minutes=1))
    seconds = f"{rest.total_seconds():g}"
    counted = [(str(hours), "hour"), (str(minutes), "minute"), (seconds, "second")]
    words = [f"{count} {unit}{'' if count == '1' else 's'}" for count, unit in counted if count != "0"]
    return " ".join(words) or "0 minutes"


def length_written(length: timedelta) -> str:
    """Return a length in the largest unit that says it whole: `14 days`, `90 minutes`."""
    for unit, size in (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1))):
        number, rest = divmod(length, size)
        if not rest and (number or unit == "minute"):
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return f"{length.total_seconds():g} seconds"
