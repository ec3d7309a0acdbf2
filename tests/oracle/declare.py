"""Declare's templates as procflow writes them, and constraints over logs of bare names.

What each template demands is in docs/declare.md, whose table is held to this one. A constraint is plain data, so that
the peers, which know nothing of procflow, are given the very same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypedDict

from procflow.loading.procedure import read_procedure
from procflow.model.event import Event, Kind, Source, Trace
from procflow.model.procedure import Procedure
from procflow.model.rule import Rule


@dataclass(frozen=True, slots=True)
class Template:
    """One template of Declare."""

    rule: str
    """How procflow writes it: `A`, `B` and `N` stand for the names and the number."""
    pm4py: str = ""
    """What pm4py calls it; "" if it has none."""
    declare4py: str = ""
    """What Declare4Py calls it; "" if it has none, or names it without being able to check it."""

    @property
    def arity(self) -> int:
        """How many names it takes."""
        return 2 if "B" in self.rule else 1


TEMPLATES: Mapping[str, Template] = {
    "existence": Template("at-least: N, of: A", "existence", "Existence"),
    "absence": Template("at-most: N, of: A", "absence", "Absence"),
    "exactly": Template("exactly: N, of: A", "exactly_one", "Exactly"),
    "init": Template("first: A", "init", "Init"),
    "last": Template("last: A", "", "End"),
    "responded-existence": Template("if: A, also: B", "responded_existence", "Responded Existence"),
    "response": Template("after: A, there-must-be: B", "response", "Response"),
    "precedence": Template("before: B, there-must-be: A", "precedence", "Precedence"),
    "succession": Template("after: A, before: B", "succession"),
    "alternate-response": Template("after: A, there-must-be: B, each-time: true", "altresponse", "Alternate Response"),
    "alternate-precedence": Template(
        "before: B, there-must-be: A, each-time: true", "altprecedence", "Alternate Precedence"
    ),
    "alternate-succession": Template("after: A, before: B, each-time: true", "altsuccession"),
    "chain-response": Template("after: A, there-must-be: B, next: true", "chainresponse", "Chain Response"),
    "chain-precedence": Template("before: B, there-must-be: A, next: true", "chainprecedence", "Chain Precedence"),
    "chain-succession": Template("after: A, before: B, next: true", "chainsuccession"),
    "co-existence": Template("together: [A, B]", "coexistence"),
    "choice": Template("any-of: [A, B]", "", "Choice"),
    "exclusive-choice": Template("one-of: [A, B]", "", "Exclusive Choice"),
    "not-responded-existence": Template("if: A, never: B", "", "Not Responded Existence"),
    "not-co-existence": Template("not-both: [A, B]", "noncoexistence"),
    "not-response": Template("after: A, never: B", "", "Not Response"),
    "not-precedence": Template("before: B, never: A", "", "Not Precedence"),
    "not-succession": Template("after: A, never: B", "nonsuccession"),
    "not-chain-response": Template("after: A, never: B, next: true", "", "Not Chain Response"),
    "not-chain-precedence": Template("before: B, never: A, next: true", "", "Not Chain Precedence"),
    "not-chain-succession": Template("after: A, never: B, next: true", "nonchainsuccession"),
}
"""Every template pm4py or Declare4Py has, in the order of Declare: of one activity, of two, chosen, forbidden."""


class Constraint(TypedDict, total=False):
    """A template with its names, as the peers are given it."""

    template: str
    of: list[str]
    """In the order of Declare: `precedence(a, b)` says that b needs an a before it."""
    n: int
    when: str
    """A condition on the activation, as Declare4Py writes it: `A.amount > 3`."""
    within: int
    """Minutes."""


class Named(TypedDict):
    """An event as the peers are given it."""

    name: str
    at: int
    """Minutes since the log begins."""
    amount: int


def rule_text(one: Constraint, enters: str = "") -> str:
    """Return the constraint as a line of YAML; `enters ` before the names if they are of a status history."""
    template = TEMPLATES[one["template"]]
    names = dict(zip("AB", (enters + name for name in one["of"]), strict=False))
    said = "".join(names.get(part, str(one.get("n", 1)) if part == "N" else part) for part in _parts(template.rule))
    if said.startswith("at-most: 0"):
        said = f"never: {names['A']}"
    if "when" in one:
        said += f", when: {one['when'].removeprefix('A.')}"
    if "within" in one:
        said += f", within: {one['within']} minutes"
    return f"{{ {said} }}"


def _parts(rule: str) -> list[str]:
    """Split into what stands for something and what does not."""
    parts: list[str] = [""]
    for before, sign, after in zip(" " + rule, rule, rule[1:] + " ", strict=False):
        if sign in "ABN" and not before.isalnum() and not after.isalnum():
            parts += [sign, ""]
        else:
            parts[-1] += sign
    return parts


def rules_of(constraints: Sequence[Constraint], *, statuses: bool = False) -> tuple[Procedure, tuple[Rule, ...]]:
    """Return the constraints as rules named `r0`, `r1`, ..., with a procedure that has all their names.

    The procedure itself holds the first of them: how many a file may have is bounded.
    """
    names = sorted({name for one in constraints for name in one["of"]})
    lines = [
        f'  "r{number}": {rule_text(one, "enters " if statuses else "")}' for number, one in enumerate(constraints)
    ]
    procedures = [
        _procedure(names, lines[start : start + _MOST], statuses=statuses) for start in range(0, len(lines), _MOST)
    ]
    return procedures[0], tuple(rule for one in procedures for rule in one.rules)


_MOST = 150


def _procedure(names: Sequence[str], lines: Sequence[str], *, statuses: bool) -> Procedure:
    steps = (
        {name: {"by": "clerk", "actions": {f"to-{name}": "over"}} for name in names}
        if statuses
        else {"work": {"by": "clerk", "actions": {**dict.fromkeys(names, "same"), "finish": "over"}}}
    )
    document = json.dumps(
        {
            "procflow": 1,
            "procedure": "declare",
            "version": "1.0.0",
            "title": "Declare",
            "roles": {"clerk": "Does it"},
            "data": {"amount": "number"},
            "start": next(iter(steps)),
            "steps": {**steps, "over": {"end": "done"}},
        }
    )
    text = document[:-1] + ',\n"rules": {\n' + ",\n".join(lines) + "\n}}"
    loaded = read_procedure(text, "declare.yaml")
    assert loaded.procedure is not None, [str(one) for one in loaded.findings]
    return loaded.procedure


START = datetime(2026, 1, 1, tzinfo=UTC)


def trace_of(case: str, events: Iterable[Named | str], *, statuses: bool = False) -> Trace:
    """Return a complete case in which these things were done, or these statuses were seen."""
    made = []
    for seq, one in enumerate(events, 1):
        given: Named = {"name": one, "at": seq, "amount": 0} if isinstance(one, str) else one
        made.append(
            Event(
                case=case,
                seq=seq,
                kind=Kind.STATUS if statuses else Kind.ACTION,
                action=given["name"],
                occurred_at=START + timedelta(minutes=given["at"]),
                actor=f"person {seq % 3}",
                data={"amount": given["amount"]},
                source=Source(file="log.csv", line=seq + 1),
            )
        )
    return Trace(case=case, events=tuple(made), closed=True)
