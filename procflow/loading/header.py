"""The head of a procedure: who wrote it, who approved it, who may set it aside."""

from __future__ import annotations

from collections.abc import Mapping

from procflow.loading.lookup import Lookup
from procflow.loading.node import Node
from procflow.loading.notebook import Notebook
from procflow.loading.texts import read_date, read_text
from procflow.model.by import By
from procflow.model.procedure import ANY, Agreement, Approval, Overrides, Role

_PENDING = "pending"
_SUPPLIER = "supplier"


def read_role(node: Node) -> Role:
    """Return a role, from its title or from all there is to say of it."""
    title = read_text(node if node.is_text else node.get("title"))
    name = read_text(node.get("name"))
    external = node.get("external")
    supplier = external.text == _SUPPLIER
    return Role(
        id=node.name,
        name=name,
        title=title,
        external=external.is_true or supplier,
        supplier=supplier,
        department=node.get("department").text,
        where=node.whole,
    )


def read_approval(node: Node, notebook: Notebook) -> Approval | None:
    """Return who approved this version; None if nobody did."""
    on = read_date(node.get("date"), notebook)
    person = node.get("person").text
    return Approval(person=person, on=on, where=node.whole) if on is not None and person else None


def read_agreements(node: Node, notebook: Notebook) -> tuple[Agreement, ...]:
    """Return what the departments that take part said, in the order of the file."""
    return tuple(_agreement(department, answer, notebook) for department, answer in node.items())


def _agreement(department: str, answer: Node, notebook: Notebook) -> Agreement:
    said = answer.get("date") if answer.is_map else answer
    return Agreement(
        department=department,
        on=None if said.text == _PENDING else read_date(said, notebook),
        person=answer.get("person").text or None,
        version=answer.get("version").text or None,
        where=answer.whole,
    )


def read_overrides(node: Node, lookup: Lookup, roles: Mapping[str, Role]) -> Overrides | None:
    """Return who may set the procedure aside; None if the file does not say.

    It must be somebody in particular, and of the house: whoever it is, or whom we work for, answers for nothing.
    """
    by = node.get("by")
    if not by.text:
        return None
    if by.text == ANY:
        message = "not just anybody may set the procedure aside: `any` cannot stand here"
        lookup.notebook.note("PF202", message, by.where, "name a role that is not external")
    elif by.text in roles and roles[by.text].external:
        message = f"the role `{by.text}` is external, and only people of the house may set the procedure aside"
        lookup.notebook.note("PF202", message, by.where, "name a role that is not external")
    return Overrides(
        by=By(role=by.text if by.text == ANY else lookup.role(by, or_any=False)),
        second_person=node.get("second-person").is_true,
        reason=node.get("reason").text == "required",
        where=node.whole,
    )
