"""`procflow draw`: the picture of a procedure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from procflow.cli.exits import Exit
from procflow.cli.showing import form_of, language_among, read_shown, tell_unsound, write_text

if TYPE_CHECKING:
    from procflow.model.procedure import Procedure

_FORMS = {".svg": "svg", ".mmd": "mermaid", ".mermaid": "mermaid", ".md": "mermaid"}


@click.command(short_help="Draw a procedure as a picture.")
@click.argument("file")
@click.option("-o", "--output", metavar="OUT", help="Write to this file: .svg, .mmd, or .md with Mermaid in it.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["svg", "mermaid"]),
    help="What to write where the name of OUT does not say it.  [default: svg]",
)
@click.option("--language", metavar="CODE", default="", help="Language of titles and words, such as ro.")
@click.option(
    "--theme", type=click.Choice(["auto", "light", "dark"]), default="auto", help="Colours of an SVG.  [default: auto]"
)
@click.option(
    "--direction", type=click.Choice(["down", "right"]), default="down", help="Where the flow runs.  [default: down]"
)
def draw(file: str, output: str | None, form: str | None, language: str, theme: str, direction: str) -> Exit:
    """Draw the procedure in FILE: whose turn it is where, what leads where and when.

    Rules are marked where they speak of something (§2) and listed under the picture.
    An SVG is one file with everything in it, for a page or a wall; `auto` follows the reader's choice of light or
    dark. Mermaid is text that GitHub and many editors draw. A file with errors is not drawn: the findings come
    instead, with exit code 1. A flaw in the flow (PF3), such as a step that nothing leads to, is told and drawn.

    \b
    Examples:
      procflow draw complaint.yaml -o complaint.svg
      procflow draw complaint.yaml -o reclamatie.svg --language ro --theme light
      procflow draw complaint.yaml --format mermaid
      procflow draw - -o docs/complaint.md       (reads stdin)
    """
    from procflow.reports.diagram import mermaid_of, svg_of

    wanted = form_of(output, form, _FORMS, ".svg, .mmd or .md") or "svg"
    read = read_shown(file)
    if read is None:
        return Exit.FINDINGS
    procedure, _ = read
    across = direction == "right"
    language = _language(procedure, language)
    if wanted == "svg":
        picture = svg_of(procedure, language=language, theme=theme, across=across, standalone=True)
    else:
        picture = mermaid_of(procedure, language=language, across=across)
        if output is not None and Path(output).suffix.lower() == ".md":
            picture = f"```mermaid\n{picture}```\n"
    if output is None:
        click.echo(picture, nl=False)
    else:
        write_text(Path(output), picture)
    tell_unsound(procedure, "drawn")
    return Exit.CLEAN


def _language(procedure: Procedure, asked: str) -> str:
    """Return the language of the picture, "" for the procedure's own. Raises BadParameter for one nobody has words in."""
    from procflow.model.procedure import languages_of
    from procflow.texts import LANGUAGES

    return (
        language_among(asked, (*languages_of(procedure), *LANGUAGES), "there are titles or words in") if asked else ""
    )
