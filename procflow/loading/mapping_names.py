"""The names of a mapping against the procedure its log is judged by."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from procflow.errors import SourceSpan
from procflow.loading.notebook import Notebook
from procflow.model.mapping import FURTHER, LogMapping
from procflow.model.procedure import Procedure


def check_names(mapping: LogMapping, procedure: Procedure, notebook: Notebook) -> None:
    """Write down every step, action, data field and evidence that the procedure does not have."""
    _steps(mapping, procedure, notebook)
    _absent("PF213", "action", _actions(mapping), procedure.actions, notebook)
    fields = ((name, mapping.where) for name in mapping.data if name != FURTHER)
    _absent("PF203", "data field", fields, procedure.data, notebook)
    evidence = ((name, mapping.where) for name in mapping.evidence if name != FURTHER)
    _absent("PF205", "evidence", evidence, procedure.evidence, notebook)
    _cancelled(mapping, procedure, notebook)


def _cancelled(mapping: LogMapping, procedure: Procedure, notebook: Notebook) -> None:
    """Write down that two files say how a case ends; only rules alone have nobody else to say it."""
    if mapping.cancelled:
        where = next(iter(mapping.cancelled.values()))
        hint = "remove `cancelled`; an end of the procedure says it, as in `withdrawn: { end: cancelled }`"
        message = f"`cancelled` is for rules alone: which cases are cancelled the ends of {procedure.id} say"
        notebook.note("PF111", message, where, hint)


def _steps(mapping: LogMapping, procedure: Procedure, notebook: Notebook) -> None:
    top = procedure.top.steps
    named = [(step, mapping.status.where) for step in mapping.status.to.values()] if mapping.status is not None else []
    named += [(one.step, mapping.where) for one in mapping.known_from.values() if one.step is not None]
    for step, where in dict.fromkeys(named):
        if step in procedure.steps and step not in top:
            message = f"`{step}` is inside a block, and a status names a top-level step"
            notebook.note("PF201", message, where, "name the block")
        elif step not in top:
            notebook.note("PF201", f"{procedure.id} has no step `{step}`", where, notebook.meant(step, top))


def _actions(mapping: LogMapping) -> Iterator[tuple[str, SourceSpan]]:
    if mapping.action is not None:
        yield from ((action, mapping.action.where) for action in mapping.action.to.values())
    if mapping.status is not None and mapping.status.repeated is not None:
        yield mapping.status.repeated, mapping.status.where
    yield from ((one.action, mapping.where) for one in mapping.known_from.values() if one.action is not None)


def _absent(
    code: str,
    what: str,
    named: Iterator[tuple[str, SourceSpan]],
    known: Collection[str],
    notebook: Notebook,
) -> None:
    for name, where in dict.fromkeys(named):
        if name not in known:
            notebook.note(code, f"the procedure has no {what} `{name}`", where, notebook.meant(name, known))
