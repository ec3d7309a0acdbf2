"""What went wrong in the flow, with people, data, time, rules and authority, as sentences; what is rare by its class."""

from __future__ import annotations

from procflow.model.deviation import REGISTRY, Deviation
from procflow.model.text import text_of
from procflow.reports.document.parts import Run, Written
from procflow.reports.document.wording import run
from procflow.reports.page.teller import Teller


def what(one: Deviation, tell: Teller) -> Run:
    """Return what happened."""
    if one.code.startswith("DV4"):
        return _of_time(one, tell)
    if one.breach is not None:
        return _of_rule(one, tell)
    told = _of_flow(one, tell) or _of_people(one, tell) or _of_data(one, tell)
    return (
        told if told is not None else (Written(REGISTRY[one.code].summary, "en", "ltr", tell.language.words != "en"),)
    )


def right(one: Deviation, tell: Teller) -> Run:
    """Return what would have been right."""
    match one.code[:3]:
        case "DV1":
            return (
                tell.say("Do what is due where the case stands, or let whoever may set the procedure aside say so."),
            )
        case "DV2":
            return (tell.say("Let somebody act who may."),)
        case "DV3":
            return (tell.say("Record what is asked for together with the action."),)
        case "DV4":
            return (tell.say("Act in time, or promise what can be kept."),)
    return (tell.say("Keep to the line of the procedure that is named here."),)


def _of_flow(one: Deviation, tell: Teller) -> Run | None:
    action = tell.action(one.action or "")
    match one.code:
        case "DV101":
            return run(tell.cut("It was skipped, and the case went on: {action}.", action=action))
        case "DV102":
            return run(tell.cut("It was done, although it was not due: {action}.", action=action))
        case "DV103":
            return run(tell.cut("It was done too early or too late: {action}.", action=action))
        case "DV104":
            return run(tell.cut("It was done, although its condition did not hold: {action}.", action=action))
        case "DV105":
            return run(tell.cut("It was done after the case had ended: {action}.", action=action))
        case "DV106":
            return run(tell.cut("The procedure does not know what was done: {action}.", action=action))
        case "DV107":
            return (tell.say("The case was closed before it had reached an end."),)
        case "DV108":
            return run(tell.cut("It was done more often than it may be: {action}.", action=action))
    return None


def _of_people(one: Deviation, tell: Teller) -> Run | None:
    who = tell.person(one.actor) if one.actor is not None else (tell.say("somebody"),)
    action = tell.action(one.action or "")
    match one.code:
        case "DV201":
            return run(tell.cut("{who} does not hold the role for it: {action}.", who=who, action=action))
        case "DV202":
            return run(
                tell.cut("{who} acted where a second pair of eyes was needed: {action}.", who=who, action=action)
            )
        case "DV204":
            return run(tell.cut("{who} went beyond the authority given to them: {action}.", who=who, action=action))
        case "DV208":
            return run(tell.cut("{who} must not act here: {action}.", who=who, action=action))
    return None


def _of_data(one: Deviation, tell: Teller) -> Run | None:
    action = tell.action(one.action or "")
    match one.code:
        case "DV301":
            return run(tell.cut("A value was not given: {action}.", action=action))
        case "DV302":
            return run(tell.cut("A value does not fit: {action}.", action=action))
        case "DV303":
            return run(tell.cut("A proof was not given: {action}.", action=action))
        case "DV305":
            return run(tell.cut("A value was missing that decides whether it may be done: {action}.", action=action))
        case "DV306":
            return run(tell.cut("A reason was not given: {action}.", action=action))
    return None


def _of_time(one: Deviation, tell: Teller) -> Run:
    clock = _clock(one, tell)
    match one.code:
        case "DV401":
            return run(tell.cut("It took longer than promised: {clock}.", clock=clock))
        case "DV409":
            return run(tell.cut("{clock}: nobody wrote in time, and whoever waits knew nothing.", clock=clock))
        case "DV410":
            return run(tell.cut("It happened more often than promised: {clock}.", clock=clock))
    return run(tell.cut("Something is wrong with a time: {clock}.", clock=clock))


def _clock(one: Deviation, tell: Teller) -> Run:
    """Return what is measured: the title of the clock, of a step's own time that of the step."""
    name = one.lateness.clock if one.lateness is not None else one.values.get("clock", "")
    known = tell.story.procedure.all_clocks.get(name)
    if known is None or known.step is not None:
        return tell.step(name or one.step or "")
    title = tell.wording.written(known.title)
    return (title,) if title is not None else (Written(name, "", "ltr", False),)


def _of_rule(one: Deviation, tell: Teller) -> Run:
    assert one.breach is not None
    known = next((each for each in tell.story.procedure.rules if each.id == one.breach.rule), None)
    name = text_of(known.title, tell.language.code, one.breach.rule) if known is not None else one.breach.rule
    return run(tell.cut("A rule was broken: {rule}", rule=tell.quoted(name)))
