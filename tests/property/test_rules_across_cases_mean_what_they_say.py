"""What the auditor says across cases is what a rule's definition says of the events of all of them, in their order."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from procflow.auditor import audit
from procflow.engine import Engine
from procflow.judge import Judge
from procflow.model.across import Across
from procflow.model.deviation import Deviation, Disposition
from procflow.model.event import Trace
from procflow.model.policies import Policies
from procflow.stores.memory import MemoryStore
from tests.oracle.conditions import moment
from tests.oracle.explanations import TooManyStories
from tests.oracle.oracle import Oracle
from tests.oracle.plain import Plain, PlainEvent
from tests.oracle.rule_words import Spot
from tests.oracle.rules import STATES
from tests.oracle.rules_across import Breach, Entry, Of, told_across
from tests.property.strategies import load, to_events
from tests.property.strategies_across import ASK, Desk, written_policies

DAYS = int(os.environ.get("PROCFLOW_DAYS", "48"))
CHUNKS = 4
STEPS = 30
PROCEDURE: Plain = yaml.safe_load(ASK)
ORACLE = Oracle({**PROCEDURE, "rules": {"any": {"never": "pay"}}})
"""With a rule, so that it tells what rules see."""
JUDGE = Judge(load(json.loads(json.dumps(PROCEDURE, default=str))))


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_auditor_and_the_oracle_agree(chunk: int, tmp_path: Path) -> None:
    skipped = 0
    for number in range(chunk, DAYS, CHUNKS):
        rng = Random(f"across {number}")
        written, policies = written_policies(rng)
        desk = a_day(rng, tmp_path, policies)
        log = tmp_path / "log.jsonl"
        with log.open("wb") as out:
            desk.engines[0].export(out)
        events = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
        try:
            entries = list(entries_of(events))
        except TooManyStories:
            skipped += 1
            continue
        across = audit(desk.file, log, policies=policies, as_of=desk.now).across
        assert across is not None
        for name, rule in written["rules"].items():
            if "per" in rule:
                told = told_across(as_here(rule), PROCEDURE, entries, desk.now)
                assert said(f"house/{name}", across) == meant(told), f"day {number}: {rule}"
    assert skipped <= DAYS // CHUNKS / 4, skipped


def a_day(rng: Random, folder: Path, policies: Policies) -> Desk:
    """Return a desk at which several people worked on several cases, and nothing was refused."""
    file = folder / "ask.yaml"
    file.write_text(ASK, "utf-8")
    desk = Desk([], rng, file, stands=rng.random() < 0.5)
    desk.engines = [Engine(MemoryStore(), policies=policies, clock=desk.clock)]
    desk.engines[0].publish(file)
    for _ in range(STEPS):
        desk.step(mode="observe")
    return desk


def entries_of(events: list[dict[str, Any]]) -> Iterator[Entry]:
    """Yield what rules see of each case, with its place among all; along the explanation that is told."""
    of_case: dict[str, list[dict[str, Any]]] = {}
    for one in events:
        of_case.setdefault(one["case"], []).append(one)
    for case, its in of_case.items():
        for spot in told_of_case(its):
            assert spot.seq is not None
            event = its[spot.seq - 1]
            yield Entry(moment(event["at"]), moment(event["recorded_at"]), case, spot.seq, its[0].get("client"), spot)


def told_of_case(events: list[dict[str, Any]]) -> tuple[Spot, ...]:
    """Return what rules see of a case: of the best explanations the one that the judge tells. Raises TooManyStories."""
    trace: list[PlainEvent] = [{**one, "data": one.get("data", {})} for one in events]  # type: ignore[typeddict-item]
    state = JUDGE.run(Trace(case="case-1", events=tuple(to_events(trace)), closed=False))
    chosen = [tuple(map(str, one.happenings)) for one in JUDGE.positions(state, closed=False)]
    stories = [spots for _, spots in ORACLE.explain(trace).told(fewest=False)]
    return next(one for one in stories if [spot.happenings for spot in one] == chosen)


def as_here(rule: Plain) -> Plain:
    """Return a rule of policies as one of the procedure: it calls everything by its name here."""

    def here(one: str) -> str:
        return one.removesuffix(" ask").replace("ask/", "")

    return {
        key: [here(one) for one in value]
        if isinstance(value, list)
        else here(value)
        if isinstance(value, str)
        else value
        for key, value in rule.items()
    }


def said(rule: str, across: Across) -> tuple[Any, Any]:
    """Return how a rule stands for each party, and what is found, as the auditor tells it."""
    parties = {one.party: one.standing for one in across.parties if one.standing.rule == rule}
    stands = {party: (one.status.value, *(getattr(one, state) for state in STATES)) for party, one in parties.items()}
    found = [
        (one.values[next(iter(one.values))], breach_of(one))
        for one in across.deviations
        if one.disposition is not Disposition.PREVENTED and one.values.get("rule") == rule
    ]
    return stands, Counter(found)


def breach_of(one: Deviation) -> Breach:
    blamed = (one.case, one.seq or 0)
    if one.breach is None or one.code == "DV305":
        return Breach(one.code, blamed, None, frozenset(), None)
    breach = one.breach
    cases = breach.cases or (one.case,) * len(breach.activations)
    target = None if breach.target is None else (breach.target_case or one.case, breach.target)
    set_off = frozenset(zip(cases, breach.activations, strict=True))
    return Breach(one.code, blamed, breach.kind.value, set_off, target)


def meant(told: Mapping[str, Of]) -> tuple[Any, Any]:
    """Return the same as the definitions tell it."""
    stands = {
        party: (one.said.status, *(one.said.count(state) for state in STATES))
        for party, one in told.items()
        if one.said.fates
    }
    return stands, Counter((party, found) for party, one in told.items() for found in one.found)
