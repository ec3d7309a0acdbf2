"""What was refused, set aside or excused has one form in the trail, and nothing hides in an event of another kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from procflow.errors import ProcflowError
from procflow.model.event import Act, Cause, Event, Kind, Lifecycle, Override, Waiver
from procflow.trail.entry import open_entry, seal
from procflow.trail.keys import EntryInvalid

AT = datetime(2026, 11, 21, 20, 51, 3, tzinfo=UTC)
THANKED = Event(case="c1", seq=2, kind=Kind.ACTION, action="thank", occurred_at=AT, actor="ana", key="mail-7")
REFUSED = replace(THANKED, lifecycle=Lifecycle.REFUSED)
UNDONE = Event(
    case="c1",
    seq=3,
    kind=Kind.OVERRIDE,
    action="thank",
    occurred_at=AT,
    actor="lea",
    reason="It was another client",
    override=Override(act=Act.UNDO, to="intake", asked_by="acme", caused_by=Cause.REQUESTER, second="lou"),
)
WAIVED = Event(
    case="c1",
    seq=4,
    kind=Kind.WAIVER,
    occurred_at=AT,
    actor="lea",
    waiver=Waiver(code="DV202", person="ana", until=AT, step="decide", action="pay"),
)
TO = '"to":"intake"'


def body_of(event: Event) -> str:
    return seal(event, procedure="p", version="1", log="procflow/0", prev=bytes(32), nonce="n").body.decode()


@pytest.mark.parametrize(
    ("event", "part"),
    [
        (THANKED, '"key":"mail-7","kind":"action","lifecycle":"complete"'),
        (REFUSED, '"kind":"action","lifecycle":"refused"'),
        (replace(REFUSED, attempted=Lifecycle.START), '"attempted":"start"'),
        (
            UNDONE,
            '"kind":"override","lifecycle":"complete","log":"procflow/0","nonce":"n","override":{"act":"undo",'
            '"asked_by":"acme","caused_by":"requester","second":"lou","to":"intake"}',
        ),
        (replace(UNDONE, override=Override(act=Act.SKIP, to="x[a:-]")), '"override":{"act":"skip","to":"x[a:-]"}'),
        (
            WAIVED,
            '"waiver":{"action":"pay","code":"DV202","person":"ana","step":"decide","until":"2026-11-21T20:51:03.000000Z"}',
        ),
        (replace(UNDONE, lifecycle=Lifecycle.REFUSED), '"lifecycle":"refused"'),
    ],
)
def test_a_key_is_there_only_for_what_is_there(event: Event, part: str) -> None:
    body = body_of(event)
    assert part in body
    assert open_entry(body.encode())[0] == event
    assert ('"attempted"' in body) == (event.attempted is Lifecycle.START), "no key for what goes without saying"


@pytest.mark.parametrize(
    ("event", "old", "new", "message"),
    [
        (REFUSED, '"case":"c1"', '"attempted":"complete","case":"c1"', "one form"),
        (REFUSED, '"case":"c1"', '"attempted":"refused","case":"c1"', "attempted as refused"),
        (REFUSED, '"case":"c1"', '"attempted":true,"case":"c1"', "no text for `attempted`"),
        (REFUSED, '"kind":"action"', '"kind":"opened"', "opened, refused"),
        (THANKED, '"case":"c1"', '"attempted":"start","case":"c1"', "attempted as start"),
        (THANKED, '"key":"mail-7"', '"key":7', "no text for `key`"),
        (THANKED, '"kind":"action"', '"kind":"override"', "lacks its override"),
        (UNDONE, '"kind":"override"', '"kind":"action"', "has an unexpected override"),
        (UNDONE, TO, '"to":"intake","surprise":1', "The override has keys this program does not know: surprise"),
        (UNDONE, "," + TO, "", "no text for `to`"),
        (UNDONE, '"act":"undo"', '"act":"forget"', "'forget'"),
        (UNDONE, '"caused_by":"requester"', '"caused_by":"weather"', "'weather'"),
        (UNDONE, '"second":"lou"', '"second":null', "no text for `second`"),
        (UNDONE, '"second":"lou"', '"second":["lou"]', "no text for `second`"),
        (UNDONE, '"asked_by":"acme","caused_by":"requester"', '"caused_by":"requester","asked_by":"acme"', "one form"),
        (WAIVED, '"code":"DV202"', '"code":"DV202","until":"x"', "a key twice"),
        (WAIVED, ".000000Z", "Z", "one form"),
        (WAIVED, '"person":"ana",', "", "no text for `person`"),
        (WAIVED, '"step":"decide",', '"step":"decide","roles":[],', "The waiver has keys"),
        (WAIVED, '"kind":"waiver"', '"kind":"override"', "lacks its override"),
    ],
)
def test_what_was_touched_is_refused_with_the_reason(event: Event, old: str, new: str, message: str) -> None:
    body = body_of(event)
    assert body.count(old) >= 1
    with pytest.raises(ProcflowError, match=message):
        open_entry(body.replace(old, new).encode())


@pytest.mark.parametrize("hidden", [[], 1, "x", None])
def test_a_map_that_is_none_is_refused(hidden: Any) -> None:
    body = body_of(WAIVED)
    start = body.index('"waiver":')
    with pytest.raises(EntryInvalid, match="`waiver` of the entry is not a map"):
        open_entry(
            (body[:start] + f'"waiver":{"null" if hidden is None else hidden!r}'.replace("'", '"') + "}").encode()
        )


@pytest.mark.parametrize(
    "event",
    [
        replace(THANKED, waiver=WAIVED.waiver),
        replace(THANKED, override=UNDONE.override),
        replace(WAIVED, override=UNDONE.override),
        replace(WAIVED, waiver=None),
        replace(THANKED, attempted=Lifecycle.START),
        replace(REFUSED, kind=Kind.OPENED, action=""),
        replace(UNDONE, lifecycle=Lifecycle.START),
        replace(WAIVED, lifecycle=Lifecycle.START),
        replace(WAIVED, lifecycle=Lifecycle.REFUSED, attempted=Lifecycle.START),
        replace(THANKED, kind=Kind.CLOSED, action="", lifecycle=Lifecycle.START),
        replace(UNDONE, override=Override(act=Act.UNDO, to=7)),  # type: ignore[arg-type]
        replace(WAIVED, waiver=Waiver(code="DV202", person=7, until=AT)),  # type: ignore[arg-type]
        replace(WAIVED, waiver=Waiver(code="DV202", person="ana", until=AT.replace(tzinfo=None))),
    ],
)
def test_what_could_not_be_read_back_is_not_sealed(event: Event) -> None:
    with pytest.raises(ProcflowError):
        body_of(event)
