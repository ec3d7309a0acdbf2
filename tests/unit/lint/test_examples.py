"""Every check has examples: `tests/examples/PFnnn/pass*.yaml` is clean, `fail*.yaml` shows just that finding.

A line marked `# <- PFnnn` is a line the finding must stand in. Files named `*.people.yaml` and `*.mapping.yaml` are
files of people and mappings; they are also held against the sample procedure, and `*.policies.yaml` against two.
`*.clients.yaml` and `*.agreements.yaml` are held against each other's `beside` here, and a clock by the tier.
`*.services.yaml` are held against the sample procedure and the same clients, and the procedure `served` against a service.
`*.calendar.yaml` are calendars, seen on the day the tests are written for.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from procflow.calendars.book import CalendarSet
from procflow.calendars.length import Length, Unit
from procflow.errors import Finding
from procflow.lint import agreements as lint_agreements
from procflow.lint import lint
from procflow.lint import services as lint_services
from procflow.lint.people import people_findings, role_findings
from procflow.lint.publication import publication_findings
from procflow.loading import agreements
from procflow.loading.agreements import read_agreements
from procflow.loading.calendar_checks import horizon_findings
from procflow.loading.calendar_names import unknown_calendars
from procflow.loading.calendars import read_calendar
from procflow.loading.calendars_found import calendar_files, calendar_folders, calendars_for, named_calendars
from procflow.loading.clients import read_clients
from procflow.loading.mapping import mapping_findings, read_mapping
from procflow.loading.people import read_people
from procflow.loading.policies import policy_findings, read_policies
from procflow.loading.procedure import load_procedure, read_procedure
from procflow.loading.services import read_services
from procflow.model.agreements import Agreements
from procflow.model.clients import Clients
from procflow.model.clock import Clock, ClockKind, Graded, Promised
from procflow.model.ignores import Ignore, sift
from procflow.model.organisation import People, Team
from procflow.model.procedure import Procedure
from procflow.model.rules import PF_CODES
from procflow.model.services import Services

REPOSITORY = Path(__file__).resolve().parents[3]
EXAMPLES = REPOSITORY / "tests" / "examples"
TODAY = date(2026, 11, 22)

HELD_AGAINST_OTHERS = re.compile("PF[78]")
"""Checks of scenarios and versions need more than one file: the tests of the rooms above show them."""

PASSES = sorted(EXAMPLES.glob("PF*/pass*.yaml"))
FAILS = sorted(EXAMPLES.glob("PF*/fail*.yaml"))
_MARK = re.compile(rb"# <- (PF\d{3})")
_LONG = re.compile(rb"# test: the last line (\d+) times\n")


def named(path: Path) -> str:
    return path.relative_to(EXAMPLES).as_posix()


@cache
def sample() -> Procedure:
    return load_procedure(REPOSITORY / "procedures" / "complaint.yaml")


def findings_of(path: Path) -> tuple[Finding, ...]:
    """Return what counts of what is found in an example."""
    found, ignores, complete = read(path)
    return sift(found, ignores, complete=complete).findings


def read(path: Path) -> tuple[tuple[Finding, ...], tuple[Ignore, ...], bool]:
    text = path.read_bytes()
    if (long := _LONG.match(text)) is not None:
        text += text.splitlines(keepends=True)[-1] * int(long.group(1))
    if path.name.endswith(".people.yaml"):
        people = read_people(text, path.name)
        beside = tuple(people_findings(sample(), people.people)) if people.people else ()
        beside += tuple(role_findings(people.people, [sample()])) if people.people else ()
        return (*people.findings, *beside), people.ignores, people.people is not None
    if path.name.endswith(".mapping.yaml"):
        mapping = read_mapping(text, path.name)
        beside = mapping_findings(mapping.mapping, sample()) if mapping.mapping else ()
        return (*mapping.findings, *beside), mapping.ignores, mapping.mapping is not None
    if path.name.endswith(".clients.yaml"):
        clients = read_clients(text, path.name)
        beside = _of_clients(clients.clients) if clients.clients else ()
        return (*clients.findings, *beside), clients.ignores, clients.clients is not None
    if path.name.endswith(".agreements.yaml"):
        agreed = read_agreements(text, path.name)
        beside = _of_agreements(agreed.agreements) if agreed.agreements else ()
        return (*agreed.findings, *beside), agreed.ignores, agreed.agreements is not None
    if path.name.endswith(".services.yaml"):
        services = read_services(text, path.name)
        beside = _of_services(services.services) if services.services else ()
        return (*services.findings, *beside), services.ignores, services.services is not None
    if path.name.endswith(".calendar.yaml"):
        calendar = read_calendar(text, str(path))
        found = (*calendar.findings, *horizon_findings(calendar, TODAY))
        return found, calendar.ignores, calendar.calendar is not None
    if path.name.endswith(".policies.yaml"):
        policies = read_policies(text, path.name)
        incident = load_procedure(REPOSITORY / "procedures" / "incident.yaml")
        beside = policy_findings(policies.policies, [sample(), incident]) if policies.policies else ()
        return (*policies.findings, *beside), policies.ignores, policies.policies is not None
    loaded = read_procedure(text, path.name)
    said = (*loaded.findings, *loaded.layout)
    if loaded.procedure is None:
        return said, loaded.ignores, False
    before = publication_findings(loaded.procedure, TODAY)
    served = read_services(SERVED, "").services
    assert served is not None
    given = lint_services.step_findings(loaded.procedure, served)
    told = (*said, *lint(loaded.procedure, at_hand(path, loaded.procedure)), *before, *given)
    return (*told, *unknown_calendars(text, str(path))), loaded.ignores, True


def at_hand(path: Path, procedure: Procedure) -> CalendarSet:
    """Return the calendars a procedure names, as far as they are there."""
    there = calendar_files(list(calendar_folders(path, None)))
    return calendars_for(path, only=named_calendars(procedure) & there.keys())


TIERS = "tiers: { basic: Basic, premium: Premium }"
CLIENTS = "clients: { acme: { tier: basic }, borealis: { tier: premium } }"
SERVED = "services: { it: { procedure: served, provider: buyer, for: [client] } }"
REPAIRS = """
procflow: 1
procedure: repairs
version: "1"
roles: { mechanic: Repairs it }
data: { what_is_broken: text }
start: repair
steps: { repair: { by: mechanic, collect: [what_is_broken], actions: { mend: closed } }, closed: { end: repaired } }
"""


@cache
def by_tier() -> Procedure:
    """Return the sample procedure with one clock: what it promises depends on the tier."""
    hours = {tier: Length(count=8, unit=Unit.HOUR) for tier in ("basic", "premium")}
    promised = Clock(
        id="first-answer",
        kind=ClockKind.TIMER,
        to=Promised.CLIENT,
        within=Graded(by="tier", values=hours),
        where=sample().where,
    )
    return replace(sample(), clocks=(promised,))


def _of_clients(clients: Clients) -> tuple[Finding, ...]:
    agreed = read_agreements(TIERS, "").agreements
    assert agreed is not None
    return (
        *agreements.client_findings(clients, agreed),
        *lint_agreements.client_findings(clients, agreed, [by_tier()]),
    )


def _of_agreements(agreed: Agreements) -> tuple[Finding, ...]:
    known = read_clients(CLIENTS, "").clients
    assert known is not None
    # What a clock names and nobody offers is told of the clock: here it stands for the file of agreements.
    of_tiers = [replace(one, where=None) for one in lint_agreements.tier_findings(by_tier(), agreed)]
    promised = lint_agreements.promise_findings(agreed, [by_tier()])
    people = People(teams={name: Team(id=name) for name in ("vendor", "experts")})
    named = lint_agreements.name_findings(agreed, [by_tier()], people, ["incident"])
    return (*agreements.agreement_findings(agreed, known), *of_tiers, *promised, *named)


def _of_services(services: Services) -> tuple[Finding, ...]:
    clients = read_clients(CLIENTS, "").clients
    repairs = read_procedure(REPAIRS, "").procedure
    assert repairs is not None
    # The sample has no departments: here its agents work in one.
    agent = replace(sample().roles["agent"], department="care")
    ours = replace(sample(), roles={**sample().roles, "agent": agent})
    return (
        *lint_services.service_findings(services, [ours, repairs], ["incident"]),
        *lint_services.client_findings(services, [ours], clients, None),
    )


@pytest.mark.parametrize("path", PASSES, ids=named)
def test_what_passes_is_clean(path: Path) -> None:
    assert findings_of(path) == ()


@pytest.mark.parametrize("path", FAILS, ids=named)
def test_what_fails_shows_its_finding_and_no_other(path: Path) -> None:
    code = path.parent.name
    found = findings_of(path)
    assert {one.code for one in found} == {code}, found
    assert all(one.severity is PF_CODES[code].severity for one in found)
    lines = path.read_bytes().splitlines()
    marked = {number for number, line in enumerate(lines, start=1) if _MARK.search(line)}
    if marked:
        assert {one.where.line for one in found if one.where is not None} == marked, found


@pytest.mark.parametrize("code", [code for code in PF_CODES if not HELD_AGAINST_OTHERS.match(code)])
def test_every_check_has_both_examples(code: str) -> None:
    assert [path for path in PASSES if path.parent.name == code], f"{code} has no pass*.yaml"
    assert [path for path in FAILS if path.parent.name == code], f"{code} has no fail*.yaml"


def test_every_example_belongs_to_a_check() -> None:
    assert {path.parent.name for path in [*PASSES, *FAILS]} <= PF_CODES.keys()
