"""From cards to a picture: every scene laid out by itself, blocks as one node of the scene around them.

Actions are cards on the way from one step to the next. So their labels have room by construction, and no line runs
through a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from procflow.model.procedure import DONE, SAME
from procflow.reports.diagram.cards import Card, Row, Scribe, Shape
from procflow.reports.diagram.graph import Lane, Scene, Spot, Way
from procflow.reports.diagram.layout import Box, Link, Point, arrange
from procflow.reports.diagram.panel import has_panel, panel

if TYPE_CHECKING:
    from procflow.expressions.expression import Expression

_FRAME = 14
"""The room between the border of a block and its lanes, and between lanes."""
_APART = 36
"""The room between the procedure and what is possible at any time."""
_WEIGHT_OF_A_HAND_OFF, _WEIGHT_OF_A_RETURN = 6.0, 0.1
_LANE = 16
"""The room between the border of a lane and what is in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A card in its place."""

    card: Card
    x: float
    y: float
    kind: str
    """`step`, `action`, `leg`, `late`, `dot` or `panel`."""
    id: str = ""
    """The step, or the action."""
    source: str = ""
    """The step that an action leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A line in its place."""

    points: tuple[Point, ...]
    arrow: bool
    """True if it ends with a point: it leads to where it shows."""
    dashed: bool = False
    handed: bool = False
    """True: the work that goes there has to be accepted."""
    returning: bool = False
    """True: it is the way back of work that is not accepted."""
    source: str = ""
    target: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The border of a block or a lane, with the rows at its head."""

    x: float
    y: float
    width: float
    height: float
    rows: tuple[Row, ...]
    lane: bool
    id: str
    lost: bool = False
    tip: str = ""
    """For whoever points at it."""


Item = Laid | Course | Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Things in their places; the top left corner is (0, 0)."""

    width: float
    height: float
    items: tuple[Item, ...]

    def at(self, x: float, y: float) -> Iterable[Item]:
        """Yield the things, moved."""
        return (moved(one, x, y) for one in self.items)


def moved(item: Item, x: float, y: float) -> Item:
    """Return a thing in another place."""
    if isinstance(item, Course):
        return replace(item, points=tuple((a + x, b + y) for a, b in item.points))
    return replace(item, x=item.x + x, y=item.y + y)


def mirrored(drawing: Drawing) -> Drawing:
    """Return the drawing as seen in a mirror; texts are for whoever writes them."""

    def flipped(item: Item) -> Item:
        if isinstance(item, Course):
            return replace(item, points=tuple((drawing.width - a, b) for a, b in item.points))
        wide = item.width if isinstance(item, Frame) else item.card.width
        return replace(item, x=drawing.width - item.x - wide)

    return replace(drawing, items=tuple(map(flipped, drawing.items)))


def drawing_of(scribe: Scribe, *, across: bool) -> Drawing:
    """Return the whole procedure, with what is possible at any time, but without its title and the legend."""
    composer = _Composer(scribe, across)
    scene = scribe.graph.scene
    aside = {spot.step.id for spot in scene.spots if spot.aside}
    ways = [(way.source, leg.to) for way in scene.ways for leg in way.legs]
    ways += [(one.source, one.to) for one in scene.returns]
    if any((source in aside) != (to in aside) for source, to in ways):
        return composer.scene(scene, anytime=True)
    main = replace(
        scene,
        spots=tuple(spot for spot in scene.spots if not spot.aside),
        ways=tuple(way for way in scene.ways if way.source not in aside),
        returns=tuple(one for one in scene.returns if one.source not in aside),
    )
    drawing = composer.scene(main)
    if not has_panel(scribe):
        return drawing
    rest = replace(
        scene,
        start=None,
        spots=tuple(spot for spot in scene.spots if spot.aside),
        ways=tuple(way for way in scene.ways if way.source in aside),
        returns=tuple(one for one in scene.returns if one.source in aside),
    )
    return _stacked(drawing, _Composer(scribe, across=True).scene(rest, anytime=True))


def _stacked(above: Drawing, below: Drawing) -> Drawing:
    width = max(above.width, below.width)
    top = above.height + _APART
    return Drawing(
        width=width,
        height=top + below.height,
        items=(*above.at((width - above.width) // 2, 0), *below.at(0, top)),
    )


class _Composer:
    def __init__(self, scribe: Scribe, across: bool) -> None:
        self.scribe = scribe
        self.across = across

    def scene(self, scene: Scene, *, anytime: bool = False) -> Drawing:
        plan = _Plan()
        insides: dict[str, Drawing] = {}
        if scene.start is not None:
            plan.add("start", self.scribe.dot(Shape.START), kind="dot")
        for spot in scene.spots:
            key = f"step {spot.step.id}"
            if spot.lanes:
                insides[key] = self.block(spot)
                plan.boxes.append(Box(key=key, width=insides[key].width, height=insides[key].height))
            else:
                plan.add(key, self.scribe.step(spot), kind="step", id=spot.step.id)
        if any(leg.to == DONE for way in scene.ways for leg in way.legs):
            plan.add(f"step {DONE}", self.scribe.dot(Shape.DONE), kind="dot")
        if scene.start is not None:
            plan.link("start", f"step {scene.start}", arrow=True, target=scene.start)
        for number, way in enumerate(scene.ways):
            self.way(plan, way, number)
        for one in scene.returns:
            source, target = f"step {one.source}", f"step {one.to}"
            link = partial(plan.link, arrow=True, back=True, returning=True, weight=_WEIGHT_OF_A_RETURN)
            link(source, target, source=one.source, target=one.to)
        if anytime and has_panel(self.scribe):
            self.anytime(plan, scene)
        return plan.laid_out(insides, across=self.across)

    def way(self, plan: _Plan, way: Way, number: int) -> None:
        source = f"step {way.source}"
        action = way.action.id if way.action is not None else ""
        link = partial(plan.link, source=way.source, action=action, dashed=way.late is not None)
        if way.late is not None:
            key = f"way {number}"
            plan.add(key, self.scribe.late(way.late), kind="late", source=way.source)
            link(source, key, back=way.legs[0].back and way.legs[0].to != way.source, weight=3.0)
            source = key
        if way.action is not None:
            key = f"way {number}"
            plan.add(key, self.scribe.way(way), kind="action", id=action, source=way.source)
            # Who reads looks for an action at its step, so this line is the short one, however many leave the action.
            back = all(leg.back and leg.to != way.source for leg in way.legs)
            link(source, key, back=back, weight=2.0 * len(way.legs) + 1)
            source = key
        for index, leg in enumerate(way.legs):
            target = f"step {leg.to}"
            if len(way.legs) > 1 or (way.action is None and (leg.when is not None or leg.otherwise)):
                key = f"leg {number} {index}"
                plan.add(key, self.scribe.condition(leg), kind="leg", id=action, source=way.source)
                link(source, key, back=leg.back and leg.to != way.source, weight=2.0)
                link(key, target, arrow=True, back=leg.back, target=leg.to, handed=leg.handed)
            else:
                # Beside a way back the way on stays straight.
                weight = _WEIGHT_OF_A_HAND_OFF if leg.handed else 1.0
                link(source, target, arrow=True, back=leg.back, target=leg.to, handed=leg.handed, weight=weight)

    def anytime(self, plan: _Plan, scene: Scene) -> None:
        plan.add("anytime", panel(self.scribe), kind="panel")
        aside = {spot.step.id for spot in scene.spots if spot.aside}
        for action in self.scribe.graph.anytime:
            for target in dict.fromkeys(arrow.to for arrow in action.arrows if arrow.to != SAME):
                if target in aside:
                    plan.link("anytime", f"step {target}", arrow=True, dashed=True, target=target, action=action.id)

    def block(self, spot: Spot) -> Drawing:
        lanes = [self.lane(lane) for lane in spot.lanes]
        heads = [self.scribe.lane(*self._named(lane), room=max(150.0, inside.width)) for lane, inside in lanes]
        head = self.scribe.header(spot.step, room=260)
        if not spot.reached:
            head += tuple(self.scribe.lost())
        deepest = max(_height(rows) for rows in heads)
        sizes = [
            (
                max(inside.width, *(row.width for row in rows), 60) + 2 * _LANE
                if rows
                else max(inside.width, 60) + 2 * _LANE,
                inside.height + 2 * _LANE + (deepest if not self.across else _height(rows)),
            )
            for rows, (_, inside) in zip(heads, lanes, strict=True)
        ]
        top = _height(head) + _FRAME
        wide, high = max(one for one, _ in sizes), max(one for _, one in sizes)
        items: list[Item] = []
        x, y = float(_FRAME), float(top)
        for (lane, inside), rows, (w, h) in zip(lanes, heads, sizes, strict=True):
            w, h = (_even(wide), _even(h)) if self.across else (_even(w), _even(high))
            tip = self.scribe.tongue.exact(lane.only_if) if lane.only_if is not None else ""
            items.append(Frame(x=x, y=y, width=w, height=h, rows=rows, lane=True, id=lane.id, tip=tip))
            above = _LANE + (deepest if not self.across else _height(rows))
            left = _LANE if self.across else (w - inside.width) // 2
            items += inside.at(x + left, y + above)
            x, y = (x, y + h + _FRAME) if self.across else (x + w + _FRAME, y)
        width = wide + 2 * _FRAME if self.across else x
        height = y if self.across else y + high + _FRAME
        width = _even(max(width, max(row.width for row in head) + 2 * _FRAME))
        height = _even(height)
        border = Frame(
            x=0, y=0, width=width, height=height, rows=head, lane=False, id=spot.step.id, lost=not spot.reached
        )
        return Drawing(width=width, height=height, items=(border, *items))

    def lane(self, lane: Lane) -> tuple[Lane, Drawing]:
        return lane, self.scene(lane.scene)

    def _named(self, lane: Lane) -> tuple[str | None, Expression | None]:
        alone = len(lane.scene.spots) == 1 and lane.scene.spots[0].step.id == lane.id
        return (None if alone else lane.id), lane.only_if


class _Plan:
    """Boxes and links of one scene, and what they stand for."""

    def __init__(self) -> None:
        self.boxes: list[Box] = []
        self.links: list[Link] = []
        self.laid: dict[str, Laid] = {}
        self.courses: list[Course] = []

    def add(self, key: str, card: Card, *, kind: str, id: str = "", source: str = "") -> None:
        self.boxes.append(Box(key=key, width=card.width, height=card.height))
        self.laid[key] = Laid(card=card, x=0, y=0, kind=kind, id=id, source=source)

    def link(
        self,
        tail: str,
        head: str,
        /,
        *,
        arrow: bool = False,
        back: bool = False,
        dashed: bool = False,
        handed: bool = False,
        returning: bool = False,
        weight: float = 1.0,
        source: str = "",
        target: str = "",
        action: str = "",
    ) -> None:
        self.links.append(Link(key=str(len(self.links)), source=tail, target=head, back=back, weight=weight))
        course = Course(
            points=(),
            arrow=arrow,
            dashed=dashed,
            handed=handed,
            returning=returning,
            source=source,
            target=target,
            action=action,
        )
        self.courses.append(course)

    def laid_out(self, insides: dict[str, Drawing], *, across: bool) -> Drawing:
        placed = arrange(self.boxes, self.links, across=across)
        items: list[Item] = [
            replace(course, points=placed.links[link.key])
            for link, course in zip(self.links, self.courses, strict=True)
        ]
        for box in self.boxes:
            x, y = placed.boxes[box.key]
            items += insides[box.key].at(x, y) if box.key in insides else [moved(self.laid[box.key], x, y)]
        return Drawing(width=placed.width, height=placed.height, items=tuple(items))


def _height(rows: Sequence[Row]) -> float:
    return sum(row.height for row in rows) + 8 if rows else 0


def _even(value: float) -> float:
    whole = int(value + 0.999)
    return whole + whole % 2
