"""`procflow check`: say everything that is wrong with the files somebody wrote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from procflow.cli.exits import Exit
from procflow.cli.options import as_json
from procflow.cli.terminal import cells, read_input, write_json, write_lines
from procflow.errors import Finding, Severity

if TYPE_CHECKING:
    from procflow.model.mapping import LogMapping
    from procflow.model.procedure import Procedure


@click.command(short_help="Check procedures, people and mappings.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--strict", is_flag=True, help="Let warnings count as errors do.")
@as_json
def check(files: tuple[str, ...], strict: bool, json: bool) -> Exit:
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
    from procflow.reports.findings import errors_of, findings_document, findings_lines, summary, warnings_of
    from procflow.reports.paper import BLANK

    names = tuple(dict.fromkeys(files))
    checked = [_check(file, read_input(file)) for file in names]
    findings = [found for one in checked for found in (*one.findings, *_against(one, checked))]
    if json:
        write_json(findings_document(findings, [_shown(name) for name in names]))
    else:
        sources = {one.file: one.text for one in checked}
        write_lines(findings_lines(findings, sources.get, cells=cells()))
        write_lines((BLANK,) if findings else ())
        write_lines((summary(findings, len(names)),))
    failing = errors_of(findings) + (warnings_of(findings) if strict else 0)
    return Exit.FINDINGS if failing else Exit.CLEAN


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    """One file after its check."""

    file: str
    text: str
    findings: tuple[Finding, ...]
    procedure: Procedure | None = None
    mapping: LogMapping | None = None


_PROCEDURE = re.compile(r"^[\"']?(procflow|procedure|steps)[\"']?\s*:", re.MULTILINE)
_PEOPLE = re.compile(r"^[\"']?(people|teams)[\"']?\s*:", re.MULTILINE)
_MAPPING = re.compile(r"^[\"']?case[\"']?\s*:", re.MULTILINE)


def _shown(file: str) -> str:
    return "<stdin>" if file == "-" else file


def _check(name: str, content: bytes) -> _Checked:
    file = _shown(name)
    text = content.decode("utf-8", "replace")
    if not _PROCEDURE.search(text):
        if _PEOPLE.search(text):
            return _check_people(file, content, text)
        if _MAPPING.search(text):
            return _check_mapping(file, content, text)
    return _check_procedure(file, content, text)


def _check_people(file: str, content: bytes, text: str) -> _Checked:
    from procflow.loading.people import read_people

    return _Checked(file=file, text=text, findings=tuple(read_people(content, file).findings))


def _check_mapping(file: str, content: bytes, text: str) -> _Checked:
    from procflow.loading.mapping import read_mapping

    loaded = read_mapping(content, file)
    return _Checked(file=file, text=text, findings=tuple(loaded.findings), mapping=loaded.mapping)


def _check_procedure(file: str, content: bytes, text: str) -> _Checked:
    from procflow.lint import lint
    from procflow.lint.publication import publication_findings
    from procflow.loading.procedure import read_procedure
    from procflow.model.rules import in_order

    loaded = read_procedure(content, file)
    findings = tuple(loaded.findings)
    if loaded.procedure is not None:
        before = publication_findings(loaded.procedure, datetime.now(UTC).date())
        # A draft may be checked long before it is approved: what forbids publishing does not forbid working on it.
        findings += tuple(replace(one, severity=Severity.WARNING) for one in before)
        findings = in_order((*findings, *lint(loaded.procedure)))
    return _Checked(file=file, text=text, findings=findings, procedure=loaded.procedure)


def _against(one: _Checked, checked: Sequence[_Checked]) -> tuple[Finding, ...]:
    """Return what a mapping says that the procedure beside it does not know; () if there is not exactly one."""
    procedures = [each.procedure for each in checked if each.procedure is not None]
    if one.mapping is None or len(procedures) != 1:
        return ()
    from procflow.loading.mapping import mapping_findings

    return mapping_findings(one.mapping, procedures[0])
