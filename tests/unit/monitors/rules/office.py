"""One step in which anything can be done at any time, so that nothing but the rule is told of."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from procflow.judge import Judge
from procflow.model.deviation import Deviation
from procflow.model.event import EVERYTHING, Kind, Witness
from procflow.model.procedure import Procedure
from procflow.model.report import CaseAudit
from procflow.model.rule import RuleStanding
from tests.unit.monitors.stories import procedure_of, trace_of

_ANY = ", ".join(f"{name}: same" for name in "abcd")
OFFICE = f"""
roles: {{ agent: Works, lead: Decides, client: {{ title: The client, external: true }} }}
data: {{ x: {{ type: text }}, y: {{ type: text }}, who: {{ type: person }}, n: {{ type: number }} }}
start: work
steps:
  work: {{ by: any, optional: [x, y, who, n], actions: {{ {_ANY}, move: there, finish: over, cancel: called-off }} }}
  there: {{ by: any, optional: [x, y, who, n], actions: {{ return: work }} }}
  over: {{ end: answered }}
  called-off: {{ end: cancelled }}
overrides: {{ by: lead }}
"""


@lru_cache
def office(*rules: str) -> Procedure:
    """Return the office with these rules, `r1`, `r2` and so on."""
    lines = "".join(f"  r{number}: {{ {rule} }}\n" for number, rule in enumerate(rules, start=1))
    return procedure_of(f"{OFFICE}rules:\n{lines}")


def lines_of(story: str) -> str:
    """Return a story of words, `a b[x=1] bo:a lea/lead:b ~c d... finish`, as lines; who is not named is ana, an agent."""
    return "\n".join(_line(word) for word in story.split())


def _line(word: str) -> str:
    who, _, what = word.rpartition(":")
    action, _, data = what.rstrip("]").partition("[")
    return f"{who or 'ana/agent'} {action} {data.replace(',', ' ')}"


def case(rule: str, story: str, witness: Witness = EVERYTHING, *, cut: bool = False, **more: Any) -> CaseAudit:
    """Return the judgement of a case of one rule; `finish` and `closed` end it."""
    judge, trace = Judge(office(rule), witness=witness), trace_of(lines_of(story))
    opened = trace.events[0] if trace.events and trace.events[0].kind is Kind.OPENED else None
    state = judge.begin(trace.case, opened, cut=cut)
    for event in trace.events[0 if opened is None else 1 :]:
        state = judge.advance(state, event)
    return judge.audit(state, **more)


def said(rule: str, story: str, witness: Witness = EVERYTHING, **more: Any) -> list[str]:
    """Return `DVnnn@seq activations` of each deviation of a rule."""
    return [_short(one) for one in case(rule, story, witness, **more).deviations]


def _short(one: Deviation) -> str:
    set_off = " ".join(map(str, one.breach.activations)) if one.breach is not None else "-"
    return f"{one.code}@{one.seq} {set_off}".rstrip()


def standing(rule: str, story: str, witness: Witness = EVERYTHING, **more: Any) -> RuleStanding:
    """Return how one rule stands."""
    return case(rule, story, witness, **more).rules[0]


def counts(rule: str, story: str, witness: Witness = EVERYTHING, **more: Any) -> str:
    """Return how a rule stands in a word, and what became of its activations: `violated: 2 kept, 1 broken`."""
    one = standing(rule, story, witness, **more)
    kinds = [(one.kept, "kept"), (one.broken, "broken"), (one.pending, "pending")]
    kinds += [(one.unseen, "unseen"), (one.released, "released")]
    assert one.activations == sum(count for count, _ in kinds)
    return f"{one.status.value}: {', '.join(f'{count} {kind}' for count, kind in kinds if count) or 'nothing'}"
