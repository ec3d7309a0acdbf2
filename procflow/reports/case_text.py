"""A running case for people: where it stands, whose turn it is, what may be done; and what a step's verdict means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from procflow.calendars.moments import moment_in
from procflow.expressions.types import Raw, Value
from procflow.expressions.values import show_value
from procflow.model.configuration import Configuration
from procflow.model.deviation import Deviation, Disposition
from procflow.model.event import Act, Cause, Event, Kind, Lifecycle
from procflow.model.report import CaseAudit
from procflow.model.text import Text, text_of
from procflow.model.verdict import Verdict
from procflow.model.waiting import Wait, WaitKind
from procflow.reports.deviation_text import deviation_lines, settled_lines, standing
from procflow.reports.due_text import running_lines, timer_text
from procflow.reports.paper import (
    BLANK,
    Ink,
    Line,
    Mark,
    faint,
    line,
    padded,
    prose,
    strong,
    visible,
    width,
)
from procflow.reports.rules_text import owed_lines, standing_lines
from procflow.reports.sources import Sources, no_sources

EVENTS_SHOWN = 20
PREVENTED_SHOWN = 3
"""How many of a case's events are shown, the last ones, unless all are asked for."""


class CaseView(Protocol):
    """What of a case is shown; the engine's `Case` has it."""

    @property
    def id(self) -> str: ...
    @property
    def procedure(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def mode(self) -> str: ...
    @property
    def client(self) -> str | None: ...
    @property
    def ref(self) -> str | None: ...
    @property
    def seq(self) -> int: ...
    @property
    def configuration(self) -> Configuration: ...
    @property
    def outcome(self) -> str | None: ...
    @property
    def closed(self) -> bool: ...
    @property
    def opened_at(self) -> datetime: ...
    @property
    def values(self) -> Mapping[str, Value]: ...
    @property
    def events(self) -> tuple[Event, ...]: ...
    @property
    def audit(self) -> CaseAudit: ...
    @property
    def due(self) -> datetime | None: ...
    @property
    def overdue(self) -> bool: ...
    @property
    def zone(self) -> str: ...
    @property
    def accountable(self) -> str | None: ...
    @property
    def on_offer(self) -> tuple[str, ...]: ...
    @property
    def waits(self) -> tuple[Wait, ...]: ...


class OptionView(Protocol):
    """What of an option is shown; the engine's `Option` has it."""

    @property
    def action(self) -> str: ...
    @property
    def step(self) -> str | None: ...
    @property
    def title(self) -> Text: ...
    @property
    def allowed(self) -> bool: ...
    @property
    def needs(self) -> tuple[str, ...]: ...
    @property
    def deviations(self) -> tuple[Deviation, ...]: ...
    @property
    def who_could(self) -> Mapping[str, tuple[str, ...]]: ...
    @property
    def due(self) -> datetime | None: ...
    @property
    def overdue(self) -> bool: ...


def minute(at: datetime) -> str:
    """Return an instant to the minute, in UTC."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def case_lines(
    case: CaseView,
    options: Sequence[OptionView],
    *,
    viewer: str | None = None,
    as_anybody: Sequence[OptionView] | None = None,
    sources: Sources = no_sources,
    cells: int = 80,
    all_events: bool = False,
    deviates_across: bool = False,
) -> Iterator[Line]:
    """Yield a case with what `viewer` may do in it, as `options` say.

    None is somebody without a role, to whom all who could are named; `as_anybody` are the options as they see them,
    for whose turn it is, by default `options`; `deviates_across` if rules over several cases say something of it.
    """
    yield from _standing(case, options if as_anybody is None else as_anybody, cells)
    if case.values:
        yield BLANK
        yield line(strong("Known"))
        wide = max(width(name) for name in case.values)
        for name, value in case.values.items():
            yield from prose(show_value(value), cells, indent=2, label=f"{padded(name, wide)}  ")
    if options:
        yield BLANK
        yield line(strong(f"What {visible(viewer)} may do" if viewer is not None else "What may be done"))
        yield from _options(options, viewer, case.zone, cells)
    yield from _asked(case, cells)
    yield from _clocks(case, cells)
    yield from _rules(case.audit, cells)
    yield BLANK
    yield line(strong("What happened"))
    yield from _events(case.events if all_events else case.events[-EVENTS_SHOWN:], len(case.events), cells)
    yield BLANK
    counting = [one for one in case.audit.deviations if one.unexcused]
    settled = [one for one in case.audit.deviations if not one.unexcused]
    if counting:
        yield line(strong("Deviations"))
    else:
        told = "Nothing deviates in the case by itself." if deviates_across else "Nothing deviates."
        yield line(Ink(told, Mark.GOOD))
    for order, one in enumerate(counting, 1):
        yield from deviation_lines(one, number=order, sources=sources, cells=cells, indent=2)
    if settled:
        yield BLANK
        yield line(strong("Permitted, excused or prevented"))
        yield from settled_lines(settled if all_events else _latest(settled), cells=cells)
        if not all_events and (folded := len(settled) - len(_latest(settled))):
            yield line(faint(f"  ... {folded} earlier ones that were prevented; --all-events shows them"))


def _clocks(case: CaseView, cells: int) -> Iterator[Line]:
    if case.audit.clocks:
        yield BLANK
        yield line(strong("Clocks"))
        yield from running_lines(case.audit.clocks, cells)


def _rules(audit: CaseAudit, cells: int) -> Iterator[Line]:
    if audit.rules:
        yield BLANK
        yield line(strong("Rules"))
        yield from standing_lines(audit.rules, cells)
        yield from owed_lines([one for one in audit.due if not one.clock], cells, most=None)


def _standing(case: CaseView, options: Sequence[OptionView], cells: int) -> Iterator[Line]:
    yield line(strong(f"Case {visible(case.id)}"))
    stands = standing(str(case.configuration))
    if case.outcome is not None:
        stands += f" (ended: {case.outcome})"
    facts = [
        ("procedure", f"{case.procedure} {case.version}, sha256 {case.digest[:12]}"),
        ("mode", case.mode),
        ("client", case.client),
        ("ref", case.ref),
        ("opened", minute(case.opened_at)),
        ("state", f"{'closed' if case.closed else 'open'}, {case.seq} event{'' if case.seq == 1 else 's'}"),
        ("due", "" if case.due is None else f"{moment_in(case.zone, case.due)}{' (overdue)' if case.overdue else ''}"),
        ("stands in", stands),
        ("answers", _accountable(case)),
        *(("the ball", told) for told in _offers(case)),
        *(("turn of", turn) for turn in turns(options)),
    ]
    for label, text in facts:
        if text:
            yield from prose(text, cells, indent=2, label=f"{label:<11}")


def _accountable(case: CaseView) -> str:
    """Return who answers for the case; "" if nobody has to."""
    return (case.accountable or "nobody answers for the case") if case.audit.tenures else ""


def _offers(case: CaseView) -> Iterator[str]:
    """Yield that nobody has the ball, as work is on offer that nobody has accepted."""
    for one in case.waits:
        if one.kind is WaitKind.HAND_OFF:
            whom, by = " or ".join(one.whom) or "somebody", f" by {one.who}" if one.who else ""
            yield f"nobody has “{one.what}”: offered to {whom}{by} since {_until(one, case.zone)}"


def _asked(case: CaseView, cells: int) -> Iterator[Line]:
    """Yield what was asked and not answered yet."""
    asked = [one for one in case.waits if one.kind is WaitKind.QUESTION]
    if not asked:
        return
    yield BLANK
    yield line(strong("Open questions"))
    for one in asked:
        what = f"“{one.what}”, " if one.what else ""
        text = f"{one.who or 'somebody'} asked {' or '.join(one.whom)}: {what}since {_until(one, case.zone)}"
        yield from prose(text, cells, indent=2)


def _until(one: Wait, zone: str) -> str:
    return moment_in(zone, one.since) + ("" if one.due is None else f", due {moment_in(zone, one.due)}")


def _latest(settled: Sequence[Deviation]) -> list[Deviation]:
    """Return what was settled, of what was prevented only the last few: whoever mistypes often has done no harm."""
    prevented = [one for one in settled if one.disposition is Disposition.PREVENTED]
    folded = {id(one) for one in prevented[:-PREVENTED_SHOWN]}
    return [one for one in settled if id(one) not in folded]


def turns(options: Iterable[OptionView]) -> tuple[str, ...]:
    """Return who can move the case on, as `draft: agent (ana, dan)`, one entry a step, as somebody without a role sees it."""
    by_step: dict[str, dict[str, dict[str, None]]] = {}
    anyone: set[str] = set()
    for one in options:
        if one.step is not None:
            could = by_step.setdefault(one.step, {})
            for role, people in one.who_could.items():
                could.setdefault(role, {}).update(dict.fromkeys(people))
            if one.allowed:
                anyone.add(one.step)
    told = {
        step: [
            *holders({role: tuple(people) for role, people in could.items()}),
            *(["anyone"] if step in anyone else []),
        ]
        for step, could in by_step.items()
    }
    return tuple(f"{step}: {', '.join(who)}" for step, who in told.items() if who)


def _who(option: OptionView) -> Iterator[str]:
    yield from holders(option.who_could)
    if option.allowed:
        yield "anyone"


def holders(who_could: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield roles with the people who hold them: `agent (ana, dan)`."""
    for role, people in who_could.items():
        yield f"{role} ({', '.join(people)})" if people else role


def _options(options: Sequence[OptionView], viewer: str | None, zone: str, cells: int) -> Iterator[Line]:
    wide = max(width(one.action) for one in options)
    last: str | None = ""
    for one in options:
        if one.step != last:
            last = one.step
            yield line("  ", faint(f"in {visible(one.step)}" if one.step is not None else "at any time"))
        label = f"{padded(visible(one.action), wide)}  "
        good = one.allowed or (viewer is None and not _hindrances(one))
        yield from prose(
            _option_text(one, viewer, zone), cells, indent=4, label=label, mark=Mark.PLAIN if good else Mark.FAINT
        )


def _hindrances(one: OptionView) -> tuple[Deviation, ...]:
    """What stands against it whoever asks."""
    return tuple(each for each in one.deviations if not each.code.startswith("DV2"))


def _option_text(one: OptionView, viewer: str | None, zone: str) -> str:
    against = one.deviations if viewer is not None else _hindrances(one)
    parts = []
    title = text_of(one.title)
    if title:
        parts.append(title)
    who = list(_who(one))
    if viewer is None and who:
        parts.append(f"by {', '.join(who)}")
    if one.due is not None:
        parts.append(f"{'was due' if one.overdue else 'until'} {moment_in(zone, one.due)}")
    if one.needs:
        parts.append(f"needs {', '.join(one.needs)}")
    if against:
        lead = "would stand as a deviation: " if one.allowed else "not now: "
        parts.append(lead + "; ".join(each.message for each in against))
        if viewer is not None and one.who_could:
            parts.append(f"who could: {', '.join(holders(one.who_could))}")
    return "; ".join(parts) or "nothing more is needed"


def _events(events: Sequence[Event], whole: int, cells: int) -> Iterator[Line]:
    if len(events) < whole:
        yield line(faint(f"  ... {whole - len(events)} earlier events; --all-events shows them"))
    wide = len(str(whole))
    for one in events:
        lead = f"{one.seq:>{wide}}  {minute(one.occurred_at)}  "
        yield from prose(event_text(one), cells, indent=2, label=lead)


def event_text(one: Event) -> str:
    """Return an event in a sentence: what was done, by whom, and what came with it."""
    what = _what(one)
    if one.actor is not None:
        what += f" by {one.actor}"
    if one.on_behalf_of is not None:
        what += f" on behalf of {one.on_behalf_of}"
    details = [*_aside(one), *(f"{name} = {_raw(value)}" for name, value in one.data.items())]
    details += [f"evidence {name}: {_raw(value)}" for name, value in one.evidence.items()]
    if one.reason is not None:
        details.append(f"reason: {one.reason}")
    if one.key is not None:
        details.append(f"key {one.key}")
    return f"{what}; {', '.join(details)}" if details else what


def _what(one: Event) -> str:
    match one.kind:
        case Kind.OPENED:
            what = "case opened"
        case Kind.CLOSED:
            what = "case closed"
        case Kind.OVERRIDE if one.override is not None:
            what = _OVERRIDDEN[one.override.act].format(one.action).rstrip()
        case Kind.WAIVER if one.waiver is not None:
            what = f"{one.waiver.code} excused for {one.waiver.person}"
        case Kind.TIMER if one.timer is not None:
            what = timer_text(one.timer)
        case Kind.CALENDARS:
            what = "other calendars from here on"
        case _:
            what = one.action
    if Lifecycle.START in (one.lifecycle, one.attempted):
        what = f"{what} started"
    return f"refused: {what}" if one.refused else what


def _aside(one: Event) -> Iterator[str]:
    """Yield what an override or a waiver says besides its act."""
    if one.override is not None:
        yield f"to {standing(one.override.to)}"
        if one.override.asked_by is not None:
            yield f"asked for by {one.override.asked_by}"
        if one.override.caused_by is not None:
            yield f"caused by the {_CAUSES[one.override.caused_by]}"
        if one.override.second is not None:
            yield f"agreed to by {one.override.second}"
    if one.waiver is not None:
        if one.waiver.step is not None:
            yield f"only in {one.waiver.step}"
        if one.waiver.action is not None:
            yield f"only for {one.waiver.action}"
        if one.waiver.clock is not None:
            yield f"only of {one.waiver.clock}"
        yield f"until {minute(one.waiver.until)}"


_OVERRIDDEN = {
    Act.SKIP: "{} skipped",
    Act.REDO: "back to {}",
    Act.UNDO: "{} undone",
    Act.DO_EARLY: "{} done early",
    Act.OVERRIDE: "procedure set aside {}",
}
_CAUSES = {Cause.REQUESTER: "requester", Cause.PROVIDER: "provider", Cause.EXTERNAL: "outside world"}


def _raw(value: Raw) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case list():
            return ", ".join(_raw(one) for one in value)
        case dict():
            return ", ".join(f"{key} {_raw(one)}" for key, one in value.items())
        case _:
            return str(value)


def verdict_lines(verdict: Verdict, *, sources: Sources = no_sources, cells: int = 80) -> Iterator[Line]:
    """Yield what became of a step: accepted and where the case stands, or refused, why, and who could do it."""
    what = event_text(verdict.event).partition(";")[0].removeprefix("refused: ")
    if verdict.accepted:
        yield line(Ink("accepted before: " if verdict.repeated else "accepted: ", Mark.GOOD), visible(what))
        yield from prose(f"event {verdict.event.seq} of case {verdict.case}; {_came(verdict)}", cells, indent=2)
        unexcused = [one for one in verdict.deviations if one.unexcused]
        if unexcused:
            late = all(one.of_time for one in unexcused)
            said = "Meanwhile something has become late:" if late else "It was recorded although it deviates:"
            yield from prose(said, cells, indent=2)
    else:
        yield line(Ink("refused: ", Mark.BAD), visible(what))
        yield from prose(_refused(verdict), cells, indent=2)
    for order, one in enumerate(verdict.deviations, 1):
        # Who could have done it is told once, with their names, at the end.
        told = replace(one, who_could=()) if verdict.who_could else one
        yield from deviation_lines(
            told, number=order, sources=sources, cells=cells, indent=2, attempt=not verdict.accepted
        )
    who = list(holders(verdict.who_could))
    if who:
        yield from prose(", ".join(who), cells, indent=2, label="who could do it: ")
    for fired in verdict.fired:
        if fired.timer is not None:
            yield from prose(timer_text(fired.timer, fired.zone), cells, indent=2, label="just before: ")
    yield from owed_lines(verdict.due, cells)


def _came(verdict: Verdict) -> str:
    at = standing(str(verdict.after))
    if verdict.repeated:
        return f"the key was used then, so nothing was done now; the case came to stand in {at}"
    return f"the case {'stays' if verdict.after == verdict.before else 'now stands'} in {at}"


def _refused(verdict: Verdict) -> str:
    if verdict.event.kind is Kind.OPENED:
        return "No case was opened, and nothing is on record."
    at = standing(str(verdict.before))
    return f"Nothing was done; the case stays in {at}. The attempt is on record as event {verdict.event.seq}."
