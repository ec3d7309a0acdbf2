"""Risks: what somebody knew when the work was handed over, and told only later."""

from __future__ import annotations

from datetime import UTC, datetime

from procflow.expressions.types import Instant
from procflow.expressions.values import parse_value, show_value
from procflow.model.hand_off import KNOWN_SINCE, RISK
from procflow.model.words import joined
from procflow.monitors.waiting.offering import Offers, handed_since
from procflow.monitors.waiting.questions import said
from procflow.monitors.waiting.turn import Turn


def judge(offers: Offers, turn: Turn) -> None:
    """Say if a risk that is told was known when the work was handed over earlier. `offers` are those before the event."""
    event = turn.event
    action = turn.procedure.anytime.get(event.action)
    if action is None or not action.risk or not turn.done or not offers.latest:
        return
    if not turn.witness.sees(KNOWN_SINCE) or not turn.witness.time:
        turn.unseen(f"data: {KNOWN_SINCE}" if turn.witness.time else "time")
        return
    known = _instant(event.data.get(KNOWN_SINCE))
    if known is None:
        return
    handed = list(handed_since(offers, known + turn.witness.resolution))
    if not handed:
        return
    steps, last = [f"“{step}”" for step, _ in handed], handed[-1][1]
    who, risk = event.actor or "somebody", said(event, RISK)
    turn.tell(
        "DV613",
        f"{who} knew of a risk when the work was handed over to {joined(steps, 'and')}, and tells of it only now",
        where=action.where,
        values={
            **({"risk": risk} if risk else {}),
            "known since": show_value(known),
            "handed on": show_value(last),
            "offered to": ", ".join(step for step, _ in handed),
        },
        remedy="tell of a risk before the work is handed over, so that whoever takes it knows",
        who_could=(event.actor,) if event.actor is not None else (),
        refuses=False,
    )


def _instant(raw: object) -> datetime | None:
    """Return since when somebody says that they knew; None if they do not say it, or nobody can read it."""
    if not isinstance(raw, str):
        return None
    try:
        value = parse_value(Instant(), raw)
    except ValueError:
        return None
    return value.astimezone(UTC) if isinstance(value, datetime) else None
