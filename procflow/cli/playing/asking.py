"""Asking: what an action needs, one question after the other; an empty answer takes the sample in brackets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from procflow.cli.playing.walk import PROOF, REASON, Choice, Walk, items_done
from procflow.cli.typed import read_typed
from procflow.expressions.types import Choice as Words
from procflow.expressions.types import Date, FieldType, Instant, ListOf, Raw, Record, YesNo
from procflow.expressions.values import parse_value, type_name
from procflow.loading.scenarios import sample_link
from procflow.model.hand_off import ACTS, ASKED_WHOM, QUESTION
from procflow.model.text import text_of
from procflow.scenarios import samples

Question = Callable[[str], str]
"""Puts a question and returns what was typed, without spaces around it."""
Say = Callable[[str], None]

LEAVE_OUT = "-"
"""Typed for what shall not be given at all."""
AT_A_QUESTION = f"An empty line takes what stands in brackets, `{LEAVE_OUT}` leaves it out, `/back` leaves the action."
_ALSO: Mapping[type, str] = MappingProxyType(
    {
        Instant: "a day such as 2026-12-01, `tomorrow` or `2 days` will do as well",
        Date: "`tomorrow` or `2 days` will do as well",
    }
)


@dataclass(slots=True)
class Given:
    """What comes with an action."""

    data: dict[str, Raw] = field(default_factory=dict)
    evidence: dict[str, Raw] = field(default_factory=dict)
    reason: str | None = None


def supplied(walk: Walk, choice: Choice) -> Given:
    """Return samples for all that an action needs, without a question."""
    proofs, reason = _formal(choice)
    given = Given(data=_samples(walk, choice, {}), evidence={name: sample_link(name) for name in proofs})
    given.reason = samples.REASON if reason else None
    return given


def asked(walk: Walk, choice: Choice, question: Question, say: Say, language: str) -> Given:
    """Ask for what an action needs, then for what may be given besides."""
    given = Given()
    proofs, reason = _formal(choice)
    for name in _fields(choice):
        raw = _answer(walk, choice, name, given.data, question, say, language)
        if raw is not None:
            given.data[name] = raw
    for name in proofs:
        if typed := _or_sample(
            question(f"proof {name}, a link or a number [{sample_link(name)}]: "), sample_link(name)
        ):
            given.evidence[name] = typed
    if reason:
        given.reason = _or_sample(question(f"reason [{samples.REASON}]: "), samples.REASON)
    for name in _besides(walk, choice):
        raw = _optional(walk, name, question, say, language)
        if raw is not None:
            given.data[name] = raw
    return given


def lacking(walk: Walk, choice: Choice, given: Given) -> tuple[str, ...]:
    """Return what an action needs and is done without: data, proofs, the reason, items of the checklist."""
    proofs, reason = _formal(choice)
    missing = [name for name in _fields(choice) if name not in given.data]
    missing += [name for name in proofs if name not in given.evidence]
    missing += [REASON] if reason and given.reason is None else []
    step = choice.step
    if step is not None and step.checklist is not None and choice.definition is not None and choice.against:
        done = items_done(step, walk.case.configuration)
        missing += [item for item in step.checklist.items if item not in done]
    return tuple(dict.fromkeys(missing))


def _besides(walk: Walk, choice: Choice) -> Iterator[str]:
    """Yield what may be given and is worth a question: not at each item of a checklist, and not again if it is known."""
    if choice.definition is not None:
        # Whoever gives work back is not asked for what the work takes.
        own = choice.definition.optional if choice.definition.id in ACTS else choice.optional
        yield from (name for name in own if name not in walk.case.values)


def _formal(choice: Choice) -> tuple[tuple[str, ...], bool]:
    """Return the proofs an action needs, and whether it needs a reason."""
    proofs = tuple(one.removeprefix(PROOF) for one in choice.needs if one.startswith(PROOF))
    # A data field may be called `reason` as well: the reason is what stands last.
    return proofs, choice.definition is not None and choice.definition.reason


def _fields(choice: Choice) -> tuple[str, ...]:
    names = [one for one in choice.needs if not one.startswith(PROOF)]
    _, reason = _formal(choice)
    return tuple(names[:-1] if reason and names and names[-1] == REASON else names)


def _samples(walk: Walk, choice: Choice, given: Mapping[str, Raw]) -> dict[str, Raw]:
    case, types = walk.case, walk.procedure.field_types
    said = {name: parse_value(types[name], raw) for name, raw in given.items()}
    arrows = choice.definition.arrows if choice.definition is not None else ()
    counts = Counter(one.action for one in case.events if not one.refused)
    found = samples.samples(
        {name: types[name] for name in _fields(choice) if name not in given},
        # Where one alternative is open whatever comes, any value will do.
        arrows if all(one.when for one in arrows) else (),
        known={**case.values, **said},
        counts={action: counts[action] for action in walk.procedure.actions},
        at=walk.now,
        person=next(reversed(walk.cast.everybody()), samples.SOMEBODY),
    )
    of_questions: dict[str, Raw] = {ASKED_WHOM: walk.another(choice.doer), QUESTION: samples.ASKED}
    return found | {name: of_questions[name] for name in found.keys() & of_questions.keys()}


def _answer(
    walk: Walk,
    choice: Choice,
    name: str,
    given: Mapping[str, Raw],
    question: Question,
    say: Say,
    language: str,
) -> Raw:
    """Return the raw value of a field; None if it is left out."""
    sample = _samples(walk, choice, given)[name]
    words = f"{_asks(walk, name, say, language)} [{_shown(sample)}]: "
    while True:
        typed = question(words)
        if typed == LEAVE_OUT:
            return None
        if not typed:
            return sample
        try:
            return _read(walk.procedure.data[name].type, typed, walk.now)
        except ValueError as wrong:
            say(_told(wrong))


def _optional(walk: Walk, name: str, question: Question, say: Say, language: str) -> Raw:
    words = f"{_asks(walk, name, say, language)} [leave it out]: "
    while True:
        typed = question(words)
        if typed in ("", LEAVE_OUT):
            return None
        try:
            return _read(walk.procedure.data[name].type, typed, walk.now)
        except ValueError as wrong:
            say(_told(wrong))


def _told(wrong: ValueError) -> str:
    return f"  that does not fit: {wrong}. {AT_A_QUESTION}"


def _asks(walk: Walk, name: str, say: Say, language: str) -> str:
    """Say the question of a field, and return its name with what may be typed."""
    one = walk.procedure.data[name]
    if ask := text_of(one.ask, language):
        say(f"  {ask}")
    if isinstance(one.type, Words):
        return f"{name} ({', '.join(_words(walk, one.type, language))})"
    return f"{name} ({_kind(one.type)})"


def _words(walk: Walk, type: Words, language: str) -> Iterator[str]:
    for number, word in enumerate(type.of, 1):
        title = walk.procedure.title_of(word, language)
        yield f"{number} {word}" if title == word else f"{number} {word}: {title}"


def _kind(type: FieldType) -> str:
    match type:
        case YesNo():
            return "yes or no"
        case Instant():
            return "a moment, a day, or `2 days` from now"
        case Date():
            return "a day, or `2 days` from now"
        case ListOf():
            return f"{type_name(type)}; commas between them"
        case Record(fields):
            return ", ".join(f"{name}=..." for name in fields)
        case _:
            return type_name(type)


def _read(type: FieldType, text: str, now: datetime) -> Raw:
    """Return what was typed as a raw value of the type. Raises ValueError."""
    raw = _by_number(type, text)
    if raw is None:
        raw = read_typed(type, text, now)
    try:
        parse_value(type, raw)
    except ValueError as wrong:
        also = _ALSO.get(type.__class__)
        if also is None:
            raise
        raise ValueError(f"{wrong}; {also}") from None
    return raw


def _by_number(type: FieldType, text: str) -> Raw:
    """Return the word of a choice, or the list of them, that is given by number; None if it is not."""
    match type:
        case Words(of) if text.isascii() and text.isdigit() and text not in of and 1 <= int(text[:6]) <= len(of):
            return of[int(text[:6]) - 1]
        case ListOf(Words() as item):
            return [_by_number(item, one.strip()) or one.strip() for one in text.split(",") if one.strip()]
        case _:
            return None


def _shown(raw: Raw) -> str:
    match raw:
        case bool():
            return "yes" if raw else "no"
        case list():
            return ", ".join(map(_shown, raw))
        case dict():
            return ", ".join(f"{name}={_shown(one)}" for name, one in raw.items())
        case _:
            return str(raw)


def _or_sample(typed: str, sample: str) -> str | None:
    return None if typed == LEAVE_OUT else typed or sample
