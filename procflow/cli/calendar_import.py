"""`procflow calendar import`: the holidays of a country as a proposal; nothing counts on them before somebody wrote them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procflow.cli.calendars_named import workspace_option
from procflow.cli.exits import Exit
from procflow.cli.options import as_json
from procflow.cli.terminal import cells, tell, write_json, write_lines
from procflow.errors import ProcflowError

if TYPE_CHECKING:
    from procflow.loading.holidays import Holiday, Holidays
    from procflow.loading.holidays_written import Difference
    from procflow.reports.paper import Line

_SPAN = re.compile(r"([0-9]{4})(?:\.\.([0-9]{4}))?")
_EARLIEST, _LATEST = 1950, 2100
"""Years in which the library may know something."""


@click.command("import", short_help="Propose the public holidays of a country.")
@click.argument("country", metavar="COUNTRY")
@click.argument("years", metavar="YEARS")
@click.option("--into", metavar="FILE", help="The file of holidays.  [default: calendars/holidays/COUNTRY.yaml]")
@click.option("--language", metavar="CODE", help="Language of the names.  [default: the first of the country]")
@click.option("--diff", is_flag=True, help="Show what would change in the file, and change nothing: the default.")
@click.option("--write", is_flag=True, help="Write the file, after you have looked at what changes.")
@workspace_option
@as_json
def import_(
    country: str,
    years: str,
    into: str | None,
    language: str | None,
    diff: bool,
    write: bool,
    workspace: str | None,
    json: bool,
) -> Exit:
    """Propose the public holidays of COUNTRY (RO, DE-BY) in YEARS (2027, or 2026..2028), and show what that changes.

    They come from the Python library `holidays`, whose version is kept with them. A list made elsewhere is a proposal:
    look at it, then --write it. What your house does differently belongs under `days:` of your calendar, which wins.

    What the library does not know: days that a government moves or adds later on, shortened days before a holiday,
    days off in exchange for a holiday on a Saturday. Days that follow the moon are marked as estimated.

    The exit code is 1 if something differs and was not written: run it once a month, and you hear of it.

    \b
    Examples:
      procflow calendar import RO 2026..2028
      procflow calendar import RO 2026..2028 --write
      procflow calendar import DE-BY 2027 --into calendars/holidays/bavaria.yaml --language de
    """
    if diff and write:
        raise click.UsageError("--diff changes nothing and --write does. Leave one of them out.")
    from procflow.loading.holiday_library import propose
    from procflow.loading.holidays_written import differences, holidays_text, merged

    first, last = _years(years)
    proposed = propose(country, first, last, language=language, made=datetime.now(UTC).date())
    path = _path(into, workspace, proposed.id)
    old = _old(path)
    new = merged(old, proposed)
    changes = tuple(differences(old, new))
    same = not changes and old is not None and (old.first, old.last) == (new.first, new.last)
    if write and not same:
        _save(path, holidays_text(new))
    if json:
        write_json(
            {
                "v": "1",
                "kind": "calendar-import",
                "file": str(path),
                "source": str(new.source),
                "covers": [new.first.isoformat(), new.last.isoformat()],
                "changes": [
                    {"day": one.day.isoformat(), "change": one.change.value, "name": _name(one.after or one.before)}
                    for one in changes
                ],
                "written": write and not same,
            }
        )
    else:
        write_lines(_lines(old, new, changes, path))
        _say(path, same=same, written=write and not same)
    return Exit.CLEAN if same or write else Exit.FINDINGS


def _years(text: str) -> tuple[int, int]:
    found = _SPAN.fullmatch(text)
    first, last = (int(found[1]), int(found[2] or found[1])) if found is not None else (0, 0)
    if not _EARLIEST <= first <= last <= _LATEST:
        told = f"{text!r} are no years from {_EARLIEST} to {_LATEST}: write 2027, or 2026..2028."
        raise click.BadParameter(told, param_hint="YEARS")
    return first, last


def _path(into: str | None, workspace: str | None, id: str) -> Path:
    from procflow.loading.calendars_found import FOLDER

    return Path(into) if into is not None else Path(workspace or ".") / FOLDER / "holidays" / f"{id}.yaml"


def _old(path: Path) -> Holidays | None:
    """Return the holidays of a file; None if it is not there yet. Raises ProcflowError if it cannot be used."""
    from procflow.loading.files import read_bytes, refused
    from procflow.loading.holidays import read_holidays

    if not path.exists():
        return None
    loaded = read_holidays(read_bytes(path), str(path))
    if loaded.holidays is None:
        raise refused(ProcflowError, loaded.findings, path)
    return loaded.holidays


def _save(path: Path, text: str) -> None:
    """Write the file whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.new")
        beside.write_text(text, "utf-8", newline="\n")
        beside.replace(path)
    except OSError as error:
        raise ProcflowError(f"cannot write {path}: {error.strerror}", hint="check the folder") from error


def _lines(old: Holidays | None, new: Holidays, changes: tuple[Difference, ...], path: Path) -> list[Line]:
    from procflow.reports.paper import BLANK, Column, faint, line, strong, table, visible

    before = "a new file" if old is None else f"was from {old.source}, {old.first} to {old.last}"
    lines = [line(strong(visible(str(path))), faint(f"   {before}"))]
    lines.append(line(f"  {new.source}, names in {new.source.language or 'English'}, {new.first} to {new.last}"))
    rows = [(*_row(one),) for one in changes]
    if rows:
        columns = (Column(head=""), Column(head="day"), Column(head="name", rest=True), Column(head="what"))
        lines += [BLANK, *table(columns, rows, cells())]
    return lines


def _row(one: Difference) -> tuple[str, str, str, str]:
    from procflow.loading.holidays_written import Change
    from procflow.reports.calendar_text import WEEKDAYS

    sign = {Change.ADDED: "+", Change.REMOVED: "-"}.get(one.change, "~")
    what = "" if one.change in (Change.ADDED, Change.REMOVED) else one.change.value
    if one.change is Change.RENAMED:
        what = f"was {_name(one.before)}"
    return sign, f"{WEEKDAYS[one.day.weekday()]} {one.day}", _name(one.after or one.before), what


def _name(one: Holiday | None) -> str:
    from procflow.reports.calendar_text import WEEKDAYS

    if one is None:
        return ""
    if one.like is not None:
        return " ".join(filter(None, (one.name, f"works like a {WEEKDAYS[one.like]}")))
    return f"{one.name} (estimated)" if one.estimated else one.name


def _say(path: Path, *, same: bool, written: bool) -> None:
    if same:
        tell("nothing differs")
    elif written:
        tell(f"{path} was written; name it under `holidays:` of your calendar, and have it reviewed")
    else:
        tell("nothing was written; look at it, then run it again with --write")
