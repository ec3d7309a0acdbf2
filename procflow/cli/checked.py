"""Files after their check, told apart by what they hold: procedures, people, calendars ...; and held together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from procflow.errors import Finding, Severity

if TYPE_CHECKING:
    from procflow.calendars.book import CalendarSet
    from procflow.calendars.calendar import Calendar
    from procflow.loading.holidays import Holidays
    from procflow.model.agreements import Agreements
    from procflow.model.clients import Clients
    from procflow.model.ignores import Ignore, Ignored
    from procflow.model.mapping import LogMapping
    from procflow.model.organisation import People
    from procflow.model.policies import Policies
    from procflow.model.procedure import Procedure
    from procflow.model.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One file after its check."""

    file: str
    """As it is shown."""
    text: str
    findings: tuple[Finding, ...]
    ignored: tuple[Ignored, ...] = ()
    """What its author set aside."""
    ignores: tuple[Ignore, ...] = ()
    complete: bool = False
    """False if an error kept some of the checks from being made."""
    procedure: Procedure | None = None
    mapping: LogMapping | None = None
    people: People | None = None
    policies: Policies | None = None
    clients: Clients | None = None
    agreements: Agreements | None = None
    services: Services | None = None
    calendar: Calendar | None = None
    holidays: Holidays | None = None


def check_files(contents: Sequence[tuple[str, bytes]], language: str = "") -> tuple[Checked, ...]:
    """Return each file after its check, by its name and bytes; files that belong together are held against each other.

    With a `language` each text of a procedure that lacks it is told, whatever language the title has.
    """
    alone = [_check(file, content) for file, content in contents]
    if language:
        alone = [_asked_for(one, language) for one in alone]
    return tuple(_sifted(one, _against(one, alone)) for one in alone)


def _asked_for(one: Checked, language: str) -> Checked:
    """Return a file with what lacks a language in place of what lacks one of those of the title."""
    from procflow.lint.translation import lacking

    if one.procedure is None:
        return one
    kept = [found for found in one.findings if found.code != "PF905"]
    findings = (*kept, *lacking(one.procedure, language))
    return replace(one, findings=tuple(sorted(findings, key=lambda each: each.where.line if each.where else 0)))


def check_again(file: str, content: bytes, beside: Sequence[Checked]) -> Checked:
    """Return a file after its check with another content, held against the others as they were."""
    one = _check(file, content)
    return _sifted(one, _against(one, [one, *(each for each in beside if each.file != file)]))


def _sifted(one: Checked, more: Sequence[Finding]) -> Checked:
    from procflow.model.ignores import sift

    told = sift((*one.findings, *more), one.ignores, complete=one.complete)
    return replace(one, findings=told.findings, ignored=told.ignored)


def _check(file: str, content: bytes) -> Checked:
    from procflow.loading.kinds import kind_of

    text = content.decode("utf-8", "replace")
    match kind_of(text):
        case "policies":
            from procflow.loading.policies import read_policies

            rules = read_policies(content, file)
            return _checked(file, text, rules.findings, rules.ignores, policies=rules.policies)
        case "calendar":
            return _check_calendar(file, content, text)
        case "holidays":
            from procflow.loading.holidays import read_holidays

            days = read_holidays(content, file)
            return _checked(file, text, days.findings, days.ignores, holidays=days.holidays)
        case "people":
            from procflow.loading.people import read_people

            who = read_people(content, file)
            return _checked(file, text, who.findings, who.ignores, people=who.people)
        case "clients":
            from procflow.loading.clients import read_clients

            whom = read_clients(content, file)
            return _checked(file, text, whom.findings, whom.ignores, clients=whom.clients)
        case "agreements":
            from procflow.loading.agreements import read_agreements

            agreed = read_agreements(content, file)
            return _checked(file, text, agreed.findings, agreed.ignores, agreements=agreed.agreements)
        case "services":
            from procflow.loading.services import read_services

            given = read_services(content, file)
            return _checked(file, text, given.findings, given.ignores, services=given.services)
        case "mapping":
            from procflow.loading.mapping import read_mapping

            columns = read_mapping(content, file)
            return _checked(file, text, columns.findings, columns.ignores, mapping=columns.mapping)
        case "procedure":
            return _check_procedure(file, content, text)


def _checked(file: str, text: str, findings: tuple[Finding, ...], ignores: tuple[Ignore, ...], **held: Any) -> Checked:
    """Return a file after its check; `held` is what it holds, by its name in `Checked`, None if that has errors."""
    complete = all(one is not None for one in held.values())
    return Checked(file=file, text=text, findings=findings, ignores=ignores, complete=complete, **held)


def _check_calendar(file: str, content: bytes, text: str) -> Checked:
    from procflow.loading.calendar_checks import horizon_findings
    from procflow.loading.calendar_names import called_otherwise
    from procflow.loading.calendars import read_calendar

    loaded = read_calendar(content, file)
    soon = horizon_findings(loaded, datetime.now(UTC).date())
    named = called_otherwise(loaded.calendar, Path(file)) if loaded.calendar is not None else ()
    return _checked(file, text, (*loaded.findings, *soon, *named), loaded.ignores, calendar=loaded.calendar)


def _check_procedure(file: str, content: bytes, text: str) -> Checked:
    from procflow.lint import lint
    from procflow.lint.publication import publication_findings
    from procflow.loading.calendar_names import unknown_calendars
    from procflow.loading.procedure import read_procedure

    loaded = read_procedure(content, file)
    findings = (*loaded.findings, *loaded.layout)
    if loaded.procedure is not None:
        before = publication_findings(loaded.procedure, datetime.now(UTC).date())
        # A draft may be checked long before it is approved: what forbids publishing does not forbid working on it.
        waiting = tuple(replace(one, severity=Severity.WARNING) for one in before)
        unknown = tuple(unknown_calendars(content, file))
        calendars = None if unknown else _calendars_of(loaded.procedure, file)
        findings = (*findings, *lint(loaded.procedure, calendars, _tiers_of(file)), *waiting, *unknown)
    return _checked(file, text, findings, loaded.ignores, procedure=loaded.procedure)


def _calendars_of(procedure: Procedure, file: str) -> CalendarSet | None:
    """Return the calendars that a procedure names; None if one of them has errors, which its own check tells."""
    from procflow.errors import CalendarError
    from procflow.loading.calendars_found import calendars_for, named_calendars

    try:
        return calendars_for(file, only=named_calendars(procedure))
    except CalendarError:
        return None


def _tiers_of(file: str) -> tuple[str, ...]:
    """Return the tiers of the agreements that hold for a procedure; () if these have errors, or there are none."""
    from procflow.errors import ProcflowError
    from procflow.loading.organisation import agreements_for

    try:
        return tuple(agreements_for(file).tiers)
    except ProcflowError:
        return ()


def _against(one: Checked, checked: Sequence[Checked]) -> tuple[Finding, ...]:
    """Return what a file says that does not fit with those beside it.

    A mapping names what the procedure does not know, the people leave nobody to act, policies speak of what no
    procedure has, or an agreement of a client nobody knows; of a mapping nothing if there are several procedures to
    hold it against, and likewise of people.
    """
    agreed = [each.agreements for each in checked if each.agreements is not None]
    if one.procedure is not None:
        services = [each.services for each in checked if each.services is not None]
        return tuple(_of_procedure(one.procedure, [each.people for each in checked], agreed, services))
    if one.services is not None:
        return tuple(_of_services(one, one.services, checked))
    if one.clients is not None or one.agreements is not None:
        return tuple(_of_organisation(one, checked, agreed))
    procedures = [each.procedure for each in checked if each.procedure is not None]
    if one.policies is not None and all(each.complete for each in checked):
        from procflow.lint.rules.policies import findings
        from procflow.loading.policies import policy_findings

        return (*policy_findings(one.policies, procedures), *findings(one.policies, procedures))
    if one.people is not None and procedures and all(each.complete for each in checked):
        from procflow.lint.people import role_findings

        return tuple(role_findings(one.people, procedures))
    if one.mapping is None or len(procedures) != 1:
        return ()
    from procflow.loading.mapping import mapping_findings

    return mapping_findings(one.mapping, procedures[0])


def _of_procedure(
    procedure: Procedure,
    people: Sequence[People | None],
    agreed: Sequence[Agreements],
    services: Sequence[Services] = (),
) -> Iterator[Finding]:
    directories = [each for each in people if each is not None]
    if len(directories) == 1:
        from procflow.lint.people import people_findings

        yield from people_findings(procedure, directories[0])
    if len(agreed) == 1:
        from procflow.lint.agreements import tier_findings

        yield from tier_findings(procedure, agreed[0])
    if len(services) == 1:
        from procflow.lint.services import step_findings

        yield from step_findings(procedure, services[0])


def _of_services(one: Checked, services: Services, checked: Sequence[Checked]) -> Iterator[Finding]:
    """Yield what services say that does not fit with the procedures, clients and departments at hand."""
    from procflow.lint import services as lint

    if not all(each.complete for each in checked):
        return
    procedures = [each.procedure for each in checked if each.procedure is not None]
    clients = [each.clients for each in checked if each.clients is not None]
    people = [each.people for each in checked if each.people is not None]
    yield from lint.service_findings(services, procedures, _beside(one.file))
    yield from lint.client_findings(
        services, procedures, clients[0] if len(clients) == 1 else None, people[0] if len(people) == 1 else None
    )


def _beside(file: str) -> set[str]:
    """Return the names of the files in which procedures may stand, in the folder of a file and in `procedures`."""
    return {path.stem for where in (".", "procedures") for path in (Path(file).parent / where).glob("*.yaml")}


def _of_organisation(one: Checked, checked: Sequence[Checked], agreed: Sequence[Agreements]) -> Iterator[Finding]:
    """Yield what clients and agreements say that does not fit with each other and with the procedures at hand."""
    from procflow.lint import agreements as lint
    from procflow.loading import agreements as loading

    procedures = [each.procedure for each in checked if each.procedure is not None]
    clients = [each.clients for each in checked if each.clients is not None]
    if one.clients is not None and len(agreed) == 1:
        yield from loading.client_findings(one.clients, agreed[0])
        yield from lint.client_findings(one.clients, agreed[0], procedures)
    if one.agreements is not None:
        if len(clients) == 1:
            yield from loading.agreement_findings(one.agreements, clients[0])
        yield from lint.promise_findings(one.agreements, procedures)
        people = [each.people for each in checked if each.people is not None]
        if all(each.complete for each in checked):
            known = people[0] if len(people) == 1 else None
            yield from lint.name_findings(one.agreements, procedures, known, _beside(one.file))
