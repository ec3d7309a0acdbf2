"""Where an override leads if whoever makes it does not say: only where one configuration follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from procflow.automaton.alternatives import Read
from procflow.automaton.configurations import parse_configuration
from procflow.errors import ProcflowError
from procflow.judge import CaseState, Judge
from procflow.model.configuration import Configuration
from procflow.model.event import Act, Event, Kind, Lifecycle
from procflow.monitors.names import meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A case as an override finds it."""

    judge: Judge
    state: CaseState
    record: Callable[[], tuple[Event, ...]]
    """Reads its events so far."""

    @property
    def at(self) -> Configuration:
        """Where the case stands."""
        return self.state.configuration

    @property
    def read(self) -> Read:
        """What conditions that no action owns say on the record."""
        readings = dict(zip(self.judge.automaton.gates, self.judge.gates(self.state), strict=True))
        return lambda condition: readings[condition]


Leads = Callable[[Head], str]
"""Finds out where an override leads, in canonical text."""
_NAME_IT = "say where it leads with `to`, in canonical text: {}"


def leading(act: Act, action: str | None, to: str | None) -> Leads:
    """Return what finds out where an override leads on the head of a case.

    Raises ProcflowError at once if it can never be found out, and there if it cannot be on this head: nothing follows,
    or more than one configuration does, which are listed.
    """
    if to is not None:
        return lambda head: str(_given(head.judge, to))
    if act is Act.OVERRIDE:
        raise ProcflowError("an override needs to say where it leads", hint=_NAME_IT.format("`draft`, for example"))
    if action is None:
        what = "step" if act is Act.REDO else "action"
        raise ProcflowError(f"which {what} is meant by {act.value} is not said", hint=f"give the {what} as `action`")
    return _LEADS[act](action)


def _given(judge: Judge, to: str) -> Configuration:
    try:
        return parse_configuration(to, judge.procedure)
    except ValueError as error:
        raise ProcflowError(
            f"{to!r} is nowhere a case of {judge.procedure.id} {judge.procedure.version} can stand: {error}",
            hint="`str(engine.case(case).configuration)` shows the form",
        ) from error


def _skip(action: str) -> Leads:
    def lead(head: Head) -> str:
        automaton, at = head.judge.automaton, head.at
        after = (move.target for move in automaton.skips(at, head.read) if move.name == action)
        due = dict.fromkeys(name for _, name in automaton.due(at))
        names = ", ".join(f"“{name}”" for name in due) or "nothing"
        return _the_one(f"skip “{action}”", after, f"it is not due in {at} or does not move; due is {names}")

    return lead


def _redo(step: str) -> Leads:
    def lead(head: Head) -> str:
        steps = head.judge.procedure.steps
        if step not in steps:
            close = meant(step, steps.keys())
            hint = f"did you mean “{close}”?" if close is not None else None
            raise ProcflowError(f"the procedure has no step “{step}” to redo", hint=hint)
        after = head.judge.automaton.entering(head.at, step, head.read)
        outside = f"it lies in a block that the case is not in, as it stands in {head.at}"
        return _the_one(f"redo “{step}”", after, outside)

    return lead


def _undo(action: str) -> Leads:
    def lead(head: Head) -> str:
        case, uses = head.state.case, _uses(head)
        done = [one for one in uses if one.event.action == action]
        if not done:
            raise ProcflowError(
                f"“{action}” was never done in case {case}, so it cannot be undone",
                hint="an override is taken back by another one, with the act override and `to`",
            )
        standing = [one for one in done if one.undone_by is None]
        if not standing:
            told = _some([f"event {one.event.seq}, undone by event {one.undone_by}" for one in done])
            raise ProcflowError(
                f"“{action}” is undone already in case {case}: {'; '.join(told)}", hint=_what_stands(uses)
            )
        return str(standing[-1].before)

    return lead


@dataclass(slots=True)
class _Use:
    """An action that was done."""

    event: Event
    before: Configuration
    undone_by: int | None = None


def _uses(head: Head) -> list[_Use]:
    """Return what was done in the case, and what became of it."""
    judge, uses = head.judge, list[_Use]()
    opened, *events = head.record()
    state = judge.begin(head.state.case, opened)
    for event in events:
        before, state = state.configuration, judge.advance(state, event)
        if _used(event, event.action):
            uses.append(_Use(event, before))
        elif event.override is not None and event.override.act is Act.UNDO and not event.refused:
            _take_back(uses, event, moved=state.configuration != before, to=state.configuration)
    return uses


def _take_back(uses: list[_Use], event: Event, *, moved: bool, to: Configuration) -> None:
    """Note what an undo undid: the last use that stood and, if the case went back to before it, all that came since."""
    standing = [index for index, one in enumerate(uses) if one.undone_by is None]
    last = next((index for index in reversed(standing) if uses[index].event.action == event.action), None)
    if last is None:
        return
    since = moved and to == uses[last].before
    for index in standing:
        if index == last or (since and index > last):
            uses[index].undone_by = event.seq


def _what_stands(uses: list[_Use]) -> str:
    names = [f"“{one.event.action}” (event {one.event.seq})" for one in reversed(uses) if one.undone_by is None]
    return f"what can be undone: {', '.join(_some(names)) or 'nothing'}"


def _used(event: Event, action: str) -> bool:
    """Return True if the event did the action: in its turn, or early."""
    if event.action != action or event.lifecycle is not Lifecycle.COMPLETE:
        return False
    return event.kind is Kind.ACTION or (event.override is not None and event.override.act is Act.DO_EARLY)


def _do_early(action: str) -> Leads:
    def lead(head: Head) -> str:
        known = head.judge.procedure.actions
        if action not in known:
            close = meant(action, known)
            hint = f"did you mean “{close}”?" if close is not None else None
            raise ProcflowError(f"the procedure has no action “{action}” to do early", hint=hint)
        try:
            return str(head.judge.automaton.done_early(head.at, action))
        except ValueError as error:
            raise ProcflowError(
                f"“{action}” is not done early in {head.at}: {error}",
                hint="skip what comes before it, or set the procedure aside with the act override and `to`",
            ) from error

    return lead


_LEADS = {Act.SKIP: _skip, Act.REDO: _redo, Act.UNDO: _undo, Act.DO_EARLY: _do_early}


def _the_one(what: str, found: Iterable[Configuration], otherwise: str) -> str:
    """Return the one configuration that follows, in canonical text."""
    texts: tuple[str, ...] = tuple(dict.fromkeys(map(str, found)))
    if len(texts) == 1:
        return texts[0]
    if not texts:
        raise ProcflowError(f"to {what} leads nowhere: {otherwise}", hint=_NAME_IT.format("where the case then stands"))
    raise ProcflowError(
        f"to {what} may lead to {len(texts)} places: {'; '.join(_some(texts))}", hint=_NAME_IT.format("one of these")
    )


def _some(texts: Sequence[str], most: int = 10) -> Iterator[str]:
    yield from texts[:most]
    if len(texts) > most:
        yield f"and {len(texts) - most} more"
