"""`procflow waiting`: who waited for whom in the cases of a log, as text, as JSON, or as pages for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from heapq import nsmallest
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import click

from procflow.cli.exits import Exit
from procflow.cli.options import log_time_options
from procflow.cli.showing import form_of, language_among, write_text
from procflow.cli.terminal import (
    cells,
    check_writable,
    files_as_sources,
    progress,
    tell,
    text_of_json,
    text_of_lines,
    write_lines,
)
from procflow.errors import CaseNotFound, ProcflowError

if TYPE_CHECKING:
    from procflow.model.procedure import Procedure
    from procflow.model.report import AuditReport
    from procflow.model.story import CaseStory

_FORMS = MappingProxyType({".html": "html", ".htm": "html", ".svg": "svg", ".json": "json", ".txt": "text"})
_PICTURES = ("html", "svg")
_MOST_PAGES = 100
"""Of a log with more cases, those in which most went wrong have a page."""


@click.command(short_help="Show who waited for whom in the cases of a log.")
@click.argument("procedure")
@click.argument("logs", nargs=-1, required=True, metavar="LOG...")
@click.option("--case", metavar="ID", help="Only this case: its id, or the beginning or end of it.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html", "svg"]),
    help="What to write where the name of OUT does not say it.  [default: text]",
)
@click.option("-o", "--output", metavar="OUT", help="Write to this file; pages of several cases into this folder.")
@click.option(
    "--language", metavar="CODE", help="Language of pages and pictures.  [default: the first the title is given in]"
)
@click.option("--mapping", metavar="FILE", help="Which column of the log is what; an export of procflow needs none.")
@click.option("--people", metavar="FILE", help="Who is called how, and who holds which role, if the log does not say.")
@log_time_options
def waiting(
    procedure: str,
    logs: tuple[str, ...],
    case: str | None,
    form: str | None,
    output: str | None,
    language: str | None,
    mapping: str | None,
    people: str | None,
    calendars: str | None,
    as_of: datetime | None,
) -> Exit:
    """Show who waited for whom in the cases of LOGs, judged by PROCEDURE: who had the ball, where work lay that nobody had
    accepted, which questions nobody answered, who waited in a circle, who answered for the case, and what would have been
    right.

    `html` is one page a case with everything in it, for people who were there: a timeline with a line for each person, and
    every finding in words. `svg` is the timeline alone. With several cases they are pages in a folder, and one that leads
    to them. `text` and `json` tell of all cases together.
    The exit code is 1 if something went wrong that nobody excused.

    \b
    Examples:
      procflow waiting complaint.yaml export.jsonl
      procflow waiting complaint.yaml export.jsonl --case 01KAE6 -o story.html --language ro
      procflow waiting complaint.yaml tickets.csv --mapping tickets.map.yaml --people people.yaml --format html -o stories/
    """
    form = _form(output, form)
    if language is not None and form not in _PICTURES:
        raise click.UsageError(f"--language is about pages and pictures: {form} comes in English alone.")
    given: Mapping[str, object] = {"mapping": mapping, "people": people, "calendars": calendars, "as_of": as_of}
    if form in _PICTURES:
        return _pages(procedure, logs, case, form, output, language, given)
    return _told(procedure, logs, case, form, output, given)


def _form(output: str | None, form: str | None) -> str:
    """Return what to write: a folder of pages where the output is one, or is written as one."""
    if output is not None and (output.endswith(("/", "\\")) or Path(output).is_dir()):
        if form not in (None, *_PICTURES):
            raise click.UsageError(f"{output!r} is a folder: pages (--format html) go there, and no {form}.")
        return form or "html"
    if output is not None and form == "html" and not Path(output).suffix:
        return "html"
    if output is not None and Path(output).suffix.lower() == ".pdf":
        raise click.UsageError("Write a page, as in --output story.html, and print it to PDF from a browser.")
    return form_of(output, form, _FORMS, ".html, .svg, .json or .txt") or "text"


# --- pages ---------------------------------------------------------------------------------------------------------


def _pages(
    procedure: str,
    logs: tuple[str, ...],
    case: str | None,
    form: str,
    output: str | None,
    language: str | None,
    given: Mapping[str, object],
) -> Exit:
    from procflow.auditor.story import stories_in, story_in

    if case is not None:
        one = story_in(procedure, logs, case, **given)  # type: ignore[arg-type]
        return _one(one, form, output, language)
    stories = stories_in(procedure, logs, **given)  # type: ignore[arg-type]
    first = next(stories, None)
    if first is None:
        raise ProcflowError(
            "there is no case to tell of",
            hint="`--format text` tells what is wrong with the log; look at the mapping, and at `--as-of`",
        )
    second = next(stories, None)
    if second is None:
        return _one(first, form, output, language)
    if form == "svg" or output is None or Path(output).suffix:
        raise click.UsageError(
            f"The log has several cases, {first.trace.case} and {second.trace.case} among them: say which with --case ID,"
            " or write all of them into a folder: --format html --output FOLDER/."
        )
    return _folder(_all(first, second, stories), Path(output), language)


def _all(first: CaseStory, second: CaseStory, more: Iterator[CaseStory]) -> Iterator[CaseStory]:
    yield from (first, second)
    yield from more


def _one(story: CaseStory, form: str, output: str | None, language: str | None) -> Exit:
    from procflow.reports.page import findings_of, html_of, svg_of

    code = _language(story.procedure, language)
    text = html_of(story, code) if form == "html" else svg_of(story, code)
    if output is None:
        click.echo(text, nl=False)
    else:
        path = Path(output) / f"{_file(story.trace.case)}.{form}" if _folder_named(output) else Path(output)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, text)
        tell(f"written: {path}")
    return Exit.FINDINGS if findings_of(story) else Exit.CLEAN


def _folder_named(output: str) -> bool:
    return output.endswith(("/", "\\")) or Path(output).is_dir() or not Path(output).suffix


def _folder(stories: Iterator[CaseStory], folder: Path, language: str | None) -> Exit:
    """Write a page for each case, those first in which most went wrong, and the page that leads to them."""
    from procflow.reports.page import findings_of, html_of, overview_of, told_of

    if folder.exists() and not folder.is_dir():
        raise ProcflowError(
            f"cannot write to {folder}: it is a file", hint="With several cases, --output names a folder."
        )
    with progress() as told:
        cases = 0

        def ranked() -> Iterator[tuple[int, int, CaseStory]]:
            nonlocal cases
            for one in stories:
                cases += 1
                if told is not None and cases % 500 == 0:
                    told("cases", cases)
                yield -len(findings_of(one)), cases, one

        worst = [one for _, _, one in nsmallest(_MOST_PAGES, ranked(), key=lambda each: each[:2])]
    code = _language(worst[0].procedure, language)
    folder.mkdir(parents=True, exist_ok=True)
    entries = []
    used: set[str] = set()
    for one in worst:
        name = f"{_file(one.trace.case, used)}.html"
        write_text(folder / name, html_of(one, code))
        entries.append(told_of(one, name))
    write_text(folder / "index.html", overview_of(worst[0], entries, code, cases=cases))
    left_out = f" of {cases:,}, those in which most went wrong" if cases > len(worst) else ""
    tell(f"written: {folder / 'index.html'} and {len(worst):,} pages{left_out}")
    return Exit.FINDINGS if any(findings_of(one) for one in worst) else Exit.CLEAN


def _file(case: str, used: set[str] | None = None) -> str:
    """Return the name of the file of a case, without its ending: of its id what every system takes in a name."""
    kept = "".join(one if one.isascii() and (one.isalnum() or one in "-_") else "_" for one in case)[:80] or "case"
    # Systems that know no small and capital letters have `A` and `a` in one file.
    name, number = kept, 2
    while used is not None and (name.lower() in used or name.lower() == "index"):
        name, number = f"{kept}-{number}", number + 1
    if used is not None:
        used.add(name.lower())
    return name


def _language(procedure: Procedure, asked: str | None) -> str:
    """Return the language of a page. Raises BadParameter for one that neither the procedure nor our words come in."""
    from procflow.reports.document import languages_in
    from procflow.texts import LANGUAGES

    known = languages_in(procedure)
    if asked is None:
        return known[0] if known else "en"
    return language_among(asked, (*known, *LANGUAGES), "pages come in")


# --- text and JSON -------------------------------------------------------------------------------------------------


def _told(
    procedure: str, logs: tuple[str, ...], case: str | None, form: str, output: str | None, given: Mapping[str, object]
) -> Exit:
    from procflow.auditor import audit
    from procflow.auditor.waiting import waiting_of
    from procflow.reports.waiting_json import waiting_document
    from procflow.reports.waiting_text import waiting_lines

    target = Path(output) if output is not None else None
    if target is not None:
        check_writable(target)
    with progress() as told:
        report = audit(procedure, logs, progress=told, **given)  # type: ignore[arg-type]
    if case is not None:
        report = _only(report, case)
    found = waiting_of(report)
    if form == "json":
        _write(text_of_json(waiting_document(found)), target)
    elif target is None:
        write_lines(waiting_lines(found, cells=cells(), sources=files_as_sources()))
    else:
        _write(text_of_lines(waiting_lines(found, sources=files_as_sources())), target)
    return (
        Exit.CLEAN if report.cases and all(one.clean for one in report.cases) and not found.findings else Exit.FINDINGS
    )


def _write(text: str, target: Path | None) -> None:
    if target is None:
        click.echo(text, nl=False)
    else:
        write_text(target, text)
        tell(f"written: {target}")


def _only(report: AuditReport, case: str) -> AuditReport:
    """Return the report with one case alone. Raises CaseNotFound unless there is just one."""
    from dataclasses import replace

    exact = [one for one in report.cases if one.case == case]
    found = exact or [one for one in report.cases if case and (one.case.startswith(case) or one.case.endswith(case))]
    if len(found) != 1:
        told = f"there is no case “{case}”" if not found else f"“{case}” fits {len(found):,} cases"
        raise CaseNotFound(f"{told} among the {len(report.cases):,} of the log", hint="Give the whole id.")
    id = found[0].case
    part = report.taking_part
    part = replace(
        part,
        contacts=tuple(one for one in part.contacts if one.case == id),
        circles=tuple(one for one in part.circles if id in one.cases),
        deviations=tuple(one for one in part.deviations if one.case == id),
    )
    return replace(report, cases=tuple(found), taking_part=part, ball=found[0].ball)
