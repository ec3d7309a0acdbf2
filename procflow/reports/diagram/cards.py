"""What stands on a card, in which rows, and how large the card is therefore. Where it lies comes later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from procflow.model.by import By
from procflow.model.procedure import Action, Checklist, Step
from procflow.reports.diagram.graph import Graph, Leg, Spot, Way
from procflow.reports.diagram.handing import department, offered
from procflow.reports.diagram.lettering import Face, balanced, clean, even, right_to_left, width, wrapped
from procflow.reports.diagram.ruling import marks_of_action, said_of_action, said_of_step
from procflow.reports.diagram.timing import all_marks, resolved, time_of, when_late
from procflow.reports.diagram.tongue import Tongue

if TYPE_CHECKING:
    from procflow.expressions.expression import Expression
    from procflow.model.clock import LateAct

HEADING = Face(19, bold=True)
TITLE = Face(13.5, bold=True)
NAME = Face(12, bold=True)
TEXT = Face(11.5)
SMALL = Face(11)
HOLDER = Face(11, bold=True)
CODE = Face(10.5, mono=True)

STEP_ROOM = 208
"""How wide the text of a step is at most."""
WAY_ROOM = 165
CONDITION_ROOM = 190
SIGN = 17
"""The room of a sign before a row."""
_PAD, _STRIPE = 12, 5
MOST_ROWS = 3
_MOST_ROWS_OF_A_CONDITION = 6
"""On a wall nobody can point at what was cut."""
_MOST_ROWS_OF_MARKS = 12
MOST_ITEMS = 12
"""Items of a checklist that are shown; all of them can be read by pointing at the step."""


class Shape(Enum):
    """What a card is."""

    STEP = "step"
    WAIT = "wait"
    END = "end"
    CANCELLED = "cancelled"
    WAY = "way"
    CONDITION = "condition"
    PANEL = "panel"
    START = "start"
    DONE = "done"


class Tone(Enum):
    """How loud a row is."""

    LOUD = "loud"
    PLAIN = "plain"
    SOFT = "soft"
    ROLE = "role"
    ALARM = "alarm"
    RULE = "rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of text."""

    text: str
    face: Face
    tone: Tone
    sign: str | None = None
    """The name of a sign that stands before it."""
    indented: bool = False
    """True: room is left where others of its block have their sign."""
    rtl: bool
    above: float = 0
    """The space above it."""

    @property
    def height(self) -> float:
        """The height with the space above."""
        return self.face.height + self.above

    @property
    def width(self) -> float:
        """The width with its sign."""
        return width(self.text, self.face) + (SIGN if self.sign or self.indented else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Rows in a frame."""

    shape: Shape
    rows: tuple[Row, ...]
    width: float
    height: float
    role: str | None = None
    """Whose turn it is there, for the colour."""
    lost: bool = False
    """True: nothing leads here."""
    tip: str = ""
    """All that was cut, for whoever points at it."""


class Scribe:
    """Fills the cards of one picture."""

    def __init__(self, graph: Graph, tongue: Tongue) -> None:
        self.graph = graph
        self.tongue = tongue
        self.say = tongue.language.say
        self.signs: set[str] = set()
        """The signs that were used, for the legend."""
        self.marked = False
        """True once a title was marked as not given in the language."""

    def step(self, spot: Spot) -> Card:
        """Return the card of a work step, a waiting step or an end."""
        step = spot.step
        if step.end is not None:
            return self._end(step, lost=not spot.reached)
        rows = [*self._holder(step), *self._titled(step), *self._offered(step), *self._demands(step)]
        rows += self._timed(step, STEP_ROOM)
        rows += [*self._stays(spot), *self._marked(all_marks(step, self.tongue), STEP_ROOM)]
        if not spot.reached:
            rows += self.lost()
        tips = [self.title_tip(step), *self._told(step), *self.exactly(spot.stays), *said_of_step(step, self.tongue)]
        return self.framed(
            Shape.WAIT if step.waiting is not None else Shape.STEP,
            rows,
            role=self.role_of(step),
            lost=not spot.reached,
            tip="\n".join(tips),
            least=150,
        )

    def role_of(self, step: Step) -> str | None:
        """Return the role whose turn it is, None if a data field names whoever has it."""
        return step.whose_turn.role if step.whose_turn is not None else None

    def _end(self, step: Step, *, lost: bool) -> Card:
        cancelled = step.end == "cancelled"
        self.signs.add("cancelled" if cancelled else "end")
        rows = list(self._titled(step, room=150))
        outcome = self.tongue.outcome(step)
        if outcome is not None:
            rows += self.rows(self.tongue.isolated(outcome), Tone.SOFT, room=150)
        rows += self._marked(all_marks(step, self.tongue), 150)
        if lost:
            rows += self.lost()
        shape = Shape.CANCELLED if cancelled else Shape.END
        return self.framed(shape, rows, lost=lost, least=96, pad=18, tip=self.title_tip(step))

    def way(self, way: Way) -> Card:
        """Return the card of an action that leads on."""
        action = way.action
        assert action is not None
        rows = list(self._action(action))
        if len(way.legs) == 1:
            rows += self._when(way.legs[0])
        rows += self._limits(action)
        step = self.graph.procedure.steps[way.source]
        if action.by is not None and action.by != step.by:
            rows += self._by(action.by)
        rows += self._bound(action.collect, action.evidence)
        rows += self._marked(marks_of_action(action, way.source, self.tongue), WAY_ROOM)
        return self.framed(Shape.WAY, rows, role=None, least=48, pad=11, tip=self._way_tip(way), tight=True)

    def late(self, act: LateAct) -> Card:
        """Return what stands on the way a case takes when the time of its step has run out."""
        rows = self.rows(when_late(act, self.tongue), Tone.PLAIN, room=WAY_ROOM, sign="clock")
        return self.framed(Shape.CONDITION, rows, least=20, pad=6, tight=True)

    def _timed(self, step: Step, room: float) -> Iterator[Row]:
        """Yield how long a step may take, and who is told when it is late."""
        for told in resolved(step, self.tongue):
            yield from self.rows(told, Tone.SOFT, room=room)
        for number, told in enumerate(time_of(step, self.tongue)):
            first = number == 0
            yield from self.rows(told, Tone.PLAIN, room=room, sign="clock" if first else None, indented=not first)

    def condition(self, leg: Leg) -> Card:
        """Return what stands on the line of one alternative."""
        rows = tuple(self._when(leg)) or (self.row(self.say("always"), SMALL, Tone.SOFT),)
        tip = self.tongue.exact(leg.when) if leg.when is not None else ""
        return self.framed(Shape.CONDITION, rows, least=20, pad=6, tip=tip, tight=True)

    def dot(self, shape: Shape) -> Card:
        """Return the dot a scene begins or ends with."""
        size = 16 if shape is Shape.START else 18
        return Card(shape=shape, rows=(), width=size, height=size)

    def header(self, step: Step, room: float) -> tuple[Row, ...]:
        """Return the rows over a block."""
        self.signs.add("block")
        title = self.tongue.title(step.title, step.id)
        self._note_fallback(step)
        rows = list(self.rows(title, Tone.LOUD, face=TITLE, room=room, sign="block", most=2))
        if title != step.id:
            rows += self.rows(step.id, Tone.SOFT, face=CODE, room=room, indented=True, most=1)
        rows += [*self._timed(step, room), *self._marked(all_marks(step, self.tongue), room)]
        return tuple(rows)

    def lane(self, name: str | None, only_if: Expression | None, room: float) -> tuple[Row, ...]:
        """Return the rows over a lane; `name` is None if its only step tells it."""
        rows: list[Row] = []
        if name is not None:
            rows += self.rows(self.tongue.called(name), Tone.SOFT, face=SMALL, room=room, most=1)
        if only_if is not None:
            text = self.say("only if {condition}", condition=self.tongue.condition(only_if))
            rows += self.rows(text, Tone.PLAIN, face=SMALL, room=room, most=_MOST_ROWS_OF_A_CONDITION)
        return tuple(rows)

    def lost(self) -> Iterator[Row]:
        """Yield what is said where nothing leads."""
        yield from self.rows(self.say("nothing leads here"), Tone.ALARM, sign="alarm")

    def rows(
        self,
        text: str,
        tone: Tone,
        *,
        face: Face = SMALL,
        room: float = STEP_ROOM,
        sign: str | None = None,
        indented: bool = False,
        most: int = MOST_ROWS,
    ) -> Iterator[Row]:
        """Yield a text in rows that fit."""
        if sign is not None:
            self.signs.add(sign)
        inner = room - (SIGN if sign or indented else 0)
        for number, line in enumerate(balanced(wrapped(text, face, inner, most=most))):
            first = number == 0
            yield self.row(
                line, face, tone, sign=sign if first else None, indented=indented or (not first and sign is not None)
            )

    def row(
        self, text: str, face: Face, tone: Tone, *, sign: str | None = None, indented: bool = False, above: float = 0
    ) -> Row:
        """Return one row, which must fit."""
        # A line of our words runs as the language does; what the author wrote runs as its own letters do.
        own = right_to_left(text.lstrip("\u2066\u2067\u2068\u2069"))
        rtl = own if face in (TITLE, NAME, CODE, HEADING) else self.tongue.mirrored
        return Row(text=text, face=face, tone=tone, sign=sign, indented=indented, rtl=rtl, above=above)

    def _offered(self, step: Step) -> Iterator[Row]:
        for sign, told in offered(step, self.tongue):
            yield from self.rows(told, Tone.PLAIN, sign=sign, indented=sign is None)

    def _holder(self, step: Step) -> Iterator[Row]:
        if step.waiting is not None:
            self.signs.add("wait")
            party = self.tongue.role(step.waiting.party)
            yield from self.rows(
                self.say("waits for {party}", party=party), Tone.ROLE, face=HOLDER, sign="wait", most=2
            )
        elif step.by is not None:
            yield from self._by(step.by)
            for told in department(step, self.tongue):
                yield from self.rows(told, Tone.SOFT, sign="department", most=1)

    def _by(self, by: By) -> Iterator[Row]:
        role = self.graph.procedure.roles.get(by.role or "")
        sign = "outside" if role is not None and role.external else "person"
        yield from self.rows(self.tongue.by(by), Tone.ROLE, face=HOLDER, sign=sign, most=2)

    def _titled(self, step: Step, room: float = STEP_ROOM) -> Iterator[Row]:
        title = self.tongue.title(step.title, step.id)
        self._note_fallback(step)
        yield from self.rows(title, Tone.LOUD, face=TITLE, room=room)
        if title != step.id:
            yield from self.rows(step.id, Tone.SOFT, face=CODE, room=room, most=1)

    def _marked(self, marks: str, room: float) -> Iterator[Row]:
        """Yield the marks of the rules that speak of something."""
        if marks:
            yield from self.rows(marks, Tone.RULE, face=HOLDER, room=room, most=_MOST_ROWS_OF_MARKS)

    def _note_fallback(self, titled: Step | Action) -> None:
        self.marked = self.marked or self.tongue.falls_back(titled.title)

    def _demands(self, step: Step) -> Iterator[Row]:
        tongue = self.tongue
        if step.checklist is not None:
            yield from self._checklist(step.checklist)
        if step.requests:
            yield from self._bound(step.requests, ())
        yield from self._bound(step.collect, step.evidence)
        if step.four_eyes:
            text = self.say("not whoever left {steps}", steps=tongue.names(step.four_eyes))
            yield from self.rows(text, Tone.PLAIN, sign="eyes")
        if step.not_by:
            text = self.say("not whoever {fields} names", fields=tongue.names(step.not_by))
            yield from self.rows(text, Tone.PLAIN, sign="barred")

    def _checklist(self, checklist: Checklist) -> Iterator[Row]:
        """Yield the items in two rows; if they do not fit, each in its own."""
        tongue = self.tongue
        sign = "any-order" if checklist.any_order else "checklist"
        items = [tongue.called(item) for item in checklist.items]
        between = " · " if checklist.any_order else " ← " if tongue.mirrored else " → "
        short = tuple(self.rows(between.join(items), Tone.PLAIN, sign=sign))
        if len(short) < MOST_ROWS:
            yield from short
            return
        for number, item in enumerate(items[:MOST_ITEMS], start=1):
            told = item if checklist.any_order else f"{tongue.language.number(number)}. {item}"
            # The sign stands before the first; a second row of an item is known by having no number.
            first = number == 1
            yield from self.rows(told, Tone.PLAIN, sign=sign if first else None, indented=not first, most=2)
        if len(items) > MOST_ITEMS:
            yield from self.rows("…", Tone.PLAIN, indented=True)

    def _bound(self, collect: Iterable[str], evidence: Iterable[str]) -> Iterator[Row]:
        fields = self.tongue.comma.join(map(self.tongue.name, collect))
        proofs = self.tongue.comma.join(map(self.tongue.called, evidence))
        if fields:
            yield from self.rows(fields, Tone.PLAIN, sign="pen")
        if proofs:
            yield from self.rows(proofs, Tone.PLAIN, sign="clip")

    def _stays(self, spot: Spot) -> Iterator[Row]:
        for action in spot.stays:
            self.marked = self.marked or self.tongue.falls_back(action.title)
            told = self.tongue.isolated(self.tongue.title(action.title, action.id))
            conditions = [self.tongue.condition(arrow.when) for arrow in action.arrows if arrow.when is not None]
            if conditions:
                told = self.say("{action}, if {condition}", action=told, condition=conditions[0])
            told = f"{told} {marks_of_action(action, spot.step.id, self.tongue)}".rstrip()
            yield from self.rows(told, Tone.PLAIN, sign="stay", most=2)

    def _action(self, action: Action) -> Iterator[Row]:
        title = self.tongue.title(action.title, action.id)
        self._note_fallback(action)
        yield from self.rows(title, Tone.LOUD, face=NAME, room=WAY_ROOM, most=2)
        if title != action.id:
            yield from self.rows(action.id, Tone.SOFT, face=CODE, room=WAY_ROOM, most=1)

    def _when(self, leg: Leg) -> Iterator[Row]:
        if leg.when is not None:
            text = self.say("if {condition}", condition=self.tongue.condition(leg.when))
            yield from self.rows(text, Tone.PLAIN, room=CONDITION_ROOM, most=_MOST_ROWS_OF_A_CONDITION)
        elif leg.otherwise:
            yield from self.rows(self.say("otherwise"), Tone.PLAIN, room=WAY_ROOM)

    def _limits(self, action: Action) -> Iterator[Row]:
        told = []
        if action.at_most is not None:
            told.append(self.tongue.language.count("at most once", "at most {number} times", action.at_most))
        if action.reason:
            told.append(self.say("with a reason"))
        if action.incomplete:
            told.append(self.say("may leave the step unfinished"))
        together = " · ".join(told)
        for one in (together,) if width(together, SMALL) <= WAY_ROOM else told:
            yield from self.rows(one, Tone.SOFT, room=WAY_ROOM)

    def framed(
        self,
        shape: Shape,
        rows: Iterable[Row],
        *,
        role: str | None = None,
        lost: bool = False,
        least: float,
        pad: float = _PAD,
        tip: str = "",
        tight: bool = False,
    ) -> Card:
        """Return a card that is as large as its rows need."""
        rows = tuple(rows)
        inner = max((row.width for row in rows), default=0)
        above = 5 if tight else 10
        stripe = _STRIPE if shape in (Shape.STEP, Shape.WAIT) else 0
        # Whole, even numbers: lines that meet the middle of a card then lie on whole pixels.
        wide = even(max(least, inner + 2 * pad + stripe))
        high = even(sum(row.height for row in rows) + 2 * above)
        return Card(shape=shape, rows=rows, width=wide, height=high, role=role, lost=lost, tip=tip)

    def title_tip(self, step: Step) -> str:
        """Return the whole title of a step, and its id."""
        title = self.tongue.title(step.title, step.id)
        return title if title == step.id else f"{title} ({step.id})"

    def _told(self, step: Step) -> Iterator[str]:
        if step.checklist is not None:
            yield ", ".join(map(self.tongue.called, step.checklist.items))
        if step.collect:
            yield ", ".join(step.collect)
        if step.evidence:
            yield ", ".join(step.evidence)

    def exactly(self, actions: Iterable[Action]) -> Iterator[str]:
        """Yield the conditions of actions as they are executed."""
        for action in actions:
            for arrow in action.arrows:
                if arrow.when is not None:
                    yield f"{action.id}: {clean(str(arrow.when))}"

    def _way_tip(self, way: Way) -> str:
        action = way.action
        assert action is not None
        title = self.tongue.title(action.title, action.id)
        lines = [title if title == action.id else f"{title} ({action.id})"]
        for leg in way.legs:
            if leg.when is not None:
                lines.append(f"→ {leg.to}: {clean(str(leg.when))}")
            else:
                lines.append(f"→ {leg.to}")
        lines += said_of_action(action, way.source, self.tongue)
        return "\n".join(lines)
