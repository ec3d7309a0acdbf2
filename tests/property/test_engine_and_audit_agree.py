"""Law 1: for every prefix of a case, the engine's report equals the audit of the exported prefix.

And the first form of law 2: a case run in enforce mode shows no unexcused deviation, without overrides and waivers
none but what was prevented, what time alone did and what rules let pass; and what was refused was not done.
"""

from __future__ import annotations

import json
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
from procflow.engine import Case
from procflow.eventlogs.engine_log import read_engine_jsonl
from procflow.model.deviation import Deviation, Disposition
from procflow.model.event import Kind
from procflow.model.procedure import Procedure
from procflow.model.report import CaseAudit
from procflow.model.verdict import Verdict
from procflow.stores import open_store
from procflow.stores.memory import MemoryStore
from procflow.trail.chain import verify_chain
from procflow.trail.entry import open_entry
from tests.property.strategies_cases import Desk, complaint, events_of, exported, random_day, random_text
from tests.property.strategies_waiting import random_waiting

FEW = settings(max_examples=25, suppress_health_check=list(HealthCheck))
SEEDS = st.integers(0, 2**64)


def a_day(folder: Path, rng: Random, store: str, text: str, mode: str | None = None, *, aside: bool = True) -> Desk:
    """Return a desk after a random day."""
    file = folder / "procedure.yaml"
    file.write_text(text, encoding="utf-8")
    desk = Desk(open_store(store if store == "memory://" else f"sqlite:///{folder}/day.db"), file)
    random_day(desk, rng, mode=mode, aside=aside)
    return desk


def text_of(kind: str, rng: Random) -> str:
    """Return the text of a procedure: any, the sample, or one in which people wait for each other."""
    if kind == "waiting":
        return json.dumps(random_waiting(rng))
    return random_text(rng) if kind == "random" else complaint()


def of_prefix(folder: Path, versions: tuple[Procedure, ...], lines: list[bytes], as_of: datetime) -> list[CaseAudit]:
    """Return what an auditor says of these lines of an export, as of that moment."""
    log = folder / "prefix.jsonl"
    log.write_bytes(b"".join(line + b"\n" for line in lines))
    return list(audit_reading(versions, read_engine_jsonl(log), logs=[str(log)], as_of=as_of).cases)


def settled(deviations: tuple[Deviation, ...]) -> Counter[str]:
    """Return deviations as a bag, whether provisional or not, excused or not.

    A waiver may excuse what was said long before, and then no expired one was used: that is no news of an event. Nor
    is what time alone did, nor what explains another one.
    """
    excused = (replace(one, cause=None) for one in deviations if one.code != "DV703" and not one.of_time)
    plain = (replace(one, provisional=False, settled_by=None, disposition=_HELD[one.disposition]) for one in excused)
    return Counter(map(repr, plain))


_HELD = {one: one for one in Disposition} | {Disposition.EXCUSED: Disposition.UNEXCUSED}


@pytest.mark.parametrize("store", ["memory://", "sqlite://"])
@pytest.mark.parametrize("kind", ["random", "complaint", "waiting"])
def test_every_prefix_says_the_same_alive_and_on_record(store: str, kind: str) -> None:
    @FEW
    @given(SEEDS)
    def law(seed: int) -> None:
        rng = Random(seed)
        text = text_of(kind, rng)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            desk = a_day(folder, rng, store, text)
            versions = load_versions(folder / "procedure.yaml")
            for case in desk.cases:
                lines = exported(desk.engine, [case]).splitlines()
                for said in desk.said:
                    if said.case == case and said.after is not None:
                        after = said.after
                        assert of_prefix(folder, versions, lines[: after.seq], said.at) == [after.audit]
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
            if said.error is not None or (said.verdict is not None and said.verdict.repeated):
                assert before[said.case] == now
            elif said.verdict is not None:
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
        # Of cases in which nothing happened then, time alone may have done something.
        then: dict[datetime, dict[str, CaseAudit]] = {}
        for said in desk.said:
            if said.case is not None and said.after is not None:
                then.setdefault(said.at, {})[said.case] = said.after.audit
        for at, cases in then.items():
            report = audit_log(folder / "procedure.yaml", log, as_of=at)
            assert {one.case: one for one in report.cases if one.case in cases} == cases


@pytest.mark.parametrize("aside", [False, True])
@pytest.mark.parametrize("kind", ["random", "complaint", "waiting"])
def test_an_enforced_case_has_no_unexcused_deviation(kind: str, aside: bool) -> None:
    @FEW
    @given(SEEDS)
    def law(seed: int) -> None:
        rng = Random(seed)
        text = text_of(kind, rng)
        with tempfile.TemporaryDirectory() as name:
            desk = a_day(Path(name), rng, "memory://", text, mode="enforce", aside=aside)
            for said in desk.said:
                if said.after is not None:
                    assert not any(one.unexcused and one.refuses for one in said.after.audit.deviations)
                if said.after is not None and not aside:
                    found = {one.disposition for one in said.after.audit.deviations if one.refuses}
                    assert found <= {Disposition.PREVENTED}
                    assert said.after.audit.flow_cost == said.after.audit.attached_cost == 0

    law()


@FEW
@given(SEEDS)
def test_what_was_refused_was_not_done_and_is_on_record(seed: int) -> None:
    rng = Random(seed)
    with tempfile.TemporaryDirectory() as name:
        desk = a_day(Path(name), rng, "memory://", random_text(rng), mode="enforce")
        export: list[bytes] = []
        cases: dict[str, Case] = {}
        for said in desk.said:
            lines = said.exported.splitlines()
            if said.error is not None or (said.verdict is not None and said.verdict.repeated):
                # What time did just before may stand in the way, and then is there to be seen.
                assert done_by_time(export, lines) == len(lines) - len(export)
            elif not said.accepted:
                assert said.verdict is not None
                assert said.verdict.deviations
                assert {one.disposition for one in said.verdict.deviations} <= _NOT_DONE[said.case is None]
                assert said.verdict.before == said.verdict.after
                assert not said.verdict.superseded
                assert len(lines) == len(export) + done_by_time(export, lines) + (said.case is not None)
            if not said.accepted and said.case is not None and said.after is not None:
                known, before = said.after, cases[said.case]
                more = known.events[before.seq :]
                assert known.events[: before.seq] == before.events
                assert all(event.refused or event.kind in _BY_TIME for event in more)
                if not any(event.kind is Kind.TIMER for event in more):
                    # Time does not wait for an attempt: what it did just before stands, also if nothing came of that.
                    assert (known.configuration, known.values, known.closed, known.outcome) == (
                        before.configuration,
                        before.values,
                        before.closed,
                        before.outcome,
                    )
                    assert untimed(known.audit) == untimed(before.audit)
            export = lines
            if said.case is not None and said.after is not None:
                cases[said.case] = said.after


_BY_TIME = (Kind.TIMER, Kind.CLOSED)


def done_by_time(before: list[bytes], after: list[bytes]) -> int:
    """Return how many more lines say what time did: that a clock ran out, and the end of a case that it led there."""
    more = [one for one in set(after) - set(before) if b'"lifecycle":"refused"' not in one]
    timers = sum(b'"kind":"timer"' in one for one in more)
    closed = sum(b'"kind":"closed"' in one for one in more)
    assert closed <= timers
    return timers + closed


def untimed(audit: CaseAudit) -> CaseAudit:
    """Return an audit without what is said of attempts, and of what time does."""
    return replace(audit, deviations=(), rules=(), due=(), clocks=(), ball=(), not_examined={}, waits=(), spans=())


_NOT_DONE = {False: {Disposition.PREVENTED}, True: {Disposition.UNEXCUSED}}
"""What became of the deviations of a refusal; those of a start that was refused are on no record."""


@FEW
@given(SEEDS)
def test_what_was_accepted_under_a_key_is_said_again_and_not_done_again(seed: int) -> None:
    rng = Random(seed)
    with tempfile.TemporaryDirectory() as name:
        desk = Desk(MemoryStore(), _written(Path(name), random_text(rng)))
        commands = random_day(desk, rng)
        export = exported(desk.engine)
        first: dict[tuple[str, str], Verdict] = {}
        for command, said in zip(commands, list(desk.said), strict=True):
            if "key" not in command or said.verdict is None or said.case is None or not said.accepted:
                continue
            if said.verdict.event not in desk.engine.case(said.case).events:
                continue  # to close a closed case does nothing, and is not remembered
            known = first.setdefault((said.case, command["key"]), said.verdict)
            assert said.verdict.repeated == (known is not said.verdict)
            again = desk.carry_out(command)
            assert again.verdict is not None
            assert replace(again.verdict, repeated=False) == replace(known, repeated=False)
            assert again.verdict.repeated
        assert exported(desk.engine) == export


def _written(folder: Path, text: str) -> Path:
    file = folder / "procedure.yaml"
    file.write_text(text, encoding="utf-8")
    return file


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
