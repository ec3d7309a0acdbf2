"""What an event may be blamed for where an explanation puts it: people, data, proofs, reasons, waiting.

Each function returns codes, one for each thing that is wrong. Read them beside the tables of `language.md`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

from tests.oracle.conditions import UNFIT, Value, read_value
from tests.oracle.flow import Flow, Move
from tests.oracle.plain import Plain, PlainEvent

Values = Mapping[str, Value]


def listed(written: Any) -> Sequence[str]:
    """Return what is written as one name or a list of them."""
    return [written] if isinstance(written, str) else written


class Checks:
    """The demands of one procedure."""

    def __init__(self, procedure: Plain, flow: Flow, *, people: bool) -> None:
        self.flow, self.witnessed = flow, people
        self.roles: Plain = procedure.get("roles", {})
        self.types: dict[str, Any] = dict(procedure.get("data", {}))
        self.watched: set[str] = set()
        """The steps of which somebody must know who left them."""
        for place in flow.places.values():
            self.watched.update(listed(place.demands.get("four-eyes", [])))
            demanded = place.demands.get("waiting-for", {})
            self.types |= {"asked": {"type": "text"}} if "asked" in demanded else {}
            self.types |= {"due": {"type": "instant"}} if "due" in demanded else {}
        if "'refuse'" in str(procedure):
            self.types |= {"refused_for": {"type": "choice", "of": ["missing", "form", "not-ours", "other"]}}

    # The record

    def merged(self, values: Values, data: Plain) -> dict[str, Value]:
        """Return the values with an event's data: null takes a value back, what does not fit its field is ignored."""
        result = dict(values)
        for name, given in data.items():
            value = read_value(self.types.get(name), given)
            if given is None:
                result.pop(name, None)
            elif value is not UNFIT:
                result[name] = value
        return result

    def data(self, event: PlainEvent) -> list[str]:
        """DV302 for each value that does not fit, wherever the event stands."""
        return [
            "DV302"
            for name, given in event.get("data", {}).items()
            if name not in self.types or (given is not None and read_value(self.types[name], given) is UNFIT)
        ]

    # People

    def people(self, event: PlainEvent, move: Move, values: Values, leavers: Set[tuple[str, str]]) -> list[str]:
        """Who may do what: the same for whoever starts and whoever completes. `values` with those of the event.

        `leavers`: each watched step with whoever left it on its latest visit.
        """
        if not self.witnessed:
            return []
        actor = event.get("actor")
        step: Plain = self.flow.places[move.step].demands if move.step is not None else {}
        own = move.deed.demands.get("by") if move.deed is not None else None
        if own is None and "waiting-for" in step:
            found = self._role(step["waiting-for"]["party"], event, for_another=True)
        else:
            found = self._by(own if own is not None else step["by"], event, values)
        if actor is not None:
            found += ["DV202" for one in listed(step.get("four-eyes", [])) if (one, actor) in leavers]
            found += ["DV208" for one in listed(step.get("not-by", [])) if values.get(one) == actor]
        return found

    def _by(self, by: Any, event: PlainEvent, values: Values) -> list[str]:
        if by == "any":
            return []
        if isinstance(by, str):
            return self._role(by, event, for_another=self._is_external(by))
        named = by["field"]
        if named not in values:
            return ["DV305"]
        if self._type(named) == "team":
            return [] if values[named] in event.get("teams", []) else ["DV201"]
        return [] if values[named] == event.get("actor") else ["DV201"]

    def _role(self, role: str, event: PlainEvent, *, for_another: bool) -> list[str]:
        if role in event.get("roles", []):
            return []
        other = event.get("on_behalf_of")
        return [] if for_another and other and (other == role or other not in self.roles) else ["DV201"]

    def _is_external(self, role: str) -> bool:
        written = self.roles[role]
        return isinstance(written, Mapping) and bool(written.get("external"))

    def _type(self, name: str) -> str:
        written = self.types[name]
        return str(written if isinstance(written, str) else written["type"])

    # Data, proofs, reasons

    def demands(self, event: PlainEvent, move: Move, values: Values, *, holed: bool) -> list[str]:
        """What an action that was done must bring: values, proofs, a reason. `values` with those of the event.

        `holed`: entries are missing before it, or earlier; what is not known then may have been given there.
        """
        own: Plain = move.deed.demands if move.deed is not None else {}
        collect, evidence = set(own.get("collect", [])), set(own.get("evidence", []))
        if move.leaves and move.step is not None and move.deed is not None and not move.deed.incomplete:
            step = self.flow.places[move.step].demands
            collect |= set(step.get("collect", []))
            evidence |= set(step.get("evidence", []))
        found = ["DV301" for one in collect if one not in values and not holed]
        if not self.witnessed:
            return found
        found += ["DV303" for one in evidence if not is_proof(event.get("evidence", {}).get(one))]
        if own.get("reason") == "required" and is_blank(event.get("reason")):
            found.append("DV306")
        return found

    def waiting(self, event: PlainEvent, entered: frozenset[str]) -> list[str]:
        """DV605 for each thing a waiting step demands that the event that enters it does not itself say."""
        given = event.get("data", {})
        return [
            "DV605"
            for step in entered
            for one in ("asked", "due")
            if one in self.flow.places[step].demands.get("waiting-for", {})
            and read_value(self.types[one], given.get(one)) in (UNFIT, "")
        ]


def is_blank(text: Any) -> bool:
    """Return True if nothing is said."""
    return text is None or (isinstance(text, str) and not text.strip())


def is_proof(given: Any) -> bool:
    """Return True if this can be followed: a link, a number, the id of a message, or a link or digest with a name."""
    if isinstance(given, Mapping):
        return not is_blank(given.get("link")) or not is_blank(given.get("sha256"))
    if isinstance(given, bool):
        return False
    return isinstance(given, int | float) or (isinstance(given, str) and bool(given.strip()))
