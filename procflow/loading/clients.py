"""`clients.yaml`: whom the house works for, from its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from types import MappingProxyType

from procflow.calendars.zones import zone_names
from procflow.errors import DirectoryError, Finding
from procflow.loading.edits import replace_value
from procflow.loading.files import read_bytes, refused
from procflow.loading.ignores import read_ignores
from procflow.loading.node import Node
from procflow.loading.notebook import Notebook
from procflow.loading.schema import check_shape
from procflow.loading.source import read_source
from procflow.loading.texts import read_date
from procflow.model.clients import Client, Clients, DatedTier, Period
from procflow.model.ignores import Ignore


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedClients:
    """What reading a file of clients gave."""

    clients: Clients | None
    """None if a finding is an error."""
    findings: tuple[Finding, ...]
    """In the order of the file, errors and warnings."""
    source: str
    """The text as it was read."""
    ignores: tuple[Ignore, ...] = ()
    """What comments set aside."""


def load_clients(path: str | PathLike[str]) -> Clients:
    """Return the clients of a file. Raises DirectoryError if it has errors, ProcflowError if it cannot be opened."""
    loaded = read_clients(read_bytes(path), str(path))
    if loaded.clients is None:
        raise refused(DirectoryError, loaded.findings, path)
    return loaded.clients


def read_clients(text: bytes | str, file: str) -> LoadedClients:
    """Return the clients of a text and everything there is to say about it. `file` is the name used in places."""
    source = read_source(text, file)
    notebook = Notebook(findings=list(source.findings))
    clients: Clients | None = None
    ignores: tuple[Ignore, ...] = ()
    if source.readable:
        ignores = read_ignores(source, notebook)
        check_shape("clients", source, notebook)
        clients = _clients(Node(source, (), source.data), notebook)
    return LoadedClients(
        clients=None if notebook.has_errors else clients,
        findings=notebook.sorted(),
        source=source.text,
        ignores=ignores,
    )


def read_period(node: Node, notebook: Notebook) -> Period:
    """Return the days `from` and `to` speak of; one that ends before it begins is told."""
    first, last = read_date(node.get("from"), notebook), read_date(node.get("to"), notebook)
    if first is not None and last is not None and last < first:
        hint = "the last day belongs to it: one of a single day has the same day twice"
        notebook.note("PF653", f"it ends on {last}, before it begins on {first}", node.get("to").where, hint)
        return Period(first=last, last=first)
    return Period(first=first, last=last)


def _clients(root: Node, notebook: Notebook) -> Clients:
    nodes = dict(root.get("clients").items())
    clients = {name: _client(one, nodes, notebook) for name, one in nodes.items()}
    for name in _in_a_circle(clients):
        where = nodes[name].get("parent").where
        notebook.note("PF652", f"`{name}` belongs to itself, by way of its `parent`", where, "leave out one `parent`")
    return Clients(clients=MappingProxyType(clients))


def _client(node: Node, known: Mapping[str, Node], notebook: Notebook) -> Client:
    parent = node.get("parent")
    if parent.text and parent.text not in known:
        guess = notebook.guess(parent.text, known, otherwise=f"add `{parent.text}` under `clients:`")
        edits = () if guess.sure is None else replace_value(parent.source, parent.path, guess.sure)
        notebook.note("PF650", f"there is no client `{parent.text}`", parent.where, guess.hint, edits)
    return Client(
        id=node.name,
        name=node.get("name").text,
        internal=node.get("kind").text == "internal",
        parent=parent.text or None,
        language=node.get("language").text or None,
        zone=_zone(node.get("zone"), notebook),
        tiers=_tiers(node.get("tier"), notebook),
        where=node.whole,
    )


def _zone(node: Node, notebook: Notebook) -> str | None:
    if not node.text:
        return None
    if node.text in zone_names():
        return node.text
    guess = notebook.guess(node.text, sorted(zone_names()), otherwise="write it as in Europe/Bucharest")
    edits = () if guess.sure is None else replace_value(node.source, node.path, guess.sure)
    notebook.note("PF106", f"there is no time zone `{node.text}`", node.where, guess.hint, edits)
    return None


def _tiers(node: Node, notebook: Notebook) -> tuple[DatedTier, ...]:
    if node.is_text:
        return (DatedTier(tier=node.text, period=Period(), where=node.where),)
    dated = [
        DatedTier(tier=one.get("tier").text, period=read_period(one, notebook), where=one.where)
        for one in node.entries()
        if one.is_map
    ]
    for at, one in enumerate(dated):
        for other in dated[:at]:
            if one.period.meets(other.period):
                message = f"the days of `{one.tier}` ({one.period}) meet those of `{other.tier}` ({other.period})"
                hint = f"on one day a client has one tier: the other is in line {other.where.line}"
                notebook.note("PF653", message, one.where, hint)
                break
    return tuple(dated)


def _in_a_circle(clients: Mapping[str, Client]) -> Iterator[str]:
    """Yield the clients that belong to themselves, of each circle the last one in the file."""
    told: set[str] = set()
    for name in reversed(tuple(clients)):
        way: list[str] = []
        at: str | None = name
        while at is not None and at in clients and at not in way:
            way.append(at)
            at = clients[at].parent
        if at == name and not told.intersection(way):
            told.update(way)
            yield name


def tiers_named(clients: Clients) -> Sequence[DatedTier]:
    """Return every tier the file names, in its order."""
    return [dated for one in clients.clients.values() for dated in one.tiers]
