"""A text somebody wrote, in one language or several, and which of them a reader is shown."""

from __future__ import annotations

from collections.abc import Mapping

Text = Mapping[str, str]
"""A text by language; the key "" is the text given without a language."""


def text_of(text: Text, language: str = "", default: str = "") -> str:
    """Return `text` as `shown_in` says, a text without a language before one in English; `default` if there is none."""
    code = shown_in(text, language)
    return default if code is None else text[code]


def shown_in(text: Text, language: str, first: str = "") -> str | None:
    """Return under which language a text is found for whoever reads `language`; None if there is no text.

    In that language, else in one of the same base (`pt` for `pt-BR`), else in the `first` of the procedure, else in
    English, else in any. A text without a language is taken to be in the first.
    """
    given = {code or first: code for code in text}
    alike = (code for code in given if same_language(code, language))
    return next((given[code] for code in (language, *alike, first, "en", *given) if code in given), None)


def same_language(one: str, other: str) -> bool:
    """Return True if two codes have the same base: `pt` and `pt-BR`."""
    return one.partition("-")[0] == other.partition("-")[0]
