"""`procflow rules`: how the rules over all cases of a client, or over all that a person did, stand in a store."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import click

from procflow.cli.exits import Exit
from procflow.cli.options import as_json, moment, opened, store_options
from procflow.cli.terminal import cells, files_as_sources, write_json, write_lines
from procflow.errors import Severity

if TYPE_CHECKING:
    from procflow.model.across import Across


@click.command(short_help="Show how rules over several cases stand in a store.")
@click.option("--client", metavar="ID", help="Only how they stand over the cases of this client.")
@click.option("--person", metavar="ID", help="Only how they stand over what this person did.")
@click.option(
    "--as-of", metavar="MOMENT", callback=moment, help="Judge what is late then, not now: 2026-11-22T17:00+01:00."
)
@click.option(
    "--fail-on",
    type=click.Choice(["critical", "major", "minor", "info", "never"]),
    default="major",
    show_default=True,
    help="From which severity on the exit code is 1.",
)
@store_options
@as_json
def rules(
    client: str | None,
    person: str | None,
    as_of: datetime | None,
    fail_on: str,
    store: str,
    workspace: str | None,
    json: bool,
) -> Exit:
    """Show what the rules say that are judged over all cases of a client, or over all that a person did.

    How far each was complied with, who broke it, what is still owed and by whose cases, and each deviation: what
    `procflow audit --policies` says of the whole export. The rules are those of policies.yaml here, or in the folder
    --workspace, and those of published procedures with `per: client` or `per: person`.

    The exit code is 1 if a deviation from --fail-on on stands, also of those that are not shown.

    \b
    Examples:
      procflow rules
      procflow rules --client acme
      procflow rules --json --fail-on never > rules.json
    """
    if client is not None and person is not None:
        raise click.UsageError("--client and --person ask about different things. Leave one of them out.")
    from procflow.auditor.compliance import compliance_across
    from procflow.reports.across_text import across_lines, across_verdict
    from procflow.reports.audit_json import across_document
    from procflow.reports.paper import line

    with opened(store, workspace) as engine:
        asked, said = engine.rules_across(), engine.across(as_of=as_of)
    shown = said if client is None and person is None else _only(said, client, person)
    complied = compliance_across(asked, shown)
    if json:
        write_json({"v": "1", "kind": "rules-across-cases"} | across_document(shown, complied))
    elif not asked and not said.not_examined:
        write_lines([line("No rule asks across cases: none says `per: client` or `per: person`.")])
    else:
        sources = files_as_sources()
        write_lines([*across_verdict(shown, cells()), *across_lines(shown, complied, sources=sources, cells=cells())])
    return _exit(said, fail_on)


def _only(said: Across, client: str | None, person: str | None) -> Across:
    """Return what is said of one client or person."""
    per, party = ("client", client) if client is not None else ("person", person)
    parties = tuple(one for one in said.parties if (one.per.value, one.party) == (per, party))
    return replace(
        said,
        parties=parties,
        deviations=tuple(one for one in said.deviations if one.values.get(per) == party),
        due=tuple(one for standing in parties for one in standing.due),
    )


def _exit(said: Across, fail_on: str) -> Exit:
    held = [one for one in said.deviations if one.unexcused]
    if fail_on == "never" or not any(one.severity.rank <= Severity(fail_on).rank for one in held):
        return Exit.CLEAN
    return Exit.FINDINGS
