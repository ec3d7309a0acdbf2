"""The services and agreements that somebody has to do with."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from procflow.model.agreements import ServiceAgreement
from procflow.model.clock import Promised
from procflow.model.impact import AgreementTouched, ClockTouched, Part, ServiceTouched, Subject, SubjectKind
from procflow.model.library import Library
from procflow.model.services import Service, clocks_of, providing_roles


def services_of(
    subject: Subject, roles: Collection[str], procedures: Collection[str], library: Library
) -> tuple[ServiceTouched, ...]:
    """Return the services that a subject has to do with, in the order of the file."""
    found = library.services
    direct = {
        one.id: part for one in found.services.values() if (part := _part(one, subject, roles, procedures, library))
    }
    own = [id for id, part in direct.items() if part in (Part.PROVIDES, Part.ITSELF)]
    if subject.kind is not SubjectKind.CLOCK:
        for id in own:
            for further in found.built_on(id):
                direct.setdefault(further, Part.DEPENDS)
    if subject.kind is SubjectKind.SERVICE:
        for further in found.behind(subject.id):
            direct.setdefault(further, Part.SUPPLIES)
    return tuple(
        ServiceTouched(service=one.id, part=direct[one.id], provider=one.provider, clients=one.clients)
        for one in found.services.values()
        if one.id in direct
    )


def _part(
    one: Service, subject: Subject, roles: Collection[str], procedures: Collection[str], library: Library
) -> Part | None:
    """Return what a subject has to do with a service itself; None if nothing."""
    if subject.kind is SubjectKind.SERVICE:
        return Part.ITSELF if one.id == subject.id else None
    procedure = library.procedures.get(one.procedure)
    if subject.kind is SubjectKind.CLOCK:
        promised = procedure is not None and any(each.id == subject.id for each in clocks_of(one, procedure))
        return Part.TAKES_PART if promised else None
    if one.provider == subject.id or (procedure is not None and set(providing_roles(one, procedure)) & set(roles)):
        return Part.PROVIDES
    if subject.id in one.clients or set(one.clients) & set(roles):
        return Part.CLIENT
    return Part.TAKES_PART if one.procedure in procedures else None


def agreements_of(
    subject: Subject, roles: Collection[str], clocks: Sequence[ClockTouched], library: Library
) -> tuple[AgreementTouched, ...]:
    """Return the agreements that name a subject, or that a clock of theirs keeps or breaks, in the order of the file."""
    return tuple(_agreements(subject, roles, clocks, library))


def _agreements(
    subject: Subject, roles: Collection[str], clocks: Sequence[ClockTouched], library: Library
) -> Iterator[AgreementTouched]:
    named = {*roles, subject.id} if subject.kind is not SubjectKind.CLOCK else set()
    for one in library.agreements.agreements:
        about = [each for each in clocks if each.to is one.to and one.is_about(each.procedure)]
        is_named = one.party in named
        # Of a team or a supplier that is not them, what they are late with is not theirs to keep.
        if is_named or (about and _is_theirs(one)):
            procedures = dict.fromkeys(each.procedure for each in (about or clocks) if one.is_about(each.procedure))
            yield AgreementTouched(
                agreement=one.id, to=one.to, party=one.party, named=is_named, procedures=tuple(procedures)
            )


def _is_theirs(one: ServiceAgreement) -> bool:
    return one.to is Promised.CLIENT
