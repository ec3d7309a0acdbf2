"""`services.yaml`: who serves whom with what, from its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from procflow.errors import Finding
from procflow.loading.edits import replace_value
from procflow.loading.ignores import read_ignores
from procflow.loading.node import Node
from procflow.loading.notebook import Notebook
from procflow.loading.schema import check_shape
from procflow.loading.source import read_source
from procflow.loading.texts import read_names, read_text
from procflow.model.clock import word_of
from procflow.model.ignores import Ignore
from procflow.model.services import Service, Services
from procflow.model.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedServices:
    """What reading a file of services gave."""

    services: Services | None
    """None if a finding is an error."""
    findings: tuple[Finding, ...]
    """In the order of the file, errors and warnings."""
    source: str
    """The text as it was read."""
    ignores: tuple[Ignore, ...] = ()
    """What comments set aside."""


def read_services(text: bytes | str, file: str) -> LoadedServices:
    """Return the services of a text and everything there is to say about it. `file` is the name used in places."""
    source = read_source(text, file)
    notebook = Notebook(findings=list(source.findings))
    services: Services | None = None
    ignores: tuple[Ignore, ...] = ()
    if source.readable:
        ignores = read_ignores(source, notebook)
        check_shape("services", source, notebook)
        services = _services(Node(source, (), source.data), notebook)
    return LoadedServices(
        services=None if notebook.has_errors else services,
        findings=notebook.sorted(),
        source=source.text,
        ignores=ignores,
    )


def _services(root: Node, notebook: Notebook) -> Services:
    nodes = dict(root.get("services").items())
    services = {name: _service(one, nodes, notebook) for name, one in nodes.items()}
    for name in _in_a_circle(services):
        where = nodes[name].get("depends-on").where
        message = f"`{name}` depends on itself: {' -> '.join(_circle(name, services))}"
        notebook.note("PF661", message, where, "leave out what it does not really wait for")
    return Services(
        services=MappingProxyType(services),
        unserved=MappingProxyType({name: read_text(one) for name, one in root.get("unserved").items()}),
        shadowing=tuple(read_names(root.get("shadowing"), notebook)),
    )


def _service(node: Node, known: Mapping[str, Node], notebook: Notebook) -> Service:
    takes = read_names(node.get("depends-on"), notebook)
    for name, one in takes.items():
        if name not in known:
            guess = notebook.guess(name, known, otherwise=f"add `{name}` under `services:`")
            edits = () if guess.sure is None else replace_value(one.source, one.path, guess.sure)
            notebook.note("PF660", f"there is no service `{name}`", one.where, guess.hint, edits)
    return Service(
        id=node.name,
        title=read_text(node.get("title")),
        procedure=node.get("procedure").text,
        given=MappingProxyType({name: word_of(one.data) for name, one in node.get("given").items()}),
        provider=node.get("provider").text,
        clients=tuple(read_names(node.get("for"), notebook)),
        needs=tuple(read_names(node.get("needs"), notebook)),
        quality=_texts(node.get("quality")),
        tips=_texts(node.get("tips")),
        clocks=tuple(read_names(node.get("clocks"), notebook)),
        depends_on=tuple(name for name in takes if name in known),
        where=node.whole,
        places=MappingProxyType({name: each.where for name, each in node.items()}),
    )


def _texts(node: Node) -> tuple[Text, ...]:
    """Return a list of texts, or a single one."""
    found = (read_text(one) for one in (node.entries() if node.is_list else (node,)))
    return tuple(one for one in found if one)


def _in_a_circle(services: Mapping[str, Service]) -> Iterator[str]:
    """Yield a service of each circle, the last one in the file."""
    told: set[str] = set()
    for name in reversed(tuple(services)):
        way = _circle(name, services)
        if way and not told.intersection(way):
            told.update(way)
            yield name


def _circle(name: str, services: Mapping[str, Service]) -> tuple[str, ...]:
    """Return the shortest way from a service back to itself, itself at both ends; () if there is none."""
    ways: list[tuple[str, ...]] = [(name,)]
    seen: set[str] = set()
    for way in ways:
        for onward in services[way[-1]].depends_on:
            if onward == name:
                return (*way, name)
            if onward not in seen:
                seen.add(onward)
                ways.append((*way, onward))
    return ()
