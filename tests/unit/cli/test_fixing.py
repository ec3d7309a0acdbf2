"""`procflow check --fix` and `--diff`: files mended with everything else as it was, or shown as they would be."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from tests.unit.cli.desk import MAPPING, PROCEDURE, Desk

BAD = PROCEDURE.replace("procflow: 1", 'procflow: "1"   # the language').replace(
    "collect: [ours]", "colect: [ours]  # first"
)


@pytest.fixture
def bad(desk: Desk) -> Path:
    desk.put("complaint.yaml", BAD)
    return desk.folder / "complaint.yaml"


def test_what_is_certain_is_mended_and_told(desk: Desk, bad: Path) -> None:
    done = desk("check", "--fix", "complaint.yaml")
    assert done.exit_code == 0, done.output
    assert done.stdout == (
        "complaint.yaml: 2 findings mended\n"
        '      1:11 PF107 "1" -> 1\n'
        "      16:5 PF102 colect -> collect\n"
        "\n"
        "1 file checked, nothing to say against it\n"
    )
    assert bad.read_text("utf-8") == BAD.replace('"1"', "1", 1).replace("colect", "collect")


def test_comments_line_ends_and_the_byte_order_mark_stay(desk: Desk, bad: Path) -> None:
    bad.write_bytes(b"\xef\xbb\xbf" + BAD.replace("\n", "\r\n").encode())
    desk("check", "--fix", "complaint.yaml")
    wanted = BAD.replace('"1"', "1", 1).replace("colect", "collect").replace("\n", "\r\n")
    assert bad.read_bytes() == b"\xef\xbb\xbf" + wanted.encode()


@pytest.mark.skipif(os.name == "nt", reason="rights of POSIX")
def test_the_rights_of_a_file_stay_and_a_link_stays_one(desk: Desk, bad: Path) -> None:
    bad.chmod(0o640)
    link = desk.folder / "link.yaml"
    link.symlink_to("complaint.yaml")
    assert desk("check", "--fix", "link.yaml").exit_code == 0
    assert link.is_symlink()
    assert stat.S_IMODE(bad.stat().st_mode) == 0o640
    assert "collect: [ours]  # first" in bad.read_text("utf-8")


def test_a_file_with_nothing_to_mend_is_not_touched(desk: Desk) -> None:
    path = desk.folder / "complaint.yaml"
    os.utime(path, (1, 1))
    assert desk("check", "--fix", "complaint.yaml").exit_code == 0
    assert path.stat().st_mtime == 1
    path.write_bytes(b"procflow: \xff\n")
    assert "PF005" in desk("check", "--fix", "complaint.yaml").stdout
    assert path.read_bytes() == b"procflow: \xff\n"


def test_what_is_left_decides_the_exit_code(desk: Desk) -> None:
    desk.put("complaint.yaml", BAD.replace("to: refused", "to: nowhere-at-all"))
    done = desk("check", "--fix", "complaint.yaml")
    assert done.exit_code == 1
    assert "2 findings mended" in done.stdout
    assert "error PF201" in done.stdout


def test_a_tab_that_became_spaces_is_told_by_what_was_wrong(desk: Desk) -> None:
    desk.put("complaint.yaml", "procflow: 1\nsteps:\n\tintake: {}\n")
    assert "PF014 a tab is used for indentation" in desk("check", "--fix", "complaint.yaml").stdout


def test_what_is_ignored_is_not_mended(desk: Desk) -> None:
    words = "data:\n  word: { type: choice, of: [yes, unsure] }  # procflow: ignore PF013 - only procflow reads it\n"
    text = PROCEDURE.replace("data:\n", words).replace("collect: [ours]", "collect: [ours, word]")
    desk.put("complaint.yaml", text)
    assert desk("check", "--fix", "complaint.yaml").exit_code == 0
    assert (desk.folder / "complaint.yaml").read_text("utf-8") == text


@pytest.mark.usefixtures("bad")
def test_several_files_are_mended_beside_each_other(desk: Desk) -> None:
    desk.put("log.map.yaml", MAPPING.replace("actor: who", "actr: who"))
    done = desk("check", "--fix", "complaint.yaml", "log.map.yaml")
    assert done.exit_code == 0, done.output
    assert "log.map.yaml: 1 finding mended" in done.stdout
    assert "actor: who" in (desk.folder / "log.map.yaml").read_text("utf-8")


def test_stdin_is_mended_to_stdout(desk: Desk) -> None:
    done = desk("check", "--fix", "-", input=BAD)
    assert done.exit_code == 0
    assert done.stdout == BAD.replace('"1"', "1", 1).replace("colect", "collect")
    assert "<stdin>: 2 findings mended" in done.stderr
    fine = desk("check", "--fix", "-", input=PROCEDURE)
    assert fine.stdout == PROCEDURE


def test_a_diff_shows_and_changes_nothing(desk: Desk, bad: Path) -> None:
    done = desk("check", "--diff", "complaint.yaml")
    assert done.exit_code == 1
    assert done.stdout.startswith("--- a/complaint.yaml\n+++ b/complaint.yaml\n@@ -1,4 +1,4 @@\n")
    assert '-procflow: "1"   # the language\n+procflow: 1   # the language\n' in done.stdout
    assert done.stderr == "2 findings would be mended; nothing was changed\n2 errors in 1 file\n"
    assert bad.read_text("utf-8") == BAD
    fine = desk("check", "--diff", "people.yaml")
    assert (fine.exit_code, fine.stdout) == (0, "")


@pytest.mark.usefixtures("bad")
def test_json_tells_what_was_done(desk: Desk) -> None:
    document = json.loads(desk("check", "--fix", "--json", "complaint.yaml").stdout)
    (one,) = document["fixed"]
    assert document["findings"] == []
    assert [each["code"] for each in one["mended"]] == ["PF107", "PF102"]
    assert one["mended"][1]["edits"][0]["text"] == "collect"


@pytest.mark.parametrize(
    "words",
    [
        ("--fix", "--diff", "complaint.yaml"),
        ("--diff", "--json", "complaint.yaml"),
        ("--fix", "--json", "-"),
        ("--json", "--format", "sarif", "complaint.yaml"),
    ],
)
def test_what_contradicts_itself_is_a_usage_error(desk: Desk, words: tuple[str, ...]) -> None:
    done = desk("check", *words)
    assert done.exit_code == 2
    assert done.stdout == ""


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the rights of a folder bind nobody here")
@pytest.mark.usefixtures("bad")
def test_a_folder_that_may_not_be_written_is_told(desk: Desk) -> None:
    desk.folder.chmod(0o500)
    try:
        assert desk("check", "--fix", "complaint.yaml").exit_code == 3
    finally:
        desk.folder.chmod(0o700)
