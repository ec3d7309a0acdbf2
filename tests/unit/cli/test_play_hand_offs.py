"""`procflow play`: work that is accepted or given back, questions, and who answers for the case."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from procflow.cli import main
from tests.unit.scenarios.test_hand_offs import ORDER


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("order.yaml").write_text(ORDER, "utf-8")


def play(*typed: str) -> str:
    text = "".join(f"{line}\n" for line in typed)
    done = CliRunner().invoke(main, ["play", "order.yaml"], input=text, env={"COLUMNS": "140", "NO_COLOR": "1"})
    assert done.exit_code == 0, done.output
    return done.output


HANDED = ("take-case", "ask-for-part", "", "", "")


def test_what_is_on_offer_and_who_answers_for_the_case_is_said() -> None:
    told = play(*HANDED)
    assert "answers    nobody" in told.partition("> take-case")[0]
    after = told.partition("Done: ask-for-part by engineer")[2]
    assert (
        "on offer   to buyer: Orders. Accept it (accept-hand-off) or begin with anything in it, or give it back"
        in after
    )
    assert "answers    coordinator" in after


def test_the_case_is_not_let_go_before_somebody_answers_for_it() -> None:
    told = play("ask-for-part")
    assert "Refused: ask-for-part by engineer" in told
    assert "DV601 no-accountable-owner" in told


def test_accepted_work_is_theirs_and_cannot_be_given_back() -> None:
    told = play(*HANDED, "accept-hand-off", "refuse-hand-off")
    assert "turn of    buyer: Orders" in told.partition("Done: accept-hand-off by buyer")[2]
    assert "Refused: refuse-hand-off by buyer" in told


def test_whoever_gives_work_back_says_why_and_nothing_else() -> None:
    told = play(*HANDED, "refuse-hand-off", "not for us", "3")
    asked = told.partition("> refuse-hand-off")[2]
    assert "reason [for a reason]: not for us" in asked
    assert "Why is it given back?" in asked
    assert "refused_for (1 missing: Something is missing, 2 form: It is not on our form, 3 not-ours: " in asked
    assert "Done: refuse-hand-off by buyer" in asked
    assert "quantity (" not in asked.partition("Done: refuse-hand-off by buyer")[0]


def test_a_question_goes_to_somebody_else_and_is_answered_by_them() -> None:
    told = play("ask", "", "", "answer")
    assert "asked_whom (text) [buyer]: " in told
    assert "still owed: answer, by buyer" in told
    assert "Done: answer by buyer" in told


def test_what_nobody_accepts_is_offered_to_others() -> None:
    told = play(*HANDED, "wait until order.acceptance is late", "as deputy", "place", "save It is late")
    assert "order.acceptance is late: the work is offered to deputy, too" in told
    assert "Done: place by deputy" in told
    assert "late: [order.acceptance]" in told


def test_help_tells_of_hand_offs_where_there_are_any() -> None:
    assert "Work on offer is accepted with `accept-hand-off`, or by doing anything in its step." in play("help")


def test_a_number_that_is_none_is_told_in_whole_words() -> None:
    told = play("take-case", "ask-for-part", "", "none")
    assert "; None" not in told
