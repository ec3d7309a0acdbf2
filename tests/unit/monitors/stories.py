"""Cases as a few words a line, judged by a procedure given as text: `ana/agent wrap weight=3 +photo "why"`."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from procflow.judge import Judge
from procflow.loading.procedure import read_procedure
from procflow.model.event import EVERYTHING, Event, Kind, Lifecycle, Trace, Witness
from procflow.model.procedure import Procedure
from procflow.model.report import CaseAudit

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)


def procedure_of(text: str) -> Procedure:
    """Return the procedure whose roles, data, steps are given; the head is filled in."""
    loaded = read_procedure(f'procflow: 1\nprocedure: story\nversion: "1"\n{text}', "story.yaml")
    assert loaded.procedure is not None, [str(one.message) for one in loaded.findings]
    return loaded.procedure


def trace_of(lines: str, case: str = "1") -> Trace:
    """Return the case told line by line: `who[/role,role][@team][>for whom] action [name=value] [+proof] ["reason"]`.

    `opened` and `closed` are the events of that kind, `action...` is only the start of it, `~action` follows a gap.
    """
    told = [line for line in lines.strip().splitlines() if line.strip()]
    events = tuple(_event(shlex.split(line), case, seq) for seq, line in enumerate(told, start=1))
    return Trace(case=case, events=events, closed=any(event.kind is Kind.CLOSED for event in events))


def _event(words: Sequence[str], case: str, seq: int) -> Event:
    (who, *rest), action, given = words[0].split(">"), words[1], words[2:]
    who, _, team = who.partition("@")
    name, _, roles = who.partition("/")
    data = dict(word.split("=", 1) for word in given if "=" in word)
    kinds = {"opened": Kind.OPENED, "closed": Kind.CLOSED}
    reasons = [word for word in given if "=" not in word and not word.startswith("+")]
    return Event(
        case=case,
        seq=seq,
        kind=kinds.get(action.strip("~"), Kind.ACTION),
        action="" if action.strip("~") in kinds else action.strip(".~"),
        lifecycle=Lifecycle.START if action.endswith("...") else Lifecycle.COMPLETE,
        occurred_at=AT + timedelta(hours=seq),
        actor=None if name == "-" else name,
        roles=frozenset(roles.split(",")) if roles else frozenset(),
        teams=frozenset({team}) if team else frozenset(),
        on_behalf_of=rest[0] if rest else None,
        data={key: _value(value) for key, value in data.items()},
        evidence={word[1:]: "no. 7" for word in given if word.startswith("+")},
        reason=reasons[0] if reasons else None,
        gap=action.startswith("~"),
    )


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def audit_of(procedure: Procedure | str, lines: str, witness: Witness = EVERYTHING) -> CaseAudit:
    """Return the judgement of a case."""
    judge = Judge(procedure if isinstance(procedure, Procedure) else procedure_of(procedure), witness=witness)
    trace = trace_of(lines)
    return judge.audit(judge.run(trace), closed=trace.closed)


def codes(procedure: Procedure | str, lines: str, witness: Witness = EVERYTHING) -> list[str]:
    """Return `DVnnn@seq` of each deviation."""
    return [f"{one.code}@{one.seq}" for one in audit_of(procedure, lines, witness).deviations]
