"""What a case keeps: every data field with where it is asked, every proof with what it belongs to."""

from __future__ import annotations

from collections.abc import Iterator

from procflow.model.procedure import Action, Step
from procflow.reports.document.parts import Run, Section, Table
from procflow.reports.document.values import kind_of
from procflow.reports.document.wording import Wording, run

Row = tuple[tuple[Run, ...], ...]


def data_section(wording: Wording) -> Section:
    """Return the data fields and the proofs of a procedure."""
    say, procedure = wording.say, wording.procedure
    blocks: list[Section] = []
    if procedure.data:
        heads = (say("Question"), say("Answer"), say("Where it is asked"))
        rows = tuple(_field_row(id, wording) for id in procedure.data)
        blocks.append(_listed("fields", say("Data"), Table(say("Data"), heads, rows)))
    proofs = tuple(_proof_rows(wording))
    if proofs:
        table = Table(say("Proofs"), (say("Proof"), say("What it belongs to")), proofs)
        blocks.append(_listed("proofs", say("Proofs"), table))
    return Section(anchor="data", heading=(say("Data and proofs"),), level=2, blocks=tuple(blocks))


def _listed(anchor: str, heading: str, table: Table) -> Section:
    return Section(anchor=anchor, heading=(heading,), level=3, blocks=(table,))


def _field_row(id: str, wording: Wording) -> Row:
    question = wording.question(id)
    name: Run = wording.field_id(id) if question is None else (question, " ", *wording.field_id(id))
    kind = kind_of(wording.procedure.data[id].type, wording)
    return ((name,), (kind,), tuple(_asked_in(id, wording)))


def _asked_in(id: str, wording: Wording) -> Iterator[Run]:
    for step in wording.procedure.steps.values():
        if id in step.collect or id in step.requests:
            yield wording.step(step.id)
        elif id in step.optional:
            yield run(wording.cut("{step} (may be given)", step=wording.step(step.id)))
        yield from (_belongs(action, step, wording) for action in step.actions.values() if id in _asks(action))
    yield from (_belongs(one, None, wording) for one in wording.procedure.anytime.values() if id in _asks(one))


def _asks(action: Action) -> tuple[str, ...]:
    return (*action.collect, *action.optional)


def _proof_rows(wording: Wording) -> Iterator[Row]:
    places: dict[str, list[Run]] = {}
    for step in wording.procedure.steps.values():
        for name in step.evidence:
            places.setdefault(name, []).append(wording.step(step.id))
        for action in step.actions.values():
            for name in action.evidence:
                places.setdefault(name, []).append(_belongs(action, step, wording))
    for action in wording.procedure.anytime.values():
        for name in action.evidence:
            places.setdefault(name, []).append(_belongs(action, None, wording))
    for name, where in places.items():
        yield ((wording.titled(name),), tuple(where))


def _belongs(action: Action, step: Step | None, wording: Wording) -> Run:
    named = wording.called(action.id, action.title or wording.action_title(action.id))
    if step is None:
        return run(wording.cut("{action} at any time", action=named))
    return run(wording.cut("{action} in {step}", action=named, step=wording.step(step.id)))
