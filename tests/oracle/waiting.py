"""Waiting, read off a case at leisure: of every event everything before it is looked at again.

What is handed over, asked, told and taken is looked for in the whole list of events, along a path that is given: where
the case stood before and after each event, and what the event did. See `docs/language.md`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import permutations
from typing import Any

from tests.oracle.plain import Plain, PlainEvent

ACCEPT, REFUSE, TAKE = "accept-hand-off", "refuse-hand-off", "take-case"
FOLLOWED = 100
"""How many open questions of one case are followed; of what is asked beyond them nothing is said but that."""
_NOWHERE = ("", False, "")
Region = tuple[str, ...]
Standing = Mapping[Region, tuple[str, bool, str]]
"""Region -> the step there, whether its work is on offer, and the place in the step."""


@dataclass(frozen=True)
class Happened:
    """One event of the path."""

    seq: int
    event: PlainEvent
    before: Standing
    """Where the case stood after the event before."""
    stood: Standing
    """The same, once what was skipped is made up for."""
    stands: Standing
    flows: bool
    """It is part of the flow."""
    step: str | None
    """The step that it was done in."""
    entered: frozenset[str]
    left: frozenset[str]

    @property
    def done(self) -> bool:
        return self.event["kind"] == "action" and self.event.get("lifecycle", "complete") == "complete"

    @property
    def goes(self) -> bool:
        return self.before != self.stands or bool(self.left)

    @property
    def moves(self) -> bool:
        return self.flows and (self.stood != self.stands or bool(self.left))

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.event["at"])

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(self.event.get("roles", ()))

    @property
    def actor(self) -> str | None:
        actor: str | None = self.event.get("actor")
        return actor


class Watcher:
    """Watches one case of a procedure."""

    def __init__(self, written: Plain, path: Sequence[Happened]) -> None:
        self.written, self.path = written, path
        self.anytime: Plain = written["anytime"]
        self.steps = dict(_steps(written["steps"]))
        self.alive = [self._alive(number) for number in range(len(path))]

    def told(self) -> Iterator[tuple[str, int]]:
        """Yield every class but circles, with the event it is told of."""
        yield from self.unowned()
        for number, one in enumerate(self.path):
            if self.alive[number]:
                yield from self.lacking(number, one)
                yield from self.refused(number, one)
                yield from self.asked(one)
                yield from self.late_risk(number, one)
        yield from self.ping_pong()
        yield from self.shown()

    # --- the case as a whole -----------------------------------------------------------------------------------------

    def _ends(self, one: Happened) -> bool:
        return "end" in self.steps[one.stands[()][0]]

    def _alive(self, number: int) -> bool:
        """Return True if the case was not over before an event, or is opened again by it."""
        over = False
        for one in self.path[: number + 1]:
            here = over
            if one.event["kind"] == "override" and one.flows and not self._ends(one):
                here = False
            over = self._ends(one) or (over and here)
            if one is self.path[number]:
                return not here
        raise AssertionError

    # --- who answers ------------------------------------------------------------------------------------------------

    def owner(self, number: int) -> str | None:
        """Return who answers for the case after an event."""
        role = self.written["accountable"]
        for back in range(number, -1, -1):
            one = self.path[back]
            if role not in one.roles or one.actor is None or not self.alive[back]:
                continue
            if one.event["kind"] == "opened":
                return one.actor
            begins = one.flows and one.event.get("lifecycle") == "start" and one.event["action"] != ACCEPT
            works = one.event.get("action", REFUSE) != REFUSE and (one.moves or begins)
            theirs = one.step is not None and self.steps[one.step].get("by") == role
            if (one.done and one.event["action"] == TAKE) or (works and theirs):
                return one.actor
        return None

    def unowned(self) -> Iterator[tuple[str, int]]:
        """Yield the event by which a case goes on that nobody answers for: one at most."""
        if "accountable" not in self.written:
            return
        left = False
        for number, one in enumerate(self.path):
            if not self.alive[number]:
                continue
            leaves = one.before[()][0] != one.stands[()][0] or one.before[()][0] in one.left
            goes_on = one.goes and not self._ends(one) and one.event["kind"] != "override"
            passes = self._by(one.before) != self._by(one.stands) if left else leaves
            if goes_on and passes and self.owner(number) is None:
                if not self.holed(number):
                    yield "DV601", one.seq
                return
            left = left or (one.goes and leaves)

    def _by(self, standing: Standing) -> set[str]:
        steps = [self.steps[step] for step, *_ in standing.values()]
        return {one["by"] for one in steps if "by" in one} | {
            one["waiting-for"]["party"] for one in steps if "waiting-for" in one
        }

    # --- hand-offs --------------------------------------------------------------------------------------------------

    def rule(self, step: str) -> Plain:
        """Return what is demanded when work comes to a step."""
        own, general = self.steps[step].get("hand-offs", {}), self.written.get("hand-offs", {})
        return {} if own == "none" else {**general, **own}

    def offers(self, one: Happened) -> list[str]:
        """Return the steps to which an event hands work over."""
        return sorted(step for step, offered, _ in one.stands.values() if offered and step in one.entered)

    def missing(self, number: int, step: str) -> list[str]:
        """Return what the receiver needs and does not have."""
        rule, found = self.rule(step), []
        for name in dict.fromkeys([*rule.get("needs", ()), *rule.get("form", ())]):
            if name in self.written["data"]:
                given = [
                    one.event["data"][name] for one in self.path[: number + 1] if name in one.event.get("data", {})
                ]
                if not given or given[-1] is None or not str(given[-1]).strip():
                    found.append(name)
            elif not any(one.event.get("evidence", {}).get(name, "").strip() for one in self.path[: number + 1]):
                found.append(name)
        return found

    def holed(self, number: int) -> bool:
        """Return True if entries are missing somewhere before an event."""
        return any(one.event.get("gap") for one in self.path[: number + 1])

    def lacking(self, number: int, one: Happened) -> Iterator[tuple[str, int]]:
        """Yield the offers that lack something."""
        if one.event["kind"] == "action" and not self._ends(one):
            for step in self.offers(one):
                if self.missing(number, step) and not self.holed(number):
                    yield "DV603", one.seq

    def refused(self, number: int, one: Happened) -> Iterator[tuple[str, int]]:
        """Yield that work was given back for a form that was in order."""
        reason = one.event.get("data", {}).get("refused_for")
        if not (one.flows and one.done and one.event["action"] == REFUSE and reason == "form"):
            return
        for back in range(number - 1, -1, -1):
            offer = self.path[back]
            if one.step in self.offers(offer):
                known = offer.event["kind"] == "action"
                if known and not self.missing(back, one.step or ""):
                    yield "DV604", one.seq
                return
            if all(step != one.step for step, offered, _ in offer.stands.values() if offered):
                return

    def late_risk(self, number: int, one: Happened) -> Iterator[tuple[str, int]]:
        """Yield that a risk is told which was known when the work was handed over."""
        known = one.event.get("data", {}).get("known_since")
        if one.done and one.event["action"] == "warn" and known is not None:
            since = datetime.fromisoformat(known)
            before = [back for back in range(number) if self.alive[back] and not self._ends(self.path[back])]
            if any(self.offers(self.path[back]) and self.path[back].at >= since for back in before):
                yield "DV613", one.seq

    def ping_pong(self) -> Iterator[tuple[str, int]]:
        """Yield where work has come back once too often: of every event the whole past is walked again."""
        for number, one in enumerate(self.path):
            if not self.alive[number]:
                continue
            for region in one.stood:
                if (came := self._came(number, region)) is None:
                    continue
                passed = self._passed(number, region)
                back = [pair for pair in passed if pair != passed[-1]]
                if back and passed[0] in back:
                    limit = self._limit(came)
                    if limit is not None and len(back) == limit + 1:
                        yield "DV607", one.seq

    def _came(self, number: int, region: Region) -> tuple[str, str] | None:
        """Return from which step to which an event leads in a region; None if it does not."""
        one = self.path[number]
        if not self.alive[number] or region not in one.stood or region not in one.stands:
            return None
        for size in range(0, len(region), 2):
            outer = region[:size]
            if one.stood[outer][0] != one.stands[outer][0]:
                return None  # the block around it was left
        steps = one.stood[region][0], one.stands[region][0]
        return steps if steps[0] != steps[1] else None

    def _passed(self, number: int, region: Region) -> list[tuple[str, str]]:
        """Return how the work was handed back and forth between the same two: from an event that hands it over backwards."""
        found: list[tuple[str, str]] = []
        two: set[str] = set()
        for back in range(number, -1, -1):
            one = self.path[back]
            broken = one.event.get("gap") or one.before != one.stood or one.event["kind"] == "override"
            came = self._came(back, region)
            if came is not None:
                giver, receiver = (self.steps[step].get("by") for step in came)
                if giver is None or receiver is None:
                    break
                handed_over = one.stands[region][1] or (one.done and one.event["action"] == REFUSE)
                if back == number:
                    if giver == receiver or not handed_over:
                        return []
                    two = {giver, receiver}
                elif not {giver, receiver} <= two:
                    break
                if giver != receiver and handed_over:
                    found.append((giver, receiver))
            elif back == number:
                return []
            elif self.alive[back] and one.stood.get(region, _NOWHERE)[0] != one.stands.get(region, _NOWHERE)[0]:
                break
            if broken and self.alive[back]:
                break
        return found

    def _limit(self, came: tuple[str, str]) -> int | None:
        for step in came:
            limit = self.rule(step).get("returns", {}).get("at-most")
            if limit is not None:
                return int(limit)
        return None

    # --- questions --------------------------------------------------------------------------------------------------

    def unfollowed(self) -> list[int]:
        """Return the events that ask more than is followed."""
        return [
            one.seq
            for number, one in enumerate(self.path)
            if self.alive[number]
            and not self._ends(one)
            and self.whom(number) is not None
            and number not in self.unanswered(number)
        ]

    def asked(self, one: Happened) -> Iterator[tuple[str, int]]:
        """Yield that somebody asks nobody, or nothing."""
        asks = self.anytime.get(one.event.get("action", ""), {}).get("ask")
        if one.done and asks is not None and not self._ends(one):
            data = one.event.get("data", {})
            wanted = ["question"] + (["asked_whom"] if asks["question-to"] == "any" else [])
            if any(not (data.get(name) or "").strip() for name in wanted):
                yield "DV605", one.seq

    def unanswered(self, number: int) -> list[int]:
        """Return the places of the questions that are open after an event."""
        found: list[int] = []
        for place, one in enumerate(self.path[: number + 1]):
            if self._ends(one) or not self.alive[place]:
                found = []
                continue
            if not one.done:
                continue
            if one.event["action"] == "answer":
                answered = self._answered(found, one)
                found = [each for each in found if each != answered]
            if self.whom(place) is not None and len(found) < FOLLOWED:
                found.append(place)
        return found

    def whom(self, place: int) -> str | None:
        """Return who is asked by an event; None if nobody is."""
        one = self.path[place]
        asks = self.anytime.get(one.event.get("action", ""), {}).get("ask")
        if asks is None or not one.done:
            return None
        return asks["question-to"] if asks["question-to"] != "any" else one.event.get("data", {}).get("asked_whom")

    def _answered(self, open_ones: list[int], one: Happened) -> int | None:
        tests: list[Any] = [
            lambda whom: one.actor is not None and whom == one.actor,
            lambda whom: whom in one.roles,
            lambda whom: whom == one.event.get("on_behalf_of"),
            lambda _: one.actor is None,
        ]
        return next((place for test in tests for place in open_ones if test(self.whom(place))), None)

    def shown(self) -> Iterator[tuple[str, int]]:
        """Yield that a document was shown instead of an answer."""
        said: set[int] = set()
        for number, one in enumerate(self.path):
            proofs = [each for each in one.event.get("evidence", {}).values() if each.strip()]
            if not (self.alive[number] and number and one.done and proofs) or one.goes or self._ends(one):
                continue
            before = self.unanswered(number - 1)
            if one.event["action"] == "prove":
                continue
            if one.event["action"] == "answer" and self._answered(before, one) is not None:
                continue
            for place in before:
                theirs = self.whom(place) == one.actor or self.whom(place) in one.roles
                mine = self.path[place].actor == one.actor
                gap = any(each.event.get("gap") for each in self.path[place + 1 : number + 1])
                if theirs and not mine and one.actor is not None and place not in said and not gap:
                    said.add(place)
                    yield "DV614", one.seq

    def circles(self, number: int) -> set[frozenset[str]]:
        """Return the people of the shortest circles that a question closes: every row of people is tried."""
        one = self.path[number]
        if self.whom(number) in (None, one.actor) or one.actor is None or number not in self.unanswered(number):
            return set()
        places = [
            place
            for place in self.unanswered(number)
            if not any(each.event.get("gap") for each in self.path[place + 1 : number + 1])
            and self.whom(place) != self.path[place].actor
        ]
        asked: dict[str, list[int]] = {}
        for place in places:
            asked.setdefault(self.path[place].actor or "", []).append(place)
        asked.pop("", None)
        people = [who for who in asked if who != one.actor]
        for size in range(len(people) + 1):
            found = set()
            for row in permutations(people, size):
                line = [one.actor, *row]
                onward = [*row, one.actor]
                if self._waits(number, onward[0], number, asked) and all(
                    any(self._waits(place, after, number, asked) for place in asked[who])
                    for who, after in zip(line[1:], onward[1:], strict=True)
                ):
                    found.add(frozenset(line))
            if found:
                return found
        return set()

    def _waits(self, place: int, person: str, number: int, asked: Mapping[str, list[int]]) -> bool:
        """Return True if a question waits for somebody who waits, too."""
        whom = self.whom(place)
        acted = {
            each.actor
            for each in self.path[: number + 1]
            if each.done and each.actor is not None and whom in self._acted_in(each)
        }
        acted.discard(self.path[place].actor)
        if acted:
            return person in acted and all(one in asked for one in acted)
        return whom == person

    def _acted_in(self, one: Happened) -> frozenset[str]:
        if one.flows and one.step is not None:
            by = self.steps[one.step].get("by")
            if by in one.roles:
                return frozenset([by])
        action = self.anytime.get(one.event["action"], {})
        own = self.written.get("accountable") if one.event["action"] == TAKE else action.get("by")
        if one.flows and own in one.roles:
            return frozenset([own])
        return one.roles


def _steps(steps: Plain) -> Iterator[tuple[str, Plain]]:
    for name, step in steps.items():
        yield name, step
        for branch in step.get("parallel", {}).values():
            yield from _steps(branch["steps"])
