"""`procflow check`: what is wrong with a file, told apart by what it holds."""

from __future__ import annotations

import json

import pytest

from tests.unit.cli.desk import MAPPING, PROCEDURE, Desk


def test_files_that_are_fine(desk: Desk) -> None:
    done = desk("check", "complaint.yaml", "people.yaml", "log.map.yaml")
    assert done.exit_code == 0, done.output
    assert done.stdout == "3 files checked, nothing to say against them\n"


def test_an_error_comes_with_its_lines_and_help(desk: Desk) -> None:
    desk.put("complaint.yaml", PROCEDURE.replace("collect: [ours]", "colect: [ours]"))
    done = desk("check", "complaint.yaml")
    assert done.exit_code == 1
    assert "error PF102" in done.stdout
    assert "|     colect: [ours]\n" in done.stdout
    assert "collect" in done.stdout.partition("= help: ")[2]
    assert done.stdout.endswith("in 1 file\n")


def test_people_and_mappings_are_known_by_what_they_hold(desk: Desk) -> None:
    desk.put("who.yaml", "people:\n  ana: { rolls: [agent] }\n")
    desk.put("what.yaml", MAPPING.replace("actor: who", "actr: who"))
    done = desk("check", "who.yaml", "what.yaml")
    assert done.exit_code == 1
    assert "who.yaml:2:10: error PF102" in done.stdout
    assert "what.yaml:4:1: error PF102" in done.stdout


def test_a_mapping_beside_its_procedure_is_checked_against_it(desk: Desk) -> None:
    desk.put("log.map.yaml", MAPPING.replace("{ column: what }", "{ column: what, to: { ok: aprove } }"))
    assert desk("check", "log.map.yaml").exit_code == 0
    done = desk("check", "complaint.yaml", "log.map.yaml")
    assert done.exit_code == 1
    assert "aprove" in done.stdout


def test_what_only_forbids_publishing_is_a_warning(desk: Desk) -> None:
    desk.put("complaint.yaml", PROCEDURE.replace("title:", "author: a.radu\ntitle:"))
    done = desk("check", "complaint.yaml")
    assert done.exit_code == 0
    assert "warning PF621" in done.stdout
    assert desk("check", "--strict", "complaint.yaml").exit_code == 1
    assert desk("publish", "complaint.yaml").exit_code == 1


def test_json_for_programs(desk: Desk) -> None:
    desk.put("complaint.yaml", PROCEDURE.replace("collect:", "colect:"))
    done = desk("check", "complaint.yaml", "--json")
    document = json.loads(done.stdout)
    assert done.exit_code == 1
    assert document["kind"] == "findings"
    assert document["errors"] == len(document["findings"]) > 0
    assert document["findings"][0]["where"]["line"] == 16


def test_stdin(desk: Desk) -> None:
    assert desk("check", "-", input=PROCEDURE).exit_code == 0
    done = desk("check", "-", input="procedure: [\n")
    assert done.exit_code == 1
    assert "<stdin>:" in done.stdout


def test_a_missing_file_is_told_with_the_closest(desk: Desk) -> None:
    done = desk("check", "complaint.yml")
    assert done.exit_code == 3
    assert (
        done.stderr == "error: cannot read complaint.yml: there is no such file\n  help: Did you mean complaint.yaml?\n"
    )


def test_a_folder_without_our_files_is_no_file(desk: Desk) -> None:
    desk.put("empty/README.md", "nothing")
    done = desk("check", "empty")
    assert done.exit_code == 3
    assert "cannot read empty: it is a folder" in done.stderr
    assert "empty/*.yaml" in done.stderr


def test_a_folder_stands_for_the_workspace_in_it(desk: Desk) -> None:
    desk.put("desk/procedures/complaint.yaml", PROCEDURE)
    desk.put("desk/docker-compose.yaml", "services: {}")
    desk.put("desk/clients.yaml", "clients: { acme: { tier: gold } }")
    desk.put(
        "desk/agreements.yaml",
        "tiers: { basic: Basic }\nagreements: { a: { client: acne, tier: basic, from: 2026-01-01 } }",
    )
    done = desk("check", "desk")
    assert done.exit_code == 1
    assert "desk/clients.yaml:1:26: error PF651" in done.stdout, done.stdout
    assert "desk/agreements.yaml:2:28: error PF650" in done.stdout
    assert "docker" not in done.stdout
    assert "3 files" in done.stdout


def test_a_binary_file_is_a_finding(desk: Desk) -> None:
    desk.put("picture.yaml", b"\x89PNG\r\n\x1a\n\x00\xff\xfe" * 50)
    done = desk("check", "picture.yaml")
    assert done.exit_code == 1
    assert "PF005" in done.stdout
    assert "\x1b" not in done.stdout
    assert "Traceback" not in done.output


def test_no_file_is_a_usage_error(desk: Desk) -> None:
    assert desk("check").exit_code == 2


IGNORED = PROCEDURE.replace(
    "data:\n", "data:\n  colour: text   # procflow: ignore PF208 - the portal will ask for it from May on\n"
)


def test_what_a_comment_ignores_does_not_count_and_can_be_shown(desk: Desk) -> None:
    desk.put("complaint.yaml", IGNORED)
    done = desk("check", "--strict", "complaint.yaml")
    assert done.exit_code == 0, done.output
    assert done.stdout == "1 file checked, nothing to say against it (1 finding ignored)\n"
    shown = desk("check", "--show-ignored", "complaint.yaml").stdout
    assert "ignored warning PF208: the data field `colour` is never used\n" in shown
    assert "   = reason: the portal will ask for it from May on\n" in shown
    (one,) = json.loads(desk("check", "--json", "complaint.yaml").stdout)["ignored"]
    assert (one["code"], one["reason"]) == ("PF208", "the portal will ask for it from May on")


def test_publishing_agrees_with_the_check(desk: Desk) -> None:
    desk.put("complaint.yaml", IGNORED)
    done = desk("publish", "complaint.yaml")
    assert done.exit_code == 0, done.output
    assert "PF208" not in done.output
    desk.put("complaint.yaml", IGNORED.replace("PF208 - the", "PF207 - the").replace('version: "1', 'version: "2'))
    assert "PF906" in desk("check", "complaint.yaml").stdout


def test_an_auditor_is_shown_what_was_set_aside(desk: Desk) -> None:
    desk.put("complaint.yaml", IGNORED)
    case = desk.opened()
    desk("perform", case, "refuse", "--by", "ana", "--data", "ours=false", "--reason", "Not our service")
    desk("export", "--output", "record.jsonl")
    done = desk("audit", "complaint.yaml", "record.jsonl")
    assert "set aside" in done.stdout
    assert "PF208 never-used in line" in done.stdout
    (version,) = json.loads(desk("audit", "complaint.yaml", "record.jsonl", "--json").stdout)["versions"]
    assert version["ignored"][0]["reason"] == "the portal will ask for it from May on"


BY_TIER = """\
procflow: 1
procedure: hotline
version: "1"
title: Hotline
roles: { agent: Answers }
start: intake
clocks:
  answer: { until: case ends, within: { depends-on: tier, gold: 1 day, silver: 4 hours } }
steps:
  intake: { by: agent, actions: { answer: closed } }
  closed: { end: answered }
"""


@pytest.mark.parametrize("place", ["agreements.yaml", "procedures/agreements.yaml"])
def test_which_tier_is_better_the_agreements_say_wherever_the_workspace_has_them(desk: Desk, place: str) -> None:
    desk.put("procedures/hotline.yaml", BY_TIER)
    assert "PF414" not in desk("check", "procedures/hotline.yaml").stdout, "nobody says which is better"
    desk.put(place, "tiers: { silver: Silver, gold: Gold }\n")
    done = desk("check", "procedures/hotline.yaml")
    assert "`gold` is the better tier, and is promised 1 day; `silver` is promised 4 hours" in done.stdout
    desk.put(place, "tiers: { gold: Gold, silver: Silver }\n")
    assert "PF414" not in desk("check", "procedures/hotline.yaml").stdout
    desk.put(place, "tiers: [gold]\n")
    assert "PF414" not in desk("check", "procedures/hotline.yaml").stdout, "its own check tells what is wrong with it"


def test_a_calendar_that_is_called_otherwise_than_its_file_is_found_by_nobody(desk: Desk) -> None:
    desk.put("procedures/hotline.yaml", BY_TIER.replace("start: intake", "calendar: office\nstart: intake", 1))
    desk.put(
        "calendars/office.yaml",
        "calendar: service\nzone: Europe/Warsaw\ncovers: 2026..2027\nhours: { mon-fri: 09:00-17:00 }\n",
    )
    done = desk("check", ".")
    assert done.exit_code == 1
    assert "calendars/office.yaml" in done.stdout
    assert "the file is called `office`, and holds the calendar `service`" in done.stdout
    alone = desk("check", "procedures/hotline.yaml")
    assert alone.exit_code == 1, "whoever checks the procedure alone is told, too"
    assert "there is no calendar `office`" in alone.stdout


def test_agreements_about_nothing_and_with_nobody_are_told(desk: Desk) -> None:
    desk.put("procedures/hotline.yaml", BY_TIER)
    desk.put(
        "agreements.yaml",
        "tiers: { silver: Silver, gold: Gold }\nagreements:\n"
        "  a: { client: acme, tier: gold, procedures: [hotlin], from: 2026-01-01 }\n"
        "  b: { kind: uc, supplier: agnet, from: 2026-01-01 }\n",
    )
    done = desk("check", ".")
    assert "`a` is about `hotlin`, and there is no such procedure" in done.stdout, done.stdout
    assert "did you mean `hotline`?" in done.stdout
    assert "`b` is with `agnet`, and no role or team is called so" in done.stdout
    assert "PF659" not in desk("check", "agreements.yaml").stdout, "nothing is at hand to hold it against"
