"""Mapping files: what the columns of a foreign log mean, from the text."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from os import PathLike
from types import MappingProxyType

from procflow.calendars.zones import zone_names
from procflow.errors import EventLogError, Finding, SourceSpan
from procflow.loading.files import read_bytes, refused
from procflow.loading.ignores import read_ignores
from procflow.loading.mapping_names import check_names
from procflow.loading.node import Node
from procflow.loading.notebook import Notebook
from procflow.loading.schema import check_shape
from procflow.loading.source import read_source
from procflow.loading.texts import read_date, read_names, read_words
from procflow.loading.witnesses import read_witness
from procflow.model.ignores import Ignore
from procflow.model.mapping import (
    DataColumn,
    KnownFrom,
    LifecycleColumn,
    LogMapping,
    NamesColumn,
    Part,
    StatusColumn,
    TimeColumn,
    Window,
    WordColumn,
)
from procflow.model.procedure import Procedure, beginning

_SAMPLE = datetime(2026, 11, 22, 13, 14, 15, tzinfo=UTC)
_ENTERS = "enters "
_NEEDS = (
    ("start", "complete", "name the column of the end as `complete`, or use `time` alone"),
    ("lifecycle", "time", "a row with a lifecycle has one moment: name its column as `time`"),
    ("rows", "order", "name the column that counts the entries of a case"),
    ("rows", "time", "a row is one event: name the column of its moment as `time`"),
)
"""Key, what it cannot be without, and what to do."""
_OF_ACTIONS = ("lifecycle", "rows", "override", "waiver", "timer", "calendars")
"""Keys that say nothing in a status history."""
_DAY = timedelta(days=1)
_UNITS = {"second": timedelta(seconds=1), "minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": _DAY}
_LONGEST_AMOUNT = 9
_YEAR = 366 * _DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedMapping:
    """What reading a mapping gave."""

    mapping: LogMapping | None
    """None if a finding is an error."""
    findings: tuple[Finding, ...]
    """In the order of the file, errors and warnings."""
    source: str
    """The text as it was read."""
    ignores: tuple[Ignore, ...] = ()
    """What comments set aside."""


def load_mapping(path: str | PathLike[str]) -> LogMapping:
    """Return the mapping of a file. Raises EventLogError if it has errors, ProcflowError if it cannot be opened."""
    loaded = read_mapping(read_bytes(path), str(path))
    if loaded.mapping is None:
        raise refused(EventLogError, loaded.findings, path)
    return loaded.mapping


def read_mapping(text: bytes | str, file: str) -> LoadedMapping:
    """Return the mapping of a text and everything there is to say about it. `file` is the name used in places."""
    source = read_source(text, file)
    notebook = Notebook(findings=list(source.findings))
    mapping: LogMapping | None = None
    ignores: tuple[Ignore, ...] = ()
    if source.readable:
        ignores = read_ignores(source, notebook)
        check_shape("mapping", source, notebook)
        root = Node(source, (), source.data)
        if root.is_map:
            mapping = _mapping(root, notebook)
    return LoadedMapping(
        mapping=None if notebook.has_errors else mapping,
        findings=notebook.sorted(),
        source=source.text,
        ignores=ignores,
    )


def mapping_findings(mapping: LogMapping, procedure: Procedure) -> tuple[Finding, ...]:
    """Return the names of a mapping that the procedure does not have: steps, actions, data fields, evidence."""
    notebook = Notebook()
    check_names(mapping, procedure, notebook)
    return notebook.sorted()


def _mapping(root: Node, notebook: Notebook) -> LogMapping:
    _check_together(root, notebook)
    action, status = root.get("action"), root.get("status")
    when = next((root.get(name) for name in ("time", "complete", "start") if root.has(name)), None)
    usual = when.get("zone").text or "UTC" if when is not None and when.is_map else "UTC"
    return LogMapping(
        case=root.get("case").text,
        time=_time(root.get("time"), notebook),
        recorded=_time(root.get("recorded"), notebook),
        start=_time(root.get("start"), notebook),
        complete=_time(root.get("complete"), notebook),
        action=_words(action) if action.is_text or action.is_map else None,
        opens=frozenset(read_names(action.get("opens"), notebook)),
        closes=frozenset(read_names(action.get("closes"), notebook)),
        lifecycle=_lifecycle(root.get("lifecycle"), notebook),
        status=_status(status) if status.is_map else None,
        order=root.get("order").text or None,
        client=root.get("client").text or None,
        opened=_time(root.get("opened"), notebook),
        actor=root.get("actor").text or None,
        on_behalf_of=root.get("on-behalf-of").text or None,
        role=_names(root.get("role")),
        team=_names(root.get("team")),
        definition=root.get("definition").text or None,
        policies=root.get("policies").text or None,
        override=root.get("override").text or None,
        waiver=root.get("waiver").text or None,
        timer=root.get("timer").text or None,
        calendars=root.get("calendars").text or None,
        reason=root.get("reason").text or None,
        data=MappingProxyType({name: _data(one, usual, notebook) for name, one in root.get("data").items()}),
        evidence=read_words(root.get("evidence")),
        known_from=_known_from(root.get("known-from"), root.get("data"), notebook),
        window=_window(root.get("window"), usual, notebook),
        no_value=_no_value(root.get("no-value"), notebook),
        json_cells=root.get("cells").text == "json",
        as_recorded=root.get("rows").text == "as-recorded",
        closed=root.get("cases").text == "closed",
        cancelled=_places(root.get("cancelled"), notebook),
        delimiter=root.get("delimiter").text or ",",
        encoding=_encoding(root.get("encoding"), notebook),
        witness=read_witness(root, notebook),
        where=root.key_where,
    )


def _check_together(root: Node, notebook: Notebook) -> None:
    """Write down keys that exclude each other, and choices that were not made."""
    for one, other in (("action", "status"), ("time", "complete")):
        if root.has(one) and root.has(other):
            message = f"`{one}` and `{other}` are both given"
            notebook.note("PF111", message, root.get(other).key_where, "keep the one that the log is about")
        elif not root.has(one) and not root.has(other):
            what = "what happened" if one == "action" else "when it happened"
            notebook.note("PF101", f"nothing says {what}: give `{one}` or `{other}`", root.key_where)
    for key, needed, hint in _NEEDS:
        if root.has(key) and not root.has(needed):
            notebook.note("PF101", f"`{key}` needs `{needed}`", root.get(key).key_where, hint)
    if root.get("rows").text == "as-recorded" and root.has("known-from"):
        message = "`known-from` and `rows: as-recorded` are both given"
        hint = "a value is either filled in afterwards or given with its row"
        notebook.note("PF111", message, root.get("known-from").key_where, hint)
    if root.has("status"):
        for key in _OF_ACTIONS:
            if root.has(key):
                message = f"`{key}` and `status` are both given, and a status is neither begun nor refused nor waived"
                notebook.note("PF111", message, root.get(key).key_where, "keep it for logs that record actions")
    action = root.get("action")
    closing = read_names(action.get("closes"), Notebook())
    for word, node in read_names(action.get("opens"), Notebook()).items():
        if word in closing:
            notebook.note("PF111", f"`{word}` opens and closes a case", node.where, "list it under one of the two")


# --- columns -------------------------------------------------------------------------------------------------------


def _time(node: Node, notebook: Notebook) -> TimeColumn | None:
    if node.is_text:
        return TimeColumn(column=node.text)
    if not node.is_map:
        return None
    return TimeColumn(
        column=node.get("column").text,
        format=_format(node.get("format"), notebook),
        zone=_zone(node.get("zone"), notebook),
        resolution=_resolution(node.get("resolution"), notebook),
    )


def _words(node: Node) -> WordColumn:
    if node.is_text:
        return WordColumn(column=node.text, where=node.whole)
    return WordColumn(
        column=node.get("column").text,
        to=read_words(node.get("to")),
        ignore=read_words(node.get("ignore")),
        where=node.whole,
    )


def _lifecycle(node: Node, notebook: Notebook) -> LifecycleColumn | None:
    if node.is_text:
        return LifecycleColumn(column=node.text)
    if not node.is_map:
        return None
    parts = {part.value: part for part in Part}
    # The schema lists the parts; what is none of them has its finding.
    to = {word: parts[part] for word, part in read_words(node.get("to")).items() if part in parts}
    ignore = read_words(node.get("ignore"))
    for word in to:
        if word in ignore:
            notebook.note(
                "PF111", f"`{word}` is translated and ignored", node.get("ignore").where, "keep one of the two"
            )
    return LifecycleColumn(column=node.get("column").text, to=MappingProxyType(to), ignore=ignore)


def _names(node: Node) -> NamesColumn | None:
    if node.is_text:
        return NamesColumn(column=node.text)
    if not node.is_map:
        return None
    return NamesColumn(
        column=node.get("column").text, to=read_words(node.get("to")), split=node.get("split").text or None
    )


def _status(node: Node) -> StatusColumn:
    words = _words(node)
    return StatusColumn(
        column=words.column,
        to=words.to,
        ignore=words.ignore,
        repeated=node.get("repeated").text or None,
        where=words.where,
    )


def _data(node: Node, usual: str, notebook: Notebook) -> DataColumn:
    """Return a column of data; `usual` is the zone of the moments of rows."""
    if node.is_text:
        return DataColumn(column=node.text, zone=usual)
    return DataColumn(
        column=node.get("column").text,
        to=read_words(node.get("to")),
        format=_format(node.get("format"), notebook),
        zone=_zone(node.get("zone"), notebook) if node.has("zone") else usual,
        decimal=node.get("decimal").text or None,
    )


def _known_from(node: Node, data: Node, notebook: Notebook) -> Mapping[str, KnownFrom]:
    found: dict[str, KnownFrom] = {}
    for name, moment in node.items():
        if not data.has(name):
            hint = notebook.meant(name, [one for one, _ in data.items()], otherwise=f"add `{name}` under `data:`")
            notebook.note("PF203", f"`{name}` has no column under `data:`", moment.key_where, hint)
        if moment.text.startswith(_ENTERS):
            found[name] = KnownFrom(step=moment.text.removeprefix(_ENTERS))
        elif moment.text:
            found[name] = KnownFrom(action=moment.text)
    return MappingProxyType(found)


# --- small values --------------------------------------------------------------------------------------------------


def _format(node: Node, notebook: Notebook) -> str | None:
    """Return a format that `strptime` can read; one it cannot, or that gives no day, is written down."""
    if not node.text:
        return None
    try:
        read = datetime.strptime(_SAMPLE.strftime(node.text), node.text)
    except (ValueError, re.error, OverflowError) as error:
        reason = (
            str(error).splitlines()[0]
            if "directive" in str(error) or "stray" in str(error)
            else "it cannot be read back"
        )
        hint = "write it as in %d/%m/%Y %H:%M"
        notebook.note("PF106", f"`{node.text}` is not a format for moments: {reason}", node.where, hint)
        return None
    if read.date() != _SAMPLE.date():
        message = f"`{node.text}` does not give year, month and day"
        notebook.note("PF106", message, node.where, "write it as in %d/%m/%Y %H:%M")
    return node.text


def _zone(node: Node, notebook: Notebook) -> str:
    """Return the name of a zone that exists; UTC if the file names none."""
    if not node.text:
        return "UTC"
    if node.text not in zone_names():
        hint = notebook.meant(node.text, zone_names(), otherwise="write it as in Europe/Bucharest")
        notebook.note("PF106", f"there is no time zone `{node.text}`", node.where, hint)
    return node.text


def _resolution(node: Node, notebook: Notebook) -> timedelta:
    """Return an elapsed time of whole seconds, minutes, hours or days; none if the file gives none."""
    amount, _, unit = node.text.partition(" ")
    # The schema knows the form; a text that is not of it has its finding.
    is_amount = amount.isascii() and amount.isdigit() and len(amount) <= _LONGEST_AMOUNT
    length = _UNITS.get(unit.removesuffix("s")) if is_amount else None
    if length is None:
        return timedelta()
    if not timedelta() < int(amount) * length <= _YEAR:
        message = f"`{node.text}` is no resolution of times: it is more than nothing and at most a year"
        notebook.note("PF106", message, node.where, "write it as in 1 minute")
        return timedelta()
    return int(amount) * length


def _encoding(node: Node, notebook: Notebook) -> str:
    name = node.text or "utf-8"
    try:
        is_text = codecs.lookup(name)._is_text_encoding
    except (LookupError, ValueError):
        is_text = False
    if not is_text:
        notebook.note("PF106", f"there is no encoding `{name}`", node.where, "write it as in utf-8 or cp1250")
    return name


def _no_value(node: Node, notebook: Notebook) -> tuple[str, ...]:
    """Return the words that mean "no value"; an empty cell always does."""
    return tuple(dict.fromkeys(["", *read_names(node, notebook)]))


def _places(node: Node, notebook: Notebook) -> Mapping[str, SourceSpan]:
    """Return the names in a text or a list, each with its place."""
    return MappingProxyType({name: one.where for name, one in read_names(node, notebook).items()})


def _window(node: Node, zone: str, notebook: Notebook) -> Window:
    """Return the days a log covers, which begin where its times are told."""
    first, last = read_date(node.get("from"), notebook), read_date(node.get("to"), notebook)
    if first is not None and last is not None and last < first:
        notebook.note("PF106", f"the window ends on {last}, before it begins", node.get("to").where)
    zone = zone if zone in zone_names() else "UTC"
    try:
        return Window(
            start=None if first is None else beginning(first, zone),
            end=None if last is None or last == date.max else beginning(last + _DAY, zone),
        )
    except OverflowError:
        return Window()  # beyond the years there are
