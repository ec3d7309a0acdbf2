"""What time did, and which calendars hold, has one form in the trail, and stands where its kind says it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from procflow.errors import ProcflowError
from procflow.model.clock import LateDoing, Timer
from procflow.model.event import Event, Kind, Lifecycle, Waiver
from procflow.trail.entry import event_of, open_entry, record_of, seal

DUE = datetime(2026, 12, 1, 16, 30, tzinfo=UTC)
SET = "ab" * 32
TIMER = Timer(clock="first-answer", cycle=2, mark="50%", does=LateDoing.NOTIFY, to="lead", due=DUE)
TIMED = Event(case="c1", seq=7, kind=Kind.TIMER, action="first-answer", occurred_at=DUE, timer=TIMER)
OPENED = Event(case="c1", seq=1, kind=Kind.OPENED, occurred_at=DUE, calendars=SET)
CHANGED = Event(case="c1", seq=8, kind=Kind.CALENDARS, occurred_at=DUE, actor="lea", reason="New hours", calendars=SET)
WAIVED = Event(
    case="c1",
    seq=9,
    kind=Kind.WAIVER,
    occurred_at=DUE,
    actor="lea",
    waiver=Waiver(code="DV401", person="ana", until=DUE, clock="first-answer"),
)


def body_of(event: Event) -> str:
    return seal(event, procedure="p", version="1", log="procflow/0", prev=bytes(32), nonce="n").body.decode()


@pytest.mark.parametrize(
    ("event", "part"),
    [
        (
            TIMED,
            '"timer":{"clock":"first-answer","cycle":2,"does":"notify","due":"2026-12-01T16:30:00.000000Z",'
            '"mark":"50%","to":"lead"}',
        ),
        (replace(TIMED, timer=replace(TIMER, to="")), '"to":""'),
        (OPENED, f'"calendars":"{SET}"'),
        (CHANGED, f'"calendars":"{SET}"'),
        (replace(CHANGED, lifecycle=Lifecycle.REFUSED), '"lifecycle":"refused"'),
        (WAIVED, '"waiver":{"clock":"first-answer","code":"DV401"'),
    ],
)
def test_time_is_read_back_as_it_was_sealed(event: Event, part: str) -> None:
    body = body_of(event)
    assert part in body
    assert open_entry(body.encode())[0] == event
    assert event_of(record_of(event)) == event


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (replace(TIMED, timer=None), "lacks its `timer`"),
        (replace(TIMED, action="other"), "about 'other', its timer about 'first-answer'"),
        (replace(TIMED, timer=replace(TIMER, cycle=0)), "from 1"),
        (replace(TIMED, timer=replace(TIMER, mark=5)), "`mark`"),  # type: ignore[arg-type]
        (replace(TIMED, timer=replace(TIMER, due=DUE.replace(tzinfo=None))), "no time zone"),
        (replace(TIMED, lifecycle=Lifecycle.REFUSED), "timer, refused"),
        (replace(TIMED, lifecycle=Lifecycle.START), "mere start"),
        (replace(CHANGED, calendars=None), "lacks its `calendars`"),
        (replace(TIMED, calendars=SET), "unexpected `calendars`"),
        (replace(CHANGED, timer=TIMER), "unexpected `timer`"),
        (replace(OPENED, calendars=7), "`calendars`"),  # type: ignore[arg-type]
    ],
)
def test_what_could_not_be_read_back_is_not_sealed(event: Event, message: str) -> None:
    with pytest.raises(ProcflowError, match=message):
        body_of(event)


@pytest.mark.parametrize(
    ("event", "old", "new", "message"),
    [
        (TIMED, '"cycle":2', '"cycle":true', "no whole number for `cycle`"),
        (TIMED, '"does":"notify"', '"does":"shout"', "'shout'"),
        (TIMED, '"mark":"50%",', "", "no text for `mark`"),
        (TIMED, '"to":"lead"', '"to":"lead","why":1', "The timer has keys"),
        (TIMED, '"kind":"timer"', '"kind":"action"', "unexpected `timer`"),
        (TIMED, ":30:00.000000Z", ":30:00Z", "one form"),
        (OPENED, f'"calendars":"{SET}"', '"calendars":7', "no text for `calendars`"),
        (CHANGED, '"kind":"calendars"', '"kind":"closed"', "unexpected `calendars`"),
    ],
)
def test_what_was_touched_is_refused_with_the_reason(event: Event, old: str, new: str, message: str) -> None:
    body = body_of(event)
    assert old in body
    with pytest.raises(ProcflowError, match=message):
        open_entry(body.replace(old, new).encode())
