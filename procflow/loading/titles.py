"""`titles`: what people read instead of ids that have no place for a title where they are written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType

from procflow.expressions.types import Choice, FieldType, ListOf, Record
from procflow.loading.lookup import Lookup
from procflow.loading.node import Node
from procflow.loading.notebook import Notebook
from procflow.loading.outline import Outline, checklist_of, is_one_step
from procflow.loading.texts import read_text
from procflow.model.hand_off import REFUSED_FOR, WORDS
from procflow.model.text import Text

_HERE = (
    "items of checklists, evidence, words of a choice, outcomes and branches of several steps take their titles here, "
    "and departments"
)


def read_titles(
    node: Node, outline: Outline, lookup: Lookup, notebook: Notebook, departments: Collection[str] = ()
) -> Mapping[str, Text]:
    """Return the titles by id; an entry that titles nothing is written down.

    The words of a refusal have titles of ours, unless the author gives them one, or calls something else so.
    """
    titled = {*_titled(outline, lookup.types.values()), *departments}
    for name, one in node.items():
        if name in titled:
            continue
        elsewhere = _elsewhere(name, outline, lookup)
        # A choice that could not be read may have had the word; its own mistake has been told.
        if elsewhere or not lookup.broken:
            hint = elsewhere or notebook.meant(name, titled, otherwise=_HERE)
            notebook.note("PF215", f"nothing is called `{name}` that takes its title here", one.key_where, hint)
    return MappingProxyType(_ours(outline, lookup, departments) | {name: read_text(one) for name, one in node.items()})


def _ours(outline: Outline, lookup: Lookup, departments: Collection[str]) -> dict[str, Text]:
    if REFUSED_FOR not in lookup.types:
        return {}
    others = (kind for name, kind in lookup.types.items() if name != REFUSED_FOR)
    taken = {*_titled(outline, others), *departments, *outline.steps, *outline.alphabet}
    return {word: text for word, text in WORDS.items() if word not in taken}


def _titled(outline: Outline, types: Iterable[FieldType]) -> Iterator[str]:
    yield from outline.evidence
    for step in outline.steps.values():
        yield from (item.text for item in checklist_of(step).entries())
        if step.has("end"):
            yield step.get("end").text
        yield from (name for name, branch in step.get("parallel").items() if not is_one_step(branch))
    for kind in types:
        yield from _words(kind)


def _words(kind: FieldType) -> Iterator[str]:
    match kind:
        case Choice():
            yield from kind.of
        case ListOf():
            yield from _words(kind.item)
        case Record():
            for part in kind.fields.values():
                yield from _words(part)


def _elsewhere(name: str, outline: Outline, lookup: Lookup) -> str | None:
    """Return where the title of a step, an action, a role or a data field belongs."""
    if name in outline.steps:
        return f"`{name}` is a step: give it a `title` where it stands"
    if name in outline.alphabet:
        return f"`{name}` is an action: give it a `title` where it stands"
    if name in lookup.roles:
        return f"`{name}` is a role: give it a `name` under `roles`"
    return f"`{name}` is a data field: people read what it `ask`s" if name in lookup.types else None
