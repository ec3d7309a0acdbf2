"""A story in which everything that can go wrong between people does: made by hand, so that only the telling is tested."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import MappingProxyType

from procflow.auditor.story import players_of
from procflow.expressions.types import Raw
from procflow.judge import Judge
from procflow.loading.procedure import read_procedure
from procflow.model.clock import Held, Lateness, Party, PartyKind
from procflow.model.deviation import REGISTRY, Deviation
from procflow.model.event import Event, Kind, Trace
from procflow.model.organisation import People, Person
from procflow.model.procedure import Procedure
from procflow.model.story import CaseStory
from procflow.model.waiting import Tenure, Wait, WaitKind

DEPARTMENTS = {
    "agent": "call-centre",
    "coordinator": "service",
    "engineer": "technical",
    "operations": "operations",
    "sales": "sales",
    "project-manager": "projects",
    "buyer": "procurement",
    "warehouse": "depot",
    "specialist": "development",
}
NAMES = {
    "andrei": ("Andrei Popa", "agent"),
    "adrian": ("Adrian Ilie", "coordinator"),
    "cristian": ("Cristian Dima", "engineer"),
    "felicia": ("Felicia Rusu", "operations"),
    "maria": ("Maria Stan", "sales"),
    "alina": ("Alina Radu", "project-manager"),
    "catalin": ("Cătălin Neagu", "buyer"),
    "luiza": ("Luiza Marin", "warehouse"),
    "mihai": ("Mihai Enache", "specialist"),
    "george": ("George", "client"),
}
_TEXT = """
procflow: 1
procedure: george
version: "1"
title: { en: A complaint nobody owns, ro: O reclamație a nimănui, ru: Ничья жалоба, fa: شکایتی بی‌صاحب, pl: Niczyja reklamacja }
roles:
  agent: { name: { en: Agent, fa: کارشناس }, title: Takes the complaint }
  coordinator: { name: { en: Service coordinator, fa: هماهنگ‌کننده }, title: Answers for the case }
  engineer: { name: { en: Engineer, fa: مهندس }, title: Finds the cause }
  operations: { name: { en: Operations, fa: عملیات }, title: Plans }
  sales: { name: { en: Sales, fa: فروش }, title: Sells }
  project-manager: { name: { en: Project manager, fa: مدیر پروژه }, title: Plans the work }
  buyer: { name: { en: Buyer, fa: خریدار }, title: Orders }
  warehouse: { name: { en: Warehouse, fa: انبار }, title: Delivers }
  specialist: { name: { en: Specialist, fa: متخصص }, title: Knows }
  client: { name: { en: Client, fa: مشتری }, title: Complains, external: true }
start: intake
anytime:
  ask: { to: same, by: any }
  answer: { to: same, by: any }
  update: { to: same, by: any }
  chase: { to: same, by: any }
  show-document: { to: same, by: any }
  warn-of-risk: { to: same, by: any }
  thank-you: { to: same, by: any }
steps:
  intake: { title: { en: Take the complaint }, by: agent, actions: { pass-on: diagnose } }
  diagnose: { title: { en: Find the cause }, by: engineer, actions: { plan-repair: plan } }
  plan: { title: { en: Plan the repair }, by: project-manager, actions: { request-parts: order } }
  order: { title: { en: Order the parts }, by: buyer, actions: { order-parts: ship } }
  ship: { title: { en: Ship the parts }, by: warehouse, actions: { ship-parts: repaired } }
  repaired: { end: repaired }
"""


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of October 2026."""
    return datetime(2026, 10, day, hour, minute, tzinfo=UTC)


def procedure() -> Procedure:
    """Return the procedure, with departments, and with what `anytime` actions are for."""
    loaded = read_procedure(_TEXT.encode(), "george/procedure.yaml")
    assert loaded.procedure is not None, loaded.findings
    one = loaded.procedure
    roles = {id: replace(role, department=DEPARTMENTS.get(id, "")) for id, role in one.roles.items()}
    titles = {
        "ask": {"en": "Ask a colleague", "fa": "پرسش از همکار"},
        "answer": {"en": "Answer"},
        "update": {"en": "Tell the client how it stands"},
        "chase": {"en": "Ask what has become of it", "fa": "پیگیری"},
        "show-document": {"en": "Show a document"},
        "warn-of-risk": {"en": "Tell of a risk"},
        "thank-you": {"en": "Say thank you"},
    }
    anytime = {
        id: replace(
            each,
            title=titles[id],
            tells="client" if id == "update" else None,
            on_behalf_of="client" if id == "chase" else None,
            risk=id == "warn-of-risk",
            thanks=id == "thank-you",
        )
        for id, each in one.anytime.items()
    }
    return replace(one, roles=MappingProxyType(roles), anytime=MappingProxyType(anytime))


def people() -> People:
    """Return who is called how."""
    known = {id: Person(id=id, name=name, roles=frozenset({role})) for id, (name, role) in NAMES.items()}
    return People(people=MappingProxyType(known))


_EVENTS: tuple[tuple[datetime, str, str, str, dict[str, Raw]], ...] = (
    (at(1, 9, 12), "", "andrei", "", {}),
    (at(1, 9, 40), "pass-on", "andrei", "", {}),
    (at(1, 13, 5), "ask", "cristian", "", {"question": "When can the line be stopped?", "asked_whom": "operations"}),
    (at(2, 10, 0), "ask", "felicia", "", {"question": "What was promised?", "asked_whom": "sales"}),
    (at(2, 15, 30), "ask", "maria", "", {"question": "What does service say?", "asked_whom": "coordinator"}),
    (at(5, 9, 0), "ask", "adrian", "", {"question": "What is the cause?", "asked_whom": "engineer"}),
    (at(6, 11, 0), "show-document", "maria", "", {}),
    (at(7, 10, 15), "chase", "andrei", "george", {}),
    (at(8, 9, 0), "ask", "adrian", "", {"question": "Have you seen this before?", "asked_whom": "mihai"}),
    (at(9, 14, 0), "answer", "felicia", "", {"answer": "On Monday night"}),
    (at(9, 16, 0), "plan-repair", "cristian", "", {}),
    (at(13, 9, 30), "warn-of-risk", "felicia", "", {"risk": "The pump is too small", "known_since": "2026-08-03"}),
    (at(14, 9, 0), "chase", "andrei", "george", {}),
    (at(15, 17, 0), "accept-hand-off", "alina", "", {}),
    (at(16, 9, 0), "request-parts", "alina", "", {}),
    (at(16, 11, 0), "refuse-hand-off", "catalin", "", {}),
    (at(19, 10, 0), "request-parts", "alina", "", {}),
    (at(20, 9, 0), "order-parts", "catalin", "", {}),
    (at(20, 15, 0), "refuse-hand-off", "luiza", "", {}),
    (at(22, 9, 0), "order-parts", "catalin", "", {}),
    (at(23, 15, 0), "ship-parts", "luiza", "", {}),
    (at(23, 16, 0), "thank-you", "andrei", "george", {"thanked": "luiza"}),
)


def trace() -> Trace:
    """Return the events."""
    events = []
    for seq, (when, action, actor, behalf, data) in enumerate(_EVENTS, start=1):
        role = NAMES[actor][1]
        kind = Kind.ACTION if action else Kind.OPENED
        events.append(
            Event(
                case="C-2026-117",
                seq=seq,
                kind=kind,
                action=action,
                occurred_at=when,
                actor=actor,
                on_behalf_of=behalf or None,
                roles=frozenset({role}),
                data=data,
            )
        )
    return Trace(case="C-2026-117", events=tuple(events), closed=True, client="george")


def _wait(kind: WaitKind, who: str, whom: str, what: str, seq: int, since: datetime, until: datetime | None) -> Wait:
    role = NAMES[who][1]
    return Wait(
        kind=kind,
        case="C-2026-117",
        who=who,
        role=role,
        whom=(whom,),
        what=what,
        since=since,
        until=until,
        due=None,
        seq=seq,
    )


def waits() -> tuple[Wait, ...]:
    """Return who waited for whom."""
    q, h = WaitKind.QUESTION, WaitKind.HAND_OFF
    return (
        _wait(h, "andrei", "engineer", "diagnose", 2, at(1, 9, 40), at(1, 13, 5)),
        _wait(q, "cristian", "operations", "When can the line be stopped?", 3, at(1, 13, 5), at(9, 14)),
        _wait(q, "felicia", "sales", "What was promised?", 4, at(2, 10), None),
        _wait(q, "maria", "coordinator", "What does service say?", 5, at(2, 15, 30), None),
        _wait(q, "adrian", "engineer", "What is the cause?", 6, at(5, 9), None),
        _wait(q, "adrian", "mihai", "Have you seen this before?", 9, at(8, 9), None),
        _wait(h, "cristian", "project-manager", "plan", 11, at(9, 16), at(15, 17)),
        _wait(h, "alina", "buyer", "order", 15, at(16, 9), at(16, 11)),
        _wait(h, "alina", "buyer", "order", 17, at(19, 10), at(20, 9)),
        _wait(h, "catalin", "warehouse", "ship", 18, at(20, 9), at(20, 15)),
        _wait(h, "catalin", "warehouse", "ship", 20, at(22, 9), at(23, 15)),
    )


def spans() -> tuple[Held, ...]:
    """Return who had the ball."""

    def team(*names: str) -> Party:
        return Party(kind=PartyKind.TEAM, names=names)

    nobody = Party(kind=PartyKind.NOBODY)
    cuts = (
        (team("agent"), at(1, 9, 12)),
        (nobody, at(1, 9, 40)),
        (team("engineer"), at(1, 13, 5)),
        (nobody, at(9, 16)),
        (team("project-manager"), at(15, 17)),
        (nobody, at(16, 9)),
        (team("project-manager"), at(16, 11)),
        (nobody, at(19, 10)),
        (team("buyer"), at(20, 9)),
        (nobody, at(20, 9, 1)),
        (team("buyer"), at(20, 15)),
        (nobody, at(22, 9)),
        (team("warehouse"), at(23, 14)),
        (Party(kind=PartyKind.RESOLVED), at(23, 16)),
    )
    return tuple((party, start, end) for (party, start), (_, end) in pairwise(cuts))


def deviations(one: Procedure) -> tuple[Deviation, ...]:
    """Return what went wrong: every class between people that a case has, and one of other families each."""

    def found(code: str, seq: int, actor: str | None, action: str = "", step: str = "", **values: str) -> Deviation:
        return Deviation(
            code=code,
            severity=REGISTRY[code].severity,
            message=REGISTRY[code].summary,
            where=one.where,
            case="C-2026-117",
            seq=seq,
            actor=actor,
            action=action or None,
            step=step or None,
            values={key.replace("_", " ").replace("asked whom", "asked_whom"): value for key, value in values.items()},
            who_could=("coordinator",),
        )

    late = Lateness(
        clock="plan.acceptance", cycle=1, due=at(12, 10), target="2 working hours", over=timedelta(days=3, hours=7)
    )
    return (
        found("DV601", 2, "andrei", since=at(1, 9, 40).isoformat()),
        found("DV605", 3, "cristian", missing="asked_whom, question"),
        found("DV606", 6, "adrian", circle="sales -> coordinator -> engineer -> operations -> sales"),
        found("DV614", 7, "maria", asked="What was promised?"),
        replace(found("DV602", 11, "alina", offered_to="plan"), lateness=late),
        found("DV613", 12, "felicia", risk="The pump is too small", known_since=at(1, 0).isoformat()),
        found("DV603", 15, "alina", missing="purchase_request, cost_centre", offered_to="order"),
        found("DV604", 19, "luiza", offered_to="ship"),
        replace(
            found("DV608", 9, "mihai", asked="Have you seen this before?", asked_by="adrian"),
            lateness=replace(late, clock="ask.answer", due=at(9, 9), over=None),
        ),
        found("DV607", 19, None, between="buyer, warehouse"),
        replace(
            found("DV409", 2, None),
            lateness=replace(late, clock="keep-informed", due=at(6, 9, 40), over=timedelta(days=17)),
        ),
        found("DV102", 14, "alina", action="accept-hand-off", step="plan"),
    )


def story() -> CaseStory:
    """Return the whole."""
    one, told = procedure(), trace()
    judge = Judge(one)
    audit = judge.audit(judge.run(told), closed=True)
    return CaseStory(
        procedure=one,
        trace=told,
        audit=replace(audit, deviations=deviations(one), outcome="repaired"),
        waits=waits(),
        tenures=(
            Tenure(person=None, since=at(1, 9, 40), until=at(5, 9)),
            Tenure(person="adrian", since=at(5, 9), until=at(23, 16), seq=6),
        ),
        spans=spans(),
        players=players_of(one, told.events, told.client, waits(), people()),
        holders={role: people().holders_of(role) for role in one.roles},
        names={id: name for id, (name, _) in NAMES.items()},
        openings=tuple((at(day, 6), at(day, 15)) for day in range(1, 24) if at(day, 6).weekday() < 5),
        zone="Europe/Bucharest",
        until=at(23, 16),
    )
