"""Lengths of time in words, in the language of a page: `4 working hours`, `2 working days`, `6 months`."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from procflow.calendars.length import Length, Unit

if TYPE_CHECKING:
    from procflow.texts import Language


def length_in_words(length: Length, language: Language) -> str:
    """Return a length as its author wrote it."""
    count, number = language.count, length.count
    if length.working:
        match length.unit:
            case Unit.MINUTE:
                return count("{number} working minute", "{number} working minutes", number)
            case Unit.HOUR:
                return count("{number} working hour", "{number} working hours", number)
            case _:
                return count("{number} working day", "{number} working days", number)
    match length.unit:
        case Unit.MINUTE:
            return count("{number} minute", "{number} minutes", number)
        case Unit.HOUR:
            return count("{number} hour", "{number} hours", number)
        case Unit.DAY:
            return count("{number} day", "{number} days", number)
        case Unit.WEEK:
            return count("{number} week", "{number} weeks", number)
        case Unit.MONTH:
            return count("{number} month", "{number} months", number)
        case Unit.YEAR:
            return count("{number} year", "{number} years", number)
        case _:
            assert_never(length.unit)
