"""Scenarios for programs: as JSON, and as JUnit XML for whatever draws test results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from procflow.errors import Finding
from procflow.expressions.types import Raw
from procflow.model.scenario import Aspect, Coverage, ScenarioResult, Trial
from procflow.model.text import text_of
from procflow.reports.documents import (
    Json,
    cycle_document,
    deviation_document,
    finding_document,
    instant,
    obligation_document,
    span_document,
    standing_document,
)
from procflow.reports.scenario_text import told_lines
from procflow.reports.time_documents import timer_document


def trials_document(trials: Sequence[Trial], findings: Sequence[Finding] = (), suggested: Sequence[Raw] = ()) -> Json:
    """Return the document `procflow test --json` writes; `findings` of files that could not be tested."""
    return {
        "v": "1",
        "kind": "tests",
        "passed": sum(len(one.results) - one.failed for one in trials),
        "failed": sum(one.failed for one in trials),
        "files": [_file_document(one) for one in trials],
        "findings": [finding_document(one) for one in findings],
        "suggested": list(suggested),
    }


def _file_document(one: Trial) -> Raw:
    return {
        "file": one.file,
        "procedure": one.procedure,
        "version": one.version,
        "scenarios": [_result_document(each) for each in one.results],
        "coverage": None if one.coverage is None else coverage_document(one.coverage),
        "findings": [finding_document(each) for each in one.findings],
    }


def _result_document(one: ScenarioResult) -> Raw:
    return {
        "scenario": text_of(one.scenario.title),
        "where": span_document(one.scenario.where),
        "passed": one.passed,
        "outcome": one.outcome,
        "stands": one.stands,
        "accountable": one.accountable,
        "through": list(one.through),
        "seconds": int(one.took.total_seconds()),
        "deviations": [deviation_document(each) for each in one.deviations],
        "rules": [standing_document(each) for each in one.rules],
        "due": [obligation_document(each) for each in one.due],
        "clocks": [cycle_document(each) for each in one.clocks],
        "events": [
            {
                "seq": each.seq,
                "kind": each.kind.value,
                "action": each.action,
                "lifecycle": each.lifecycle.value,
                "at": instant(each.occurred_at),
                "actor": each.actor,
                "data": dict(each.data),
                "evidence": dict(each.evidence),
                "reason": each.reason,
                "timer": None if each.timer is None else timer_document(each.timer),
            }
            for each in one.events
        ],
        "findings": [finding_document(each) for each in one.findings],
    }


def coverage_document(one: Coverage) -> Raw:
    """Return how much is shown, and everything that is not."""
    counts = {aspect.value: one.of(aspect) for aspect in Aspect}
    return {
        "percent": round(one.percent, 2),
        "shown": {name: shown for name, (shown, _) in counts.items()},
        "all": {name: whole for name, (_, whole) in counts.items()},
        "missing": [
            {"aspect": each.aspect.value, "name": each.name, "where": span_document(each.where)} for each in one.missing
        ],
        "set_aside": [{"name": each.name, "reason": reason} for each, reason in one.aside],
    }


def junit_pieces(trials: Sequence[Trial]) -> Iterator[str]:
    """Yield the results as JUnit XML, a suite a file."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
    for one in trials:
        name = _attribute(f"{one.procedure} {one.version}")
        loose = [found for found in one.findings if found.code != "PF701"]
        whole, errors = len(one.results) + len(loose), len(loose)
        yield f'  <testsuite name={name} tests="{whole}" failures="{one.failed}" errors="{errors}">\n'
        for result in one.results:
            story = "\n".join(told_lines(result))
            yield from _case(text_of(result.scenario.title), one, "failure", result.findings, story)
        for found in loose:
            yield from _case(found.code, one, "error", [found])
        yield "  </testsuite>\n"
    yield "</testsuites>\n"


def _case(name: str, one: Trial, kind: str, findings: Sequence[Finding], story: str = "") -> Iterator[str]:
    """Yield a scenario, with what was done, waits and what time did among it, as what it printed."""
    opening = f"    <testcase classname={_attribute(one.procedure)} name={_attribute(name)} file={_attribute(one.file)}"
    if not findings and not story:
        yield f"{opening}/>\n"
        return
    yield f"{opening}>\n"
    if findings:
        told = "\n".join(f"{each.where or one.file}: {each.message}" for each in findings)
        yield f"      <{kind} message={_attribute(findings[0].message)}>{escape(_plain(told), quote=False)}</{kind}>\n"
    if story:
        yield f"      <system-out>{escape(_plain(story), quote=False)}</system-out>\n"
    yield "    </testcase>\n"


def _attribute(text: str) -> str:
    return f'"{escape(_plain(text))}"'


def _plain(text: str) -> str:
    """Return the text without what XML 1.0 cannot hold."""
    return "".join(sign if sign >= " " or sign in "\t\n" else " " for sign in text)
