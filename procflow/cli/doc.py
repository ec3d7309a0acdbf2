"""`procflow doc`: the procedure as the document people read and print."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procflow.cli.exits import Exit
from procflow.cli.showing import form_of, language_among, read_shown, tell_unsound, write_text
from procflow.cli.terminal import tell
from procflow.errors import CalendarError, ProcflowError

if TYPE_CHECKING:
    from procflow.calendars.book import CalendarSet
    from procflow.model.procedure import Procedure

_FORMS = {".html": "html", ".htm": "html", ".md": "markdown", ".markdown": "markdown"}
_SUFFIX = {"html": ".html", "markdown": ".md"}


@click.command(short_help="Write a procedure as a document to read and print.")
@click.argument("file")
@click.option("-o", "--output", metavar="OUT", help="Write to this file, .html or .md; with --all to this folder.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "markdown"]),
    help="What to write where the name of OUT does not say it.  [default: html]",
)
@click.option("--language", metavar="CODE", help="Language of the page.  [default: the first the title is given in]")
@click.option("--all", "every", is_flag=True, help="Write a page in each language of the procedure, linked together.")
@click.option("--no-examples", is_flag=True, help="Leave out the scenarios, which make a long page to print.")
def doc(file: str, output: str | None, form: str | None, language: str | None, every: bool, no_examples: bool) -> Exit:
    """Write the procedure in FILE as a standard operating procedure, in plain words.

    It says who takes part, who does what in which order, what must be known and proved, where each action leads and
    when, how long it may take, what is promised to whom, which rules hold whatever way a case takes, who may set the
    procedure aside; with the picture, the version and the approvals. HTML is one file with
    everything in it, ready to print; Markdown goes into wikis. What is not given in the language of the page is shown
    in another and marked. The same file always gives the same bytes. A file with errors is not written: the findings
    come instead, with exit code 1. A flaw in the flow (PF3) is told, and the page is written.

    \b
    Examples:
      procflow doc complaint.yaml -o complaint.html
      procflow doc complaint.yaml -o reclamatie.md --language ro
      procflow doc complaint.yaml --no-examples -o short.html
      procflow doc complaint.yaml --all -o handbook/    (handbook/complaint.en.html, ...)
    """
    wanted = _form(output, form, every)
    if every and language is not None:
        raise click.UsageError("--all and --language contradict each other. Leave one of them out.")
    read = read_shown(file)
    if read is None:
        return Exit.FINDINGS
    procedure, _ = read
    if every:
        _write_all(file, procedure, Path(output or "."), wanted, not no_examples)
    else:
        page = _page(file, procedure, _language(procedure, language), wanted, (), not no_examples)
        if output is None:
            click.echo(page, nl=False)
        else:
            _write(Path(output), page)
    tell_unsound(procedure, "written")
    return Exit.CLEAN


def _form(output: str | None, form: str | None, every: bool) -> str:
    """Return what to write. Raises UsageError if nothing tells, or two things contradict each other."""
    if every:
        if output is None:
            raise click.UsageError("Several pages go into a folder: say where with --output FOLDER.")
        return form or "html"
    return form_of(output, form, _FORMS, ".html or .md") or "html"


def _language(procedure: Procedure, asked: str | None) -> str:
    """Return the language of the page. Raises BadParameter for one the procedure has nothing in."""
    from procflow.reports.document import languages_in
    from procflow.texts import LANGUAGES

    given = languages_in(procedure)
    if asked is None:
        return given[0] if given else "en"
    # Where no text says its language, whoever asks knows which it is.
    has = "is given in" if given else "names no language; its words can come in"
    return language_among(asked, given or LANGUAGES, f"{procedure.id} {has}")


def _write_all(file: str, procedure: Procedure, folder: Path, form: str, examples: bool) -> None:
    from procflow.reports.document import languages_in

    codes = languages_in(procedure) or ("en",)
    files = [(code, f"{procedure.id}.{code}{_SUFFIX[form]}") for code in codes]
    pages = [(folder / name, _page(file, procedure, code, form, files, examples)) for code, name in files]
    if folder.exists() and not folder.is_dir():
        raise ProcflowError(f"cannot write to {folder}: it is a file", hint="With --all, --output names a folder.")
    folder.mkdir(parents=True, exist_ok=True)
    for path, page in pages:
        _write(path, page)


def _write(path: Path, page: str) -> None:
    write_text(path, page)
    tell(f"written: {path}")


def _page(
    file: str, procedure: Procedure, code: str, form: str, others: Sequence[tuple[str, str]], examples: bool
) -> str:
    from procflow.reports.diagram import mermaid_of
    from procflow.reports.document import html_of, markdown_of

    calendars = _calendars(file, procedure)
    if form == "markdown":
        mermaid = mermaid_of(procedure, language=code, listed=False)
        return markdown_of(procedure, code, mermaid=mermaid, others=others, examples=examples, calendars=calendars)
    return html_of(procedure, code, svg=_svg(procedure, code), others=others, examples=examples, calendars=calendars)


def _calendars(file: str, procedure: Procedure) -> CalendarSet | None:
    """Return the calendars that say which hours count; None, with a word on stderr, if they cannot be had."""
    from procflow.loading.calendars_found import calendars_for, named_calendars

    try:
        return calendars_for(file, only=named_calendars(procedure))
    except CalendarError as error:
        tell(f"note: the page does not tell which hours count: {error.message}")
        return None


def _svg(procedure: Procedure, code: str) -> str:
    """Return the picture; empty, with a word on stderr, if it cannot be drawn here."""
    from procflow.reports.diagram import svg_of

    try:
        return svg_of(procedure, language=code, listed=False)
    except ProcflowError as error:
        tell(f"note: the page has no picture: {error.message}")
        return ""
