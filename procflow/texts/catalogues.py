"""The catalogues: what our words are in another language, read from the `.po` files beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

_FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The translations of one language; what it lacks is said in English."""

    _single: Mapping[str, str]
    _plural: Mapping[str, tuple[str, ...]]
    """The English singular -> the forms, in the order of the CLDR's categories."""

    def of(self, message: str) -> str | None:
        """Return the translation of a message; None if there is none."""
        return self._single.get(message)

    def forms(self, one: str) -> tuple[str, ...]:
        """Return the forms of a counted message, by its English singular; () if there is no translation."""
        return self._plural.get(one, ())


@lru_cache(maxsize=16)
def read_catalogue(code: str) -> Catalogue:
    """Return the catalogue of a language; an empty one for English, which messages are written in."""
    if code == "en":
        return Catalogue(MappingProxyType({}), MappingProxyType({}))
    from babel.messages.pofile import read_po

    single: dict[str, str] = {}
    plural: dict[str, tuple[str, ...]] = {}
    with (_FOLDER / f"{code}.po").open("rb") as file:
        for one in read_po(file, locale=code, abort_invalid=True):
            if isinstance(one.id, str):
                if one.id and isinstance(one.string, str) and one.string:
                    single[one.id] = one.string
            elif isinstance(one.string, tuple) and all(one.string):
                plural[one.id[0]] = one.string
    return Catalogue(MappingProxyType(single), MappingProxyType(plural))
