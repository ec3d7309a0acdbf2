"""Calendars by name or path, and moments as people write them: what the commands of `procflow calendar` take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from procflow.errors import CalendarError

if TYPE_CHECKING:
    from procflow.calendars.calendar import Calendar
    from procflow.loading.calendars import LoadedCalendar

Command = TypeVar("Command", bound=Callable[..., Any])

workspace_option = click.option(
    "--workspace",
    metavar="DIR",
    envvar="PROCFLOW_WORKSPACE",
    show_envvar=True,
    help="Folder in which calendars/ lies; this one, if none is given.",
)


def calendar_paths(workspace: str | None) -> dict[str, Path]:
    """Return the files of all calendars that a name may stand for, by their names."""
    from procflow.loading.calendars_found import FOLDER, calendar_files, calendar_folders

    start = Path(workspace) if workspace is not None else Path()
    return calendar_files([start / FOLDER, start / "procedures" / FOLDER, *calendar_folders(start, None)])


def is_foreign(path: Path, name: str, workspace: str | None) -> bool:
    """Return True if a calendar only comes with procflow, and no procedure of the workspace names it."""
    from procflow.cli.folders import files_of
    from procflow.errors import ProcflowError
    from procflow.loading.calendar_names import calendars_in
    from procflow.loading.files import read_bytes
    from procflow.resources import shipped

    start = Path(workspace) if workspace is not None else Path()
    ours = shipped("procedures").resolve()
    if not path.resolve().is_relative_to(ours) or start.resolve() in (ours, ours.parent):
        return False
    for file in files_of([str(start)]):
        try:
            if name in calendars_in(read_bytes(Path(file)), file):
                return False
        except ProcflowError:
            continue  # its own check tells what is wrong with it
    return True


def calendar_named(name: str, workspace: str | None) -> Calendar:
    """Return a calendar by name or path. Raises CalendarError if there is none, or if it has errors."""
    from procflow.calendars.calendar import NO_CALENDARS
    from procflow.loading.calendars import load_calendar
    from procflow.loading.calendars_found import load_by_name

    if name in NO_CALENDARS:
        return NO_CALENDARS[name]
    path = path_of(name, workspace)
    return load_calendar(path) if is_path(name) else load_by_name(name, path)


def loaded_calendar(name: str, workspace: str | None) -> LoadedCalendar | None:
    """Return what reading a calendar gave, for what stands beside it in the file; None for those without a file."""
    from procflow.calendars.calendar import NO_CALENDARS
    from procflow.loading.calendars import read_calendar
    from procflow.loading.files import read_bytes

    if name in NO_CALENDARS:
        return None
    path = path_of(name, workspace)
    return read_calendar(read_bytes(path), str(path))


def is_path(name: str) -> bool:
    """Return True for what names a file rather than a calendar."""
    return name.endswith((".yaml", ".yml")) or "/" in name or "\\" in name


def path_of(name: str, workspace: str | None) -> Path:
    """Return the file of a calendar. Raises CalendarError if a name stands for none."""
    if is_path(name):
        return Path(name)
    known = calendar_paths(workspace)
    if name in known:
        return known[name]
    from difflib import get_close_matches

    close = get_close_matches(name.lower(), known, n=1)
    hint = f"did you mean `{close[0]}`?" if close else f"there are: {', '.join([*known, '24x7'])}"
    raise CalendarError(f"there is no calendar `{name}`", code="PF204", hint=hint)


def moment_in(calendar: Calendar, text: str, param: str) -> datetime:
    """Return a moment: `2026-11-27T16:00` as the clock on the wall of the calendar shows it, or with an offset; `now`.

    A day alone is its beginning. Raises BadParameter for anything else.
    """
    if text == "now":
        return datetime.now(UTC).replace(microsecond=0)
    try:
        if len(text) == len("2026-11-27"):
            return calendar.at(date.fromisoformat(text))
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
        return calendar.at(at.date(), at.hour * 60 + at.minute) + (at - at.replace(second=0, microsecond=0))
    except (ValueError, OverflowError):
        raise click.BadParameter(
            f"{text!r} is no moment: write 2026-11-27T16:00, 2026-11-27T16:00+02:00, 2026-11-27, or now.",
            param_hint=param,
        ) from None
