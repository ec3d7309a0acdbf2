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
    @property
    def offered(self) -> bool: ...
    @property
    def questions(self) -> tuple[str, ...]: ...


def worklist_lines(items: Sequence[WorkView], cells: int = 80) -> Iterator[Line]:
    """Yield a worklist as it came: what is on offer, then what is due first, then the oldest."""
    if not items:
        yield line("Nothing waits.")
        return
    for one in items:
        yield case_head(one.case, one.procedure, one.ref)
        yield from prose(_item(one), cells, indent=2)


def _item(one: WorkView) -> str:
    """Return a line of a worklist: whose turn it is, who is to accept the work, or who is asked what."""
    title = text_of(one.title)
    kind, _, party = one.party.partition(":")
    whose = party if kind == "role" else f"{kind} {party}"
    since = moment_in(one.zone, one.since)
    until = "" if one.due is None else f", {due_on(one.zone, one.due, overdue=one.overdue)}"
    actions = ", ".join(one.actions)
    if one.questions:
        return f"asked of {whose} since {since}{until}: {'; '.join(one.questions)}: {actions}"
    step = f"{one.step} ({title})" if title else one.step
    if one.offered:
        return f"{step}, to be accepted by {whose}, offered since {since}{until}: {actions}"
    return f"{step}, turn of {whose} since {since}{until}: {actions}"
