"""What clocks see of a case that follows its procedure: its events, and where it stands after each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.oracle.checks import Checks
from tests.oracle.clock_time import number
from tests.oracle.clock_words import Clock, Mark, clocks_of, clocks_of_waits
from tests.oracle.conditions import Record, moment
from tests.oracle.flow import Flow, Outcome, Standing
from tests.oracle.offers import Offers, Question, followed
from tests.oracle.plain import Plain, PlainEvent
from tests.oracle.rule_path import Passage, spots_of
from tests.oracle.standing import read_standing

_NOTHING: tuple[frozenset[str], frozenset[str], str | None, int | None] = (frozenset(), frozenset(), None, None)


class Astray(Exception):
    """The case does not follow its procedure: how it is to be explained is for others to say."""


class Path:
    """Follows cases of one procedure."""

    def __init__(self, procedure: Plain) -> None:
        self.procedure = procedure
        self.flow = Flow(procedure)
        self.checks = Checks(procedure, self.flow, people=True)
        self.offers = Offers(procedure, self.flow)

    def clocks(self) -> list[Clock]:
        """Return all clocks, those of waits last."""
        demanded = {name: self.offers.says(name) for name in self.flow.places if self.offers.receives(name)}
        said = {name: says for name, says in demanded.items() if says is not None}
        return [*clocks_of(self.procedure), *clocks_of_waits(self.procedure, said)]

    def marks(self, trace: Sequence[PlainEvent]) -> list[Mark]:
        """Return what clocks see of a trace that begins with its opening. Raises Astray."""
        flow = self.flow
        values = self.checks.merged({}, trace[0].get("data", {}))
        record = Record(values, {}, None)
        (opened,) = flow.opening(record)
        records = {1: record}
        path: list[Passage] = []
        at, counts = opened.at, dict[str, int]()
        offered, questions = dict[str, str](), list[Question]()
        waits: dict[int, tuple[frozenset[str], frozenset[str], str | None, int | None]] = {}
        for seq, event in enumerate(trace[1:], 2):
            if event["kind"] == "waiver" or event.get("lifecycle") == "refused":
                continue
            values = self.checks.merged(values, event.get("data", {}))
            records[seq] = Record(values, dict(counts), None)
            step, outcome = self._moved(at, event, records[seq], offered)
            at = outcome.at
            before, offered = offered, self.offers.after(offered, step or None, event, outcome.came, outcome.left)
            questions, asked, answered = followed(self.procedure, questions, seq, event)
            if flow.ended(at) or event["kind"] == "closed":
                questions = []
            fresh = frozenset(one for one in offered if one in outcome.came or one not in before)
            waits[seq] = (frozenset(offered), fresh, None if asked is None else asked.action, answered)
            path.append(Passage(seq, at, step, outcome.came, outcome.left))
            if event["kind"] == "action" and event.get("lifecycle") != "start":
                counts[event["action"]] = counts.get(event["action"], 0) + 1
        stood = {1: opened.at, **{one.seq: one.at for one in path}}
        found: list[Mark] = []
        for spot in spots_of(flow, trace, opened.at, path, records):
            assert spot.seq is not None
            event = trace[spot.seq - 1]
            found.append(
                Mark(
                    seq=spot.seq,
                    at=number(moment(event["at"])),
                    happenings=spot.happenings,
                    stands=flow.in_order(step for step, _ in stood[spot.seq]),
                    active=flow.active(stood[spot.seq]),
                    values=spot.values,
                    given=event.get("data", {}),
                    actor=spot.actor,
                    on_behalf_of=spot.on_behalf_of,
                    roles=spot.roles,
                    reason=bool(event.get("reason", "").strip()),
                    performs=spot.performs,
                    ends=spot.ends,
                    cancelled=spot.cancelled,
                    reopens=spot.reopens,
                    calendars=event.get("calendars"),
                    kind=event["kind"],
                    timer=event["timer"]["clock"] if event.get("timer", {}).get("does") == "go-to" else None,
                    offered=waits.get(spot.seq, _NOTHING)[0],
                    fresh=waits.get(spot.seq, _NOTHING)[1],
                    asks=waits.get(spot.seq, _NOTHING)[2],
                    answers=waits.get(spot.seq, _NOTHING)[3],
                    recorded=number(moment(event["recorded"])) if "recorded" in event else None,
                )
            )
        return found

    def _moved(
        self, at: Standing, event: PlainEvent, record: Record, offered: Mapping[str, str]
    ) -> tuple[str | None, Outcome]:
        """Return what an event does."""
        flow = self.flow
        match event["kind"]:
            case "action" if event.get("lifecycle") == "start":
                return None, Outcome(at)
            case "action" if event["action"] in ("accept-hand-off", "refuse-hand-off"):
                return self._answered(at, event, offered)
            case "action":
                moves = [one for one in flow.moves(at, event["action"], record) if not one.outcome.attached]
                if len({one.outcome.at for one in moves}) != 1 or len({one.step for one in moves}) != 1:
                    raise Astray(f"{event['action']} in {sorted(step for step, _ in at)}")
                return moves[0].step, moves[0].outcome
            case "override":
                to = read_standing(flow, event["override"]["to"])
                if to is None:
                    raise Astray(event["override"]["to"])
                came = flow.in_order(flow.active(to) - flow.active(at))
                left = flow.in_order(flow.active(at) - flow.active(to))[::-1]
                return "", Outcome(to, (), frozenset(came), came, left)
            case "timer":
                timer = event["timer"]
                if timer["does"] != "go-to":
                    return None, Outcome(at)
                moves = list(flow.timers(at, record, timer["clock"]))
                if len(moves) != 1:
                    raise Astray(f"a timer of {timer['clock']}")
                return timer["clock"], moves[0].outcome
            case _:
                return None, Outcome(at)

    def _answered(self, at: Standing, event: PlainEvent, offered: Mapping[str, str]) -> tuple[str | None, Outcome]:
        """Return what it does that the work that is on offer is accepted, or given back."""
        action = event["action"]
        if len(offered) != 1:
            raise Astray(f"{action} of {sorted(offered)}")
        ((name, giver),) = offered.items()
        theirs = {step for step, who in self.flow.acts[action].items() if who & {*event.get("roles", ()), "any"}}
        if name not in theirs and (any(step in theirs for step, _ in at) or (theirs and action == "refuse-hand-off")):
            raise Astray(f"{action} by whom {name} is not offered to")
        if action == "accept-hand-off":
            return name, Outcome(at)
        if not giver:
            raise Astray(f"nobody takes {name} back")
        token = next(one for one in at if one[0] == name)
        back = (giver, frozenset[str]())
        return name, Outcome(at - {token} | {back}, (), frozenset({giver}), (giver,), (name,))
