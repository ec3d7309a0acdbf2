"""The `scenarios:` section: stories with their people, data, doings and expectations; every name in them exists."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from procflow.calendars.length import Length
from procflow.errors import SourceSpan
from procflow.expressions.types import Instant, Money, Number, Raw
from procflow.expressions.values import parse_value
from procflow.loading.lengths import LONGEST, read_length
from procflow.loading.node import Node
from procflow.loading.notebook import Notebook, listed
from procflow.loading.numbers import tell_thousands
from procflow.loading.outline import checklist_of
from procflow.loading.texts import read_names, read_text
from procflow.model.deviation import REGISTRY
from procflow.model.deviation_class import DeviationClass
from procflow.model.hand_off import TAKE_CASE
from procflow.model.procedure import Procedure, beginning
from procflow.model.rule import Per
from procflow.model.scenario import NOBODY, REASON, Doing, Expectation, Person, Scenario, Wait

NONE = "none"
"""`deviations: none`, `broken: none`."""
_WAIT = "wait"
_UNTIL = "until"
_LATE = re.compile(r"until\s+(\S+)\s+is\s+late")
_SOME_DAY = datetime(2026, 1, 5, tzinfo=UTC)
"""When a scenario opens if neither it nor the procedure names a day: a Monday."""
_WORDS = 2
_LAST_YEAR = 9000

_ARROW = re.compile(r"\s*(?:->|=>|→|;)\s*")
"""What people write between two doings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What a scenario may name."""

    procedure: Procedure
    items: frozenset[str]
    """Checklist items."""
    evidence: frozenset[str]
    broken: frozenset[str]
    """Data fields whose type cannot be read: what is given for them is not judged."""
    rules: frozenset[str]
    """Rules, those that cannot be read among them."""

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What cases can come to, once each."""
        return tuple(dict.fromkeys(one.end for one in self.procedure.steps.values() if one.end is not None))


def names_of(
    procedure: Procedure,
    steps: Collection[Node],
    evidence: Collection[str],
    broken: frozenset[str],
    rules: Collection[str],
) -> Names:
    """Return what scenarios of a procedure may name; it may still have mistakes elsewhere."""
    items = frozenset(item.text for step in steps for item in checklist_of(step).entries())
    return Names(procedure=procedure, items=items, evidence=frozenset(evidence), broken=broken, rules=frozenset(rules))


def read_scenarios(node: Node, names: Names, notebook: Notebook) -> tuple[Scenario, ...]:
    """Return the scenarios; what does not fit is written down."""
    found = []
    seen: dict[str, Node] = {}
    for entry in node.entries():
        if not entry.is_map:
            continue
        title = entry.get("scenario")
        for name in [title.text] if title.is_text else []:
            first = seen.setdefault(name, title)
            if first is not title:
                hint = f"the first one is in line {first.where.line}; say what makes this one different"
                notebook.note("PF212", f"two scenarios are called “{name}”", title.where, hint)
        found.append(_Reader(entry, names, notebook).scenario())
    return tuple(found)


def opens_by_itself(procedure: Procedure) -> datetime:
    """Return when a case opens if its scenario does not say."""
    day = procedure.effective_from
    return _SOME_DAY if day is None else beginning(day)


class _Reader:
    """Reads one scenario."""

    def __init__(self, node: Node, names: Names, notebook: Notebook) -> None:
        self.node = node
        self.names = names
        self.notebook = notebook
        self.people = {name: self._person(name, one) for name, one in node.get("people").items()}

    def scenario(self) -> Scenario:
        node = self.node
        return Scenario(
            title=read_text(node.get("scenario")),
            people=MappingProxyType(self.people),
            opens_at=self._opens_at(node.get("opens-at")),
            dated=node.get("opens-at").is_text,
            given=MappingProxyType(self._given(node.get("given"))),
            without=self._without(node.get("without")),
            doings=tuple(self._doings(node.get("do"))),
            expect=self._expectation(node.get("expect")),
            where=node.get("scenario").where,
        )

    def _opens_at(self, node: Node) -> datetime:
        if node.is_text:
            try:
                at = parse_value(Instant(), node.text)
                assert isinstance(at, datetime)
                if at.year < _LAST_YEAR:
                    return at
                self.notebook.note("PF106", f"`{node.text}` is too far away to go on from", node.where)
            except ValueError as error:
                self.notebook.note("PF106", str(error), node.where, 'write it as "2026-12-01T09:00:00Z"')
        return opens_by_itself(self.names.procedure)

    # -- people --

    def _person(self, name: str, node: Node) -> Person:
        held = node.get("roles") if node.is_map else node
        roles = read_names(held, self.notebook)
        for role, entry in roles.items():
            self._known("role", role, self.names.procedure.roles, entry)
        teams = read_names(node.get("teams"), self.notebook)
        return Person(id=name, roles=frozenset(roles), teams=frozenset(teams))

    def _actor(self, name: str, where: SourceSpan) -> str:
        roles = self.names.procedure.roles
        if name and name not in self.people and name not in roles:
            who = [*self.people, *roles]
            otherwise = f"name one of {listed(who)}, or add `{name}` under `people:` of the scenario"
            hint = self.notebook.meant(name, who, otherwise=otherwise)
            self.notebook.note("PF703", f"`{name}` is neither a person of this scenario nor a role", where, hint)
        return name

    # -- what is known, and what is left out --

    def _given(self, node: Node) -> dict[str, Raw]:
        found: dict[str, Raw] = {}
        data = self.names.procedure.data
        for name, value in node.items():
            if name in self.names.broken:
                continue
            if name not in data:
                self._unknown("data field", name, data, value.key_where)
                continue
            try:
                parse_value(data[name].type, value.data)
            except ValueError as error:
                hint = f"leave it out and write `without: [{name}]`" if value.data is None else None
                self.notebook.note("PF704", f"`{name}`: {error}", value.where, hint)
                continue
            if isinstance(data[name].type, Money | Number):
                tell_thousands(value.source.raw(value.path).strip("\"'"), value.where, self.notebook)
            found[name] = value.data
        return found

    def _without(self, node: Node) -> frozenset[str]:
        known = {*self.names.items, *self.names.evidence, *self.names.procedure.data, *self.names.broken, REASON}
        known |= {TAKE_CASE} & self.names.procedure.anytime.keys()
        found = read_names(node, self.notebook)
        for name, entry in found.items():
            self._known("checklist item, proof or data field", name, known, entry)
        return frozenset(found)

    # -- what is done --

    def _doings(self, node: Node) -> Iterator[Doing | Wait]:
        waited = timedelta()
        for entry in node.entries() if node.is_list else ():
            if entry.is_map:
                one = self._wait(entry.get(_WAIT)) if entry.has(_WAIT) else self._long(entry)
            else:
                one = self._short(entry)
            if isinstance(one, Wait):
                waited += one.length.longest if one.length is not None else timedelta()
                if waited > LONGEST:
                    self.notebook.note("PF106", "by now more than a century has passed", entry.where)
                    return
            if one is not None:
                yield one

    def _short(self, node: Node) -> Doing | Wait | None:
        if not node.is_text:
            return None  # the schema has told it
        words = node.text.split()
        if len(words) > 1 and words[0] == _WAIT and (words[1][0].isdigit() or words[1] == _UNTIL):
            return self._wait(node, node.text.strip().removeprefix(_WAIT))
        if len(words) != _WORDS:
            message = f"`{node.text}` does not say who does what"
            hint = "write a person or role and an action, as in `agent accept`; or `wait 3 days`"
            if words and words[0] == _WAIT:
                hint = "write it as `wait 3 days`, `wait 2 working days` or `wait until intake is late`"
                message = f"`{node.text}` does not say how long"
            elif _ARROW.search(node.text):
                hint = f"write a comma between what is done: {', '.join(_ARROW.split(node.text))}"
            elif len(words) > _WORDS:
                hint = "write `{ by: agent, action: accept, ... }` for anything more than who and what"
            self.notebook.note("PF106", message, node.where, hint)
            return None
        second = node.text.index(words[1], node.text.index(words[0]) + len(words[0]))
        return Doing(
            by=self._actor(words[0], self._part(node, node.text.index(words[0]), words[0])),
            action=self._action(words[1], self._part(node, second, words[1])),
            where=node.where,
        )

    def _long(self, node: Node) -> Doing:
        by, action, start = node.get("by"), node.get("action"), node.get("start")
        return Doing(
            by=self._actor(by.text, by.where),
            action=self._action(action.text, action.where),
            data=MappingProxyType(self._data(node.get("data"))),
            evidence=MappingProxyType(self._evidence(node.get("evidence"))),
            reason=node.get("reason").text or None,
            on_behalf_of=node.get("on-behalf-of").text or None,
            without=self._without(node.get("without")),
            start=start.is_true,
            where=node.where,
        )

    def _wait(self, node: Node, text: str | None = None) -> Wait | None:
        said = (node.text if text is None else text).strip()
        until = _LATE.fullmatch(said)
        if until is not None:
            self._known_clock(until[1], node)
            return Wait(length=None, until=until[1], text=said, where=node.where)
        length = self._length(said, node, before="" if text is None else f"{_WAIT} ")
        return None if length is None else Wait(length=length, text=said, where=node.where)

    def _length(self, said: str, node: Node, *, before: str = "") -> Length | None:
        """Return a length of time, working time only where there is a calendar to count it on."""
        length = read_length(said, node, self.notebook, before=before) if said else None
        if length is not None and length.needs_calendar and self.names.procedure.calendar is None:
            message = f"`{said}` is working time, and the procedure has no calendar to count it on"
            self.notebook.note("PF407", message, node.where, "add `calendar:` to the procedure, or write elapsed time")
            return None
        return length

    def _known_clock(self, name: str, node: Node) -> None:
        self._known("clock", name, sorted(self.names.procedure.all_clocks), node)

    def _action(self, name: str, where: SourceSpan) -> str:
        if name and name not in self.names.procedure.actions:
            self._unknown("action", name, sorted(self.names.procedure.actions), where)
        return name

    def _data(self, node: Node) -> dict[str, Raw]:
        """Return what somebody gives with an action: a wrong value is for the judge, an unknown name is not."""
        for name, value in node.items():
            if name not in self.names.procedure.data and name not in self.names.broken:
                self._unknown("data field", name, self.names.procedure.data, value.key_where)
        return {name: value.data for name, value in node.items()}

    def _evidence(self, node: Node) -> dict[str, Raw]:
        if node.is_map:
            for name, value in node.items():
                if name not in self.names.evidence:
                    self._unknown("evidence", name, sorted(self.names.evidence), value.key_where)
            return {name: value.data for name, value in node.items()}
        found = read_names(node, self.notebook)
        for name, entry in found.items():
            self._known("evidence", name, sorted(self.names.evidence), entry)
        return {name: sample_link(name) for name in found}

    # -- what is expected --

    def _expectation(self, node: Node) -> Expectation:
        places = {key: one.where for key, one in node.items()}
        ends, stands, within = node.get("ends"), node.get("stands"), node.get("within")
        if ends.is_text:
            self._known("outcome", ends.text, self.names.outcomes, ends)
        self._stands(stands)
        return Expectation(
            ends=ends.text or None,
            stands=stands.text or None,
            through=self._steps(node.get("through"), places),
            not_through=self._steps(node.get("not-through"), places),
            within=self._length(within.text, within) if within.text else None,
            late=self._named(node.get("late"), places, self._known_clock) if node.has("late") else None,
            met=self._named(node.get("met"), places, self._known_clock),
            notified=self._named(node.get("notified"), places, self._known_role),
            accountable=self._accountable(node.get("accountable")),
            deviations=tuple(self._deviations(node.get("deviations"), places)),
            broken=self._rules(node.get("broken"), places) if node.has("broken") else None,
            kept=self._rules(node.get("kept"), places),
            where=node.where if node.is_map else self.node.get("scenario").where,
            places=MappingProxyType(places),
        )

    def _stands(self, node: Node) -> None:
        name, procedure = node.text, self.names.procedure
        if not name or name in procedure.steps:
            return
        from procflow.automaton.configurations import parse_configuration

        if not name.isascii() or not any(sign in name for sign in "/[+<"):
            self._known("step", name, procedure.steps, node)
        elif not self.notebook.has_errors:
            try:
                parse_configuration(name, procedure)
            except ValueError as error:
                self.notebook.note("PF703", f"`{name}` is no place a case can stand in", node.where, str(error))

    def _steps(self, node: Node, places: dict[str, SourceSpan]) -> tuple[str, ...]:
        found = read_names(node, self.notebook)
        for name, entry in found.items():
            places[f"{node.name} {name}"] = entry.where
            self._known("step", name, self.names.procedure.steps, entry)
        return tuple(found)

    def _known_role(self, name: str, node: Node) -> None:
        self._known("role", name, self.names.procedure.roles, node)

    def _accountable(self, node: Node) -> str | None:
        if not node.text:
            return None
        if self.names.procedure.accountable is None:
            message = "the procedure does not say who answers for a case"
            self.notebook.note("PF703", message, node.where, "add `accountable: ROLE` to it, or remove this")
            return None
        return NOBODY if node.text == NOBODY else self._actor(node.text, node.where)

    def _named(self, node: Node, places: dict[str, SourceSpan], known: Callable[[str, Node], None]) -> tuple[str, ...]:
        if node.text == NONE:
            return ()
        found = read_names(node, self.notebook)
        for name, entry in found.items():
            places[f"{node.name} {name}"] = entry.where
            known(name, entry)
        return tuple(found)

    def _rules(self, node: Node, places: dict[str, SourceSpan]) -> tuple[str, ...]:
        if node.name == "broken" and node.text == NONE:
            return ()
        known = {one.id: one for one in self.names.procedure.rules}
        found = read_names(node, self.notebook)
        for name, entry in found.items():
            places[f"{node.name} {name}"] = entry.where
            self._known("rule", name, sorted(self.names.rules), entry)
            if name in known and known[name].per is not Per.CASE:
                message = (
                    f"no scenario can show the rule `{name}`: it is judged over the cases of a {known[name].per.value}"
                )
                self.notebook.note("PF703", message, entry.where, "remove it")
        return tuple(found)

    def _deviations(self, node: Node, places: dict[str, SourceSpan]) -> Iterator[str]:
        if node.text == NONE:
            return
        slugs = {one.slug: code for code, one in REGISTRY.items()}
        for entry in node.entries():
            code = slugs.get(entry.text, entry.text.upper())
            one = REGISTRY.get(code)
            if one is None:
                near = [name for code, one in REGISTRY.items() if _shows(one) for name in (code, one.slug)]
                otherwise = "`procflow explain DV` lists them; `none` stands alone"
                hint = self.notebook.meant(entry.text, near, otherwise=otherwise)
                self.notebook.note("PF703", f"there is no deviation `{entry.text}`", entry.where, hint)
            elif not _shows(one):
                message = f"no scenario can show `{entry.text}`"
                message += ": nothing reports it yet" if one.reserved else ": it speaks of a log, not of the work"
                self.notebook.note("PF703", message, entry.where, "remove it")
            else:
                places[f"deviations {code}"] = entry.where
                yield code

    # -- names --

    def _known(self, what: str, name: str, known: Collection[str] | Mapping[str, object], node: Node) -> None:
        if name and name not in known:
            self._unknown(what, name, known, node.where)

    def _unknown(self, what: str, name: str, known: Collection[str], where: SourceSpan) -> None:
        there = f"known here: {listed(sorted(known))}" if known else f"the procedure has no {what} at all"
        hint = self.notebook.meant(name, known, otherwise=there)
        self.notebook.note("PF703", f"the procedure has no {what} `{name}`", where, hint)

    def _part(self, node: Node, column: int, word: str) -> SourceSpan:
        return node.source.within(node.path, column, len(word))


def _shows(one: DeviationClass) -> bool:
    """Return True if a case can have a deviation of the class: DV8 and DV9 speak of logs."""
    return not one.reserved and not one.code.startswith(("DV8", "DV9"))


def sample_link(evidence: str) -> str:
    """Return where a proof that a scenario does not name itself is said to lie."""
    return f"https://example.org/{evidence}"
