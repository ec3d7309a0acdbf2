"""What is left to translate into one language."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from procflow.cli import main
from procflow.lint.translation import lacking
from procflow.loading.procedure import read_procedure

SAMPLE = """\
procflow: 1
procedure: sample
version: "1.0"
title: { en: Sample, fa: نمونه }
roles:
  agent: { name: { en: Agent }, title: { en: Writes, fa: می‌نویسد } }
data:
  gravity: { type: choice, of: [small, large], ask: How bad? }
start: intake
steps:
  intake:
    title: { en: Take it in, fa: دریافت }
    by: agent
    collect: [gravity]
    actions: { accept: { to: closed, evidence: [letter] } }
  closed: { end: answered, title: { en: Answered, fa: پاسخ داده شد } }
titles:
  small: { en: Small, fa: کوچک }
  large: { en: Large }
"""


def told(text: str, language: str) -> list[str]:
    loaded = read_procedure(text.encode(), "sample.yaml")
    assert loaded.procedure is not None
    return [f"{one.where.line}: {one.message}" for one in lacking(loaded.procedure, language) if one.where]


def test_everything_that_lacks_a_language_is_told_once_and_in_order() -> None:
    assert told(SAMPLE, "fa") == [
        "6: the name of the role `agent` is not given in fa",
        "8: the question for `gravity` is not given in fa",
        "15: the title of `accept` is missing: people read the id",
        "15: the title of `letter` is missing: people read the id",
        "16: the title of `answered` is missing: people read the id",
        "19: the title of `large` is not given in fa",
    ]


def test_a_rule_without_a_title_lacks_nothing() -> None:
    text = SAMPLE + "rules:\n  a: { must-happen: accept, title: { en: Accept } }\n  b: { never: accept }\n"
    assert told(text, "fa")[-1] == "21: the title of the rule `a` is not given in fa"
    assert told(text, "en") == told(SAMPLE, "en")


def test_a_text_without_a_language_is_in_that_of_the_title() -> None:
    assert not [one for one in told(SAMPLE, "en") if "not given" in one]
    assert "8: the question for `gravity` is not given in ru" in told(
        SAMPLE.replace("{ en: Sample, fa: نمونه }", "Sample"), "ru"
    )


def test_check_tells_it_and_fails_nobody(tmp_path: Path) -> None:
    (tmp_path / "sample.yaml").write_text(SAMPLE, "utf-8")
    done = CliRunner().invoke(main, ["check", "--language", "ro", str(tmp_path / "sample.yaml")])
    assert done.exit_code == 0
    assert "PF905: the title of the procedure is not given in ro" in done.output
    wrong = CliRunner().invoke(main, ["check", "--language", "Persian", str(tmp_path / "sample.yaml")])
    assert wrong.exit_code == 2
    assert "no code of a language" in wrong.output


def test_who_wants_another_kind_of_file_is_told_the_way(tmp_path: Path) -> None:
    (tmp_path / "sample.yaml").write_text(SAMPLE, "utf-8")
    for command, name, way in (
        ("doc", "x.pdf", "print it to PDF"),
        ("doc", "x.docx", "word processor"),
        ("draw", "x.png", "SVG"),
    ):
        done = CliRunner().invoke(main, [command, str(tmp_path / "sample.yaml"), "-o", str(tmp_path / name)])
        assert done.exit_code == 2
        assert way in done.output
