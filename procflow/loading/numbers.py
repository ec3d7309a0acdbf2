"""PF017: numbers that may be meant as thousands and are read as decimals."""

from __future__ import annotations

from procflow.errors import SourceSpan
from procflow.expressions.separators import as_read, as_thousands, thousands_or_decimals
from procflow.loading.notebook import Notebook


def tell_thousands(written: str, where: SourceSpan, notebook: Notebook) -> None:
    """Write down that a number, or an amount with its currency, may be meant as thousands. Only its author knows."""
    number = thousands_or_decimals(written)
    if number is None:
        return
    read, thousands = as_read(number), as_thousands(number)
    # A fourth decimal leaves no doubt that decimals are meant.
    decimals = read if read != number else f"{number}0"
    message = f"`{number}` is {read} here, not {thousands}: a point begins the decimals"
    notebook.note("PF017", message, where, f"write {thousands} if thousands are meant, and {decimals} if not")
