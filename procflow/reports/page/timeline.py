"""The timeline of a story as a picture: who had the ball, what each did, who waited for whom, what went wrong where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from html import escape

from procflow.model.clock import PartyKind
from procflow.model.deviation import Deviation
from procflow.model.event import Event, Kind
from procflow.model.waiting import Wait
from procflow.reports.diagram.lettering import Face, width
from procflow.reports.page.canvas import Canvas, fitted
from procflow.reports.page.colours import hue, rules, variables
from procflow.reports.page.lanes import BAR, LABEL, SMALL, TEXT, Lane, Mark, plan
from procflow.reports.page.teller import Teller

WIDE = 1120.0
_HEAD = 30.0
_BAND = 30.0
_FOOT = 34.0
_NAME = Face(13, bold=True)
_ROLE = Face(11)
_NUMBER = Face(10.5, bold=True)
_TICK = Face(11)
_TITLE = Face(17, bold=True)
_TICKS_APART = 56.0
_STEPS = (
    *(timedelta(hours=hours) for hours in (1, 2, 3, 6, 12)),
    *(timedelta(days=days) for days in (1, 2, 7, 14, 28, 91, 182, 365, 3650)),
)
_FONT = (
    'system-ui,"Segoe UI","Helvetica Neue",Arial,"Liberation Sans","Noto Sans","Noto Sans Arabic",Vazirmatn,sans-serif'
)


def timeline(tell: Teller, findings: Sequence[tuple[int, Deviation]], *, alone: bool = False) -> str:
    """Return the picture; `alone`: with its own title, legend and colours, to stand outside the page."""
    story = tell.story
    head = _HEAD + (40.0 if alone else 0.0)
    laid = plan(
        story,
        findings,
        label=lambda event: _label(event, tell),
        waiting=lambda wait: _waiting(wait, tell),
        waiting_for_all=lambda length: tell.say("waits for all of them: {length}", length=tell.length(length)),
        wide=WIDE,
        top=head + _BAND + 14,
    )
    draw = Canvas(WIDE, mirrored=tell.language.direction == "rtl")
    bottom = laid.height + 4
    lanes = {lane.id: lane for lane in laid.lanes}
    if alone:
        draw.rect(0, 0, WIDE, bottom + _FOOT, "s-paper")
        draw.text(12, 28, _headline(tell), "s-ink", _TITLE, room=WIDE - 24)
    for number, lane in enumerate(laid.lanes):
        if number % 2 == 0:
            draw.rect(0, lane.top, WIDE, lane.height, "s-band")
    last = 0.0
    for at, text in _ticks(tell):
        x = laid.x(at)
        if x - last < _TICKS_APART or x + 4 + width(text, _TICK) > WIDE:
            continue
        last = x
        draw.line(x, head - 4, x, bottom, "s-rule")
        draw.text(x + 4, head - 10, text, "s-soft", _TICK)
    _draw_band(draw, tell, head, laid.x)
    for lane in laid.lanes:
        _draw_lane(draw, lane, tell)
    for lane in laid.lanes:
        _draw_ways(draw, lane, lanes)
    for lane in laid.lanes:
        _draw_waits(draw, lane)
    for lane in laid.lanes:
        _draw_marks(draw, lane, tell)
    _draw_legend(draw, tell, bottom + 22)
    return _svg(draw, bottom + _FOOT, tell, alone)


def _svg(draw: Canvas, height: float, tell: Teller, alone: bool) -> str:
    label = escape(_headline(tell), quote=True)
    direction = tell.language.direction
    size = f'viewBox="0 0 {WIDE:g} {height:g}" width="{WIDE:g}" height="{height:g}"'
    style = ""
    if alone:
        style = f"<style>svg{{{variables(dark=False)}}}\n{rules()}\ntext{{font-family:{_FONT}}}</style>"
    stripes = (
        '<defs><pattern id="stripes" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path class="s-stripe" d="M0 0V7"/></pattern></defs>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="story-time" role="img" aria-label="{label}" {size} '
        f'direction="{direction}">{style}<title>{label}</title>{stripes}{"".join(draw.parts)}</svg>'
    )


def _headline(tell: Teller) -> str:
    story = tell.story
    length = tell.length(story.until - story.since)
    return tell.say(
        "Case {case}: who did what, and who waited for whom, in {length}",
        case=tell.alone(story.trace.case),
        length=length,
    )


# --- the axis ------------------------------------------------------------------------------------------------------


def _ticks(tell: Teller) -> Iterator[tuple[datetime, str]]:
    """Yield moments of the axis with what stands at them: beginnings of days, or hours of a short case."""
    story = tell.story
    days = {tell.local(start).date(): start for start, _ in reversed(story.openings)}
    if len(days) > 1:
        for day, start in reversed(days.items()):
            if start <= story.until:
                yield max(start, story.since), tell.language.short_date(day)
        return
    length = max(story.until - story.since, timedelta(minutes=1))
    room = WIDE - LABEL - 28
    step = next((one for one in _STEPS if room * (one / length) >= 64), _STEPS[-1])
    at = tell.local(story.since).replace(hour=0, minute=0, second=0, microsecond=0)
    while at <= tell.local(story.until):
        if story.since <= at <= story.until:
            hours = tell.language.clock_time(at.hour * 60 + at.minute)
            yield at, tell.language.short_date(at.date()) if at.hour == 0 else hours
        at += step


# --- the ball ------------------------------------------------------------------------------------------------------


def _draw_band(draw: Canvas, tell: Teller, top: float, x_of: object) -> None:
    assert callable(x_of)
    draw.text(12, top + 19, tell.say("Who has the ball"), "s-ink", _NAME, room=LABEL - 20)
    for party, start, end in tell.story.spans:
        left, right = x_of(start), x_of(end)
        if right - left < 0.4:
            continue
        nobody = party.kind is PartyKind.NOBODY
        if party.kind is PartyKind.RESOLVED:
            draw.rect(left, top, right - left, _BAND, "s-done")
            ink = "s-ink"
        elif nobody:
            draw.rect(left, top, right - left, _BAND, "s-idle")
            draw.parts.append(draw.parts[-1].replace('class="s-idle"', 'fill="url(#stripes)" fill-opacity="0.35"'))
            ink = "s-ink"
        else:
            side = tell.side(party)
            draw.rect(left, top, right - left, _BAND, hue_of(side[0] if side else "", tell))
            ink = "s-on-hue"
        draw.line(left, top, left, top + _BAND, "s-rule")
        text = tell.flat(tell.party(party))
        room = right - left - 8
        if room > 24:
            shown = fitted(text, SMALL, room)
            if nobody and shown:
                draw.rect(left + 2, top + 7, min(width(shown, SMALL) + 5, right - left - 4), _BAND - 14, "s-idle")
            draw.text(left + 4, top + 19, shown, ink, SMALL)


def hue_of(department: str, tell: Teller) -> str:
    """Return the class of the colour of a department; of clients and others outside the one they share."""
    known = tell.departments
    if tell.outside(department):
        return "s-client"
    return hue(known.index(department) if department in known else len(known))


# --- the lanes -----------------------------------------------------------------------------------------------------


def _draw_lane(draw: Canvas, lane: Lane, tell: Teller) -> None:
    player = tell.story.players[lane.id]
    department = tell.department_of(lane.id)
    draw.rect(0, lane.top, 5, lane.height, hue_of(department, tell))
    draw.text(12, lane.top + 17, tell.flat(tell.person(lane.id)), "s-ink", _NAME, room=LABEL - 20)
    about = tell.flat(tell.role(player.role)) if player.named and player.role else ""
    draw.text(12, lane.top + 32, about, "s-soft", _ROLE, room=LABEL - 20)


def _draw_ways(draw: Canvas, lane: Lane, lanes: dict[str, Lane]) -> None:
    """Draw the ways from waits to those who are waited for, under everything else."""
    for bar in lane.bars:
        y = lane.top + 38 + bar.row * BAR
        x = bar.start + 1
        for target in bar.targets:
            other = lanes[target]
            up = other.top < lane.top
            tip, back = (other.middle + 9, 6) if up else (other.middle - 9, -6)
            draw.line(x, y + (0 if up else BAR - 4), x, tip, "s-asks")
            draw.shape([(x, tip), (x - 3.5, tip + back), (x + 3.5, tip + back)], "s-tip")


def _draw_waits(draw: Canvas, lane: Lane) -> None:
    for start, end in lane.waited_for:
        draw.rect(start, lane.middle - 2.5, end - start, 5, "s-idle")
        draw.parts.append(draw.parts[-1].replace('class="s-idle"', 'fill="url(#stripes)"'))
    for bar in lane.bars:
        y = lane.top + 38 + bar.row * BAR
        draw.rect(bar.start, y, bar.end - bar.start, BAR - 4, "s-wait", radius=3)


def _draw_marks(draw: Canvas, lane: Lane, tell: Teller) -> None:
    y = lane.middle
    for bar in lane.bars:
        at = lane.top + 38 + bar.row * BAR + 12
        inside = bar.start <= bar.at <= bar.end and not bar.before
        kind = "s-wait-ink" if inside else "s-ink s-halo"
        draw.text(bar.at, at, bar.label, kind, SMALL, anchor="end" if bar.before else "start")
    for mark in lane.marks:
        draw.circle(mark.x, y, 6, "s-paper")
        draw.circle(mark.x, y, 4.8, hue_of(tell.department_of(lane.id), tell))
    for flag in lane.flags:
        draw.shape([(flag.x, y - 10.5), (flag.x + 10.5, y), (flag.x, y + 10.5), (flag.x - 10.5, y)], "s-paper")
        draw.shape([(flag.x, y - 9.5), (flag.x + 9.5, y), (flag.x, y + 9.5), (flag.x - 9.5, y)], "s-flag")
        number = tell.language.number(flag.number)
        draw.text(flag.x, y + 3.8, number, "s-on-flag", _NUMBER, anchor="middle")
    for mark in lane.marks:
        _draw_label(draw, mark, lane, y)


def _draw_label(draw: Canvas, mark: Mark, lane: Lane, y: float) -> None:
    behind = max([mark.x, *(one.x + 4 for one in lane.flags if mark.x < one.x < mark.x + 22)])
    draw.text(behind + 10, y + 4, mark.label, "s-ink s-halo", TEXT, room=mark.room)


def _label(event: Event, tell: Teller) -> str:
    if event.kind is Kind.OPENED:
        return tell.say("opened the case")
    if event.kind is Kind.CLOSED:
        return tell.say("closed the case")
    return tell.flat(tell.action(event.action)) if event.action else ""


def _waiting(wait: Wait, tell: Teller) -> str:
    named = [tell.briefly(name) for name in wait.whom]
    whom = tell.flat(tell.wording.listed(named)) if named else tell.say("nobody")
    length = tell.length(tell.story.length(wait))
    return tell.say("waits for {whom}: {length}", whom=whom, length=length)


# --- the legend ----------------------------------------------------------------------------------------------------


def _draw_legend(draw: Canvas, tell: Teller, y: float) -> None:
    x = 12.0
    draw.circle(x + 6, y - 4, 4.8, "s-soft")
    x = _entry(draw, x + 18, y, tell.say("did something"))
    draw.shape([(x + 8, y - 13), (x + 17, y - 4), (x + 8, y + 5), (x - 1, y - 4)], "s-flag")
    draw.text(x + 8, y, tell.language.number(1), "s-on-flag", _NUMBER, anchor="middle")
    x = _entry(draw, x + 23, y, tell.say("what went wrong, by its number"))
    draw.rect(x, y - 11, 26, 14, "s-wait", radius=3)
    x = _entry(draw, x + 32, y, tell.say("waits"))
    draw.rect(x, y - 6, 26, 5, "s-idle")
    draw.parts.append(draw.parts[-1].replace('class="s-idle"', 'fill="url(#stripes)"'))
    _entry(draw, x + 32, y, tell.say("is waited for"))


def _entry(draw: Canvas, x: float, y: float, text: str) -> float:
    draw.text(x, y, text, "s-ink", SMALL)
    return x + width(text, SMALL) + 26
