"""What a role, a department, a service or a clock has an impact on, by what procedures and the files beside them say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from procflow.model.clock import Promised


class SubjectKind(Enum):
    """What an impact can be asked of."""

    ROLE = "role"
    DEPARTMENT = "department"
    SERVICE = "service"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whose impact is asked for."""

    kind: SubjectKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A step in which somebody works."""

    procedure: str
    step: str
    role: str
    actions: tuple[str, ...]
    """What they do there, items of a checklist first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """Work that passes from one role to another."""

    procedure: str
    giver: str
    """A role id; "" if data say who it is."""
    taker: str
    giving: str
    """The step it leaves; "" if it may be any."""
    taking: str
    """The step it comes to."""
    through: tuple[str, ...] = ()
    """Waiting steps on the way."""
    by: tuple[str, ...] = ()
    """Actions that pass it on; () if time does, or the end of a block."""
    needs: tuple[str, ...] = ()
    """What the taker demands of it: data fields, then proofs; () if nothing says, and if nothing is handed over."""
    at_once: bool = False
    """True: it comes to hands that had it before, or that it goes on in. It is not handed over, and nothing is demanded."""


class Effect(Enum):
    """What becomes of a clock while somebody is late."""

    RUNS_OUT = "runs out"
    """It is their own time."""
    RUNS_ON = "runs on"
    """It runs while they work, and nothing stops it."""
    STANDS_STILL = "stands still"
    """It is paused while they are waited for, if it is on record what they were asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockTouched:
    """A clock that is later if somebody is late."""

    procedure: str
    clock: str
    to: Promised
    effect: Effect
    steps: tuple[str, ...]
    """Their steps in which it runs, or stands still."""


class Part(Enum):
    """What somebody has to do with a service."""

    PROVIDES = "provides"
    TAKES_PART = "takes part"
    """They work in its procedure."""
    CLIENT = "client"
    """It is for them."""
    DEPENDS = "depends on it"
    """It cannot be given without one that they provide, however far back."""
    SUPPLIES = "supplies it"
    """The service that was asked about cannot be given without it."""
    ITSELF = "itself"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceTouched:
    """A service that somebody has to do with."""

    service: str
    part: Part
    provider: str
    clients: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementTouched:
    """An agreement that somebody is named in, or that is kept or broken by a clock of theirs."""

    agreement: str
    to: Promised
    party: str
    named: bool
    """True if they are its party."""
    procedures: tuple[str, ...]
    """Those of theirs that it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """All of it. In the order of the files, and within them of what is written."""

    subject: Subject
    roles: tuple[str, ...]
    """The roles meant: of a department all of it."""
    procedures: tuple[str, ...]
    steps: tuple[Work, ...]
    anytime: tuple[Work, ...]
    """What they may do at any time; `step` is ""."""
    upstream: tuple[Passing, ...]
    """What comes to them, and from whom."""
    downstream: tuple[Passing, ...]
    """What they pass on, and to whom."""
    clocks: tuple[ClockTouched, ...]
    services: tuple[ServiceTouched, ...]
    agreements: tuple[AgreementTouched, ...]
