"""`procflow export --format`: what is written for other tools, what is told to be lost, and what the audit says of it."""

from __future__ import annotations

from pathlib import Path

from tests.unit.cli.desk import Desk

CHAIN = "the chain of hashes, so that no audit can tell whether the record was altered (3 events)"


def refused(desk: Desk) -> str:
    """Return a case that was closed by refusing it."""
    case = desk.opened()
    desk("perform", case, "refuse", "--by", "ana", "--data", "ours=false", "--reason", "Not our service")
    return case


def test_a_table_and_its_mapping_are_audited_clean(desk: Desk) -> None:
    refused(desk)
    done = desk("export", "--format", "csv", "--output", "record.csv")
    assert done.stderr == (f"3 events written to record.csv, its mapping to record.map.yaml\nnot in csv: {CHAIN}\n")
    audited = desk("audit", "complaint.yaml", "record.csv", "--mapping", "record.map.yaml")
    assert audited.exit_code == 0, audited.output
    assert "1 case judged, nothing deviates in it." in audited.stdout
    assert desk("check", "complaint.yaml", "record.map.yaml").exit_code == 0
    assert "data.ours" in Path("record.csv").read_text("utf-8").splitlines()[0]


def test_xes_is_audited_clean_and_may_go_to_stdout(desk: Desk) -> None:
    case = refused(desk)
    done = desk("export", "--format", "xes", "--output", "record.xes")
    assert done.stderr == f"3 events written to record.xes\nnot in xes: {CHAIN}\n"
    audited = desk("audit", "complaint.yaml", "record.xes")
    assert audited.exit_code == 0, audited.output
    there = desk("export", case, "--format", "xes")
    assert there.stdout.encode() == (desk.folder / "record.xes").read_bytes()
    assert there.stderr == f"not in xes: {CHAIN}\n"


def test_json_lines_lose_nothing(desk: Desk) -> None:
    refused(desk)
    assert desk("export", "--format", "jsonl", "--output", "a.jsonl").stderr == "3 events written to a.jsonl\n"


def test_a_table_needs_a_place_for_its_mapping(desk: Desk) -> None:
    refused(desk)
    done = desk("export", "--format", "csv")
    assert done.exit_code == 2
    assert "--output" in done.stderr


def test_a_table_that_fails_leaves_neither_file(desk: Desk) -> None:
    refused(desk)
    Path("record.map.yaml").mkdir()
    assert desk("export", "--format", "csv", "--output", "record.csv").exit_code == 3
    assert not Path("record.csv").exists()


def test_an_empty_export_is_a_log_without_cases(desk: Desk) -> None:
    desk("publish", "complaint.yaml")
    for format in ("jsonl", "xes"):
        desk("export", "--format", format, "--output", f"none.{format}")
        audited = desk("audit", "complaint.yaml", f"none.{format}")
        assert audited.exit_code == 1
        assert "DV810" in audited.stdout
