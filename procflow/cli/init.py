"""`procflow init`: a folder a process owner can start in, with an example, its people, and settings for the editor."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procflow.cli.exits import Exit
from procflow.cli.terminal import cells, write_lines
from procflow.errors import ProcflowError

if TYPE_CHECKING:
    from procflow.reports.paper import Line

_WORKSPACE = Path(__file__).parent / "workspace"
_SCHEMAS = ".procflow/schemas"
_MODELINE = re.compile(r"(\$schema=)\S*/(\w+\.schema\.json)")
EXAMPLE = "example"
SHIPPED = ("complaint", "handoff", "incident", "service-request", "sla-agreement")
"""The procedures of the library that one can start from."""

_KINDS = ("procedure", "people", "clients", "agreements", "services", "calendar", "holidays", "mapping", "policies")
"""Of files, each with a schema."""
_YEARS = range(2026, 2029)
"""Those the calendar of the template covers."""

_AS_THEY_ARE = {
    ".vscode/settings.json": ".vscode/settings.json",
    ".vscode/extensions.json": ".vscode/extensions.json",
    ".pre-commit-config.yaml": "pre-commit-config.yaml",
    ".gitignore": "gitignore",
}
"""Name in the new folder -> name in ours, where a file that begins with a point would act on this repository."""

_WHAT = {
    "README.md": "the first ten minutes",
    "people.yaml": "who is who",
    "clients.yaml": "whom we work for",
    "agreements.yaml": "tiers of service, and who has which",
    "calendars/office.yaml": "when your office works",
    _SCHEMAS: "what the editor knows of the language",
    ".vscode/settings.json": "the editor completes and checks while you type",
    ".vscode/extensions.json": "the extension it needs for that",
    ".pre-commit-config.yaml": "for Git: nothing gets in that does not hold together",
    ".gitignore": "for Git: the store of cases stays out",
}


@click.command(short_help="Make a folder to write procedures in.")
@click.argument("folder", default=".")
@click.option(
    "--from",
    "sources",
    type=click.Choice([EXAMPLE, *SHIPPED]),
    multiple=True,
    metavar="NAME",
    help="What to start from; repeat it for more. [default: example]",
)
def init(folder: str, sources: tuple[str, ...]) -> Exit:
    """Make FOLDER, or the folder you are in, a place to write procedures: an example, people.yaml, a calendar, a README
    with the first ten minutes, and settings with which VS Code completes and checks while you type.

    \b
    NAME is one of
      example           a purchase for the office: small, with a comment on everything (the default)
      complaint         a client complains: thank, clarify, apologise, ask, answer
      handoff           work goes to another department: offered, accepted, done, confirmed
      incident          something is broken: triage by impact and urgency, solve, confirm
      service-request   somebody asks for something from the catalogue, or for access
      sla-agreement     a promise to a client: asked, simulated, negotiated, signed, reviewed

    Nothing is ever overwritten: files that are there are kept, and named.

    \b
    Examples:
      procflow init
      procflow init care
      procflow init care --from complaint --from incident
    """
    from procflow.reports.paper import Mark, faint, line, padded, prose, strong, visible

    target = Path(folder)
    chosen = tuple(dict.fromkeys(sources)) or (EXAMPLE,)
    made: list[str] = []
    kept: list[str] = []
    for name, text in _files(chosen):
        shown = _SCHEMAS if name.startswith(_SCHEMAS) else name
        (made if _write(target / name, text) else kept).append(shown)
    made, kept = list(dict.fromkeys(made)), list(dict.fromkeys(kept))
    write_lines((line(strong(f"{'Made' if made else 'Nothing new'} in {visible(str(target))}")),))
    wide = max((len(name) for name in made), default=0)
    write_lines(line("  ", padded(name, wide), faint(f"  {_WHAT.get(name, 'a procedure')}")) for name in made)
    if kept:
        write_lines(prose(", ".join(kept), cells(), label="Kept as it was: ", mark=Mark.DOUBTFUL))
    write_lines(_next(target, chosen))
    return Exit.CLEAN


def _files(chosen: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what a new folder holds: the path within it, and the text."""
    from procflow.resources import shipped

    first = f"procedures/{chosen[0]}.yaml"
    for name in chosen:
        whence = _WORKSPACE / "procedures" if name == EXAMPLE else shipped("procedures")
        yield f"procedures/{name}.yaml", _near(_read(whence / f"{name}.yaml"), f"../{_SCHEMAS}")
    library = any(name != EXAMPLE for name in chosen)
    people = shipped("procedures") / "people.example.yaml" if library else _WORKSPACE / "people.yaml"
    yield "people.yaml", _near(_read(people), _SCHEMAS)
    for kind in ("clients", "agreements") if library else ():
        yield f"{kind}.yaml", _near(_read(shipped("procedures") / f"{kind}.example.yaml"), _SCHEMAS)
    yield "calendars/office.yaml", _from_now(_read(_WORKSPACE / "calendars" / "office.yaml"))
    yield "README.md", _read(_WORKSPACE / "README.md").replace("PROCEDURE", first)
    for name, ours in _AS_THEY_ARE.items():
        yield name, _read(_WORKSPACE / ours)
    for kind in _KINDS:
        yield f"{_SCHEMAS}/{kind}.schema.json", _read(shipped("schemas") / f"{kind}.schema.json")


def _from_now(text: str) -> str:
    """Return the template of a calendar with the years that begin now."""
    first = datetime.now(UTC).year
    for year in reversed(_YEARS):
        text = text.replace(str(year), str(first + year - _YEARS[0]))
    return text


def _near(text: str, schemas: str) -> str:
    """Return a file whose first line tells editors of the schemas beside it."""
    return _MODELINE.sub(rf"\g<1>{schemas}/\g<2>", text, count=1)


def _read(path: Path) -> str:
    return path.read_text("utf-8")


def _write(path: Path, text: str) -> bool:
    """Write a file; False if there is one already. Raises ProcflowError if it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        if path.is_dir() or not path.parent.is_dir():
            raise ProcflowError(f"{path} cannot be made: something else has a name on the way") from None
        return False
    except NotADirectoryError:
        raise ProcflowError(f"{path} cannot be made: {path.parent} is no folder") from None
    except OSError as error:
        raise ProcflowError(f"{path} cannot be made: {error.strerror}") from error
    return True


def _next(target: Path, chosen: Sequence[str]) -> Iterator[Line]:
    from procflow.reports.paper import BLANK, line, strong, visible

    file = f"procedures/{chosen[0]}.yaml"
    yield BLANK
    yield line(strong("Next"))
    if target != Path():
        yield line(f"  cd {visible(str(target))}")
    yield line(f"  procflow check {file}")
    yield line(f"  procflow play {file}")
