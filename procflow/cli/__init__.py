"""The command line: `procflow`. Each command parses, calls one function, renders and exits."""

from __future__ import annotations

from types import MappingProxyType

import click

from procflow.cli.top import Commands

TABLE = MappingProxyType(
    {
        "init": ("procflow.cli.init:init", "Make a folder to write procedures in."),
        "check": ("procflow.cli.check:check", "Check procedures and all files beside them."),
        "draw": ("procflow.cli.draw:draw", "Draw a procedure as a picture."),
        "test": ("procflow.cli.test:test", "Run the scenarios of procedures."),
        "doc": ("procflow.cli.doc:doc", "Write a procedure as a document to read and print."),
        "card": ("procflow.cli.card:card", "Write a service as a card for those who ask for it."),
        "impact": ("procflow.cli.impact:impact", "Show what hangs on a role, department, service or clock."),
        "audit": ("procflow.cli.audit:audit", "Judge a log of work by a procedure."),
        "waiting": ("procflow.cli.waiting:waiting", "Show who waited for whom in the cases of a log."),
        "play": ("procflow.cli.play:play", "Walk a case of a procedure, to see what may happen."),
        "publish": ("procflow.cli.publishing:publish", "Make a version of a procedure available for new cases."),
        "start": ("procflow.cli.acting:start", "Open a case."),
        "perform": ("procflow.cli.acting:perform", "Perform an action in a case."),
        "override": ("procflow.cli.overriding:override", "Set the procedure aside in a case."),
        "waive": ("procflow.cli.overriding:waive", "Excuse a deviation of somebody."),
        "show": ("procflow.cli.asking:show", "Show where a case stands and what may be done."),
        "worklist": ("procflow.cli.asking:worklist", "List what waits, for a person or for all."),
        "due": ("procflow.cli.timing:due", "List what is due in open cases, the soonest first."),
        "advance": ("procflow.cli.timing:advance", "Do what is to be done because time has passed."),
        "calendar": ("procflow.cli.calendar:calendar", "Look into calendars, and reckon with them."),
        "ledger": ("procflow.cli.ledger:ledger", "Show what became of every minute of a clock."),
        "sla": ("procflow.cli.sla:sla", "Say what was promised, and how the promises stand."),
        "forecast": ("procflow.cli.forecast:forecast", "Say how long a case would take."),
        "rules": ("procflow.cli.rules:rules", "Show how rules over several cases stand in a store."),
        "export": ("procflow.cli.asking:export", "Write the record of cases, for an audit."),
        "explain": ("procflow.cli.explain:explain", "Explain a code of a finding or a deviation."),
        "demo": ("procflow.cli.demo:demo", "Show what procflow does, on an example."),
    }
)
"""Name -> (where the command lives, its help in one line)."""


def _version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        import procflow

        click.echo(f"procflow {procflow.__version__}")
        ctx.exit()


@click.group(
    cls=Commands, table=TABLE, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Show the version.")
def main() -> None:
    """Turn a service procedure into a document people read, a machine that runs it, and a yardstick that audits it.

    \b
    Examples:
      procflow check complaint.yaml
      procflow audit complaint.yaml tickets.csv --mapping tickets.map.yaml

    Exit codes: 0 clean, 1 findings at or above the threshold, 2 usage, 3 the job could not be done, 4 the record was
    tampered with.
    """
