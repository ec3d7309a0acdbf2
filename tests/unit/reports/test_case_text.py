"""A case and its verdicts in words: where it stands, whose turn it is, what is in the way, who could."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from procflow.expressions.types import Value
from procflow.model.configuration import Configuration, Standing
from procflow.model.deviation import Deviation
from procflow.model.event import Event, Kind, Lifecycle
from procflow.model.report import CaseAudit
from procflow.model.verdict import Verdict
from procflow.model.waiting import Tenure, Wait, WaitKind
from procflow.reports.case_json import case_document, verdict_document, worklist_document
from procflow.reports.case_text import case_lines, event_text, turns, verdict_lines
from procflow.reports.deviation_text import standing
from procflow.reports.documents import json_pieces
from procflow.reports.paper import plain
from procflow.reports.worklist_text import worklist_lines
from tests.unit.reports.audits import DIGEST, FOUR_EYES, deviation, judged

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    id: str = "01K"
    procedure: str = "complaint"
    version: str = "2.1.0"
    digest: str = DIGEST
    mode: str = "enforce"
    client: str | None = "acme"
    ref: str | None = None
    seq: int = 2
    configuration: Configuration = Standing("approval")  # noqa: RUF009 - frozen
    outcome: str | None = None
    closed: bool = False
    opened_at: datetime = NOON
    values: Mapping[str, Value] = field(default_factory=lambda: {"gravity": "major", "ours": True})
    events: tuple[Event, ...] = ()
    audit: CaseAudit = judged("01K")  # noqa: RUF009 - frozen
    due: datetime | None = None
    overdue: bool = False
    zone: str = "UTC"
    accountable: str | None = None
    on_offer: tuple[str, ...] = ()
    waits: tuple[Wait, ...] = ()


@dataclass(frozen=True)
class Option:
    action: str
    step: str | None
    allowed: bool = False
    title: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    who_could: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    due: datetime | None = None
    overdue: bool = False


@dataclass(frozen=True)
class Work:
    case: str = "01K"
    procedure: str = "complaint"
    ref: str | None = "ticket:42"
    step: str = "approval"
    title: Mapping[str, str] = field(default_factory=lambda: {"en": "Approve the answer"})
    party: str = "role:lead"
    since: datetime = NOON
    actions: tuple[str, ...] = ("approve", "send-back")
    due: datetime | None = None
    overdue: bool = False
    zone: str = "UTC"
    offered: bool = False
    questions: tuple[str, ...] = ()


def event(seq: int, action: str = "", **more: object) -> Event:
    kind = Kind.ACTION if action else Kind.OPENED
    return Event(case="01K", seq=seq, kind=kind, action=action, occurred_at=NOON, **more)  # type: ignore[arg-type]


WRONG_ROLE = deviation("DV201", "01K", 3, "“approve” is for lead; nobody holds nothing", who_could=("lead",))
APPROVE = Option(
    "approve", "approval", deviations=(WRONG_ROLE,), who_could={"lead": ("lena", "dan")}, needs=("reason",)
)
UPDATE = Option("update", None, allowed=True, title={"en": "Tell the client"})
EVENTS = (event(1, actor="ana"), event(2, "propose", actor="ana", data={"compensation": "120 EUR"}, reason="fair"))


def test_a_case_says_where_it_stands_and_whose_turn_it_is() -> None:
    shown = plain(case_lines(Case(events=EVENTS), [APPROVE, UPDATE]))
    assert "  client     acme\n" in shown
    assert "ref " not in shown
    assert "  state      open, 2 events\n  stands in  approval\n  turn of    approval: lead (lena, dan)\n" in shown
    assert 'Known\n  gravity  "major"\n  ours     true\n' in shown
    assert "What may be done\n  in approval\n    approve  by lead (lena, dan); needs reason\n" in shown
    assert "  at any time\n    update   Tell the client; by anyone\n" in shown
    assert "  2  2026-11-22 12:00 UTC  propose by ana; compensation = 120 EUR, reason: fair\n" in shown
    assert shown.endswith("Nothing deviates.\n")


def test_somebody_sees_what_they_may_do_and_why_not() -> None:
    mine = Option("approve", "approval", deviations=(FOUR_EYES,), who_could={"lead": ("dan",)})
    shown = " ".join(plain(case_lines(Case(), [mine, UPDATE], viewer="ana", as_anybody=[APPROVE])).split())
    assert "What ana may do" in shown
    assert "approve not now: ana did “approve” after having left “intake”; who could: lead (dan)" in shown
    assert "turn of approval: lead (lena, dan)" in shown


def test_only_the_last_events_are_shown_unless_all_are_asked_for() -> None:
    many = Case(events=tuple(event(seq, "update") for seq in range(1, 26)))
    assert "... 5 earlier events; --all-events shows them" in plain(case_lines(many, []))
    assert "earlier events" not in plain(case_lines(many, [], all_events=True))


def test_deviations_of_a_case_are_listed() -> None:
    assert "1. DV202 four-eyes  critical, event 4" in plain(case_lines(Case(audit=judged("01K", FOUR_EYES)), []))


def test_whose_turn_it_is_is_told_once_a_step() -> None:
    again = Option("send-back", "approval", who_could={"lead": ("lena", "dan")})
    assert turns([APPROVE, again, UPDATE]) == ("approval: lead (lena, dan)",)
    assert turns([Option("go", "free", allowed=True)]) == ("free: anyone",)


def test_an_event_is_a_sentence() -> None:
    assert event_text(event(1, actor="ana")) == "case opened by ana"
    started = event(2, "survey", lifecycle=Lifecycle.START, actor="dan", on_behalf_of="acme")
    assert event_text(started) == "survey started by dan on behalf of acme"
    proof = event(3, "send", evidence={"letter": {"link": "x", "sha256": "ab"}}, data={"cause": None, "ours": False})
    assert event_text(proof) == "send; cause = nothing, ours = false, evidence letter: link x, sha256 ab"


@pytest.mark.parametrize(
    ("configuration", "words"),
    [
        ("intake", "intake"),
        ("intake/2", "intake after 2 of its checklist"),
        ("intake/{ask,thank}", "intake after ask + thank of its checklist"),
        ("intake/{}", "intake after nothing of its checklist"),
        ("investigate[technical:done,legal:-]", "investigate (technical: done, legal: not needed)"),
        ("a[b:c[d:e,f:-],g:-]", "a (b: c (d: e, f: not needed), g: not needed)"),
    ],
)
def test_a_configuration_is_put_in_words(configuration: str, words: str) -> None:
    assert standing(configuration) == words


def verdict(*, accepted: bool, deviations: tuple[Deviation, ...] = (), **more: object) -> Verdict:
    return Verdict(
        case="01K",
        accepted=accepted,
        event=event(3, "approve", actor="ana"),
        before=Standing("approval"),
        after=Standing("reply") if accepted else Standing("approval"),
        deviations=deviations,
        **more,  # type: ignore[arg-type]
    )


def test_an_accepted_step_says_where_the_case_stands_now() -> None:
    shown = plain(verdict_lines(verdict(accepted=True)))
    assert shown == "accepted: approve by ana\n  event 3 of case 01K; the case now stands in reply\n"


def test_a_step_recorded_in_observe_mode_says_what_deviates() -> None:
    shown = plain(verdict_lines(verdict(accepted=True, deviations=(FOUR_EYES,))))
    assert "It was recorded although it deviates:\n  1. DV202 four-eyes  critical, event 4\n" in shown


def test_a_refusal_says_why_with_the_values_and_who_could_do_it() -> None:
    shown = plain(verdict_lines(verdict(accepted=False, deviations=(FOUR_EYES,), who_could={"lead": ("dan", "lena")})))
    assert shown == (
        "refused: approve by ana\n"
        "  Nothing was done; the case stays in approval. The attempt is on record as\n"
        "  event 3.\n"
        "  1. DV202 four-eyes  critical\n"
        "     ana did “approve” after having left “intake”\n"
        "     by          ana\n"
        "     found       same person = ana\n"
        "     procedure   complaint.yaml:6\n"
        "  who could do it: lead (dan, lena)\n"
    )


def test_a_worklist_says_since_when_and_what_may_be_done() -> None:
    assert plain(worklist_lines([Work(), Work(ref=None, title={}, party="team:care")])) == (
        "01K  complaint  ticket:42\n"
        "  approval (Approve the answer), turn of lead since Sun 2026-11-22 12:00 UTC:\n"
        "  approve, send-back\n"
        "01K  complaint\n"
        "  approval, turn of team care since Sun 2026-11-22 12:00 UTC: approve, send-back\n"
    )
    assert plain(worklist_lines([])) == "Nothing waits.\n"


def test_the_documents_carry_the_same_for_programs() -> None:
    case = json.loads("".join(json_pieces(case_document(Case(events=EVENTS), [APPROVE, UPDATE], viewer="ana"))))
    assert (case["kind"], case["configuration"], case["values"]) == (
        "case",
        "approval",
        {"gravity": "major", "ours": True},
    )
    assert [one["action"] for one in case["options"]] == ["approve", "update"]
    assert [one["kind"] for one in case["events"]] == ["opened", "action"]
    assert case["opened_at"] == "2026-11-22T12:00:00.000000Z"
    refused = verdict_document(verdict(accepted=False, deviations=(WRONG_ROLE,), who_could={"lead": ("dan",)}))
    assert (refused["accepted"], refused["who_could"]) == (False, {"lead": ["dan"]})
    assert isinstance(refused["deviations"], list)
    assert worklist_document([Work()])["items"]


def test_a_case_says_what_is_on_offer_who_was_asked_and_who_answers_for_it() -> None:
    offer = Wait(
        kind=WaitKind.HAND_OFF,
        case="01K",
        who="ana",
        role="agent",
        whom=("lead",),
        what="approval",
        since=NOON,
        until=None,
        due=NOON + timedelta(hours=2),
        seq=3,
        step="approval",
    )
    asked = replace(offer, kind=WaitKind.QUESTION, whom=("dan",), what="Is it major?", due=None)
    audit = replace(judged("01K"), tenures=(Tenure(person="lena", since=NOON, until=None),))
    case = Case(audit=audit, accountable="lena", waits=(offer, asked), configuration=Standing("approval<intake"))
    shown = plain(case_lines(case, []))
    assert "answers    lena" in shown
    assert "stands in  approval on offer from intake" in shown
    assert "nobody has “approval”: offered to lead by ana since Sun 2026-11-22 12:00" in " ".join(shown.split())
    assert "Open questions\n  ana asked dan: “Is it major?”, since Sun 2026-11-22 12:00" in shown
    unowned = replace(audit, tenures=(Tenure(person=None, since=NOON, until=None),))
    assert "answers    nobody answers for the case" in plain(case_lines(Case(audit=unowned), []))
    said = json.loads("".join(json_pieces(case_document(case))))
    assert (said["accountable"], [one["kind"] for one in said["waits"]]) == ("lena", ["hand-off", "question"])


def test_a_worklist_says_what_is_to_be_accepted_and_answered() -> None:
    offered = Work(offered=True, due=NOON + timedelta(hours=2), actions=("accept-hand-off", "approve"))
    asked = Work(questions=("ana: Is it major?",), party="person:dan", actions=("answer",))
    shown = " ".join(plain(worklist_lines([offered, asked], 200)).split())
    assert "approval (Approve the answer), to be accepted by lead, offered since Sun 2026-11-22 12:00" in shown
    assert "accept-hand-off, approve" in shown
    assert "asked of person dan since Sun 2026-11-22 12:00 UTC: ana: Is it major?: answer" in shown
