"""`override`, `waive` and `--key`: what is done on somebody's word, and what is done once."""

from __future__ import annotations

import json

from tests.unit.cli.desk import PROCEDURE, Desk

OVERRIDES = "overrides: { by: boss, second-person: true, reason: required }\nroles:\n  boss: Answers\n"


def opened(desk: Desk) -> str:
    desk.put("complaint.yaml", PROCEDURE.replace("roles:\n", OVERRIDES))
    desk.put(
        "people.yaml", "people:\n  ana: { roles: [agent, lead] }\n  dan: { roles: [lead] }\n  max: { roles: [boss] }\n"
    )
    return desk.opened()


def test_the_procedure_is_set_aside_on_record(desk: Desk) -> None:
    case = opened(desk)
    alone = desk("override", case, "override", "--to", "refused", "--by", "max", "--reason", "A joke")
    assert alone.exit_code == 1
    assert "refused: procedure set aside by max\n" in alone.stdout
    assert "remedy      name a second person who agreed" in alone.stdout
    done = desk(
        *("override", case, "override", "--to", "refused", "--by", "max", "--reason", "A joke", "--second", "dan"),
        *("--asked-by", "acme", "--caused-by", "requester"),
    )
    assert done.exit_code == 0
    assert "accepted: procedure set aside by max\n" in done.stdout
    assert "DV701 override  major, event 3, permitted" in done.stdout
    undone = desk("override", case, "redo", "intake", "--by", "max", "--reason", "No joke", "--second", "dan", "--json")
    document = json.loads(undone.stdout)
    assert (document["accepted"], document["after"]) == (True, "intake")
    assert document["event"]["override"] == {
        "act": "redo",
        "to": "intake",
        "asked_by": None,
        "caused_by": None,
        "second": "dan",
    }
    shown = desk("show", case).stdout
    assert (
        "Nothing deviates.\n\nPermitted, excused or prevented\n  prevented  DV701 override, event 2: max set" in shown
    )
    told = " ".join(shown.split())
    assert (
        "procedure set aside by max; to refused, asked for by acme, caused by the requester, agreed to by dan" in told
    )
    assert "back to intake by max; to intake, agreed to by dan, reason: No joke" in told


def test_what_is_excused_is_told_apart(desk: Desk) -> None:
    case = opened(desk)
    desk("perform", case, "accept", "--by", "ana", "--data", "ours=true")
    words = ("perform", case, "approve", "--by", "ana", "--evidence", "letter=m-1")
    assert desk(*words).exit_code == 1
    waive = ("waive", case, "dv202", "--for", "ana", "--until", "2999-12-31", "--by")
    assert desk(*waive, "max").exit_code == 1, "without a reason"
    waived = desk(*waive, "max", "--reason", "Dan is ill", "--action", "approve")
    assert waived.stdout.startswith("accepted: DV202 excused for ana by max\n")
    done = desk(*words)
    assert done.exit_code == 0
    assert "DV202 four-eyes  critical, event 6, excused by the waiver of event 5" in done.stdout
    desk("export", "--output", desk.path("export.jsonl"))
    audit = desk("audit", desk.path("complaint.yaml"), desk.path("export.jsonl"))
    assert audit.exit_code == 0, "totals and exit codes speak of what is unexcused"
    assert (
        "1 case judged, nothing deviates in it.\nBesides, 1 excused by a waiver, 2 prevented by a refusal."
        in audit.stdout
    )
    assert "           1      1  DV202 four-eyes       excused\n" in audit.stdout
    document = json.loads(desk("audit", desk.path("complaint.yaml"), desk.path("export.jsonl"), "--json").stdout)
    assert (document["totals"]["deviations"], document["totals"]["by_class"]) == (0, [])
    assert [(one["code"], one["disposition"]) for one in document["totals"]["settled"]] == [
        ("DV202", "excused"),
        ("DV202", "prevented"),
        ("DV306", "prevented"),
    ]
    assert [one["settled_by"] for one in document["cases"][0]["deviations"]] == [None, None, 5]


def test_a_request_that_comes_twice_is_carried_out_once(desk: Desk) -> None:
    case = opened(desk)
    start = ("start", "complaint", "--by", "ana", "--key", "mail-1")
    assert desk(*start).stdout.split()[0] == desk(*start).stdout.split()[0] != case
    words = ("perform", case, "accept", "--by", "ana", "--data", "ours=true", "--key", "k")
    assert desk(*words).stdout.startswith("accepted: accept by ana\n")
    again = desk(*words)
    assert again.exit_code == 0
    assert again.stdout.startswith("accepted before: accept by ana\n  event 2 of case")
    assert json.loads(desk(*words, "--json").stdout)["repeated"] is True
    other = desk("perform", case, "refuse", "--by", "ana", "--key", "k")
    assert other.exit_code == 3
    assert "the key 'k' was used for “accept”, event 2 of case" in other.stderr


def test_what_cannot_be_understood_is_told_with_what_to_do(desk: Desk) -> None:
    case = opened(desk)
    assert desk("override", case, "forget", "--by", "max").exit_code == 2
    several = desk("override", case, "skip", "refuse", "--by", "max", "--to", "nowhere")
    assert several.exit_code == 3
    assert "'nowhere' is nowhere a case of complaint 1.0.0 can stand" in several.stderr
    assert desk("waive", case, "DV202", "--for", "ana", "--by", "max").exit_code == 2
    moment = desk("waive", case, "DV202", "--for", "ana", "--by", "max", "--until", "tomorrow")
    assert (moment.exit_code, "'tomorrow' is no moment" in moment.stderr) == (2, True)
    unknown = desk("waive", case, "four-eyes", "--for", "ana", "--by", "max", "--until", "2999-01-01", "--reason", "x")
    assert unknown.exit_code == 1
    assert "is no class of deviation" in unknown.stdout
