"""`procflow calendar use`: let open cases go by the calendars in force now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from procflow.cli.exits import Exit
from procflow.cli.options import as_json, by_option, find_case, opened, store_options
from procflow.cli.terminal import cells, tell, write_json, write_lines
from procflow.cli.who import tell_unread, who
from procflow.expressions.types import Raw

if TYPE_CHECKING:
    from procflow.engine import Engine
    from procflow.model.verdict import Verdict
    from procflow.reports.due_moves import Move
    from procflow.reports.paper import Line


@click.command(short_help="Let open cases go by the calendars in force now.")
@click.argument("cases", nargs=-1, metavar="[CASE]...")
@click.option("--procedure", metavar="NAME", help="Every open case of this procedure.")
@by_option()
@click.option("--reason", metavar="TEXT", help="Why; without a reason it is refused.")
@click.option("--yes", is_flag=True, help="Do it. Otherwise it is only shown what would move.")
@store_options
@as_json
def use(
    cases: tuple[str, ...],
    procedure: str | None,
    by: str,
    roles: tuple[str, ...],
    reason: str | None,
    yes: bool,
    store: str,
    workspace: str | None,
    json: bool,
) -> Exit:
    """Let open cases go by the calendars in force now: each CASE, or with --procedure every open case of it.

    A case goes by the calendars that were in force when it opened, also when a holiday is added later. Without --yes
    nothing is recorded: it is shown which due instants would move, from when to when. What the change does to a clock
    that runs, its `on-change` says. Who does it must hold the role that `overrides:` of the procedure names; what is
    refused is told, the other cases go on, and the exit code is 1.

    \b
    Examples:
      procflow calendar use --procedure complaint --by lena --reason "Holidays of 2027"
      procflow calendar use --procedure complaint --by lena --reason "Holidays of 2027" --yes
      procflow calendar use 01KAE6 --by lena --role head --reason "The office moved" --yes
    """
    if bool(cases) == (procedure is not None):
        raise click.UsageError("Say which: CASE..., or --procedure NAME.")
    from procflow.reports.due_moves import move_document, moves_lines

    with opened(store, workspace) as engine:
        if procedure is None:
            found = tuple(dict.fromkeys(find_case(engine, case) for case in cases))
            for case in (one for one in found if engine.case(one).closed):
                tell(f"note: case {case} is closed: no clock runs in it")
            found = tuple(case for case in found if not engine.case(case).closed)
        else:
            engine.procedure(procedure)
            found = engine.cases(procedure, open_only=True)
        actor = who(engine, by, roles)
        moves = [move for case in found for move in _moves(engine, case)]
        done = [(case, engine.use_calendars(case, by=actor, reason=reason)) for case in found] if yes else []
        refused = [case for case, verdict in done if not verdict.accepted]
        if refused:
            tell_unread(engine, by, roles)
    if json:
        became: list[Raw] = [
            {"case": case, "accepted": one.accepted, "codes": [deviation.code for deviation in one.deviations]}
            for case, one in done
        ]
        moved: list[Raw] = [move_document(one) for one in moves]
        write_json({"v": "1", "kind": "calendar-use", "open": len(found), "moves": moved, "done": became})
    elif yes:
        write_lines(_done_lines(done))
    else:
        write_lines(moves_lines(moves, len(found), cells()))
        if found:
            click.echo("Nothing is recorded yet; do it with --yes.")
    return Exit.FINDINGS if refused else Exit.CLEAN


def _moves(engine: Engine, case: str) -> Iterator[Move]:
    from procflow.reports.due_moves import moves_of

    yield from moves_of(case, engine.case(case).ref, engine.clocks(case), engine.clocks_by_calendars_in_force(case))


def _done_lines(done: Sequence[tuple[str, Verdict]]) -> Iterator[Line]:
    """Yield what became of each case."""
    from procflow.reports.case_text import verdict_lines
    from procflow.reports.paper import counted, line, strong

    changed = sum(one.accepted and not one.repeated for _, one in done)
    same = sum(one.accepted and one.repeated for _, one in done)
    yield line(strong(f"{counted(changed, 'case')} now by the calendars in force, {same} by them already"))
    for case, one in done:
        if not one.accepted:
            yield line(strong(case))
            yield from verdict_lines(one, cells=cells())
