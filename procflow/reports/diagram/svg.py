"""The picture as SVG: real text, no script, nothing fetched, the same bytes for the same procedure on every machine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from procflow.errors import ProcflowError
from procflow.model.procedure import Procedure
from procflow.reports.diagram.cards import CODE, SIGN, Card, Row, Scribe, Shape, Tone
from procflow.reports.diagram.colours import ROLES_LIGHT, root_class, style
from procflow.reports.diagram.composing import Course, Drawing, Frame, Item, Laid, drawing_of, mirrored, moved
from procflow.reports.diagram.describing import description
from procflow.reports.diagram.graph import graph_of, scenes
from procflow.reports.diagram.layout import Point
from procflow.reports.diagram.legend import SIGN_ROOM, Put, legend, rows_of_title, shown
from procflow.reports.diagram.lettering import clean
from procflow.reports.diagram.listing import Listing, listings_of
from procflow.reports.diagram.signs import STROKES, TURNED
from procflow.reports.diagram.tongue import tongue_of

MOST = 4_000
"""Steps and actions that are drawn at most."""
_MARGIN = 24
_NARROWEST = 560
_CORNER = 7.0
_HAND, _HAND_AT = 3.2, 11.4
"""How large the circle of a hand-off is, and how far from the point of its arrow."""


def render(
    procedure: Procedure,
    *,
    language: str = "",
    theme: str = "auto",
    across: bool = False,
    standalone: bool = True,
    listed: bool = True,
) -> str:
    """Return the picture of `procedure`; `across` lets it flow to the side instead of down.

    Without `standalone` it is a part of a page: without a heading, and as wide as the page at most. Without `listed` the
    page lists the rules itself.
    """
    graph = graph_of(procedure)
    size = sum(len(scene.spots) + len(scene.ways) for scene in scenes(graph.scene))
    if size > MOST:
        raise ProcflowError(
            f"a picture of {size:,} steps and actions could not be read by anybody; {MOST:,} is the most that is drawn",
            hint="Split the procedure, or draw with --format mermaid.",
        )
    scribe = Scribe(graph, tongue_of(procedure, language))
    drawing = drawing_of(scribe, across=across)
    return _Writer(scribe, drawing, theme=theme, standalone=standalone, listed=listed).written()


class _Writer:
    def __init__(self, scribe: Scribe, drawing: Drawing, *, theme: str, standalone: bool, listed: bool) -> None:
        self.scribe = scribe
        self.tongue = scribe.tongue
        self.theme = theme
        self.standalone = standalone
        self.listed = listed
        self.mirror = self.tongue.mirrored
        self.drawing = mirrored(drawing) if self.mirror else drawing
        self.hues = {role: number % len(ROLES_LIGHT) for number, role in enumerate(scribe.graph.procedure.roles)}

    def written(self) -> str:
        inner = max(self.drawing.width, _NARROWEST)
        # A page has its own heading.
        head = rows_of_title(self.scribe, inner) if self.standalone else ()
        listings = listings_of(self.scribe, inner) if self.listed else ()
        puts, legend_height = legend(self.scribe, inner)
        width = inner + 2 * _MARGIN
        top = _MARGIN + (sum(row.height for row in head) + 16 if head else 0)
        bottom = top + self.drawing.height + 20
        below = bottom + sum(one.height + 14 for one in listings)
        height = below + legend_height + _MARGIN
        left = _MARGIN + (inner - self.drawing.width) // 2
        lines = list(self.opening(width, height))
        lines.append(f'<rect class="pf-paper" width="{_number(width)}" height="{_number(height)}"/>')
        edge = width - _MARGIN if self.mirror else _MARGIN
        lines += self.rows(head, edge, _MARGIN)
        lines += self.drawn([moved(one, left, top) for one in self.drawing.items])
        for listing in listings:
            lines += self.listing(listing, edge, bottom)
            bottom += listing.height + 14
        lines += self.legend(puts, below, width)
        lines.append("</svg>\n")
        return "\n".join(lines)

    def opening(self, width: float, height: float) -> Iterator[str]:
        procedure = self.scribe.graph.procedure
        key = re.sub(r"[^\w-]", "-", f"procflow-{procedure.id}-{self.tongue.language.code}")
        if self.standalone:
            yield '<?xml version="1.0" encoding="UTF-8"?>'
        size = f'width="{_number(width)}" height="{_number(height)}"'
        fit = "" if self.standalone else ' style="max-width:100%;height:auto"'
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="{root_class(self.theme)}" {size} '
            f'viewBox="0 0 {_number(width)} {_number(height)}"{fit} role="img" lang="{escape(self.tongue.language.code)}" '
            f'aria-labelledby="{key}-title {key}-desc" data-procedure="{procedure.id}" '
            f'data-version="{_text(clean(procedure.version))}">'
        )
        yield f'<title id="{key}-title">{_text(self.tongue.title(procedure.title, procedure.id))}</title>'
        yield f'<desc id="{key}-desc">{_text(description(self.scribe.graph, self.tongue))}</desc>'
        yield f"<style>\n{style(self.theme)}\n</style>"

    def drawn(self, items: Sequence[Item]) -> Iterator[str]:
        for item in items:
            if isinstance(item, Frame):
                yield from self.frame(item)
        for item in items:
            if isinstance(item, Course):
                yield self.course(item)
        for item in items:
            if isinstance(item, Laid):
                yield from self.card(item)

    def frame(self, frame: Frame) -> Iterator[str]:
        kind = "pf-lane" if frame.lane else "pf-block" + (" pf-lost" if frame.lost else "")
        data = f'data-lane="{frame.id}"' if frame.lane else f'data-step="{frame.id}"'
        yield f"<g {data}>"
        if frame.tip:
            yield f"<title>{_text(frame.tip)}</title>"
        dashes = ' stroke-dasharray="3 4"' if frame.lane else ""
        yield _rect(kind, frame.x, frame.y, frame.width, frame.height, 8 if frame.lane else 12, dashes)
        pad = 12 if frame.lane else 14
        edge = frame.x + frame.width - pad if self.mirror else frame.x + pad
        yield from self.rows(frame.rows, edge, frame.y + 9)
        yield "</g>"

    def course(self, course: Course) -> str:
        data = "".join(
            f' data-{name}="{value}"'
            for name, value in (("from", course.source), ("action", course.action), ("to", course.target))
            if value
        )
        points = course.points
        told = f"<g{data}>"
        dashes = ' stroke-dasharray="5 4"' if course.dashed else ' stroke-dasharray="1.5 3"' if course.returning else ""
        if course.arrow:
            points = (*points[:-1], _shortened(points[-2], points[-1]))
        wide = "1" if course.returning else "1.4"
        told += f'<path class="pf-line" stroke-width="{wide}"{dashes} d="{_path(points)}"/>'
        if course.arrow:
            told += f'<path class="pf-point" d="{_arrowhead(course.points[-2], course.points[-1])}"/>'
        if course.handed:
            x, y = _toward(course.points[-1], course.points[-2], _HAND_AT)
            told += (
                f'<circle class="pf-lane" cx="{_number(x)}" cy="{_number(y)}" r="{_number(_HAND)}" stroke-width="1.4"/>'
            )
        return told + "</g>"

    def card(self, laid: Laid) -> Iterator[str]:
        card = laid.card
        names = {"step": ("step",), "action": ("action", "from"), "leg": ("action", "from"), "late": ("late",)}
        data = names.get(laid.kind, ())
        values = {"step": laid.id, "action": laid.id, "from": laid.source, "late": laid.source}
        told = "".join(f' data-{name}="{values[name]}"' for name in data if values[name])
        if laid.kind == "leg":
            told = told.replace("data-action", "data-alternative-of")
        yield f"<g{told}>"
        if card.tip:
            yield f"<title>{_text(card.tip)}</title>"
        yield from self.outline(card, laid.x, laid.y)
        yield from self.inside(card, laid.x, laid.y)
        yield "</g>"

    def outline(self, card: Card, x: float, y: float) -> Iterator[str]:
        w, h = card.width, card.height
        lost = " pf-lost" if card.lost else ""
        match card.shape:
            case Shape.START:
                yield f'<circle class="pf-dot" cx="{_number(x + w / 2)}" cy="{_number(y + h / 2)}" r="{_number(w / 2 - 1)}"/>'
            case Shape.DONE:
                middle = f'cx="{_number(x + w / 2)}" cy="{_number(y + h / 2)}"'
                yield f'<circle class="pf-ring" {middle} r="{_number(w / 2 - 1)}" stroke-width="1.4"/>'
                yield f'<circle class="pf-dot" {middle} r="{_number(w / 2 - 4.5)}"/>'
            case Shape.END | Shape.CANCELLED:
                kind = "pf-end" if card.shape is Shape.END else "pf-cancelled"
                dashes = ' stroke-dasharray="4 3"' if card.shape is Shape.CANCELLED else ""
                yield _rect(kind + lost, x, y, w, h, 16, dashes)
                yield _rect(kind + lost, x + 3.5, y + 3.5, w - 7, h - 7, 13, dashes)
            case Shape.WAY:
                yield _rect("pf-way", x, y, w, h, min(12.0, h / 2), "")
            case Shape.PANEL:
                yield _rect("pf-panel", x, y, w, h, 10, ' stroke-dasharray="5 4"')
            case Shape.CONDITION:
                pass
            case Shape.STEP | Shape.WAIT:
                dashes = ' stroke-dasharray="6 4"' if card.shape is Shape.WAIT else ""
                yield _rect(("pf-wait" if dashes else "pf-step") + lost, x, y, w, h, 8, dashes)
                if card.role in self.hues:
                    yield self.stripe(card, x, y)

    def stripe(self, card: Card, x: float, y: float) -> str:
        side = x + card.width - 5.5 if self.mirror else x + 1.5
        hue = self.hues[card.role or ""]
        place = f'x="{_number(side)}" y="{_number(y + 8)}" width="4" height="{_number(card.height - 16)}"'
        return f'<rect class="pf-role-{hue}" {place} rx="2"/>'

    def inside(self, card: Card, x: float, y: float) -> Iterator[str]:
        if card.shape in (Shape.STEP, Shape.WAIT):
            edge = x + card.width - 17 if self.mirror else x + 17
            yield from self.rows(card.rows, edge, y + 10, role=card.role)
        elif card.shape is Shape.PANEL:
            edge = x + card.width - 12 if self.mirror else x + 12
            yield from self.rows(card.rows, edge, y + 10)
        else:
            above = (card.height - sum(row.height for row in card.rows)) / 2
            yield from self.centred(card.rows, x + card.width / 2, y + above)

    def rows(self, rows: Sequence[Row], edge: float, y: float, *, role: str | None = None) -> Iterator[str]:
        """Yield rows that begin at `edge`, on whichever side the language begins."""
        for row in rows:
            y += row.above
            at = edge
            if row.sign is not None:
                yield self.sign(row.sign, edge - 12 if self.mirror else edge, y + row.face.height / 2 - 6, row, role)
            if row.sign is not None or row.indented:
                at += -SIGN if self.mirror else SIGN
            # The text begins at the edge of the page's side, whichever way its own letters run.
            anchor = "start" if row.rtl == self.mirror else "end"
            yield self.text(row, at, y, anchor, role)
            y += row.face.height

    def centred(self, rows: Sequence[Row], middle: float, y: float) -> Iterator[str]:
        for row in rows:
            y += row.above
            at = middle
            if row.sign is not None:
                half = row.width / 2
                start = middle + half - 12 if self.mirror else middle - half
                yield self.sign(row.sign, start, y + row.face.height / 2 - 6, row, None)
            if row.sign is not None or row.indented:
                at += -SIGN / 2 if self.mirror else SIGN / 2
            yield self.text(row, at, y, "middle", None)
            y += row.face.height

    def text(self, row: Row, x: float, y: float, anchor: str, role: str | None) -> str:
        hue = self.hues.get(role or "")
        kind = f"pf-role-{hue}" if row.tone is Tone.ROLE and hue is not None else f"pf-{_tone(row.tone)}"
        kind += " pf-bold" if row.face.bold else ""
        kind += " pf-code" if row.face is CODE else ""
        where = "" if anchor == "start" else f' text-anchor="{anchor}"'
        way = ' direction="rtl" unicode-bidi="isolate"' if row.rtl else ""
        base = y + row.face.height * 0.5 + row.face.size * 0.36
        return (
            f'<text class="{kind}" x="{_number(x)}" y="{_number(base)}" font-size="{_number(row.face.size)}"{where}{way}>'
            f"{_text(row.text)}</text>"
        )

    def sign(self, name: str, x: float, y: float, row: Row, role: str | None) -> str:
        hue = self.hues.get(role or "")
        kind = "pf-sign"
        if row.tone is Tone.ALARM:
            kind += " pf-alarm"
        elif row.tone is Tone.ROLE and hue is not None:
            kind += f" pf-of-{hue}"
        return self.stroke(name, kind, x, y)

    def stroke(self, name: str, kind: str, x: float, y: float) -> str:
        turned = self.mirror and name in TURNED
        place = (
            f"translate({_number(x + 12)} {_number(y)}) scale(-1 1)"
            if turned
            else f"translate({_number(x)} {_number(y)})"
        )
        return (
            f'<path class="{kind}" transform="{place}" stroke-width="1.2" stroke-linecap="round" '
            f'stroke-linejoin="round" d="{STROKES[name]}"/>'
        )

    def listing(self, listing: Listing, edge: float, top: float) -> Iterator[str]:
        """Yield rules or clocks, each under its mark."""
        yield from self.rows(listing.heading, edge, top)
        for rule in listing.rules:
            yield f'<g data-{listing.kind}="{rule.id}">'
            yield from self.rows((rule.mark,), edge, top + rule.y)
            yield from self.rows(rule.rows, edge + (-listing.indent if self.mirror else listing.indent), top + rule.y)
            yield "</g>"

    def legend(self, puts: Sequence[Put], top: float, width: float) -> Iterator[str]:
        yield "<g>"
        for put in puts:
            entry = put.entry
            x = width - _MARGIN - put.x if self.mirror else _MARGIN + put.x
            y = top + put.y
            hue = self.hues.get(entry.role or "")
            if entry.sign is not None:
                at = x - 12 if self.mirror else x
                if entry.sign in ("end", "cancelled"):
                    dashes = ' stroke-dasharray="3 2"' if entry.sign == "cancelled" else ""
                    yield _rect(f"pf-{entry.sign}", at - 0.5, y + 2, 13, 11, 4, dashes)
                    yield _rect(f"pf-{entry.sign}", at + 1.5, y + 4, 9, 7, 2.5, "")
                else:
                    yield self.stroke(entry.sign, "pf-sign" + (f" pf-of-{hue}" if hue is not None else ""), at, y + 2)
                x += -SIGN_ROOM if self.mirror else SIGN_ROOM
            way = ' direction="rtl" unicode-bidi="isolate"' if self.mirror else ""
            name = ""
            rest = shown(entry)
            if entry.mark:
                kind = f"pf-role-{hue}" if hue is not None else "pf-soft"
                name = f'<tspan class="{kind} pf-bold">{_text(entry.mark)}</tspan>'
                rest = f"\u00a0 {self.tongue.isolated(entry.text)}" if entry.text else ""
            yield f'<text class="pf-soft" x="{_number(x)}" y="{_number(y + 12)}" font-size="11"{way}>{name}{_text(rest)}</text>'
        yield "</g>"


def _tone(tone: Tone) -> str:
    return {Tone.ROLE: "plain", Tone.RULE: "soft"}.get(tone, str(tone.value))


def _number(value: float) -> str:
    """Return a length as it is written: at most one digit after the point."""
    told = f"{value:.1f}"
    return told[:-2] if told.endswith(".0") else told


def _text(text: str) -> str:
    return escape(text, quote=True)


def _rect(kind: str, x: float, y: float, width: float, height: float, radius: float, more: str) -> str:
    place = f'x="{_number(x)}" y="{_number(y)}" width="{_number(width)}" height="{_number(height)}"'
    return f'<rect class="{kind}" {place} rx="{_number(radius)}" stroke-width="1.2"{more}/>'


def _path(points: Sequence[Point]) -> str:
    """Return a line through `points`, its corners rounded."""
    told = [f"M{_pair(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(_CORNER, _distance(before, corner) / 2, _distance(corner, after) / 2)
        told.append(
            f"L{_pair(_toward(corner, before, radius))}Q{_pair(corner)} {_pair(_toward(corner, after, radius))}"
        )
    told.append(f"L{_pair(points[-1])}")
    return "".join(told)


def _pair(point: Point) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _distance(one: Point, other: Point) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _toward(start: Point, end: Point, by: float) -> Point:
    far = _distance(start, end)
    return start if far == 0 else (start[0] + (end[0] - start[0]) * by / far, start[1] + (end[1] - start[1]) * by / far)


def _shortened(before: Point, tip: Point) -> Point:
    return _toward(tip, before, min(6.0, _distance(before, tip)))


def _arrowhead(before: Point, tip: Point) -> str:
    far = _distance(before, tip) or 1.0
    dx, dy = (tip[0] - before[0]) / far, (tip[1] - before[1]) / far
    back = (tip[0] - dx * 8, tip[1] - dy * 8)
    one = (back[0] - dy * 4.2, back[1] + dx * 4.2)
    other = (back[0] + dy * 4.2, back[1] - dx * 4.2)
    return f"M{_pair(tip)}L{_pair(one)}L{_pair(other)}z"
