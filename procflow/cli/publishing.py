"""`procflow publish`: make a version of a procedure available for new cases."""

from __future__ import annotations

import click

from procflow.cli.exits import Exit
from procflow.cli.options import as_json, opened, store_options
from procflow.cli.terminal import cells, files_as_sources, tell_lines, write_json, write_lines
from procflow.errors import ProcedureInvalid


@click.command(short_help="Make a version of a procedure available for new cases.")
@click.argument("file")
@store_options
@as_json
def publish(file: str, store: str, workspace: str | None, json: bool) -> Exit:
    """Publish the procedure in FILE; publishing the same content again changes nothing.

    It is refused, with exit code 1, if it has errors, if the approval or an agreement it needs is missing, or if this
    version was published before with other content.

    \b
    Examples:
      procflow publish complaint.yaml
      procflow publish complaint.yaml --store sqlite:////srv/care/procflow.db
    """
    from procflow.reports.findings import findings_document, findings_lines
    from procflow.reports.paper import BLANK, Ink, Mark, line

    sources = files_as_sources()
    try:
        with opened(store, workspace, make=True) as engine:
            done = engine.publish(file)
    except ProcedureInvalid as refused:
        # Not an inability but the result: what the file needs before it may be published.
        if json:
            write_json(findings_document(refused.findings, [file]))
        else:
            write_lines(findings_lines(refused.findings, sources, cells=cells()))
            write_lines((BLANK, line(Ink("not published", Mark.BAD), f": {file}")))
        return Exit.FINDINGS
    if json:
        head = {"v": "1", "kind": "published", "procedure": done.procedure, "version": done.version}
        found = findings_document(done.findings, [file])["findings"]
        write_json({**head, "digest": done.digest, "new": done.new, "findings": found})
        return Exit.CLEAN
    tell_lines(findings_lines(done.findings, sources, cells=cells()))
    how = "published" if done.new else "published before, nothing changed"
    write_lines((line(f"{done.procedure} {done.version} {how} (sha256 {done.digest[:12]})"),))
    return Exit.CLEAN
