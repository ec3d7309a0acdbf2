"""The legend: what the signs of a picture mean, and who its roles are. Only what the picture shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from procflow.reports.diagram.cards import SMALL, Row, Scribe, Tone
from procflow.reports.diagram.lettering import clean, width
from procflow.reports.diagram.tongue import MARK

_GAP, _LINE = 22, 19
SIGN_ROOM = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A sign and what it means."""

    sign: str | None
    mark: str
    """A text that stands in place of a sign, such as what a role is called; "" if there is a sign."""
    text: str
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """An entry in its place."""

    entry: Entry
    x: float
    y: float
    width: float


def entries(scribe: Scribe) -> Iterator[Entry]:
    """Yield the roles, then the signs, then the marks."""
    tongue = scribe.tongue
    for role in scribe.graph.roles:
        title = tongue.title(role.title, "")
        scribe.marked = scribe.marked or tongue.falls_back(role.name) or tongue.falls_back(role.title)
        sign = "outside" if role.external else "person"
        scribe.signs.add(sign)
        yield Entry(sign=sign, mark=tongue.role(role.id), text=title, role=role.id)
    meanings = {
        "outside": scribe.say("somebody outside the organisation"),
        "wait": scribe.say("waits for somebody else"),
        "checklist": scribe.say("to be done in this order"),
        "any-order": scribe.say("to be done in any order"),
        "pen": scribe.say("what must be known"),
        "clip": scribe.say("proof to attach"),
        "eyes": scribe.say("somebody else than before"),
        "barred": scribe.say("not the person who is named"),
        "stay": scribe.say("recorded, and the case stays"),
        "leaves": scribe.say("leads away from wherever the case stands"),
        "block": scribe.say("side by side, until all are done"),
        "clock": scribe.say("how long it may take"),
        "department": scribe.say("the department"),
        "hand": scribe.say("handed over, and to be accepted"),
        "returned": scribe.say("may be given back"),
        "answers": scribe.say("answers for the case"),
        "end": scribe.say("the case ends"),
        "cancelled": scribe.say("the case is cancelled"),
    }
    for sign, text in meanings.items():
        if sign in scribe.signs:
            yield Entry(sign=sign, mark="", text=text)
    if scribe.marked:
        text = scribe.say("not written in {language}", language=tongue.language.name)
        yield Entry(sign=None, mark=tongue.name(MARK), text=text)


def legend(scribe: Scribe, room: float) -> tuple[tuple[Put, ...], float]:
    """Return the entries in their places, and the height they take."""
    puts = []
    x = y = 0.0
    roles = True
    for entry in entries(scribe):
        wide = entry_width(entry)
        if x > 0 and (x + wide > room or (roles and entry.role is None)):
            x, y = 0.0, y + _LINE
        roles = entry.role is not None
        puts.append(Put(entry=entry, x=x, y=y, width=min(wide, room)))
        x += wide + _GAP
    return tuple(puts), y + _LINE if puts else 0.0


def entry_width(entry: Entry) -> float:
    """Return how wide an entry is."""
    return (SIGN_ROOM if entry.sign else 0) + width(shown(entry), SMALL)


def shown(entry: Entry) -> str:
    """Return the text of an entry."""
    return f"{entry.mark}  {clean(entry.text)}".strip() if entry.mark else entry.text


def rows_of_title(scribe: Scribe, room: float) -> tuple[Row, ...]:
    """Return the title of the picture, and under it which version of what it is."""
    from procflow.reports.diagram.cards import HEADING

    procedure, tongue = scribe.graph.procedure, scribe.tongue
    title = tongue.title(procedure.title, procedure.id)
    scribe.marked = scribe.marked or tongue.falls_back(procedure.title)
    under = scribe.say(
        "{procedure}, version {version}",
        procedure=tongue.name(procedure.id),
        version=tongue.name(clean(procedure.version)),
    )
    return (
        *scribe.rows(title, Tone.LOUD, face=HEADING, room=room, most=2),
        *scribe.rows(under, Tone.SOFT, room=room, most=1),
    )
