"""Services: who serves whom with what, and which other services that takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from procflow.errors import SourceSpan
from procflow.model.clock import Clock, Promised
from procflow.model.procedure import Procedure
from procflow.model.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One entry of `services.yaml`."""

    id: str
    title: Text = field(default_factory=dict)
    procedure: str
    """The id of the procedure it is given by."""
    given: Mapping[str, str] = field(default_factory=dict)
    """Data field -> value as `word_of` tells it: what is known because it is this service."""
    provider: str
    """A role of the procedure, or a department."""
    clients: tuple[str, ...]
    """Ids of clients and of departments, in the order of the file; at least one."""
    needs: tuple[str, ...] = ()
    """Data fields and proofs that whoever asks must give; () for what the first step asks for."""
    quality: tuple[Text, ...] = ()
    tips: tuple[Text, ...] = ()
    clocks: tuple[str, ...] = ()
    """Clocks of the procedure; () for all that are promised to clients."""
    depends_on: tuple[str, ...] = ()
    """Ids of services; following them never comes back."""
    where: SourceSpan
    places: Mapping[str, SourceSpan] = field(default_factory=dict, compare=False)
    """Key -> where its value stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The content of `services.yaml`."""

    services: Mapping[str, Service] = field(default_factory=dict)
    """In the order of the file."""
    unserved: Mapping[str, Text] = field(default_factory=dict)
    """Departments that no service is for, with why."""
    shadowing: tuple[str, ...] = ()
    """Actions by which somebody writes down that they sat in on the work of a step."""

    def behind(self, id: str) -> tuple[str, ...]:
        """Return the services that one cannot be given without, however far back, the nearest first; without itself."""
        found: dict[str, None] = {}
        waiting = [id]
        while waiting:
            one = self.services.get(waiting.pop(0))
            for name in one.depends_on if one is not None else ():
                if name not in found:
                    found[name] = None
                    waiting.append(name)
        return tuple(found)

    def built_on(self, id: str) -> tuple[str, ...]:
        """Return the services that cannot be given without one, however far on, in the order of the file."""
        return tuple(name for name in self.services if id in self.behind(name))


def inputs_of(service: Service, procedure: Procedure) -> tuple[str, ...]:
    """Return what whoever asks for a service must give: data fields, then proofs; () if nobody says.

    Left out of `needs` it is what the first step asks for, without what is known because it is this service.
    """
    wanted = service.needs
    if not wanted:
        first = procedure.steps[procedure.top.start]
        wanted = (*first.collect, *first.evidence)
        for action in first.actions.values():
            if action.moves and not action.incomplete and len(first.actions) == 1:
                wanted = (*wanted, *action.collect, *action.evidence)
    asked = dict.fromkeys(name for name in wanted if name not in service.given)
    return (
        *(name for name in asked if name in procedure.data),
        *(name for name in asked if name not in procedure.data),
    )


def clocks_of(service: Service, procedure: Procedure) -> Iterator[Clock]:
    """Yield the clocks that promise the times of a service, in the order of the procedure."""
    for clock in procedure.all_clocks.values():
        own = clock.step is None and clock.accepts is None and clock.question is None
        if clock.id in service.clocks or (not service.clocks and own and clock.to is Promised.CLIENT):
            yield clock


def providing_roles(service: Service, procedure: Procedure) -> tuple[str, ...]:
    """Return the roles of a procedure that a provider stands for: the role itself, or those of the department."""
    if service.provider in procedure.roles:
        return (service.provider,)
    return tuple(role.id for role in procedure.roles.values() if role.department == service.provider)
