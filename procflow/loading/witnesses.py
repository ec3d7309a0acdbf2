"""What a log can witness: what its mapping claims, or else exactly what has a column."""

from __future__ import annotations

from procflow.loading.node import Node
from procflow.loading.notebook import Notebook
from procflow.loading.texts import read_names
from procflow.model.event import Witness
from procflow.model.mapping import FURTHER

HAND_OFFS = "hand-offs"
"""Only the house can say whether its programs record who accepts work: no column tells."""
_CLAIMS = ("actor", "role", "time", "evidence", "reason", "data", HAND_OFFS)
_ONE_FIELD = "data:"


def read_witness(root: Node, notebook: Notebook) -> Witness:
    """Return what the log of a mapping witnesses; claims that no column supports are written down.

    `role` needs no column of its own: a file of people may know it, if a column says who acted.
    """
    columns = {
        "actor": root.has("actor"),
        "role": root.has("role") or root.has("team"),
        "time": True,
        "evidence": root.get("evidence").is_map,
        "reason": root.has("reason"),
        "data": root.get("data").is_map,
        HAND_OFFS: True,
    }
    mapped = frozenset(name for name, _ in root.get("data").items())
    if not root.has("witnesses"):
        return Witness(
            actor=columns["actor"],
            role=columns["role"],
            evidence=columns["evidence"],
            reason=columns["reason"],
            data=None if FURTHER in mapped else mapped,
            hand_offs=False,
        )
    claims = read_names(root.get("witnesses"), notebook)
    fields: set[str] = set()
    for claim, node in claims.items():
        name = claim.removeprefix(_ONE_FIELD).strip() if claim.startswith(_ONE_FIELD) else None
        if name is not None:
            fields.add(name)
            supported = name in mapped or FURTHER in mapped
            hint = notebook.meant(name, mapped, otherwise=f"name the column of `{name}` under `data:`")
        elif claim not in _CLAIMS:
            hint = notebook.meant(
                claim, _CLAIMS, otherwise='write actor, role, time, evidence, reason, data, hand-offs or "data: field"'
            )
            notebook.note("PF105", f"`{claim}` is nothing a log can witness", node.where, hint)
            continue
        else:
            supported = columns[claim] or (claim == "role" and columns["actor"])
            hint = f"name its column under `{'actor' if claim == 'role' else claim}:`, or remove the claim"
        if not supported:
            notebook.note("PF112", f"the log cannot witness `{name or claim}`: no column holds it", node.where, hint)
    return Witness(
        actor="actor" in claims,
        role="role" in claims,
        time="time" in claims,
        evidence="evidence" in claims,
        reason="reason" in claims,
        data=None if "data" in claims else frozenset(fields),
        hand_offs=HAND_OFFS in claims,
    )
