"""Findings as SARIF 2.1.0, the OASIS standard that code scanning reads: results, rules with their manual, and fixes.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html; § names its sections.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from procflow.errors import Finding, Severity, SourceSpan
from procflow.expressions.types import Raw
from procflow.model.ignores import Ignored
from procflow.model.rules import PF_CODES
from procflow.model.rules.rule import Rule
from procflow.reports.documents import Json
from procflow.reports.paper import lines_of
from procflow.reports.places import uri
from procflow.reports.sources import Sources, no_sources

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"
"""What a relative place is relative to: the root of the checkout (§3.4.4)."""


def sarif_document(
    findings: Sequence[Finding],
    ignored: Sequence[Ignored] = (),
    *,
    version: str,
    sources: Sources = no_sources,
) -> Json:
    """Return the log of one run. `version` is the program's; `sources` gives texts, to recognise findings by their line."""
    codes = sorted({one.code for one in [*findings, *(each.finding for each in ignored)]})
    places = {code: index for index, code in enumerate(codes)}
    marks = _Fingerprints(sources)
    results: list[Raw] = [_result(one, places, marks) for one in findings]
    results += [{**_result(one.finding, places, marks), "suppressions": [_suppression(one)]} for one in ignored]
    driver: Json = {"name": "procflow", "version": version, "rules": [_rule(code) for code in codes]}
    run: Json = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"version": "2.1.0", "$schema": _SCHEMA, "runs": [run]}


def _rule(code: str) -> Json:
    rule = PF_CODES.get(code)
    if rule is None:
        return {"id": code}
    return {
        "id": code,
        # §3.49.7: a name is understandable to people, and Pascal case is what consumers expect.
        "name": "".join(part.capitalize() for part in rule.slug.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.page, "markdown": _markdown(rule)},
        "defaultConfiguration": {"level": _level(rule.severity)},
    }


def _markdown(rule: Rule) -> str:
    examples = f"This passes:\n\n```yaml\n{rule.passes}\n```\n\nThis fails:\n\n```yaml\n{rule.fails}\n```\n"
    return f"**{rule.code} {rule.slug}.** {rule.summary}\n\n{rule.why}\n\n{examples}"


def _level(severity: Severity) -> str:
    match severity:
        case Severity.ERROR | Severity.CRITICAL | Severity.MAJOR:
            return "error"
        case Severity.INFO:
            return "note"
    return "warning"


def _result(one: Finding, places: dict[str, int], marks: _Fingerprints) -> Json:
    result: Json = {
        "ruleId": one.code,
        "ruleIndex": places[one.code],
        "level": _level(one.severity),
        "message": {"text": one.message if one.hint is None else f"{one.message} ({one.hint})"},
        "locations": [] if one.where is None else [{"physicalLocation": _place(one.where)}],
        "partialFingerprints": {"primaryLocationLineHash": marks.of(one)},
    }
    if one.edits:
        result["fixes"] = [{"description": {"text": one.hint or "mend it"}, "artifactChanges": list(_changes(one))}]
    return result


def _place(where: SourceSpan) -> Json:
    return {"artifactLocation": _artifact(where.file), "region": _region(where)}


def _artifact(file: str) -> Json:
    place, relative = uri(file)
    return {"uri": place, "uriBaseId": _ROOT} if relative else {"uri": place}


def _region(where: SourceSpan) -> Json:
    # §3.30.8: the end column is one past the last character, as ours is.
    return {
        "startLine": where.line,
        "startColumn": where.column,
        "endLine": where.end_line,
        "endColumn": where.end_column,
    }


def _changes(one: Finding) -> Iterator[Raw]:
    for file in dict.fromkeys(edit.where.file for edit in one.edits):
        replacements: list[Raw] = [
            {"deletedRegion": _region(edit.where), "insertedContent": {"text": edit.text}}
            for edit in one.edits
            if edit.where.file == file
        ]
        yield {"artifactLocation": _artifact(file), "replacements": replacements}


def _suppression(one: Ignored) -> Json:
    return {
        "kind": "inSource",
        "justification": one.ignore.reason,
        "location": {"physicalLocation": _place(one.ignore.where)},
    }


class _Fingerprints:
    """What a finding is recognised by from run to run: its code, its words and the text of its line, not its number."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._seen: dict[str, int] = {}

    def of(self, one: Finding) -> str:
        parts = [one.code, one.message]
        if one.where is not None:
            text = self._sources(one.where.file)
            lines = lines_of(text) if text is not None else ()
            at = lines[one.where.line - 1].strip() if one.where.line <= len(lines) else ""
            parts += [uri(one.where.file)[0], at]
        mark = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        self._seen[mark] = self._seen.get(mark, 0) + 1
        return f"{mark}:{self._seen[mark]}"
