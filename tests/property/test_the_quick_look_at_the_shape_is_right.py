"""What the quick validator lets pass, the one that explains has nothing to say against: no mistake slips through."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procflow.loading.schema import SchemaName, _quick, _validator
from procflow.loading.source import read_source

REPOSITORY = Path(__file__).resolve().parents[2]
FILES = sorted(
    path for folder in ("procedures", "examples", "tests/examples") for path in (REPOSITORY / folder).rglob("*.yaml")
)
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**18), 10**18),
    st.floats(),
    st.sampled_from(
        [
            "",
            "yes",
            "a-b",
            "a_b",
            "A",
            "٣",
            "1 day",
            "1 day\n",
            "2026-11-01",
            "2026-11-01\n",
            "intake\n",
            "é",
            "EUR",
            "\u2028",
        ]
    ),
    st.just([]),
    st.just({}),
    st.just(["a", "a"]),
    st.just([{"to": "a"}, {"to": "b", "otherwise": True}]),
    st.just({"to": "a", "when": "x"}),
)
KEYS = ("by", "to", "end", "then", "steps", "parallel", "type", "of", "title", "note", "unknown", "A b", "a\n", "start")


def kind_of(path: Path) -> SchemaName:
    if path.name.endswith((".map.yaml", ".mapping.yaml")):
        return "mapping"
    return "people" if "people" in path.name else "procedure"


def agree(name: SchemaName, data: Any) -> None:
    if _quick(name).is_valid(data):
        assert list(_validator(name).iter_errors(data)) == []


@pytest.mark.parametrize("name", ["procedure", "people", "mapping"])
def test_files_people_write(name: SchemaName) -> None:
    good = 0
    for path in FILES:
        source = read_source(path.read_bytes(), path.name)
        if source.readable and kind_of(path) == name:
            agree(name, source.data)
            good += _quick(name).is_valid(source.data)
    assert good > 3


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_files_with_something_else_in_one_place(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([one for one in FILES if "pass" in one.name or one.parent.name == "procedures"]))
    whole = deepcopy(read_source(path.read_bytes(), path.name).data)
    part: Any = whole
    while isinstance(part, dict | list) and part:
        place = data.draw(st.sampled_from(list(part) if isinstance(part, dict) else list(range(len(part)))))
        if not isinstance(part[place], dict | list) or not part[place] or data.draw(st.integers(0, 3)) == 0:
            if isinstance(part, dict) and data.draw(st.booleans()):
                part[data.draw(st.sampled_from(KEYS))] = part.pop(place)
            else:
                part[place] = data.draw(JUNK)
            break
        part = part[place]
    agree(kind_of(path), whole)
