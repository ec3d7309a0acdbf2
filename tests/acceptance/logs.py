"""Small logs for acceptance tests: rows as people write them, audited through the front door."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from procflow.auditor import audit
from procflow.model.fairness_report import FairnessReport
from procflow.model.report import AuditReport

_MAPPING = """case: case
time: {{ column: at }}
action: {{ column: action }}
actor: who
{more}
"""
_OF_COLUMNS = {"role": "role: role", "client": "client: client", "reason": "reason: reason"}


def audited(
    folder: Path,
    procedure: str | Path,
    columns: str,
    rows: Iterable[str],
    people: str | None = None,
    *,
    witnesses: str = "",
) -> AuditReport:
    """Return the audit of rows; the columns after `case,at,action,who` that are none of a log hold data."""
    file = procedure if isinstance(procedure, Path) else folder / "procedure.yaml"
    if not isinstance(procedure, Path):
        file.write_text(procedure, encoding="utf-8")
    names = columns.split(",")[4:]
    data = {name: name for name in names if name not in (*_OF_COLUMNS, "override", "waiver", "proof", "behalf")}
    more = [_OF_COLUMNS[name] for name in names if name in _OF_COLUMNS]
    more += [f"{name}: {name}" for name in ("override", "waiver") if name in names]
    more += ["on-behalf-of: behalf"] if "behalf" in names else []
    if witnesses:
        seen = ["actor", "time", *(name for name in ("role", "reason") if name in names), witnesses]
        more += [f"witnesses: [{', '.join(seen)}]"]
    more += [f"data: {{ {', '.join(f'{one}: {one}' for one in data)} }}"] if data else []
    mapping, log = folder / "map.yaml", folder / "log.csv"
    mapping.write_text(_MAPPING.format(more="\n".join(more)), encoding="utf-8")
    log.write_text("\n".join([columns, *rows]) + "\n", encoding="utf-8")
    known = None
    if people is not None:
        known = folder / "people.yaml"
        known.write_text(people, encoding="utf-8")
    return audit(file, log, mapping=mapping, people=known)


def kept(folder: Path, calendar: str) -> None:
    """Keep a calendar that is called `office` beside a procedure."""
    (folder / "calendars").mkdir(exist_ok=True)
    (folder / "calendars" / "office.yaml").write_text(calendar, encoding="utf-8")


def fairness_of(report: AuditReport) -> FairnessReport:
    """Return what it says over many cases, which it does."""
    assert report.fairness is not None
    return report.fairness


def codes(report: AuditReport) -> list[str]:
    """Return the codes of what is told over many cases."""
    return [one.code for one in fairness_of(report).deviations]


def at(minute: int, day: int = 2) -> str:
    """Return a moment so many minutes after nine o'clock."""
    return f"2026-03-{day:02d}T{9 + minute // 60:02d}:{minute % 60:02d}:00Z"


def in_order(*parts: Sequence[str]) -> list[str]:
    """Return rows one part after the other."""
    return [row for part in parts for row in part]
