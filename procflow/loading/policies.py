"""`policies.yaml`: rules across procedures, from their text; and what they say held against the procedures at hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from os import PathLike
from types import MappingProxyType

from procflow.errors import Finding, ProcedureInvalid
from procflow.loading.files import read_bytes, refused
from procflow.loading.happenings import read_policy_happening
from procflow.loading.header import read_role
from procflow.loading.ignores import read_ignores
from procflow.loading.lookup import Lookup
from procflow.loading.node import Node
from procflow.loading.notebook import Notebook
from procflow.loading.outline import Outline, RegionNode
from procflow.loading.procedure import digest_of
from procflow.loading.rules import read_rules
from procflow.loading.schema import check_shape
from procflow.loading.source import read_source
from procflow.loading.texts import read_text
from procflow.loading.types import named, read_fields
from procflow.model.ignores import Ignore
from procflow.model.policies import Policies, is_read_as, is_there, named_alike
from procflow.model.procedure import Procedure
from procflow.model.rule import Happening, Per, Rule
from procflow.model.rules import in_order

_IS_POLICIES = re.compile(r"^[\"']?policies[\"']?\s*:", re.MULTILINE)
_IS_ELSE = re.compile(r"^[\"']?(procedure|steps|case)[\"']?\s*:", re.MULTILINE)
"""A mapping may name the column `policies` of a table, and always names the one of the case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedPolicies:
    """What reading policies gave."""

    policies: Policies | None
    """None if a finding is an error."""
    findings: tuple[Finding, ...]
    """In the order of the file, errors and warnings."""
    source: str
    """The text as it was read."""
    ignores: tuple[Ignore, ...] = ()
    """What comments set aside."""


def is_policies(path: str | PathLike[str]) -> bool:
    """Return True if a file looks like policies. Raises ProcflowError if it cannot be opened."""
    return looks_like_policies(read_bytes(path).decode("utf-8", "replace"))


def looks_like_policies(text: str) -> bool:
    """Return True if a text looks like policies, sound or not."""
    return _IS_POLICIES.search(text) is not None and _IS_ELSE.search(text) is None


def load_policies(path: str | PathLike[str]) -> Policies:
    """Return the policies of a file.

    Raises ProcedureInvalid (with all findings) if it has errors, ProcflowError if the file cannot be opened.
    """
    loaded = read_policies(read_bytes(path), str(path))
    if loaded.policies is None:
        raise refused(ProcedureInvalid, loaded.findings, path, findings=loaded.findings)
    return loaded.policies


def read_policies(text: bytes | str, file: str) -> LoadedPolicies:
    """Return the policies of a text and everything there is to say about it. `file` is the name used in places."""
    source = read_source(text, file)
    notebook = Notebook(findings=list(source.findings))
    policies: Policies | None = None
    ignores: tuple[Ignore, ...] = ()
    if source.readable:
        ignores = read_ignores(source, notebook)
        check_shape("policies", source, notebook)
        root = Node(source, (), source.data)
        policies = _policies(root, ignores, notebook) if root.is_map else None
    return LoadedPolicies(
        policies=None if notebook.has_errors else policies,
        findings=notebook.sorted(),
        source=source.text,
        ignores=ignores,
    )


def _policies(root: Node, ignores: tuple[Ignore, ...], notebook: Notebook) -> Policies:
    roles = {name: read_role(one) for name, one in root.get("roles").items()}
    declared = read_fields(root.get("data"), notebook)
    data = {name: one for name, one in declared.items() if one is not None}
    lookup = Lookup(
        notebook=notebook,
        outline=Outline(top=RegionNode(path=(), start=None, steps={})),
        roles=roles.keys(),
        types={name: one.type for name, one in data.items()},
        broken=frozenset(name for name, one in declared.items() if one is None),
        calendar=root.get("calendar").text,
    )
    rules = read_rules(root.get("rules"), lambda node: read_policy_happening(node, notebook), lookup, policies=True)
    if not notebook.has_errors:
        _unused(root, lookup, notebook)
    return Policies(
        id=root.get("policies").text,
        version=root.get("version").text,
        title=read_text(root.get("title")),
        purpose=read_text(root.get("purpose")),
        owner=root.get("owner").text or None,
        calendar=root.get("calendar").text or None,
        roles=MappingProxyType(roles),
        data=MappingProxyType(data),
        rules=rules,
        ignores=ignores,
        digest="" if notebook.has_errors else digest_of(root.data),
        where=root.get("policies").whole,
    )


def _unused(root: Node, lookup: Lookup, notebook: Notebook) -> None:
    for kind, key, used in (("role", "roles", lookup.used_roles), ("data field", "data", lookup.used_fields)):
        for name, one in root.get(key).items():
            if name not in used:
                hint = "remove it, or let a rule read it"
                notebook.note("PF208", f"the {kind} `{name}` is never used", one.key_where, hint)


# --- beside procedures -----------------------------------------------------------------------------------------------


def policy_findings(policies: Policies, procedures: Sequence[Procedure]) -> tuple[Finding, ...]:
    """Return what policies say that the procedures at hand, one version of each or several, do not bear out."""
    notebook = Notebook()
    same = next((one for one in procedures if one.id == policies.id), None)
    if same is not None:
        found = named_alike(policies, same)
        notebook.note("PF634", found.message, policies.where, found.hint)
    if procedures:
        _roles_and_data(policies, procedures, notebook)
        for rule in () if notebook.has_errors else policies.rules:
            _rule(policies, rule, procedures, notebook)
    return in_order(notebook.findings)


def _roles_and_data(policies: Policies, procedures: Sequence[Procedure], notebook: Notebook) -> None:
    for name, field in policies.data.items():
        others = [one for one in procedures if name in one.data]
        for one in others:
            if not is_read_as(field.type, one.data[name].type):
                message = f"`{name}` is {named(field.type)} here, and {named(one.data[name].type)} in {one.id}"
                hint = f"declare it as {one.id} does, or give one of them another name"
                notebook.note("PF633", message, field.where, hint)
        if not others:
            known = dict.fromkeys(each for one in procedures for each in one.data)
            guess = notebook.guess(name, known, otherwise="add the procedures that have it to the files you check")
            notebook.note("PF630", f"no procedure has a data field `{name}`", field.where, guess.hint)
    for name, role in policies.roles.items():
        with_it = [one for one in procedures if name in one.roles]
        for procedure in with_it:
            if procedure.roles[name].external != role.external:
                here, there = ("external", "of the house")[:: 1 if role.external else -1]
                message = f"the role `{name}` is {here} here, and {there} in {procedure.id}"
                notebook.note("PF633", message, role.where, f"say what {procedure.id} says of it")
        if not with_it:
            known = dict.fromkeys(each for one in procedures for each in one.roles)
            guess = notebook.guess(name, known, otherwise="add the procedures that have it to the files you check")
            notebook.note("PF630", f"no procedure has a role `{name}`", role.where, guess.hint)


def _rule(policies: Policies, rule: Rule, procedures: Sequence[Procedure], notebook: Notebook) -> None:
    unknown = [one for one in (*rule.triggers, *rule.targets) if not any(is_there(one, each) for each in procedures)]
    for one in dict.fromkeys(unknown):
        hint = _meant(one, procedures, notebook)
        notebook.note("PF630", f"nothing in the procedures is “{one}”, which `{rule.id}` names", rule.where, hint)
    if unknown:
        return
    misfits = {one.id: policies.misfit(rule, one) for one in procedures}
    lacking = {name: why for name, why in misfits.items() if why is not None}
    if len(lacking) == len(misfits):
        why = "; ".join(f"{name} has {lack}" for name, lack in lacking.items())
        hint = "a rule of single cases needs all it names in one procedure; over several cases say `per: client`"
        over = hint if rule.per is Per.CASE else "declare the data where it happens"
        notebook.note("PF631", f"`{rule.id}` fits no procedure: {why}", rule.where, over)
        return
    for procedure in procedures:
        if procedure.id in lacking and _concerns(rule, procedure):
            message = f"`{rule.id}` is not judged in {procedure.id}, which has {lacking[procedure.id]}"
            notebook.note("PF632", message, rule.where, "name the procedures it is for, as in `complaint/send`")


def _concerns(rule: Rule, procedure: Procedure) -> bool:
    """Return True if it may come as a surprise that a rule is not judged here: what sets it off can happen."""
    return any(is_there(one, procedure) for one in rule.triggers or rule.targets if one.name)


def _meant(unknown: Happening, procedures: Sequence[Procedure], notebook: Notebook) -> str | None:
    ids = {one.id for one in procedures}
    if unknown.procedure is not None and unknown.procedure not in ids:
        return notebook.guess(unknown.procedure, ids, otherwise="add its procedure to the files you check").hint
    there = [one for one in procedures if unknown.procedure in (None, one.id)]
    known = dict.fromkeys(name for one in there for name in _names(one))
    return notebook.guess(unknown.name, known, otherwise="add its procedure to the files you check").hint


def _names(procedure: Procedure) -> Iterator[str]:
    yield from sorted(procedure.actions)
    yield from procedure.steps
