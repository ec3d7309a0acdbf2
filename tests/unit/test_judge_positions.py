"""Positions: what rules see of a case, told along its canonical path."""

from __future__ import annotations

from dataclasses import replace

from procflow.judge import Judge
from procflow.model.event import Act, Event, Kind, Trace
from procflow.monitors.rules.position import Position
from tests.unit.monitors.exceptions import override, refused, told, waiver
from tests.unit.monitors.stories import procedure_of, trace_of

PARCEL = procedure_of("""
roles: { agent: Works, lead: Decides }
overrides: { by: lead }
start: pack
steps:
  pack: { by: agent, checklist: [fold], actions: { wrap: check } }
  check:
    parallel:
      weight: { start: scale, steps: { scale: { by: agent, actions: { weigh: done } } } }
      colour: { start: lamp, steps: { lamp: { by: agent, actions: { look: done } } } }
    then: send-off
  send-off: { by: agent, actions: { send: gone, return: pack, again: send-off } }
  gone: { end: sent }
  lost: { end: cancelled }
anytime:
  note: { to: same, by: any }
  lose: { to: lost, by: any }
  restart: { to: pack, by: any }
""")
JUDGE = Judge(PARCEL)
TO_SEND_OFF = ("ana/agent fold", "ana/agent wrap", "ana/agent weigh", "bob/agent look")


def positions(*parts: str | Event, closed: bool = False, judge: Judge = JUDGE) -> tuple[Position, ...]:
    state = judge.run(told(*parts))
    return judge.positions(state, closed=closed)


def words(position: Position) -> str:
    return ", ".join(map(str, position.happenings))


def shown(*parts: str | Event, closed: bool = False) -> list[str]:
    """Return the happenings of each position after the opening."""
    return [words(one) for one in positions(*parts, closed=closed)[1:]]


def test_the_opening_enters_the_start_step_on_record_or_not() -> None:
    (off,) = positions()
    assert (words(off), off.seq, off.at, off.performs) == ("case opens, enters pack", None, None, False)
    (on,) = positions("ana/agent opened")
    assert (words(on), on.seq, on.actor) == ("case opens, enters pack", 1, "ana")


def test_an_action_is_done_leaves_and_enters_inner_first_and_outer_first() -> None:
    assert shown(*TO_SEND_OFF, "ana/agent send") == [
        "fold, pack.fold",
        "wrap, pack.wrap, leaves pack, enters check, enters scale, enters lamp",
        "weigh, scale.weigh, leaves scale",
        "look, lamp.look, leaves lamp, leaves check, enters send-off",
        "send, send-off.send, leaves send-off, enters gone, case ends",
    ]


def test_a_step_that_leads_to_itself_is_left_and_entered() -> None:
    assert shown(*TO_SEND_OFF, "ana/agent again")[-1] == "again, send-off.again, leaves send-off, enters send-off"


def test_an_anytime_action_that_leads_elsewhere_leaves_all_that_is_active() -> None:
    assert shown(*TO_SEND_OFF[:2], "ana note", "ana restart")[2:] == [
        "note",
        "restart, leaves lamp, leaves scale, leaves check, enters pack",
    ]
    assert shown("ana/agent fold", "ana restart")[-1] == "restart, leaves pack, enters pack"


def test_what_an_explanation_skips_did_not_happen_and_what_it_leaves_out_moved_nothing() -> None:
    assert shown("ana/agent wrap")[-1].startswith("wrap, pack.wrap, leaves pack")
    assert shown("ana/agent send") == ["send"], "not due, and left out of the flow"
    assert shown("ana/agent sing") == ["sing"]


def test_a_start_performs_nothing() -> None:
    start, whole = positions("ana/agent fold...", "ana/agent fold")[1:]
    assert (words(start), start.performs) == ("starts fold", False)
    assert (words(whole), whole.performs, whole.step, whole.action) == ("fold, pack.fold", True, "pack", "fold")


def test_who_acted_and_what_was_known_come_with_it() -> None:
    (_, one) = positions("ana/agent@care>cleo fold")
    assert (one.actor, one.on_behalf_of) == ("ana", "cleo")
    assert (set(one.roles), set(one.teams)) == ({"agent"}, {"care"})
    assert (one.case, one.seq, one.at) == ("1", 1, told("ana fold").events[0].occurred_at)


def test_refused_attempts_and_waivers_have_none() -> None:
    attempts = (refused("ana/agent fold"), waiver('lea/lead "why"', "DV101"))
    assert len(positions(*attempts)) == 1


def test_the_case_ends_once() -> None:
    ended = positions(*TO_SEND_OFF, "ana/agent send", "ana/agent send", "- closed")
    assert [one.ends for one in ended] == [False] * 5 + [True, False]
    assert words(ended[-1]) == "send", "the closing is no position of its own"
    (*_, lost) = positions("ana lose")
    assert (lost.ends, lost.cancelled, words(lost)) == (True, True, "lose, leaves pack, enters lost, case ends")


def test_a_case_closed_away_from_an_end_ends_with_the_closing() -> None:
    *_, closing, after = positions("ana/agent fold", "ana closed", "ana note")
    assert (words(closing), closing.ends, closing.cancelled) == ("case ends", True, False)
    assert (words(after), after.ends) == ("note", False)


def test_a_log_that_promises_nothing_more_ends_the_case_off_the_record() -> None:
    *_, closing = positions("ana/agent fold", closed=True)
    assert (words(closing), closing.seq, closing.at, closing.ends) == ("case ends", None, None, True)
    assert closing.facts.now is not None
    assert len(positions(*TO_SEND_OFF, "ana/agent send", closed=True)) == 6


def test_an_override_enters_and_leaves_what_is_active_after_and_before() -> None:
    put = override("dan/lead -", Act.OVERRIDE, "send-off")
    (_, fold, there) = positions("ana/agent fold", put)
    assert (words(there), there.performs, fold.performs) == ("leaves pack, enters send-off", False, True)
    (_, nowhere) = positions(override("dan/lead -", Act.OVERRIDE, "nowhere"))
    assert (words(nowhere), nowhere.performs) == ("", False)
    block = override("dan/lead -", Act.OVERRIDE, "check[weight:scale,colour:done]")
    assert words(positions(block)[-1]) == "leaves pack, enters check, enters scale"


def test_what_is_done_early_is_done_then() -> None:
    early = override("dan/lead send", Act.DO_EARLY, "pack/1+{send}")
    (_, _, done, *_, last) = positions("ana/agent fold", early, *TO_SEND_OFF[1:])
    assert (words(done), done.performs, done.action) == ("send, send-off.send", True, "send")
    assert words(last) == (
        "look, lamp.look, leaves lamp, leaves check, leaves send-off, enters send-off, enters gone, case ends"
    )
    assert last.ends


def test_an_override_out_of_an_end_opens_the_case_again() -> None:
    sent = (*TO_SEND_OFF, "ana/agent send")
    *_, ended, back, again = positions(*sent, override("dan/lead send", Act.UNDO, "send-off"), "ana/agent send")
    assert (ended.ends, back.reopens, back.ends, again.ends) == (True, True, False, True)
    assert words(back) == "leaves gone, enters send-off"
    *_, lost = positions(*sent, override("dan/lead -", Act.OVERRIDE, "lost"))
    assert (lost.reopens, lost.ends, lost.cancelled) == (True, True, True)
    *_, stays = positions(*sent, override("dan/lead -", Act.OVERRIDE, "gone"))
    assert (stays.reopens, stays.ends, words(stays)) == (False, False, "")


def test_a_gap_is_told_even_where_nothing_happens() -> None:
    *_, note = positions("ana fold", "ana ~note")
    assert note.gap
    *_, gap = positions(*TO_SEND_OFF, "ana/agent send", "ana ~closed")
    assert (words(gap), gap.gap, gap.ends) == ("", True, False)


def statuses(*names: str) -> Trace:
    trace = trace_of("\n".join(f"ana {name}" for name in names))
    return replace(trace, events=tuple(replace(one, kind=Kind.STATUS) for one in trace.events))


def test_a_status_history_enters_and_leaves_what_its_rows_say_whatever_the_path() -> None:
    judge = Judge(PARCEL, statuses=True)
    seen = judge.positions(judge.run(statuses("pack", "pack", "send-off", "nonsense", "gone")))
    assert [(words(one), one.performs) for one in seen] == [
        ("case opens", False),
        ("enters pack", True),
        ("", False),
        ("leaves pack, enters send-off", True),
        ("leaves send-off, enters nonsense", True),
        ("leaves nonsense, enters gone, case ends", True),
    ]


def test_equal_moves_carry_the_very_same_happenings() -> None:
    one, other = (positions(*TO_SEND_OFF)[2] for _ in range(2))
    assert one.happenings is other.happenings
