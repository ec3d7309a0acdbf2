"""`procflow waiting`: the story of George as text, as JSON, as a page and as a picture; and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from procflow.cli import main
from procflow.cli.exits import Exit
from procflow.resources import shipped

GEORGE = Path(str(shipped("examples"))) / "george"
PROCEDURE = str(GEORGE / "procedure.yaml")
BADLY = str(GEORGE / "told-badly.csv")
REST = ("--mapping", str(GEORGE / "george.map.yaml"), "--people", str(GEORGE / "people.yaml"))

TEN = ("DV601", "DV602", "DV603", "DV604", "DV605", "DV606", "DV608", "DV613", "DV614", "DV409")


def run(*words: str) -> Result:
    """Call `procflow waiting` with the procedure of George."""
    return CliRunner().invoke(main, ["waiting", PROCEDURE, *words])


def two_cases(tmp_path: Path) -> str:
    """A log in which the bad story is told twice."""
    head, *rows = (GEORGE / "told-badly.csv").read_text("utf-8").splitlines()
    twice = [row.replace("george-1,", f"{case},", 1) for case in ("A/1", "a_1") for row in rows]
    log = tmp_path / "two.csv"
    log.write_text("\n".join([head, *twice]) + "\n", "utf-8")
    return str(log)


@pytest.mark.parametrize(("language", "word"), [("en", "What went wrong"), ("fa", "چه چیزی درست پیش نرفت")])
def test_a_page_is_written_in_a_language(tmp_path: Path, language: str, word: str) -> None:
    page = tmp_path / "george.html"
    done = run(BADLY, *REST, "-o", str(page), "--language", language)
    assert done.exit_code == Exit.FINDINGS
    text = page.read_text("utf-8")
    assert word in text
    for code in TEN:
        assert code in text
    assert "Alina" in text


def test_the_picture_goes_to_standard_output() -> None:
    done = run(BADLY, *REST, "--format", "svg")
    assert done.stdout.startswith("<svg ")
    assert done.stdout.endswith("</svg>\n")


def test_text_and_json_tell_of_all_cases(tmp_path: Path) -> None:
    text = run(BADLY, *REST)
    assert "Who waited for whom" in text.stdout
    assert text.stdout.count("Case george-1") == 1
    assert {code for code in TEN if f" {code} " in text.stdout} == set(TEN)
    file = tmp_path / "waiting.json"
    done = run(BADLY, *REST, "-o", str(file), "--case", "george")
    assert done.exit_code == Exit.FINDINGS
    document = json.loads(file.read_text("utf-8"))
    assert document["cases"] == 1
    assert sorted(one["deviation"]["code"] for one in document["findings"]) == sorted(TEN)


def test_what_went_well_ends_with_no_findings(tmp_path: Path) -> None:
    done = run(str(GEORGE / "told-well.csv"), *REST, "-o", str(tmp_path / "well.html"))
    assert done.exit_code == Exit.CLEAN, done.output


def test_several_cases_go_into_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "stories"
    done = run(two_cases(tmp_path), *REST, "--format", "html", "-o", str(folder))
    assert done.exit_code == Exit.FINDINGS, done.output
    # Names that differ in small and capital letters alone would be one file on some systems.
    assert sorted(one.name for one in folder.iterdir()) == ["A_1.html", "a_1-2.html", "index.html"]
    assert 'href="a_1-2.html"' in (folder / "index.html").read_text("utf-8")


def test_a_big_log_has_pages_for_the_worst(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("procflow.cli.waiting._MOST_PAGES", 1)
    folder = tmp_path / "stories"
    done = run(two_cases(tmp_path), *REST, "--format", "html", "-o", f"{folder}/")
    assert "1 pages of 2, those in which most went wrong" in done.stderr
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize("form", ["text", "json"])
def test_one_case_is_told_of_as_if_it_were_alone_in_the_log(tmp_path: Path, form: str) -> None:
    log = Path(two_cases(tmp_path))
    of_two = run(str(log), *REST, "--format", form, "--case", "A/1")
    log.write_text(
        "".join(row for row in log.read_text("utf-8").splitlines(keepends=True) if "a_1," not in row), "utf-8"
    )
    assert of_two.exit_code == Exit.FINDINGS
    assert of_two.stdout == run(str(log), *REST, "--format", form).stdout


@pytest.mark.parametrize("rows", [0, 1], ids=["nothing", "a-header"])
def test_an_empty_log_says_why_the_exit_code_is_1(tmp_path: Path, rows: int) -> None:
    log = tmp_path / "empty.csv"
    log.write_text("".join(Path(BADLY).read_text("utf-8").splitlines(keepends=True)[:rows]), "utf-8")
    text = run(str(log), *REST)
    assert text.exit_code == Exit.FINDINGS
    assert "DV810 empty" in text.stdout
    document = json.loads(run(str(log), *REST, "--format", "json").stdout)
    assert [(one["case"], one["finding"]["code"]) for one in document["quality"]] == [(None, "DV810")]


@pytest.mark.parametrize("form", ["html", "svg"])
@pytest.mark.parametrize("end", ["", "/"])
def test_the_file_of_one_case_in_a_folder_ends_as_what_it_is(tmp_path: Path, form: str, end: str) -> None:
    folder = tmp_path / "one"
    done = run(BADLY, *REST, "--format", form, "-o", f"{folder}{end}")
    assert done.exit_code == Exit.FINDINGS, done.output
    assert [one.name for one in folder.iterdir()] == [f"george-1.{form}"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "html"), "several cases, A/1 and a_1 among them"),
        (("-o", "x.svg"), "say which with --case ID"),
        (("--case", "nobody", "--format", "html"), "there is no case “nobody”"),
        (("--case", "nobody"), "there is no case “nobody”"),
        (("--case", "1"), "fits 2 cases"),
        (("-o", "x.pdf"), "print it to PDF from a browser"),
        (("-o", "x.doc"), "procflow writes .html, .svg, .json or .txt"),
        (("-o", "x.html", "--format", "svg"), "contradict each other"),
        (("-o", "folder/", "--format", "json"), "is a folder"),
        (("--language", "ro"), "--language is about pages and pictures"),
        (("--format", "html", "--case", "A/1", "--language", "xx"), "pages come in"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    done = run(two_cases(tmp_path), *REST, *words)
    assert done.exit_code in (Exit.USAGE, Exit.FAILED)
    assert said in " ".join(done.stderr.split()), done.output
