"""`procflow draw`: the picture of a procedure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from procflow.cli.exits import Exit
from procflow.cli.soundness import tell_unsound
from procflow.cli.terminal import cells, read_input, tell_lines, writing

if TYPE_CHECKING:
    from procflow.model.procedure import Procedure

_BY_SUFFIX = {".svg": "svg", ".mmd": "mermaid", ".mermaid": "mermaid", ".md": "markdown"}


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
    """Draw the procedure in FILE: who has the ball where, what leads where and when.

    An SVG is one file with everything in it, for a page or a wall; `auto` follows the reader's choice of light or
    dark. Mermaid is text that GitHub and many editors draw. A file with errors is not drawn: the findings come
    instead, with exit code 1. What is only unsound (PF3), such as a step that nothing leads to, is drawn and said.

    \b
    Examples:
      procflow draw complaint.yaml -o complaint.svg
      procflow draw complaint.yaml -o reclamatie.svg --language ro --theme light
      procflow draw complaint.yaml --format mermaid
      procflow draw - -o docs/complaint.md       (reads stdin)
    """
    from procflow.loading.procedure import read_procedure
    from procflow.reports.diagram import mermaid_of, svg_of
    from procflow.reports.findings import errors_of, findings_lines, summary
    from procflow.reports.paper import BLANK

    wanted = _form(output, form)
    content = read_input(file)
    name = "<stdin>" if file == "-" else file
    loaded = read_procedure(content, name)
    procedure = loaded.procedure
    if procedure is None or errors_of(loaded.findings):
        text = content.decode("utf-8", "replace")
        tell_lines(findings_lines(loaded.findings, lambda _: text, cells=cells()))
        tell_lines((BLANK, summary(loaded.findings, 1)))
        return Exit.FINDINGS
    across = direction == "right"
    language = _language(procedure, language)
    if wanted == "svg":
        picture = svg_of(procedure, language=language, theme=theme, across=across, standalone=True)
    else:
        picture = mermaid_of(procedure, language=language, across=across)
        if wanted == "markdown":
            picture = f"```mermaid\n{picture}```\n"
    if output is None:
        click.echo(picture, nl=False)
    else:
        with writing(Path(output)) as out:
            out.write(picture.encode("utf-8"))
    tell_unsound(procedure, name, "drawn")
    return Exit.CLEAN


def _form(output: str | None, form: str | None) -> str:
    """Return what to write: svg, mermaid, or markdown with Mermaid in it. Raises UsageError if nothing tells."""
    suffix = Path(output).suffix.lower() if output is not None else ""
    told = _BY_SUFFIX.get(suffix)
    if form is None and output is not None and told is None:
        raise click.UsageError(f"What is {output!r} to be? Name it .svg, .mmd or .md, or add --format.")
    if (form == "svg" and told in ("mermaid", "markdown")) or (form == "mermaid" and told == "svg"):
        raise click.UsageError(f"{output!r} and --format {form} contradict each other. Leave one of them out.")
    return told or form or "svg"


def _language(procedure: Procedure, asked: str) -> str:
    """Return the language of the picture, "" for the procedure's own. Raises UsageError for one nobody has words in."""
    from procflow.model.procedure import languages_of
    from procflow.texts import LANGUAGES

    known = dict.fromkeys((*languages_of(procedure), *LANGUAGES))
    for one in known:
        if one.lower() == asked.lower():
            return one
    if not asked:
        return ""
    raise click.BadParameter(f"{asked!r}: there are titles or words in {', '.join(known)}.", param_hint="--language")
