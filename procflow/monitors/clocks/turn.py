"""A `Turn`: one position while the clocks look at it, with what they say of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from procflow.calendars.book import CalendarSet
from procflow.expressions.types import Raw
from procflow.model.clock import LateDoing, Party
from procflow.model.configuration import Configuration
from procflow.model.event import Event, Kind
from procflow.model.rule import Happening, HappeningKind
from procflow.monitors.clocks.pausing import Wait
from procflow.monitors.moment import Judged
from procflow.monitors.rules.position import Position
from procflow.monitors.waiting.questions import Followed

_NONE: Mapping[str, Wait] = {}
NOTHING_ASKED = Followed(())


class Stance(NamedTuple):
    """What it means to clocks where a case stands."""

    active: frozenset[str]
    """Steps, blocks included."""
    leaves: tuple[str, ...]
    """Without blocks."""
    waiting: bool
    """One of them is a waiting step."""
    own: int
    """Clocks whose own step is active."""
    rest: int
    """Clocks that may rest in one of the steps."""
    on_offer: frozenset[str]
    """Steps whose work nobody has accepted."""
    offered: int
    """Clocks that run until somebody does."""


class Turn:
    """One position, or a move that time made before it; and what is said of it."""

    __slots__ = (
        "active",
        "at",
        "before",
        "begins",
        "calendars",
        "case",
        "cut",
        "followed",
        "given",
        "guessed",
        "had",
        "happenings",
        "leaves",
        "led",
        "left_waits",
        "now",
        "on_offer",
        "party",
        "position",
        "reason",
        "said",
        "stood",
        "waits",
    )

    def __init__(
        self,
        position: Position,
        at: datetime,
        happenings: tuple[Happening, ...],
        before: Configuration | None,
        stands: Configuration,
        stance: Stance,
        given: Mapping[str, Raw],
        reason: bool,
        calendars: CalendarSet,
        said: list[Judged],
        led: str | None = None,
    ) -> None:
        self.position = position
        self.at = at
        """When it happened."""
        self.happenings = happenings
        self.before = before
        """Where the case stood before; None before it opened."""
        self.stood = stands
        """Where it stands now."""
        self.given = given
        """The event's own data."""
        self.reason = reason
        """The event says why; True, too, if the log cannot witness it."""
        self.calendars = calendars
        self.said = said
        self.led = led
        """The step whose time was up and led the case on."""
        self.active = stance.active
        """Steps that are active now, blocks included."""
        self.leaves = stance.leaves
        """Without blocks."""
        self.on_offer = stance.on_offer
        """Steps whose work nobody has accepted."""
        self.followed = NOTHING_ASKED
        """The questions that are open now, with the one it puts to somebody and the one it answers."""
        self.begins = True
        """False once the case is over: nothing begins any more."""
        self.cut = False
        """The case began before the log, and nobody says when."""
        self.guessed: int | None = None
        """Of an opening that nothing dates: `seq` of the event whose time was taken for it."""
        self.had: Party | None = None
        """Who had the ball before; None before it opened."""
        self.party: Party | None = None
        """Who has it now."""
        self.waits: Mapping[str, Wait] = _NONE
        """The waiting steps that the case stands in."""
        self.left_waits: Mapping[str, Wait] = _NONE
        """Those that it stood in before."""
        self.now = at
        """The latest instant on record so far."""
        self.case = position.case

    def enters(self, step: str | None) -> bool:
        """Return True if a step is entered."""
        return any(one.kind is HappeningKind.ENTERS and one.name == step for one in self.happenings)


def led_by(position: Position, event: Event | None) -> str | None:
    """Return the step whose time led a case on; None if it did not, or only told somebody."""
    if position.silent is not None:
        return position.step
    timer = None if event is None or event.kind is not Kind.TIMER else event.timer
    return timer.clock if timer is not None and timer.does is LateDoing.GO_TO else None
