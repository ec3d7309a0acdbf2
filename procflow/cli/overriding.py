"""`procflow override` and `procflow waive`: to set a procedure aside, and to excuse a deviation."""

from __future__ import annotations

from datetime import datetime

import click

from procflow.cli.acting import tell_verdict
from procflow.cli.exits import Exit
from procflow.cli.options import (
    as_json,
    by_option,
    data_option,
    find_case,
    key_option,
    moment,
    opened,
    proofs_option,
    store_options,
)
from procflow.cli.who import data_of, tell_unread, who
from procflow.expressions.types import Raw

ACTS = ("skip", "redo", "undo", "do-early", "override")


@click.command(short_help="Set the procedure aside in a case.")
@click.argument("case")
@click.argument("act", type=click.Choice(ACTS), metavar="ACT")
@click.argument("action", required=False)
@by_option()
@click.option("--to", metavar="PLACE", help="Where the case then stands; needed only if several places follow.")
@click.option("--second", metavar="PERSON", help="Who agreed to it, where the procedure wants a second person.")
@click.option("--reason", metavar="TEXT", help="Why.")
@click.option("--asked-by", metavar="ID", help="Who wanted it.")
@click.option("--caused-by", type=click.Choice(["requester", "provider", "external"]), help="Who made it necessary.")
@data_option
@proofs_option
@click.option("--on-behalf-of", metavar="ID", help="For whom, if somebody else acts.")
@key_option
@store_options
@as_json
def override(
    case: str,
    act: str,
    action: str | None,
    by: str,
    roles: tuple[str, ...],
    to: str | None,
    second: str | None,
    reason: str | None,
    asked_by: str | None,
    caused_by: str | None,
    data: dict[str, str],
    evidence: dict[str, Raw],
    on_behalf_of: str | None,
    key: str | None,
    store: str,
    workspace: str | None,
    json: bool,
) -> Exit:
    """Set the procedure aside in CASE, on record: who did it, on whose word, and why.

    \b
    ACT is one of
      skip      pass over ACTION, which is due
      redo      go back to the step ACTION
      undo      go back to where the case stood before the last ACTION
      do-early  do ACTION before its turn
      override  anything else: the case goes --to where it is put

    The procedure says under `overrides:` who may, and whether a reason and a second person are needed. If they are
    missing it is refused, and the exit code is 1.

    \b
    Examples:
      procflow override 01KAE6 skip clarify --by lena --second mara --reason "The client told us by phone"
      procflow override 01KAE6 undo accept --by lena --second mara --reason "It is not ours" --caused-by provider
      procflow override 01KAE6 override --to draft --by lena --second mara --reason "The lawyer is ill"
    """
    with opened(store, workspace) as engine:
        found = find_case(engine, case)
        procedure = engine.procedure_of(found)
        verdict = engine.override(
            found,
            act,
            action=action,
            to=to,
            by=who(engine, by, roles, procedure),
            second=second,
            reason=reason,
            asked_by=asked_by,
            caused_by=caused_by,
            data=data_of(procedure, data),
            evidence=evidence,
            on_behalf_of=on_behalf_of,
            key=key,
        )
        if not verdict.accepted:
            tell_unread(engine, by, roles)
    return tell_verdict(verdict, json)


@click.command(short_help="Excuse a deviation of somebody.")
@click.argument("case")
@click.argument("code")
@by_option()
@click.option("--for", "person", metavar="PERSON", required=True, help="Who needs it; never who grants it.")
@click.option(
    "--until",
    metavar="MOMENT",
    required=True,
    callback=moment,
    help="It excuses nothing later: 2026-11-22 (the end of that day, UTC) or 2026-11-22T17:00+01:00.",
)
@click.option("--step", metavar="STEP", help="Only in this step.")
@click.option("--action", metavar="ACTION", help="Only for this action.")
@click.option("--clock", metavar="CLOCK", help="Only of this clock, whoever was late.")
@click.option("--reason", metavar="TEXT", help="Why; a waiver without a reason is void.")
@key_option
@store_options
@as_json
def waive(
    case: str,
    code: str,
    by: str,
    roles: tuple[str, ...],
    person: str,
    until: datetime,
    step: str | None,
    action: str | None,
    clock: str | None,
    reason: str | None,
    key: str | None,
    store: str,
    workspace: str | None,
    json: bool,
) -> Exit:
    """Excuse deviations of the class CODE in CASE, for one person and until a moment, earlier ones too.

    Who grants it must hold the role that the procedure names under `overrides:`, and be another than who needs it.

    \b
    Examples:
      procflow waive 01KAE6 DV202 --for ana --until 2026-11-30 --by lena --reason "Everybody else is ill"
      procflow waive 01KAE6 DV401 --for ana --clock first-answer --until 2026-11-30 --by lena --reason "A storm"
      procflow waive 01KAE6 DV303 --for dan --action submit --until 2026-11-30 --by lena --reason "The lab is closed"
    """
    with opened(store, workspace) as engine:
        found = find_case(engine, case)
        procedure = engine.procedure_of(found)
        verdict = engine.waive(
            found,
            code.upper(),
            person=person,
            until=until,
            by=who(engine, by, roles, procedure),
            reason=reason,
            step=step,
            action=action,
            clock=clock,
            key=key,
        )
        if not verdict.accepted:
            tell_unread(engine, by, roles)
    return tell_verdict(verdict, json)
