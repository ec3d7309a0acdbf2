"""The findings of a story, numbered in the order in which they are told, each with what a reader wants to know of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath

from procflow.model.clock import PartyKind
from procflow.model.deviation import Deviation
from procflow.model.story import CaseStory
from procflow.model.waiting import Wait, WaitKind
from procflow.reports.document.parts import Exact, Link, Run
from procflow.reports.document.wording import run
from procflow.reports.page import of_flow, of_waiting
from procflow.reports.page.lanes import moment_of_finding
from procflow.reports.page.teller import Teller

MOST = 200
"""Of a case with more findings, so many are told one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldFinding:
    """One finding in the reader's words."""

    number: int
    deviation: Deviation
    what: Run
    facts: tuple[tuple[str, Run], ...]


def numbered(story: CaseStory) -> tuple[tuple[int, Deviation], ...]:
    """Return the findings that nothing excuses, in the order of time, each with its number."""
    found = [one for one in story.audit.deviations if one.unexcused]
    found.sort(key=lambda one: (moment_of_finding(story, one) or story.until, one.code))
    return tuple(enumerate(found, start=1))


def told_findings(tell: Teller, findings: Sequence[tuple[int, Deviation]]) -> Iterator[ToldFinding]:
    """Yield each finding as it is told."""
    for number, one in findings[:MOST]:
        what = of_waiting.what(one, tell) or of_flow.what(one, tell)
        yield ToldFinding(number=number, deviation=one, what=what, facts=tuple(_facts(one, tell, findings)))


def _facts(one: Deviation, tell: Teller, findings: Sequence[tuple[int, Deviation]]) -> Iterator[tuple[str, Run]]:
    story, say = tell.story, tell.say
    who = [tell.meant(name) for name in of_waiting.blamed(one)]
    yield say("Who"), tell.wording.listed(who) if who else (say("nobody in particular"),)
    at = moment_of_finding(story, one)
    if at is not None:
        yield say("When"), (tell.moment(at),)
    lost = lost_by(story, one)
    if lost:
        yield say("Time lost"), (tell.length(lost),)
    cause = _cause(one, tell, findings)
    if cause:
        yield say("Cause"), cause
    if one.who_could:
        yield say("Who could have ended it"), tell.wording.listed([tell.meant(name) for name in one.who_could])
    yield say("What would have been right"), of_waiting.right(one.code, tell) or of_flow.right(one, tell)
    if one.where is not None:
        where = f"{PurePath(one.where.file).name}:{one.where.line}"
        yield say("Line of the procedure"), (Exact(where),)


def _cause(one: Deviation, tell: Teller, findings: Sequence[tuple[int, Deviation]]) -> Run:
    """Return what it follows from: another finding, else what was asked or told on record; () if nobody can say."""
    if one.cause is not None:
        for number, other in findings:
            if (other.code, other.seq) == (one.cause.code, one.cause.seq):
                link = (Link(f"finding-{number}", (tell.language.number(number),)),)
                return run(tell.cut("It follows from number {number}.", number=link))
    asked = one.values.get("question") or (one.values.get("asked") if one.code in ("DV608", "DV614") else "")
    wait = wait_of(tell.story, one)
    if asked is None or (not asked and wait is not None and wait.kind is WaitKind.QUESTION):
        asked = wait.what if wait is not None else ""
    if asked:
        return run(tell.cut("The question was: {question}", question=tell.quoted(asked)))
    if one.values.get("risk"):
        return run(tell.cut("The risk was: {risk}", risk=tell.quoted(one.values["risk"])))
    event = tell.story.event(one.seq)
    if event is not None and event.reason and one.lateness is None:
        return run(tell.cut("The reason given was: {reason}", reason=tell.quoted(event.reason)))
    if event is not None and one.code in ("DV601", "DV602", "DV603") and event.action:
        return _event(event.action, event.actor, tell)
    return ()


def _event(action: str, actor: str | None, tell: Teller) -> Run:
    if actor is None:
        return run(tell.cut("It began with this: {action}.", action=tell.action(action)))
    return run(tell.cut("It began with this: {action}, by {who}.", action=tell.action(action), who=tell.person(actor)))


def wait_of(story: CaseStory, one: Deviation) -> Wait | None:
    """Return the wait a finding is about; None if it is about none."""
    kinds = {"DV602": WaitKind.HAND_OFF, "DV608": WaitKind.QUESTION, "DV605": None, "DV614": WaitKind.QUESTION}
    if one.code not in kinds:
        return None
    of_event = [each for each in story.waits if each.seq == one.seq and kinds[one.code] in (None, each.kind)]
    if of_event or one.code != "DV614":
        return of_event[0] if of_event else None
    event = story.event(one.seq)
    if event is None:
        return None
    meant = [each for each in story.waits if event.actor in {p for n in each.whom for p in story.players_of(n)}]
    open_then = [each for each in meant if each.since <= event.occurred_at and each.kind is WaitKind.QUESTION]
    return open_then[0] if open_then else None


def lost_by(story: CaseStory, one: Deviation) -> timedelta | None:
    """Return how much time a finding cost: as far as the record tells; None if it does not."""
    wait = wait_of(story, one)
    if wait is not None:
        return story.length(wait)
    at = moment_of_finding(story, one)
    if one.code == "DV606" and at is not None:
        nodes = {player for node in of_waiting.circle_of(one) for player in story.players_of(node)}
        inside = [each for each in story.waits if each.who in nodes and each.since <= at]
        ends = [each.until or story.until for each in inside if (each.until or story.until) > at]
        return min(ends) - at if ends else None
    if one.code == "DV601" and at is not None:
        without = (each for each in story.tenures if each.person is None and (each.until or story.until) > at)
        return next(((each.until or story.until) - max(each.since, at) for each in without), None)
    if one.code in ("DV603", "DV604") and at is not None:
        step = one.values.get("offered to") or one.values.get("step") or one.step
        offers = (each.since for each in story.waits if each.kind is WaitKind.HAND_OFF and each.what == step)
        return next((since - at for since in offers if since > at), None)
    if one.code == "DV605" and at is not None:
        after = (each.occurred_at for each in story.events if each.actor == one.actor and each.occurred_at > at)
        return next((since - at for since in after), None)
    if one.code == "DV613":
        known, event = of_waiting.moment_of(one, "known since"), story.event(one.seq)
        return event.occurred_at - known if known is not None and event is not None else None
    if one.lateness is not None and one.lateness.due is not None:
        return one.lateness.over or max(story.until - one.lateness.due, timedelta(0))
    return None


def nobodys(story: CaseStory) -> timedelta:
    """Return how long nobody had the ball."""
    return sum((end - start for party, start, end in story.spans if party.kind is PartyKind.NOBODY), timedelta(0))
