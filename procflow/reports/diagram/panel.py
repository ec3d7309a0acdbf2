"""The panel of a picture: what is possible wherever the case stands, and who answers for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from procflow.model.procedure import SAME, Action
from procflow.reports.diagram.cards import MOST_ROWS, STEP_ROOM, TEXT, TITLE, Card, Row, Scribe, Shape, Tone
from procflow.reports.diagram.handing import answering, told_of
from procflow.reports.diagram.ruling import marks_of_action

_ROOM = STEP_ROOM + 60
_MOST_ROWS_OF_A_QUESTION = 6


def has_panel(scribe: Scribe) -> bool:
    """Return True if there is anything to stand in it."""
    return bool(scribe.graph.anytime) or scribe.graph.procedure.accountable is not None


def panel(scribe: Scribe) -> Card:
    """Return its card."""
    rows = [scribe.row(scribe.say("At any time"), TITLE, Tone.LOUD)]
    who = answering(scribe.tongue)
    if who is not None:
        rows += _first_apart(scribe.rows(who, Tone.PLAIN, face=TEXT, room=_ROOM, sign="answers", most=2))
    for action in scribe.graph.anytime:
        rows += _action(scribe, action)
    tips = [scribe.say("Possible wherever the case stands"), *scribe.exactly(scribe.graph.anytime)]
    return scribe.framed(Shape.PANEL, rows, least=150, tip="\n".join(tips))


def _action(scribe: Scribe, action: Action) -> Iterator[Row]:
    tongue = scribe.tongue
    scribe.marked = scribe.marked or tongue.falls_back(action.title)
    title = tongue.isolated(tongue.title(action.title, action.id))
    targets = list(dict.fromkeys(arrow.to for arrow in action.arrows if arrow.to != SAME))
    sign = "stay" if not targets else "leaves"
    yield from _first_apart(scribe.rows(title, Tone.PLAIN, face=TEXT, room=_ROOM, sign=sign, most=2))
    arrow = "←" if tongue.mirrored else "→"
    facts = [f"{arrow} {tongue.names(targets)}"] if targets else [scribe.say("stays where it is")]
    facts.append(tongue.by(action.by) if action.by is not None else "")
    facts += [scribe.say("while in {steps}", steps=tongue.names(action.during))] if action.during else []
    conditions = [tongue.condition(one.when) for one in action.arrows if one.when is not None]
    facts += [scribe.say("if {condition}", condition=one) for one in conditions]
    if action.at_most is not None:
        facts.append(tongue.language.count("at most once", "at most {number} times", action.at_most))
    facts += [scribe.say("with a reason")] if action.reason else []
    facts += [tongue.comma.join(map(tongue.called, action.evidence))] if action.evidence else []
    to_others = list(told_of(action, tongue))
    facts += [*to_others, marks_of_action(action, None, tongue)]
    most = _MOST_ROWS_OF_A_QUESTION if to_others else MOST_ROWS
    yield from scribe.rows(" · ".join(filter(None, facts)), Tone.SOFT, room=_ROOM, indented=True, most=most)


def _first_apart(rows: Iterator[Row]) -> Iterator[Row]:
    for number, row in enumerate(rows):
        yield replace(row, above=5) if number == 0 else row
