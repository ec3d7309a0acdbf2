"""The picture as Mermaid text, which GitHub, GitLab and many editors draw: a flowchart, blocks as subgraphs.

Whatever an author wrote stands in quotes, every letter that Mermaid or HTML could read otherwise as an entity.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator

from procflow.model.procedure import DONE, SAME, Action, Procedure, Step
from procflow.reports.diagram.graph import Graph, Lane, Leg, Scene, Spot, Way, graph_of
from procflow.reports.diagram.handing import answering, department, offered, told_of
from procflow.reports.diagram.lettering import clean
from procflow.reports.diagram.ruling import marks_of_action, told_rules
from procflow.reports.diagram.timing import all_marks, resolved, time_of, told_clocks, when_late
from procflow.reports.diagram.tongue import Tongue, tongue_of

_LINE = 70
"""How long a line of a rule is."""
_SIGNS = {"hand": "⇒", "returned": "↩", "pen": "✎", "clip": "⎘"}
"""What stands before a row where a picture has a sign."""
MOST_ARROWS, MOST_TEXT = 500, 50_000
"""What Mermaid draws unless it is configured otherwise."""


def render(procedure: Procedure, *, language: str = "", across: bool = False, listed: bool = True) -> str:
    """Return the picture of `procedure` as Mermaid text; it ends with a line break.

    Without `listed` the page around it lists the rules.
    """
    graph = graph_of(procedure)
    return "\n".join(_Writer(graph, tongue_of(procedure, language), listed=listed).written(across=across)) + "\n"


class _Writer:
    def __init__(self, graph: Graph, tongue: Tongue, *, listed: bool) -> None:
        self.graph = graph
        self.tongue = tongue
        self.listed = listed
        self.say = tongue.language.say
        self.classes: dict[str, list[str]] = {}

    def written(self, *, across: bool) -> Iterator[str]:
        procedure = self.graph.procedure
        title = self.tongue.title(procedure.title, procedure.id)
        across_way = "RL" if self.tongue.mirrored else "LR"
        # A JSON text is a YAML text too; ASCII alone cannot be misread, whatever the title holds.
        written = json.dumps(title, ensure_ascii=not title.isprintable()).replace("%%", "%\\u0025")
        yield f"---\ntitle: {written}\n---"
        yield f"flowchart {across_way if across else 'TB'}"
        yield from self.scene(self.graph.scene, "start", DONE, "  ")
        yield from self.anytime()
        yield from self.rules()
        yield from self.clocks()
        yield "  classDef waiting stroke-dasharray: 6 4"
        yield "  classDef ending stroke-width: 3px"
        yield "  classDef cancelled stroke-width: 3px, stroke-dasharray: 4 3"
        yield "  classDef lost stroke: #b42318, stroke-width: 2px"
        yield "  classDef anytime stroke-dasharray: 5 4"
        if "rules" in self.classes:
            yield "  classDef rules stroke-dasharray: 2 3"
        for name, members in self.classes.items():
            yield f"  class {','.join(members)} {name}"

    def scene(self, scene: Scene, start: str, done: str, indent: str) -> Iterator[str]:
        yield f"{indent}{start}(( ))"
        for spot in scene.spots:
            yield from self.spot(spot, indent)
        if any(leg.to == DONE for way in scene.ways for leg in way.legs):
            yield f"{indent}{done}((( )))"
        yield f"{indent}{start} --> {_key(scene.start or '')}"
        for way in scene.ways:
            for leg in way.legs:
                yield f"{indent}{_key(way.source)} {self.arrow(way, leg)} {done if leg.to == DONE else _key(leg.to)}"
        for one in scene.returns:
            yield f"{indent}{_key(one.source)} -.->|{self.label([self.say('may be given back')])}| {_key(one.to)}"

    def spot(self, spot: Spot, indent: str) -> Iterator[str]:
        step, key = spot.step, _key(spot.step.id)
        if not spot.reached:
            self.classes.setdefault("lost", []).append(key)
        if spot.lanes:
            # In one line: Mermaid leaves no room for more above what is inside.
            title, *id = self.heading(step)
            named = f"{title} ({id[0]})" if id else title
            told = " · ".join([named, *time_of(step, self.tongue)])
            yield f"{indent}subgraph {key}[{self.label([f'{told} {all_marks(step, self.tongue)}'.rstrip()])}]"
            for lane in spot.lanes:
                yield from self.lane(lane, key, indent + "  ")
            yield f"{indent}end"
        elif step.end is not None:
            self.classes.setdefault("cancelled" if step.end == "cancelled" else "ending", []).append(key)
            yield f"{indent}{key}([{self.label((*self.heading(step), *self.outcome(step), all_marks(step, self.tongue)))}])"
        else:
            if step.waiting is not None:
                self.classes.setdefault("waiting", []).append(key)
            yield f"{indent}{key}[{self.label((*self.heading(step), *self.facts(spot)))}]"

    def lane(self, lane: Lane, block: str, indent: str) -> Iterator[str]:
        key = f"{block}__{_key(lane.id)}"
        title = self.tongue.called(lane.id)
        if lane.only_if is not None:
            title += ": " + self.say("only if {condition}", condition=self.tongue.condition(lane.only_if))
        yield f"{indent}subgraph {key}[{self.label([title])}]"
        yield from self.scene(lane.scene, f"{key}__start", f"{key}__done", indent + "  ")
        yield f"{indent}end"

    def heading(self, step: Step) -> tuple[str, ...]:
        title = self.tongue.title(step.title, step.id)
        return (title,) if title == step.id else (title, step.id)

    def outcome(self, step: Step) -> Iterator[str]:
        """Yield the outcome of an end, unless its title or id says it already."""
        told = self.tongue.outcome(step)
        if told is not None:
            yield told

    def facts(self, spot: Spot) -> Iterator[str]:
        step, tongue = spot.step, self.tongue
        if step.waiting is not None:
            yield self.say("waits for {party}", party=tongue.role(step.waiting.party))
            yield ", ".join(step.requests)
        elif step.by is not None:
            yield tongue.by(step.by)
            yield from (f"⌂ {told}" for told in department(step, tongue))
        yield from (f"{_SIGNS.get(sign or '', '')} {told}".lstrip() for sign, told in offered(step, tongue))
        if step.checklist is not None:
            items = (" · " if step.checklist.any_order else " → ").join(map(tongue.called, step.checklist.items))
            yield f"☑ {items}"
        yield from self.bound(step.collect, step.evidence)
        if step.four_eyes:
            yield self.say("not whoever left {steps}", steps=tongue.names(step.four_eyes))
        if step.not_by:
            yield self.say("not whoever {fields} names", fields=tongue.names(step.not_by))
        yield from resolved(step, tongue)
        yield from (f"◷ {told}" for told in time_of(step, tongue))
        for action in spot.stays:
            told = f"↻ {tongue.title(action.title, action.id)}"
            yield f"{told} {marks_of_action(action, step.id, tongue)}".rstrip()
        yield all_marks(step, tongue)
        if not spot.reached:
            yield self.say("nothing leads here")

    def bound(self, collect: Iterable[str], evidence: Iterable[str]) -> Iterator[str]:
        if collect:
            yield f"✎ {', '.join(collect)}"
        if evidence:
            yield f"⎘ {', '.join(map(self.tongue.called, evidence))}"

    def arrow(self, way: Way, leg: Leg) -> str:
        line = "==>" if leg.handed else "-->"
        if way.late is not None:
            return f"-.->|{self.label([when_late(way.late, self.tongue)])}|"
        rows = list(self.action(way.action, way.source)) if way.action is not None else []
        if leg.when is not None:
            rows.insert(1, self.say("if {condition}", condition=self.tongue.condition(leg.when)))
        elif leg.otherwise:
            rows.insert(1, self.say("otherwise"))
        return f"{line}|{self.label(rows)}|" if rows else line

    def action(self, action: Action, source: str) -> Iterator[str]:
        yield self.tongue.title(action.title, action.id)
        told = []
        if action.by is not None and action.by != self.graph.procedure.steps[source].by:
            told.append(self.tongue.by(action.by))
        told += self.limits(action)
        told += self.bound(action.collect, action.evidence)
        marks = marks_of_action(action, source, self.tongue)
        told += [marks] if marks else []
        if told:
            yield " · ".join(told)

    def limits(self, action: Action) -> Iterator[str]:
        if action.at_most is not None:
            yield self.tongue.language.count("at most once", "at most {number} times", action.at_most)
        if action.reason:
            yield self.say("with a reason")
        if action.incomplete:
            yield self.say("may leave the step unfinished")

    def anytime(self) -> Iterator[str]:
        who = answering(self.tongue)
        if not self.graph.anytime and who is None:
            return
        rows = [self.say("At any time"), *([f"⚑ {who}"] if who is not None else [])]
        arrows = []
        for action in self.graph.anytime:
            title = self.tongue.title(action.title, action.id)
            by = [self.tongue.by(action.by)] if action.by is not None else []
            marks = list(filter(None, [marks_of_action(action, None, self.tongue)]))
            for arrow in action.arrows:
                if arrow.to == SAME:
                    rows.append(" · ".join((f"↻ {title}", *by, *told_of(action, self.tongue), *marks)))
                    break
                told = [title, *by, *self.limits(action), *marks]
                if action.during:
                    told.append(self.say("while in {steps}", steps=self.tongue.names(action.during)))
                if arrow.when is not None:
                    told.append(self.say("if {condition}", condition=self.tongue.condition(arrow.when)))
                arrows.append(f"  at_any_time -.->|{self.label(told)}| {_key(arrow.to)}")
        yield f"  at_any_time[{self.label(rows)}]"
        yield from arrows
        self.classes["anytime"] = ["at_any_time"]

    def rules(self) -> Iterator[str]:
        """Yield the rules as a card of their own, in lines that are not too long for one."""
        rules = told_rules(self.tongue) if self.listed else ()
        if not rules:
            return
        rows = [self.say("Rules")]
        for one in rules:
            rows += textwrap.wrap(f"{one.mark} {one.text}", _LINE)
        yield f"  procedure_rules[{self.label(rows)}]"
        self.classes["rules"] = ["procedure_rules"]

    def clocks(self) -> Iterator[str]:
        """Yield what is promised, likewise."""
        clocks = told_clocks(self.tongue) if self.listed else ()
        if not clocks:
            return
        rows = [self.say("What is promised")]
        for one in clocks:
            rows += textwrap.wrap(f"{one.mark} {one.text}", _LINE)
        yield f"  procedure_clocks[{self.label(rows)}]"
        self.classes.setdefault("rules", []).append("procedure_clocks")

    def label(self, rows: Iterable[str]) -> str:
        return '"' + "<br>".join(_escaped(row) for row in rows if row) + '"'


def _key(id: str) -> str:
    """Return an id that is no word of Mermaid's; ids are kebab-case, so none becomes another's."""
    return f"s_{id.replace('-', '_')}"


_ISOLATES = re.compile("[\u2066-\u2069]")
# Mermaid takes `%%{init: ...}%%` for settings wherever it stands, also inside quotes.
_SPECIAL = re.compile(r'[#"&<>`*\\|~]|(?<=:)/|%(?=%)')
_LIST = re.compile(r"^\s*(?:\d+(?=[.)])|[-+](?=\s))")


def _escaped(text: str) -> str:
    # At the beginning of a line `1.` and `-` would be a list in Markdown.
    told = _SPECIAL.sub(lambda found: f"#{ord(found[0])};", clean(_ISOLATES.sub("", text)))
    return _LIST.sub(lambda found: found[0][:-1] + f"#{ord(found[0][-1])};", told)
