"""Actions and their arrows: what somebody does in a step, and where it leads."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from procflow.loading.implied import carried
from procflow.loading.lookup import Lookup
from procflow.loading.node import Node
from procflow.loading.outline import RegionNode
from procflow.loading.questions import external_role, read_asking
from procflow.loading.texts import read_names, read_text
from procflow.model.procedure import SAME, Action, Arrow


def read_actions(node: Node, region: RegionNode, lookup: Lookup) -> Mapping[str, Action]:
    """Return the actions of a step in the order of the file."""
    return MappingProxyType({name: _action(one, region, lookup) for name, one in node.items()})


def _action(node: Node, region: RegionNode, lookup: Lookup) -> Action:
    targets = node.get("to") if node.is_map else node
    if targets.is_list:
        arrows = read_arrows(targets, region, lookup, same=True)
    elif node.is_map:
        arrows = (_arrow(node, targets, region, lookup, same=True),)
    else:
        arrows = (Arrow(to=lookup.target(node, region, same=True), where=node.where),)
    return Action(
        id=node.name,
        arrows=arrows,
        by=lookup.by(node.get("by")),
        collect=lookup.fields(node.get("collect")),
        optional=lookup.fields(node.get("optional")),
        evidence=tuple(read_names(node.get("evidence"), lookup.notebook)),
        reason=node.get("reason").text == "required",
        at_most=node.get("at-most").number,
        incomplete=node.get("incomplete").is_true,
        title=read_text(node.get("title")),
        where=node.whole,
    )


def read_anytime(node: Node, lookup: Lookup) -> Mapping[str, Action]:
    """Return the actions that may be done wherever the case stands."""
    return MappingProxyType({name: _anytime(one, lookup) for name, one in node.items()})


def _anytime(node: Node, lookup: Lookup) -> Action:
    arrow = _arrow(node, node.get("to"), lookup.outline.top, lookup, same=True, choice=False)
    if node.has("ask") and arrow.to not in ("", SAME):
        message = f"`{node.name}` asks somebody, and leads to `{arrow.to}`: while a question is open the case stays"
        lookup.notebook.note("PF128", message, node.get("ask").key_where, "write `to: same`")
    collect, optional = lookup.fields(node.get("collect")), lookup.fields(node.get("optional"))
    demanded, given = carried(node)
    collect += tuple(name for name in demanded if name not in collect)
    return Action(
        id=node.name,
        arrows=(arrow,),
        by=lookup.by(node.get("by")),
        collect=collect,
        optional=optional + tuple(name for name in given if name not in (*collect, *optional)),
        evidence=tuple(read_names(node.get("evidence"), lookup.notebook)),
        reason=node.get("reason").text == "required",
        at_most=node.get("at-most").number,
        during=lookup.steps(node.get("while")),
        ask=read_asking(node.get("ask"), lookup),
        tells=external_role(node.get("tells"), lookup, why="who works here knows of the case anyway"),
        on_behalf_of=external_role(node.get("on-behalf-of"), lookup, why="they act for themselves"),
        risk=node.get("risk").is_true,
        thanks=node.get("thanks").is_true,
        title=read_text(node.get("title")),
        where=node.whole,
    )


def read_arrows(node: Node, region: RegionNode, lookup: Lookup, *, same: bool) -> tuple[Arrow, ...]:
    """Return a list of alternatives, or the one arrow a text stands for.

    `same`: whether they may record without moving. Alternatives that cannot be told apart are written down.
    """
    if not node.is_list:
        return (Arrow(to=lookup.target(node, region, same=same), where=node.where),)
    entries = list(node.entries())
    arrows = tuple(_arrow(entry, entry.get("to"), region, lookup, same=same) for entry in entries)
    note = lookup.notebook.note
    for entry in entries[:-1]:
        if entry.has("otherwise"):
            where = entry.get("otherwise").key_where
            note("PF110", "`otherwise` is not the last alternative", where, "move it to the end of the list")
        elif entry.is_map and not entry.has("when"):
            message = "this alternative has no condition, so those below it are never taken"
            note("PF110", message, entry.where, "give it a condition, or move it to the end as `otherwise: true`")
    staying = [entry for entry, arrow in zip(entries, arrows, strict=True) if arrow.to == SAME]
    if staying and len(staying) < len(arrows):
        message = "some alternatives move the case and this one does not"
        note("PF110", message, staying[0].where, "make two actions of it: one that moves, and one that records")
    return arrows


def _arrow(node: Node, target: Node, region: RegionNode, lookup: Lookup, *, same: bool, choice: bool = True) -> Arrow:
    otherwise = choice and node.get("otherwise").is_true
    if otherwise and node.has("when"):
        message = "`otherwise` and `when` cannot both hold: `otherwise` is taken when no condition is true"
        lookup.notebook.note("PF110", message, node.get("otherwise").key_where, "remove one of them")
    return Arrow(
        to=lookup.target(target, region, same=same),
        when=lookup.condition(node.get("when")),
        otherwise=otherwise,
        where=node.where,
        when_where=node.get("when").where if node.has("when") else None,
    )
