"""`clients.yaml` and `agreements.yaml` from their texts, and the tier a client has."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from procflow.errors import DirectoryError
from procflow.loading.agreements import load_agreements, read_agreements
from procflow.loading.clients import load_clients, read_clients
from procflow.loading.organisation import load_organisation
from procflow.model.organisation import Organisation

CLIENTS = """
clients:
  group: { name: The group, zone: Asia/Tehran, language: fa, tier: basic }
  acme: { name: Acme, parent: group }
  shop:
    tier:
      - { tier: basic, to: 2026-06-30 }
      - { tier: premium, from: 2026-07-01, to: 2026-12-31 }
  desk: { kind: internal }
"""
AGREEMENTS = """
tiers: { basic: Basic, improved: Improved, premium: Premium }
agreements:
  all: { client: acme, tier: improved, from: 2026-01-01, to: 2026-12-31 }
  complaints: { client: acme, procedures: [complaint], tier: premium, from: 2026-03-01, to: 2026-03-31 }
  the-group: { client: group, tier: premium, from: 2027-06-01 }
  repairs: { kind: uc, supplier: vendor, from: 2026-01-01 }
"""


def organisation() -> Organisation:
    clients, agreements = read_clients(CLIENTS, "clients.yaml"), read_agreements(AGREEMENTS, "agreements.yaml")
    assert (clients.findings, agreements.findings) == ((), ())
    assert clients.clients is not None
    assert agreements.agreements is not None
    return Organisation(clients=clients.clients, agreements=agreements.agreements)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("client", "procedure", "moment", "tier"),
    [
        ("acme", "complaint", "2026-02-28T12:00Z", "improved"),
        ("acme", "complaint", "2026-03-15T12:00Z", "premium"),  # the one that names the procedure goes before
        ("acme", "incident", "2026-03-15T12:00Z", "improved"),
        ("acme", "complaint", "2027-01-01T12:00Z", "basic"),  # nothing is agreed any more: that of the group
        ("acme", "complaint", "2027-06-01T12:00Z", "premium"),  # what was agreed with the group
        ("shop", "complaint", "2026-06-30T23:59Z", "basic"),
        ("shop", "complaint", "2026-07-01T00:00Z", "premium"),
        ("shop", "complaint", "2027-01-01T00:00Z", None),
        ("desk", "complaint", "2026-07-01T00:00Z", None),
        ("nobody", "complaint", "2026-07-01T00:00Z", None),
    ],
)
def test_a_client_has_what_was_agreed_else_its_own_tier_else_that_of_its_parent(
    client: str, procedure: str, moment: str, tier: str | None
) -> None:
    assert organisation().tier_of(client, procedure, at(moment)) == tier


def test_the_day_is_that_of_the_client() -> None:
    # In Tehran it is the first of March by then: 00:29 at +03:30.
    assert organisation().tier_of("acme", "complaint", at("2026-02-28T20:59Z")) == "premium"
    assert organisation().tier_of("acme", "complaint", at("2026-02-28T20:29Z")) == "improved"


def test_language_and_zone_come_from_whoever_the_client_belongs_to() -> None:
    clients = organisation().clients
    assert (clients.language_of("acme"), clients.zone_of("acme")) == ("fa", "Asia/Tehran")
    assert (clients.language_of("shop"), clients.zone_of("shop")) == (None, None)
    assert clients.clients["desk"].internal


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "clients: { a: { tier: Gold } }",
            "PF106 `tier` must be small letters and digits joined by hyphens, as in ask-client",
        ),
        ("clients: { a: { zone: Europe/Bucarest } }", "PF106 there is no time zone `Europe/Bucarest`"),
        ("clients: { a: { zone: UTC+2 } }", "PF106 there is no time zone `UTC+2`"),
        ("clients: { a: { contacts: [b] } }", "PF102 `contacts` is not known in a client"),
        ("clients: { a: { parent: a } }", "PF652 `a` belongs to itself, by way of its `parent`"),
        (
            "clients: { a: { tier: [{ tier: b, from: 2026-02-30 }] } }",
            "PF106 `2026-02-30` is not a day of the calendar",
        ),
        ("clients: { a: { tier: 3 } }", "PF108 `tier` is the number 3, and text is meant"),
        ("clients: {}", "PF101 `clients` is empty"),
        ("", "PF103 the file is empty, not a map with `clients`"),
    ],
)
def test_what_is_wrong_with_clients_is_told(text: str, found: str) -> None:
    loaded = read_clients(text, "clients.yaml")
    assert loaded.clients is None
    assert [f"{one.code} {one.message}" for one in loaded.findings] == [found]


@pytest.mark.parametrize(
    ("agreement", "found"),
    [
        ("client: b, tier: a", "PF101 `x` has no `from`"),
        ("client: b, tier: a, calendar: c", "PF102 `calendar` is not known in an agreement"),
        ("kind: ucc, client: b, tier: a", "PF105 `kind` is `ucc`, which is not one of `sla`, `ola` or `uc`"),
        ("kind: ola, client: b", "PF654 `x` does not say with whom"),
        ("from: 2026-01-01, tier: a", "PF654 `x` does not say with whom"),
        ("from: 2026-01-01, client: b", "PF654 `x` does not say which tier was agreed"),
    ],
)
def test_what_is_wrong_with_agreements_is_told(agreement: str, found: str) -> None:
    loaded = read_agreements(f"tiers: {{ a: A }}\nagreements: {{ x: {{ {agreement} }} }}", "agreements.yaml")
    assert loaded.agreements is None
    assert found in [f"{one.code} {one.message}" for one in loaded.findings]


def test_a_slip_in_the_name_of_a_tier_can_be_mended() -> None:
    (found,) = read_agreements(AGREEMENTS.replace("tier: improved", "tier: improoved"), "agreements.yaml").findings
    assert (found.hint, [one.text for one in found.edits]) == ("did you mean `improved`?", ["improved"])


def test_a_workspace_is_all_its_files_held_together(tmp_path: Path) -> None:
    assert load_organisation(tmp_path) == Organisation()
    (tmp_path / "clients.yaml").write_text(CLIENTS)
    (tmp_path / "agreements.yaml").write_text(AGREEMENTS)
    (tmp_path / "people.yaml").write_text("people: { ana: { roles: [agent] } }")
    found = load_organisation(tmp_path)
    assert found.holders_of("agent") == ("ana",)
    assert found.tier_of("acme", "incident", at("2026-03-15T12:00Z")) == "improved"
    (tmp_path / "agreements.yaml").write_text(AGREEMENTS.replace("client: acme", "client: acne"))
    with pytest.raises(DirectoryError, match="there is no client `acne`"):
        load_organisation(tmp_path)


def test_a_file_with_errors_is_refused_with_its_first(tmp_path: Path) -> None:
    for name, load in (("clients", load_clients), ("agreements", load_agreements)):
        path = tmp_path / f"{name}.yaml"
        path.write_text("note: 3")
        with pytest.raises(DirectoryError) as refused:
            load(path)
        assert refused.value.where is not None
