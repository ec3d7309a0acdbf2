"""The card of a service as text for a terminal, and for programs."""

from __future__ import annotations

from collections.abc import Iterator

from procflow.model.services import inputs_of, providing_roles
from procflow.model.serving import Serving
from procflow.reports.document.card import Card
from procflow.reports.document.parts import Block, Bullets, Page, Paragraph, Run, Table
from procflow.reports.document.promises import plain
from procflow.reports.documents import Json, instant, seconds
from procflow.reports.paper import BLANK, Column, Line, faint, line, prose, strong, table, visible


def card_lines(page: Page, cells: int) -> Iterator[Line]:
    """Yield the page of a card as lines."""
    yield line(strong(visible(plain(page.title))), faint(f"  {page.kind}"))
    for label, blocks in page.facts.entries:
        for block in blocks:
            if isinstance(block, Paragraph):
                yield from prose(plain(block.content), cells, label=f"{label}: ")
    for section in page.sections:
        yield BLANK
        yield line(strong(visible(plain(section.heading))))
        for block in section.blocks:
            yield from _block(block, cells)


def _block(block: Block, cells: int) -> Iterator[Line]:
    match block:
        case Paragraph():
            yield from prose(plain(block.content), cells, indent=2)
        case Bullets():
            for entry in block.entries:
                for at, one in enumerate(entry):
                    if isinstance(one, Paragraph):
                        yield from prose(
                            plain(one.content), cells, indent=2 if at == 0 else 4, label="" if at else "- "
                        )
        case Table():
            columns = [Column(head=head, right=at > 0) for at, head in enumerate(block.heads)]
            yield from table(columns, [[_cell(cell) for cell in row] for row in block.rows], cells)


def _cell(runs: tuple[Run, ...]) -> str:
    return ", ".join(map(plain, runs))


def card_document(card: Card, code: str) -> Json:
    """Return the card for programs."""
    service, procedure = card.service, card.procedure
    return {
        "v": "1",
        "kind": "service-card",
        "service": service.id,
        "title": dict(service.title),
        "language": code,
        "procedure": procedure.id,
        "version": procedure.version,
        "digest": procedure.digest,
        "given": dict(service.given),
        "provider": service.provider,
        "roles": list(providing_roles(service, procedure)),
        "for": list(service.clients),
        "depends_on": list(service.depends_on),
        "behind": list(card.library.services.behind(service.id)),
        "inputs": [
            {
                "name": name,
                "kind": "data" if name in procedure.data else "proof",
                "ask": dict(procedure.data[name].ask) if name in procedure.data else {},
            }
            for name in inputs_of(service, procedure)
        ],
        "times": [
            {
                "clock": one.clock,
                "grade": one.grade,
                "to": one.to.value,
                "says": plain(one.says),
                "terms": [plain(each) for each in one.terms],
                "example": None if one.example is None else plain(one.example),
            }
            for one in card.promises
        ],
        "quality": [dict(one) for one in service.quality],
        "tips": [dict(one) for one in service.tips],
        "record": None if card.serving is None else _serving(card.serving),
    }


def _serving(one: Serving) -> Json:
    return {
        "as_of": instant(one.as_of),
        "window_seconds": seconds(one.window),
        "cases": one.cases,
        "others": one.others,
        "load": [
            {
                "who": each.who,
                "open": each.open,
                "oldest_seconds": seconds(each.longest),
                "done": each.done,
                "wait_seconds": seconds(each.wait),
            }
            for each in one.loads
        ],
        "intake": {
            "cases": one.intake.cases,
            "complete": one.intake.complete,
            "share": one.intake.complete / one.intake.cases if one.intake.cases else None,
            "round_trips": one.intake.round_trips,
            "missing": dict(one.intake.missing),
            "waiting": [
                {
                    "case": each.case,
                    "step": each.step,
                    "since": instant(each.since),
                    "missing": list(each.missing),
                    "asked": each.asked or None,
                }
                for each in one.intake.waiting
            ],
        },
        "rotation": [
            {
                "between": [each.giver, each.taker],
                "people": each.handlers,
                "both": each.both,
                "share": each.both / each.handlers if each.handlers else None,
                "sat_in_only": each.sat_in,
            }
            for each in one.rotation
        ],
    }
