"""A step whose time runs out leads on: by an event that says so, or with nothing on record of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from procflow.automaton.moves import MoveKind
from procflow.judge import CaseState, Judge
from procflow.model.clock import LateDoing, Timer
from procflow.model.event import Event, Kind, Trace
from procflow.model.procedure import Procedure
from tests.unit.monitors.stories import AT, procedure_of

ASKING = """\
roles: { agent: Writes, client: { title: Asks, external: true } }
start: draft
steps:
  draft: { by: agent, actions: { ask: waiting, send: sent } }
  waiting: { by: client, actions: { reply: draft } }
  sent: { by: agent, actions: { confirm: closed } }
  closed: { end: answered }
"""


def timed(text: str, goes: Mapping[str, str]) -> Procedure:
    """Return a procedure in which the time of these steps leads somewhere."""
    lines = []
    for line in text.splitlines():
        step, _, rest = line.partition(":")
        if step.strip() in goes:
            late = f"within: 1 day, late: {{ go-to: {goes[step.strip()]} }}"
            indent = " " * (len(step) - len(step.lstrip()) + 2)
            flow = rest.strip().startswith("{")
            line = (
                f"{step}: {{ {late}, {rest.strip()[1:]}"
                if flow
                else f"{line}\n{indent}{late.replace(', late', chr(10) + indent + 'late')}"
            )
        lines.append(line)
    return procedure_of("\n".join(lines) + "\n")


def up(step: str, to: str) -> Timer:
    return Timer(clock=step, cycle=1, mark="late", does=LateDoing.GO_TO, to=to, due=AT)


def story(words: str, goes: Mapping[str, str]) -> tuple[Event, ...]:
    """Return events as they are told: `ask`, `!waiting` of time that is up, `.` of a case that is closed."""
    found = []
    for seq, word in enumerate(words.split(), 1):
        kind = Kind.CLOSED if word == "." else Kind.TIMER if word.startswith("!") else Kind.ACTION
        name = word.strip("!.")
        timer = up(name, goes.get(name, "?")) if kind is Kind.TIMER else None
        at = AT + timedelta(minutes=seq)
        found.append(Event(case="1", seq=seq, kind=kind, action=name, occurred_at=at, timer=timer))
    return tuple(found)


def told(text: str, goes: Mapping[str, str], words: str, *, closed: bool = False) -> tuple[str, list[str], str | None]:
    """Return where a case stands, the codes of what is said of its flow, and its outcome."""
    judge = Judge(timed(text, goes))
    state = judge.run(Trace(case="1", events=story(words, goes), closed=closed))
    audit = judge.audit(state, closed=closed)
    return audit.configuration, [one.code for one in audit.deviations if one.code.startswith("DV1")], audit.outcome


BACK = {"waiting": "draft"}


def test_time_moves_a_case_with_nothing_on_record_of_it() -> None:
    assert told(ASKING, BACK, "ask send") == ("sent", [], None)
    assert told(ASKING, {}, "ask send") == ("sent", ["DV101"], None)


def test_time_that_is_on_record_moves_a_case() -> None:
    assert told(ASKING, BACK, "ask !waiting send confirm") == ("closed", [], "answered")


def test_nothing_is_taken_to_have_run_out_before_something_needs_it() -> None:
    assert told(ASKING, BACK, "ask") == ("waiting", [], None)
    assert told(ASKING, BACK, "ask reply") == ("draft", [], None)


def test_time_that_could_not_run_out_is_told_and_moves_nothing() -> None:
    judge = Judge(timed(ASKING, BACK))
    state = judge.run(Trace(case="1", events=story("send !waiting", BACK), closed=False))
    (one,) = [one for one in judge.audit(state).deviations if one.seq == 2]
    assert (one.code, one.action, one.actor) == ("DV102", None, None)
    assert one.message == "the time of “waiting” was said to be up although the case stood in “sent”"
    assert one.remedy == "a timer leads from “waiting” to “draft” only while the case stands there"
    assert told(ASKING, BACK, "send confirm !waiting") == ("closed", ["DV105"], "answered")


def test_time_of_a_step_that_leads_nowhere_here() -> None:
    judge = Judge(timed(ASKING, {}))
    state = judge.run(Trace(case="1", events=story("ask !waiting", BACK), closed=False))
    (one,) = [one for one in judge.audit(state).deviations if one.code == "DV102"]
    assert one.message == "the time of “waiting” was said to be up, which leads nowhere; the case stood in “waiting”"


def test_two_steps_that_wait_for_each_other_do_not_spin() -> None:
    text = ASKING.replace("sent: { by: agent", "later: { by: client, actions: { come: draft } }\n  sent: { by: agent")
    both = {"waiting": "later", "later": "waiting"}
    assert told(text, both, "ask come") == ("draft", [], None)
    assert told(text, both, "ask send .")[1] == ["DV101", "DV107"]


def test_a_case_that_time_alone_ends_has_ended() -> None:
    goes = {"sent": "closed"}
    assert told(ASKING, goes, "send .") == ("closed", [], "answered")
    assert told(ASKING, goes, "send", closed=True) == ("closed", [], "answered")
    assert told(ASKING, goes, "send") == ("sent", [], None)
    assert told(ASKING, {}, "send .") == ("sent", ["DV107"], None)


def test_what_time_did_silently_stands_on_the_path() -> None:
    judge = Judge(timed(ASKING, BACK))
    state = judge.run(Trace(case="1", events=story("ask send", BACK), closed=False))
    last = judge.passages(state)[-1]
    assert [(one.kind, one.name, one.left, one.entered) for one in last.skips] == [
        (MoveKind.TIMER, "timer waiting", ("waiting",), ("draft",))
    ]
    before, event = judge.positions(state)[-2:]
    assert [str(one) for one in before.happenings] == ["leaves waiting", "enters draft"]
    assert (str(before.silent), before.step, before.seq, before.performs) == ("draft", "waiting", 2, False)
    assert [str(one) for one in event.happenings] == ["send", "draft.send", "leaves draft", "enters sent"]
    assert event.silent is None


def test_what_time_did_by_an_event_is_seen_by_rules() -> None:
    judge = Judge(timed(ASKING, BACK))
    state = judge.run(Trace(case="1", events=story("ask !waiting", BACK), closed=False))
    last = judge.positions(state)[-1]
    assert [str(one) for one in last.happenings] == ["leaves waiting", "enters draft"]
    assert (last.performs, last.action, last.step) == (False, None, "waiting")


BLOCK = """\
roles: { agent: Works }
start: check
steps:
  check:
    parallel:
      left: { by: agent, actions: { look: done } }
      right:
        start: call
        steps:
          call: { by: agent, actions: { ring: note } }
          note: { by: agent, actions: { write: done } }
    then: over
  hurry: { by: agent, actions: { decide: over } }
  over: { end: done }
"""


def test_time_of_a_block_ends_its_branches() -> None:
    goes = {"check": "hurry"}
    assert told(BLOCK, goes, "look !check decide") == ("over", [], "done")
    assert told(BLOCK, goes, "look decide") == ("over", [], "done")
    assert told(BLOCK, goes, "look ring write") == ("over", [], "done")


def test_no_time_passes_in_a_block_that_is_left_as_soon_as_it_is_entered() -> None:
    text = """\
roles: { agent: Writes }
start: look
steps:
  look:
    parallel:
      first:
        only-if: times(dig) >= 1
        parallel: { deep: { by: agent, only-if: times(dig) >= 1, actions: { dig: done } } }
        then: done
    then: ask
  ask: { by: agent, actions: { close: closed } }
  closed: { end: answered }
"""
    judge = Judge(timed(text, {"look": "closed", "ask": "look"}))
    assert judge.audit(judge.run(Trace(case="1", events=(), closed=True)), closed=True).complete_cost == 1


def test_time_within_a_branch_moves_only_that_branch() -> None:
    goes = {"call": "note"}
    assert told(BLOCK, goes, "!call look write") == ("over", [], "done")
    assert told(BLOCK, goes, "look write") == ("over", [], "done")
    assert told(BLOCK, goes, "!call")[0] == "check[left:left,right:note]"


def test_nobody_leaves_by_a_timer() -> None:
    text = ASKING.replace("sent: { by: agent", "sent: { by: agent, four-eyes: draft")
    procedure = timed(text, {"draft": "sent"})
    judge = Judge(procedure)
    events = [
        replace(one, actor="ana", roles=frozenset({"agent"})) for one in story("!draft confirm", {"draft": "sent"})
    ]
    state = judge.run(Trace(case="1", events=tuple(events), closed=False))
    # That its time had not come yet is for the clocks to say.
    assert [one.code for one in judge.audit(state).deviations] == ["DV402"]


@pytest.mark.parametrize("words", ["ask send confirm .", "ask !waiting send .", "send !waiting confirm", "ask . ."])
def test_to_go_on_event_by_event_is_to_run(words: str) -> None:
    judge = Judge(timed(ASKING, BACK))
    events = story(words, BACK)
    state: CaseState = judge.begin("1")
    for event in events:
        state = judge.advance(state, event)
    assert judge.audit(state) == judge.audit(judge.run(Trace(case="1", events=events, closed=False)))


def test_status_histories_see_where_time_led() -> None:
    judge = Judge(timed(ASKING, BACK), statuses=True)
    rows = [
        Event(case="1", seq=seq, kind=Kind.STATUS, action=step, occurred_at=AT + timedelta(minutes=seq))
        for seq, step in enumerate(["draft", "waiting", "sent", "closed"], 1)
    ]
    found = judge.audit(judge.run(Trace(case="1", events=tuple(rows), closed=False)))
    assert [one.message for one in found.deviations if one.code == "DV101"] == [
        "the case never stood in “draft” before “send”"
    ]
    rows.insert(2, replace(rows[0], seq=3))
    again = [replace(one, seq=seq) for seq, one in enumerate(rows, 1)]
    found = judge.audit(judge.run(Trace(case="1", events=tuple(again), closed=False)))
    assert [one.code for one in found.deviations if one.code == "DV101"] == []
