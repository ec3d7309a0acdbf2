"""Strategies for events: everything an engine may have to seal, the odd included."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from procflow.expressions.types import Raw
from procflow.model.clock import LateDoing, Timer
from procflow.model.event import Act, Cause, Event, Kind, Lifecycle, Override, Source, Waiver

MAX_SAFE = 2**53 - 1

texts: st.SearchStrategy[str] = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
"""Any Unicode text but broken ones (lone surrogates), which JSON in UTF-8 cannot carry; may be empty."""
names: st.SearchStrategy[str] = st.text("abcdefghij-_0123456789", min_size=1, max_size=8)
instants: st.SearchStrategy[datetime] = st.datetimes(timezones=st.just(UTC))
digests: st.SearchStrategy[str] = st.text("0123456789abcdef", min_size=64, max_size=64)

_scalars: st.SearchStrategy[Raw] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-MAX_SAFE, MAX_SAFE),
    st.floats(allow_nan=False, allow_infinity=False),
    texts,
)


def _nested(inner: st.SearchStrategy[Raw]) -> st.SearchStrategy[Raw]:
    lists: st.SearchStrategy[Raw] = st.lists(inner, max_size=3)
    maps: st.SearchStrategy[Raw] = st.dictionaries(texts, inner, max_size=3)
    return lists | maps


raws: st.SearchStrategy[Raw] = st.recursive(_scalars, _nested, max_leaves=6)
"""Values as JSON carries them."""


_HAPPEN = (Kind.OPENED, Kind.STATUS, Kind.TIMER)
"""They are on record because they happened: nothing of the kind is refused."""
_BEGIN = (Kind.ACTION, Kind.STATUS)
"""They are work: it may be begun before it is done."""
overrides: st.SearchStrategy[Override] = st.builds(
    Override,
    act=st.sampled_from(Act),
    to=texts,
    asked_by=st.none() | texts,
    caused_by=st.none() | st.sampled_from(Cause),
    second=st.none() | texts,
)
waivers: st.SearchStrategy[Waiver] = st.builds(
    Waiver,
    code=texts,
    person=texts,
    until=instants,
    step=st.none() | texts,
    action=st.none() | texts,
    clock=st.none() | texts,
)
timers: st.SearchStrategy[Timer] = st.builds(
    Timer, clock=names, cycle=st.integers(1, 2**40), mark=texts, does=st.sampled_from(LateDoing), to=texts, due=instants
)


@st.composite
def events(draw: st.DrawFn, case: st.SearchStrategy[str] = names, seq: st.SearchStrategy[int] | None = None) -> Event:
    """Draw an event of any kind; nothing in it need make sense to a procedure."""
    kind = draw(st.sampled_from(Kind))
    parts = [Lifecycle.COMPLETE, Lifecycle.START] if kind in _BEGIN else [Lifecycle.COMPLETE]
    lifecycle = draw(st.sampled_from(parts if kind in _HAPPEN else [*parts, Lifecycle.REFUSED]))
    meant = parts if lifecycle is Lifecycle.REFUSED else [Lifecycle.COMPLETE]
    timer = draw(timers) if kind is Kind.TIMER else None
    named = {Kind.OPENED: st.none() | digests, Kind.CALENDARS: digests}.get(kind, st.none())
    return Event(
        case=draw(case),
        seq=draw(seq if seq is not None else st.integers(1, 2**40)),
        kind=kind,
        action=draw(st.just("") | names) if timer is None else timer.clock,
        lifecycle=lifecycle,
        attempted=draw(st.sampled_from(meant)),
        occurred_at=draw(instants),
        recorded_at=draw(st.none() | instants),
        actor=draw(st.none() | texts),
        on_behalf_of=draw(st.none() | texts),
        roles=draw(st.frozensets(texts, max_size=3)),
        teams=draw(st.frozensets(texts, max_size=3)),
        data=draw(st.dictionaries(texts, raws, max_size=4)),
        evidence=draw(st.dictionaries(names, raws, max_size=2)),
        reason=draw(st.none() | texts),
        gap=draw(st.booleans()),
        override=draw(overrides) if kind is Kind.OVERRIDE else None,
        waiver=draw(waivers) if kind is Kind.WAIVER else None,
        timer=timer,
        calendars=draw(named),
        policies=draw(st.none() | digests) if lifecycle is Lifecycle.REFUSED else None,
        key=draw(st.none() | texts),
        definition=draw(st.none() | digests),
        source=draw(st.none() | st.just(Source(file="log.csv", line=7))),
    )
