"""`procflow check`: say everything that is wrong with the files somebody wrote, and mend what can be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from procflow.cli.exits import Exit
from procflow.cli.folders import files_of
from procflow.cli.options import as_json
from procflow.cli.terminal import cells, name_of_input, read_input, tell_lines, write_json, write_lines
from procflow.errors import Severity

if TYPE_CHECKING:
    from procflow.cli.checked import Checked
    from procflow.cli.fixing import Fixed
    from procflow.reports.paper import Line

_LANGUAGE = re.compile("[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_FORMATS = ("text", "json", "sarif", "github")


@click.command(short_help="Check procedures and all files beside them.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--strict", is_flag=True, help="Let warnings count as errors do.")
@click.option("--fix", is_flag=True, help="Mend in the files what can be mended with certainty.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option("--show-ignored", is_flag=True, help="Show also what comments in the files ignore, with the reasons.")
@click.option("--language", metavar="CODE", default="", help="Tell each text that is not given in it, such as fa.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(_FORMATS),
    help="text for people (the default), json for programs, sarif for code scanning, github for notes in a pull request.",
)
@as_json
def check(
    files: tuple[str, ...],
    strict: bool,
    fix: bool,
    diff: bool,
    show_ignored: bool,
    language: str,
    format_: str | None,
    json: bool,
) -> Exit:
    """Check files: procedures, policies, people, clients, agreements, services and mappings of logs, told apart by what they
    hold. A folder stands for the procedures in it, and for the files beside them that `procflow init` would have made.

    Every finding comes with its line and what to do. A mapping given together with one procedure is also checked
    against it, policies against all procedures given with them. What only forbids publishing (no approval yet) is a warning here.

    --fix changes only what can hardly be meant otherwise, and keeps comments, quotes and layout. What is left is told,
    and the exit code speaks of that.

    \b
    Examples:
      procflow check complaint.yaml
      procflow check --fix complaint.yaml
      procflow check --strict procedures/*.yaml policies.yaml people.yaml
      procflow check .                                  (a whole workspace)
      procflow check complaint.yaml tickets.map.yaml --json
      procflow check --format sarif procedures/*.yaml > procflow.sarif
      procflow check --language fa complaint.yaml       (what is left to translate)
      procflow check --fix - < draft.yaml > mended.yaml

    `# procflow: ignore PF208 - the reason` at the end of a line sets a warning or remark aside.
    """
    kind = _kind(format_, json)
    names = files_of(files)
    if language and not _LANGUAGE.fullmatch(language):
        raise click.BadParameter(
            f"{language!r} is no code of a language, such as fa or pt-BR.", param_hint="--language"
        )
    if diff and (fix or kind != "text"):
        raise click.UsageError("--diff shows a diff and nothing else: give it without --fix and without a format.")
    if fix and "-" in names and kind != "text":
        raise click.UsageError("--fix writes the mended text of stdin to stdout: give - without a format.")
    from procflow.cli.checked import check_files

    contents = {name_of_input(name): read_input(name) for name in names}
    checked = check_files(tuple(contents.items()), language)
    fixes: list[Fixed] = []
    if fix or diff:
        from procflow.cli.fixing import fixed, write_diffs, write_fixed

        fixes = [fixed(one, contents[one.file], checked) for one in checked]
        if diff:
            write_diffs(fixes)
        else:
            for name, one in zip(names, fixes, strict=True):
                write_fixed(name, one)
            checked = check_files([(one.file, one.after) for one in fixes], language)
    if kind != "text":
        _write(kind, checked, fixes)
    elif diff:
        tell_lines(_would(checked, fixes))
    else:
        write = tell_lines if fix and "-" in names else write_lines
        write(_lines(checked, fixes, show_ignored))
    return _exit(checked, strict)


def _kind(asked: str | None, json: bool) -> str:
    if json and asked not in (None, "json"):
        raise click.UsageError(f"--json and --format {asked} ask for two forms: give one of them.")
    return "json" if json else asked or "text"


def _exit(checked: Sequence[Checked], strict: bool) -> Exit:
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    fails = any(found.severity in failing for one in checked for found in one.findings)
    return Exit.FINDINGS if fails else Exit.CLEAN


def _lines(checked: Sequence[Checked], fixes: Sequence[Fixed], show_ignored: bool) -> list[Line]:
    """Return what is told of the files: what was mended, what is left, and what it comes to."""
    from procflow.reports.findings import findings_lines, ignored_lines, summary
    from procflow.reports.paper import BLANK

    findings = [found for one in checked for found in one.findings]
    ignored = [found for one in checked for found in one.ignored]
    sources = {one.file: one.text for one in checked}
    lines = _mended(fixes)
    lines += [BLANK] if lines else []
    lines += findings_lines(findings, sources.get, cells=cells())
    lines += [BLANK] if findings else []
    if show_ignored and ignored:
        lines += [*ignored_lines(ignored, cells=cells()), BLANK]
    return [*lines, summary(findings, len(checked), len(ignored))]


def _would(checked: Sequence[Checked], fixes: Sequence[Fixed]) -> list[Line]:
    """Return what is told beside a diff: what it would mend, and what it comes to today."""
    from procflow.reports.findings import summary
    from procflow.reports.paper import counted, line

    findings = [found for one in checked for found in one.findings]
    would = sum(len(one.done) for one in fixes)
    told = f"{counted(would, 'finding')} would be mended; nothing was changed" if would else "nothing to mend"
    return [line(told), summary(findings, len(checked), sum(len(one.ignored) for one in checked))]


def _mended(fixes: Sequence[Fixed]) -> list[Line]:
    if not fixes:
        return []
    from procflow.reports.fixes import fixes_lines

    return [line for one in fixes for line in fixes_lines(one.file, one.done, one.undone)]


def _write(kind: str, checked: Sequence[Checked], fixes: Sequence[Fixed]) -> None:
    """Write what was found for programs."""
    findings = [found for one in checked for found in one.findings]
    ignored = [found for one in checked for found in one.ignored]
    if kind == "json":
        from procflow.reports.findings import findings_document

        document = findings_document(findings, [one.file for one in checked], ignored)
        if fixes:
            from procflow.reports.fixes import fixes_document

            document["fixed"] = [fixes_document(one.file, one.done, one.undone) for one in fixes]
        write_json(document)
    elif kind == "sarif":
        import procflow
        from procflow.reports.sarif import sarif_document

        sources = {one.file: one.text for one in checked}
        write_json(sarif_document(findings, ignored, version=procflow.__version__, sources=sources.get))
    else:
        from procflow.reports.findings import summary
        from procflow.reports.github import github_lines

        for text in github_lines(findings):
            click.echo(text)
        write_lines((summary(findings, len(checked), len(ignored)),))
