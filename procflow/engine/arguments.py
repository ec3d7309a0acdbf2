"""What callers give, checked before anything is done: the judge and the record can rely on it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import TypeVar

from procflow.calendars.book import CalendarSet
from procflow.errors import ProcflowError
from procflow.expressions.raw import normalise_raw
from procflow.expressions.types import Raw
from procflow.model.organisation import Actor, Directory
from procflow.model.policies import Policies

_Named = TypeVar("_Named", bound=Enum)


def text(name: str, given: object) -> str:
    """Return a text that names something. Raises ProcflowError for what is none, or is blank."""
    if not isinstance(given, str):
        raise _no_text(name, given)
    if not given.strip():
        raise ProcflowError(f"{name} is {given!r}, which names nothing", hint="give it, or leave it out")
    return given


def maybe_text(name: str, given: object) -> str | None:
    """Return a text that names something, or None. Raises as `text` does."""
    return None if given is None else text(name, given)


def words(name: str, given: object) -> str | None:
    """Return any text, or None: whether blank words say something is for the judge."""
    if given is not None and not isinstance(given, str):
        raise _no_text(name, given)
    return given


def _no_text(name: str, given: object) -> ProcflowError:
    if isinstance(given, Actor):
        hint = f"name a person by the id: {given.id!r}"
    else:
        hint = "give a text" if given is None else f"give it as {_shown(str(given))}"
    return ProcflowError(f"{name} is {_shown(given)}, which is no text", hint=hint)


def _shown(given: object, most: int = 80) -> str:
    """Return a value as a message shows it: a whole case would bury what is wrong with it."""
    whole = repr(given)
    return whole if len(whole) <= most else f"{whole[: most - 3]}..."


def path_of(name: str, given: object) -> Path:
    """Return a path to a file or folder."""
    if not isinstance(given, str | Path) or not str(given):
        raise ProcflowError(f"{name} is {given!r}, which is no path", hint="give a text or a Path")
    return Path(given)


def policies_of(given: object) -> Policies | None:
    """Return policies that were read, or None."""
    if given is not None and not isinstance(given, Policies):
        raise ProcflowError(
            f"policies is {_shown(given)}, which is no policies",
            hint="give what `load_policies` returns; `Engine.open` reads a file by its path",
        )
    return given


def calendars_of(given: object) -> CalendarSet | None:
    """Return a set of calendars, or None."""
    if given is not None and not isinstance(given, CalendarSet):
        raise ProcflowError(
            f"calendars is {_shown(given)}, which is no set of calendars",
            hint="give a CalendarSet; `Engine.open` reads a folder by its path",
        )
    return given


def limit_of(given: object) -> int | None:
    """Return how many at most, or None."""
    if given is not None and (not isinstance(given, int) or isinstance(given, bool) or given < 0):
        raise ProcflowError(f"limit is {_shown(given)}; it is a whole number from 0", hint="give none for all")
    return given


def case_of(given: object) -> str:
    """Return the id of a case."""
    if not isinstance(given, str):
        raise ProcflowError(f"a case is named by its id, and {_shown(given)} is none", hint="give `case.id`")
    return given


def seq_of(given: object) -> int | None:
    """Return the `seq` of a case as a caller saw it, or None."""
    if given is not None and (not isinstance(given, int) or isinstance(given, bool)):
        raise ProcflowError(f"expect is {_shown(given)}; it is a whole number", hint="give `case.seq`")
    return given


def one_of(kinds: type[_Named], name: str, given: object) -> _Named:
    """Return which of `kinds` is meant, by itself or by its text."""
    if isinstance(given, kinds):
        return given
    try:
        return kinds(given)
    except ValueError as error:
        known = [str(one.value) for one in kinds]
        raise ProcflowError(
            f"{name} is {given!r}; it must be {', '.join(known[:-1])} or {known[-1]}", code="PF105"
        ) from error


def actor_of(given: object, directory: Directory) -> Actor:
    """Return who asks, by the roles and teams the directory knows unless they are given."""
    if isinstance(given, Actor):
        for name in (given.id, *given.roles, *given.teams):
            words("the id, role or team of an actor", name)
        return given
    if not isinstance(given, str):
        raise ProcflowError(f"{given!r} names nobody", hint="give an Actor or an id")
    return Actor(given, roles=directory.roles_of(given), teams=directory.teams_of(given))


def somebody(given: object, directory: Directory) -> Actor:
    """Return who acts. Without a name no control could be held against them: four-eyes would let anybody pass."""
    actor = actor_of(given, directory) if isinstance(given, str | Actor) else None
    if actor is None or not actor.id.strip():
        raise ProcflowError(f"somebody must act, and {given!r} names nobody", hint="give an Actor or an id")
    return actor


def raw_of(name: str, given: Mapping[str, object] | None) -> Mapping[str, Raw]:
    """Return what a caller gives as the record will carry it, order of keys included: judged so, both agree."""
    if given is not None and not isinstance(given, Mapping):
        raise ProcflowError(
            f"{name} is {_shown(given)}, which is no mapping",
            code="DV302",
            hint=f"give a mapping of names to values: {name}={{'name': ...}}",
        )
    raw: dict[str, Raw] = {}
    if not given:
        return raw
    for one, value in given.items():
        if not isinstance(one, str):
            raise ProcflowError(f"{one!r} cannot name a value: names are text", code="DV302")
        try:
            raw[one] = _in_order(normalise_raw(value))
        except ValueError as error:
            raise ProcflowError(f"“{one}” cannot be recorded: {error}", code="DV302") from error
    return raw if len(raw) < 2 else {one: raw[one] for one in sorted(raw, key=_place)}


def _in_order(raw: Raw) -> Raw:
    match raw:
        case dict():
            return {name: _in_order(raw[name]) for name in sorted(raw, key=_place)}
        case list():
            return [_in_order(one) for one in raw]
        case _:
            return raw


def _place(name: str) -> bytes:
    # RFC 8785 §3.2.3: keys are sorted by their UTF-16 code units.
    return name.encode("utf-16-be", "surrogatepass")
