"""Rules in plain words: `before: send, there-must-be: approve` is “Before “Send” is done, “Approve” must have been done.”

What a rule speaks of is put in by its quoted title, and how by phrases that stand for themselves. So nothing has to agree
with a title nobody has seen, in any language. Actions are told in whole sentences; steps, the opening and the end of a
case are listed after a colon where a sentence would have to bend them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal as Word
from typing import assert_never

from procflow.calendars.length import Length
from procflow.model.by import By
from procflow.model.procedure import ANY
from procflow.model.rule import PERSON, Form, Happening, HappeningKind, Manner, Per, Rule
from procflow.reports.document.conditions import Demand, demand_of, joined
from procflow.reports.document.happenings import When, bare, clause, deed
from procflow.reports.document.lengths import length_in_words
from procflow.reports.document.parts import Run
from procflow.reports.document.values import commas
from procflow.reports.document.wording import Wording, run
from procflow.texts import Pieces

Mood = Word["must", "must have", "must not", "must not have", "may"]

_MOODS: Mapping[Form, tuple[When, Mood]] = {
    Form.AFTER: ("after", "must"),
    Form.AFTER_NEVER: ("after", "must not"),
    Form.BEFORE: ("before", "must have"),
    Form.BEFORE_NEVER: ("before", "must not have"),
    Form.IF_ALSO: ("if", "must"),
    Form.IF_NEVER: ("if", "must not"),
}
_READ_AT_THE_END = frozenset(
    {Form.MUST_HAPPEN, Form.AT_LEAST, Form.EXACTLY, Form.ANY_OF, Form.ONE_OF, Form.LAST},
)
"""Forms whose condition is read when the case ends: they have no trigger, and are judged then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A rule in words."""

    core: Run
    """What must be so, without a point at its end."""
    condition: Demand | None
    """What must hold for the rule to apply; None: nothing."""
    at_the_end: bool
    """True if the condition is read when the case ends."""
    scope: Run
    """Over what it is judged, as a sentence of its own; () for each case by itself."""


def sentence_of(rule: Rule, wording: Wording) -> Sentence:
    """Return what a rule says; its condition apart, for whoever lays it out."""
    return Sentence(
        core=_begun(_Teller(rule, wording).core()),
        condition=demand_of(rule.when.tree, wording) if rule.when is not None else None,
        at_the_end=rule.form in _READ_AT_THE_END,
        scope=_scope(rule, wording),
    )


def told(rule: Rule, wording: Wording) -> Run:
    """Return what a rule says in one run, its condition included."""
    one = sentence_of(rule, wording)
    whole = one.core
    if one.condition is not None:
        condition = joined(one.condition, wording)
        cut = wording.cut
        if one.at_the_end:
            told = cut(
                "{sentence}; this applies only if, when the case ends, {condition}", sentence=whole, condition=condition
            )
        else:
            told = cut("{sentence}; this applies only if {condition}", sentence=whole, condition=condition)
        whole = run(told)
    return closed(whole, one, wording)


def closed(whole: Run, one: Sentence, wording: Wording) -> Run:
    """Return a sentence with its point, and over what it is judged."""
    ended = run(wording.cut("{sentence}.", sentence=whole))
    return (*ended, " ", *one.scope) if one.scope else ended


def _scope(rule: Rule, wording: Wording) -> Run:
    match rule.per:
        case Per.CASE:
            return ()
        case Per.CLIENT:
            return (wording.say("This is judged over all cases of one client together."),)
        case Per.PERSON:
            return (wording.say("This is judged over all that one person does, in whatever case."),)
        case _:
            assert_never(rule.per)


def _begun(told: Run) -> Run:
    """Return a sentence with a capital at its beginning, unless it begins with a name."""
    first, *rest = told
    return (first[:1].upper() + first[1:], *rest) if isinstance(first, str) else told


class _Teller:
    """Tells one rule."""

    def __init__(self, rule: Rule, wording: Wording) -> None:
        self.rule = rule
        self.wording = wording
        self.cut, self.say = wording.cut, wording.say

    def core(self) -> Run:
        rule = self.rule
        match rule.form:
            case Form.MUST_HAPPEN | Form.NEVER | Form.EXACTLY | Form.AT_MOST | Form.AT_LEAST:
                return self._counted()
            case Form.AFTER | Form.AFTER_NEVER | Form.BEFORE | Form.BEFORE_NEVER | Form.IF_ALSO | Form.IF_NEVER:
                return self._set_off(rule.form, rule.triggers, rule.targets)
            case Form.IN_TURN:
                after = self._set_off(Form.AFTER, rule.triggers, rule.targets)
                before = self._set_off(Form.BEFORE, rule.targets, rule.triggers)
                return run(self.cut("{first}; and {second}", first=after, second=before))
            case _:
                return self._listed()

    # -- forms without a trigger --

    def _counted(self) -> Run:
        rule, number = self.rule, self.rule.number or 0
        count = self.wording.language.count
        match rule.form:
            case Form.MUST_HAPPEN:
                until = (self.say("before the case ends"),) if rule.within is None else self._since_the_opening()
                return self._demand("must", rule.targets, (*self._who(), until))
            case Form.NEVER:
                ways = [self._demand("must not", (one,), tuple(self._who())) for one in rule.targets]
                return self.wording.listed(ways)
            case Form.EXACTLY:
                often = count("exactly once in a case", "exactly {number} times in a case", number)
                return self._demand("must", rule.targets, ((often,), *self._who()))
            case Form.AT_LEAST:
                often = count("at least once in a case", "at least {number} times in a case", number)
                last = (self._since_the_opening(),) if rule.within is not None else ()
                return self._demand("must", rule.targets, ((often,), *self._who(), *last))
            case _:
                if rule.per is Per.CASE and rule.window is None:
                    often = count("at most once in a case", "at most {number} times in a case", number)
                else:
                    often = count("at most once", "at most {number} times", number)
                return self._demand("may", rule.targets, ((often, *self._window()), *self._who()))

    def _window(self) -> Run:
        if self.rule.window is None:
            return ()
        return (" ", *run(self.cut("within any stretch of {time}", time=self._length(self.rule.window))))

    def _since_the_opening(self) -> Run:
        assert self.rule.within is not None
        return run(self.cut("within {time} of the opening of the case", time=self._length(self.rule.within)))

    def _listed(self) -> Run:
        """Return what is said of a list; how it must be done stands before the colon, for it is said of all of them."""
        ways = (*self._who(), *self._limits_of_a_list())
        return run(self._listed_how(commas(list(ways), self.wording)) if ways else self._listed_alone())

    def _listed_alone(self) -> Pieces[Run]:
        rule, cut = self.rule, self.cut
        choice, every = self._bare(rule.targets, "or"), self._bare(rule.targets, "and")
        match rule.form:
            case Form.FIRST:
                return cut("the first thing done in a case must be this: {what}", what=choice)
            case Form.LAST:
                return cut("the last thing done in a case must be this: {what}", what=choice)
            case Form.TOGETHER:
                return cut("either all of these happen in a case, or none of them: {what}", what=every)
            case Form.ANY_OF:
                return cut("at least one of these must happen in a case: {what}", what=choice)
            case Form.ONE_OF:
                return cut("one of these must happen in a case, and none of the others: {what}", what=choice)
            case Form.NOT_BOTH:
                return cut("only one of these may happen: {what}", what=choice)
            case Form.SAME_PERSON:
                return cut("all of these must be done by the same person: {what}", what=self._deeds())
            case _:
                return cut("whoever does one of these must not do another of them: {what}", what=self._deeds())

    def _listed_how(self, how: Run) -> Pieces[Run]:
        rule, cut = self.rule, self.cut
        choice = self._bare(rule.targets, "or")
        match rule.form:
            case Form.FIRST:
                return cut("the first thing done in a case must be this, {how}: {what}", how=how, what=choice)
            case Form.LAST:
                return cut("the last thing done in a case must be this, {how}: {what}", how=how, what=choice)
            case Form.ANY_OF:
                return cut("at least one of these must happen in a case, {how}: {what}", how=how, what=choice)
            case Form.ONE_OF:
                return cut(
                    "one of these must happen in a case, and none of the others, {how}: {what}", how=how, what=choice
                )
            case _:
                return cut("only one of these may happen {how}: {what}", how=how, what=choice)

    def _limits_of_a_list(self) -> Iterator[Run]:
        if self.rule.within is not None:
            if self.rule.form is Form.NOT_BOTH:
                yield run(self.cut("within {time}", time=self._length(self.rule.within)))
            else:
                yield self._since_the_opening()
        yield from self._alike()

    def _deeds(self) -> Run:
        """Return what people do: of a step what leads into it, or out of it."""
        return self.wording.listed([deed(one, self.wording) for one in self.rule.targets])

    # -- forms with a trigger --

    def _set_off(self, form: Form, triggers: Sequence[Happening], targets: Sequence[Happening]) -> Run:
        when, mood = _MOODS[form]
        how = (*self._who(), *self._alike(), *self._near(when, forbidden=mood == "must not"))
        demand = self._demand(mood, targets, how)
        moment = self._trigger(when, triggers)
        if when == "if":
            return run(self.cut("{first}, {second}", first=moment, second=demand))
        return run(self.cut("{moment}, {demand}", moment=moment, demand=demand))

    def _near(self, when: When, *, forbidden: bool) -> Iterator[Run]:
        """Yield how closely what is demanded or forbidden is bound to what sets the rule off."""
        rule, say, cut = self.rule, self.say, self.cut
        if when == "if":
            if rule.within is not None:
                yield run(cut("within {time} before or after it", time=self._length(rule.within)))
            else:
                yield (say("either before or after it") if forbidden else say("before or after it"),)
            return
        match rule.manner:
            case Manner.NEXT:
                yield (say("as the very next thing") if when == "after" else say("as the last thing before it"),)
            case Manner.EACH_TIME:
                again, anew = say("each time before that happens again"), say("each time anew")
                yield (again if when == "after" else anew,)
            case Manner.ANY_TIME:
                pass
        if rule.within is not None:
            time = self._length(rule.within)
            yield run(
                cut("within {time} afterwards", time=time)
                if when == "after"
                else cut("within {time} before", time=time)
            )

    # -- what is demanded, and what sets it off --

    def _demand(self, mood: Mood, targets: Sequence[Happening], how: Sequence[Run]) -> Run:
        """Return a demand: a whole sentence of actions, and of anything else a list after a colon."""
        actions = all(one.kind is HappeningKind.ACTION for one in targets)
        what = self._bare(targets, "or")
        if not how:
            return self._alone(mood, what) if actions else self._alone_listed(mood, what)
        ways = commas(list(how), self.wording)
        return self._told(mood, what, ways) if actions else self._told_listed(mood, what, ways)

    def _alone(self, mood: Mood, what: Run) -> Run:
        cut = self.cut
        match mood:
            case "must":
                return run(cut("{what} must be done", what=what))
            case "must have":
                return run(cut("{what} must have been done", what=what))
            case "must not":
                return run(cut("{what} must not be done", what=what))
            case "must not have":
                return run(cut("{what} must not have been done", what=what))
            case "may":
                return run(cut("{what} may be done", what=what))
            case _:
                assert_never(mood)

    def _alone_listed(self, mood: Mood, what: Run) -> Run:
        cut = self.cut
        match mood:
            case "must":
                return run(cut("this must happen: {what}", what=what))
            case "must have":
                return run(cut("this must have happened: {what}", what=what))
            case "must not":
                return run(cut("this must not happen: {what}", what=what))
            case "must not have":
                return run(cut("this must not have happened: {what}", what=what))
            case "may":
                return run(cut("this may happen: {what}", what=what))
            case _:
                assert_never(mood)

    def _told(self, mood: Mood, what: Run, how: Run) -> Run:
        cut = self.cut
        match mood:
            case "must":
                return run(cut("{what} must be done {how}", what=what, how=how))
            case "must have":
                return run(cut("{what} must have been done {how}", what=what, how=how))
            case "must not":
                return run(cut("{what} must not be done {how}", what=what, how=how))
            case "must not have":
                return run(cut("{what} must not have been done {how}", what=what, how=how))
            case "may":
                return run(cut("{what} may be done {how}", what=what, how=how))
            case _:
                assert_never(mood)

    def _told_listed(self, mood: Mood, what: Run, how: Run) -> Run:
        cut = self.cut
        match mood:
            case "must":
                return run(cut("this must happen {how}: {what}", what=what, how=how))
            case "must have":
                return run(cut("this must have happened {how}: {what}", what=what, how=how))
            case "must not":
                return run(cut("this must not happen {how}: {what}", what=what, how=how))
            case "must not have":
                return run(cut("this must not have happened {how}: {what}", what=what, how=how))
            case "may":
                return run(cut("this may happen {how}: {what}", what=what, how=how))
            case _:
                assert_never(mood)

    def _trigger(self, when: When, triggers: Sequence[Happening]) -> Run:
        """Return when the rule is set off; happenings of one kind share a clause."""
        clauses = []
        for kind in dict.fromkeys(one.kind for one in triggers):
            names = [self.wording.happening(one) for one in triggers if one.kind is kind]
            clauses.append(clause(when, kind, self.wording.listed(names, word="or"), self.wording))
        return self.wording.listed(clauses, word="or")

    def _bare(self, happenings: Sequence[Happening], word: Word["and", "or"]) -> Run:
        """Return happenings as a list that can stand after a colon; actions alone also in a sentence."""
        return self.wording.listed([bare(one, self.wording) for one in happenings], word=word)

    # -- how --

    def _who(self) -> Iterator[Run]:
        by = self.rule.by
        if by is not None and by.role != ANY:
            yield by_phrase(by, self.wording)

    def _alike(self) -> Iterator[Run]:
        """Yield what must be equal, or must differ, between what sets the rule off and what it demands or forbids."""
        rule = self.rule
        if PERSON in rule.same:
            yield (self.say("by the same person"),)
        if PERSON in rule.different:
            yield (self.say("by another person"),)
        same, different = self._fields(rule.same), self._fields(rule.different)
        if same:
            yield run(self.cut("with the same value for {fields}", fields=same))
        if different:
            yield run(self.cut("with another value for {fields}", fields=different))

    def _fields(self, names: Sequence[str]) -> Run:
        return self.wording.listed([self.wording.value_of(name) for name in names if name != PERSON])

    def _length(self, time: Length) -> Run:
        return (length_in_words(time, self.wording.language),)


def by_phrase(by: By, wording: Wording) -> Run:
    """Return by whom something must be done."""
    if by.field is not None:
        return run(wording.cut("by whoever is named in {field}", field=wording.value_of(by.field)))
    role = wording.procedure.roles.get(by.role or "")
    name = wording.role_in_words(by.role or "")
    if role is not None and role.external:
        return run(wording.cut("by somebody in the role {role}, or on their behalf", role=name))
    return run(wording.cut("by somebody in the role {role}", role=name))
