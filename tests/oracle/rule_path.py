"""What rules see of an explanation: its events as positions, one after the other.

What is skipped did not happen; what is left out of the flow did, and moved nothing. Refused attempts and waivers are no
positions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from tests.oracle.conditions import Record, moment
from tests.oracle.flow import Flow, Standing
from tests.oracle.plain import Finding, Plain, PlainEvent
from tests.oracle.rule_words import Case, Spot, event_of, number_of
from tests.oracle.rules import Found, Said, told_of


class Passage(NamedTuple):
    """One event of an explanation."""

    seq: int
    at: Standing
    """Where the case stands after it."""
    step: str | None = None
    """Where the action was due; "" of an override that leads somewhere."""
    came: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    silent: bool = False
    """True: it came before the event, with nothing on record of it, because time was up."""


def spots_of(
    flow: Flow, trace: Sequence[PlainEvent], opened: Standing, path: Sequence[Passage], records: Mapping[int, Record]
) -> list[Spot]:
    """Return the positions of a case that opened at `opened`. `records`: what was known with each event, by number."""
    told = trace[0] if trace and trace[0]["kind"] == "opened" else None
    entered = tuple(f"enters {step}" for step in flow.in_order(flow.active(opened)))
    known = records[1] if told is not None else Record({}, {})
    first = _spot(1 if told is not None else None, told, ("case opens", *entered), known)
    spots = [_ended(flow, first._replace(place=_place(next(iter(flow.in_order(flow.active(opened)))), None)), opened)]
    ended, stood = spots[0].ends, opened
    for one in path:
        event = trace[one.seq - 1]
        if one.silent:
            spot = Spot(
                seq=one.seq,
                silent=True,
                at=moment(event["at"]) if "at" in event else None,
                happenings=_moved(one),
                performs=False,
                values=records[one.seq].values,
                counts=records[one.seq].counts,
                gap=event.get("gap", False),
                place=_place(one.step, None),
            )
            spots.append(spot if ended else _ended(flow, spot, one.at))
            ended, stood = ended or spots[-1].ends, one.at
            continue
        reopens = event["kind"] == "override" and one.step is not None and ended
        reopens = reopens and not (stood == one.at and flow.ended(stood))
        spot = _spot(one.seq, event, _happenings(flow, event, one), records[one.seq])._replace(reopens=reopens)
        done = event.get("action") if spot.performs or event["kind"] == "action" else None
        spot = spot._replace(place=_place(one.step, done))
        if (reopens or not ended) and (flow.ended(one.at) or event["kind"] == "closed"):
            spot = _ended(flow, spot, one.at, closed=event["kind"] == "closed")
        says_nothing = event["kind"] in ("closed", "timer", "calendars") and ended and not spot.gap
        ended = spot.ends or (ended and not reopens)
        if not says_nothing:
            spots.append(spot)
        stood = one.at
    return spots


def _spot(seq: int | None, event: PlainEvent | None, happenings: tuple[str, ...], record: Record) -> Spot:
    told: PlainEvent = event if event is not None else {}
    done = told.get("kind") == "action" and told.get("lifecycle") != "start"
    return Spot(
        seq=seq,
        at=moment(told["at"]) if "at" in told else None,
        happenings=happenings,
        performs=done or (told.get("kind") == "override" and _is_early(told) and bool(happenings)),
        actor=told.get("actor"),
        on_behalf_of=told.get("on_behalf_of"),
        roles=frozenset(told.get("roles", ())),
        teams=frozenset(told.get("teams", ())),
        values=record.values,
        counts=record.counts,
        gap=told.get("gap", False),
    )


def _is_early(event: PlainEvent) -> bool:
    return bool(event["override"]["act"] == "do-early")


def _ended(flow: Flow, spot: Spot, at: Standing, *, closed: bool = False) -> Spot:
    """Return the position with which a case ends that stands there afterwards, if it does."""
    ends = [step for step, _ in at if flow.places[step].end]
    if not ends and not closed:
        return spot
    cancelled = any(flow.places[step].demands["end"] == "cancelled" for step in ends)
    return spot._replace(happenings=(*spot.happenings, "case ends"), ends=True, cancelled=cancelled)


def _moved(one: Passage) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*(f"leaves {step}" for step in one.left), *(f"enters {step}" for step in one.came)]))


def _happenings(flow: Flow, event: PlainEvent, one: Passage) -> tuple[str, ...]:
    moved = _moved(one)
    action = event.get("action", "")
    if event["kind"] == "action" and event.get("lifecycle") == "start":
        return (f"starts {action}",)
    if event["kind"] == "action":
        return (action, *((f"{one.step}.{action}",) if one.step is not None else ()), *moved)
    if event["kind"] == "override" and _is_early(event) and one.step is not None:
        having = [name for name, place in flow.places.items() if action in place.deeds or action in place.items]
        having += [name for name in flow.acts.get(action, ()) if name not in having]
        return (action, *((f"{having[0]}.{action}",) if len(having) == 1 else ()), *moved)
    return moved


def said_of(rules: Mapping[str, Plain], procedure: Plain, spots: Sequence[Spot]) -> dict[str, Said]:
    """Return what each rule says of a case."""
    return {name: told_of(Case(rule, spots, procedure)) for name, rule in rules.items()}


def findings_of(said: Mapping[str, Said], spots: Sequence[Spot]) -> Iterator[Finding]:
    """Yield what rules say as other findings are told; the place of the step says which rule, and how it is broken.

    The place of the action says where what was done was done, and what, unless something is missing.
    """
    places = {number_of(index, spots): spot.place for index, spot in enumerate(spots)}
    for name, one in said.items():
        for found in one.found:
            place = places[found.seq] if _is_done(found) else None
            yield (found.code, event_of(found.seq), written(name, found), place)


def _is_done(found: Found) -> bool:
    return found.kind in (None, "forbidden")


def _place(step: str | None, action: str | None) -> str:
    return f"{step or ''}.{action or ''}"


def written(rule: str, found: Found) -> str:
    """Return how a rule is broken, in one word."""
    if found.kind is None:
        return f"{rule}: undecided"
    return f"{rule}: {found.kind} {found.activations}+{found.more} {event_of(found.target)}"
