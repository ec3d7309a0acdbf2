"""PF901: the order of the keys is that of the schema and of the page; edits clean up a text and change nothing."""

from __future__ import annotations

import pytest

from procflow.loading.layout import USUAL_ORDER
from procflow.loading.mending import apply
from procflow.loading.procedure import read_procedure
from procflow.loading.schema import schema

PROCEDURE = """procflow: 1
procedure: sample
version: "1.0"
purpose: |
  The first line ends in two spaces,@@
  the second does not.
roles: { agent: Writes }
start: intake
steps:
  intake: { by: agent, actions: { accept: closed } }
  closed: { end: answered }
""".replace("@@", "  ")


def told(text: str) -> list[str]:
    return [one.message for one in read_procedure(text, "sample.yaml").layout]


def test_the_usual_order_is_that_of_the_schema() -> None:
    keys = schema("procedure")["properties"]
    assert isinstance(keys, dict)
    assert tuple(key for key in keys if key != "note") == USUAL_ORDER


def test_nothing_is_said_of_an_ordinary_file() -> None:
    assert told(PROCEDURE) == []
    assert told(PROCEDURE.replace("\n", "\r\n")) == []


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_spaces_and_the_last_line_are_mended(newline: str) -> None:
    messy = (
        PROCEDURE.replace("procflow: 1\n", "procflow: 1  \n \n").replace("steps:\n", "steps:\t\n").removesuffix("\n")
    )
    loaded = read_procedure(messy.replace("\n", newline), "sample.yaml")
    assert [one.message for one in loaded.layout] == [
        "3 lines end, this one first, in spaces",
        "the last line is not ended",
    ]
    edits = [edit for one in loaded.layout for edit in one.edits]
    clean = PROCEDURE.replace("procflow: 1\n", "procflow: 1\n\n")
    assert apply(edits, messy.replace("\n", newline)) == clean.replace("\n", newline)


def test_only_the_first_key_out_of_order_is_told() -> None:
    text = 'version: "1.0"\nprocedure: sample\nprocflow: 1\nsteps: { closed: { end: x } }\nstart: closed\n'
    assert told(text) == ["`procedure` usually stands above `version`"]


def test_layout_is_no_finding_of_the_file() -> None:
    assert read_procedure(PROCEDURE + " ", "sample.yaml").findings == ()
