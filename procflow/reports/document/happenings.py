"""What a rule speaks of, in words: `send`, `enters draft`, `case ends`, and the clauses that say when it happens."""

from __future__ import annotations

from typing import Literal as Word
from typing import assert_never

from procflow.model.rule import Happening, HappeningKind
from procflow.reports.document.parts import Run
from procflow.reports.document.wording import Wording, run

When = Word["after", "before", "if"]


def bare(one: Happening, wording: Wording) -> Run:
    """Return one happening by itself: the quoted title of an action, else what happens."""
    name = wording.happening(one)
    match one.kind:
        case HappeningKind.ACTION:
            return name
        case HappeningKind.STARTS:
            return run(wording.cut("work on {action} begins", action=name))
        case HappeningKind.ENTERS:
            return run(wording.cut("the case enters {step}", step=name))
        case HappeningKind.LEAVES:
            return run(wording.cut("the case leaves {step}", step=name))
        case HappeningKind.OPENS:
            return (wording.say("the case is opened"),)
        case HappeningKind.ENDS:
            return (wording.say("the case ends"),)
        case _:
            assert_never(one.kind)


def deed(one: Happening, wording: Wording) -> Run:
    """Return one happening as something that somebody does: of a step what leads into it, or out of it."""
    name = wording.happening(one)
    match one.kind:
        case HappeningKind.ACTION:
            return name
        case HappeningKind.STARTS:
            return run(wording.cut("the start of work on {action}", action=name))
        case HappeningKind.ENTERS:
            return run(wording.cut("what takes the case into {step}", step=name))
        case HappeningKind.LEAVES:
            return run(wording.cut("what takes the case out of {step}", step=name))
        case HappeningKind.OPENS:
            return (wording.say("the opening of the case"),)
        case HappeningKind.ENDS:
            return (wording.say("what ends the case"),)
        case _:
            assert_never(one.kind)


def clause(when: When, kind: HappeningKind, names: Run, wording: Wording) -> Run:
    """Return the clause that says when a rule is set off; `names` are what it speaks of, all of one kind."""
    match when:
        case "after":
            return _after(kind, names, wording)
        case "before":
            return _before(kind, names, wording)
        case "if":
            return _if(kind, names, wording)
        case _:
            assert_never(when)


def _after(kind: HappeningKind, names: Run, wording: Wording) -> Run:
    cut = wording.cut
    match kind:
        case HappeningKind.ACTION:
            return run(cut("after {actions} is done", actions=names))
        case HappeningKind.STARTS:
            return run(cut("after work on {actions} begins", actions=names))
        case HappeningKind.ENTERS:
            return run(cut("after the case enters {steps}", steps=names))
        case HappeningKind.LEAVES:
            return run(cut("after the case leaves {steps}", steps=names))
        case HappeningKind.OPENS:
            return (wording.say("after the case is opened"),)
        case HappeningKind.ENDS:
            return (wording.say("after the case ends"),)
        case _:
            assert_never(kind)


def _before(kind: HappeningKind, names: Run, wording: Wording) -> Run:
    cut = wording.cut
    match kind:
        case HappeningKind.ACTION:
            return run(cut("before {actions} is done", actions=names))
        case HappeningKind.STARTS:
            return run(cut("before work on {actions} begins", actions=names))
        case HappeningKind.ENTERS:
            return run(cut("before the case enters {steps}", steps=names))
        case HappeningKind.LEAVES:
            return run(cut("before the case leaves {steps}", steps=names))
        case HappeningKind.OPENS:
            return (wording.say("before the case is opened"),)
        case HappeningKind.ENDS:
            return (wording.say("before the case ends"),)
        case _:
            assert_never(kind)


def _if(kind: HappeningKind, names: Run, wording: Wording) -> Run:
    cut = wording.cut
    match kind:
        case HappeningKind.ACTION:
            return run(cut("if {actions} is done", actions=names))
        case HappeningKind.STARTS:
            return run(cut("if work on {actions} begins", actions=names))
        case HappeningKind.ENTERS:
            return run(cut("if the case enters {steps}", steps=names))
        case HappeningKind.LEAVES:
            return run(cut("if the case leaves {steps}", steps=names))
        case HappeningKind.OPENS:
            return (wording.say("if the case is opened"),)
        case HappeningKind.ENDS:
            return (wording.say("if the case ends"),)
        case _:
            assert_never(kind)
