"""What a walk looks like: where the case stands, what may be done, what would deviate, and the way so far."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from procflow.cli.playing.walk import OF_PEOPLE, Choice, Done, Turn, Waited, Walk, items_done, may_go_back, named
from procflow.expressions.values import show_value
from procflow.model.clock import LateDoing
from procflow.model.configuration import Configuration
from procflow.model.deviation import Deviation
from procflow.model.fired import Fired
from procflow.model.hand_off import ACCEPT, ASKED_WHOM, QUESTION, REFUSE, TAKE_CASE
from procflow.model.procedure import ANY, Procedure, Step
from procflow.model.text import text_of
from procflow.reports.case_text import event_text, minute
from procflow.reports.deviation_text import deviation_lines, standing
from procflow.reports.due_text import whoever
from procflow.reports.paper import BLANK, Ink, Line, Mark, clip, faint, line, padded, prose, strong, visible, width
from procflow.reports.rules_text import owed_lines
from procflow.reports.sources import Sources

TICKED, OPEN = "[x]", "[ ]"
WIDEST_ACTION = 28
_OF_QUESTIONS = frozenset({ASKED_WHOM, QUESTION})
"""Data that speak of one question; what is still owed tells of it."""


def head_lines(walk: Walk, language: str, cells: int) -> Iterator[Line]:
    """Yield what is played, and how."""
    one = walk.procedure
    title = text_of(one.title, language, one.id)
    yield line(strong(visible(title)), f"  {one.id} {visible(one.version)}")
    purpose = text_of(one.purpose, language)
    if purpose:
        yield from prose(purpose, cells)
    yield from prose(
        "You play one case, on the real engine, and nothing is kept. Type the number of what is done next; an empty "
        "answer to a question takes what stands in brackets, `/back` leaves it. `help` lists what else you can type.",
        cells,
        mark=Mark.FAINT,
    )


def standing_lines(walk: Walk, language: str, cells: int) -> Iterator[Line]:
    """Yield where the case stands, whose turn it is, and what is ticked off."""
    case = walk.case
    at = minute(walk.now)
    if case.closed:
        step = walk.procedure.steps.get(case.configuration.step)
        name = _named(step, language) if step is not None else str(case.configuration)
        yield line(Ink("The case has ended: ", Mark.GOOD), strong(visible(name)), faint(f"  {at}"))
        count = sum(isinstance(one, Done) and one.anyway for one in walk.turns)
        said = [f"It deviates in {count} of its moves."] if count else []
        broken = dict.fromkeys(one.breach.rule for one in walk.broken_by_time() if one.breach is not None)
        said += [f"These rules are broken besides: {', '.join(broken)}."] if broken else []
        told = " ".join(said or ["Nothing in it deviates."])
        yield from prose(f"{told} `picture` shows the way, `save` makes a scenario of it, `back` goes back.", cells)
        return
    block = [walk.procedure.steps[name] for name in case.steps if walk.procedure.steps[name].parallel is not None]
    for one in block:
        yield line(strong(visible(_named(one, language))), faint(f"  {at}"))
    for name in case.steps:
        step = walk.procedure.steps[name]
        if step.parallel is not None:
            continue
        indent = 2 if block else 0
        yield line(" " * indent, strong(visible(_named(step, language))), "" if block else faint(f"  {at}"))
        offered = _offered(walk, step, language)
        if offered:
            yield from prose(offered, cells, indent=indent + 2, label="on offer   ")
        else:
            yield from prose(_turn_of(walk, step, language), cells, indent=indent + 2, label="turn of    ")
        if step.checklist is not None:
            yield from prose(_ticks(walk, step, language), cells, indent=indent + 2, label="checklist  ")
    if walk.procedure.accountable is not None:
        yield from prose(case.accountable or "nobody", cells, indent=2, label="answers    ")
    known = ", ".join(f"{name} = {show_value(one)}" for name, one in case.values.items() if name not in _OF_QUESTIONS)
    if known:
        yield from prose(known, cells, indent=2, label="known      ")
    if walk.procedure.rules or walk.procedure.all_clocks:
        yield from owed_lines(case.audit.due, cells)
    if walk.deviates:
        yield from prose("the case has left its procedure; from here on an audit would find it", cells, indent=2)


def _named(step: Step, language: str) -> str:
    title = text_of(step.title, language)
    return f"{title} ({step.id})" if title else step.id


def _turn_of(walk: Walk, step: Step, language: str) -> str:
    by = step.whose_turn
    if by is None or by.role == ANY:
        return "anyone"
    title = text_of(walk.procedure.roles[by.role].title, language) if by.role is not None else ""
    return f"{by}: {title}" if title else str(by)


def _offered(walk: Walk, step: Step, language: str) -> str:
    """Return to whom the work of a step is on offer, and what they may do; "" if it is not."""
    if step.id not in walk.case.on_offer:
        return ""
    back = f", or give it back ({REFUSE})" if may_go_back(step, walk.case.configuration) else ""
    return f"to {_turn_of(walk, step, language)}. Accept it ({ACCEPT}) or begin with anything in it{back}"


def _ticks(walk: Walk, step: Step, language: str) -> str:
    assert step.checklist is not None
    done = items_done(step, walk.case.configuration)
    ticks = (
        f"{TICKED if item in done else OPEN} {name_of(walk.procedure, item, None, language)}"
        for item in step.checklist.items
    )
    return "  ".join(ticks) + ("  (in any order)" if step.checklist.any_order else "")


def name_of(procedure: Procedure, action: str, choice: Choice | None, language: str) -> str:
    """Return the title of an action or an item of a checklist; its id if it has none."""
    if choice is not None and choice.definition is not None and choice.definition.title:
        return text_of(choice.definition.title, language)
    return procedure.title_of(action, language)


def choice_lines(walk: Walk, choices: Sequence[Choice], language: str, cells: int) -> Iterator[Line]:
    """Yield the numbered list: first what may be done, then what would deviate, and why."""
    wide = min(WIDEST_ACTION, max((width(one.action) for one in choices), default=0))
    allowed = [one for one in choices if not one.against]
    for number, one in enumerate(choices, 1):
        if number == 1 and allowed:
            yield line(strong("What may be done" if walk.viewer is None else f"What {_viewer(walk)} may do"))
        if number == len(allowed) + 1:
            yield line(strong("What would deviate"))
        label = f"{number:>3}  {padded(clip(visible(one.action), wide), wide)}  "
        if one.against:
            yield from prose(_short(walk, one), cells, label=label, mark=Mark.FAINT)
        else:
            yield from prose(_offer(walk, one, language), cells, label=label)


def _viewer(walk: Walk) -> str:
    assert walk.viewer is not None
    return visible(walk.viewer.id)


def _offer(walk: Walk, one: Choice, language: str) -> str:
    title = name_of(walk.procedure, one.action, one, language)
    parts = [title] if title != one.action else []
    if walk.viewer is None and one.doer is not None:
        parts.append(f"by {one.doer.id}")
    if one.step is None:
        parts.append("at any time")
    if one.needs:
        parts.append(f"needs {', '.join(one.needs)}")
    return "; ".join(parts) or "nothing more is needed"


def _short(walk: Walk, one: Choice) -> str:
    """Return in short why an action would deviate; `why` tells it in full."""
    step = one.step
    if step is not None and step.checklist is not None and step.id in walk.case.steps and not step.checklist.any_order:
        done, items = items_done(step, walk.case.configuration), step.checklist.items
        before = items[: items.index(one.action)] if one.action in items else items
        first = [item for item in before if item not in done]
        if first and all(each.code.startswith("DV1") for each in one.against):
            return f"first {', '.join(first)}"
    first_of_all = one.against[0]
    rule = f"rule {first_of_all.breach.rule}: " if first_of_all.breach is not None else ""
    return f"{rule}{first_of_all.message}"


def late_lines(found: Sequence[Deviation], sources: Sources, cells: int) -> Iterator[Line]:
    """Yield what became too late while nothing was done."""
    if found:
        yield line(Ink("Too late: ", Mark.BAD), "what was not done in time is on record")
        yield from _listed(found, sources, cells, attempt=False)


def done_lines(done: Done, known: Collection[Deviation], sources: Sources, cells: int) -> Iterator[Line]:
    """Yield what became of a move; what was `known` before it is not told again."""
    what = f"{done.move.action} by {done.move.actor.id}"
    if done.move.on_behalf_of is not None:
        what += f" on behalf of {done.move.on_behalf_of}"
    if not done.refused and not done.anyway:
        yield line(Ink("Done: ", Mark.GOOD), visible(what))
        # What is excused, and what is only put on record.
        before = set(map(named, known))
        news = [one for one in done.verdict.deviations if named(one) not in before]
        yield from _listed(news, sources, cells, attempt=False)
        return
    if done.refused:
        yield line(Ink("Refused: ", Mark.BAD), visible(what))
        yield from prose("Nothing was done; the case stays where it was.", cells, indent=2)
    else:
        yield line(Ink("Done although it deviates: ", Mark.BAD), visible(what))
        yield from prose("An audit of the record would say:", cells, indent=2)
    against = done.verdict.deviations
    yield from _listed(against, sources, cells, attempt=done.refused)
    if done.refused:
        yield from _who_lines(done.verdict.who_could, against, cells)


def why_lines(walk: Walk, choice: Choice, sources: Sources, language: str, cells: int) -> Iterator[Line]:
    """Yield why an action may not be done now, or what it takes."""
    if choice.against:
        yield line(Ink("Not now: ", Mark.BAD), visible(choice.action))
        yield from _listed(choice.against, sources, cells, attempt=True)
        yield from _who_lines(choice.who_could, choice.against, cells)
        return
    yield line(Ink("Nothing is in the way: ", Mark.GOOD), visible(choice.action))
    if choice.doer is not None:
        yield from prose(f"{choice.doer.id} may do it", cells, indent=2)
    if choice.needs:
        yield from prose(f"it needs {', '.join(choice.needs)}", cells, indent=2)
    arrows = choice.definition.arrows if choice.definition is not None else ()
    for arrow in arrows:
        when = f" when {arrow.when.text}" if arrow.when is not None else ", otherwise" if arrow.otherwise else ""
        yield from prose(f"{_to(walk.procedure, arrow.to, language)}{when}", cells, indent=2)


def _to(procedure: Procedure, to: str, language: str) -> str:
    match to:
        case "same":
            return "it is recorded, and the case stays where it is"
        case "done":
            return "it ends this branch"
        case _:
            step = procedure.steps.get(to)
            return f"it leads to {_named(step, language)}" if step is not None else f"it leads to {to}"


def _who_lines(who_could: Mapping[str, tuple[str, ...]], against: Sequence[Deviation], cells: int) -> Iterator[Line]:
    """Yield who could do it, with their names, if another person could."""
    if not any(one.code.startswith(OF_PEOPLE) for one in against):
        return
    who = [
        f"{role} ({', '.join(people)})" if people and people != (role,) else role for role, people in who_could.items()
    ]
    if who:
        yield from prose(", ".join(who), cells, indent=2, label="who could do it: ")


def _listed(found: Sequence[Deviation], sources: Sources, cells: int, *, attempt: bool) -> Iterator[Line]:
    for number, one in enumerate(found, 1):
        order = number if len(found) > 1 else None
        yield from deviation_lines(one, number=order, sources=sources, cells=cells, indent=2, attempt=attempt)


def data_lines(walk: Walk, language: str, cells: int) -> Iterator[Line]:
    """Yield every data field: what is known, and the question of what is not."""
    if not walk.procedure.data:
        yield line("This procedure collects no data.")
        return
    values = walk.case.values
    wide = max(width(name) for name in walk.procedure.data)
    for name, one in walk.procedure.data.items():
        known = show_value(values[name]) if name in values else "unknown"
        ask = text_of(one.ask, language)
        yield from prose(f"{known}  {ask}".rstrip(), cells, indent=2, label=f"{padded(name, wide)}  ")


def people_lines(walk: Walk, cells: int) -> Iterator[Line]:
    """Yield who can act."""
    yield line(strong("Who can act"), faint("  `as NAME`; `as anyone` lets whoever may"))
    names = walk.cast.everybody()
    wide = max((width(name) for name in names), default=0)
    for name in names:
        roles = ", ".join(sorted(walk.cast.roles_of(name))) or "no role"
        yield from prose(roles, cells, indent=2, label=f"{padded(visible(name), wide)}  ")


def picture_lines(walk: Walk, language: str, cells: int) -> Iterator[Line]:
    """Yield the way so far: each place with what was done there, downwards."""
    place = _first(walk)
    yield line("o  ", faint(minute(walk.start)), "  the case opens")
    yield from _place(walk, place, language)
    at = walk.start
    for turn in walk.turns:
        if isinstance(turn, Waited):
            at += turn.length
            yield line("|    ", faint(f"... {turn.words}, until {minute(at)}"))
            for one in turn.fired:
                yield from _along(fired_text(one), cells, "~ ")
            continue
        yield from _move(turn, cells)
        if turn.after.step != place.step:
            place = turn.after
            yield from _place(walk, place, language)
    if walk.case.closed:
        yield line("*  ", Ink("the end", Mark.GOOD))
    else:
        yield line("?  ", faint(f"the case stands in {standing(str(walk.case.configuration))}"))


def _first(walk: Walk) -> Configuration:
    for turn in walk.turns:
        if isinstance(turn, Done):
            return turn.before
    return walk.case.configuration


def _place(walk: Walk, at: Configuration, language: str) -> Iterator[Line]:
    step = walk.procedure.steps.get(at.step)
    yield line("|")
    yield line("v  ", strong(visible(_named(step, language) if step is not None else at.step)))


def _move(done: Done, cells: int) -> Iterator[Line]:
    told = event_text(done.verdict.event).removeprefix("refused: ")
    if done.refused:
        why = done.verdict.deviations[0]
        yield from prose(
            f"{told.partition(';')[0]}: refused, {why.code} {why.slug}", cells, label="|  x ", mark=Mark.FAINT
        )
    elif done.anyway:
        yield from _along(told, cells, "! ", Mark.BAD)
        for one in done.verdict.deviations:
            yield from _along(f"{one.code} {one.slug}: {one.message}", cells, "    ", Mark.BAD)
    else:
        yield from _along(told, cells, "- ")


def _along(text: str, cells: int, label: str, mark: Mark = Mark.PLAIN) -> Iterator[Line]:
    """Yield a paragraph beside the line that leads from place to place."""
    for one in prose(text, cells - 3, label=label, mark=mark):
        yield line("|  ", *one)


def fired_lines(waited: Waited, cells: int) -> Iterator[Line]:
    """Yield what time did while somebody waited."""
    for one in waited.fired:
        at = f"{minute(one.timer.due)}  " if one.timer is not None else ""
        yield from prose(fired_text(one), cells, indent=2, label=at)


def fired_text(one: Fired) -> str:
    """Return what time did, in words."""
    timer = one.timer
    if timer is None:
        return f"time could do nothing: {one.error.message if one.error is not None else 'nobody knows why'}"
    if timer.does is LateDoing.GO_TO:
        return f"the time of {timer.clock} is up: the case goes on to {timer.to}"
    what = (
        f"{timer.clock} is late"
        if timer.mark.startswith("late")
        else f"{timer.mark} of the time of {timer.clock} is used"
    )
    who = timer.to or whoever(timer, "whoever has the ball")
    if timer.does is LateDoing.OFFER:
        return f"{what}: the work is offered to {who}, too"
    if timer.does is LateDoing.ESCALATE:
        return f"{what}: {who} is told, and may act, too"
    return f"{what}: {who} is told"


def turn_text(turn: Turn) -> str:
    """Return a turn in a few words: what `back` took back."""
    if isinstance(turn, Waited):
        return f"the wait of {turn.words}"
    return f"{turn.move.action} by {turn.move.actor.id}" + (" (it was refused)" if turn.refused else "")


def clock_text(now: datetime) -> str:
    """Return the simulated moment."""
    return f"It is {minute(now)}."


HELP: Sequence[tuple[str, str]] = (
    ("3, or accept", "do what has this number or name"),
    ("why 3", "say why not, who could, and where it leads"),
    ("anyway 3", "do it although it deviates, and see what an audit would say"),
    ("as agent", "be somebody: a role, or a person of people.yaml; `as ana agent lead` makes one up"),
    ("as ana for client", "act on behalf of somebody"),
    ("as anyone", "whoever may acts, as at the beginning"),
    (
        "wait 2 days",
        "let time pass; also `wait 2 working days`, or `wait until NAME is late`. What is due meanwhile is done",
    ),
    ("back", "take the last move back"),
    ("list", "where the case stands and what may be done"),
    ("data", "what is known, and what is not"),
    ("people", "who can act"),
    ("picture", "the way so far"),
    ("save A title", "print the walk as a scenario, to be pasted into the file"),
    ("quit", "stop; so do Ctrl-D and Ctrl-C"),
)


def help_lines(walk: Walk, cells: int) -> Iterator[Line]:
    """Yield what can be typed."""
    wide = max(width(words) for words, _ in HELP)
    for words, does in HELP:
        yield from prose(does, cells, indent=2, label=f"{padded(words, wide)}  ")
    yield BLANK
    yield from prose(
        "Asked for something: an empty line takes what stands in brackets, `-` leaves it out, `/back` leaves the "
        "action, `?` says so. In `picture`, - was done, x was refused, ! was done anyway.",
        cells,
        indent=2,
    )
    acts = (
        (walk.procedure.hands_off, f"Work on offer is accepted with `{ACCEPT}`, or by doing anything in its step."),
        (any(REFUSE in one.actions for one in walk.procedure.steps.values()), f"`{REFUSE}` gives it back."),
        (walk.procedure.accountable is not None, f"Whoever does `{TAKE_CASE}` answers for the case."),
    )
    told = " ".join(text for holds, text in acts if holds)
    if told:
        yield BLANK
        yield from prose(told, cells, indent=2)
