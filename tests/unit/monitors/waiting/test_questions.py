"""Questions: whom they were put to, and which of them an answer ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from procflow.calendars.length import Length, Unit
from procflow.errors import SourceSpan
from procflow.model.clock import Clock, ClockKind, Graded, Promised
from procflow.model.event import EVERYTHING, Event, Kind, Witness
from procflow.model.hand_off import Asking
from procflow.model.procedure import Procedure
from procflow.monitors.waiting.questions import MOST_OPEN, Open, Questions

WHERE = SourceSpan(file="p.yaml", line=1, column=1, end_line=1, end_column=2)
OPENS = datetime(2026, 11, 2, 8, tzinfo=UTC)
ANSWER = Clock(
    id="ask.answer",
    kind=ClockKind.TIMER,
    to=Promised.TEAM,
    question="ask",
    within=Graded(otherwise=Length(count=1, unit=Unit.DAY, working=False)),
    where=WHERE,
)


def asking(to: str = "any", answered_by: str = "answer") -> Any:
    return SimpleNamespace(id="ask", ask=Asking(to=to, answered_by=answered_by, answer=ANSWER, where=WHERE))


def questions(to: str = "any", witness: Witness = EVERYTHING, answered_by: str = "answer") -> Questions:
    anytime = {"ask": asking(to, answered_by), "answer": SimpleNamespace(id="answer", ask=None)}
    roles = dict.fromkeys(("service", "technical", "client"))
    return Questions(cast(Procedure, SimpleNamespace(anytime=anytime, roles=roles)), witness)


def event(seq: int, action: str, actor: str | None, *roles: str, **more: Any) -> Event:
    return Event(
        case="1",
        seq=seq,
        kind=Kind.ACTION,
        action=action,
        occurred_at=OPENS + timedelta(minutes=seq),
        actor=actor,
        roles=frozenset(roles),
        on_behalf_of=more.pop("on_behalf_of", None),
        data=more,
    )


def whom(followed: Questions, *events: Event) -> list[str]:
    unanswered: Open = ()
    for one in events:
        unanswered = followed.follow(unanswered, one, "work").unanswered
    return [one.whom for one in unanswered]


ASKS_DAN = event(1, "ask", "ana", "service", asked_whom="dan", question="why?")
ASKS_TECHNICAL = event(2, "ask", "ana", "service", asked_whom=" technical ", question="when?")


def test_a_question_is_put_to_the_person_or_role_it_names() -> None:
    first = questions().follow((), ASKS_DAN, "work")
    assert first.asked is not None
    assert first.asked[4:] == ("ana", frozenset({"service"}), "dan", "why?", "work")
    assert whom(questions(), ASKS_DAN, ASKS_TECHNICAL) == ["dan", "technical"]


def test_what_is_put_to_nobody_is_no_question() -> None:
    assert whom(questions(), event(1, "ask", "ana", question="why?")) == []
    assert whom(questions(), event(1, "ask", "ana", question="why?", asked_whom=7)) == []


def test_a_question_that_always_goes_to_one_role_need_not_say_so() -> None:
    assert whom(questions("technical"), event(1, "ask", "ana", question="why?")) == ["technical"]


def test_an_answer_ends_what_was_put_to_its_actor_by_name_before_what_was_put_to_their_role() -> None:
    by_role_first = (ASKS_TECHNICAL, ASKS_DAN)
    answer = event(3, "answer", "dan", "technical")
    assert whom(questions(), *by_role_first, answer) == ["technical"]
    assert whom(questions(), *by_role_first, answer, answer) == []


def test_an_answer_ends_the_oldest_first() -> None:
    again = event(3, "ask", "eva", asked_whom="dan", question="and then?")
    followed = questions().follow((), ASKS_DAN, "work")
    followed = questions().follow(followed.unanswered, again, "work")
    answered = questions().follow(followed.unanswered, event(4, "answer", "dan"), "work").answered
    assert answered is not None
    assert answered.seq == 1


def test_somebody_may_answer_for_another() -> None:
    assert whom(questions(), ASKS_DAN, event(2, "answer", "eva", on_behalf_of="dan")) == []


def test_whoever_was_not_asked_answers_nothing() -> None:
    assert whom(questions(), ASKS_DAN, event(2, "answer", "eva", "technical")) == ["dan"]


def test_an_answer_by_nobody_named_is_taken_for_the_oldest() -> None:
    assert whom(questions(), ASKS_DAN, ASKS_TECHNICAL, event(3, "answer", None)) == ["technical"]


def test_where_roles_are_not_on_record_anybody_may_answer_for_a_role() -> None:
    unseen = Witness(role=False)
    assert whom(questions(witness=unseen), ASKS_DAN, ASKS_TECHNICAL, event(3, "answer", "eva")) == ["dan"]


def test_a_question_that_is_answered_by_another_question_goes_back_and_forth() -> None:
    back = event(2, "ask", "dan", asked_whom="ana", question="what do you mean?")
    assert whom(questions(answered_by="ask"), ASKS_DAN, back) == ["ana"]


def test_only_so_many_questions_are_followed() -> None:
    many = [event(seq, "ask", "ana", asked_whom=f"p{seq}", question="?") for seq in range(1, MOST_OPEN + 3)]
    assert whom(questions(), *many) == [f"p{seq}" for seq in range(1, MOST_OPEN + 1)]
