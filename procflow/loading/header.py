"""The head of a procedure: who wrote it, who approved it, from when it counts."""

from __future__ import annotations

from procflow.loading.node import Node
from procflow.loading.notebook import Notebook
from procflow.loading.texts import read_date
from procflow.model.procedure import Agreement, Approval

_PENDING = "pending"


def read_approval(node: Node, notebook: Notebook) -> Approval | None:
    """Return who approved this version; None if nobody did."""
    on = read_date(node.get("date"), notebook)
    person = node.get("person").text
    return Approval(person=person, on=on, where=node.whole) if on is not None and person else None


def read_agreements(node: Node, notebook: Notebook) -> tuple[Agreement, ...]:
    """Return what the departments that take part said, in the order of the file."""
    return tuple(
        Agreement(
            department=department,
            on=None if answer.text == _PENDING else read_date(answer, notebook),
            where=answer.whole,
        )
        for department, answer in node.items()
    )
