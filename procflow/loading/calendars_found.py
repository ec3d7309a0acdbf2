"""Which calendars a procedure means: beside it, above it up to the workspace, then those that come with procflow."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from os import PathLike
from pathlib import Path

from procflow.calendars.book import CalendarSet
from procflow.calendars.calendar import NO_CALENDARS, Calendar
from procflow.errors import CalendarError
from procflow.loading.calendars import load_calendar
from procflow.loading.files import folders_for
from procflow.model.procedure import Procedure
from procflow.resources import shipped

FOLDER = "calendars"


def calendars_for(
    procedure: str | PathLike[str], workspace: str | PathLike[str] | None = None, *, only: Collection[str] | None = None
) -> CalendarSet:
    """Return the calendars that hold for the procedure in a file, or in a folder.

    A calendar `office` is the file `calendars/office.yaml` in the folder of the procedure, else in those above it up to
    the workspace, else among those that come with procflow. The folder above one that is called `procedures` is taken
    for the workspace if none is given. With `only`, no others are read: `named_calendars` tells which a procedure
    needs, so that a fault in another calendar, or a change of it, concerns nobody.

    Raises CalendarError if a calendar has errors, is not called as its file is, or is in `only` and is nowhere.
    """
    folders = [*calendar_folders(Path(procedure), None if workspace is None else Path(workspace))]
    found = {id: path for id, path in calendar_files(folders).items() if only is None or id in only}
    missing = sorted(set(only or ()) - found.keys() - NO_CALENDARS.keys())
    if missing:
        there = ", ".join(sorted({*calendar_files(folders), *NO_CALENDARS}))
        raise CalendarError(
            f"there is no calendar `{missing[0]}`",
            code="PF204",
            hint=f"write {FOLDER}/{missing[0]}.yaml beside the procedure; there are: {there}",
        )
    return CalendarSet(load_by_name(id, path) for id, path in found.items())


def calendar_folders(procedure: Path, workspace: Path | None) -> Iterator[Path]:
    """Yield the folders of calendars that hold for a procedure, the nearest first; not all of them need exist."""
    yield from (one / FOLDER for one in folders_for(procedure, workspace))
    yield shipped("procedures") / FOLDER


def calendar_files(folders: Collection[Path]) -> dict[str, Path]:
    """Return the files of calendars by their ids, in order; of the same id the first wins."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
            found.setdefault(path.stem, path)
    return found


def load_by_name(id: str, path: Path) -> Calendar:
    """Return the calendar of a file that is called as the calendar is. Raises CalendarError otherwise."""
    calendar = load_calendar(path)
    if calendar.id != id:
        raise CalendarError(
            f"{path} holds the calendar `{calendar.id}`",
            code="PF204",
            where=calendar.where,
            hint=f"call the file {calendar.id}.yaml, or the calendar `{id}`",
        )
    return calendar


def named_calendars(procedure: Procedure) -> frozenset[str]:
    """Return the ids of all calendars a procedure may count on, `24x7` not among them."""
    named = {procedure.calendar} if procedure.calendar is not None else set()
    for clock in procedure.all_clocks.values():
        if clock.calendar is not None:
            named.update(clock.calendar.all)
    return frozenset(named - NO_CALENDARS.keys())
