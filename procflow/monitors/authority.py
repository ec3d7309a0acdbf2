"""Authority: who set the procedure aside, excused a deviation or changed the calendars, and whether they may."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from procflow.automaton.overriding import destination
from procflow.model.deviation import REGISTRY, Deviation, Disposition
from procflow.model.event import Act, Event, Override, Witness
from procflow.model.procedure import Overrides, Procedure
from procflow.model.words import joined
from procflow.monitors.moment import Judged, Moment, NotExamined, holding
from procflow.monitors.names import meant

_WAIVABLE = ("DV1", "DV2", "DV3", "DV4", "DV5", "DV6")
_OF_AUTHORITY = frozenset(("DV204",))
"""Waived, it would let one do alone what `overrides` demands of two, and lend an authority that nobody gave."""


def judge_override(moment: Moment) -> Iterator[Judged]:
    """Yield what is to be said of an override: that it happened, and what it lacks."""
    event, procedure = moment.event, moment.procedure
    override = event.override
    if override is not None:
        yield from _unknown(moment, override)
    denied = list(_authority(event, procedure, moment.witness, "set the procedure aside"))
    yield from denied
    if moment.move is None:
        yield _nowhere(moment)
        return
    if override is None or any(isinstance(one, Deviation) for one in denied):
        return
    rule = procedure.overrides
    lacks = list(_lacks(event, override, rule)) if rule is not None else []
    if rule is not None and rule.reason and not _says(event) and not moment.witness.reason:
        yield NotExamined("reason")
        lacks.remove(_NO_REASON)
    yield _blamed(
        event,
        procedure,
        "DV701",
        "; ".join([_told(moment, override), *(lack for lack, _ in lacks)]),
        step=moment.at.step,
        values=_values(event, override),
        remedy=joined([remedy for _, remedy in lacks], "and") or None,
        disposition=Disposition.UNEXCUSED if lacks else Disposition.PERMITTED,
    )
    asked = _person(override.asked_by)
    if asked and asked == _person(event.actor):
        yield _blamed(
            event,
            procedure,
            "DV702",
            f"{asked} asked to set the procedure aside, and did",
            step=moment.at.step,
            values={"act": override.act.value, "same person": asked},
            remedy=f"let somebody else than {asked} decide it",
            who_could=_holders(rule),
        )


def can_be_waived(code: str) -> bool:
    """Return True if a waiver can excuse this class: not authority itself, nor what a log or a trail lacks."""
    return code in REGISTRY and code.startswith(_WAIVABLE) and code not in _OF_AUTHORITY


def judge_waiver(event: Event, procedure: Procedure, witness: Witness) -> tuple[Judged, ...]:
    """Return what is wrong with a waiver; any deviation makes it void."""
    return tuple(_waiver(event, procedure, witness))


def _waiver(event: Event, procedure: Procedure, witness: Witness) -> Iterator[Judged]:
    waiver = event.waiver
    yield from _authority(event, procedure, witness, "excuse a deviation")
    code = waiver.code if waiver is not None else ""
    if not can_be_waived(code):
        why = "cannot be waived" if code in REGISTRY else "is no class of deviation"
        yield _blamed(
            event,
            procedure,
            "DV204",
            f"“{code}” {why}; {event.actor or 'nobody named'} waived it",
            values={"waived": code},
            remedy="waive a class of DV1 to DV6 other than DV204",
        )
    if not _says(event) and not witness.reason:
        yield NotExamined("reason")
    elif not _says(event):
        yield _blamed(
            event,
            procedure,
            "DV306",
            f"“{code}” was waived without a reason",
            values={"waived": code, "reason": "none"},
            remedy="say why, in words",
        )
    if event.actor is None:
        yield NotExamined("people: actor")
    elif waiver is not None and event.actor == waiver.person:
        yield _blamed(
            event,
            procedure,
            "DV702",
            f"{event.actor} granted the exception {event.actor} needs",
            values={"waived": code, "same person": event.actor},
            remedy=f"let somebody else than {event.actor} grant it",
            who_could=_holders(procedure.overrides),
        )


def judge_calendars(event: Event, procedure: Procedure, witness: Witness) -> Iterator[Judged]:
    """Yield what is wrong with letting a case go by other calendars: who does it may make what was late be in time."""
    yield from _authority(event, procedure, witness, "let a case go by other calendars")
    if not _says(event) and not witness.reason:
        yield NotExamined("reason")
    elif not _says(event):
        yield _blamed(
            event,
            procedure,
            "DV306",
            "the case goes by other calendars from here on, and no reason was given",
            values={"reason": "none"},
            remedy="say why, in words",
        )


def without_ground(
    judged: Iterable[Judged], event: Event, procedure: Procedure, step: str | None
) -> tuple[Judged, ...]:
    """Return what is said of a refusal against which nothing stands, as far as the log can tell.

    `judged` is what would have been said of the attempt.
    """
    unseen = tuple(one for one in judged if isinstance(one, NotExamined))
    if event.policies is not None:
        return (*unseen, NotExamined("policies"))  # what stood against it may be seen in other cases alone
    return unseen or (wrongly_refused(event, procedure, step),)


def wrongly_refused(event: Event, procedure: Procedure, step: str | None) -> Deviation:
    """Return what is to be said of a refusal that the procedure gives no ground for. Who was refused is not blamed."""
    what = f"“{event.action}”" if event.action else f"the event “{event.kind.value}”"
    return _blamed(
        event,
        procedure,
        "DV704",
        f"{what} was refused, and nothing in the procedure stood against it",
        step=step,
        actor=None,
        values={"refused": event.actor or "nobody named"},
        remedy="look for what refused it: another program, another version, or somebody by hand",
    )


def _authority(event: Event, procedure: Procedure, witness: Witness, to_do: str) -> Iterator[Judged]:
    """Yield why the actor may not set the procedure aside, or that the log cannot tell."""
    rule = procedure.overrides
    if rule is None:
        yield _blamed(
            event,
            procedure,
            "DV204",
            f"nobody may {to_do}: the procedure has no `overrides`; {event.actor or 'nobody named'} did",
            remedy="follow the procedure, or say under `overrides` who may set it aside",
        )
    elif not witness.actor or not witness.role:
        yield NotExamined("people: roles")
    elif rule.by.role not in event.roles:
        held = ", ".join(sorted(event.roles)) or "none"
        yield _blamed(
            event,
            procedure,
            "DV204",
            f"only {rule.by} may {to_do}; {holding(event)}",
            values={"needed": str(rule.by), "held": held},
            remedy=f"let a holder of {rule.by} do it",
            who_could=_holders(rule),
        )


_NO_REASON = ("no reason was given", "say why, in words")


def _lacks(event: Event, override: Override, rule: Overrides) -> Iterator[tuple[str, str]]:
    """Yield what an override by somebody with authority lacks, each with its remedy."""
    if rule.reason and not _says(event):
        yield _NO_REASON
    if not rule.second_person:
        return
    second = _person(override.second)
    if not second:
        yield "no second person agreed", "name a second person who agreed"
    elif second == _person(event.actor):
        yield f"{second} did it and cannot be the second person", "name another second person"
    elif second == _person(override.asked_by):
        yield f"{second} asked for it and cannot be the second person", "name another second person"


def _person(said: str | None) -> str:
    """Return who is meant: a space typed around a name makes nobody another person."""
    return (said or "").strip()


def _unknown(moment: Moment, override: Override) -> Iterator[Judged]:
    """Yield that what was skipped, redone or done early is nothing the procedure has."""
    known = moment.procedure.steps.keys() if override.act is Act.REDO else moment.procedure.actions
    name = moment.event.action
    if override.act in (Act.UNDO, Act.OVERRIDE) or name in known:
        return  # what is undone may be anything that is on record
    kind = "step" if override.act is Act.REDO else "action"
    close = meant(name, known)
    yield _blamed(
        moment.event,
        moment.procedure,
        "DV106",
        f"the procedure knows no {kind} “{name}”" if name else f"the override does not say which {kind} it is about",
        where=moment.procedure.where,
        hint=f"did you mean “{close}”?" if close is not None else None,
    )


def _nowhere(moment: Moment) -> Deviation:
    event = moment.event
    to = event.override.to if event.override is not None else ""
    try:
        destination(moment.procedure, event)
        why = ""
    except ValueError as error:
        why = str(error)[:200]
    return _blamed(
        event,
        moment.procedure,
        "DV701",
        f"the override leads nowhere, and the case stays where it stood: “{to[:200]}” is no configuration: {why}",
        step=moment.at.step,
        values={"to": to[:200], "stands": str(moment.at)},
        remedy="name a configuration of the procedure",
    )


def _told(moment: Moment, override: Override) -> str:
    who = moment.event.actor or "nobody named"
    name = f"“{moment.event.action}”" if moment.event.action else "what came last"
    match override.act:
        case Act.SKIP:
            what = f"{who} skipped {name}"
        case Act.REDO:
            what = f"{who} sent the case back to {name}"
        case Act.UNDO:
            what = f"{who} undid {name}"
        case Act.DO_EARLY:
            what = f"{who} did {name} early"
        case Act.OVERRIDE:
            what = f"{who} set the procedure aside"
    return f"{what}: the case went from {moment.at} to {override.to}"


def _values(event: Event, override: Override) -> dict[str, str]:
    said = {
        "act": override.act.value,
        "reason": event.reason,
        "asked by": override.asked_by,
        "caused by": override.caused_by.value if override.caused_by is not None else None,
        "second person": override.second,
    }
    return {name: value for name, value in said.items() if value is not None}


def _holders(rule: Overrides | None) -> tuple[str, ...]:
    return (rule.by.role,) if rule is not None and rule.by.role is not None else ()


def _says(event: Event) -> bool:
    return event.reason is not None and bool(event.reason.strip())


def _blamed(event: Event, procedure: Procedure, code: str, message: str, **more: Any) -> Deviation:
    """Return a deviation of `event`; `more` overrides what is filled in here."""
    rule = procedure.overrides
    redone = event.override is not None and event.override.act is Act.REDO
    known: dict[str, Any] = {
        "severity": REGISTRY[code].severity,
        "where": rule.where if rule is not None else procedure.where,
        "case": event.case,
        "seq": event.seq,
        "action": None if redone else event.action or None,
        "actor": event.actor,
        "source": event.source,
    }
    return Deviation(code=code, message=message, **(known | more))
