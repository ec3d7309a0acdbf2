"""A procedure held against tiers, agreements and clients: PF656 to PF659. What is promised to nobody, and whom nothing is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches

from procflow.errors import Finding, SourceSpan
from procflow.model.agreements import Agreements, ServiceAgreement
from procflow.model.clients import Clients
from procflow.model.clock import Clock, Promised
from procflow.model.organisation import People
from procflow.model.procedure import Procedure
from procflow.model.rules import finding

TIER = "tier"
"""The data field that says which tier of service a case is to have."""
_WITH = {Promised.TEAM: "`to: team`", Promised.SUPPLIER: "`to: supplier`"}


def tiers_in(clock: Clock) -> Mapping[str, None]:
    """Return the tiers a clock tells apart, in the order of the file; empty if all are alike to it."""
    graded = (clock.within, clock.every, clock.at_most, clock.calendar)
    return dict.fromkeys(name for one in graded if one is not None and one.by == TIER for name in one.values)


def tier_findings(procedure: Procedure, agreements: Agreements) -> Iterator[Finding]:
    """Yield the tiers that a procedure's clocks name and nobody offers."""
    for clock in procedure.all_clocks.values():
        for tier in tiers_in(clock):
            if tier not in agreements.tiers:
                message = f"`{clock.id}` promises something to the tier `{tier}`, and agreements.yaml does not offer it"
                offered = ", ".join(f"`{one}`" for one in agreements.tiers)
                yield finding("PF656", message, where=clock.where, hint=f"there are {offered}; add it under `tiers:`")


def promise_findings(agreements: Agreements, procedures: Sequence[Procedure]) -> Iterator[Finding]:
    """Yield the agreements that name a procedure whose clocks make nothing of them."""
    known = {one.id: one for one in procedures}
    for agreement in agreements.agreements:
        for name in agreement.procedures:
            procedure = known.get(name)
            lacking = None if procedure is None else _lacking(agreement, procedure)
            if lacking is not None:
                message = f"`{agreement.id}` is about {name}, and {lacking}"
                where = agreement.places.get("procedures", agreement.where)
                yield finding("PF657", message, where=where, hint="add the clock, or leave the procedure out")


def name_findings(
    agreements: Agreements, procedures: Sequence[Procedure], people: People | None, elsewhere: Collection[str] = ()
) -> Iterator[Finding]:
    """Yield the agreements about procedures that are not there, and with teams or suppliers that nobody knows.

    `elsewhere`: what else there may be procedures of. Nothing if no procedure is at hand.
    """
    if not procedures:
        return
    ids = {*(one.id for one in procedures), *elsewhere}
    parties = {role for one in procedures for role in one.roles}
    if people is not None:
        parties |= {*people.teams, *people.people, *(role for each in people.people.values() for role in each.roles)}
    for one in agreements.agreements:
        for name in one.procedures:
            if name not in ids:
                where = one.places.get("procedures", one.where)
                yield _unknown(f"`{one.id}` is about `{name}`, and there is no such procedure", name, ids, where)
        if one.to is not Promised.CLIENT and one.party and one.party not in parties:
            where = one.places.get(one.to.value, one.where)
            yield _unknown(
                f"`{one.id}` is with `{one.party}`, and no role or team is called so", one.party, parties, where
            )


def _unknown(message: str, name: str, known: Collection[str], where: SourceSpan) -> Finding:
    close = next(iter(get_close_matches(name, sorted(known), n=1)), None)
    there = f"there are: {', '.join(sorted(known))}"
    return finding("PF659", message, where=where, hint=there if close is None else f"did you mean `{close}`?")


def _lacking(agreement: ServiceAgreement, procedure: Procedure) -> str | None:
    """Return what a procedure lacks for an agreement to mean anything in it, in words."""
    clocks = list(procedure.all_clocks.values())
    if agreement.to is not Promised.CLIENT:
        some = any(one.to is agreement.to for one in clocks)
        return None if some else f"no clock of it is promised {_WITH[agreement.to]}"
    if not any(tiers_in(one) for one in clocks):
        return "no clock of it depends on the tier"
    return None


def client_findings(clients: Clients, agreements: Agreements, procedures: Sequence[Procedure]) -> Iterator[Finding]:
    """Yield the clients who are promised nothing in particular, where something depends on the tier."""
    graded = [one.id for one in procedures if any(tiers_in(clock) for clock in one.all_clocks.values())]
    for client in clients.clients.values() if graded else ():
        line = list(clients.line_of(client.id))
        agreed = {each.party: each for each in agreements.agreements if each.to is Promised.CLIENT}
        if not any(one.tiers or one.id in agreed for one in line):
            message = f"`{client.id}` has no tier and no agreement, and {', '.join(graded)} promises by the tier"
            hint = "give it a `tier`, or make an agreement; until then it has what `otherwise` says, or nothing"
            yield finding("PF658", message, where=client.where, hint=hint)
