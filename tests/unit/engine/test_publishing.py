"""Publishing: a version has one content, needs its approvals, and counts from its day."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from procflow.engine import Engine
from procflow.errors import ProcedureInvalid, ProcedureNotFound, ProcflowError, Severity
from tests.unit.engine.stories import ANA, PROCEDURE, Hands, write


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def engine(clock: Hands) -> Engine:
    return Engine.open("memory://", clock=clock)


def with_head(lines: str) -> str:
    return PROCEDURE.replace('version: "1"\n', f'version: "1"\n{lines}\n')


def codes(refused: pytest.ExceptionInfo[ProcedureInvalid]) -> set[str]:
    return {one.code for one in refused.value.findings}


def test_publishing_again_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    first = engine.publish(write(tmp_path))
    again = engine.publish(write(tmp_path, "# only a comment\n" + PROCEDURE))
    assert (first.new, again.new) == (True, False)
    assert first.digest == again.digest
    assert (first.procedure, first.version, first.findings) == ("refund", "1", ())


def test_one_version_has_one_content(engine: Engine, tmp_path: Path) -> None:
    engine.publish(write(tmp_path))
    with pytest.raises(ProcedureInvalid) as refused:
        engine.publish(write(tmp_path, PROCEDURE.replace("amount < 100", "amount < 200")))
    assert codes(refused) == {"PF801"}
    assert refused.value.code == "PF801"
    assert "new version" in str(refused.value.hint)
    changed = PROCEDURE.replace("amount < 100", "amount < 200").replace('version: "1"', 'version: "2"')
    assert engine.publish(write(tmp_path, changed)).new


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("author: ana\napproved-by: { person: ana, date: 2026-11-01 }", "PF620"),
        ("author: ana", "PF621"),
        ("author: ana\napproved-by: { person: lea, date: 2026-12-24 }", "PF622"),
        ("agreed-by: { legal: pending }", "PF622"),
    ],
)
def test_what_was_not_approved_is_refused(engine: Engine, tmp_path: Path, head: str, code: str) -> None:
    with pytest.raises(ProcedureInvalid) as refused:
        engine.publish(write(tmp_path, with_head(head)))
    assert codes(refused) == {code}
    with pytest.raises(ProcedureNotFound):
        engine.start("refund", by=ANA)


def test_an_approval_of_another_person_passes(engine: Engine, tmp_path: Path) -> None:
    head = "author: ana\napproved-by: { person: lea, date: 2026-11-01 }\nagreed-by: { legal: 2026-11-02 }"
    assert engine.publish(write(tmp_path, with_head(head))).new


def test_a_review_that_is_due_warns_and_does_not_stand_in_the_way(engine: Engine, tmp_path: Path) -> None:
    published = engine.publish(write(tmp_path, with_head("review-by: 2026-11-30")))
    assert [one.code for one in published.findings if one.severity is Severity.WARNING] == ["PF623"]
    assert engine.start("refund", by=ANA).version == "1"


def test_a_file_with_errors_is_refused_with_all_of_them(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(ProcedureInvalid) as refused:
        engine.publish(write(tmp_path, PROCEDURE.replace("by: lead", "by: leed").replace("to: decide,", "to: deside,")))
    assert [one.severity for one in refused.value.findings].count(Severity.ERROR) == 2
    with pytest.raises(ProcflowError, match="cannot read"):
        engine.publish(tmp_path / "nothing.yaml")


def test_a_case_runs_by_the_version_in_force_when_it_opened(engine: Engine, clock: Hands, tmp_path: Path) -> None:
    def version(number: str, day: str) -> str:
        return PROCEDURE.replace('version: "1"', f'version: "{number}"\neffective: {{ from: {day} }}')

    for number, day in (("2", "2026-12-02"), ("3", "2026-12-03"), ("1", "2026-12-01")):
        engine.publish(write(tmp_path, version(number, day)))
    first = engine.start("refund", by=ANA)
    clock.now = datetime(2026, 12, 2, tzinfo=UTC)
    second = engine.start("refund", by=ANA)
    clock.wait(days=30)
    third = engine.start("refund", by=ANA)
    assert [first.version, second.version, third.version] == ["1", "2", "3"]
    assert engine.case(first.id).version == "1", "an open case stays with its version"


def test_before_the_first_version_is_in_force_no_case_opens(engine: Engine, tmp_path: Path) -> None:
    engine.publish(write(tmp_path, with_head("effective: { from: 2027-01-01 }")))
    with pytest.raises(ProcedureNotFound, match="the first one is from 2027-01-01"):
        engine.start("refund", by=ANA)
    with pytest.raises(ProcedureNotFound, match="no procedure “refound”"):
        engine.start("refound", by=ANA)
