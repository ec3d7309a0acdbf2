"""One deviation in words: what happened, what the procedure says, what would be right and who could do it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from procflow.errors import SourceSpan
from procflow.model.deviation import Deviation, Origin
from procflow.reports.paper import Ink, Line, Mark, by_severity, clip, faint, line, lines_of, prose, visible
from procflow.reports.slugs import slug_of
from procflow.reports.sources import Sources, no_sources

_LABEL = 12
_SETTLED = 11
_WAIVED = "by the waiver of event {}"
SKIPPED = frozenset({"DV101"})
"""Classes that blame no event, but name the one before which something was missed."""


def deviation_lines(
    one: Deviation,
    *,
    number: int | None = None,
    sources: Sources = no_sources,
    cells: int = 80,
    indent: int = 4,
    attempt: bool = False,
) -> Iterator[Line]:
    """Yield a deviation as a paragraph with its particulars; `number` counts it within its case.

    Of an `attempt` that was refused it does not say when: it is no event of the case.
    """
    lead = f"{number}. " if number is not None else ""
    name = f"{one.code} {one.slug}"
    head = by_severity(name, one.severity) if one.unexcused or attempt else Ink(name)
    yield line(" " * indent, lead, head, faint(f"  {one.severity.value}" + ("" if attempt else f", {_when(one)}")))
    under = indent + len(lead)
    yield from prose(one.message, cells, indent=under)
    for label, text in _particulars(one):
        yield from prose(text, cells, indent=under, label=f"{label:<{_LABEL}}")
    if one.where is not None:
        place = clip(rule_text(one.where, sources), max(40, cells - under - _LABEL))
        yield line(" " * under, faint(f"{'procedure':<{_LABEL}}"), place)


def settled_lines(settled: Iterable[Deviation], *, cells: int = 80, indent: int = 2) -> Iterator[Line]:
    """Yield deviations that count for nothing, in short: what became of each, what it was, and when."""
    for one in settled:
        when = _at(one) if one.settled_by is None else f"{_at(one)}, {_WAIVED.format(one.settled_by)}"
        what = f"{one.code} {one.slug}, {when}: {one.message}"
        yield from prose(what, cells, indent=indent, label=f"{one.disposition.value:<{_SETTLED}}", mark=Mark.FAINT)


def _when(one: Deviation) -> str:
    when = f"{_at(one)}, provisional" if one.provisional else _at(one)
    if one.unexcused:
        return when
    by = f" {_WAIVED.format(one.settled_by)}" if one.settled_by is not None else ""
    return f"{when}, {one.disposition.value}{by}"


def _at(one: Deviation | Origin) -> str:
    if one.seq is None:
        return "all cases together" if isinstance(one, Deviation) and not one.case else "the case as a whole"
    return f"before event {one.seq}" if one.code in SKIPPED else f"event {one.seq}"


def _particulars(one: Deviation) -> Iterator[tuple[str, str]]:
    if one.actor is not None:
        yield "by", one.actor
    if one.breach is not None:
        clause = f" ({one.breach.clause})" if one.breach.clause else ""
        yield "rule", f"{one.breach.rule}{clause}"
    found = {name: value for name, value in one.values.items() if one.breach is None or name != "rule"}
    if found:
        yield "found", values_text(found)
    if one.cause is not None:
        yield "because of", f"{one.cause.code} {slug_of(one.cause.code)}, {_at(one.cause)}: {one.cause.message}"
    if one.remedy:
        yield "remedy", one.remedy
    if one.who_could:
        yield "who could", ", ".join(one.who_could)
    if one.source is not None:
        yield "log", f"{one.source.file}:{one.source.line}"
    if one.hint:
        yield "help", one.hint


def values_text(values: Mapping[str, str]) -> str:
    """Return names and values in one line."""
    return ", ".join(f"{name} = {value}" for name, value in values.items())


def rule_text(where: SourceSpan, sources: Sources) -> str:
    """Return the place of a line of the procedure and, if it can be had, what the line says."""
    says = line_at(where, sources)
    place = visible(f"{where.file}:{where.line}")
    return f"{place}  {says}" if says else place


def line_at(where: SourceSpan, sources: Sources) -> str:
    """Return the line at `where`, trimmed and made visible; empty if the text cannot be had."""
    text = sources(where.file)
    if text is None:
        return ""
    lines = lines_of(text)
    return visible(lines[where.line - 1]).strip() if 1 <= where.line <= len(lines) else ""


_OFFERED = re.compile(r"<([a-z0-9-]*)")
_CHECKLIST = re.compile(r"/(\d+|\{[^}]*\})")


def standing(configuration: str) -> str:
    """Return the canonical text of a configuration in words: `investigate (technical: done, legal: not needed)`."""
    words = _OFFERED.sub(_offered, _CHECKLIST.sub(_checklist, configuration)).replace("[", " (").replace("]", ")")
    return re.sub(r",(?! )", ", ", re.sub(r":(-?)(?! )", lambda found: ": not needed" if found[1] else ": ", words))


def _offered(found: re.Match[str]) -> str:
    return f" on offer from {found[1]}" if found[1] else " on offer"


def _checklist(found: re.Match[str]) -> str:
    done = found[1].strip("{}").replace(",", " + ")
    return f" after {done or 'nothing'} of its checklist"
