"""Wrong order: what was skipped in its place and done in another is one finding, at the event out of its place."""

from __future__ import annotations

from procflow.judge import Judge
from procflow.model.event import Event, Kind, Lifecycle
from procflow.model.report import CaseAudit
from tests.unit.monitors.stories import AT, procedure_of

WORK = "abcdefgh"
LINE = procedure_of(
    "roles: { agent: Works }\nstart: s-a\nsteps:\n"
    + "".join(
        f"  s-{one}: {{ by: agent, actions: {{ do-{one}: {f's-{after}' if after else 'over'} }} }}\n"
        for one, after in zip(WORK, [*WORK[1:], ""], strict=True)
    )
    + "  over: { end: done }\n"
)


def events(letters: str) -> list[Event]:
    return [
        Event(
            case="1",
            seq=seq,
            kind=Kind.ACTION,
            action=f"do-{letter.lower()}",
            lifecycle=Lifecycle.START if letter.isupper() else Lifecycle.COMPLETE,
            occurred_at=AT,
            actor="ana",
            roles=frozenset({"agent"}),
        )
        for seq, letter in enumerate(letters, 1)
    ]


def audited(letters: str) -> CaseAudit:
    judge = Judge(LINE)
    state = judge.begin("1")
    for event in events(letters):
        state = judge.advance(state, event)
    return judge.audit(state)


def told(letters: str) -> list[tuple[str, int | None, str | None]]:
    return [(one.code, one.seq, one.step) for one in audited(letters).deviations]


def test_too_late() -> None:
    (found,) = audited("acdbefgh").deviations
    assert (found.code, found.seq, found.step, found.action) == ("DV103", 4, "s-b", "do-b")
    assert found.message == "“do-b” was done too late: its place was before “do-c”"
    assert found.remedy == "do “do-b” earlier, before “do-c”"
    assert found.values == {"done": "event 4", "due": "before event 2"}
    assert audited("acdbefgh").flow_cost == 2


def test_too_early() -> None:
    (found,) = audited("adbcefgh").deviations
    assert (found.code, found.seq, found.step) == ("DV103", 2, "s-d")
    assert found.message == "“do-d” was done too early: its place was later, before “do-e”"
    assert found.remedy == "do “do-d” later, before “do-e”"


def test_of_two_neighbours_one_is_out_of_its_place() -> None:
    # c too early, or b too late: one finding either way, and always the same one.
    assert told("acbdefgh") == [("DV103", 2, "s-c")]


def test_each_skip_finds_one_partner_at_most() -> None:
    # Either d came too early or b too late, and c never came: three events of the flow are wrong, two things are told.
    assert audited("adbefgh").flow_cost == 3
    assert sorted(code for code, _, _ in told("adbefgh")) == ["DV101", "DV103"]


def test_without_a_partner_each_stands_alone() -> None:
    assert told("acdefgh") == [("DV101", 2, "s-b")]
    assert told("aabcdefgh") == [("DV102", 2, "s-b")]


def test_a_start_is_no_partner() -> None:
    assert told("acBdefgh") == [("DV101", 2, "s-b"), ("DV102", 3, "s-d")]


def test_what_comes_after_the_end_is_told_as_that() -> None:
    assert told("acdefghb") == [("DV101", 2, "s-b"), ("DV105", 8, "over")]


def test_a_partner_takes_back_what_was_said() -> None:
    judge = Judge(LINE)
    state = judge.begin("1")
    news = []
    for event in events("acdbe"):
        after = judge.advance(state, event)
        come, gone = judge.news(state, after)
        news.append(([one.code for one in come], [one.code for one in gone]))
        state = after
    assert news == [([], []), (["DV101"], []), ([], []), (["DV103"], ["DV101"]), ([], [])]


def test_only_the_last_four_can_find_a_partner() -> None:
    assert ("DV103", 7, "s-a") in told("bccccda")
    assert ("DV103", 8, "s-a") not in told("bcccccda"), "four that went astray lie between"
