"""Law 1 across cases: what the engine says of all cases of a client, or all that a person did, the audit of the whole
export says too. And law 2: where all is enforced, nothing stands that would have been refused.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from procflow.auditor import audit
from procflow.engine import Engine
from procflow.model.deviation import Deviation, Disposition
from procflow.model.policies import Policies
from procflow.model.report import AuditReport
from procflow.model.rule import Manner
from procflow.stores.base import Store
from procflow.stores.memory import MemoryStore
from procflow.stores.sqlite import SqliteStore
from tests.property.strategies_across import ASK, PEOPLE, Desk, lasting, random_policies

FEW = settings(max_examples=25, suppress_health_check=list(HealthCheck))
SEEDS = st.integers(0, 2**64)
STEPS = 25


@contextmanager
def a_desk(rng: Random, kind: str, policies: Policies) -> Iterator[Desk]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "ask.yaml"
        file.write_text(ASK, "utf-8")
        shared = MemoryStore()
        stores: list[Store] = [shared, shared]
        if kind == "sqlite":
            stores = [SqliteStore(folder / "day.db"), SqliteStore(folder / "day.db")]
        desk = Desk([], rng, file)
        desk.engines = [Engine(store, policies=policies, clock=desk.clock) for store in stores]
        desk.engines[0].publish(file)
        yield desk
        for store in stores:
            store.close()


def on_record(desk: Desk, policies: Policies) -> AuditReport:
    log = desk.file.with_name("log.jsonl")
    with log.open("wb") as out:
        desk.engines[0].export(out)
    return audit(desk.file, log, policies=policies, as_of=desk.now)


@pytest.mark.parametrize("store", ["memory", "sqlite"])
def test_the_engine_says_across_cases_what_the_audit_of_the_whole_export_says(store: str) -> None:
    @FEW
    @given(SEEDS)
    def law(seed: int) -> None:
        rng = Random(seed)
        policies = random_policies(rng)
        with a_desk(rng, store, policies) as desk:
            desk.stands = rng.random() < 0.5
            for number in range(STEPS):
                desk.step()
                if number % 8 == 7:
                    report = on_record(desk, policies)
                    for engine in desk.engines:
                        assert engine.across(as_of=desk.now) == report.across
                    for case in desk.cases:
                        audited = next(one for one in report.cases if one.case == case)
                        assert desk.engines[1].case(case).audit.deviations == audited.deviations

    law()


def bag(deviations: tuple[Deviation, ...] | list[Deviation]) -> Counter[str]:
    """Return what policies across cases say, whether it is excused or not: a waiver may come later."""
    across = (one for one in deviations if one.breach is not None and one.breach.rule.startswith("house/r"))
    return Counter(
        repr(replace(one, provisional=False, settled_by=None, disposition=Disposition.UNEXCUSED))
        for one in across
        if not one.of_time and one.disposition is not Disposition.PREVENTED
    )


@FEW
@given(SEEDS)
def test_a_verdict_says_what_the_report_has_more(seed: int) -> None:
    rng = Random(seed)
    policies = random_policies(rng)
    with a_desk(rng, "memory", policies) as desk:
        before = bag(desk.engines[0].across().deviations)
        for _ in range(STEPS):
            said = desk.step()
            after = bag(desk.engines[1].across().deviations)
            if said is None or not said.accepted:
                assert after == before
            elif said.verdict is not None:
                new, gone = bag(said.verdict.deviations), bag(said.verdict.superseded)
                assert before - gone + new == after
            before = after


@FEW
@given(SEEDS)
def test_what_one_is_told_one_may_do_is_accepted(seed: int) -> None:
    rng = Random(seed)
    policies = random_policies(rng)
    with a_desk(rng, "memory", policies) as desk:
        for _ in range(STEPS):
            desk.step(mode="enforce")
            if not desk.cases:
                continue
            case, who = rng.choice(desk.cases), rng.choice(list(PEOPLE.values()))
            desk.clock()
            desk.held = True
            options = [one for one in desk.engines[0].may(case, by=who) if not one.needs]
            if options:
                option = rng.choice(options)
                verdict = desk.engines[1].perform(case, option.action, by=who)
                assert verdict.accepted == option.allowed
                if not option.allowed:
                    against = [one for one in verdict.deviations if one.disposition is Disposition.PREVENTED]
                    assert {one.code for one in against} <= {one.code for one in option.deviations}
            desk.held = False


@FEW
@given(SEEDS)
def test_a_step_repeated_under_its_key_says_what_it_said(seed: int) -> None:
    rng = Random(seed)
    policies = random_policies(rng)
    # What a rule sees of the flow of another case may be explained otherwise since: nobody knows what it was then.
    assume(not any(one.of_flow or one.manner is Manner.NEXT for one in policies.across))
    with a_desk(rng, "memory", policies) as desk:
        for _ in range(STEPS):
            desk.step()
        fresh = Engine(desk.engines[0]._office.store, policies=policies, clock=desk.clock)
        for meant, verdict in desk.performed:
            again = fresh.perform(**meant)  # type: ignore[arg-type]
            assert again.repeated
            assert (again.deviations, again.superseded) == (verdict.deviations, verdict.superseded)


@FEW
@given(SEEDS)
def test_where_all_is_enforced_nothing_stands_that_would_be_refused(seed: int) -> None:
    rng = Random(seed)
    policies = random_policies(rng)
    with a_desk(rng, "memory", policies) as desk:
        for _ in range(STEPS):
            desk.step(mode="enforce")
        said = lasting(desk.engines[0].across())
        assert [one for one in said if one.unexcused and one.refuses] == []
        assert "DV704" not in {one.code for one in said}, "the clock tells what was on record"
        report = on_record(desk, policies)
        assert "DV704" not in {one.code for case in report.cases for one in case.deviations}


@FEW
@given(SEEDS)
def test_what_was_recorded_before_there_were_rules_is_judged_with_the_rest(seed: int) -> None:
    rng = Random(seed)
    policies = random_policies(rng)
    with a_desk(rng, "sqlite", policies) as desk:
        ruled = desk.engines
        path = desk.file.with_name("day.db")
        plain = Engine(SqliteStore(path), clock=desk.clock)
        for number in range(STEPS):
            desk.engines = [plain] if number % 10 < 5 else ruled
            desk.step(mode="observe")
        report = on_record(desk, policies)
        assert ruled[0].across(as_of=desk.now) == report.across
        other = replace(policies, digest="0" * 64, rules=random_policies(rng).rules)
        late = Engine(SqliteStore(path), policies=other, clock=desk.clock)
        assert late.across(as_of=desk.now) == on_record_by(desk, other)
        assert ruled[1].across(as_of=desk.now) == report.across
        late.close_store()
        plain.close_store()


def on_record_by(desk: Desk, policies: Policies) -> object:
    return audit(desk.file, desk.file.with_name("log.jsonl"), policies=policies, as_of=desk.now).across
