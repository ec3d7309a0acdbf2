"""What is said of a broken rule: which events set it off, what is missing or forbidden, and what would have been right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from procflow.expressions.values import show_value
from procflow.model.deviation import REGISTRY, Deviation
from procflow.model.procedure import ANY, Procedure
from procflow.model.rule import MOST_NAMED, Breach, BreachKind, Happening, HappeningKind, Rule
from procflow.monitors.moment import roles_for, who_may
from procflow.monitors.rules.names import Name, Names
from procflow.monitors.rules.phrases import events
from procflow.monitors.rules.position import Position
from procflow.monitors.rules.turn import Turn

_DONE = (HappeningKind.ACTION, HappeningKind.STARTS)
_STEPS = (HappeningKind.ENTERS, HappeningKind.LEAVES)


class Voice:
    """Speaks for one rule."""

    def __init__(self, rule: Rule, procedure: Procedure | None) -> None:
        self.rule = rule
        self._procedure = procedure
        self._able: dict[Happening, tuple[str, ...]] = {}
        self._known: dict[tuple[Happening, ...], tuple[str, dict[str, object]]] = {}
        by = rule.by
        self._by = {} if by is None or by.role == ANY else {"by": str(by)}

    def missing(
        self,
        turn: Turn,
        code: str,
        message: str,
        *,
        what: tuple[Happening, ...],
        remedy: str,
        names: Names = (),
        total: int | None = None,
        values: Mapping[str, str] | None = None,
        wrong: Name | None = None,
    ) -> None:
        """Say that what was demanded did not come; the position is the one that made it so.

        `wrong` came instead: it does not count because of who did it.
        """
        position = turn.position
        text, about = self._about(what)
        said = {"missing": text} | self._set_off(position.case, names, total) | dict(values or {})
        breach = self._breach(position.case, BreachKind.MISSING, what, names, total, wrong)
        turn.said.append(self._deviation(position, code, message, position.seq, said, remedy, breach, **about))

    def late(
        self,
        turn: Turn,
        code: str,
        message: str,
        *,
        what: tuple[Happening, ...],
        remedy: str,
        name: Name,
        due: datetime,
        case_itself: bool = False,
        wrong: Name | None = None,
    ) -> None:
        """Say that what was demanded did not come in time; blamed is what set the rule off."""
        position = turn.position
        names: Names = () if case_itself else (name,)
        text, about = self._about(what)
        said = {"missing": text} | self._set_off(name.case, names, None) | {"due": show_value(due)}
        breach = replace(self._breach(name.case, BreachKind.LATE, what, names, None, wrong), due=due)
        more = about | {"refuses": False, "source": None, "case": name.case}
        turn.said.append(self._deviation(position, code, message, name.seq, said, remedy, breach, **more))

    def forbidden(
        self,
        turn: Turn,
        code: str,
        message: str,
        *,
        what: Happening,
        remedy: str,
        names: Names = (),
        total: int | None = None,
        target: Name | None = None,
        values: Mapping[str, str] | None = None,
        who_could: tuple[str, ...] = (),
    ) -> None:
        """Say that what was forbidden came; `target` if it is not this position itself."""
        position = turn.position
        said = {"forbidden": str(what)} | self._set_off(position.case, names, total) | dict(values or {})
        breach = self._breach(position.case, BreachKind.FORBIDDEN, (what,), names, total, target or turn.name())
        turn.said.append(
            self._deviation(
                position,
                code,
                message,
                position.seq,
                said,
                remedy,
                breach,
                step=position.step,
                action=position.action,
                actor=position.actor,
                who_could=who_could,
            )
        )

    def able(self, one: Happening) -> tuple[str, ...]:
        """Return the roles that could bring a happening about; () if anybody could, or if that depends on the data."""
        found = self._able.get(one)
        if found is None:
            by = self.rule.by
            if by is not None and by.role != ANY:
                found = (by.role,) if by.role is not None else ()
            elif self._procedure is None or one.kind not in _DONE:
                found = ()
            else:
                roles = dict.fromkeys(_roles(self._procedure, one))
                found = () if ANY in roles else tuple(roles)
            self._able[one] = found
        return found

    def _about(self, what: tuple[Happening, ...]) -> tuple[str, dict[str, object]]:
        """Return something that did not come as people write it, and what a deviation says of it."""
        known = self._known.get(what)
        if known is None:
            known = self._known[what] = (_listed(what), self._said_of(what))
        return known

    def _said_of(self, what: tuple[Happening, ...]) -> dict[str, object]:
        one = what[0]
        step = one.name if one.kind in _STEPS else one.step
        action = one.name if one.kind in _DONE else None
        who = dict.fromkeys(role for each in what for role in self.able(each))
        anybody = not all(self.able(each) for each in what)
        return {"step": step, "action": action, "actor": None, "who_could": () if anybody else tuple(who)}

    def _set_off(self, case: str, names: Names, total: int | None) -> dict[str, str]:
        return {"set off by": events(names, case, total)} if names else {}

    def _breach(
        self,
        case: str,
        kind: BreachKind,
        what: tuple[Happening, ...],
        names: Names,
        total: int | None,
        target: Name | None = None,
    ) -> Breach:
        known = [name for name in names if name.seq is not None][:MOST_NAMED]
        others = any(name.case != case for name in known)
        return Breach(
            rule=self.rule.id,
            clause=self.rule.because,
            kind=kind,
            what=self._about(what)[0] if kind is not BreachKind.FORBIDDEN else str(what[0]),
            activations=tuple([name.seq for name in known if name.seq is not None]),
            more=0 if total is None else max(0, total - len(names)),
            target=target.seq if target is not None else None,
            cases=tuple([name.case for name in known]) if others else (),
            target_case=target.case if target is not None and target.case != case else None,
        )

    def _deviation(
        self,
        position: Position,
        code: str,
        message: str,
        seq: int | None,
        values: dict[str, str],
        remedy: str,
        breach: Breach,
        **more: object,
    ) -> Deviation:
        rule = self.rule
        known: dict[str, object] = {
            "severity": rule.severity or REGISTRY[code].severity,
            "where": rule.where,
            "case": position.case,
            "source": position.source,
            "refuses": rule.refuse and not position.by_time,
        }
        said = {"rule": rule.id} | values | self._by
        return Deviation(
            code=code,
            message=message,
            seq=seq,
            values=said,
            remedy=remedy,
            breach=breach,
            **(known | more),  # type: ignore[arg-type]
        )


def _listed(what: tuple[Happening, ...]) -> str:
    return ", ".join(map(str, what))


def _roles(procedure: Procedure, one: Happening) -> Iterator[str]:
    """Yield the roles that may do an action, wherever it is due; `any` where anybody, or nobody can say who."""
    for step in procedure.steps.values():
        if one.step is not None and step.id != one.step:
            continue
        if one.name in step.actions or (step.checklist is not None and one.name in step.checklist.items):
            yield from roles_for(step, who_may(step, step.actions.get(one.name))) or (ANY,)
    if one.step is None and one.name in procedure.anytime:
        yield from roles_for(None, procedure.anytime[one.name].by) or (ANY,)


def alike(one: object, other: Deviation) -> bool:
    """Return True if both say at one event that something is missing, of one rule and for one reason."""
    return (
        isinstance(one, Deviation)
        and one.breach is not None
        and other.breach is not None
        and one.breach.kind is other.breach.kind is BreachKind.MISSING
        and (one.code, one.breach.rule, one.seq) == (other.code, other.breach.rule, other.seq)
    )


def together(one: Deviation, other: Deviation) -> Deviation:
    """Return two findings that are alike as one."""
    assert one.breach is not None
    assert other.breach is not None
    named = tuple(sorted((*one.breach.activations, *other.breach.activations)))
    breach = replace(
        one.breach,
        activations=named[:MOST_NAMED],
        more=one.breach.more + other.breach.more + len(named[MOST_NAMED:]),
    )
    values = dict(one.values) | {"and set off by": other.values.get("set off by", "")}
    return replace(one, message=f"{one.message}; {other.message}", values=values, breach=breach)
