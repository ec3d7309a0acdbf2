"""`procflow demo`: the main job once, end to end: publish, run three cases, export, audit, compare; then real logs."""

from __future__ import annotations

import resource
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from procflow.cli.exits import Exit
from procflow.cli.terminal import cells, progress, tell, write_lines
from procflow.model.event import Kind
from procflow.resources import shipped

if TYPE_CHECKING:
    from procflow.engine import Engine
    from procflow.model.report import AuditReport
    from procflow.model.verdict import Verdict

Step = tuple[str, str, Mapping[str, Any]]
"""Who, which action, and what comes with it."""

LETTER = {"answer-letter": "https://letters.example/2026-117"}
REPORT = {"test-report": {"link": "https://files.example/report-9", "sha256": "0" * 64, "name": "report-9.pdf"}}
UNTIL = datetime(2026, 11, 25, tzinfo=UTC)
CHECKLIST = ("thank", "clarify", "apologise", "ask-how-to-help")

INTAKE: tuple[Step, ...] = tuple(("ana", item, {}) for item in CHECKLIST)
ACCEPTED: Step = ("ana", "accept", {"data": {"ours": True, "gravity": "minor"}})
FOUND: Step = ("dan", "submit", {"data": {"cause": "a mistyped meter reading", "justified": False}, "evidence": REPORT})

CLEAN: tuple[Step, ...] = (
    *INTAKE,
    ACCEPTED,
    FOUND,
    ("ana", "propose", {"data": {"compensation": "0 EUR"}}),
    ("ana", "send", {"evidence": LETTER}),
    ("mr-client", "client-accepts", {}),
)

BROKEN = {"cause": "a broken seal", "justified": True}

FORBIDDEN: tuple[Step, ...] = (
    ("ana", "thank", {}),
    ("ana", "accept", {"data": {"ours": True, "gravity": "minor"}}),  # the checklist is not done
    *INTAKE[1:],
    ("dan", "accept", {"data": {"ours": True, "gravity": "major"}}),  # an expert is no agent
    ("ana", "accept", {"data": {"ours": False, "gravity": "major"}}),  # not ours: refuse it instead
    ("ana", "accept", {"data": {"ours": True, "gravity": "major"}}),
    ("dan", "submit", {"data": BROKEN}),  # without the test report
    ("dan", "submit", {"data": BROKEN, "evidence": REPORT}),
    ("sara", "give-opinion", {"evidence": {"legal-opinion": "LEG-2026-31"}}),
    ("lena", "propose", {"data": {"compensation": "250 EUR"}}),  # lena holds both roles: allowed, but see below
    ("lena", "approve", {}),  # four eyes: not whoever proposed it
    ("bogdan", "approve", {}),  # an agent is no lead
)

CRACKED = {"cause": "a cracked pipe", "justified": False}
PHONE = "The client explained it all by phone"
LAB = "The laboratory is closed until Wednesday"
SKIPPED = {"act": "skip", "action": "clarify", "reason": PHONE, "asked_by": "mr-client", "caused_by": "requester"}
ASIDE: tuple[Step, ...] = (
    INTAKE[0],
    ("bogdan", "override", SKIPPED),  # an agent may not
    ("lena", "override", SKIPPED),  # nobody else agreed
    ("lena", "override", SKIPPED | {"second": "eva"}),
    *INTAKE[2:],
    ACCEPTED,
    ("dan", "submit", {"data": CRACKED}),  # without the test report
    ("lena", "waive", {"code": "DV303", "person": "dan", "action": "submit", "until": UNTIL, "reason": LAB}),
    ("dan", "submit", {"data": CRACKED}),
    *CLEAN[-3:],
)

OBSERVED: tuple[Step, ...] = (
    ("ana", "thank", {}),
    ("ana", "apologise", {}),  # clarify is left out
    ("ana", "ask-how-to-help", {}),
    ("dan", "accept", {"data": {"ours": True, "gravity": "enormous"}}),  # wrong role, no such gravity
    ("ana", "submit", {"data": {"cause": "unknown", "justified": False}}),  # wrong role, no report
    ("ana", "phone-the-client", {}),  # the procedure knows no such action
    ("ana", "propose", {"data": {"compensation": "90 EUR"}}),
    ("ana", "send", {}),  # nobody approved, no letter
    ("mr-client", "client-accepts", {}),
    ("ana", "send", {"evidence": LETTER}),  # after the end
)


@click.command(short_help="Show what procflow does, on an example.")
@click.option(
    "--data", type=click.Path(path_type=Path), help="Folder with real event logs to audit too, if it is there."
)
@click.option("--keep", type=click.Path(path_type=Path), help="Folder to leave the demo's files in.")
def demo(data: Path | None, keep: Path | None) -> Exit:
    """Show the main job once, end to end.

    Tells the story of ten people who wait for each other twice, badly and well. Then checks, tests and draws a
    complaint procedure, publishes it into SQLite, runs four cases through the API (a clean one, one that tries
    forbidden things, one in which the procedure is set aside, one that is only observed), exports the record, audits it
    from the file, and compares the two judgements. Then a promise: who is told when time is up, and what became of
    every minute. Then audits the real logs in the folder given with --data.

    \b
    Examples:
      procflow demo
      procflow demo --keep demo/
      procflow demo --data ../shared/data
    """
    from procflow.cli.demo_george import told

    with _folder(keep) as folder:
        _head("George waits: ten people, one client, and what each of them did not do (examples/george)")
        agree = told(_near(shipped("examples")) / "george", folder)
        agree = _own_cases(folder) and agree
    if data is not None:
        _real_logs(data)
    return Exit.CLEAN if agree else Exit.FINDINGS


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with TemporaryDirectory(prefix="procflow-demo-") as name:
            yield Path(name)
    else:
        keep.mkdir(parents=True, exist_ok=True)
        (keep / "demo.db").unlink(missing_ok=True)
        yield keep


class _Clock:
    """Each look at it is ten minutes later: the demo tells the same story whenever it is told."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.stands = False
        """True once the story is told: whoever looks back looks from one moment."""

    def __call__(self) -> datetime:
        if not self.stands:
            self.at += timedelta(minutes=10)
        return self.at


def _own_cases(folder: Path) -> bool:
    from procflow.auditor import audit
    from procflow.engine import Engine
    from procflow.loading.people import load_people

    procedure = _near(shipped("procedures") / "complaint.yaml")
    clock = _Clock(datetime(2026, 11, 23, 8, 0, tzinfo=UTC))
    engine = Engine.open(
        f"sqlite:///{(folder / 'demo.db').absolute()}",
        directory=load_people(shipped("procedures") / "people.example.yaml"),
        clock=clock,
    )
    _head(f"1. One file, {procedure}: checked, tested, drawn, and published")
    _prepared(procedure, folder)
    published = engine.publish(procedure)
    click.echo(f"  published: {published.procedure} {published.version}, digest {published.digest[:12]}")
    _head("2. A clean case, enforced")
    cases = [_run(engine, "enforce", CLEAN)]
    _head("3. A case in which forbidden things are tried; each is refused, and the attempt is on record")
    cases.append(_run(engine, "enforce", FORBIDDEN))
    _head("4. A case in which the procedure is set aside and a deviation excused, by who may, with a reason")
    cases.append(_run(engine, "enforce", ASIDE))
    _head("5. A case that is only observed: nothing is refused, everything is judged")
    cases.append(_run(engine, "observe", OBSERVED))
    log = folder / "demo.jsonl"
    with log.open("wb") as out:
        count = engine.export(out).events
    _head(f"6. Exported {count} events to {log.name}; the audit reads nothing but this file and the procedure")
    clock.stands = True
    report = audit(procedure, log, as_of=clock.at)
    _show(report)
    agree = _compare(engine, report, cases)
    _promised(engine, clock)
    engine.close_store()
    return agree


def _prepared(file: Path, folder: Path) -> None:
    """Do with the file what its owner does before anybody works by it."""
    from procflow.cli.checked import check_files
    from procflow.loading.procedure import load_procedure
    from procflow.reports.diagram import can_draw, mermaid_of, svg_of
    from procflow.reports.paper import counted
    from procflow.scenarios.testing import judge_of, run_all, trial_of

    procedure = load_procedure(file)
    judge = judge_of(procedure, str(file))
    trial = trial_of(judge, run_all(judge))
    shown = f", {trial.coverage.percent:.0f} % of the file shown" if trial.coverage is not None else ""
    (checked,) = check_files([(str(file), file.read_bytes())])
    against = checked.findings
    click.echo(f"  checked: {counted(len(against), 'finding') if against else 'nothing to say against it'}")
    click.echo(f"  tested: {counted(len(trial.results), 'scenario')}, {len(trial.findings)} failing{shown}")
    picture = folder / ("complaint.svg" if can_draw() else "complaint.mmd")
    picture.write_text(svg_of(procedure, standalone=True) if can_draw() else mermaid_of(procedure), "utf-8")
    click.echo(f"  drawn: {picture.name}; --keep FOLDER keeps it")


def _near(path: Path) -> Path:
    """Return the path as seen from the working folder, if it lies in it: short paths are read."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _run(engine: Engine, mode: Any, steps: Iterable[Step]) -> str:
    case = engine.start("complaint", by="ana", client="mr-client", mode=mode).id
    for who, action, details in steps:
        match action:
            case "override":
                _tell(engine.override(case, by=who, **details))
            case "waive":
                _tell(engine.waive(case, by=who, **details))
            case _:
                _tell(engine.perform(case, action, by=who, **details))
    return case


def _tell(verdict: Verdict) -> None:
    from procflow.reports.case_text import verdict_lines

    if verdict.accepted and not verdict.deviations and verdict.event.kind is Kind.ACTION:
        click.echo(f"  {verdict.event.actor} {verdict.event.action}: accepted, now {verdict.after}")
    else:
        write_lines(verdict_lines(verdict, cells=cells()))


def _compare(engine: Engine, report: AuditReport, cases: list[str]) -> bool:
    _head("7. Do engine and audit agree?")
    audits = {one.case: one for one in report.cases}
    agree = True
    for case in cases:
        live = engine.case(case).audit
        same = live == audits.get(case)
        agree = agree and same
        count = sum(one.unexcused for one in live.deviations)
        settled = len(live.deviations) - count
        stands = f"fitness {live.fitness:.2f}, outcome {live.outcome or 'open'}"
        said = f"{count} deviations, {settled} permitted, excused or prevented, {stands}"
        click.echo(f"  {case}: {'the same' if same else 'DIFFERENT'}: {said}")
    return agree


def _promised(engine: Engine, clock: _Clock) -> None:
    """Let a promise run out over a night, and show what became of every minute of it."""
    from procflow.reports.ledger_text import Ledger, ledger_lines

    _head("8. A premium client is promised a first answer within 2 working hours, and writes on Monday evening")
    clock.at = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
    case = engine.start("complaint", by="ana", client="mr-client", data={"tier": "premium"}).id
    for night, steps in ((timedelta(hours=16, minutes=45), INTAKE), (timedelta(minutes=45), (ACCEPTED,))):
        clock.at += night
        for fired in (one for one in engine.advance() if one.case == case and one.timer is not None):
            assert fired.timer is not None
            whom = ", ".join((*fired.people, *(() if fired.people else fired.parties)))
            click.echo(
                f"  {clock.at:%a %H:%M} UTC, procflow advance: {fired.timer.clock} {fired.timer.mark}, {whom} is told"
            )
        for who, action, details in steps:
            _tell(engine.perform(case, action, by=who, **details))
    cycle = next(one for one in engine.clocks(case) if one.clock == "first-answer")
    click.echo()
    told = Ledger(
        case=case,
        procedure=engine.procedure_of(case),
        cycle=cycle,
        stretches=engine.ledger(case, cycle.clock, cycle.number),
        calendars=engine.calendars_of(case),
        as_of=None,
        by="accept, by ana",
    )
    write_lines(ledger_lines(told, cells()))


def _real_logs(data: Path) -> None:
    examples = _near(shipped("examples"))
    for procedure, mapping, people, log in (
        ("servicenow-incident", "servicenow-incident.map.yaml", None, "servicenow-incidents/incident_event_log.zip"),
        (
            "insurance-claim",
            "insurance-claim.map.yaml",
            "insurance-people.yaml",
            "insurance-claims/Insurance_Claims_train.csv",
        ),
    ):
        if not (data / log).is_file():
            tell(f"{data / log} is not there: its audit is left out")
            continue
        _head(f"9. A real log: {log}")
        _audit_real(
            examples / f"{procedure}.yaml", data / log, examples / mapping, examples / people if people else None
        )


def _audit_real(procedure: Path, log: Path, mapping: Path, people: Path | None) -> None:
    from procflow.auditor import audit

    began = time.perf_counter()
    with progress() as watch:
        report = audit(procedure, log, mapping=mapping, people=people, progress=watch)
    took = time.perf_counter() - began
    _show(report, cases=3)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    events = sum(one.events for one in report.cases)
    by_code = Counter(one.code for case in report.cases for one in case.deviations)
    click.echo(
        f"  {events:,} events judged in {took:.1f} s, peak memory of this process {peak:,.0f} MB; {dict(by_code)}"
    )


def _show(report: AuditReport, cases: int | None = 10) -> None:
    from procflow.cli.terminal import files_as_sources
    from procflow.reports.audit_text import Layout, audit_lines

    write_lines(audit_lines(report, Layout(cells=cells(), cases=cases, sources=files_as_sources())))


def _head(text: str) -> None:
    click.echo()
    click.secho(text, bold=True)
