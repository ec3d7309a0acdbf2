"""Data, reasons, proofs, and what must be asked before somebody is made to wait."""

from __future__ import annotations

import pytest

from tests.unit.monitors.stories import audit_of, codes, procedure_of

PARCEL = procedure_of("""
data:
  weight: { type: number }
  colour: { type: choice, of: [red, blue] }
  price: { type: money, currency: EUR }
start: pack
steps:
  pack:
    by: any
    collect: [weight]
    evidence: [photo]
    checklist: [weigh]
    actions:
      send: { to: gone, collect: [colour], evidence: [receipt] }
      park: { to: gone, incomplete: true }
      refuse: { to: gone, reason: required }
      ask: { to: hold, incomplete: true }
      note: same
  hold: { waiting-for: { party: client, asked: required, due: required }, actions: { answer: pack } }
  gone: { end: sent }
anytime: { price-it: { to: same, by: any, collect: [price] } }
roles: { client: { title: The client, external: true } }
""")
GIVEN = "a weigh\na send weight=3 colour=red +photo +receipt"


def test_what_step_and_action_collect_must_be_known_and_what_they_prove_attached() -> None:
    assert codes(PARCEL, GIVEN) == []
    assert codes(PARCEL, "a weigh\na send") == ["DV301@2", "DV301@2", "DV303@2", "DV303@2"]


def test_a_value_given_earlier_counts_and_a_proof_does_not() -> None:
    assert codes(PARCEL, "a weigh weight=3 colour=blue\na send +photo +receipt") == []
    assert codes(PARCEL, "a weigh weight=3 colour=blue +photo +receipt\na send") == ["DV303@2", "DV303@2"]


def test_a_value_taken_back_is_not_known_any_more() -> None:
    assert codes(PARCEL, "a weigh weight=3\na note weight=null\na send colour=red +photo +receipt") == ["DV301@3"]


def test_actions_that_stay_start_or_may_be_incomplete_owe_nothing_to_the_step() -> None:
    assert codes(PARCEL, "a note\na weigh\na send...") == []
    assert codes(PARCEL, "a park") == []
    assert codes(PARCEL, "a price-it") == ["DV301@1"]
    assert codes(PARCEL, 'a weigh\na refuse weight=1 +photo "too big"') == []


@pytest.mark.parametrize("reason", ["", '" "'])
def test_a_reason_is_words(reason: str) -> None:
    assert codes(PARCEL, f"a weigh\na refuse weight=1 +photo {reason}") == ["DV306@2"]


@pytest.mark.parametrize("value", ["weight=heavy", "weight=true", "colour=green", "price=12USD", "wheight=3"])
def test_a_value_that_does_not_fit_is_said_and_changes_nothing(value: str) -> None:
    audit = audit_of(PARCEL, f"a weigh weight=3 colour=red\na note {value}\na send +photo +receipt")
    (found,) = audit.deviations
    name = value.partition("=")[0]
    assert (found.code, found.seq) == ("DV302", 2)
    assert f"“{name}”" in found.message
    assert name in found.values


def test_a_field_nobody_has_may_be_meant_otherwise() -> None:
    (found,) = audit_of(PARCEL, "a note wheight=3").deviations
    assert found.message.endswith("did you mean “weight”?")


def test_who_is_made_to_wait_was_asked_and_knows_until_when() -> None:
    ask = "a ask asked=Which? due=2026-12-24T12:00Z"
    assert codes(PARCEL, f"{ask}\nc/client answer") == []
    assert codes(PARCEL, "a ask asked=Which?") == ["DV605@1"]
    assert codes(PARCEL, "a ask") == ["DV605@1", "DV605@1"]
    assert codes(PARCEL, f"{ask}\nc/client answer\na ask") == ["DV605@3", "DV605@3"], "each time anew"
    (found,) = audit_of(PARCEL, "a ask asked=Which?").deviations
    assert found.values == {"due": "unknown", "waiting for": "client"}


def test_what_was_never_given_may_have_been_given_where_entries_are_missing() -> None:
    parcel = procedure_of("""
roles: { agent: Works }
data: { size: { type: number } }
start: pack
steps:
  pack: { by: agent, actions: { wrap: weigh } }
  weigh: { by: agent, collect: [size], actions: { note: same, send: gone } }
  gone: { end: sent }
""")
    assert codes(parcel, "ana/agent wrap\nana/agent send") == ["DV301@2"]
    for story in ("ana/agent ~wrap\nana/agent send", "ana/agent wrap\nana/agent ~note\nana/agent send"):
        audit = audit_of(parcel, story)
        assert (audit.deviations, dict(audit.not_examined)) == ((), {"data: size": 1})
