"""`procflow check`: say everything that is wrong with the files somebody wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from procflow.cli.exits import Exit
from procflow.cli.options import as_json
from procflow.cli.terminal import cells, read_input, write_json, write_lines

if TYPE_CHECKING:
    from procflow.model.ignores import Ignored


@click.command(short_help="Check procedures, people and mappings.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--strict", is_flag=True, help="Let warnings count as errors do.")
@click.option("--show-ignored", is_flag=True, help="Show also what comments in the files ignore, with the reasons.")
@as_json
def check(files: tuple[str, ...], strict: bool, show_ignored: bool, json: bool) -> Exit:
    """Check files: procedures, people.yaml and mappings of logs, told apart by what they hold.

    Every finding comes with its line and what to do. A mapping given together with one procedure is also checked
    against it. What only forbids publishing (no approval yet) is a warning here.

    \b
    Examples:
      procflow check complaint.yaml
      procflow check --strict procedures/*.yaml people.yaml
      procflow check complaint.yaml tickets.map.yaml --json
      procflow check -                   (reads stdin)
    """
    from procflow.cli.checked import check_files
    from procflow.reports.findings import (
        errors_of,
        findings_document,
        findings_lines,
        ignored_lines,
        summary,
        warnings_of,
    )
    from procflow.reports.paper import BLANK

    names = tuple(dict.fromkeys(files))
    checked = check_files([("<stdin>" if name == "-" else name, read_input(name)) for name in names])
    findings = [found for one in checked for found in one.findings]
    ignored: list[Ignored] = [found for one in checked for found in one.ignored]
    if json:
        write_json(findings_document(findings, [one.file for one in checked], ignored))
    else:
        sources = {one.file: one.text for one in checked}
        write_lines(findings_lines(findings, sources.get, cells=cells()))
        write_lines((BLANK,) if findings else ())
        if show_ignored and ignored:
            write_lines((*ignored_lines(ignored, cells=cells()), BLANK))
        write_lines((summary(findings, len(names), len(ignored)),))
    failing = errors_of(findings) + (warnings_of(findings) if strict else 0)
    return Exit.FINDINGS if failing else Exit.CLEAN
