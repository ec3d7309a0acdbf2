"""Where a case stands, as text: `draft/2`, `intake/{call,write}`, `check[left:look,right:-]`."""

from __future__ import annotations

import re

from tests.oracle.flow import Flow, Standing, Token

_WORD = re.compile(r"[a-z0-9-]+")


def read_standing(flow: Flow, text: str) -> Standing | None:
    """Return where a case stands that is told so, None if no case of this procedure can."""
    try:
        at, rest = _region(flow, "", text)
    except _Unreadable:
        return None
    return at if not rest else None


class _Unreadable(Exception):
    pass


def _region(flow: Flow, region: str, text: str) -> tuple[Standing, str]:
    step, text = _word(text)
    if step not in flow.places or flow.places[step].region != region:
        raise _Unreadable
    place = flow.places[step]
    if not place.parts:
        if text.startswith("<"):
            found = _WORD.match(text[1:])
            giver = found[0] if found is not None else ""
            if not flow.offered(step, giver):
                raise _Unreadable
            return frozenset({(step, frozenset({f"<{giver}"}))}), text[1 + len(giver) :]
        done, text = _done(place.items, place.any_order, text)
        return frozenset({(step, done)}), text
    at: set[Token] = set()
    for number, part in enumerate(place.parts):
        branch, text = _word(_after("," if number else "[", text))
        text = _after(":", text)
        if branch != part.region:
            raise _Unreadable
        if text.startswith("done"):
            text = text[4:]
        elif text.startswith("-") and part.only_if is not None:
            text = text[1:]
        else:
            inside, text = _region(flow, branch, text)
            at |= inside
    if not at:
        raise _Unreadable  # a block in which nothing is left to do was left
    return frozenset(at), _after("]", text)


def _done(items: tuple[str, ...], any_order: bool, text: str) -> tuple[frozenset[str], str]:
    if not text.startswith("/"):
        return frozenset(), text
    if not any_order:
        number, text = _word(text[1:])
        if not number.isdigit() or not 0 < int(number) <= len(items):
            raise _Unreadable
        return frozenset(items[: int(number)]), text
    listed, closing, text = _after("{", text[1:]).partition("}")
    names = listed.split(",")
    if not closing or names != sorted({*names} & {*items}):
        raise _Unreadable
    return frozenset(names), text


def _word(text: str) -> tuple[str, str]:
    found = _WORD.match(text)
    if found is None:
        raise _Unreadable
    return found[0], text[found.end() :]


def _after(sign: str, text: str) -> str:
    if not text.startswith(sign):
        raise _Unreadable
    return text[len(sign) :]
