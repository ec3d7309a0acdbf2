"""What a scenario leaves unsaid is supplied: data that must be known, proofs, a reason, what was asked of whom until when."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from procflow.expressions.types import Raw, Value
from procflow.expressions.values import parse_value
from procflow.loading.scenarios import sample_link
from procflow.model.event import Event, Lifecycle
from procflow.model.hand_off import ASKED_WHOM, QUESTION, REASONS, REFUSE, REFUSED_FOR
from procflow.model.procedure import Procedure
from procflow.model.scenario import REASON, Scenario
from procflow.monitors.record import Record
from procflow.scenarios import samples
from procflow.scenarios.spots import Spot, givers_of

ASKED, DUE = "asked", "due"
_REQUESTS = (ASKED, DUE, ASKED_WHOM, QUESTION)
_WHY_REFUSED = REASONS[0]


@dataclass(slots=True)
class Supplies:
    """What there is to give in one run of a scenario; what of it was given already is not given again."""

    scenario: Scenario
    procedure: Procedure
    left: dict[str, Raw]
    """Of `given`: what no event has carried yet."""

    def opening(self, also: Collection[str] = ()) -> dict[str, Raw]:
        """Return the data the case opens with: what no action ever gives, and the fields in `also`."""
        somewhere = {name for one in givers_of(self.procedure) for name in one}
        data = {
            name: value
            for name, value in self.scenario.given.items()
            if name in also or (name not in somewhere and name not in _REQUESTS)
        }
        self._taken(data)
        return data

    def complete(self, event: Event, spot: Spot, record: Record, without: frozenset[str]) -> Event:
        """Return an event with what it lacks at its spot; nothing that is in `without`."""
        if event.lifecycle is Lifecycle.START:
            return event
        data = dict(event.data)
        for name in spot.may_give:
            if name in self.left and name not in data and name not in without:
                data[name] = self.left[name]
        refuses = spot.action is not None and spot.action.id == REFUSE
        if refuses and REFUSED_FOR not in data and REFUSED_FOR not in without:
            data[REFUSED_FOR] = _WHY_REFUSED
        self._taken(data)
        known = {**record.values, **_parsed(self.procedure, data)}
        missing = [name for name in spot.required if name not in known and name not in data and name not in without]
        data |= self._chosen(missing, spot, known, record, event)
        proofs = {name: sample_link(name) for name in spot.proofs if name not in event.evidence and name not in without}
        wants_reason = spot.action is not None and spot.action.reason and event.reason is None
        return replace(
            event,
            data=data,
            evidence={**event.evidence, **proofs},
            reason=samples.REASON if wants_reason and REASON not in without else event.reason,
        )

    def request(self, event: Event, names: Collection[str], without: frozenset[str], whom: str = "") -> Event:
        """Return an event that also says what was asked, of `whom`, and until when, and brings what an offer needs."""
        wanted = sorted(name for name in names if name not in without)
        types = self.procedure.field_types
        data = {name: self._requested(name, event, whom) for name in wanted if name in types or name in _REQUESTS}
        proofs = {name: sample_link(name) for name in wanted if name not in data}
        self._taken(data)
        return replace(event, data={**event.data, **data}, evidence={**event.evidence, **proofs})

    def _requested(self, name: str, event: Event, whom: str) -> Raw:
        if name in self.scenario.given:
            return self.scenario.given[name]
        if name in _REQUESTS:
            return whom if name == ASKED_WHOM else samples.request(name, event.occurred_at)
        return samples.sample(name, self.procedure.field_types[name], event.occurred_at)

    def _taken(self, data: Mapping[str, Raw]) -> None:
        for name in data:
            self.left.pop(name, None)

    def _chosen(
        self, missing: Sequence[str], spot: Spot, known: Mapping[str, Value], record: Record, event: Event
    ) -> dict[str, Raw]:
        """Return values for the missing fields: such that the action is open, if some make it so."""
        types = {name: self.procedure.data[name].type for name in missing}
        return samples.samples(types, spot.arrows, known=known, counts=record.counts, at=event.occurred_at)


def _parsed(procedure: Procedure, data: Mapping[str, Raw]) -> dict[str, Value]:
    """Return the values that can be read."""
    found: dict[str, Value] = {}
    for name, raw in data.items():
        try:
            found[name] = parse_value(procedure.data[name].type, raw)
        except ValueError:
            continue
    return found
