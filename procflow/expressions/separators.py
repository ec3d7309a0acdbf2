"""Numbers as people write them: which sign separates thousands and which begins the decimals differs by country.

`1.000` is one to a program and a thousand to half of Europe. Nobody but the author knows which is meant.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

_TWO_MEANINGS = re.compile(r"(?P<number>[+-]?[1-9][0-9]{0,2}\.[0-9]{3})(?:\s*[A-Z]{3})?")
_SPACES = " \u00a0\u2009\u202f'’"
_GROUPED = {
    ".": re.compile(rf"[+-]?[0-9]{{1,3}}(?:[,{_SPACES}][0-9]{{3}})+(?:\.[0-9]+)?"),
    ",": re.compile(rf"[+-]?[0-9]{{1,3}}(?:[.{_SPACES}][0-9]{{3}})+(?:,[0-9]+)?"),
}
_BARE = {".": re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?"), ",": re.compile(r"[+-]?[0-9]+(?:,[0-9]+)?")}
_CURRENCY = re.compile(r"(?P<amount>.*?)\s*(?P<currency>[A-Z]{3})")


def thousands_or_decimals(text: str) -> str | None:
    """Return the number in a text that may be thousands or decimals, as in `1.000` and `1.500 EUR`; None if it is plain.

    `0.125` and `1.50` can mean only one thing.
    """
    found = _TWO_MEANINGS.fullmatch(text)
    return None if found is None else found["number"]


def as_read(number: str) -> str:
    """Return what a program reads in such a number, without trailing zeros: `1` for `1.000`."""
    return number.rstrip("0").rstrip(".")


def as_thousands(number: str) -> str:
    """Return the number with its point taken for a separator: `1000` for `1.000`."""
    return number.replace(".", "")


def without_separators(number: str) -> tuple[str, bool]:
    """Return a number with commas, and perhaps points, as it is to be written, and whether it can mean nothing else.

    `1.000,50` and `1,000,000` mean one thing; `1,000` is most likely a thousand, and may be one.
    """
    point, comma = number.rfind("."), number.rfind(",")
    if point < 0 and (number.count(",") > 1 or len(number) - comma - 1 == 3):
        return number.replace(",", ""), number.count(",") > 1
    if point > comma:
        return number.replace(",", ""), True
    return number.replace(".", "").replace(",", "."), True


def plain_number(text: str, decimal: str) -> str | None:
    """Return a number or amount written with `decimal` (a point or a comma) before its decimals, as programs write it.

    Then the other sign, spaces and apostrophes may stand between groups of three. None if it is no number.
    """
    found = _CURRENCY.fullmatch(text)
    amount, currency = (text, "") if found is None else (found["amount"], f" {found['currency']}")
    if _BARE[decimal].fullmatch(amount) is None and _GROUPED[decimal].fullmatch(amount) is None:
        return None
    digits = re.sub(rf"[{_SPACES}]", "", amount).replace("," if decimal == "." else ".", "").replace(",", ".")
    try:
        return f"{Decimal(digits):f}{currency}"
    except InvalidOperation:
        return None
