"""Rules over all cases of a client, and over all that one person did, in a running engine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from procflow import Actor, StepRefused
from procflow.auditor import audit
from procflow.engine import Engine
from procflow.errors import ProcedureInvalid, StoreError
from procflow.model.deviation import Disposition
from procflow.reports.audit_text import Layout, audit_lines
from procflow.reports.paper import plain

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
ANA, DAN = Actor("ana", roles={"agent"}), Actor("dan", roles={"agent"})
PROCEDURE = """
procflow: 1
procedure: {id}
version: "1"
author: somebody
approved-by: {{ person: boss, date: 2026-01-01 }}
roles: {{ agent: A }}
start: work
steps:
  work: {{ by: agent, actions: {{ {actions}, finish: over }} }}
  over: {{ end: done }}
{rules}
"""
POLICIES = """
procflow: 1
policies: house
version: "1"
rules:
  once: { at-most: 1, of: pay, per: client }
  either: { not-both: [ask/check, buy/pay], per: person, refuse: false }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "procedures").mkdir()
    for id, actions in (("ask", "pay: same, check: same"), ("buy", "pay: same")):
        text = PROCEDURE.format(id=id, actions=actions, rules="")
        (tmp_path / "procedures" / f"{id}.yaml").write_text(text, "utf-8")
    (tmp_path / "policies.yaml").write_text(POLICIES, "utf-8")
    return tmp_path


def opened(folder: Path, url: str = "memory://", *, ruled: bool = True, falling: bool = False) -> Engine:
    # The clock stands still: what is recorded at one moment stands in the order of the cases' ids.
    drawn = count(250, -1) if falling else count()
    engine = Engine.open(
        url,
        workspace=folder if ruled else None,
        clock=lambda: NOW,
        entropy=lambda size: next(drawn).to_bytes(size, "big"),
    )
    for file in sorted((folder / "procedures").glob("*.yaml")):
        engine.publish(file)
    return engine


def exported(engine: Engine, folder: Path) -> Path:
    log = folder / "log.jsonl"
    with log.open("wb") as out:
        engine.export(out)
    return log


def test_what_breaks_a_rule_over_several_cases_is_refused_and_told_as_prevented(folder: Path) -> None:
    engine = opened(folder)
    first = engine.start("ask", by=ANA, client="acme").id
    second = engine.start("buy", by=DAN, client="acme").id
    other = engine.start("buy", by=DAN, client="beta").id
    assert engine.perform(first, "pay", by=ANA).accepted
    verdict = engine.perform(second, "pay", by=DAN)
    assert not verdict.accepted
    assert [(one.code, one.disposition) for one in verdict.deviations] == [("DV503", Disposition.PREVENTED)]
    assert verdict.event.policies == (engine.policies.digest if engine.policies is not None else "")
    assert engine.perform(other, "pay", by=DAN).accepted, "it is another client's"

    log = exported(engine, folder)
    report = audit(folder / "procedures", log, policies=folder / "policies.yaml", as_of=NOW)
    assert report.across == engine.across()
    assert report.across is not None
    assert [(one.case, one.disposition) for one in report.across.deviations] == [(second, Disposition.PREVENTED)]
    assert report.policies is not None
    assert report.policies.id == "house"

    alone = audit(folder / "procedures" / "buy.yaml", exported(engine, folder), as_of=NOW)
    (case,) = (one for one in alone.cases if one.case == second)
    assert "DV704" not in {one.code for one in case.deviations}, "nobody without the policies can say so"
    assert case.not_examined == {"policies": 1}
    (case,) = (one for one in report.cases if one.case == second)
    assert case.not_examined == {}, "with the policies it was looked at"
    assert engine.case(second).audit.not_examined == {}


@pytest.mark.parametrize("falling", [False, True])
def test_what_was_prevented_stands_at_the_attempt_whatever_the_order_of_the_ids(folder: Path, *, falling: bool) -> None:
    engine = opened(folder, falling=falling)
    first = engine.start("buy", by=ANA, client="acme").id
    second = engine.start("buy", by=DAN, client="acme").id
    assert (second < first) is falling
    assert engine.perform(first, "pay", by=ANA).accepted
    verdict = engine.perform(second, "pay", by=DAN)
    report = audit(folder / "procedures", exported(engine, folder), policies=folder / "policies.yaml", as_of=NOW)
    assert report.across == engine.across()
    for said in (verdict.deviations, engine.across().deviations, engine.across(second).deviations):
        assert [(one.case, one.seq, one.actor, one.disposition) for one in said] == [
            (second, verdict.event.seq, "dan", Disposition.PREVENTED)
        ]
    assert not engine.across(first).deviations


def test_what_was_prevented_by_what_came_after_it_stands_at_the_attempt(folder: Path) -> None:
    engine = opened(folder)
    first, second = (engine.start("buy", by=ANA, client="acme").id for _ in range(2))
    engine.perform(first, "pay", by=ANA)
    verdict = engine.perform(second, "pay", by=DAN, occurred_at=NOW - timedelta(hours=1))
    assert not verdict.accepted
    (one,) = engine.across().deviations
    assert (one.case, one.seq, one.actor, one.disposition) == (second, verdict.event.seq, "dan", Disposition.PREVENTED)
    assert one.breach is not None
    assert one.breach.target_case == first
    assert verdict.deviations == (one,)


def test_an_audit_counts_what_rules_across_cases_prevented(folder: Path) -> None:
    engine = opened(folder)
    for _ in range(2):
        engine.perform(engine.start("buy", by=ANA, client="acme").id, "pay", by=ANA)
    report = audit(folder / "procedures", exported(engine, folder), policies=folder / "policies.yaml", as_of=NOW)
    text = plain(audit_lines(report, Layout(cases=0)))
    assert "1 prevented by a refusal" in text
    assert "           1      1  DV503 too-often  prevented\n  in 1 case: " in text
    assert "Not examined\n  Every check that these cases called for could be made." in text
    assert "  1 settled deviation not shown here; --json has them all\n" in text
    assert "... and 1 more" not in text


def test_what_nothing_broke_so_far_counts_as_kept(folder: Path) -> None:
    engine = opened(folder)
    for client in ("acme", "beta", "zeta"):
        engine.perform(engine.start("buy", by=ANA, client=client, mode="observe").id, "pay", by=ANA)
    engine.perform(engine.start("buy", by=DAN, client="acme", mode="observe").id, "pay", by=ANA)
    report = audit(folder / "procedures", exported(engine, folder), policies=folder / "policies.yaml", as_of=NOW)
    once = next(one for one in report.across_rules if one.rule == "house/once")
    assert (once.kept, once.pending, once.kept_so_far, once.broken, once.degree) == (0, 2, 2, 1, 2 / 3)
    text = plain(audit_lines(report, Layout(cases=0)))
    assert "  house/once: 1 of 3 clients broke it, 2 keep it so far\n" in text
    assert "    66.7 %     0            2       1  house/once\n" in text
    assert "  1 deviation not shown here; --json has them all\n" in text


def test_what_is_still_owed_is_not_kept_so_far(folder: Path) -> None:
    rule = "  soon: { after: ask/check, there-must-be: ask/pay, within: 2 days, per: client }\n"
    (folder / "policies.yaml").write_text(POLICIES + rule, "utf-8")
    engine = opened(folder)
    engine.perform(engine.start("ask", by=ANA, client="acme").id, "check", by=ANA)
    report = audit(folder / "procedures", exported(engine, folder), policies=folder / "policies.yaml", as_of=NOW)
    soon = next(one for one in report.across_rules if one.rule == "house/soon")
    assert (soon.pending, soon.kept_so_far, soon.degree) == (1, 0, None)
    assert "  house/soon: 1 of 1 client still owes something\n" in plain(audit_lines(report, Layout(cases=0)))


def test_what_is_not_to_be_refused_is_told(folder: Path) -> None:
    engine = opened(folder)
    assert engine.perform(engine.start("ask", by=ANA).id, "check", by=ANA).accepted
    case = engine.start("buy", by=ANA).id
    verdict = engine.perform(case, "pay", by=ANA)
    assert verdict.accepted
    (deviation,) = verdict.deviations
    assert (deviation.code, deviation.values["person"]) == ("DV516", "ana")
    assert engine.case(case).audit.clean, "a single case is judged as if it were alone"
    assert not engine.across().clean


def test_what_is_entered_late_may_break_what_came_after_it(folder: Path) -> None:
    engine = opened(folder)
    first, second = (engine.start("ask", by=ANA, client="acme", mode="observe").id for _ in range(2))
    engine.perform(first, "pay", by=ANA)
    verdict = engine.perform(second, "pay", by=DAN, occurred_at=NOW - timedelta(hours=1))
    assert [(one.case, one.seq) for one in verdict.deviations] == [(first, 2)]


def test_a_case_may_not_even_be_opened(folder: Path) -> None:
    rule = "  busy: { at-most: 1, of: case opens ask, per: client, in: 1 day }\n"
    (folder / "policies.yaml").write_text(POLICIES + rule, "utf-8")
    engine = opened(folder)
    engine.start("ask", by=ANA, client="acme")
    with pytest.raises(StepRefused, match="the opening of the case came more than once"):
        engine.start("ask", by=ANA, client="acme")
    assert len(engine.cases()) == 1


def test_a_procedure_may_have_such_rules_of_its_own(folder: Path) -> None:
    text = PROCEDURE.format(
        id="own", actions="pay: same", rules="rules: { once: { at-most: 1, of: pay, per: client } }"
    )
    (folder / "procedures" / "own.yaml").write_text(text, "utf-8")
    engine = opened(folder, ruled=False)
    first, second = (engine.start("own", by=ANA, client="acme").id for _ in range(2))
    assert engine.perform(first, "pay", by=ANA).accepted
    verdict = engine.perform(second, "pay", by=ANA)
    assert not verdict.accepted
    report = audit(folder / "procedures" / "own.yaml", exported(engine, folder), as_of=NOW)
    assert report.across == engine.across()
    assert "DV704" not in {one.code for case in report.cases for one in case.deviations}


def test_what_was_done_before_there_were_policies_counts(folder: Path) -> None:
    url = f"sqlite:///{folder}/work.db"
    plain = opened(folder, url, ruled=False)
    case = plain.start("ask", by=ANA, client="acme").id
    assert plain.perform(case, "pay", by=ANA).accepted
    ruled = opened(folder, url)
    assert plain.perform(case, "check", by=ANA).accepted, "an engine without policies goes on"
    assert not ruled.perform(case, "pay", by=ANA).accepted
    for engine in (plain, ruled):
        engine.close_store()


def test_policies_with_errors_are_refused(folder: Path) -> None:
    (folder / "policies.yaml").write_text("procflow: 1\npolicies: house\nrules: {}\n", "utf-8")
    with pytest.raises(ProcedureInvalid, match=r"policies\.yaml"):
        opened(folder)


PEOPLE_FILE = """
people:
  ana: { roles: [agent] }
  dan: { roles: [agent] }
"""


def options(engine: Engine, case: str, who: Actor) -> dict[str, bool]:
    return {one.action: one.allowed for one in engine.may(case, by=who)}


def test_what_rules_across_cases_forbid_nobody_is_told_they_may_do(folder: Path) -> None:
    engine = opened(folder)
    first, second = engine.start("ask", by=ANA, client="acme").id, engine.start("ask", by=ANA, client="acme").id
    assert options(engine, second, DAN) == {"pay": True, "check": True, "finish": True}
    engine.perform(first, "pay", by=ANA)
    assert options(engine, second, DAN) == {"pay": False, "check": True, "finish": True}
    (pay,) = (one for one in engine.may(second, by=DAN) if one.action == "pay")
    assert [(one.code, one.values["client"]) for one in pay.deviations] == [("DV503", "acme")]
    assert pay.who_could == {}, "nobody could"


def test_who_else_could_is_told_of_what_a_person_may_not_do_twice(folder: Path) -> None:
    (folder / "people.yaml").write_text(PEOPLE_FILE, "utf-8")
    policies = POLICIES.replace("at-most: 1, of: pay, per: client", "at-most: 1, of: pay, per: person")
    (folder / "policies.yaml").write_text(policies, "utf-8")
    engine = opened(folder)
    first, second = engine.start("ask", by="ana").id, engine.start("buy", by="ana").id
    engine.perform(first, "pay", by="ana")
    (pay,) = (one for one in engine.may(second, by="ana") if one.action == "pay")
    assert (pay.allowed, pay.who_could) == (False, {"agent": ("dan",)})
    verdict = engine.perform(second, "pay", by="ana")
    assert verdict.who_could == {"agent": ("dan",)}
    engine.perform(first, "pay", by="dan")
    assert engine.perform(second, "pay", by="ana").who_could == {"agent": ()}, "dan has had his as well"


def test_what_a_rule_across_cases_bars_to_somebody_does_not_wait_for_them(folder: Path) -> None:
    (folder / "policies.yaml").write_text(
        "procflow: 1\npolicies: house\nversion: '1'\nrules:\n"
        "  once: { at-most: 1, of: [pay, finish], per: person }\n  never: { at-most: 1, of: check, per: client }\n",
        "utf-8",
    )
    engine = opened(folder)
    first, second = engine.start("ask", by=ANA).id, engine.start("buy", by=ANA).id
    assert engine.perform(first, "pay", by=ANA).accepted
    assert [one.case for one in engine.worklist(ANA)] == [first], "there is still something to check"
    assert [one.case for one in engine.worklist(DAN)] == [first, second]


def test_a_question_reads_the_record_of_a_party_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = "  few: { at-most: 9, of: [pay, check, finish], per: client }\n"
    (folder / "policies.yaml").write_text(POLICIES + rule, "utf-8")
    engine = opened(folder)
    case = engine.start("ask", by=ANA, client="acme").id
    engine.perform(case, "pay", by=ANA)
    read: list[str | None] = []
    with engine._office.store.read() as transaction:
        kind = type(transaction)
    whole = kind.occurrences

    def counted(self: object, party: str | None, *args: object, **named: object) -> object:
        read.append(party)
        return whole(self, party, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(kind, "occurrences", counted)
    assert len(engine.may(case, by=ANA)) == 3
    assert sorted(filter(None, read)) == ["house/either person:ana", "house/few client:acme", "house/once client:acme"]


def test_a_question_sees_what_was_done_by_an_engine_without_policies(folder: Path) -> None:
    url = f"sqlite:///{folder}/work.db"
    ruled, plain = opened(folder, url), opened(folder, url, ruled=False)
    first, second = plain.start("ask", by=ANA, client="acme").id, plain.start("buy", by=ANA, client="acme").id
    plain.perform(first, "pay", by=ANA)
    assert options(plain, second, DAN)["pay"]
    assert not options(ruled, second, DAN)["pay"]
    plain.close_store()
    ruled.close_store()


def test_engines_that_keep_telling_a_store_otherwise_are_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = opened(folder)
    case = engine.start("ask", by=ANA, client="acme").id
    monkeypatch.setattr(engine._office, "catch_up", lambda: None)
    with engine._office.store.write() as transaction:
        transaction.index_by("of others")
    with pytest.raises(StoreError, match="other policies are at work"):
        engine.may(case, by=ANA)


def test_what_is_due_names_the_case_that_set_it_off(folder: Path) -> None:
    rule = "  answered: { after: pay, there-must-be: check, within: 1 day, per: client }\n"
    (folder / "policies.yaml").write_text(POLICIES + rule, "utf-8")
    engine = opened(folder)
    case = engine.start("ask", by=ANA, client="acme").id
    engine.perform(case, "pay", by=ANA)
    assert [(one.rule, one.case, one.since) for one in engine.across().due] == [("house/answered", case, 2)]


def test_a_step_repeated_under_its_key_says_what_it_said_at_first(folder: Path) -> None:
    url = f"sqlite:///{folder}/work.db"
    engine = opened(folder, url)
    first, second = (engine.start("ask", by=ANA, client="acme", mode="observe").id for _ in range(2))
    engine.perform(first, "pay", by=ANA)
    done = engine.perform(second, "pay", by=ANA, key="k")
    assert [one.code for one in done.deviations] == ["DV503"]
    engine.perform(first, "pay", by=ANA)
    other = Engine.open(url, workspace=folder, clock=lambda: NOW)
    again = other.perform(second, "pay", by=ANA, key="k")
    assert (again.repeated, again.deviations) == (True, done.deviations)
    assert other.perform(second, "pay", by=ANA, key="k").deviations == done.deviations
    other.close_store()
    engine.close_store()


def test_versions_may_ask_for_different_things_under_one_id(folder: Path) -> None:
    for version, of in (("1", "pay"), ("2", "[pay, check]")):
        rules = f"rules: {{ once: {{ at-most: 1, of: {of}, per: client }} }}"
        text = PROCEDURE.format(id="own", actions="pay: same, check: same", rules=rules)
        file = folder / f"own-{version}.yaml"
        file.write_text(text.replace('version: "1"', f'version: "{version}"'), "utf-8")
    engine = opened(folder, ruled=False)
    engine.publish(folder / "own-1.yaml")
    old = engine.start("own", by=ANA, client="acme").id
    engine.publish(folder / "own-2.yaml")
    new = engine.start("own", by=ANA, client="acme").id
    assert engine.perform(new, "check", by=ANA).accepted
    assert engine.perform(old, "pay", by=ANA).accepted, "of its version none was paid"
    assert not engine.perform(new, "pay", by=ANA).accepted
    assert [one.standing.rule for one in engine.across().parties] == ["own/once", "own/once"]


def test_policies_with_the_id_of_a_procedure_are_refused(folder: Path) -> None:
    engine = opened(folder)
    rules = "rules: { once: { at-most: 1, of: pay, per: client } }"
    file = folder / "house.yaml"
    file.write_text(PROCEDURE.format(id="house", actions="pay: same", rules=rules), "utf-8")
    with pytest.raises(ProcedureInvalid, match="so is a procedure") as refused:
        engine.publish(file)
    assert refused.value.code == "PF634"
    assert "house" not in engine.published()
    with pytest.raises(ProcedureInvalid, match="so is a procedure"):
        audit(file, exported(engine, folder), policies=folder / "policies.yaml")


def test_of_one_case_it_is_told_what_blames_it_and_how_rules_stand_with_those_it_concerns(folder: Path) -> None:
    rule = "  answered: { after: pay, there-must-be: check, within: 1 day, per: client }\n"
    (folder / "policies.yaml").write_text(POLICIES + rule, "utf-8")
    engine = opened(folder)
    first, second = engine.start("ask", by=ANA, client="acme").id, engine.start("buy", by=ANA, client="acme").id
    other = engine.start("buy", by=DAN, client="beta").id
    engine.perform(first, "pay", by=ANA)
    engine.perform(second, "pay", by=ANA)
    whole = engine.across()
    for case in (first, second, other):
        said = engine.across(case)
        assert said.deviations == tuple(one for one in whole.deviations if one.case == case)
        assert all(one in whole.parties for one in said.parties)
    said = engine.across(second)
    assert [(one.standing.rule, one.party) for one in said.parties] == [
        ("house/once", "acme"),
        ("house/answered", "acme"),
    ]
    assert [(one.case, one.since) for one in said.parties[-1].due] == [(first, 2)]
    assert [one.disposition for one in said.deviations] == [Disposition.PREVENTED]
    assert [one.id for one in engine.rules_across()] == ["house/once", "house/either", "house/answered"]
