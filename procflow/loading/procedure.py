"""A procedure from its text: every finding at once, and the `Procedure` if none of them is an error."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from os import PathLike
from types import MappingProxyType

import rfc8785

from procflow.errors import Finding, ProcedureInvalid
from procflow.expressions.types import Choice
from procflow.loading.actions import read_anytime
from procflow.loading.clocks import informed_by, read_clocks
from procflow.loading.fairness import read_fairness
from procflow.loading.files import read_bytes, refused
from procflow.loading.flow import check_flow
from procflow.loading.hand_offs import acts_in, read_accountable, taking_of, weave_hand_offs
from procflow.loading.happenings import alphabet_of, read_happening
from procflow.loading.header import read_agreements, read_approval, read_overrides, read_role
from procflow.loading.ignores import read_ignores
from procflow.loading.implied import carried_fields, implied_fields, needed_by_waiting
from procflow.loading.layout import layout_findings
from procflow.loading.lookup import Lookup
from procflow.loading.node import Node
from procflow.loading.notebook import Notebook
from procflow.loading.outline import Outline, near_names, read_outline
from procflow.loading.rules import read_rules
from procflow.loading.schema import check_shape
from procflow.loading.size import check_size
from procflow.loading.source import Plain, read_source
from procflow.loading.steps import read_region
from procflow.loading.texts import read_date, read_names, read_text
from procflow.loading.titles import read_titles
from procflow.loading.types import read_fields
from procflow.model.hand_off import ACTS, TAKE_CASE
from procflow.model.ignores import Ignore
from procflow.model.procedure import DataField, Procedure, steps_of
from procflow.model.rule import Happening


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What reading a procedure gave."""

    procedure: Procedure | None
    """None if a finding is an error."""
    findings: tuple[Finding, ...]
    """In the order of the file, errors and warnings."""
    source: str
    """The text as it was read, for whoever shows it."""
    ignores: tuple[Ignore, ...] = ()
    """What comments set aside; the findings have it still, until `model.ignores.sift`."""
    layout: tuple[Finding, ...] = ()
    """Remarks on how the text is laid out, for whoever checks a file; they are not among the findings."""


def load_procedure(path: str | PathLike[str]) -> Procedure:
    """Return the procedure of a file.

    Raises ProcedureInvalid (with all findings) if it has errors, ProcflowError if the file cannot be opened.
    Warnings are lost here: `read_procedure` keeps them.
    """
    loaded = read_procedure(read_bytes(path), str(path))
    if loaded.procedure is None:
        raise refused(ProcedureInvalid, loaded.findings, path, findings=loaded.findings)
    return loaded.procedure


def read_procedure(text: bytes | str, file: str) -> Loaded:
    """Return the procedure of a text and everything there is to say about it. `file` is the name used in places."""
    source = read_source(text, file)
    notebook = Notebook(findings=list(source.findings))
    procedure: Procedure | None = None
    ignores: tuple[Ignore, ...] = ()
    layout: tuple[Finding, ...] = ()
    if source.readable:
        layout = layout_findings(source)
        ignores = read_ignores(source, notebook)
        check_shape("procedure", source, notebook)
        procedure = _procedure(Node(source, (), source.data), ignores, notebook)
    if notebook.has_errors:
        procedure = None
    return Loaded(procedure=procedure, findings=notebook.sorted(), source=source.text, ignores=ignores, layout=layout)


def digest_of(data: Plain) -> str:
    """Return the SHA-256 in hex over the RFC 8785 form of plain data, maps as lists of pairs.

    The order of the file is part of what a procedure says: it settles which of equally good explanations is told.
    """
    return hashlib.sha256(rfc8785.dumps(_in_order(data))).hexdigest()


def _in_order(data: Plain) -> Plain:
    if isinstance(data, dict):
        return [[name, _in_order(one)] for name, one in data.items()]
    return [_in_order(one) for one in data] if isinstance(data, list) else data


def _procedure(root: Node, ignores: tuple[Ignore, ...], notebook: Notebook) -> Procedure | None:
    """Return the procedure, complete only if nothing was written down; None if the file holds no map at all."""
    if not root.is_map:
        return None
    is_in_shape = not notebook.has_errors
    outline = read_outline(root, notebook)
    roles = {name: read_role(one) for name, one in root.get("roles").items()}
    declared = read_fields(root.get("data"), notebook)
    data = {name: one for name, one in declared.items() if one is not None}
    implied = implied_fields(root, outline, data, notebook)
    data |= implied
    lookup = Lookup(
        notebook=notebook,
        outline=outline,
        roles=roles.keys(),
        external=frozenset(name for name, one in roles.items() if one.external),
        suppliers=frozenset(name for name, one in roles.items() if one.supplier),
        calendar=root.get("calendar").text,
        types={name: one.type for name, one in data.items()},
        broken=frozenset(name for name, one in declared.items() if one is None),
    )
    top = read_region(outline.top, lookup)
    anytime = read_anytime(root.get("anytime"), lookup)
    top = weave_hand_offs(top, anytime, root, lookup)
    accountable = read_accountable(root.get("accountable"), lookup, roles)
    if accountable is not None:
        anytime = MappingProxyType({**anytime, TAKE_CASE: taking_of(accountable)})
    overrides = read_overrides(root.get("overrides"), lookup, roles)
    implied_acts = dict(acts_in(steps_of(top))) if is_in_shape else dict.fromkeys(outline.steps, frozenset(ACTS))
    alphabet = alphabet_of(outline, roles, implied=implied_acts, anytime=anytime)

    def happening(node: Node) -> Happening | None:
        return read_happening(node, alphabet, notebook)

    clocks = informed_by(read_clocks(root.get("clocks"), happening, lookup), anytime, roles)
    rules = read_rules(root.get("rules"), happening, lookup)
    fairness = read_fairness(root.get("fairness"), lookup)
    near_names(_groups(root, outline, data), notebook)
    if is_in_shape:
        # What stands under a misspelt key uses nothing: what is never used is known only if every key is.
        _unused(root, lookup, notebook, frozenset(implied) | needed_by_waiting(outline) | carried_fields(root, outline))
    check_flow(top, outline, notebook)
    check_size(top, anytime.values(), root, notebook)
    departments = {one.department for one in roles.values() if one.department}
    built = Procedure(
        id=root.get("procedure").text,
        version=root.get("version").text,
        title=read_text(root.get("title")),
        purpose=read_text(root.get("purpose")),
        owner=root.get("owner").text or None,
        author=root.get("author").text or None,
        approved_by=read_approval(root.get("approved-by"), notebook),
        agreed_by=read_agreements(root.get("agreed-by"), notebook),
        effective_from=read_date(root.get("effective").get("from"), notebook),
        review_by=read_date(root.get("review-by"), notebook),
        controls=tuple(read_names(root.get("controls"), notebook)),
        roles=MappingProxyType(roles),
        data=MappingProxyType(data),
        top=top,
        anytime=anytime,
        calendar=root.get("calendar").text or None,
        clocks=clocks,
        overrides=overrides,
        accountable=accountable,
        rules=rules,
        fairness=fairness,
        titles=read_titles(root.get("titles"), outline, lookup, notebook, departments),
        titles_where={name: one.whole for name, one in root.get("titles").items()},
        ignores=ignores,
        digest="" if notebook.has_errors else digest_of(_meaning(root.data)),
        where=root.get("procedure").whole,
    )
    if not root.has("scenarios"):
        return built
    # A procedure without stories does not load what reads them.
    from procflow.loading.scenarios import names_of, read_scenarios

    written = dict(root.get("rules").items())
    names = names_of(built, outline.steps.values(), outline.evidence, lookup.broken, written)
    scenarios = read_scenarios(root.get("scenarios"), names, notebook)
    return replace(built, scenarios=scenarios) if scenarios else built


def _meaning(data: Plain) -> Plain:
    """Return what cases are held to: a scenario shows the procedure, it does not change it."""
    return {key: one for key, one in data.items() if key != "scenarios"} if isinstance(data, dict) else data


# --- names ---------------------------------------------------------------------------------------------------------


def _groups(root: Node, outline: Outline, data: dict[str, DataField]) -> Iterator[tuple[str, dict[str, Node]]]:
    """Return the names of each kind, which should sound different."""
    yield "id", {**outline.steps, **outline.actions, **outline.anytime}
    yield "role", dict(root.get("roles").items())
    yield "data field", dict(root.get("data").items())
    yield "evidence", outline.evidence
    yield "clock", dict(root.get("clocks").items())
    yield "rule", dict(root.get("rules").items())
    for name, one in data.items():
        if isinstance(one.type, Choice):
            words = root.get("data").get(name).get("of").entries()
            yield "word", {word.text: word for word in words}


def _unused(root: Node, lookup: Lookup, notebook: Notebook, demanded: frozenset[str]) -> None:
    for name, role in root.get("roles").items():
        if name not in lookup.used_roles:
            hint = "remove it, or let a step be done `by` it"
            notebook.note("PF208", f"the role `{name}` is never used", role.key_where, hint)
    for name, one in root.get("data").items():
        if name not in lookup.used_fields and name not in demanded:
            hint = "remove it, or let a step `collect` it"
            notebook.note("PF208", f"the data field `{name}` is never used", one.key_where, hint)
