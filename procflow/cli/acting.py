"""`procflow start` and `procflow perform`: what moves a case along its procedure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import click

from procflow.cli.exits import Exit
from procflow.cli.options import (
    as_json,
    by_option,
    data_option,
    find_case,
    key_option,
    opened,
    proofs_option,
    store_options,
)
from procflow.cli.terminal import cells, write_json, write_lines
from procflow.cli.who import data_of, tell_unread, who
from procflow.errors import ProcedureNotFound
from procflow.expressions.types import Raw
from procflow.model.verdict import StepRefused

if TYPE_CHECKING:
    from procflow.model.verdict import Verdict


@click.command(short_help="Open a case.")
@click.argument("procedure")
@by_option()
@click.option("--client", metavar="ID", help="For whom.")
@click.option("--on-behalf-of", metavar="ID", help="Who asked for it, if somebody else acts.")
@click.option("--ref", metavar="TEXT", help="What the case is called elsewhere, such as ticket:42.")
@data_option
@click.option(
    "--mode",
    type=click.Choice(["enforce", "observe"]),
    default="enforce",
    show_default=True,
    help="Refuse what deviates, or record it all the same.",
)
@key_option
@store_options
@as_json
def start(
    procedure: str,
    by: str,
    roles: tuple[str, ...],
    client: str | None,
    on_behalf_of: str | None,
    ref: str | None,
    data: dict[str, str],
    mode: Literal["enforce", "observe"],
    key: str | None,
    store: str,
    workspace: str | None,
    json: bool,
) -> Exit:
    """Open a case by the version of PROCEDURE that is in force now, and print its id.

    Which roles people hold is read from people.yaml here, or in the folder --workspace.

    \b
    Examples:
      procflow start complaint --by ana --role agent
      procflow start complaint --by ana --client acme --ref ticket:42 --data gravity=minor
    """
    from procflow.reports.case_json import case_document
    from procflow.reports.paper import line, strong, visible
    from procflow.reports.rules_text import owed_lines

    if procedure.endswith((".yaml", ".yml")):
        raise ProcedureNotFound(
            f"{procedure} is a file, and a case runs by a published procedure",
            hint=f"`procflow publish {procedure}` tells the name to give here.",
        )
    try:
        with opened(store, workspace) as engine:
            chosen = engine.procedure(procedure)
            case = engine.start(
                procedure,
                by=who(engine, by, roles, chosen),
                client=client,
                ref=ref,
                data=data_of(chosen, data),
                mode=mode,
                on_behalf_of=on_behalf_of,
                key=key,
            )
    except StepRefused as refused:
        # Not an inability but the result: what the start lacks.
        return tell_verdict(refused.verdict, json)
    if json:
        write_json(case_document(case))
    else:
        stands = f"{case.procedure} {case.version}, stands in {case.configuration}"
        write_lines((line(strong(case.id), f"  {visible(stands)}"), *owed_lines(case.audit.due, cells())))
    return Exit.CLEAN


@click.command(short_help="Perform an action in a case.")
@click.argument("case")
@click.argument("action")
@by_option()
@data_option
@proofs_option
@click.option("--reason", metavar="TEXT", help="Why, where the procedure wants to know.")
@click.option("--on-behalf-of", metavar="ID", help="Who asked for it, if somebody else acts.")
@click.option("--start", "starts", is_flag=True, help="Only begin the action; without this it is done.")
@key_option
@store_options
@as_json
def perform(
    case: str,
    action: str,
    by: str,
    roles: tuple[str, ...],
    data: dict[str, str],
    evidence: dict[str, Raw],
    reason: str | None,
    on_behalf_of: str | None,
    starts: bool,
    key: str | None,
    store: str,
    workspace: str | None,
    json: bool,
) -> Exit:
    """Perform ACTION in CASE. If it is refused, nothing is done, the attempt is on record, and the exit code is 1.

    A refusal says what is in the way, with the values, what would make it pass and who could do it. With the
    --key of a step that was accepted, nothing is done again. The beginning or the end of a case id will do.

    Which roles people hold is read from people.yaml here, or in the folder --workspace. A moment may be given as
    2026-12-01T17:00+01:00, as a day (its beginning, in UTC), as `tomorrow` or as `2 days` from now.

    \b
    Examples:
      procflow perform 01KAE6 accept --by ana --data ours=yes --data "due=2 days"
      procflow perform 01KAE6 accept --by ana --role agent --data gravity=minor
      procflow perform 01KAE6 send --by ana --evidence answer-letter=https://files.example/42.pdf
      procflow perform 01KAE6 send-back --by dan --reason "The sum is not explained"
    """
    with opened(store, workspace) as engine:
        found = find_case(engine, case)
        procedure = engine.procedure_of(found)
        verdict = engine.perform(
            found,
            action,
            by=who(engine, by, roles, procedure),
            data=data_of(procedure, data),
            evidence=evidence,
            reason=reason,
            on_behalf_of=on_behalf_of,
            lifecycle="start" if starts else "complete",
            key=key,
        )
        if not verdict.accepted:
            tell_unread(engine, by, roles)
    return tell_verdict(verdict, json)


def tell_verdict(verdict: Verdict, json: bool) -> Exit:
    """Write a verdict, and return the exit code it ends with."""
    from procflow.reports.case_json import verdict_document
    from procflow.reports.case_text import verdict_lines

    if json:
        write_json(verdict_document(verdict))
    else:
        write_lines(verdict_lines(verdict, cells=cells()))
    return Exit.CLEAN if verdict.accepted else Exit.FINDINGS
