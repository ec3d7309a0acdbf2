"""`procflow impact`: where a role, a department, a service or a clock has an impact."""

from __future__ import annotations

import click

from procflow.cli.exits import Exit
from procflow.cli.folders import files_of
from procflow.cli.options import as_json
from procflow.cli.terminal import cells, write_json, write_lines


@click.command(short_help="Show what hangs on a role, department, service or clock.")
@click.argument("subject", metavar="KIND:ID")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@as_json
def impact(subject: str, files: tuple[str, ...], json: bool) -> Exit:
    """Show what hangs on KIND:ID, by the procedures in FILEs or folders (this one, if none is given) and the files beside
    them: the steps they work in, what comes to them from whom and what that must bring, what they pass on to whom, which
    clocks run on or stand still when they are late, and the services and agreements they are in.

    KIND is role, department, service or clock.

    \b
    Examples:
      procflow impact role:warehouse
      procflow impact department:depot procedures/ --json
      procflow impact service:laptop service/
      procflow impact clock:final-answer complaint.yaml agreements.yaml
    """
    from procflow.lint.impact import impact_of
    from procflow.loading.library import load_library
    from procflow.model.impact import Subject, SubjectKind
    from procflow.reports.impact_text import impact_document, impact_lines

    kind, sign, name = subject.partition(":")
    kinds = [one.value for one in SubjectKind]
    if not sign or kind not in kinds or not name:
        raise click.BadParameter(f"{subject!r} is not of the form KIND:ID; KIND is {', '.join(kinds)}.")
    found = impact_of(Subject(kind=SubjectKind(kind), id=name), load_library(files_of(files or (".",))))
    if json:
        write_json(impact_document(found))
    else:
        write_lines(impact_lines(found, cells()))
    return Exit.CLEAN
