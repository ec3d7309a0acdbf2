"""A proof is something one could look up: what is blank or only says yes proves nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from procflow.expressions.types import Raw
from procflow.judge import Judge
from procflow.model.event import Event, Kind
from tests.unit.monitors.stories import procedure_of

PROCEDURE = """\
start: pack
steps:
  pack: { by: any, evidence: [photo], actions: { send: gone } }
  gone: { end: gone }
"""


def codes(proof: Raw) -> list[str]:
    judge = Judge(procedure_of(PROCEDURE))
    at = datetime(2026, 12, 1, tzinfo=UTC)
    event = Event(
        case="1", seq=1, kind=Kind.ACTION, action="send", actor="ana", occurred_at=at, evidence={"photo": proof}
    )
    return [one.code for one in judge.audit(judge.advance(judge.begin("1"), event)).deviations]


@pytest.mark.parametrize(
    "proof", ["MAIL-7", "0", 17, 0, {"link": "https://files.example/1"}, {"sha256": "ab"}, ["P-1", ""]]
)
def test_what_can_be_looked_up_is_a_proof(proof: Raw) -> None:
    assert codes(proof) == []


@pytest.mark.parametrize(
    "nothing", [None, "", "  \t", False, True, {}, [], {"link": ""}, {"link": None, "name": " "}, [""]]
)
def test_what_is_blank_or_only_says_yes_is_none(nothing: Raw) -> None:
    assert codes(nothing) == ["DV303"]
