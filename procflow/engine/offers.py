"""What may be done in a case, and by whom: tried out on the judge, never guessed at."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from procflow.automaton.moves import demands
from procflow.engine.cases import Option, WorkItem
from procflow.engine.forms import form
from procflow.engine.trial import Trial
from procflow.engine.turns import accepted_by, due_by, due_in, open_questions, party_asked
from procflow.judge import CaseState, Judge
from procflow.model.by import By
from procflow.model.configuration import Configuration
from procflow.model.deviation import Deviation
from procflow.model.event import Event, Kind
from procflow.model.hand_off import ACCEPT, TAKE_CASE
from procflow.model.organisation import Actor, Directory
from procflow.model.procedure import Action, Procedure, Step
from procflow.model.rule import Obligation
from procflow.monitors.moment import roles_for, who_may
from procflow.monitors.waiting.questions import Question
from procflow.stores.base import CaseRow, Ready

SUPPLIED = frozenset({"DV301", "DV303", "DV305", "DV306", "DV406", "DV603", "DV605"})
"""What can be cured by giving something with the action."""

_OF_PEOPLE = frozenset({"DV201", "DV204", "DV702"})
_MOST_TRIED = 50
"""People of one role who are tried out before the list is cut: a refusal must stay quick."""

ANYBODY = "role:any"
"""The party of a step that anyone may act in."""


def options(trial: Trial, actor: Actor, directory: Directory, now: datetime) -> Iterator[Option]:
    """Yield what is due, inner steps first, then what is possible at any time."""
    probe = _probe(trial.state, actor, now)
    automaton, at = trial.judge.automaton, trial.state.configuration
    for step, name in due_at(trial.judge, at):
        yield _option(trial, replace(probe, action=name), step, step.actions.get(name), directory)
    for action in automaton.anytime_at(at):
        behalf = on_behalf_of(action, actor.roles)
        yield _option(trial, replace(probe, action=action.id, on_behalf_of=behalf), None, action, directory)


def due_at(judge: Judge, at: Configuration) -> Iterator[tuple[Step, str]]:
    """Yield what is due in steps, as `Automaton.due` does; to accept work that is accepted already asks nobody."""
    on_offer = frozenset(at.offered_steps())
    return ((step, name) for step, name in judge.automaton.due(at) if name != ACCEPT or step.id in on_offer)


def on_behalf_of(action: Action | None, roles: Collection[str]) -> str | None:
    """Return for whom an action is done, by somebody with these roles, if nobody says it: for whom the procedure says."""
    return None if action is None or action.on_behalf_of in roles else action.on_behalf_of


def work_item(
    procedure: Procedure,
    row: CaseRow,
    entry: Ready,
    actions: tuple[str, ...],
    now: datetime,
    zone: str,
    *,
    offered: bool = False,
) -> WorkItem:
    """Return a line of a worklist; `zone` is that of the procedure's calendar, `offered` if nobody has accepted it."""
    step = procedure.steps[entry.step]
    return WorkItem(
        case=row.case,
        procedure=row.procedure,
        ref=row.ref,
        step=step.id,
        title=step.title,
        party=entry.party,
        since=entry.since,
        actions=actions,
        due=entry.due,
        overdue=entry.due is not None and entry.due < now,
        zone=zone,
        offered=offered,
    )


def question_item(trial: Trial, row: CaseRow, entry: Ready, now: datetime, zone: str) -> WorkItem | None:
    """Return the line of somebody's worklist for the questions they are asked; None if none is open any more."""
    procedure = trial.judge.procedure
    asks = procedure.all_clocks[entry.step].question or ""
    asking = procedure.anytime[asks].ask
    asked = [one for one in open_questions(trial.state) if one.action == asks]
    asked = [one for one in asked if party_asked(procedure, one.whom) == entry.party]
    if asking is None or not asked:
        return None
    answer = procedure.anytime[asking.answered_by]
    return WorkItem(
        case=row.case,
        procedure=row.procedure,
        ref=row.ref,
        step=asked[0].step,
        title=answer.title,
        party=entry.party,
        since=entry.since,
        actions=(answer.id,),
        due=entry.due,
        overdue=entry.due is not None and entry.due < now,
        zone=zone,
        questions=tuple(f"{one.who}: {one.what}" if one.who else one.what for one in asked),
    )


def barred(trial: Trial, actor: Actor, actions: Iterable[str], now: datetime) -> bool:
    """Return True if a control (four-eyes, `not-by`, a rule about who) keeps this person from each of these actions."""
    probe = _probe(trial.state, actor, now)
    tried = (trial.of(replace(probe, action=name)) for name in actions)
    return all(any(trial.bars(one) for one in deviations) for deviations in tried)


def _about_people(trial: Trial, one: Deviation) -> bool:
    """Return True if somebody else might do it."""
    return trial.bars(one) or (one.unexcused and one.code in _OF_PEOPLE)


def parties(actor: Actor) -> frozenset[str]:
    """Return the parties an actor can act for."""
    roles = {f"role:{role}" for role in actor.roles}
    teams = {f"team:{team}" for team in actor.teams}
    return frozenset({ANYBODY, f"person:{actor.id}", *roles, *teams})


def ready(judge: Judge, state: CaseState, since: Mapping[str, datetime], now: datetime) -> Iterator[Ready]:
    """Yield whose turn it is in each active step at `now`, and by when something must be done there."""
    if state.closed:
        return
    procedure, obligations = judge.procedure, judge.due(state)
    on_offer = frozenset(state.configuration.offered_steps())
    for name in state.configuration.active_steps():
        step = procedure.steps[name]
        due = due_in(procedure, step, obligations) if obligations else None
        if name in on_offer:
            due = accepted_by(procedure, step, obligations) or due
        late = (f"role:{role}" for role in sorted(judge.escalated(state, name, now)))
        for party in dict.fromkeys((*_parties_of(step, state), *late)):
            yield Ready(case=state.case, step=name, party=party, since=since[name], due=due)
    yield from _asked_of(procedure, state, obligations)


def asks(entry: Ready) -> bool:
    """Return True if a line of a worklist is about questions: it has the id of their clock, `ask.answer`."""
    return "." in entry.step


def _asked_of(procedure: Procedure, state: CaseState, obligations: Iterable[Obligation]) -> Iterator[Ready]:
    """Yield who is to answer which questions: under the id of their clock, which no step has."""
    dues = {(one.clock, one.since): one.due for one in obligations}
    lines: dict[tuple[str, str], list[Question]] = {}
    for one in open_questions(state):
        asking = procedure.anytime[one.action].ask
        if asking is not None:
            lines.setdefault((asking.answer.id, party_asked(procedure, one.whom)), []).append(one)
    for (clock, party), asked in lines.items():
        times = [due for one in asked if (due := dues.get((clock, one.seq))) is not None]
        since = min(one.at for one in asked)
        yield Ready(case=state.case, step=clock, party=party, since=since, due=min(times, default=None))


def who_could(
    trial: Trial, event: Event, deviations: Iterable[Deviation], directory: Directory
) -> Mapping[str, tuple[str, ...]]:
    """Return the roles that could have done it, with the people who hold them and whom no control bars.

    What was missing is what somebody could have done then, not what was tried without it.
    """
    able: dict[str, dict[str, None]] = {}
    tried: set[tuple[str, str]] = set()
    for one in deviations:
        meant = event
        if one.action is not None and one.action != event.action and one.case == event.case:
            meant = replace(event, kind=Kind.ACTION, action=one.action, override=None, waiver=None)
        if one.code == "DV601":
            meant = replace(meant, kind=Kind.ACTION, action=TAKE_CASE)
        # A rule over all that a person did knows no procedure: here it is known who acts there.
        roles = one.who_could or (tuple(_acting(trial, event)) if trial.personal(one) else ())
        for role in roles:
            people = able.setdefault(role, {})
            if (role, meant.action) not in tried:
                tried.add((role, meant.action))
                people.update(dict.fromkeys(_free(trial, meant, role, directory)))
    return {role: tuple(people) for role, people in able.items()}


def _acting(trial: Trial, event: Event) -> Iterator[str]:
    """Yield the roles that may do what was tried, where it is due."""
    automaton, at = trial.judge.automaton, trial.state.configuration
    for step, name in automaton.due(at):
        if name == event.action:
            yield from roles_for(step, who_may(step, step.actions.get(name)))
    for action in automaton.anytime_at(at):
        if action.id == event.action:
            yield from roles_for(None, action.by)


def _free(trial: Trial, event: Event, role: str, directory: Directory) -> Iterator[str]:
    for person in directory.holders_of(role)[:_MOST_TRIED]:
        as_them = replace(
            event, actor=person, roles=directory.roles_of(person), teams=directory.teams_of(person), on_behalf_of=None
        )
        if person != event.actor and not any(_about_people(trial, one) for one in trial.of(as_them)):
            yield person


def _probe(state: CaseState, actor: Actor, now: datetime) -> Event:
    """Return an event that could happen now, to be tried and thrown away."""
    return Event(
        case=state.case,
        seq=state.seq + 1,
        kind=Kind.ACTION,
        occurred_at=now,
        actor=actor.id,
        roles=actor.roles,
        teams=actor.teams,
    )


def _option(trial: Trial, probe: Event, step: Step | None, action: Action | None, directory: Directory) -> Option:
    judge, state = trial.judge, trial.state
    deviations = trial.of(probe)
    against = tuple(one for one in deviations if one.unexcused and one.code not in SUPPLIED and not one.of_time)
    required, proofs = demands(step, action)
    proofs = (*proofs, *(name for name in _proofs_asked(judge.procedure, deviations) if name not in proofs))
    due = due_by(judge.procedure, step, probe.action, judge.due(state))
    unknown = (name for name in required if name not in state.record.values)
    missing = tuple(dict.fromkeys((*unknown, *_asked(judge.procedure, action, deviations))))
    needs = (
        *missing,
        *(f"evidence {name}" for name in proofs),
        *(("reason",) if action is not None and action.reason else ()),
    )
    return Option(
        action=probe.action,
        step=step.id if step is not None else None,
        title=action.title if action is not None else {},
        allowed=not any(one.refuses for one in against),
        needs=needs,
        deviations=against,
        who_could=who_could(trial, probe, (one for one in against if one.action == probe.action), directory),
        form=form(judge.procedure, missing, (*required, *_optional(step, action))),
        due=due,
        overdue=due is not None and due < probe.occurred_at,
    )


def _asked(procedure: Procedure, action: Action | None, deviations: Iterable[Deviation]) -> Iterator[str]:
    """Yield what the event itself must say because it enters a waiting step, whatever the record knows from before.

    The steps its arrows name, and those the trial of it entered besides: in a block, or behind one. And what must be
    known to tell whether a rule asks for something, or what a condition says.
    """
    for arrow in action.arrows if action is not None else ():
        target = procedure.steps.get(arrow.to)
        if target is not None:
            yield from target.requests
    for one in deviations:
        if one.code == "DV605":
            yield from (name for name in ("asked", "due") if name in one.values)
        yield from (name for name in _missing(one) if name in procedure.data)
        if one.code == "DV305":
            unknown = (name.partition(".")[0] for name, value in one.values.items() if value == "unknown")
            yield from (name for name in unknown if name in procedure.data)


def _proofs_asked(procedure: Procedure, deviations: Iterable[Deviation]) -> Iterator[str]:
    """Yield the proofs that the receiver of a hand-off needs and that are not on record."""
    for one in deviations:
        if one.code == "DV603":
            yield from (name for name in _missing(one) if name not in procedure.data)


def _missing(one: Deviation) -> tuple[str, ...]:
    """Return what is not on record that a hand-off or a question needs."""
    named = one.values.get("missing", "") if one.code in ("DV603", "DV605") else ""
    return tuple(name for name in named.split(", ") if name)


def _optional(step: Step | None, action: Action | None) -> tuple[str, ...]:
    """Return the data that may be given besides what must be known."""
    if action is None or step is None:
        one = action or step
        return one.optional if one is not None else ()
    if not action.moves or action.incomplete:
        return action.optional + step.optional + step.collect
    return step.optional + action.optional


def _parties_of(step: Step, state: CaseState) -> Iterator[str]:
    if step.waiting is not None:
        yield f"role:{step.waiting.party}"
        return
    bys = [action.by for action in step.actions.values() if action.by is not None]
    for by in dict.fromkeys([step.by, *bys]):
        if by is not None:
            yield from _parties_by(by, state)


def _parties_by(by: By, state: CaseState) -> Iterator[str]:
    if by.role is not None:
        yield f"role:{by.role}"
    elif by.field is not None and by.field in state.record.values:
        named = state.record.values[by.field]
        yield f"person:{named}"
        yield f"team:{named}"
