"""How the monitors judge cases by rules, set out so that it can be held against the oracle."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from procflow.errors import Finding
from procflow.loading.procedure import read_procedure
from procflow.model.deviation import Deviation
from procflow.model.procedure import Procedure
from procflow.model.rule import Obligation, RuleStanding
from procflow.monitors.moment import Judged, NotExamined, Withdrawn
from procflow.monitors.rules.book import RuleBook
from tests.oracle.rule_words import Sight, Spot
from tests.oracle.rules import Found
from tests.property.strategies_rules import PROCEDURE, position_of, witness_of

Rules = Mapping[str, Mapping[str, Any]]


class Step(NamedTuple):
    """What a book says of one position."""

    new: tuple[Found, ...]
    gone: tuple[Found, ...]
    told: tuple[RuleStanding, ...]
    due: tuple[Obligation, ...]
    unseen: frozenset[str]
    """What it could not examine there."""


@lru_cache(maxsize=64)
def _read(text: str) -> Procedure:
    loaded = read_procedure(text, "rules.yaml")
    assert loaded.procedure is not None, [str(one) for one in loaded.findings]
    return loaded.procedure


def with_rules(rules: Rules) -> Procedure:
    """Return the small procedure with these rules."""
    return _read(json.dumps({**PROCEDURE, "rules": rules}, indent=1))


def judged(
    rules: Rules, spots: Sequence[Spot], sight: Sight | None = None, *, cut: bool = False, as_of: datetime | None = None
) -> list[Step]:
    """Return what a book says of each position, and last at `as_of`."""
    procedure = with_rules(rules)
    book = RuleBook(procedure, procedure.rules, witness_of(sight or Sight()), statuses=False)
    standings, said = book.begin(position_of(spots[0], procedure), cut=cut)
    steps = [_step(book, standings, said)]
    for spot in spots[1:]:
        standings, said = book.advance(standings, position_of(spot, procedure))
        steps.append(_step(book, standings, said))
    if as_of is not None:
        standings, said = book.overdue(standings, as_of)
        steps.append(_step(book, standings, said))
    return steps


def _step(book: RuleBook, standings: Any, said: Sequence[Judged]) -> Step:
    return Step(
        tuple(found_of(one) for one in said if isinstance(one, Deviation)),
        tuple(found_of(one.deviation) for one in said if isinstance(one, Withdrawn)),
        book.told(standings),
        book.due(standings, "case-1"),
        frozenset(one.concern for one in said if isinstance(one, NotExamined)),
    )


def found_of(one: Finding) -> Found:
    """Return a deviation as the oracle tells it."""
    assert isinstance(one, Deviation)
    breach = one.breach
    if breach is None or one.code == "DV305":
        return Found(one.code, one.seq, None)
    kind = breach.kind.value
    return Found(one.code, one.seq, kind, breach.activations, breach.more, breach.target)
