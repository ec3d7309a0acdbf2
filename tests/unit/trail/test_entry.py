"""An event is sealed into one body only, and a body opens into that event only."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procflow.errors import ProcflowError
from procflow.expressions.types import Raw
from procflow.model.event import Event, Kind, Source
from procflow.trail.entry import MAX_BODY, MAX_DEPTH, Entry, Opening, genesis, leaf_of, open_entry, seal
from procflow.trail.keys import EntryInvalid
from tests.property.strategies_events import events, names, texts

LOG = "procflow/00000000000000000000000000000000"
AT = datetime(2026, 11, 21, 20, 51, 3, 120000, tzinfo=UTC)
THANKED = Event(
    case="c1",
    seq=2,
    kind=Kind.ACTION,
    action="thank",
    occurred_at=AT,
    actor="ana",
    roles=frozenset({"expert", "agent"}),
    data={"gravity": "minor"},
    definition="ab" * 32,
)


def sealed(event: Event, **changed: Any) -> Entry:
    given_ = {"procedure": "complaint", "version": "1.0", "log": LOG, "prev": bytes(32), "nonce": "n"}
    return seal(event, **(given_ | changed))


def with_data(value: Raw) -> Event:
    return replace(THANKED, data={"x": value})


def data_bytes(value: Raw) -> bytes:
    """Return how `value` stands in a body."""
    return sealed(with_data(value)).body.split(b'"data":{"x":')[1].split(b'},"kind"')[0]


def test_a_body_is_minimal_json_with_sorted_keys() -> None:
    assert sealed(THANKED).body.decode() == (
        '{"action":"thank","actor":"ana","at":"2026-11-21T20:51:03.120000Z","case":"c1","data":{"gravity":"minor"},'
        f'"kind":"action","lifecycle":"complete","log":"{LOG}","nonce":"n","prev":"{"0" * 64}",'
        f'"proc":{{"id":"complaint","sha256":"{"ab" * 32}","ver":"1.0"}},"roles":["agent","expert"],"seq":2,"v":1}}'
    )


def test_the_leaf_is_that_of_rfc_6962() -> None:
    entry = sealed(THANKED)
    assert entry.leaf == leaf_of(entry.body) == hashlib.sha256(b"\x00" + entry.body).digest()


def test_genesis_is_of_one_case_of_one_log() -> None:
    assert genesis(LOG, "c1") == hashlib.sha256(f"procflow/genesis/v1\n{LOG}\nc1".encode()).digest()
    assert len({genesis(LOG, "c1"), genesis(LOG, "c2"), genesis("other", "c1")}) == 3


@given(events(), names, texts, st.binary(min_size=32, max_size=32))
def test_opening_gives_back_what_was_sealed(event: Event, version: str, procedure: str, prev: bytes) -> None:
    entry = sealed(event, version=version, procedure=procedure, prev=prev)
    again, header = open_entry(entry.body)
    assert again == event
    assert (header.log, header.procedure, header.version, header.prev, header.nonce) == (
        LOG,
        procedure,
        version,
        prev,
        "n",
    )
    assert sealed(again, version=version, procedure=procedure, prev=prev) == entry


def test_what_is_settled_when_a_case_opens_is_kept() -> None:
    opening = Opening(mode="observe", client="acme", ref="ticket:42")
    _, header = open_entry(sealed(THANKED, opening=opening).body)
    assert header.opening == opening


def test_the_row_of_a_foreign_log_is_not_sealed() -> None:
    assert sealed(replace(THANKED, source=Source(file="log.csv", line=3))) == sealed(THANKED)


def test_an_instant_of_another_zone_is_told_in_utc() -> None:
    bucharest = AT.astimezone(timezone(timedelta(hours=2)))
    assert sealed(replace(THANKED, occurred_at=bucharest)) == sealed(THANKED)


def test_text_that_looks_alike_is_not_made_alike() -> None:
    composed, decomposed = "caf\u00e9", "cafe\u0301"
    assert open_entry(sealed(with_data(decomposed)).body)[0].data == {"x": decomposed}
    assert sealed(with_data(composed)).leaf != sealed(with_data(decomposed)).leaf


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (333333333.33333329, "333333333.3333333"),  # the numbers of RFC 8785, section 3.2.2 and appendix B
        (1e30, "1e+30"),
        (4.50, "4.5"),
        (2e-3, "0.002"),
        (0.000000000000000000000000001, "1e-27"),
        (-0.0, "0"),
        (9007199254740992.0, "9007199254740992"),
        (295147905179352830000.0, "295147905179352830000"),
        (1e21, "1e+21"),
        (5e-324, "5e-324"),
        ('\u20ac$\u000f\nA\'B"\\\\"/', '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'),
        ([None, True, False], "[null,true,false]"),
    ],
)
def test_values_have_the_form_of_rfc_8785(value: Raw, text: str) -> None:
    assert data_bytes(value).decode() == text


def test_keys_are_sorted_by_utf_16_as_rfc_8785_says() -> None:
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    body = sealed(replace(THANKED, data=dict.fromkeys(keys, 0))).body
    expected = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(body)["data"]) == expected


def test_a_large_float_without_fraction_comes_back_as_the_same_number() -> None:
    number = 1.2345678901234567e20
    opened, _ = open_entry(sealed(with_data(number)).body)
    assert opened.data == {"x": number}
    assert int("123456789012345670000") != number, "what an integer reader would have made of it"


def nest(depth: int) -> Raw:
    value: Raw = 0
    for _ in range(depth):
        value = [value]
    return value


def test_depth_is_limited_alike_for_sealing_and_opening() -> None:
    deepest = with_data(nest(MAX_DEPTH - 2))  # the body and its `data` are two maps
    assert open_entry(sealed(deepest).body)[0] == deepest
    with pytest.raises(EntryInvalid, match="32 deep"):
        sealed(with_data(nest(MAX_DEPTH - 1)))
    with pytest.raises(EntryInvalid, match="32 deep"):
        open_entry(b'{"v":1,"data":' + b"[" * 40 + b"]" * 40 + b"}")
    with pytest.raises(EntryInvalid, match="32 deep"):
        open_entry(b"[" * 30_000 + b"]" * 30_000)


def test_a_body_longer_than_a_tile_can_carry_is_refused() -> None:
    room = MAX_BODY - len(sealed(with_data("")).body)
    assert len(sealed(with_data("x" * room)).body) == MAX_BODY
    with pytest.raises(EntryInvalid, match="65,536 bytes; 65,535") as caught:
        sealed(with_data("x" * (room + 1)))
    assert caught.value.hint is not None
    assert "by link" in caught.value.hint


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, -(2**53), "\ud800", {"\ud800": 1}])
def test_what_json_cannot_carry_is_refused(value: Raw) -> None:
    with pytest.raises(EntryInvalid):
        sealed(with_data(value))


@pytest.mark.parametrize(
    "event",
    [
        replace(THANKED, seq=0),
        replace(THANKED, occurred_at=datetime(2026, 1, 1)),
        replace(THANKED, occurred_at=datetime.max.replace(tzinfo=timezone(timedelta(hours=-2)))),
    ],
)
def test_an_event_without_a_place_or_an_instant_is_refused(event: Event) -> None:
    with pytest.raises(ProcflowError):
        sealed(event)


@pytest.mark.parametrize("name", ["action", "actor", "on_behalf_of", "reason", "key"])
def test_an_id_that_is_no_text_is_refused_before_it_makes_the_record_unreadable(name: str) -> None:
    with pytest.raises(EntryInvalid, match=rf"`{name}` of event 2 must be text, and 42 is not") as caught:
        sealed(replace(THANKED, **{name: 42}))  # type: ignore[arg-type]
    assert caught.value.hint == "Give it as '42'."


@pytest.mark.parametrize("name", ["roles", "teams"])
def test_the_name_of_a_role_or_team_is_text_as_well(name: str) -> None:
    with pytest.raises(EntryInvalid, match=rf"`{name}` of event 2 must be text"):
        sealed(replace(THANKED, **{name: frozenset({"agent", 5})}))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["client", "ref"])
def test_client_and_ref_are_text_as_well(name: str) -> None:
    opening = replace(Opening(mode="observe"), **{name: 5})  # type: ignore[arg-type]
    with pytest.raises(EntryInvalid, match=rf"`{name}` of event 2 must be text"):
        sealed(THANKED, opening=opening)


@pytest.mark.parametrize("changed", [{"prev": b"short"}, {"nonce": ""}])
def test_an_entry_needs_its_link_and_its_nonce(changed: dict[str, Any]) -> None:
    with pytest.raises(EntryInvalid):
        sealed(THANKED, **changed)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b'"v":1', b'"v":2', "version 2"),
        (b'"v":1', b'"v":true', "version True"),
        (b',"v":1', b"", "version None"),
        (b'"seq":2', b'"seq":2,"seq":3', "a key twice"),
        (b'"gravity":"minor"', b'"gravity":"minor","gravity":"major"', "a key twice"),
        (b'"seq":2', b'"seq":2,"surprise":1', "does not know: surprise"),
        (b'"sha256"', b'"sha512"', "one form"),
        (b'"seq":2', b'"seq": 2', "one form"),
        (b'"seq":2', b'"seq":2.0', "whole number"),
        (b'"seq":2', b'"seq":true', "whole number"),
        (b'"seq":2', b'"seq":"2"', "whole number"),
        (b'"seq":2', b'"seq":-1', "from 1"),
        (b'"kind":"action"', b'"kind":"dream"', "'dream'"),
        (b'"kind":"action",', b"", "`kind`"),
        (b'["agent","expert"]', b'["expert","agent"]', "one form"),
        (b'["agent","expert"]', b'["agent","agent"]', "one form"),
        (b'["agent","expert"]', b"[1]", "list of texts"),
        (b'"roles":["agent","expert"],', b'"roles":[],', "one form"),
        (b'{"gravity":"minor"}', b"{}", "one form"),
        (b'{"gravity":"minor"}', b"[]", "not a map"),
        (b'"minor"', b"NaN", "NaN"),
        (b'"minor"', b"1e999", "cannot carry"),
        (b'"minor"', b"1.50", "one form"),
        (b'"minor"', b'"\\ud800"', "cannot carry"),
        (b'"minor"', b'"min\\u006fr"', "one form"),
        (b'"minor"', b'"min\xffr"', "not JSON"),
        (b".120000Z", b".12Z", "one form"),
        (b".120000Z", b".120000+00:00", "one form"),
        (b".120000Z", b".120000", "one form"),
        (b"2026-11-21T", b"2026-11-31T", "not an instant"),
        (b'"prev":"00', b'"prev":"0', "digest in hex"),
        (b'"prev":"00', b'"prev":"', "32 bytes"),
        (b'{"action"', b'\xef\xbb\xbf{"action"', "not JSON"),
        (b'"v":1}', b'"v":1}\n', "one form"),
        (b'"v":1}', b'"v":1}{}', "not JSON"),
    ],
)
def test_a_body_that_was_touched_is_refused_with_the_reason(old: bytes, new: bytes, message: str) -> None:
    body = sealed(THANKED).body
    assert body.count(old) == 1
    with pytest.raises(ProcflowError, match=message):
        open_entry(body.replace(old, new))


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"1", b"x" * (MAX_BODY + 1), b"9" * 60_000])
def test_what_is_no_entry_at_all_is_refused(body: bytes) -> None:
    with pytest.raises(EntryInvalid):
        open_entry(body)


@given(st.binary(max_size=40) | st.text(max_size=40).map(str.encode))
def test_any_bytes_are_an_entry_or_refused(body: bytes) -> None:
    with pytest.raises(ProcflowError):
        open_entry(body)
