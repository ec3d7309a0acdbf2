"""A scenario as YAML, to be pasted or put into a file: what is read from it is the scenario again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from procflow.expressions.types import Raw
from procflow.loading.scalars import read_by_yaml_1_1, resolve
from procflow.model.scenario import Doing, Expectation, Person, Scenario, Wait

_WIDEST = 100
_BARE = re.compile(r"-?[0-9.]+ [A-Z]{3}|[^\W\d_][\w./@()'-]*( [\w./@()'-]+)*")


def yaml_of(one: Scenario, *, dated: bool = False, remarks: Mapping[int, Sequence[str]] | None = None) -> str:
    """Return a scenario as an entry of `scenarios:`, two spaces in.

    `dated`: it says when the case opens, too. `remarks` are comments above an entry of `do`, by its number from 0.
    """
    return "".join(f"  {text}\n" for text in _lines(one, dated, remarks or {}))


def _lines(one: Scenario, dated: bool, remarks: Mapping[int, Sequence[str]]) -> Iterator[str]:
    yield f"- scenario: {_flow(one.title[''] if '' in one.title else dict(one.title))}"
    if one.people:
        yield f"  people: {_flow({name: _person(person) for name, person in one.people.items()})}"
    if dated:
        yield f"  opens-at: {_flow(one.opens_at.isoformat())}"
    if one.given:
        yield f"  given: {_flow(dict(one.given))}"
    if one.without:
        yield f"  without: {_flow(_names(sorted(one.without)))}"
    yield from _do([_entry(each) for each in one.doings], remarks)
    yield f"  expect: {_flow(dict(_expected(one.expect)))}"


def _do(entries: Sequence[str], remarks: Mapping[int, Sequence[str]]) -> Iterator[str]:
    on_one_line = f"  do: [{', '.join(entries)}]"
    if len(on_one_line) <= _WIDEST and not remarks and not any("{" in each for each in entries):
        yield on_one_line
        return
    yield "  do:"
    for index in range(len(entries) + 1):
        yield from (f"    # {text}" for text in remarks.get(index, ()))
        yield from (f"    - {entry}" for entry in entries[index : index + 1])


def _person(one: Person) -> Raw:
    roles = _names(sorted(one.roles))
    if one.teams:
        return {**({"roles": roles} if roles else {}), "teams": _names(sorted(one.teams))}
    return roles[0] if len(roles) == 1 else roles


def _entry(one: Doing | Wait) -> str:
    if isinstance(one, Wait):
        return f"wait {one.text}"
    details = dict(_details(one))
    if not details and not re.search(r"\s", one.by):
        return f"{one.by} {one.action}"
    return _flow({"by": one.by, "action": one.action, **details})


def _details(one: Doing) -> Iterator[tuple[str, Raw]]:
    if one.start:
        yield "start", True
    if one.data:
        yield "data", dict(one.data)
    if one.evidence:
        yield "evidence", dict(one.evidence)
    if one.reason is not None:
        yield "reason", one.reason
    if one.on_behalf_of is not None:
        yield "on-behalf-of", one.on_behalf_of
    if one.without:
        yield "without", _names(sorted(one.without))


def _expected(one: Expectation) -> Iterator[tuple[str, Raw]]:
    if one.ends is not None:
        yield "ends", one.ends
    if one.stands is not None:
        yield "stands", one.stands
    if one.through:
        yield "through", _names(one.through)
    if one.not_through:
        yield "not-through", _names(one.not_through)
    if one.deviations:
        yield "deviations", _names(one.deviations)
    if one.broken is not None:
        yield "broken", _names(one.broken) if one.broken else "none"
    if one.kept:
        yield "kept", _names(one.kept)
    if one.within is not None:
        yield "within", str(one.within)
    if one.late is not None:
        yield "late", _names(one.late) if one.late else "none"
    if one.met:
        yield "met", _names(one.met)
    if one.notified:
        yield "notified", _names(one.notified)
    if one.accountable is not None:
        yield "accountable", one.accountable


def _names(names: Iterable[str]) -> list[Raw]:
    return [*names]


def _flow(value: Raw) -> str:
    match value:
        case dict() if value:
            return "{ " + ", ".join(f"{_scalar(key)}: {_flow(one)}" for key, one in value.items()) + " }"
        case dict():
            return "{}"
        case list():
            return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value)


def _scalar(value: Raw) -> str:
    """Return a value as YAML that everybody reads alike: quoted wherever a program could take it for something else."""
    is_bare = isinstance(value, str) and _BARE.fullmatch(value) and resolve(value) == value
    if isinstance(value, str) and is_bare and read_by_yaml_1_1(value) is None:
        return value
    return json.dumps(value, ensure_ascii=False)
