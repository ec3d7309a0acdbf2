"""What `save` prints can be pasted: the scenario comes out as the walk did, whatever was done in it."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from procflow.cli import main
from procflow.resources import shipped
from tests.unit.cli.test_play import LOAN, PEOPLE

ANSWERS = ("",) * 8
"""Enough empty answers for any action; what is left of them only shows the list again."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("loan.yaml").write_text(LOAN, "utf-8")
    Path("people.yaml").write_text(PEOPLE, "utf-8")
    return tmp_path


def saved(file: str, typed: list[str], *words: str) -> str:
    """Play, save, and return what is to be pasted."""
    text = "".join(f"{line}\n" for line in [*typed, "save It was like this"])
    done = CliRunner().invoke(main, ["play", file, *words], input=text, env={"NO_COLOR": "1"}, prog_name="procflow")
    assert done.exit_code == 0, done.output
    return done.stdout.rpartition("longer comes out.\n\n")[2].partition("\n\n> ")[0] + "\n"


def tried(file: str, story: str) -> str:
    """Paste a story at the end of a file, check and test it, and return what was told."""
    pasted = Path("pasted.yaml")
    pasted.write_text(Path(file).read_text("utf-8") + story, "utf-8")
    done = CliRunner().invoke(main, ["test", "pasted.yaml", "-k", "It was like this"], prog_name="procflow")
    assert done.exit_code == 0, f"{story}\n{done.output}"
    return done.output


def test_a_walk_that_follows_the_procedure() -> None:
    story = saved("loan.yaml", ["1", "1", "propose", "a ladder", "80", "2", "wait 2days", "1"])
    assert (
        story
        == """\
scenarios:
  - scenario: It was like this
    do:
      - clerk greet
      - clerk listen
      - { by: clerk, action: propose, data: { thing: a ladder, worth: "80", size: large } }
      - wait 2 days
      - borrower bring-back
    expect: { stands: shelf }
"""
    )
    assert "  pass  It was like this" in tried("loan.yaml", story)


def test_what_was_refused_is_a_remark_and_what_was_done_anyway_is_expected() -> None:
    typed = [
        "as ana",
        "1",
        "1",
        "propose",
        "",
        "900",
        "",
        "approve",
        "anyway approve",
        "as mia for borrower",
        "bring-back",
    ]
    story = saved("loan.yaml", typed, "--people", "people.yaml")
    assert "    people: { ana: [boss, clerk], mia: clerk }\n" in story
    assert "      # refused: approve by ana, DV202 four-eyes\n      - ana approve\n" in story
    assert "{ by: mia, action: bring-back, on-behalf-of: borrower }" in story
    assert story.endswith("expect: { stands: shelf, deviations: [DV202] }\n")
    tried("loan.yaml", story)


def test_what_was_left_out_is_said() -> None:
    story = saved("loan.yaml", ["anyway propose", "-", "", ""])
    assert "without: [greet, listen, thing]" in story
    tried("loan.yaml", story)


def test_two_walks_have_two_names() -> None:
    text = LOAN + saved("loan.yaml", ["1"]).replace("It was like this", "A walk of 1 moves that stands in ask")
    Path("loan.yaml").write_text(text, "utf-8")
    done = CliRunner().invoke(main, ["play", "loan.yaml"], input="1\nsave\n", prog_name="procflow")
    assert "  - scenario: A walk of 1 moves that stands in ask (2)\n" in done.stdout


def test_nothing_done_is_nothing_to_tell() -> None:
    done = CliRunner().invoke(main, ["play", "loan.yaml"], input="wait 2 days\nsave\n", prog_name="procflow")
    assert "Nothing was done yet" in done.stdout


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", ["loan", "complaint", "handoff", "incident", "service-request", "sla-agreement"])
def test_any_walk_comes_out_as_it_was(name: str, seed: int) -> None:
    file = "loan.yaml" if name == "loan" else str(shipped("procedures") / f"{name}.yaml")
    rng = Random(f"{name}{seed}")
    typed: list[str] = []
    for _ in range(rng.randint(3, 14)):
        number = rng.choice([1, 1, 1, 2, 3, 4, 5])
        typed.append(f"anyway {number}" if rng.random() < 0.25 else str(number))
        typed.extend(rng.choice([("-", *ANSWERS), ANSWERS, ANSWERS]))
        if rng.random() < 0.2:
            typed.append(rng.choice(["wait 3 hours", "back", "as anyone"]))
    tried(file, saved(file, ["1", *ANSWERS, *typed]))
