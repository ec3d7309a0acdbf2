"""`procflow doc`: which page is written where, and in which language."""

from __future__ import annotations

import re

import pytest

from tests.unit.cli.desk import Desk
from tests.unit.reports.document.pages import SMALL


def test_a_page_by_the_name_of_its_file(desk: Desk) -> None:
    desk.put("small.yaml", SMALL)
    for name, begin in (("a.html", '<!DOCTYPE html>\n<html lang="en"'), ("a.md", "# Refund\n")):
        done = desk("doc", "small.yaml", "-o", name)
        assert (done.exit_code, done.stdout) == (0, ""), done.output
        assert (desk.folder / name).read_text("utf-8").startswith(begin)
        assert f"written: {name}" in done.stderr


def test_a_page_on_stdout(desk: Desk) -> None:
    desk.put("small.yaml", SMALL)
    assert desk("doc", "small.yaml").stdout.endswith("</html>\n")
    assert desk("doc", "small.yaml", "--format", "markdown", "--language", "RO").stdout.startswith("# Rambursare\n")
    assert "<svg" in desk("doc", "small.yaml").stdout


def test_a_page_in_each_language(desk: Desk) -> None:
    desk.put("small.yaml", SMALL)
    done = desk("doc", "small.yaml", "--all", "-o", "pages/new")
    assert done.exit_code == 0, done.output
    written = sorted(path.name for path in (desk.folder / "pages" / "new").iterdir())
    assert written == ["small.en.html", "small.fa.html", "small.ro.html"]
    for name in written:
        text = (desk.folder / "pages" / "new" / name).read_text("utf-8")
        assert all(f'href="{other}"' in text for other in written)


def test_a_procedure_without_languages(desk: Desk) -> None:
    desk.put("plain.yaml", re.sub(r"\{ en: ([^,}]+)(, [a-z]+: [^},]+)* \}", r"\1", SMALL))
    assert desk("doc", "plain.yaml", "--format", "markdown").exit_code == 0
    polish = desk("doc", "plain.yaml", "--format", "markdown", "--language", "pl")
    assert "Standardowa procedura operacyjna" in polish.stdout
    assert "nieprzetłumaczone" not in polish.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-o", "a.pdf"), "procflow writes .html or .md"),
        (("-o", "a.html", "--format", "markdown"), "contradict each other"),
        (("--all",), "--output FOLDER"),
        (("--all", "-o", "x", "--language", "ro"), "contradict each other"),
        (("--language", "pl"), "small is given in en, ro, fa"),
    ],
)
def test_what_cannot_be_meant_is_refused(desk: Desk, words: tuple[str, ...], said: str) -> None:
    desk.put("small.yaml", SMALL)
    done = desk("doc", "small.yaml", *words)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())


def test_a_file_with_errors_is_not_written(desk: Desk) -> None:
    desk.put("small.yaml", SMALL.replace("collect: [amount]", "colect: [amount]"))
    for words in (("-o", "a.html"), ("--all", "-o", "pages")):
        done = desk("doc", "small.yaml", *words)
        assert (done.exit_code, done.stdout) == (1, "")
        assert "error PF102" in done.stderr
    assert sorted(path.name for path in desk.folder.iterdir() if path.name in ("a.html", "pages")) == []


def test_what_is_not_sound_is_written_and_said(desk: Desk) -> None:
    desk.put(
        "small.yaml", SMALL.replace("  paid: { end", "  lost: { by: agent, actions: { go-on: paid } }\n  paid: { end")
    )
    done = desk("doc", "small.yaml", "-o", "a.html")
    assert done.exit_code == 0, done.output
    assert "PF301" in done.stderr
    assert "note: written as it is, although its flow has flaws" in done.stderr
    assert (desk.folder / "a.html").exists()


def test_a_folder_that_is_a_file(desk: Desk) -> None:
    desk.put("small.yaml", SMALL)
    done = desk("doc", "small.yaml", "--all", "-o", "small.yaml")
    assert done.exit_code == 3
    assert "it is a file" in done.stderr
