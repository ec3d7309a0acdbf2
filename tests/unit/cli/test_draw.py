"""`procflow draw`: what it writes where, and what it says of a procedure that is not sound."""

from __future__ import annotations

import sys

import pytest

from tests.unit.cli.desk import PROCEDURE, Desk


def test_a_picture_by_the_name_of_its_file(desk: Desk) -> None:
    for name, begin in (("a.svg", "<?xml"), ("a.mmd", "---\ntitle:"), ("a.md", "```mermaid\n---\n")):
        done = desk("draw", "complaint.yaml", "-o", name)
        assert (done.exit_code, done.stdout) == (0, ""), done.output
        assert (desk.folder / name).read_text("utf-8").startswith(begin)


def test_a_picture_on_stdout(desk: Desk) -> None:
    assert desk("draw", "complaint.yaml").stdout.endswith("</svg>\n")
    assert "flowchart TB" in desk("draw", "complaint.yaml", "--format", "mermaid").stdout
    assert "flowchart LR" in desk("draw", "complaint.yaml", "--format", "mermaid", "--direction", "right").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-o", "a.png"), "procflow writes .svg, .mmd or .md"),
        (("-o", "a.svg", "--format", "mermaid"), "contradict each other"),
        (("--theme", "pink"), "pink"),
        (("--language", "xx"), "there are titles or words in en, fa, ro, ru, pl"),
    ],
)
def test_what_cannot_be_meant_is_refused(desk: Desk, words: tuple[str, ...], said: str) -> None:
    done = desk("draw", "complaint.yaml", *words)
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_file_with_errors_is_not_drawn(desk: Desk) -> None:
    desk.put("complaint.yaml", PROCEDURE.replace("collect: [ours]", "colect: [ours]"))
    done = desk("draw", "complaint.yaml", "-o", "a.svg")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "error PF102" in done.stderr
    assert not (desk.folder / "a.svg").exists()


def test_what_is_not_sound_is_drawn_and_said(desk: Desk) -> None:
    desk.put("complaint.yaml", PROCEDURE + "  lost: { by: lead, actions: { come-back: intake } }\n")
    done = desk("draw", "complaint.yaml", "--language", "FA")
    assert done.exit_code == 0
    assert 'data-step="lost"' in done.stdout
    assert 'direction="rtl"' in done.stdout
    assert "PF301" in done.stderr
    assert "drawn as it is" in done.stderr


def test_without_the_layout_engine_it_is_said_what_to_do(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "graphlay", None)
    done = desk("draw", "complaint.yaml", "-o", "a.svg")
    assert done.exit_code == 3
    assert "pip install 'graphlay>=" in done.stderr
    assert not (desk.folder / "a.svg").exists()
