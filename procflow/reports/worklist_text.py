"""A worklist for people: the steps that wait for somebody, what is due first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from procflow.calendars.moments import moment_in
from procflow.model.text import Text, text_of
from procflow.reports.due_text import case_head, due_on
from procflow.reports.paper import Line, line, prose


class WorkView(Protocol):
    """What of a line of a worklist is shown; the engine's `WorkItem` has it."""

    @property
    def case(self) -> str: ...
    @property
    def procedure(self) -> str: ...
    @property
    def ref(self) -> str | None: ...
    @property
    def step(self) -> str: ...
    @property
    def title(self) -> Text: ...
    @property
    def party(self) -> str: ...
    @property
    def since(self) -> datetime: ...
    @property
    def actions(self) -> tuple[str, ...]: ...
    @property
    def due(self) -> datetime | None: ...
    @property
    def overdue(self) -> bool: ...
    @property
    def zone(self) -> str: ...


def worklist_lines(items: Sequence[WorkView], cells: int = 80) -> Iterator[Line]:
    """Yield a worklist as it came: what is due first, then the oldest."""
    if not items:
        yield line("Nothing waits.")
        return
    for one in items:
        yield case_head(one.case, one.procedure, one.ref)
        title = text_of(one.title)
        step = f"{one.step} ({title})" if title else one.step
        kind, _, party = one.party.partition(":")
        whose = party if kind == "role" else f"{kind} {party}"
        until = "" if one.due is None else f", {due_on(one.zone, one.due, overdue=one.overdue)}"
        told = f"{step}, turn of {whose} since {moment_in(one.zone, one.since)}{until}: {', '.join(one.actions)}"
        yield from prose(told, cells, indent=2)
