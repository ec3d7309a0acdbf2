"""What went wrong between people (DV6), as sentences: what happened, and what would have been right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from procflow.model.deviation import Deviation
from procflow.reports.document.parts import Run
from procflow.reports.document.wording import run
from procflow.reports.page.teller import Teller


def what(one: Deviation, tell: Teller) -> Run | None:
    """Return what happened; None if it is of another family."""
    match one.code:
        case "DV601":
            return (tell.say("The case went on, and nobody answered for it."),)
        case "DV602":
            return _not_accepted(one, tell)
        case "DV603":
            step, lacks = step_of(one, tell), tell.names(_list(one, "missing"))
            return run(tell.cut("{step}: the work was handed over without {missing}.", step=step, missing=lacks))
        case "DV604":
            return _sent_back(one, tell)
        case "DV605":
            return _no_request(one, tell)
        case "DV606":
            return run(tell.cut("People wait for each other in a circle: {circle}.", circle=circle_in_words(one, tell)))
        case "DV607":
            pair = tell.people(_list(one, "between"))
            return run(tell.cut("The work went back and forth between {pair}, again and again.", pair=pair))
        case "DV608":
            return _not_answered(one, tell)
        case "DV613":
            return _risk(one, tell)
        case "DV614":
            return run(tell.cut("{who} was asked, and showed documents instead of answering.", who=_who(one, tell)))
    return _across(one.code, tell)


def _across(code: str, tell: Teller) -> Run | None:
    match code:
        case "DV609":
            return (tell.say("The case was taken before its turn, and nobody says why."),)
        case "DV610":
            return (tell.say("It was called urgent, and it was not."),)
        case "DV611":
            return (tell.say("There is a step that only one person ever does."),)
        case "DV612":
            return (tell.say("The work is spread unevenly over people."),)
        case "DV615":
            return (tell.say("Clients who are alike wait very differently long."),)
    return None


def right(code: str, tell: Teller) -> Run | None:
    """Return what would have been right; None if it is of another family."""
    match code:
        case "DV601":
            return (
                tell.say("One person takes the case before it goes on, and answers for it until another one takes it."),
            )
        case "DV602":
            return (tell.say("Accept the work or give it back in time; if nobody can, the deputy takes it."),)
        case "DV603":
            return (tell.say("Hand the work over together with all that the receiver needs."),)
        case "DV604":
            return (tell.say("Accept the work: what the agreed form asks for is enough."),)
        case "DV605":
            return (tell.say("Say whom you ask, what you ask for, and by when you need it."),)
        case "DV606":
            return (tell.say("One of them answers first; if nobody can, whoever answers for the case decides."),)
        case "DV607":
            return (tell.say("Talk to each other once, and agree who does what."),)
        case "DV608":
            return (tell.say("Answer in time, or say who knows."),)
        case "DV613":
            return (tell.say("Tell of a risk you know before the work goes on to others."),)
        case "DV614":
            return (tell.say("Answer the question; documents come with the answer, not instead of it."),)
        case "DV609" | "DV610" | "DV611" | "DV612" | "DV615":
            return (tell.say("Treat everybody alike, and say why where you do not."),)
    return None


def _not_accepted(one: Deviation, tell: Teller) -> Run:
    who = tell.wording.listed([tell.briefly(name) for name in blamed(one)]) or (tell.say("somebody"),)
    step = step_of(one, tell)
    due = moment_of(one, "due")
    if due is None:
        return run(tell.cut("{who} did not accept the work in time: {step}.", who=who, step=step))
    at = (tell.moment(due),)
    return run(tell.cut("{who} did not accept the work by {due}: {step}.", who=who, step=step, due=at))


def _sent_back(one: Deviation, tell: Teller) -> Run:
    return run(
        tell.cut(
            "{who} sent the work back for its form, although all that the form asks for was there.",
            who=_who(one, tell),
        )
    )


def _no_request(one: Deviation, tell: Teller) -> Run:
    lacks = _list(one, "missing")
    whom, asked = "asked_whom" in lacks, "question" in lacks or "asked" in lacks
    who = _who(one, tell)
    if whom and asked:
        return run(tell.cut("{who} waits, but has asked nobody for anything.", who=who))
    if whom:
        return run(tell.cut("{who} waits for an answer, but has asked nobody in particular.", who=who))
    if asked:
        return run(tell.cut("{who} waits, but has not said for what.", who=who))
    return run(tell.cut("{who} waits, but has not said until when.", who=who))


def _not_answered(one: Deviation, tell: Teller) -> Run:
    who = tell.wording.listed([tell.briefly(name) for name in blamed(one)]) or (tell.say("somebody"),)
    asker = one.values.get("asked by", "")
    if asker:
        return run(tell.cut("{who} was asked by {asker}, and did not answer.", who=who, asker=tell.person(asker)))
    return run(tell.cut("{who} was asked, and did not answer.", who=who))


def _risk(one: Deviation, tell: Teller) -> Run:
    who, known = _who(one, tell), moment_of(one, "known since")
    if known is None:
        return run(tell.cut("{who} knew of a risk, and told of it only after the work had gone on.", who=who))
    return run(
        tell.cut(
            "{who} knew of a risk since {known}, and told of it only after the work had gone on.",
            who=who,
            known=(tell.moment(known),),
        )
    )


def step_of(one: Deviation, tell: Teller) -> Run:
    """Return the step a finding is about, what is offered before where it was offered."""
    return tell.step(one.values.get("offered to") or one.values.get("step") or one.step or "")


def circle_of(one: Deviation) -> tuple[str, ...]:
    """Return who waits in a circle, each once, by ids of roles and people."""
    given = one.values.get("circle", "")
    nodes = [each.strip() for each in given.split("->") if each.strip()]
    return tuple(nodes[:-1] if len(nodes) > 1 and nodes[0] == nodes[-1] else nodes)


def circle_in_words(one: Deviation, tell: Teller) -> Run:
    """Return a circle as a chain that ends where it begins."""
    nodes = circle_of(one)
    arrow = " ← " if tell.language.direction == "rtl" else " → "
    told: Run = ()
    for node in (*nodes, *nodes[:1]):
        told = (*told, *((arrow,) if told else ()), *tell.meant(node))
    return told


def moment_of(one: Deviation, key: str) -> datetime | None:
    """Return an instant among the values of a finding; None if there is none."""
    if key == "due" and one.lateness is not None and one.lateness.due is not None:
        return one.lateness.due
    try:
        found = datetime.fromisoformat(one.values.get(key, ""))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _list(one: Deviation, key: str) -> Sequence[str]:
    return [each.strip() for each in one.values.get(key, "").split(",") if each.strip()]


def blamed(one: Deviation) -> Sequence[str]:
    """Return who caused it: the person, else whoever was waited for; () if that is nobody."""
    if one.actor is not None:
        return (one.actor,)
    if one.code not in ("DV602", "DV608"):
        return ()
    return _list(one, "waited for") or _list(one, "waits for") or _list(one, "asked") or one.who_could


def _who(one: Deviation, tell: Teller) -> Run:
    return tell.person(one.actor) if one.actor is not None else (tell.say("somebody"),)
