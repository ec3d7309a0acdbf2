"""`procflow test`: run the scenarios of procedures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procflow.cli.exits import Exit
from procflow.cli.options import as_json
from procflow.cli.terminal import cells, name_of_input, read_input, write_json, write_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from procflow.errors import Finding
    from procflow.judge import Judge
    from procflow.model.scenario import Trial
    from procflow.scenarios.running import Run
    from procflow.scenarios.suggesting import Suggestions


@click.command(short_help="Run the scenarios of procedures.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("-k", "only", metavar="NAME", default="", help="Run only scenarios with this in their name.")
@click.option("--coverage/--no-coverage", default=True, help="Tell what no scenario shows.  [default: yes]")
@click.option("--fail-under", type=click.FloatRange(0, 100), metavar="PERCENT", help="Fail if less is shown.")
@click.option("--suggest", is_flag=True, help="Write the shortest scenarios for what none shows.")
@click.option("--write", is_flag=True, help="With --suggest: put them into the files.")
@click.option("--junit", metavar="OUT", help="Write the results to a file as JUnit XML, too.")
@as_json
def test(
    files: tuple[str, ...],
    only: str,
    coverage: bool,
    fail_under: float | None,
    suggest: bool,
    write: bool,
    junit: str | None,
    json: bool,
) -> Exit:
    """Run the stories under `scenarios:` of procedures, published or not, and tell which do not come out.

    A failing scenario is told with the line where it went another way and with what happened instead. Below stands what
    no scenario shows: steps, actions, sides of conditions, of clocks and of rules, ways to deviate. A file without
    scenarios fails. With --suggest scenarios that show it stand below, ready to be pasted; each of them passes.

    \b
    Examples:
      procflow test complaint.yaml
      procflow test procedures/*.yaml --fail-under 90 --junit results.xml
      procflow test complaint.yaml -k approve
      procflow test complaint.yaml --suggest --write
    """
    from procflow.reports.findings import findings_lines
    from procflow.reports.paper import BLANK
    from procflow.reports.scenario_json import trials_document
    from procflow.reports.scenario_text import suggested_lines, trial_lines, trials_summary

    if fail_under is not None and (only or not coverage):
        raise click.UsageError("--fail-under measures what all scenarios show: leave out -k and --no-coverage.")
    if suggest and (only or not coverage):
        raise click.UsageError("--suggest looks for what no scenario shows: leave out -k and --no-coverage.")
    if write and not suggest:
        raise click.UsageError("--write writes what --suggest finds: give both.")
    if write and "-" in files:
        raise click.UsageError("--write needs a file to write to, and `-` is none.")
    read = [_read(name_of_input(name), read_input(name), only, coverage) for name in dict.fromkeys(files)]
    told = [one.trial for one in read if one.trial is not None]
    broken = [found for one in read for found in one.findings]
    suggested = [(one, _suggested(one)) for one in read if suggest and one.trial is not None]
    if junit is not None:
        _write_junit(Path(junit), told)
    if json:
        write_json(trials_document(told, broken, [one.text for _, more in suggested for one in more.found]))
    else:
        sources = {one.file: one.text for one in read}
        write_lines(findings_lines(broken, sources.get, cells=cells()))
        for one in told:
            write_lines((*trial_lines(one, sources=sources.get, cells=cells()), BLANK))
        write_lines((trials_summary(told),))
        for into, more in suggested:
            write_lines((BLANK, *suggested_lines(into.file, [one.text for one in more.found], more.out_of_reach)))
    for into, more in suggested if write else ():
        _put_in(into, [one.text for one in more.found])
    short = [one for one in told if one.coverage is not None and one.coverage.percent < (fail_under or 0)]
    failing = broken or short or any(one.findings for one in told)
    return Exit.FINDINGS if failing else Exit.CLEAN


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """One file, with its scenarios run if it could be read."""

    file: str
    text: str
    findings: Sequence[Finding]
    """What forbids running anything."""
    judge: Judge | None = None
    runs: Sequence[Run] = ()
    trial: Trial | None = None


def _read(file: str, content: bytes, only: str, coverage: bool) -> _Read:
    from dataclasses import replace

    from procflow.errors import errors_of
    from procflow.loading.procedure import read_procedure
    from procflow.scenarios.testing import judge_of, run_all, trial_of

    loaded = read_procedure(content, file)
    if loaded.procedure is None:
        return _Read(file=file, text=loaded.source, findings=errors_of(loaded.findings))
    judge = judge_of(loaded.procedure, file)
    runs = run_all(judge, only)
    told = trial_of(judge, runs, ignores=loaded.ignores, only=only)
    told = told if coverage else replace(told, coverage=None)
    return _Read(file=file, text=loaded.source, findings=(), judge=judge, runs=runs, trial=told)


def _suggested(one: _Read) -> Suggestions:
    from procflow.scenarios.suggesting import suggest

    assert one.judge is not None
    assert one.trial is not None
    assert one.trial.coverage is not None
    return suggest(one.judge, one.trial.coverage.missing)


def _put_in(one: _Read, scenarios: Sequence[str]) -> None:
    from procflow.cli.terminal import tell, writing
    from procflow.reports.paper import counted
    from procflow.scenarios.inserting import with_scenarios

    if scenarios:
        text = with_scenarios(one.text, one.file, scenarios)
        with writing(Path(one.file)) as out:
            out.write(text.encode("utf-8"))
    tell(f"{counted(len(scenarios), 'scenario')} written to {one.file}")


def _write_junit(path: Path, told: Sequence[Trial]) -> None:
    from procflow.cli.terminal import writing
    from procflow.reports.scenario_json import junit_pieces

    with writing(path) as out:
        for piece in junit_pieces(told):
            out.write(piece.encode("utf-8"))
