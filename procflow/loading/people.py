"""`people.yaml`: who is who, from its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from types import MappingProxyType

from procflow.errors import DirectoryError, Finding, SourceSpan
from procflow.loading.edits import replace_value
from procflow.loading.files import read_bytes, refused
from procflow.loading.ignores import read_ignores
from procflow.loading.node import Node
from procflow.loading.notebook import Notebook
from procflow.loading.schema import check_shape
from procflow.loading.source import read_source
from procflow.loading.texts import read_names
from procflow.model.ignores import Ignore
from procflow.model.organisation import People, Person, Team


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedPeople:
    """What reading a file of people gave."""

    people: People | None
    """None if a finding is an error."""
    findings: tuple[Finding, ...]
    """In the order of the file, errors and warnings."""
    source: str
    """The text as it was read."""
    ignores: tuple[Ignore, ...] = ()
    """What comments set aside."""


def load_people(path: str | PathLike[str]) -> People:
    """Return the people of a file. Raises DirectoryError if it has errors, ProcflowError if it cannot be opened."""
    loaded = read_people(read_bytes(path), str(path))
    if loaded.people is None:
        raise refused(DirectoryError, loaded.findings, path)
    return loaded.people


def read_people(text: bytes | str, file: str) -> LoadedPeople:
    """Return the people of a text and everything there is to say about it. `file` is the name used in places."""
    source = read_source(text, file)
    notebook = Notebook(findings=list(source.findings))
    people: People | None = None
    ignores: tuple[Ignore, ...] = ()
    if source.readable:
        ignores = read_ignores(source, notebook)
        check_shape("people", source, notebook)
        people = _people(Node(source, (), source.data), notebook)
    return LoadedPeople(
        people=None if notebook.has_errors else people,
        findings=notebook.sorted(),
        source=source.text,
        ignores=ignores,
    )


def _people(root: Node, notebook: Notebook) -> People:
    teams = {name: _team(one, notebook) for name, one in root.get("teams").items()}
    people = {name: _person(one, teams, notebook) for name, one in root.get("people").items()}
    return People(people=MappingProxyType(people), teams=MappingProxyType(teams))


def _team(node: Node, notebook: Notebook) -> Team:
    roles = read_names(node.get("roles"), notebook)
    return Team(
        id=node.name,
        title=node.get("title").text,
        roles=frozenset(roles),
        where=node.whole,
        roles_where=_places(roles),
    )


def _person(node: Node, teams: dict[str, Team], notebook: Notebook) -> Person:
    member_of = read_names(node.get("teams"), notebook)
    for name, entry in member_of.items():
        if name not in teams:
            guess = notebook.guess(name, teams, otherwise=f"add `{name}` under `teams:`")
            edits = () if guess.sure is None else replace_value(entry.source, entry.path, guess.sure)
            notebook.note("PF214", f"there is no team `{name}`", entry.where, guess.hint, edits)
    roles = read_names(node.get("roles"), notebook)
    return Person(
        id=node.name,
        name=node.get("name").text,
        roles=frozenset(roles),
        teams=frozenset(member_of),
        where=node.whole,
        roles_where=_places(roles),
    )


def _places(names: Mapping[str, Node]) -> Mapping[str, SourceSpan]:
    return MappingProxyType({name: one.where for name, one in names.items()})
