"""`procflow card`: a service as a card for those who ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from procflow.cli.exits import Exit
from procflow.cli.folders import files_of
from procflow.cli.options import as_json, opened
from procflow.cli.showing import form_of, write_text
from procflow.cli.terminal import (
    cells,
    files_as_sources,
    tell,
    tell_lines,
    text_of_json,
    text_of_lines,
    write_json,
    write_lines,
)
from procflow.errors import CalendarError, ProcflowError, errors_of

if TYPE_CHECKING:
    from procflow.calendars.book import CalendarSet
    from procflow.errors import Finding
    from procflow.model.library import Library
    from procflow.model.procedure import Procedure
    from procflow.model.services import Service
    from procflow.model.serving import Serving

_FORMS = {".html": "html", ".htm": "html", ".md": "markdown", ".markdown": "markdown", ".txt": "text", ".json": "json"}
_PREFIX = "service:"


@click.command(short_help="Write a service as a card for those who ask for it.")
@click.argument("service", metavar="SERVICE")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("-o", "--output", metavar="OUT", help="Write to this file: .html, .md, .txt or .json.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html", "markdown", "json"]),
    help="What to write where the name of OUT does not say it.  [default: text]",
)
@click.option("--language", metavar="CODE", help="Language of the card.  [default: the first its title is given in]")
@click.option("--log", "logs", metavar="LOG", multiple=True, help="Add what this record says; repeat it for more.")
@click.option("--mapping", metavar="FILE", help="Which column of the log is what; an export of procflow needs none.")
@click.option("--store", metavar="URL", help="Add what the cases in this store say.")
@as_json
def card(
    service: str,
    files: tuple[str, ...],
    output: str | None,
    form: str | None,
    language: str | None,
    logs: tuple[str, ...],
    mapping: str | None,
    store: str | None,
    json: bool,
) -> Exit:
    """Write SERVICE of services.yaml as a card: what to give, how long it takes, by what it is good, who gives it, how to be
    a good client of it. It is made from services.yaml and the procedure, in FILEs or folders (this one, if none is given).

    With --log or --store it also says how much waits for whom and how long that may take, how complete requests come
    and what they lack, and how many people know both sides of each hand-off.

    A service or a step to which nobody says what must be given (PF664, PF665), and one whose procedure lacks what it
    names (PF663), is told instead, with exit code 1.

    \b
    Examples:
      procflow card service:laptop
      procflow card laptop service/ --language fa -o laptop.html
      procflow card laptop --store sqlite:///procflow.db
      procflow card laptop --log export.jsonl --json
    """
    if json and form not in (None, "json"):
        raise click.UsageError(f"--json and --format {form} ask for two forms: give one of them.")
    if logs and store is not None:
        raise click.UsageError("--log and --store each say what the record is: give one of them.")
    wanted = form_of(output, "json" if json else form, _FORMS, ".html, .md, .txt or .json") or "text"
    from procflow.loading.library import load_library

    library = load_library(files_of(files or (".",)))
    one = _service(service.removeprefix(_PREFIX), library)
    lacking = _lacking(one, library)
    if lacking:
        from procflow.reports.findings import findings_lines, summary
        from procflow.reports.paper import BLANK

        tell_lines(findings_lines(lacking, files_as_sources(), cells=cells()))
        tell_lines((BLANK, summary(lacking, 1)))
        return Exit.FINDINGS
    code = _language(one, library.procedures[one.procedure], language)
    serving = _served(one, library, logs, mapping, store)
    _write(one, library, code, serving, wanted, output)
    return Exit.CLEAN


def _service(name: str, library: Library) -> Service:
    from difflib import get_close_matches

    known = library.services.services
    if name not in known:
        close = get_close_matches(name, known, n=1)
        there = f"there are: {', '.join(known)}" if known else "services.yaml lists them; name it, or its folder"
        raise ProcflowError(f"there is no service “{name}”", hint=f"did you mean {close[0]}?" if close else there)
    one = known[name]
    if one.procedure not in library.procedures:
        raise ProcflowError(
            f"“{name}” is given by the procedure {one.procedure}, which is not among the files",
            code="PF662",
            where=one.where,
            hint="name its file as well, or the folder it lies in",
        )
    return one


def _lacking(one: Service, library: Library) -> Sequence[Finding]:
    """Return what keeps a card from being true: names the procedure does not have, and inputs nobody says."""
    from procflow.lint.services import service_findings, step_findings
    from procflow.model.services import Services

    procedure = library.procedures[one.procedure]
    alone = Services(services={one.id: one})
    return errors_of((*service_findings(alone, [procedure]), *step_findings(procedure, alone)))


def _language(one: Service, procedure: Procedure, asked: str | None) -> str:
    from procflow.reports.document import languages_in
    from procflow.texts import LANGUAGES

    given = (*(code for code in one.title if code), *languages_in(procedure))
    if asked is None:
        return given[0] if given else "en"
    for code in (*given, *LANGUAGES):
        if code.lower() == asked.lower():
            return code
    raise click.BadParameter(f"{asked!r}: there are {', '.join(LANGUAGES)}.", param_hint="--language")


def _served(
    one: Service, library: Library, logs: Sequence[str], mapping: str | None, store: str | None
) -> Serving | None:
    from procflow.auditor.serving import serve

    procedure = library.procedures[one.procedure]
    shadowing = library.services.shadowing
    if store is None:
        return serve(one, [procedure], logs, shadowing=shadowing, mapping=mapping) if logs else None
    with opened(store, None) as engine, TemporaryDirectory() as folder:
        ids = engine.cases(one.procedure)
        versions = {each.digest: each for each in map(engine.procedure_of, ids)}
        versions[procedure.digest] = versions.pop(procedure.digest, procedure)
        record = Path(folder) / "record.jsonl"
        with record.open("wb") as out:
            if ids:
                engine.export(out, ids)
        return serve(one, list(versions.values()), [record], shadowing=shadowing)


def _calendars(procedure: Procedure) -> CalendarSet | None:
    from procflow.loading.calendars_found import calendars_for, named_calendars

    try:
        return calendars_for(procedure.where.file, only=named_calendars(procedure))
    except CalendarError as error:
        tell(f"note: the card does not tell which hours count: {error.message}")
        return None


def _write(one: Service, library: Library, code: str, serving: Serving | None, form: str, output: str | None) -> None:
    from procflow.reports.card_text import card_document, card_lines
    from procflow.reports.document.card import card_of, card_page

    found = card_of(one, library, code, _calendars(library.procedures[one.procedure]), serving)
    if output is None and form == "json":
        write_json(card_document(found, code))
        return
    page = card_page(found, code)
    if output is None and form == "text":
        write_lines(card_lines(page, cells()))
        return
    match form:
        case "json":
            text = text_of_json(card_document(found, code))
        case "text":
            text = text_of_lines(card_lines(page, cells()))
        case "markdown":
            from procflow.reports.document.markdown import render as markdown

            text = markdown(page)
        case _:
            from procflow.reports.document.html import render as html

            text = html(page)
    if output is None:
        click.echo(text, nl=False)
    else:
        write_text(Path(output), text)
        tell(f"written: {output}")
