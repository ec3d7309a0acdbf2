"""`procflow play`: sessions as they are typed, from a pipe; each reads as a transcript."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from procflow.cli import main

LOAN = """\
procflow: 1
procedure: loan
version: "1"
title: { en: A thing is lent, ro: Un obiect este împrumutat }
author: ana
effective: { from: 2026-12-01 }
roles:
  clerk: { title: { en: Lends things, ro: Împrumută obiecte } }
  boss: Says yes or no
  borrower: { title: Wants it, external: true }
data:
  thing: { type: text, ask: { en: What is wanted?, ro: Ce se dorește? } }
  worth: { type: money, currency: EUR, ask: What is it worth? }
  size: { type: choice, of: [small, large] }
  until: date
  back_at: instant
  parts: { type: list, of: text }
  fits: yes-no
start: ask
steps:
  ask:
    title: { en: Take the wish down, ro: Notează dorința }
    by: clerk
    checklist: [greet, listen]
    collect: [thing, worth]
    optional: [size]
    actions:
      propose:
        - { to: approval, when: worth > 500 }
        - { to: out, otherwise: true }
      refuse: { to: refused, reason: required, evidence: [letter], when: worth > 10000 }
  approval:
    by: boss
    four-eyes: ask
    actions: { approve: out, send-back: ask }
  out:
    waiting-for: { party: borrower }
    actions: { bring-back: shelf }
  shelf:
    by: clerk
    collect: [fits, until, back_at, parts]
    actions: { put-away: { to: done-with, when: fits } }
  done-with: { end: lent, title: Back on the shelf }
  refused: { end: refused }
titles:
  small: { en: fits into a bag }
anytime:
  call: { to: same, by: any, title: Call the borrower }
"""

PEOPLE = """\
people:
  ana: { roles: [clerk, boss] }
  dan: { roles: [boss] }
  mia: { roles: [clerk] }
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("loan.yaml").write_text(LOAN, "utf-8")
    Path("people.yaml").write_text(PEOPLE, "utf-8")
    return tmp_path


def play(*typed: str, words: tuple[str, ...] = ()) -> str:
    done = result(*typed, words=words)
    assert done.exit_code == 0, done.output
    return done.output


def result(*typed: str, words: tuple[str, ...] = ()) -> Result:
    text = "".join(f"{line}\n" for line in typed)
    environment = {"COLUMNS": "100", "NO_COLOR": "1"}
    return CliRunner().invoke(main, ["play", "loan.yaml", *words], input=text, env=environment, prog_name="procflow")


def after(told: str, typed: str) -> str:
    """What was shown after the last `> typed`, up to the next prompt."""
    return told.rpartition(f"\n> {typed}\n")[2].partition("\n\n> ")[0].strip("\n")


pytestmark = pytest.mark.usefixtures("folder")


def test_where_the_case_stands_and_what_may_be_done() -> None:
    told = play("quit")
    assert told.endswith(
        """
Take the wish down (ask)  2026-12-01 09:00 UTC
  turn of    clerk: Lends things
  checklist  [ ] greet [ ] listen
What may be done
  1  greet    by clerk
  2  call     Call the borrower; by clerk; at any time
What would deviate
  3  listen   first greet
  4  propose  first greet, listen
  5  refuse   first greet, listen

> quit
The walk is over; nothing was kept.
"""
    )


def test_from_the_first_step_to_the_end_on_empty_answers() -> None:
    told = play("1", "1", "propose", "", "900", "", "1", "1", "1", "", "", "", "", "picture")
    assert "The case has ended: Back on the shelf (done-with)" in told
    assert "Nothing in it deviates." in told
    assert (
        after(told, "picture")
        == """\
o  2026-12-01 09:00 UTC  the case opens
|
v  Take the wish down (ask)
|  - greet by clerk
|  - listen by clerk
|  - propose by clerk; thing = a sample, worth = 900
|
v  approval
|  - approve by boss
|
v  out
|  - bring-back by borrower
|
v  shelf
|  - put-away by clerk; back_at = 2026-12-08T09:00:00Z, fits = true, parts = a sample, until =
|    2026-12-08
|
v  Back on the shelf (done-with)
*  the end"""
    )


def test_it_asks_for_what_an_action_needs_until_it_fits() -> None:
    told = play("1", "1", "propose", "a ladder", "much", "80", "2")
    assert (
        """\
> propose
  What is wanted?
  thing (text) [a sample]: a ladder
  What is it worth?
  worth (money in EUR) [1 EUR]: much
"""
        in told
    )
    assert "  that does not fit: expected money" in told
    assert "\n  size (1 small: fits into a bag, 2 large) [leave it out]: 2\nDone: propose by clerk\n" in told
    assert 'known      size = "large", thing = "a ladder", worth = 80 EUR' in told


def test_forms_of_answers() -> None:
    told = play("1", "1", "propose", "x", "1", "", "1", "put-away", "y", "2 days", "4 hours", "a, b", "data")
    assert "2026-12-03" in after(told, "data")
    assert '["a", "b"]' in after(told, "data")
    assert "2026-12-01T13:00:00Z" in after(told, "data")


def test_what_stands_in_the_way_is_refused_and_why() -> None:
    told = play("as boss", "greet", "why propose", "people")
    assert after(told, "greet").startswith(
        """\
Refused: greet by boss
  Nothing was done; the case stays where it was.
  DV201 wrong-role  major
  “greet” is for clerk; boss holds boss
"""
    )
    assert "who could do it: clerk (clerk, clerk-2)" in after(told, "greet")
    assert "loan.yaml:24" in after(told, "greet")
    assert after(told, "why propose").startswith("Not now: propose\n")


def test_why_tells_where_an_action_leads() -> None:
    told = play("1", "1", "why propose")
    assert (
        after(told, "why propose")
        == """\
Nothing is in the way: propose
  clerk may do it
  it needs thing, worth
  it leads to approval when worth > 500
  it leads to out, otherwise"""
    )


def test_four_eyes_with_the_people_there_are() -> None:
    told = play(
        "as ana", "1", "1", "propose", "", "900", "", "approve", "as anyone", "1", words=("--people", "people.yaml")
    )
    assert "Refused: approve by ana" in told
    assert "DV202 four-eyes" in told
    assert "who could do it: boss (dan)" in told
    assert "Done: approve by dan" in told


def test_the_second_of_a_role_where_nobody_says_who_is_who() -> None:
    told = play("as boss clerk", "1", "1", "propose", "", "900", "", "as anyone")
    assert "  1  approve    by boss-2\n" in after(told, "as anyone")


def test_somebody_made_up_and_acting_for_the_borrower() -> None:
    told = play("as eva clerk boss", "1", "as eva for borrower", "as zoe", "as eva pilot", "as")
    assert "Done: greet by eva" in told
    assert "Nobody is called 'zoe' here." in told
    assert "There is no role 'pilot'; there are clerk, boss, borrower." in told
    assert "  eva         boss, clerk" in after(told, "as")


def test_anyway_shows_what_an_audit_would_find() -> None:
    told = play("anyway propose", "", "", "", "picture", "1")
    assert "Done although it deviates: propose by clerk" in told
    assert "An audit of the record would say:" in told
    assert "DV101 step-skipped" in told or "DV102" in told
    assert "the case has left its procedure" in told
    assert "|  ! propose by clerk" in after(told, "picture")


def test_what_deviates_later_is_refused_also_after_anyway() -> None:
    told = play("anyway propose", "", "", "", "as boss", "greet", "back", "back", "list")
    assert "Refused: greet by boss" in told
    assert "Taken back: greet by boss (it was refused)." in told
    assert "Taken back: propose by clerk." in told
    assert "left its procedure" not in after(told, "list")


def test_back_takes_back_moves_and_waits() -> None:
    told = play("back", "1", "wait 2 days", "back", "back", "list")
    assert "This is where the case opened: there is nothing to take back." in told
    assert "It is 2026-12-03 09:00 UTC." in told
    assert "Taken back: the wait of 2 days." in told
    assert "Taken back: greet by clerk." in told
    assert "[ ] greet" in after(told, "list")


def test_time_moves_only_by_waiting() -> None:
    told = play("1", "wait 1 week", "1", "wait", "wait 2 working days", "wait 9999 weeks", "list")
    assert "Type how long" in after(told, "wait")
    assert "`2 working days` is working time, and there is no calendar to count it on." in told
    assert "9999 weeks is more than a century" in told


def test_titles_and_questions_in_another_language() -> None:
    told = play("1", "1", "propose", words=("--language", "ro"))
    assert told.startswith("Un obiect este împrumutat  loan 1\n")
    assert "Notează dorința (ask)" in told
    assert "clerk: Împrumută obiecte" in told
    assert "  Ce se dorește?\n  thing (text) [a sample]: " in told
    told = play("1", "1", "propose", "", "", words=("--language", "en"))
    assert "  size (1 small: fits into a bag, 2 large) [leave it out]: " in told
    wrong = result(words=("--language", "de"))
    assert wrong.exit_code == 2
    assert "'de': loan has titles in en, ro." in wrong.output


def test_wrong_words_are_told_with_what_was_meant() -> None:
    told = play("lsit", "99", "why", "why 0", "greeet", "")
    assert "There is no 'lsit' here; did you mean `list`?" in told
    assert "There is no number 99 in the list; `list` shows it again." in told
    assert "Say which: a number of the list" in told
    assert "There is no 'greeet' here; did you mean `greet`?" in told


def test_help_lists_what_can_be_typed() -> None:
    told = after(play("help"), "help")
    for word in ("why", "anyway", "as", "wait", "back", "list", "data", "people", "picture", "save", "quit"):
        assert re.search(rf"^  {word}\b", told, re.MULTILINE), word


def test_leaving_out_what_is_needed_is_refused() -> None:
    told = play("1", "1", "propose", "-", "", "")
    assert "Refused: propose by clerk" in told
    assert "DV301" in told


def test_a_question_can_be_left() -> None:
    lines = " ".join(play("1", "1", "1", "?", "/back", "back", "back", "back", "quit").split())
    assert "`/back` leaves the action" in lines
    assert "Left as it was." in lines
    assert "This is where the case opened" in lines


def test_the_input_may_end_anywhere() -> None:
    assert play().endswith("> \nThe walk is over; nothing was kept.\n")
    assert play("1", "1", "propose").endswith("[a sample]: \nThe walk is over; nothing was kept.\n")


def test_nothing_can_be_done_after_the_end() -> None:
    told = play(
        "1", "1", "propose", "", "1", "", "1", "put-away", "", "", "", "", "greet", "wait 1 day", "back", "back"
    )
    assert "The case has ended; `back` takes the last move back." in told


def test_a_file_that_does_not_hold_together_cannot_be_played() -> None:
    Path("loan.yaml").write_text(LOAN.replace("{ approve: out,", "{ approve: ouf,"), "utf-8")
    done = result()
    assert done.exit_code == 1
    assert "PF201" in done.output
    assert CliRunner().invoke(main, ["play", "-"]).exit_code == 2
    assert CliRunner().invoke(main, ["play", "nothing.yaml"]).exit_code == 3
