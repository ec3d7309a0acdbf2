"""Law 1: for every prefix of a case, the engine's report equals the audit of the exported prefix.

And the first form of law 2: a case run in enforce mode shows no deviation at all, and what was refused was not done.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procflow.auditor import audit as audit_log
from procflow.auditor import audit_reading, load_versions
from procflow.eventlogs.engine_log import read_engine_jsonl
from procflow.model.deviation import Deviation
from procflow.model.procedure import Procedure
from procflow.model.report import CaseAudit
from procflow.stores import open_store
from procflow.trail.chain import verify_chain
from procflow.trail.entry import open_entry
from tests.property.strategies_cases import Desk, complaint, events_of, exported, random_day, random_text

FEW = settings(max_examples=25, suppress_health_check=list(HealthCheck))
SEEDS = st.integers(0, 2**64)


def a_day(folder: Path, rng: Random, store: str, text: str, mode: str | None = None) -> Desk:
    """Return a desk after a random day."""
    file = folder / "procedure.yaml"
    file.write_text(text, encoding="utf-8")
    desk = Desk(open_store(store if store == "memory://" else f"sqlite:///{folder}/day.db"), file)
    random_day(desk, rng, mode=mode)
    return desk


def of_prefix(folder: Path, versions: tuple[Procedure, ...], lines: list[bytes]) -> list[CaseAudit]:
    """Return what an auditor says of these lines of an export."""
    log = folder / "prefix.jsonl"
    log.write_bytes(b"".join(line + b"\n" for line in lines))
    return list(audit_reading(versions, read_engine_jsonl(log), logs=[str(log)]).cases)


def settled(deviations: tuple[Deviation, ...]) -> Counter[str]:
    """Return deviations whether provisional or not, to be compared as a bag."""
    return Counter(repr(replace(one, provisional=False)) for one in deviations)


@pytest.mark.parametrize("store", ["memory://", "sqlite://"])
@pytest.mark.parametrize("kind", ["random", "complaint"])
def test_every_prefix_says_the_same_alive_and_on_record(store: str, kind: str) -> None:
    @FEW
    @given(SEEDS)
    def law(seed: int) -> None:
        rng = Random(seed)
        text = random_text(rng) if kind == "random" else complaint()
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            desk = a_day(folder, rng, store, text)
            versions = load_versions(folder / "procedure.yaml")
            for case in desk.cases:
                lines = exported(desk.engine, [case]).splitlines()
                for said in desk.said:
                    if said.case == case and said.after is not None:
                        after = said.after
                        assert of_prefix(folder, versions, lines[: after.seq]) == [after.audit]
                        assert list(after.events) == events_of(b"\n".join(lines[: after.seq]))
            desk.store.close()

    law()


@FEW
@given(SEEDS)
def test_what_a_verdict_reports_is_what_the_audit_has_more(seed: int) -> None:
    rng = Random(seed)
    with tempfile.TemporaryDirectory() as name:
        desk = a_day(Path(name), rng, "memory://", random_text(rng), mode="observe")
        before: dict[str, Counter[str]] = {}
        for said in desk.said:
            assert said.case is not None
            assert said.after is not None
            now = settled(said.after.audit.deviations)
            if said.verdict is not None:
                gone, new = settled(said.verdict.superseded), settled(said.verdict.deviations)
                assert before[said.case] - gone + new == now
            before[said.case] = now


@FEW
@given(SEEDS)
def test_a_moment_of_the_record_says_what_the_engine_said_then(seed: int) -> None:
    rng = Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        desk = a_day(folder, rng, "memory://", random_text(rng))
        log = folder / "log.jsonl"
        log.write_bytes(exported(desk.engine))
        then: dict[datetime, dict[str, CaseAudit]] = {}
        known: dict[str, CaseAudit] = {}
        for said in desk.said:
            if said.case is not None and said.after is not None:
                known[said.case] = said.after.audit
                then[said.at] = dict(known)
        for at, cases in then.items():
            report = audit_log(folder / "procedure.yaml", log, as_of=at)
            assert {one.case: one for one in report.cases} == cases


@pytest.mark.parametrize("kind", ["random", "complaint"])
def test_an_enforced_case_has_no_deviation_and_what_was_refused_was_not_done(kind: str) -> None:
    @FEW
    @given(SEEDS)
    def law(seed: int) -> None:
        rng = Random(seed)
        text = random_text(rng) if kind == "random" else complaint()
        with tempfile.TemporaryDirectory() as name:
            desk = a_day(Path(name), rng, "memory://", text, mode="enforce")
            export = b""
            for said in desk.said:
                if said.after is not None:
                    assert said.after.audit.deviations == ()
                    assert said.after.audit.flow_cost == said.after.audit.attached_cost == 0
                if not said.accepted:
                    assert said.exported == export
                    assert said.verdict is not None
                    assert said.verdict.deviations
                    assert said.verdict.before == said.verdict.after
                export = said.exported

    law()


@pytest.mark.parametrize("store", ["memory://", "sqlite://"])
def test_every_export_is_a_whole_chain(store: str) -> None:
    @FEW
    @given(SEEDS)
    def law(seed: int) -> None:
        rng = Random(seed)
        with tempfile.TemporaryDirectory() as name:
            desk = a_day(Path(name), rng, store, random_text(rng))
            for case in desk.cases:
                with desk.store.read() as transaction:
                    head = transaction.case(case).leaf
                bodies = exported(desk.engine, [case]).splitlines()
                assert verify_chain(bodies, log=desk.store.origin, case=case, head=head) == ()
                assert [open_entry(body)[0].seq for body in bodies] == list(range(1, len(bodies) + 1))
            desk.store.close()

    law()
