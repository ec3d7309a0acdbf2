"""`publish`, `start`, `perform`, `show`, `worklist`, `export`: a case, run from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.desk import PROCEDURE, Desk


def test_publishing_twice_changes_nothing(desk: Desk) -> None:
    assert desk("publish", "complaint.yaml").stdout.startswith("complaint 1.0.0 published (sha256 ")
    again = desk("publish", "complaint.yaml")
    assert again.exit_code == 0
    assert "published before, nothing changed" in again.stdout
    document = json.loads(desk("publish", "complaint.yaml", "--json").stdout)
    assert (document["kind"], document["procedure"], document["new"]) == ("published", "complaint", False)


def test_a_changed_procedure_needs_a_new_version(desk: Desk) -> None:
    desk("publish", "complaint.yaml")
    desk.put("complaint.yaml", PROCEDURE.replace("Complaint", "Grievance"))
    done = desk("publish", "complaint.yaml")
    assert done.exit_code == 1
    assert "PF801" in done.stdout
    assert "not published: complaint.yaml" in done.stdout
    assert json.loads(desk("publish", "complaint.yaml", "--json").stdout)["errors"] == 1


def test_a_case_is_opened_and_shown(desk: Desk) -> None:
    case = desk.opened("--client", "acme", "--ref", "ticket:42")
    shown = desk("show", case).stdout
    assert f"Case {case}\n" in shown
    assert "ticket:42" in shown
    assert "turn of    intake: agent (ana)" in shown
    assert "accept  by agent (ana); needs ours" in shown
    document = json.loads(desk("show", case, "--json").stdout)
    assert (document["id"], document["client"], document["configuration"]) == (case, "acme", "intake")


def test_an_accepted_step(desk: Desk) -> None:
    case = desk.opened()
    done = desk("perform", case, "accept", "--by", "ana", "--data", "ours=true")
    assert done.exit_code == 0
    assert done.stdout.startswith("accepted: accept by ana\n")
    assert "now stands in approval" in done.stdout


def test_a_refused_step_says_why_and_who_could(desk: Desk) -> None:
    case = desk.opened()
    desk("perform", case, "accept", "--by", "ana", "--data", "ours=true")
    done = desk("perform", case, "approve", "--by", "ana", "--evidence", "letter=mail-17")
    assert done.exit_code == 1
    assert "refused: approve by ana\n" in done.stdout
    assert "DV202 four-eyes" in done.stdout
    assert "who could do it: lead (dan)" in done.stdout
    document = json.loads(desk("perform", case, "approve", "--by", "ana", "--json").stdout)
    assert (document["accepted"], document["who_could"]) == (False, {"lead": ["dan"]})
    shown = json.loads(desk("show", case, "--json").stdout)
    assert [event["lifecycle"] for event in shown["events"]] == ["complete", "complete", "refused", "refused"]
    assert (shown["configuration"], shown["audit"]["clean"]) == ("approval", True), "nothing was done"


def test_a_role_given_by_hand_needs_no_people(desk: Desk) -> None:
    case = desk.opened()
    (desk.folder / "people.yaml").write_text("people: {}\n", encoding="utf-8")
    assert desk("perform", case, "accept", "--by", "eva", "--data", "ours=true").exit_code == 2
    assert desk("perform", case, "accept", "--by", "eva", "--role", "agent", "--data", "ours=true").exit_code == 0


def test_a_start_that_is_refused(desk: Desk) -> None:
    desk.opened()
    done = desk("start", "complaint", "--by", "ana", "--data", "ours=perhaps")
    assert done.exit_code == 1
    assert "refused: case opened by ana" in done.stdout
    assert "DV302" in done.stdout


def test_observing_records_what_deviates(desk: Desk) -> None:
    case = desk.opened("--mode", "observe")
    done = desk("perform", case, "approve", "--by", "dan")
    assert done.exit_code == 0
    assert "It was recorded although it deviates:" in done.stdout
    assert "Deviations\n" in desk("show", case).stdout


def test_values_are_json_or_text(desk: Desk) -> None:
    case = desk.opened()
    words = ["--data", "ours=true", "--data", "sum=120.50 EUR", "--evidence", 'photo={"link": "x", "name": "a"}']
    assert desk("perform", case, "accept", "--by", "ana", *words).exit_code == 0
    document = json.loads(desk("show", case, "--json").stdout)
    assert document["values"] == {"ours": True, "sum": "120.50 EUR"}
    assert document["events"][1]["evidence"] == {"photo": {"link": "x", "name": "a"}}


@pytest.mark.parametrize(
    ("given", "told"),
    [("ours", "is not of the form NAME=VALUE"), ("=true", "is not of the form NAME=VALUE")],
)
def test_bad_data_are_a_usage_error(desk: Desk, given: str, told: str) -> None:
    case = desk.opened()
    done = desk("perform", case, "accept", "--by", "ana", "--data", given)
    assert done.exit_code == 2
    assert told in done.stderr
    twice = desk("perform", case, "accept", "--by", "ana", "--data", "ours=true", "--data", "ours=false")
    assert "given twice" in twice.stderr


def test_money_is_never_rounded_on_the_way_in(desk: Desk) -> None:
    case = desk.opened()
    digits = "12345678901234567.89"
    desk("perform", case, "accept", "--by", "ana", "--data", "ours=true", "--data", f"sum={digits}")
    assert json.loads(desk("show", case, "--json").stdout)["values"]["sum"] == f"{digits} EUR"


@pytest.mark.parametrize("text", ["[" * 100_000, "NaN", "1e400", "{bad", "9" * 5000])
def test_a_value_that_is_strange_json_harms_nothing(desk: Desk, text: str) -> None:
    case = desk.opened()
    done = desk("perform", case, "accept", "--by", "ana", "--data", f"ours={text}")
    assert done.exit_code in (1, 3)
    assert "Traceback" not in done.output


def test_a_case_id_may_be_abbreviated(desk: Desk) -> None:
    case = desk.opened()
    assert desk("show", case[-6:].lower()).exit_code == 0
    assert desk("show", case[:12]).exit_code == 0
    desk("start", "complaint", "--by", "ana")
    done = desk("show", case[:4])
    assert done.exit_code == 3
    assert "fits 2 cases" in done.stderr
    assert "Give more of the id." in done.stderr


@pytest.mark.parametrize("command", [["show"], ["perform"], ["export"]])
@pytest.mark.parametrize("case", ["ZZZ", "Z" * 26, "Z" * 40, "", "\x1b[2J"])
def test_an_unknown_case(desk: Desk, command: list[str], case: str) -> None:
    desk.opened()
    rest = ["accept", "--by", "ana"] if command == ["perform"] else []
    done = desk(*command, case, *rest)
    assert done.exit_code == 3
    assert "here is no case" in done.stderr
    assert "\x1b" not in done.output


def test_an_unknown_procedure_and_a_file_instead_of_its_name(desk: Desk) -> None:
    desk.opened()
    done = desk("start", "complain", "--by", "ana")
    assert done.exit_code == 3
    assert "no procedure “complain”" in done.stderr
    assert "procflow publish complaint.yaml" in desk("start", "complaint.yaml", "--by", "ana").stderr


def test_looking_makes_no_store(desk: Desk) -> None:
    for words in (["show", "X"], ["worklist", "--by", "ana"], ["export"], ["start", "complaint", "--by", "ana"]):
        done = desk(*words)
        assert done.exit_code == 3
        assert "there is no store at" in done.stderr
        assert "Publish a procedure first" in done.stderr
    assert not (desk.folder / "desk.db").exists()


def test_a_store_that_is_none(desk: Desk) -> None:
    desk.put("note.db", "not a database\n" * 100)
    for url in ("sqlite:///note.db", "mysql://x", "nonsense"):
        done = desk("worklist", "--by", "ana", "--store", url)
        assert done.exit_code == 3, url
        assert done.stderr.startswith("error"), url
        assert "Traceback" not in done.stderr


def test_the_worklist_of_a_person_and_of_a_role(desk: Desk) -> None:
    case = desk.opened("--ref", "ticket:42")
    assert f"{case}  complaint  ticket:42\n  intake, turn of agent since" in desk("worklist", "--by", "ana").stdout
    assert desk("worklist", "--by", "dan").stdout == "Nothing waits.\n"
    assert case in desk("worklist", "--role", "agent").stdout
    assert json.loads(desk("worklist", "--role", "agent", "--json").stdout)["items"][0]["actions"] == [
        "accept",
        "refuse",
    ]
    everything = desk("worklist")
    assert case in everything.stdout
    assert "turn of agent" in everything.stdout


def test_what_somebody_may_do(desk: Desk) -> None:
    case = desk.opened()
    shown = " ".join(desk("show", case, "--by", "dan").stdout.split())
    assert "What dan may do" in shown
    assert "not now: “accept” is for agent; dan holds lead; who could: agent (ana)" in shown
    assert "turn of intake: agent (ana)" in shown


def test_the_export_is_audited_clean(desk: Desk) -> None:
    case = desk.opened()
    desk("perform", case, "refuse", "--by", "ana", "--data", "ours=false", "--reason", "Not our service")
    done = desk("export", "--output", "export.jsonl")
    assert done.stderr == "3 events written to export.jsonl\n"
    assert desk("export", case).stdout.encode() == (desk.folder / "export.jsonl").read_bytes()
    audited = desk("audit", "complaint.yaml", "export.jsonl")
    assert audited.exit_code == 0, audited.output
    assert "1 case judged, nothing deviates in it." in audited.stdout


def test_a_failed_export_leaves_the_old_file_alone(desk: Desk) -> None:
    desk.opened()
    old = desk.put("export.jsonl", "old\n")
    assert desk("export", "ZZZ", "--output", "export.jsonl").exit_code == 3
    assert old.read_text("utf-8") == "old\n"
    assert [one.name for one in Path().iterdir() if one.name.startswith(".")] == []
    assert desk("export", "--output", ".").exit_code == 3


def test_a_workspace_without_people_is_told(desk: Desk) -> None:
    desk("publish", "complaint.yaml")
    done = desk("start", "complaint", "--by", "ana", "--workspace", "nowhere")
    assert done.exit_code == 3
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_not_due_is_not_advised_by_going_back(desk: Desk) -> None:
    desk.put(
        "repair.yaml",
        """\
procflow: 1
procedure: repair
version: "1.0"
roles: { clerk: Looks, tenant: Signs }
start: look
steps:
  look: { by: clerk, actions: { good: sign } }
  sign:
    by: tenant
    actions: { is-fine: paid, is-not-fine: { to: look, at-most: 2 } }
  paid: { end: paid }
""",
    )
    desk("publish", "repair.yaml")
    case = desk("start", "repair", "--by", "eva", "--role", "clerk").stdout.split()[0]
    desk("perform", case, "good", "--by", "eva", "--role", "clerk")
    again = desk("perform", case, "good", "--by", "eva", "--role", "clerk").stdout
    assert "“good” is not due in “sign”, only again after “is-not-fine”" in again
    assert "remedy      what is due in “sign”: is-fine or is-not-fine" in again
    unknown = desk("perform", case, "gut", "--by", "eva", "--role", "clerk").stdout
    assert "what is due there: is-fine or is-not-fine" in unknown


def test_of_prevented_attempts_the_last_few_are_shown(desk: Desk) -> None:
    case = desk.opened()
    for _ in range(5):
        desk("perform", case, "aprove", "--by", "ana")
    shown = desk("show", case).stdout
    assert shown.count("prevented  DV106") == 3
    assert "... 2 earlier ones that were prevented; --all-events shows them" in shown
    assert desk("show", case, "--all-events").stdout.count("prevented  DV106") == 5
