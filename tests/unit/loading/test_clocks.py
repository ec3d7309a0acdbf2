"""Clocks and the time of steps: every key as it is read, and what is said where one was written wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest

from procflow.calendars.length import Length, Unit
from procflow.errors import Finding, Severity, SourceSpan
from procflow.expressions.types import Choice, Instant, Text
from procflow.loading.lengths import length_of
from procflow.loading.mending import mend
from procflow.loading.procedure import read_procedure
from procflow.model.clock import Clock, ClockKind, Graded, LateDoing, OnChange, Promised, Reopening
from procflow.model.procedure import Procedure
from procflow.model.rule import Happening, HappeningKind

FILE = """\
procflow: 1
procedure: sample
version: "1.0"
calendar: office
roles:
  agent: Writes to the client
  lead: Answers for the agents
  client: { title: Who complains, external: true }
  vendor: { title: Repairs, external: supplier }
data:
  priority: { type: choice, of: [p1, p2] }
  urgent: yes-no
  floor: number
  reported_at: instant
  delivery: date
  cause: text
  paid: { type: money, currency: EUR }
start: intake
steps:
  intake:
    by: agent
    optional: [priority, urgent, floor, reported_at, delivery, cause, paid]
    actions: { accept: work, ask: { to: waiting, at-most: 3 } }
  waiting:
    waiting-for: { party: client, asked: required }
    actions: { replied: work, wrote: { to: same } }
  work:
    parallel:
      one: { by: agent, actions: { one-done: done } }
      many:
        start: first
        steps:
          first: { by: vendor, actions: { first-done: second } }
          second: { by: lead, actions: { second-done: done } }
    then: reply
  reply: { by: agent, actions: { send: closed } }
  closed: { end: answered }
anytime:
  update: { to: same, by: any }
clocks:
"""
SLIPS = (Path(__file__).parent / "slips_of_time.txt").read_text("utf-8").split("\n\n")


def changed(old: str, new: str) -> str:
    assert old in FILE
    return FILE.replace(old, new, 1).removesuffix("clocks:\n")


def procedure(text: str) -> Procedure:
    loaded = read_procedure(text, "a.yaml")
    assert loaded.procedure is not None, loaded.findings
    return loaded.procedure


def clock(text: str) -> Clock:
    """Return the clock of one line of `clocks:`."""
    (one,) = procedure(f"{FILE}  {text}\n").clocks
    return one


def action(name: str) -> Happening:
    return Happening(kind=HappeningKind.ACTION, name=name)


def entering(name: str) -> Happening:
    return Happening(kind=HappeningKind.ENTERS, name=name)


OPENS, ENDS = Happening(kind=HappeningKind.OPENS), Happening(kind=HappeningKind.ENDS)
TWO_DAYS = Length(count=2, unit=Unit.DAY)


# --- lengths -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("30 minutes", Length(count=30, unit=Unit.MINUTE)),
        ("1 hour", Length(count=1, unit=Unit.HOUR)),
        ("2 weeks", Length(count=2, unit=Unit.WEEK)),
        ("6 months", Length(count=6, unit=Unit.MONTH)),
        ("1 year", Length(count=1, unit=Unit.YEAR)),
        ("30 working minutes", Length(count=30, unit=Unit.MINUTE, working=True)),
        ("8 business hours", Length(count=8, unit=Unit.HOUR, working=True)),
        ("2 Working Days", Length(count=2, unit=Unit.DAY, working=True)),
        ("2 working weeks", None),
        ("2d", None),
        ("1.5 hours", None),
        ("", None),
    ],
)
def test_a_length_is_a_number_and_a_unit(text: str, length: Length | None) -> None:
    assert length_of(text) == length


# --- clocks as they are read ---------------------------------------------------------------------------------------


def test_a_clock_of_few_words_is_a_promise_to_the_client_from_the_opening_to_the_end() -> None:
    one = clock("answer: { within: 2 working days }")
    assert (one.id, one.kind, one.to, one.step) == ("answer", ClockKind.TIMER, Promised.CLIENT, None)
    assert (one.starts, one.stops) == ((OPENS,), (ENDS,))
    assert one.within == Graded(otherwise=Length(count=2, unit=Unit.DAY, working=True))
    assert (one.on_change, one.reopening, one.calendar, one.severity) == (
        OnChange.KEEP_ELAPSED,
        Reopening.NEW_CYCLE,
        None,
        None,
    )
    assert one.where == SourceSpan(file="a.yaml", line=41, column=3, end_line=41, end_column=37)


def test_all_that_can_be_said_of_a_timer_is_read() -> None:
    one = clock(
        "answer: { to: supplier, title: { en: Answer }, from: [accept, leaves work], until: enters reply, cancelled-by: update,"
        " when: urgent, within: { depends-on: priority, p1: 4 working hours, otherwise: 2 days }, calendar: 24x7,"
        " paused-in: waiting, max-pause: 10 working hours, resumed-by: wrote, warn: { at: [50%, 80%], notify: lead },"
        " late: [{ notify: lead }, { after: 4 working hours, escalate: lead }], on-change: retroactive,"
        " reopen: continue, reopen-within: 5 days, severity: minor }"
    )
    assert (one.to, dict(one.title), one.severity) == (Promised.SUPPLIER, {"en": "Answer"}, Severity.MINOR)
    assert one.starts == (action("accept"), Happening(kind=HappeningKind.LEAVES, name="work"))
    assert (one.stops, one.cancels) == ((entering("reply"),), (action("update"),))
    assert one.when is not None
    assert one.when.text == "urgent"
    assert one.within is not None
    assert (one.within.by, [str(length) for length in one.within.all]) == ("priority", ["4 working hours", "2 days"])
    assert one.calendar == Graded(otherwise="24x7")
    assert (one.paused_in, str(one.max_pause), one.resumed_by) == (("waiting",), "10 working hours", ("wrote",))
    assert (one.warn, one.warns) == ((50, 80), "lead")
    assert [(act.does, act.to, str(act.after)) for act in one.late] == [
        (LateDoing.NOTIFY, "lead", "None"),
        (LateDoing.ESCALATE, "lead", "4 working hours"),
    ]
    assert (one.on_change, one.reopening, str(one.reopen_within)) == (
        OnChange.RETROACTIVE,
        Reopening.CONTINUE,
        "5 days",
    )


def test_a_clock_may_begin_at_an_instant_on_record_or_once_all_is_known() -> None:
    one = clock("answer: { from: { field: reported_at }, within: 2 days }")
    assert (one.starts, one.since, one.known) == ((), "reported_at", ())
    one = clock("answer: { from: { known: [cause, priority] }, within: 2 days }")
    assert (one.starts, one.since, one.known) == ((), None, ("cause", "priority"))


def test_a_deadline_is_what_a_data_field_says() -> None:
    one = clock("deliver: { by: { field: delivery }, until: send }")
    assert (one.kind, one.deadline, one.within, one.stops) == (ClockKind.DEADLINE, "delivery", None, (action("send"),))


def test_a_duty_comes_back() -> None:
    one = clock("news: { every: 3 days, while: ours-to-act, by-action: update }")
    assert (one.kind, one.while_ours, one.by_action) == (ClockKind.PERIODIC, True, ("update",))
    assert one.every == Graded(otherwise=Length(count=3, unit=Unit.DAY))


def test_a_count_counts_hand_offs_or_what_happens() -> None:
    one = clock("hands: { to: team, at-most: { depends-on: urgent, 'true': 2, otherwise: 4 }, of: hand-off }")
    assert (one.kind, one.each_hand_off, one.counts, one.starts) == (ClockKind.COUNT, True, (), ())
    assert one.at_most == Graded(by="urgent", values={"true": 2}, otherwise=4)
    assert clock("asked: { at-most: 2, of: ask }").counts == (action("ask"),)


def test_each_hand_off_may_have_a_time_by_who_gets_the_ball() -> None:
    one = clock("hands: { each: hand-off, within: { depends-on: role, lead: 2 days, otherwise: 3 days } }")
    assert (one.kind, one.each_hand_off, one.starts) == (ClockKind.TIMER, True, ())
    assert one.within is not None
    assert one.within.of("lead") == TWO_DAYS


def test_teams_may_get_the_ball_where_a_step_names_one() -> None:
    text = changed("cause: text", "cause: text\n  to_whom: team")
    text = text.replace("optional: [priority", "optional: [to_whom, priority").replace(
        "reply: { by: agent", "reply: { by: { field: to_whom }"
    )
    one = procedure(
        f"{text}clocks:\n  x: {{ each: hand-off, within: {{ depends-on: role, desk: 2 days, otherwise: 3 days }} }}\n"
    )
    assert one.clocks[0].within is not None
    assert one.clocks[0].within.of("desk") == TWO_DAYS


@pytest.mark.parametrize(
    ("field", "key", "values"),
    [("urgent", "'true'", [True]), ("floor", "'1'", [1, 1.0]), ("floor", "'1.50'", [1.5]), ("cause", "fire", ["fire"])],
)
def test_what_is_promised_is_found_by_the_value_itself(field: str, key: str, values: list[object]) -> None:
    one = clock(f"answer: {{ within: {{ depends-on: {field}, {key}: 2 days, otherwise: 3 days }} }}")
    assert one.within is not None
    for value in values:
        assert one.within.of(value) == TWO_DAYS
    assert one.within.of("another") == one.within.of(None) == Length(count=3, unit=Unit.DAY)


def test_the_tier_of_a_client_needs_no_declaration() -> None:
    whole = procedure(
        f"{FILE}  answer: {{ within: {{ depends-on: tier, basic: 2 days, premium: 1 day }}, when: tier == 'basic' }}\n"
    )
    assert whole.data["tier"].type == Choice(("basic", "premium"))
    whole = procedure(f"{FILE}  answer: {{ within: {{ depends-on: tier, basic: 2 days, otherwise: 1 day }} }}\n")
    assert whole.data["tier"].type == Text(), "other tiers are expected, too"


def test_what_a_pause_needs_can_be_given() -> None:
    whole = procedure(f"{FILE}  answer: {{ within: 2 days, paused-in: waiting }}\n")
    assert whole.data["asked"].type == Text()
    assert whole.data["due"].type == Instant()
    assert "due" not in procedure(f"{FILE}  answer: {{ within: 2 days }}\n").data


def test_clocks_are_part_of_what_cases_are_held_to() -> None:
    digests = {procedure(f"{FILE}  answer: {{ within: {days} days }}\n").digest for days in (2, 3)}
    assert len(digests) == 2


# --- the time of steps ---------------------------------------------------------------------------------------------


def test_a_step_has_a_clock_of_its_own() -> None:
    new = "reply: { by: agent, within: 2 working days, warn: [80%], late: [{ notify: lead }, { after: 1 day, go-to: closed }],"
    whole = procedure(changed("reply: { by: agent,", new))
    one = whole.steps["reply"].clock
    assert one is not None
    assert (one.id, one.step, one.kind, one.to) == ("reply", "reply", ClockKind.TIMER, Promised.TEAM)
    assert (one.starts, one.stops) == ((entering("reply"),), (Happening(kind=HappeningKind.LEAVES, name="reply"),))
    assert (one.warn, one.warns) == ((80,), None)
    assert [(act.does, act.to) for act in one.late] == [(LateDoing.NOTIFY, "lead"), (LateDoing.GO_TO, "closed")]
    assert list(whole.all_clocks) == ["reply"]


def test_blocks_branches_and_waits_have_time_too() -> None:
    text = changed("    then: reply", "    within: 5 days\n    then: reply")
    text = text.replace("one: { by: agent,", "one: { by: agent, within: 1 day,")
    text = text.replace("first: { by: vendor,", "first: { by: vendor, within: 1 day, late: { go-to: second },")
    text = text.replace(
        "    actions: { replied", "    within: 14 days\n    late: { go-to: reply }\n    actions: { replied"
    )
    whole = procedure(text)
    assert list(whole.all_clocks) == ["waiting", "work", "one", "first"]
    assert whole.all_clocks["first"].to is Promised.SUPPLIER
    assert whole.data["due"].type == Instant(), "an earlier due on record holds"


def test_a_wait_may_have_no_other_limit_than_its_due() -> None:
    text = changed("asked: required }", "asked: required, due: required }\n    late: { go-to: reply }")
    one = procedure(text).steps["waiting"].clock
    assert one is not None
    assert one.within is None


def test_time_alone_may_lead_on() -> None:
    alone = "reply: { by: agent, within: 2 days, late: { go-to: closed } }"
    assert procedure(changed("reply: { by: agent, actions: { send: closed } }", alone)).steps["reply"].actions == {}
    told = read_procedure(
        changed("reply: { by: agent, actions: { send: closed } }", alone.replace("go-to: closed", "notify: lead")), "a"
    )
    assert [one.code for one in told.findings if one.severity is Severity.ERROR] == ["PF101"]


def test_a_step_may_only_wait_to_be_confirmed() -> None:
    assert procedure(changed("reply: { by: agent,", "reply: { by: agent, resolved: true,")).steps["reply"].resolved


def test_suppliers_are_external_too() -> None:
    roles = procedure(FILE.removesuffix("clocks:\n")).roles
    assert [(one.external, one.supplier) for one in roles.values()] == [
        (False, False),
        (False, False),
        (True, False),
        (True, True),
    ]


# --- what people get wrong -----------------------------------------------------------------------------------------


def slips() -> list[tuple[str, str, str | None]]:
    """Return what is written, what is told of it, and what mends it."""
    found = []
    for entry in SLIPS:
        lines = [line for line in entry.splitlines() if not line.startswith("#")]
        if lines:
            written, told, *mended = lines
            text = f"{FILE}  {written}\n" if " => " not in written else changed(*_parts(written))
            found.append((text, told.strip(), mended[0].strip().removeprefix("writes ") if mended else None))
    return found


def _parts(written: str) -> tuple[str, str]:
    old, _, new = written.replace("\\n", "\n").partition(" => ")
    return old, new


@pytest.mark.parametrize(("text", "told", "mended"), slips())
def test_what_is_wrong_is_told_where_it_stands_with_what_to_write(text: str, told: str, mended: str | None) -> None:
    found = read_procedure(text, "a.yaml").findings
    matching = [one for one in found if _shown(one, text) == told]
    assert matching, "\n".join(_shown(one, text) for one in found)
    if mended is not None:
        assert [edit.text for edit in matching[0].edits] == [mended]


def _shown(one: Finding, text: str) -> str:
    where = one.where
    assert where is not None
    line = text.splitlines()[where.line - 1]
    at = line[where.column - 1 : where.end_column - 1] if where.line == where.end_line else "..."
    return f"{one.code} [{at}] {one.hint or one.message}"


@pytest.mark.parametrize("text", [text for text, _, mended in slips() if mended])
def test_what_is_mended_is_right_then(text: str) -> None:
    def errors(text: str) -> list[Finding]:
        return [one for one in read_procedure(text, "a.yaml").findings if one.severity is Severity.ERROR]

    done = mend(text, lambda text: read_procedure(text, "a.yaml").findings)
    assert len(errors(done.text)) < len(errors(text)), done.text


def test_working_time_needs_a_calendar() -> None:
    text = FILE.replace("calendar: office\n", "") + "  answer: { within: 2 working days }\n"
    (found,) = [one for one in read_procedure(text, "a.yaml").findings if one.severity is Severity.ERROR]
    assert found.code == "PF407"
    own = text.replace("2 working days }", "2 working days, calendar: 24x7 }")
    assert procedure(own).clocks[0].calendar == Graded(otherwise="24x7")


def test_what_is_asked_and_until_when_have_their_types() -> None:
    text = FILE.replace("cause: text", "cause: text\n  due: date").replace("optional: [", "optional: [due, ")
    found = read_procedure(f"{text}  answer: {{ within: 2 days, paused-in: waiting }}\n", "a.yaml").findings
    assert [(one.code, one.message) for one in found] == [
        ("PF203", "`due` is date, and the waiting step `waiting` needs instant")
    ]
