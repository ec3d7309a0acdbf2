"""Work on offer and open questions, as `language.md` tells them: from plain data, an event of a case after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tests.oracle.clock_words import steps_of
from tests.oracle.flow import Flow
from tests.oracle.plain import Plain, PlainEvent


class Question(NamedTuple):
    """A question that nobody has answered."""

    seq: int
    action: str
    whom: str


class Offers:
    """Which arrows of a procedure hand work over."""

    def __init__(self, procedure: Plain, flow: Flow) -> None:
        self.procedure, self.flow = procedure, flow
        self.steps = dict(steps_of(procedure["steps"]))
        self.roles: Plain = procedure.get("roles", {})

    def says(self, step: str) -> Plain | None:
        """Return what is demanded of hand-offs to a step; None: there are none."""
        own = self.steps[step].get("hand-offs")
        general = self.procedure.get("hand-offs")
        if own == "none" or (own is None and general is None):
            return None
        return {**(general or {}), **(own or {})}

    def by(self, step: str) -> object:
        """Return who works in a step; None of a wait, a block and an end."""
        return None if "parallel" in self.steps[step] else self.steps[step].get("by")

    def receives(self, step: str) -> bool:
        """Return True if work can be handed over to whoever works there."""
        role = self.roles.get(str(self.by(step)), "")
        client = not isinstance(role, str) and role.get("external") is True
        some = any(self.hands_over(one, step) for one in self.sources(step))
        return self.says(step) is not None and self.by(step) is not None and not client and some

    def sources(self, step: str) -> list[str]:
        """Return from where work comes to a step: steps that are left, and `anytime` actions."""
        found = [name for name in self.steps if step in self.targets(name)]
        found += [name for name, deed in self.flow.anytime.items() if step in {to for to, _ in deed.ways}]
        region = self.flow.places[step].region
        if region and self.flow.starts[region] == step:
            found += self.sources(self.flow.block[region])
        return found

    def targets(self, step: str) -> set[str]:
        """Return where the arrows of a step lead, and its time."""
        place = self.flow.places[step]
        arrows = {to for deed in place.deeds.values() for to, _ in deed.ways}
        return arrows | {to for to, _ in place.then} | ({place.late} if place.late is not None else set())

    def hands(self, source: str, seen: frozenset[str] = frozenset()) -> list[object]:
        """Return who may have had the work there; of a wait, whoever made the case wait."""
        if source in seen:
            return []
        if source in self.flow.anytime:
            return [self.flow.anytime[source].demands.get("by")]
        found = [self.by(source)]
        if "waiting-for" in self.steps[source]:
            found += [by for one in self.sources(source) for by in self.hands(one, seen | {source})]
        for part in self.flow.places[source].parts:
            inside = [name for name, place in self.flow.places.items() if place.region == part.region]
            found += [by for one in inside for by in self.hands(one, seen | {source})]
        return found

    def hands_over(self, source: str, step: str) -> bool:
        """Return True if work that comes from there comes from other people."""
        return self.by(step) not in self.hands(source)

    def refusable(self, source: str, step: str) -> bool:
        """Return True if the work can be given back to where it came from."""
        says = self.says(step)
        if says is None or "refuse" not in says or source not in self.steps or self.by(source) is None:
            return False
        return step in {to for one in self.flow.places[source].deeds.values() for to, _ in one.ways}

    def after(
        self, before: Mapping[str, str], step: str | None, event: PlainEvent, came: Sequence[str], left: Sequence[str]
    ) -> dict[str, str]:
        """Return which steps are on offer after an event, and who offers them: a step, or "" if nobody can refuse."""
        offers = {name: giver for name, giver in before.items() if name not in left and name != step}
        if event.get("action") == "refuse-hand-off":
            return offers  # whoever had it has it again
        if event["kind"] == "override" or (step is None and event["kind"] != "action"):
            return offers
        places = self.flow.places
        timed = event["kind"] == "timer"
        for name in came:
            source = event["action"] if step is None else step
            inside = places[name].region and self.flow.block[places[name].region] in came
            outer = [one for one in left if places[one].parts and places[one].region == places[name].region]
            if outer and not inside:
                source = outer[-1]
            if self.receives(name) and self.hands_over(source, name):
                offers[name] = source if self.refusable(source, name) and not timed and not inside else ""
        return offers


def followed(
    procedure: Plain, waiting: Sequence[Question], seq: int, event: PlainEvent
) -> tuple[list[Question], Question | None, int | None]:
    """Return the open questions after an event, the one it asks, and the `seq` of the one it answers."""
    left = list(waiting)
    action = event.get("action", "")
    asks = procedure.get("anytime", {}).get(action, {})
    if event["kind"] != "action":
        return left, None, None
    meant = [one for one in left if procedure["anytime"][one.action]["ask"]["answered-by"] == action]
    who = [event.get("actor"), *sorted(event.get("roles", ())), event.get("on_behalf_of")]
    first = [one for one in meant if one.whom == who[0]] or [one for one in meant if one.whom in who[1:-1]]
    first = first or [one for one in meant if one.whom == who[-1]]
    answered = first[0].seq if first else None
    left = [one for one in left if one.seq != answered]
    asked = None
    if isinstance(asks, Mapping) and "ask" in asks:
        to = asks["ask"]["question-to"]
        whom = event.get("data", {}).get("asked_whom", "").strip() if to == "any" else to
        asked = Question(seq, action, whom) if whom else None
        left += [asked] if asked is not None else []
    return left, asked, answered
