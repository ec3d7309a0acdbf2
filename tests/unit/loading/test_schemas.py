"""The schemas say exactly what works: valid, described key by key, and every key they accept is one the builders read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import takewhile
from pathlib import Path
from typing import Any, cast

import pytest
from jsonschema import Draft202012Validator
from jsonschema.validators import extend

from procflow.errors import Severity
from procflow.loading import not_yet
from procflow.loading.agreements import LoadedAgreements, read_agreements
from procflow.loading.calendars import LoadedCalendar, read_calendar
from procflow.loading.clients import LoadedClients, read_clients
from procflow.loading.holidays import LoadedHolidays, read_holidays
from procflow.loading.mapping import LoadedMapping, read_mapping
from procflow.loading.node import Node
from procflow.loading.people import LoadedPeople, read_people
from procflow.loading.policies import LoadedPolicies, read_policies
from procflow.loading.procedure import Loaded, read_procedure
from procflow.loading.schema import SchemaName, schema
from procflow.loading.services import LoadedServices, read_services
from procflow.loading.source import Plain, read_source
from tests.unit.loading import policies_schema

REPOSITORY = Path(__file__).resolve().parents[3]
HOLIDAYS = REPOSITORY / "tests" / "examples" / "PF648"
NAMES: tuple[SchemaName, ...] = (
    "procedure",
    "people",
    "mapping",
    "policies",
    "clients",
    "agreements",
    "services",
    "calendar",
    "holidays",
)
Read = (
    Loaded
    | LoadedPeople
    | LoadedMapping
    | LoadedPolicies
    | LoadedClients
    | LoadedAgreements
    | LoadedServices
    | LoadedCalendar
    | LoadedHolidays
)
READ: Mapping[str, Callable[[bytes | str, str], Read]] = {
    "procedure": read_procedure,
    "people": read_people,
    "mapping": read_mapping,
    "policies": read_policies,
    "clients": read_clients,
    "agreements": read_agreements,
    "services": read_services,
    "calendar": lambda text, file: read_calendar(text, file, lambda path: (HOLIDAYS / path).read_bytes()),
    "holidays": read_holidays,
}

ONE_VALUE_ONLY = {("procedure", "procflow"), ("policies", "procflow"), ("block", "need")}
"""Keys that can only say one thing, which the schema checks: there is nothing to read."""

EVERYTHING = {
    "procedure": [
        """
procflow: 1
procedure: everything
version: "1"
title: { en: Everything, fa: همه چیز }
purpose: To use each key once.
owner: quality
author: a.radu
approved-by: { person: m.pop, date: 2026-11-01, note: by letter }
agreed-by: { legal: 2026-11-02, finance: pending, depot: { date: 2026-11-02, person: l.ionescu, version: "1", note: x } }
effective: { from: 2026-11-01, note: a Sunday }
review-by: 2027-12-01
controls: [ISO-10002]
calendar: 24x7
overrides: { by: agent, second-person: true, reason: required, note: seldom }
accountable: agent
hand-offs:
  needs: [short, letter]
  form: [ours]
  accept-within: { depends-on: gravity, minor: 2 working hours, otherwise: 1 hour, note: as agreed }
  warn: { at: [80%], notify: agent, note: by mail }
  late: [{ offer-to: agent, note: at once }, { after: 4 working hours, escalate: agent }, { notify: agent }]
  refuse: { reason: required, at-most: 1, note: politely }
  returns: { at-most: 1, note: enough }
  note: between departments
note: { en: A note }
titles: { thank: Thank the client, letter: { en: The letter, ro: Scrisoarea } }
roles:
  agent: { title: Writes, department: care }
  client: { name: Client, title: The client, external: true, note: outside }
  vendor: { title: Repairs, external: supplier }
data:
  short: text
  ours: { type: yes-no, ask: Ours?, note: asked first }
  gravity: { type: choice, of: [minor, major], ask: How bad?, note: by the client }
  paid: { type: money, currency: EUR, ask: How much?, note: gross }
  tags: { type: list, of: text, ask: Which?, note: any }
  lists: { type: list, of: { type: choice, of: [a, b], note: x } }
  amounts: { type: list, of: { type: money, currency: EUR, note: x } }
  nested: { type: list, of: { type: list, of: number, note: x } }
  records: { type: list, of: { type: record, fields: { a: text }, note: x } }
  plain: { type: list, of: { type: text, note: x } }
  home: { type: record, ask: Where?, fields: { street: text, zip: { type: text } }, note: postal }
  whom: person
  team_to_do_it: team
  reported_at: instant
  delivered: date
clocks:
  answer:
    to: supplier
    title: { en: The answer }
    from: { field: reported_at, note: by letter }
    until: [enters waiting, case ends]
    cancelled-by: withdraw
    when: ours
    within: { depends-on: gravity, minor: 2 working days, otherwise: 4 hours, note: in writing }
    calendar: { depends-on: tier, basic: 24x7, otherwise: 24x7, note: for now }
    paused-in: [waiting]
    max-pause: 10 working hours
    resumed-by: came-back
    warn: { at: [50%, 80%], notify: agent, note: by mail }
    late: [{ notify: agent, note: at once }, { after: 4 working hours, escalate: agent }]
    on-change: retroactive
    reopen: continue
    reopen-within: 5 days
    severity: minor
    note: dear to us
  known: { from: { known: [short, reported_at] }, by: { field: delivered, note: by contract }, until: one-done }
  informed: { every: 3 days, while: ours-to-act, by-action: [look, wave] }
  counted: { at-most: { depends-on: tier, basic: 4, otherwise: 2, note: few }, of: hand-off }
  hands: { each: hand-off, within: { depends-on: role, agent: 3 days, otherwise: 2 days } }
fairness:
  first-come: { in: [intake], alike: [gravity], expedited: ours, by-more-than: 4 hours, note: whoever shouts }
  urgent: { when: ours, at-most: 30%, at-least: 10, note: x }
  one-person: { share: 80%, at-least: 5, in: 90 days, note: x }
  workload: { times: 3, at-least: 3, whose: whom, note: x }
  wait-spread: { in: intake, alike: gravity, times: 4, at-least: 10, note: x }
  note: x
start: intake
steps:
  intake:
    title: Begin
    by: { field: team_to_do_it, note: whoever it is }
    not-by: whom
    four-eyes: [waiting]
    collect: [short, ours]
    optional: [gravity, paid, tags, lists, amounts, nested, records, plain, home, whom, team_to_do_it,
      reported_at, delivered]
    evidence: [letter]
    checklist: { any-order: [thank, ask], note: politely }
    within: 4 working hours
    warn: [80%]
    late: { go-to: work, after: 1 hour }
    resolved: true
    note: first
    actions:
      accept:
        to:
          - { to: work, when: ours, note: usual }
          - { to: closed, otherwise: true }
        note: choose
      look: { to: same, when: ours, by: agent, collect: [gravity], optional: [paid], evidence: [photo], reason: required,
        at-most: 3, incomplete: true, title: Look, note: often }
      wave: { to: same, otherwise: true }
  work:
    title: Both
    note: side by side
    within: 5 days
    warn: [50%]
    late: { notify: agent }
    parallel:
      one: { only-if: ours, hand-offs: none,
        title: One, by: agent, not-by: [whom], four-eyes: intake, collect: [short], optional: [ours],
        evidence: [letter], checklist: [first, second], actions: { one-done: done }, note: a step, within: 1 day, warn: [50%],
        late: { notify: agent }, resolved: true }
      many:
        only-if: ours
        note: several
        start: inner
        steps:
          inner: { by: any, hand-offs: { needs: [ours] }, actions: { go: block } }
          block: { within: 1 day, warn: [50%], late: { notify: agent },
            title: In, note: x, need: all, parallel: { deep: { by: any, actions: { dive: done } } }, then: done }
      waits: { only-if: ours, title: Wait, note: x, waiting-for: { party: vendor }, actions: { came: done }, within: 1 day,
        warn: [50%], late: { notify: agent }, resolved: true }
      blocks: { only-if: ours, within: 1 day, warn: [50%], late: { notify: agent },
        title: B, note: x, parallel: { low: { by: any, actions: { dig: done } } }, need: all, then: done }
    need: all
    then: waiting
  waiting:
    title: Wait
    note: x
    waiting-for: { party: client, asked: required, due: required, note: patiently }
    within: 14 days
    warn: [50%]
    late: { go-to: closed }
    resolved: true
    actions: { came-back: closed }
  closed: { end: answered, title: Closed, note: over }
anytime:
  question: { to: same, by: any, ask: { question-to: any, answered-by: answer, answer-within: 1 working day, warn: [80%],
    late: { escalate: agent }, note: friendly } }
  answer: { to: same, by: any }
  update: { to: same, by: any, tells: client }
  chase: { to: same, by: any, on-behalf-of: client }
  warn-of-risk: { to: same, by: any, risk: true }
  thank-you: { to: same, by: any, thanks: true }
  withdraw: { to: closed, by: client, while: [work], when: ours, collect: [short], optional: [ours], evidence: [letter],
    reason: required, at-most: 1, title: Withdraw, note: rarely }
rules:
  must: { must-happen: accept, when: ours, by: agent, within: 3 days, title: { en: Must }, because: ISO-10002, note: often }
  never: { never: [look, thank], severity: minor, refuse: false }
  exactly: { exactly: 1, of: accept }
  seldom: { at-most: 3, of: enters work, in: 30 days, per: client }
  often: { at-least: 1, of: [intake.look, wave] }
  first: { first: case opens }
  last: { last: [came-back, withdraw] }
  also: { if: accept, also: thank, same: person, different: [gravity] }
  after: { after: accept, there-must-be: leaves work, each-time: true }
  before: { before: accept, there-must-be: starts thank, next: true, by: { field: whom, note: named } }
  together: { together: [thank, ask] }
  some: { any-of: [thank, ask] }
  one: { one-of: [one-done, dive] }
  both: { not-both: [came, withdraw] }
  alike: { same-person: [thank, ask] }
  different: { different-person: [thank, dig] }
scenarios:
  - scenario: { en: All goes well, fa: همه خوب }
    people: { ana: agent, dan: [agent, client], eva: { roles: agent, teams: [care], note: new } }
    opens-at: "2026-12-01T09:00:00Z"
    given: { ours: true }
    without: [thank, letter, short, reason]
    do:
      - ana accept
      - { wait: 3 days, note: long }
      - { by: dan, action: look, data: { paid: 10 }, evidence: [photo], reason: Why not, on-behalf-of: client,
          without: gravity, start: true, note: begun }
    expect: { ends: answered, stands: closed, through: work, not-through: [waiting], within: 10 days, deviations: none,
      broken: [must, never], kept: alike,
      late: [work], met: [hands], notified: [agent], accountable: nobody, note: well }
    note: usual
"""
    ],
    "people": [
        """
people:
  ana: { name: Ana Radu, roles: [agent], teams: [care], note: since May }
teams:
  care: { title: Customer care, roles: [lead], note: two shifts }
note: everybody
"""
    ],
    "clients": [
        """
clients:
  acme-group:
    name: Acme Group
    kind: internal
    language: ro
    zone: Europe/Bucharest
    tier: [{ tier: basic, to: 2026-06-30, note: at first }, { tier: premium, from: 2026-07-01 }]
    note: all of it
  acme: { parent: acme-group, tier: basic }
note: for the test
"""
    ],
    "agreements": [
        """
tiers: { basic: Basic, premium: { en: Premium, fa: ویژه } }
agreements:
  acme:
    kind: sla
    client: acme
    procedures: [complaint]
    tier: premium
    from: 2026-01-01
    to: 2026-12-31
    signed-by:
      us: { person: m.pop, date: 2025-12-15, note: by letter }
      them: { person: J. Marin, date: 2025-12-18 }
      digest: "12d63defdef1"
      note: in the safe
    note: renewed each year
  experts: { kind: ola, team: experts, from: 2026-01-01 }
  repairs: { kind: uc, supplier: vendor, from: 2026-01-01 }
note: for the test
"""
    ],
    "services": [
        """
services:
  laptop:
    title: { en: A laptop }
    procedure: service-request
    given: { item: equipment, urgent: false, months: 3 }
    provider: fulfiller
    for: [finance]
    needs: [requested_for, purchase-request]
    quality: [{ en: It works }, It is quiet]
    tips: Ask early
    clocks: [decided]
    depends-on: repair
    note: the usual one
  repair: { procedure: incident, provider: desk, for: finance }
unserved: { board: It asks whom it likes }
shadowing: [sit-in]
note: for the test
"""
    ],
    "mapping": [
        """
case: number
time: { column: t, format: "%d/%m/%Y", zone: Europe/Bucharest, resolution: 1 day, note: local }
order: n
opened: { column: o, format: "%d/%m/%Y", zone: Europe/Bucharest, note: local }
actor: a
on-behalf-of: b
role: r
team: g
reason: why
status: { column: s, to: { New: intake }, repeated: update, ignore: { X: fault }, note: ours }
data: { ours: { column: c, to: { Y: "true" }, format: "%Y-%m-%d", zone: UTC, decimal: ",", note: x } }
evidence: { letter: l }
witnesses: [actor, hand-offs]
known-from: { ours: enters intake }
window: { from: 2016-02-29, to: 2017-02-18, note: a year }
no-value: ["?", "-"]
cases: closed
delimiter: ";"
encoding: cp1250
note: from the desk
""",
        "{ case: n, start: s, complete: e, action: { column: a, to: { A: accept }, ignore: { B: fault }, note: x } }",
        """
case: claim
time: at
recorded: { column: entered_at, zone: Europe/Bucharest }
order: number
rows: as-recorded
action: { column: activity, opens: [Registered], closes: Archived, to: { Check claim: check } }
lifecycle: { column: phase, to: { Begun: start, Denied: refused }, ignore: { Paused: nothing was done }, note: n }
role: { column: groups, to: { L1: agent }, split: ",", note: n }
team: { column: unit, to: { BUC: bucharest }, split: " / ", note: n }
definition: procedure_version
client: customer
policies: refused_by
override: set_aside
waiver: exception
timer: time_up
calendars: calendars
data: { gravity: gravity, "*": other_values }
evidence: { "*": proofs }
cells: json
cancelled: [withdraw]
""",
    ],
}


def _section(name: str) -> str:
    """Return a section of the procedure that uses every key."""
    lines = EVERYTHING["procedure"][0].splitlines(keepends=True)
    first = lines.index(f"{name}:\n")
    return "".join([lines[first], *takewhile(lambda line: line.startswith(" "), lines[first + 1 :])])


EVERYTHING["calendar"] = [
    """
calendar: everything
title: { en: Everything, ro: Tot }
zone: Europe/Bucharest
covers: { from: 2026-01-01, to: 2027-12-31, note: as long as the lease }
hours: { mon-fri: ["09:00-13:00", "14:00-17:00"], sat: "09:00-13:00" }
days:
  2026-12-24: { hours: "09:00-13:00", name: Christmas Eve, note: by tradition }
  2026-12-28..2027-01-03: { closed: Winter }
  2026-12-19: { like: mon, name: Instead }
clock-changes: { skipped: after, repeated: second, note: nobody notices }
approved-by: { person: m.pop, date: 2026-11-01, note: by letter }
note: for the test
""",
    """
calendar: everything
zone: Europe/Bucharest
covers: 2026..2027
regimes: [{ from: 2026-01-01, to: 2027-12-31, hours: { mon-fri: "09:00-17:00" }, note: as ever }]
holidays: [holidays/ro-2026.yaml, holidays/ro-2027.yaml]
""",
    "calendar: everything\nzone: UTC\nalways: true\n",
]
EVERYTHING["holidays"] = [
    """
holidays: ro
title: Romania
source: { library: holidays, version: "0.109", country: RO, language: ro, made: 2026-11-22, note: n }
covers: { from: 2026-01-01, to: 2026-12-31, note: n }
days: { 2026-01-01: Anul Nou, 2026-01-24: { name: Unirea, estimated: true, note: n } }
working: { 2026-01-31: { like: fri, name: Instead, note: n } }
digest: sha256:fc8012338e7dc86ef098ba46d7c4130b4f80b88fcd6cdfed1fc32e58fe6aa29b
note: for the test
"""
]
EVERYTHING["policies"] = [
    """
procflow: 1
policies: everything
version: "1"
title: { en: Everything }
purpose: To use each key once.
owner: quality
calendar: office
note: for the test
"""
    + "".join(map(_section, ("roles", "data", "rules")))
]


def parts(part: Any) -> Iterator[dict[str, Any]]:
    """Every map inside a schema."""
    if isinstance(part, dict):
        yield part
    for value in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from parts(value)


def objects(root: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every schema of a map with fixed keys."""
    return (one for one in parts(root) if one.get("additionalProperties") is False)


def resolved(root: Mapping[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    if "description" in part or "$ref" not in part:
        return part
    return cast(dict[str, Any], root["$defs"][part["$ref"].removeprefix("#/$defs/")])


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_valid_and_fit_for_editors(name: SchemaName) -> None:
    Draft202012Validator.check_schema(dict(schema(name)))
    text = json.dumps(schema(name))
    for keyword in ("oneOf", "unevaluatedProperties", "prefixItems", "$dynamicRef"):
        assert f'"{keyword}"' not in text, "editors word this badly, or do not know it"


@pytest.mark.parametrize("name", NAMES)
def test_every_pattern_covers_the_whole_text_and_says_in_words_what_it_wants(name: SchemaName) -> None:
    patterns = [one for one in parts(schema(name)) if "pattern" in one]
    assert patterns
    for one in patterns:
        assert one["pattern"].startswith("^")
        assert one["pattern"].endswith("$")
        assert one["patternErrorMessage"]


@pytest.mark.parametrize("name", NAMES)
def test_every_key_is_described_for_those_who_write_it(name: SchemaName) -> None:
    for one in objects(schema(name)):
        for key, value in one["properties"].items():
            told = resolved(schema(name), value)
            assert told.get("description", "").endswith((".", "?")) or "`" in told["description"], (one["title"], key)
            assert told["examples"], (one["title"], key)
            assert told["defaultSnippets"], (one["title"], key)


@pytest.mark.parametrize("name", NAMES)
def test_every_map_with_fixed_keys_takes_a_note(name: SchemaName) -> None:
    assert [one["title"] for one in objects(schema(name)) if "note" not in one["properties"]] == []


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("procedure", "procedures/complaint.yaml"),
        ("people", "procedures/people.example.yaml"),
        ("policies", "examples/policies.yaml"),
        ("clients", "procedures/clients.example.yaml"),
        ("agreements", "procedures/agreements.example.yaml"),
        ("services", "procedures/services.example.yaml"),
    ],
)
def test_what_is_shipped_fits_its_schema(name: SchemaName, file: str) -> None:
    text = (REPOSITORY / file).read_bytes()
    assert list(Draft202012Validator(dict(schema(name))).iter_errors(read_source(text, file).data)) == []
    assert READ[name](text, file).findings == ()


def test_rules_are_written_alike_in_policies_and_in_procedures() -> None:
    assert policies_schema.FILE.read_text("utf-8") == policies_schema.text(), (
        "run python -m tests.unit.loading.policies_schema"
    )


def containers(data: Plain, path: tuple[str | int, ...] = ()) -> Iterator[tuple[int, tuple[str | int, ...]]]:
    yield id(data), path
    pairs = enumerate(data) if isinstance(data, list) else data.items() if isinstance(data, dict) else ()
    for key, value in pairs:
        if isinstance(value, dict | list):
            yield from containers(value, (*path, key))


@pytest.mark.parametrize("name", NAMES)
def test_the_keys_a_schema_accepts_are_those_the_builders_read(
    name: SchemaName, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: set[tuple[str | int, ...]] = set()
    get = Node.get

    def spying_get(self: Node, key: str) -> Node:
        read.add((*self.path, key))
        return get(self, key)

    monkeypatch.setattr(Node, "get", spying_get)
    used: set[tuple[str, str]] = set()
    for text in EVERYTHING[name]:
        source = read_source(text, "everything.yaml")
        paths = dict(containers(source.data))
        keys: dict[tuple[str | int, ...], tuple[str, str]] = {}

        def record(
            validator: Any,
            properties: dict[str, Any],
            instance: Any,
            part: dict[str, Any],
            keys: Any = keys,
            paths: Any = paths,
        ) -> Iterator[Any]:
            if part.get("additionalProperties") is False:
                keys.update(
                    {(*paths[id(instance)], key): (part["title"], key) for key in instance if key in properties}
                )
            yield from Draft202012Validator.VALIDATORS["properties"](validator, properties, instance, part)

        validator: Any = extend(Draft202012Validator, {"properties": record})  # type: ignore[no-untyped-call]
        assert list(validator(dict(schema(name))).iter_errors(source.data)) == []
        assert [one for one in READ[name](text, "everything.yaml").findings if one.severity is Severity.ERROR] == []
        ignored = {at for at, key in keys.items() if at not in read and key[1] != "note" and key not in ONE_VALUE_ONLY}
        assert ignored == set(), "accepted, and then ignored"
        used |= set(keys.values())
    accepted = {(one["title"], key) for one in objects(schema(name)) for key in one["properties"]}
    assert accepted - used == set(), "accepted, and not shown here to be read"


def test_what_is_promised_for_later_is_not_accepted_now() -> None:
    titles = {one["title"]: set(one["properties"]) for name in NAMES for one in objects(schema(name))}
    for place, keys in not_yet.NOT_YET.items():
        assert place in titles, f"no part of a file is called {place}"
        assert keys & titles[place] == set(), f"{place}: built by now"
