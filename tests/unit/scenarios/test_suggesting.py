"""Suggesting: few stories, the shortest, each of which passes; and how they get into the file."""

from __future__ import annotations

import pytest

from procflow.errors import ProcflowError
from procflow.judge import Judge
from procflow.loading.procedure import read_procedure
from procflow.model.scenario import Doing
from procflow.scenarios.coverage import covered, points_of
from procflow.scenarios.inserting import with_scenarios
from procflow.scenarios.suggesting import Suggestions, suggest
from procflow.scenarios.testing import run_all, trial_of
from tests.unit.scenarios.desk import REFUND, procedure


def suggestions(text: str = REFUND) -> Suggestions:
    judge = Judge(procedure(text=text))
    return suggest(judge, tuple(points_of(judge.procedure)))


def stories(found: Suggestions) -> list[str]:
    return [
        f"{one.scenario.title['']}: "
        + ", ".join(f"{each.by} {each.action}" for each in one.scenario.doings if isinstance(each, Doing))
        for one in found.found
    ]


def test_everything_a_procedure_controls_can_be_shown() -> None:
    found = suggestions()
    assert [one.name for one in found.out_of_reach] == []
    text = with_scenarios(REFUND, "refund.yaml", [one.text for one in found.found])
    loaded = read_procedure(text, "refund.yaml")
    assert loaded.procedure is not None
    judge = Judge(loaded.procedure)
    trial = trial_of(judge, run_all(judge))
    assert trial.findings == ()
    assert trial.coverage is not None
    assert trial.coverage.missing == ()


def test_few_stories_show_much() -> None:
    ordinary = [one for one in suggestions().found if not one.scenario.expect.deviations]
    shown = sum(len(one.shows) for one in ordinary)
    assert len(ordinary) <= 5
    assert shown >= 22


def test_what_is_shown_already_is_not_suggested_again() -> None:
    judge = Judge(
        procedure("""
- scenario: All
  given: { amount: 80, urgent: true }
  do: [agent propose, { by: lead, action: send-back }, agent propose, lead agree, agent transfer-money]
  expect: { ends: paid }
""")
    )
    missing = covered(judge.automaton, run_all(judge)).missing
    found = suggest(judge, missing)
    assert {point for one in found.found for point in one.shows} == set(missing)


def test_data_are_chosen_for_the_way_and_given_anew_where_it_needs_them_to_be() -> None:
    text = """
procflow: 1
procedure: p
version: "1"
roles: { agent: A, boss: B }
data: { amount: number }
start: ask
steps:
  ask: { by: agent, collect: [amount], actions: { ask-for: [{ to: look, when: amount > 10 }, { to: over, when: amount == 3 }] } }
  look: { by: boss, four-eyes: ask, actions: { again: { to: ask, when: amount < 100 } } }
  over: { end: finished }
"""
    found = suggestions(text)
    assert [one.name for one in found.out_of_reach] == [], stories(found)
    longest = max((one for one in found.found), key=lambda one: len(one.scenario.doings))
    assert longest.scenario.expect.ends == "finished"
    assert longest.scenario.given == {"amount": 11}
    assert [dict(one.data) for one in longest.scenario.doings if isinstance(one, Doing)] == [{}, {}, {"amount": 3}]


def test_four_eyes_get_a_second_person_or_the_same_one() -> None:
    text = """
procflow: 1
procedure: p
version: "1"
roles: { agent: A }
start: write
steps:
  write: { by: agent, actions: { hand-in: check } }
  check: { by: agent, four-eyes: write, actions: { agree: over } }
  over: { end: finished }
"""
    told = stories(suggestions(text))
    assert told[0] == "Finished after hand-in, agree: agent hand-in, another-agent agree"
    assert "One person on both sides of the four eyes of check: ana hand-in, ana agree" in told


def test_a_field_may_say_who_acts() -> None:
    text = """
procflow: 1
procedure: p
version: "1"
roles: { agent: A }
data: { team_to_do_it: team, whom: person }
start: write
steps:
  write: { by: agent, collect: [team_to_do_it, whom], actions: { hand-in: work } }
  work: { by: { field: team_to_do_it }, actions: { do-it: check } }
  check: { by: { field: whom }, actions: { agree: over } }
  over: { end: finished }
"""
    first = suggestions(text).found[0]
    assert not first.scenario.expect.deviations
    assert first.text.splitlines()[1:4] == [
        "    people: { some-team-member: { teams: [some-team] }, ana: [] }",
        "    given: { team_to_do_it: some-team, whom: ana }",
        "    do: [agent hand-in, some-team-member do-it, ana agree]",
    ]


@pytest.mark.parametrize("effort", [0, 2_000, 20_000, 200_000])
def test_a_search_that_gives_up_says_what_it_left(effort: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("procflow.scenarios.searching._MOST_EFFORT", effort)
    judge = Judge(procedure(text=REFUND))
    points = tuple(points_of(judge.procedure))
    found = suggest(judge, points)
    told = {point.key for one in found.found for point in one.shows} | {point.key for point in found.out_of_reach}
    assert told == {point.key for point in points}
    assert effort or not found.found


def test_what_nobody_can_reach_is_said() -> None:
    text = """
procflow: 1
procedure: p
version: "1"
start: first
data: { amount: number }
steps:
  first: { by: any, collect: [amount], actions: { go: { to: over, when: amount > 3 and amount < 2 }, leave: over } }
  island: { by: any, actions: { swim: over } }
  over: { end: finished }
"""
    assert {one.name for one in suggestions(text).out_of_reach} == {
        "first: go when amount > 3 and amount < 2: true",
        "island",
        "island: swim",
        "DV101 step-skipped",
        "DV102 unexpected-action",
    }


def test_branches_that_wait_for_each_other_are_gone_through_in_every_order() -> None:
    text = """
procflow: 1
procedure: p
version: "1"
start: both
steps:
  both:
    parallel:
      one: { by: any, actions: { wait-for-two: { to: done, when: times(two-done) > 0 } } }
      two: { by: any, actions: { two-done: done } }
    then: over
  over: { end: finished }
"""
    lost = [one.name for one in suggestions(text).out_of_reach]
    assert lost == ["DV101 step-skipped"]


# --- into the file -------------------------------------------------------------------------------------------------

STORY = "  - scenario: New\n    do: [agent propose]\n    expect: { stands: approve }\n"


def test_a_file_without_scenarios_gets_them_at_its_end() -> None:
    whole = with_scenarios(REFUND.rstrip("\n"), "refund.yaml", [STORY, STORY.replace("New", "Newer")])
    assert whole.startswith(REFUND)
    assert whole[len(REFUND) :] == f"\nscenarios:\n{STORY}\n{STORY.replace('New', 'Newer')}"


def test_what_is_there_stays_as_it_is_comments_included() -> None:
    text = REFUND.replace(
        "anytime:",
        "scenarios: # stories\n    - scenario: Old # by hand\n      do: [agent thank]\n"
        "      expect: { stands: prepare } # so far\n# the rest\nanytime:",
    )
    whole = with_scenarios(text, "refund.yaml", [STORY])
    added = "\n    - scenario: New\n      do: [agent propose]\n      expect: { stands: approve }\n"
    assert whole == text.replace(" # so far\n", f" # so far\n{added}")
    windows = with_scenarios(text.replace("\n", "\r\n"), "refund.yaml", [STORY])
    assert windows == whole.replace("\n", "\r\n")


def test_what_stands_in_brackets_is_left_alone() -> None:
    text = REFUND + "scenarios: [{ scenario: Old, do: [agent thank], expect: { stands: prepare } }]\n"
    with pytest.raises(ProcflowError, match="stands in brackets"):
        with_scenarios(text, "refund.yaml", [STORY])
    with pytest.raises(ProcflowError, match="cannot be put into"):
        with_scenarios(REFUND, "refund.yaml", [STORY, STORY])


def test_nothing_to_write_changes_nothing() -> None:
    assert with_scenarios(REFUND, "refund.yaml", []) == REFUND
