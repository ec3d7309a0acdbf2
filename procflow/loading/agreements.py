"""`agreements.yaml`: tiers of service, and what was agreed with whom, from their text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from types import MappingProxyType

from procflow.errors import DirectoryError, Finding
from procflow.loading.clients import read_period, tiers_named
from procflow.loading.edits import replace_value
from procflow.loading.files import read_bytes, refused
from procflow.loading.ignores import read_ignores
from procflow.loading.node import Node
from procflow.loading.notebook import Notebook
from procflow.loading.procedure import digest_of
from procflow.loading.schema import check_shape
from procflow.loading.source import read_source
from procflow.loading.texts import read_date, read_names, read_text
from procflow.model.agreements import DIGEST_SIGNED, Agreements, ServiceAgreement, Signature, Tier
from procflow.model.clients import Clients
from procflow.model.clock import Promised
from procflow.model.ignores import Ignore

_KINDS = {
    "sla": (Promised.CLIENT, "client"),
    "ola": (Promised.TEAM, "team"),
    "uc": (Promised.SUPPLIER, "supplier"),
}
"""Kind -> who promises to whom, and the key that names the other side."""
_NOT_SIGNED = frozenset({"signed-by", "note"})
"""What may change when an agreement has been signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedAgreements:
    """What reading a file of agreements gave."""

    agreements: Agreements | None
    """None if a finding is an error."""
    findings: tuple[Finding, ...]
    """In the order of the file, errors and warnings."""
    source: str
    """The text as it was read."""
    ignores: tuple[Ignore, ...] = ()
    """What comments set aside."""


def load_agreements(path: str | PathLike[str]) -> Agreements:
    """Return the agreements of a file. Raises DirectoryError if it has errors, ProcflowError if it cannot be opened."""
    loaded = read_agreements(read_bytes(path), str(path))
    if loaded.agreements is None:
        raise refused(DirectoryError, loaded.findings, path)
    return loaded.agreements


def read_agreements(text: bytes | str, file: str) -> LoadedAgreements:
    """Return the agreements of a text and everything there is to say about it. `file` is the name used in places."""
    source = read_source(text, file)
    notebook = Notebook(findings=list(source.findings))
    agreements: Agreements | None = None
    ignores: tuple[Ignore, ...] = ()
    if source.readable:
        ignores = read_ignores(source, notebook)
        check_shape("agreements", source, notebook)
        agreements = _agreements(Node(source, (), source.data), notebook)
    return LoadedAgreements(
        agreements=None if notebook.has_errors else agreements,
        findings=notebook.sorted(),
        source=source.text,
        ignores=ignores,
    )


def _agreements(root: Node, notebook: Notebook) -> Agreements:
    tiers = {name: Tier(id=name, title=read_text(one), where=one.whole) for name, one in root.get("tiers").items()}
    found = [_agreement(one, tiers, notebook) for _, one in root.get("agreements").items()]
    agreed = tuple(one for one in found if one is not None)
    _apart(agreed, notebook)
    return Agreements(tiers=MappingProxyType(tiers), agreements=agreed)


def _agreement(node: Node, tiers: Mapping[str, Tier], notebook: Notebook) -> ServiceAgreement | None:
    if not node.is_map:
        return None
    kind = node.get("kind").text or "sla"
    to, key = _KINDS.get(kind, _KINDS["sla"])
    _party(node, kind, key, notebook)
    tier = node.get("tier")
    if tier.text and tier.text not in tiers:
        guess = notebook.guess(tier.text, tiers, otherwise=f"add `{tier.text}` under `tiers:`")
        edits = () if guess.sure is None else replace_value(tier.source, tier.path, guess.sure)
        notebook.note("PF651", f"there is no tier `{tier.text}`", tier.where, guess.hint, edits)
    signed = node.get("signed-by")
    one = ServiceAgreement(
        id=node.name,
        to=to,
        party=node.get(key).text,
        procedures=tuple(read_names(node.get("procedures"), notebook)),
        tier=tier.text or None,
        period=read_period(node, notebook),
        us=_signature(signed.get("us"), notebook),
        them=_signature(signed.get("them"), notebook),
        signed=signed.get("digest").text or None,
        digest=digest_of({name: each.data for name, each in node.items() if name not in _NOT_SIGNED}),
        where=node.whole,
        places=MappingProxyType({name: each.where for name, each in node.items()}),
    )
    _signed(one, signed, notebook)
    return one


def _party(node: Node, kind: str, key: str, notebook: Notebook) -> None:
    """Write down what an agreement of this kind lacks, or cannot have."""
    wanted = {key, "tier"} if kind == "sla" else {key}
    for name in ("client", "team", "supplier", "tier"):
        if name in wanted and not node.has(name):
            what = "which tier was agreed" if name == "tier" else "with whom"
            notebook.note("PF654", f"`{node.name}` does not say {what}", node.key_where, f"add `{name}:`")
        elif name not in wanted and node.has(name):
            message = f"an agreement of kind `{kind}` has no `{name}`"
            fitting = next((one for one, (_, other) in _KINDS.items() if other == name), None)
            hint = "remove it" if fitting is None else f"remove it, or write `kind: {fitting}`"
            notebook.note("PF654", message, node.get(name).key_where, hint)


def _signature(node: Node, notebook: Notebook) -> Signature | None:
    on = read_date(node.get("date"), notebook)
    person = node.get("person").text
    return Signature(person=person, on=on) if on is not None and person else None


def _signed(one: ServiceAgreement, node: Node, notebook: Notebook) -> None:
    """Write down what is wrong with the signatures."""
    if one.us is None and one.them is None:
        return
    if one.us is None or one.them is None:
        side = "the other side" if one.them is None else "our side"
        hint = "have it signed, and write down who did and when; until then, leave `signed-by` out"
        notebook.note("PF655", f"nobody signed `{one.id}` for {side}", node.key_where, hint)
    shown = one.digest[:DIGEST_SIGNED]
    if one.signed is None:
        message = f"nothing says what was signed of `{one.id}`"
        notebook.note("PF655", message, node.key_where, f'add `digest: "{shown}"` if it says what they signed')
    elif not one.digest.startswith(one.signed):
        message = f"`{one.id}` says something else than what was signed"
        hint = f"take the change back, or have it signed again: its digest is {shown} now"
        notebook.note("PF655", message, node.get("digest").where, hint)


def _apart(agreements: Sequence[ServiceAgreement], notebook: Notebook) -> None:
    """Write down agreements of which nobody can say which one holds."""
    for at, one in enumerate(agreements):
        for other in agreements[:at]:
            both = _both_about(one, other)
            if both is not None and one.period.meets(other.period):
                message = f"`{one.id}` ({one.period}) and `{other.id}` ({other.period}) both hold for {one.party}{both}"
                hint = "on one day one of them holds: let one end the day before the other begins"
                notebook.note("PF653", message, one.places.get("from", one.where), hint)
                break


def _both_about(one: ServiceAgreement, other: ServiceAgreement) -> str | None:
    """Return what two agreements with one party are both about, in words; None if they are not."""
    if (one.to, one.party) != (other.to, other.party) or bool(one.procedures) != bool(other.procedures):
        return None
    shared = [name for name in one.procedures if name in other.procedures]
    if one.procedures and not shared:
        return None
    return f" in {', '.join(shared)}" if shared else " in all procedures"


# --- beside clients --------------------------------------------------------------------------------------------------


def client_findings(clients: Clients, agreements: Agreements) -> tuple[Finding, ...]:
    """Return what is wrong with clients beside agreements: tiers that nobody offers."""
    notebook = Notebook()
    for dated in tiers_named(clients):
        if dated.tier not in agreements.tiers:
            guess = notebook.guess(dated.tier, agreements.tiers, otherwise="add it under `tiers:` of the agreements")
            notebook.note("PF651", f"there is no tier `{dated.tier}`", dated.where, guess.hint)
    return notebook.sorted()


def agreement_findings(agreements: Agreements, clients: Clients) -> tuple[Finding, ...]:
    """Return what is wrong with agreements beside clients: clients that nobody knows."""
    notebook = Notebook()
    for one in agreements.agreements:
        if one.to is Promised.CLIENT and one.party not in clients.clients:
            guess = notebook.guess(one.party, clients.clients, otherwise="add it to the file of clients")
            notebook.note("PF650", f"there is no client `{one.party}`", one.places["client"], guess.hint)
    return notebook.sorted()
