"""What `sla simulate` says of a proposed target is what an audit says once somebody has written that target into the file."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from procflow import audit
from procflow.auditor.promising import simulate_promise
from procflow.model.clock import ClockStatus
from procflow.model.promising import Kept
from procflow.model.report import AuditReport
from tests.property.promised_desk import log, procedure, written

GRADED = "within: { depends-on: priority, high: %s, otherwise: %s }"
TARGETS = (
    "30 minutes",
    "4 hours",
    "3 working hours",
    "1 working day",
    "2 working days",
    "5 days",
    "1 week",
    "500 working minutes",
)


def attained(report: AuditReport) -> list[tuple[str, dict[ClockStatus, int], int, object, object]]:
    return [
        (one.grade, dict(one.statuses), one.waived, one.used, one.wall)
        for one in report.clocks
        if one.clock == "solved"
    ]


def simulated(kept: tuple[Kept, ...]) -> list[tuple[str, dict[ClockStatus, int], int, object, object]]:
    return [
        (one.attained.grade, dict(one.attained.statuses), one.attained.waived, one.attained.used, one.attained.wall)
        for one in kept
    ]


@pytest.mark.parametrize("seed", range(12))
def test_a_simulation_and_the_audit_of_the_edited_file_agree(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    told = log(chance, 30)
    now, other, new = (chance.choice(TARGETS) for _ in range(3))
    file, rows, mapping = written(tmp_path / "now", procedure(GRADED % (now, other)), told)
    as_proposed = {
        "every": (procedure(GRADED % (new, new)), {}),
        "high": (procedure(GRADED % (new, other)), {"grade": "high"}),
        "otherwise": (procedure(GRADED % (now, new)), {"grade": "otherwise"}),
        "long": (procedure(GRADED % (new, new), on="calendar: long"), {"calendar": "long"}),
        "unpaused": (procedure(GRADED % (new, new), pauses=""), {"pauses": False}),
    }
    for name, (text, proposal) in as_proposed.items():
        edited, again, also = written(tmp_path / name, text, told)
        found = simulate_promise(file, rows, "solved", [new], mapping=mapping, honest=(), **proposal)  # type: ignore[arg-type]
        report = audit(edited, again, mapping=also)
        assert simulated(found.proposals[0].kept) == attained(report), name
        assert simulated(found.now) == attained(audit(file, rows, mapping=mapping))
        late = {ClockStatus.BREACHED, ClockStatus.OVERDUE}
        before = {
            (case.case, one.number): one
            for case in audit(file, rows, mapping=mapping).cases
            for one in case.clocks
            if one.clock == "solved"
        }
        after = {(case.case, one.number): one for case in report.cases for one in case.clocks if one.clock == "solved"}
        flips = {
            key
            for key, one in after.items()
            if one.status in late
            and key in before
            and before[key].status in (ClockStatus.MET, ClockStatus.RUNNING, ClockStatus.PAUSED)
        }
        told_broken = {(one.case, one.after.number) for one in found.proposals[0].broken if one.after is not None}
        assert told_broken == flips, name


@pytest.mark.parametrize("unit", ["1 working day", "10 working minutes", "1 hour", "1 day"])
def test_the_shortest_promise_holds_and_none_shorter_does(unit: str, tmp_path: Path) -> None:
    told = log(random.Random(unit), 60)
    file, rows, mapping = written(tmp_path / "now", procedure(f"within: {unit}"), told)
    found = simulate_promise(file, rows, "solved", [unit], mapping=mapping)
    assert [one.percent for one in found.honest] == [80, 90, 95]
    for one in found.honest:
        if one.within is None:
            continue
        counts = [one.within.count, *([one.within.count - 1] if one.within.count > 1 else [])]
        shares = []
        for count in counts:
            words = unit.split(" ", 1)[1].removesuffix("s") + "s"
            edited, again, also = written(
                tmp_path / f"{one.percent}-{count}", procedure(f"within: {count} {words}"), told
            )
            clock = next(each for each in audit(edited, again, mapping=also).clocks if each.clock == "solved")
            assert clock.gross is not None
            shares.append(clock.gross * 100)
        assert shares[0] >= one.percent
        assert all(share < one.percent for share in shares[1:])
