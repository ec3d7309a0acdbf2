"""The rules of a procedure: each in a sentence, with what comes of breaking it."""

from __future__ import annotations

from collections.abc import Iterator

from procflow.errors import Severity
from procflow.model.deviation import REGISTRY
from procflow.model.rule import Form, Rule
from procflow.reports.document.actions import condition_blocks, exactly, is_short
from procflow.reports.document.parts import Block, Blocks, Id, Paragraph, Run, Section, Small, Strong
from procflow.reports.document.references import number_of, numbered
from procflow.reports.document.sentences import closed, sentence_of, told
from procflow.reports.document.terms import terms_of
from procflow.reports.document.wording import Wording, run


def rules_section(wording: Wording) -> Section:
    """Return the rules, each with what it says and what comes of breaking it."""
    say = wording.say
    lead = say("These rules hold whatever way a case takes.")
    rules = tuple(_rule(rule, number, wording) for number, rule in numbered(wording.procedure))
    return Section(anchor="rules", heading=(say("Rules"),), level=2, blocks=(Paragraph((lead,)), *rules))


def _rule(rule: Rule, number: int, wording: Wording) -> Section:
    return Section(
        anchor=f"rule-{rule.id}",
        number=number_of(number, wording),
        heading=wording.called(rule.id, rule.title),
        level=3,
        blocks=(*_said(rule, wording), *_consequences(rule, wording), exactly(terms_of(rule), wording)),
        kind="rule",
    )


def _said(rule: Rule, wording: Wording) -> Blocks:
    """Return the sentence; a condition that would not fit into it is laid out below."""
    sentence = sentence_of(rule, wording)
    if rule.when is None or sentence.condition is None or is_short(sentence.condition):
        return (Paragraph(told(rule, wording)),)
    lead = wording.say("Only if, when the case ends,") if sentence.at_the_end else wording.say("Only if")
    whole = closed(sentence.core, sentence, wording)
    return (Paragraph(whole), *condition_blocks(lead, sentence.condition, wording))


def _consequences(rule: Rule, wording: Wording) -> Iterator[Block]:
    cut = wording.cut
    severity: Run = (Strong((_severity(severity_of(rule), wording),)),)
    facts: list[Run] = [run(cut("Severity: {severity}", severity=severity))]
    if rule.because is not None:
        facts.append(run(cut("Clause: {clause}", clause=(Id(rule.because),))))
    facts.append((_refusal(rule, wording),))
    joined: Run = ()
    for one in facts:
        joined = (*joined, " · ", *one) if joined else one
    yield Small(joined)


def _refusal(rule: Rule, wording: Wording) -> str:
    say = wording.say
    if not rule.refuse:
        return say("What breaks it is not refused, only put on record")
    if rule.within is not None and _may_be_late(rule):
        return say("What would break it is refused; what comes too late is put on record")
    return say("What would break it is refused")


def _may_be_late(rule: Rule) -> bool:
    """Return True if time alone can break a rule: something is demanded until some moment."""
    return rule.form in (
        Form.AFTER,
        Form.IN_TURN,
        Form.IF_ALSO,
        Form.MUST_HAPPEN,
        Form.AT_LEAST,
        Form.ANY_OF,
    )


def severity_of(rule: Rule) -> Severity:
    """Return how bad it is to break a rule: as it says, else as its class is. Those of DV5 are all alike."""
    code = {Form.SAME_PERSON: "DV203", Form.DIFFERENT_PERSON: "DV209"}.get(rule.form, "DV507")
    return rule.severity or REGISTRY[code].severity


def _severity(severity: Severity, wording: Wording) -> str:
    say = wording.say
    match severity:
        case Severity.CRITICAL:
            return say("critical")
        case Severity.MAJOR:
            return say("major")
        case Severity.MINOR:
            return say("minor")
        case _:
            return say("for information")
