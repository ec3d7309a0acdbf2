"""What `draw`, `doc` and `play` have in common: they show people a procedure, and what is unsound in it is shown and said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procflow.cli.terminal import cells, name_of_input, read_input, tell, tell_lines, writing
from procflow.errors import ProcflowError, errors_of

if TYPE_CHECKING:
    from procflow.model.procedure import Procedure

_MOST_TOLD = 3
_PRINT = "Open the page of `procflow doc -o page.html` in a browser and print it to PDF: the picture is in it."
_WORD = "Open the page of `procflow doc -o page.html` in a word processor, or paste it."
_PIXELS = "An SVG stays sharp at any size; a browser shows and prints it, and a drawing program exports it as pixels."
_OF_OTHER_PROGRAMS = {
    ".pdf": _PRINT,
    **dict.fromkeys((".doc", ".docx", ".odt", ".rtf"), _WORD),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".webp"), _PIXELS),
}
"""What people ask for, and the way to it."""


def read_shown(file: str) -> tuple[Procedure, str] | None:
    """Return the procedure of a file, and its text; None if it has errors, which are said on stderr."""
    from procflow.loading.policies import looks_like_policies
    from procflow.loading.procedure import read_procedure
    from procflow.reports.findings import findings_lines, summary
    from procflow.reports.paper import BLANK

    content = read_input(file)
    if looks_like_policies(content.decode("utf-8", "replace")):
        raise ProcflowError(
            f"{name_of_input(file)} holds policies, and no procedure",
            hint="`procflow check` reads them beside procedures; `procflow audit --policies` and `procflow rules` judge by them",
        )
    loaded = read_procedure(content, name_of_input(file))
    if loaded.procedure is not None:
        return loaded.procedure, loaded.source
    text = content.decode("utf-8", "replace")
    tell_lines(findings_lines(loaded.findings, lambda _: text, cells=cells()))
    tell_lines((BLANK, summary(loaded.findings, 1)))
    return None


def tell_unsound(procedure: Procedure, done: str) -> None:
    """Say on stderr what stands against a procedure that was `done`, drawn or written, all the same."""
    from procflow.lint import lint

    file = procedure.where.file
    errors = errors_of(lint(procedure))
    for one in errors[:_MOST_TOLD]:
        tell(f"{one.where or file}: {one.code}: {one.message}")
    if errors:
        more = f" ({len(errors) - _MOST_TOLD} more)" if len(errors) > _MOST_TOLD else ""
        tell(f"note: {done} as it is, although its flow has flaws{more}; see `procflow check {file}`")


def form_of(output: str | None, asked: str | None, forms: Mapping[str, str], names: str) -> str | None:
    """Return which of `forms` (by the ending of a file) is wanted; None if neither the output nor anybody says.

    Raises UsageError if the ending says nothing, or something else than what was asked for. `names` are the endings.
    """
    told = forms.get(Path(output).suffix.lower()) if output is not None else None
    if asked is None and output is not None and Path(output).suffix.lower() in _OF_OTHER_PROGRAMS:
        ending = Path(output).suffix.lower()
        way = _OF_OTHER_PROGRAMS[ending]
        raise click.UsageError(f"procflow writes {names}, and no {ending}. {way}")
    if asked is None and output is not None and told is None:
        raise click.UsageError(f"What is {output!r} to be? Name it {names}, or add --format.")
    if asked is not None and told is not None and asked != told:
        raise click.UsageError(f"{output!r} and --format {asked} contradict each other. Leave one of them out.")
    return told or asked


def language_among(asked: str, known: Iterable[str], has: str) -> str:
    """Return the language that was asked for, as it is written where it is `known`. Raises BadParameter: `has` says what is."""
    known = tuple(dict.fromkeys(known))
    for one in known:
        if one.lower() == asked.lower():
            return one
    raise click.BadParameter(f"{asked!r}: {has} {', '.join(known)}.", param_hint="--language")


def write_text(path: Path, text: str) -> None:
    """Write a file in UTF-8."""
    with writing(path) as out:
        out.write(text.encode("utf-8"))
