"""How long a case would take: for people, and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from procflow.model.clock import PartyKind
from procflow.model.promising import Forecast, Likely, Quantiles
from procflow.reports.clocks_text import party_text
from procflow.reports.documents import Json, seconds
from procflow.reports.lengths import clocked
from procflow.reports.paper import (
    BLANK,
    Column,
    Ink,
    Line,
    Mark,
    counted,
    faint,
    line,
    number,
    prose,
    share,
    strong,
    table,
)
from procflow.reports.promises_json import quantiles_document
from procflow.reports.promises_text import between

_MARK = {Likely.YES: Mark.GOOD, Likely.MAYBE: Mark.DOUBTFUL, Likely.NO: Mark.BAD, Likely.UNKNOWN: Mark.DOUBTFUL}
_PARTIES = 5


def forecast_lines(found: Forecast, cells: int) -> Iterator[Line]:
    """Yield a forecast."""
    given = ", ".join(f"{name} = {value}" for name, value in found.given.items())
    yield line(strong(f"{found.procedure} {found.version}"), f" with {given}" if given else "")
    latest = f", the latest {number(found.most)} closed at most" if found.most is not None else ""
    looked = f"{counted(found.n, 'case')} alike, of {number(found.looked_at)} that are done{latest}"
    yield from prose(looked, cells, indent=2, mark=Mark.FAINT)
    if found.wall is None:
        yield line(Ink(f"Not enough data: {number(found.few)} cases alike at least.", Mark.DOUBTFUL))
        for name, count in found.nearby.items():
            yield line(faint(f"  without {name}: {number(count)}"))
        for note in found.notes:
            yield from prose(note, cells, indent=2, label="note: ", mark=Mark.FAINT)
    else:
        yield BLANK
        yield from _times(found, found.wall, cells)
        yield from _with_whom(found, cells)
    yield from _wish(found, cells)
    if found.ask:
        asked = f"{', '.join(found.ask)}: what the first step asks for. A request without it waits until it is there."
        yield from prose(asked, cells, label="Bring with it: ")


def _times(found: Forecast, wall: Quantiles, cells: int) -> Iterator[Line]:
    columns = (
        Column(head="half within", right=True),
        Column(head="85 of 100", right=True),
        Column(head="95 of 100", right=True),
        Column(head="counted", whole=True),
    )
    rows: list[tuple[str, ...]] = [
        (clocked(wall.p50), clocked(wall.p85), clocked(wall.p95), "by the clock on the wall")
    ]
    one = found.working
    if one is not None:
        rows.append((*(clocked(each, working=True) for each in (one.p50, one.p85, one.p95)), "in working time"))
    yield from table(columns, rows, cells)


def _with_whom(found: Forecast, cells: int) -> Iterator[Line]:
    work = [one for one in found.ball if one.party.kind is not PartyKind.RESOLVED]
    whole = sum((one.wall for one in work), timedelta(0))
    micro = timedelta(microseconds=1)
    told = [f"{party_text(one.party)} {share(one.wall // micro, whole // micro)}" for one in work[:_PARTIES]]
    if told:
        yield from prose(", ".join(told), cells, label="Where the time went: ")


def _wish(found: Forecast, cells: int) -> Iterator[Line]:
    if found.likely is None:
        return
    said = (
        f"{found.within} is {found.likely.value}"
        if found.likely is not Likely.UNKNOWN
        else f"{found.within}: nobody can say"
    )
    if found.kept is not None:
        said += (
            f": {share(found.kept, found.n)} of {number(found.n)} were as quick (between {between(found.between)} %)"
        )
    if found.instead is not None and found.likely is not Likely.YES:
        said += f"; 85 of 100 were done within {found.instead}"
    yield from prose(said + ".", cells, mark=_MARK[found.likely])


def forecast_document(found: Forecast) -> Json:
    """Return a forecast for programs; lengths in seconds."""
    return {
        "v": "1",
        "kind": "forecast",
        "procedure": found.procedure,
        "version": found.version,
        "given": dict(found.given),
        "looked_at": found.looked_at,
        "most": found.most,
        "n": found.n,
        "few": found.few,
        "wall": quantiles_document(found.wall),
        "working": quantiles_document(found.working),
        "within": None if found.within is None else str(found.within),
        "kept": found.kept,
        "interval": None if found.between is None else [round(found.between.low, 6), round(found.between.high, 6)],
        "likely": None if found.likely is None else found.likely.value,
        "instead": None if found.instead is None else str(found.instead),
        "ball": [
            {"party": one.party.kind.value, "names": list(one.party.names), "wall_seconds": seconds(one.wall)}
            for one in found.ball
        ],
        "ask": list(found.ask),
        "nearby": dict(found.nearby),
        "notes": list(found.notes),
    }
