"""What one event did: the value `perform` returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from procflow.errors import Finding, ProcflowError
from procflow.model.configuration import Configuration
from procflow.model.deviation import Deviation
from procflow.model.event import Event
from procflow.model.fired import Fired
from procflow.model.rule import Obligation


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The judgement of one step, in enforce and in observe mode alike."""

    case: str
    accepted: bool
    """False if the step was refused: then nothing was done, and the attempt is on record."""
    event: Event
    """As recorded: with lifecycle `refused` if it was."""
    before: Configuration
    after: Configuration
    """Where the case stands now; equal to `before` if the step was refused."""
    deviations: tuple[Deviation, ...] = ()
    """What is new with this event, in document order; empty for a step that follows the procedure. Of a refused step
    all are `prevented`; of an accepted one in mode enforce all are `permitted` or `excused`, or do not refuse."""
    due: tuple[Obligation, ...] = ()
    """What rules and clocks still demand after it, soonest first, then in the order of the file."""
    who_could: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For a refused step: the roles that could have done it, with the people who hold them as the directory knows."""
    superseded: tuple[Deviation, ...] = ()
    """Earlier provisional deviations that a better explanation replaced."""
    findings: tuple[Finding, ...] = ()
    """What nobody can tell from here on: DV813 of a clock whose calendar ends too soon."""
    fired: tuple[Fired, ...] = ()
    """What was due in the case already, and was done just before: whoever is to be told has not been told yet."""
    repeated: bool = False
    """True if nothing was recorded: a step with this idempotency key was accepted before, and this is what it did; or a
    case goes by the calendars in force already, and `event` is not on record."""

    def or_raise(self) -> Verdict:
        """Return this verdict if it was accepted, else raise `StepRefused`."""
        if self.accepted:
            return self
        first = self.deviations[0]
        raise StepRefused(first.message, code=first.code, hint=first.remedy or first.hint, verdict=self)


class StepRefused(ProcflowError):
    """A step was refused; `verdict` says why, what would make it pass and who could do it."""

    def __init__(self, message: str, *, verdict: Verdict, hint: str | None = None, code: str | None = None) -> None:
        super().__init__(message, code=code, hint=hint)
        self.verdict = verdict
