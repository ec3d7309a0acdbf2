"""Hand-offs: what is demanded when work comes from other people, and the actions by which it is accepted or given back.

Nothing is handed over where work comes to the same people: whether it does is told by the arrows and by who works where.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from procflow.calendars.length import Length
from procflow.errors import SourceSpan
from procflow.loading.clock_parts import length_on, read_graded, read_late, read_warn
from procflow.loading.edits import replace_value
from procflow.loading.lookup import Lookup
from procflow.loading.node import Node
from procflow.loading.texts import read_names
from procflow.loading.ways_in import WaysIn
from procflow.model.by import By
from procflow.model.clock import Clock, ClockKind, Graded, LateAct, Promised
from procflow.model.hand_off import ACCEPT, ACTS, REFUSE, REFUSED_FOR, TAKE_CASE, Accountable, HandOffs
from procflow.model.procedure import ANY, SAME, Action, Arrow, Branch, Region, Role, Step, steps_of

KEY = "hand-offs"


class _Refuse(NamedTuple):
    """What `refuse` says."""

    reason: bool
    at_most: int | None
    where: SourceSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What one `hand-offs` says; None: nothing."""

    node: Node
    needs: tuple[tuple[str, ...], tuple[str, ...]] | None
    """Data fields, and proofs."""
    form: tuple[str, ...] | None
    within: Graded[Length] | None
    warn: tuple[tuple[int, ...], str | None] | None
    late: tuple[LateAct, ...] | None
    refuse: _Refuse | None
    returns: int | None

    @property
    def timed(self) -> bool:
        """True if it says a time, be it one that cannot be read."""
        return self.within is not None or self.node.has("accept-within")

    def over(self, other: _Said | None) -> _Said:
        """Return what this one says and, key by key, what `other` says where this one is silent."""
        if other is None:
            return self
        theirs = {
            name: getattr(other, name)
            for name in ("needs", "form", "within", "warn", "late", "refuse", "returns")
            if getattr(self, name) is None
        }
        return replace(self, **theirs)


def weave_hand_offs(top: Region, anytime: Mapping[str, Action], root: Node, lookup: Lookup) -> Region:
    """Return the steps with what is demanded of hand-offs to them, and with the actions that accept and give back."""
    general = _said(root.get(KEY), lookup) if root.get(KEY).is_map else None
    own = {name: _said(step.get(KEY), lookup) for name, step in lookup.outline.steps.items() if step.get(KEY).is_map}
    if general is None and not own:
        return top
    merged: dict[str, _Said] = {}
    for name, step in lookup.outline.steps.items():
        if name in own:
            merged[name] = own[name].over(general)
        elif general is not None and not step.has(KEY):
            merged[name] = general
    for said in (general, *own.values()):
        if said is not None:
            _tell_idle(said, merged.values(), lookup)
    woven = _Weaver(WaysIn(top, anytime), merged, lookup).region(top)
    if not lookup.notebook.has_errors:
        _tell_unused(general, own, merged, steps_of(woven), lookup)
    return woven


def read_accountable(node: Node, lookup: Lookup, roles: Mapping[str, Role]) -> Accountable | None:
    """Return which role answers for a case; None if the file does not say."""
    if not node.text:
        return None
    if node.text == ANY:
        message = "not just anybody answers for a case: `any` cannot stand here"
        lookup.notebook.note("PF202", message, node.where, "name a role that is not external")
        return None
    name = lookup.role(node, or_any=False)
    if name in roles and roles[name].external:
        message = f"the role `{name}` is external, and only people of the house answer for a case"
        lookup.notebook.note("PF202", message, node.where, "name a role that is not external")
    return Accountable(role=name, where=node.whole)


def taking_of(accountable: Accountable) -> Action:
    """Return the action by which somebody takes the case."""
    stays = (Arrow(to=SAME, where=accountable.where),)
    return Action(
        id=TAKE_CASE, arrows=stays, by=By(role=accountable.role), title=ACTS[TAKE_CASE], where=accountable.where
    )


# --- one `hand-offs` -----------------------------------------------------------------------------------------------


def _said(node: Node, lookup: Lookup) -> _Said:
    length = partial(length_on, lookup=lookup, calendar=bool(lookup.calendar))
    return _Said(
        node=node,
        needs=_needs(node.get("needs"), lookup) if node.has("needs") else None,
        form=lookup.fields(node.get("form")) if node.has("form") else None,
        within=read_graded(node.get("accept-within"), length, lookup),
        warn=read_warn(node.get("warn"), lookup) if node.has("warn") else None,
        late=read_late(node.get("late"), lookup, calendar=bool(lookup.calendar)) if node.has("late") else None,
        refuse=_refuse(node.get("refuse")) if node.get("refuse").is_map else None,
        returns=node.get("returns").get("at-most").number,
    )


def _refuse(node: Node) -> _Refuse:
    return _Refuse(node.get("reason").text == "required", node.get("at-most").number, node.whole)


def _needs(node: Node, lookup: Lookup) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the data fields and the proofs that a list names."""
    fields: list[str] = []
    proofs: list[str] = []
    for name, entry in read_names(node, lookup.notebook).items():
        if name in lookup.types or name in lookup.broken:
            fields.append(lookup.data_field(entry))
            continue
        # A proof may be named here alone; but what is written almost like a data field is meant to be that field.
        guess = lookup.notebook.guess(name, lookup.types, otherwise=f"add `{name}` under `data:`")
        declared = lookup.outline.evidence.get(name)
        if declared is not None and (guess.sure is None or declared.path[-2:-1] != ("needs",)):
            proofs.append(name)
        elif name:
            edits = () if guess.sure is None else replace_value(entry.source, entry.path, guess.sure)
            lookup.used_fields.add(guess.sure or name)
            message = f"there is no data field and no evidence `{name}`"
            lookup.notebook.note("PF203", message, entry.where, guess.hint, edits)
    return tuple(fields), tuple(proofs)


def _tell_idle(said: _Said, merged: Collection[_Said], lookup: Lookup) -> None:
    """Write down a `warn` or `late` of hand-offs that may take any time."""
    for key in ("warn", "late"):
        value = getattr(said, key)
        if value is not None and not any(getattr(one, key) is value and one.timed for one in merged):
            message = f"`{key}` says nothing without `accept-within`: the work may be on offer for any time"
            lookup.notebook.note("PF124", message, said.node.get(key).key_where, "add `accept-within`")


def _tell_unused(
    general: _Said | None,
    own: Mapping[str, _Said],
    merged: Mapping[str, _Said],
    steps: Mapping[str, Step],
    lookup: Lookup,
) -> None:
    """Write down what is said of hand-offs where there are none, and of refusals where nobody can give work back."""
    handed = {name: steps[name].hand_offs for name in merged if steps[name].hand_offs is not None}
    written = [(said, {name}) for name, said in own.items()]
    for said, concerned in written if general is None else [(general, set(merged)), *written]:
        if not concerned & handed.keys():
            message = "nothing is handed over: work never comes from other people"
            whose = "here" if said is general else f"to `{said.node.path[-2]}`"
            hint = "remove it, or let somebody else work (`by`) where the work comes from; to clients nothing is handed over"
            lookup.notebook.note("PF670", f"{message} {whose}", said.node.key_where, hint)
        elif said.refuse is not None and not any(
            one.givers for name, one in handed.items() if one is not None and merged[name].refuse is said.refuse
        ):
            message = "nobody can give work back here: none of it comes from a step beside by an action"
            hint = (
                "remove `refuse`: what comes from a wait, a block, at any time or because of time cannot be given back"
            )
            lookup.notebook.note("PF670", message, said.node.get("refuse").key_where, hint)


# --- the steps -----------------------------------------------------------------------------------------------------


class _Weaver:
    """Gives each step that work is handed over to what is demanded there."""

    def __init__(self, ways: WaysIn, said: Mapping[str, _Said], lookup: Lookup) -> None:
        self._ways = ways
        self._said = said
        self._lookup = lookup

    def region(self, region: Region) -> Region:
        """Return a region with its hand-offs, those inside blocks included."""
        steps = {name: self._step(step) for name, step in region.steps.items()}
        return replace(region, steps=MappingProxyType(steps))

    def _step(self, step: Step) -> Step:
        if step.parallel is not None:
            branches = tuple(self._branch(branch) for branch in step.parallel.branches)
            return replace(step, parallel=replace(step.parallel, branches=branches))
        said = self._said.get(step.id)
        if said is None or step.by is None or not self._ways.hands_over(step.id) or self._is_client(step):
            return step
        where = said.node.whole
        actions = dict(step.actions)
        stays = (Arrow(to=SAME, where=where),)
        actions[ACCEPT] = Action(id=ACCEPT, arrows=stays, title=ACTS[ACCEPT], where=where)
        givers = () if said.refuse is None else self._ways.givers(step.id)
        if said.refuse is not None and givers:
            actions[REFUSE] = _refusal(said.refuse, givers)
        fields, proofs = said.needs or ((), ())
        return replace(
            step,
            actions=MappingProxyType(actions),
            hand_offs=HandOffs(
                needs=fields,
                proofs=proofs,
                form=said.form or (),
                acceptance=self._acceptance(step, said),
                returns_at_most=said.returns,
                givers=givers,
                at_once=self._ways.at_once(step.id),
                where=where,
            ),
        )

    def _branch(self, branch: Branch) -> Branch:
        return replace(branch, region=self.region(branch.region))

    def _is_client(self, step: Step) -> bool:
        role = step.by.role if step.by is not None else None
        return role in self._lookup.external and role not in self._lookup.suppliers

    def _acceptance(self, step: Step, said: _Said) -> Clock | None:
        if said.within is None:
            return None
        supplier = step.by is not None and step.by.role in self._lookup.suppliers
        warn, warns = said.warn or ((), None)
        return Clock(
            id=f"{step.id}.acceptance",
            kind=ClockKind.TIMER,
            to=Promised.SUPPLIER if supplier else Promised.TEAM,
            accepts=step.id,
            within=said.within,
            warn=warn,
            warns=warns,
            late=said.late or (),
            where=said.node.whole,
        )


def _refusal(said: _Refuse, givers: tuple[str, ...]) -> Action:
    return Action(
        id=REFUSE,
        arrows=tuple(Arrow(to=one, where=said.where) for one in givers),
        optional=(REFUSED_FOR,),
        reason=said.reason,
        at_most=said.at_most,
        incomplete=True,
        title=ACTS[REFUSE],
        where=said.where,
    )


def acts_in(steps: Mapping[str, Step]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the steps that have actions nobody wrote, and which."""
    for name, step in steps.items():
        acts = frozenset(step.actions) & frozenset(ACTS)
        if acts:
            yield name, acts
