"""A1.1: ten people wait for each other, and George, the client, waits for all of them.

The story can be told in 1,024 ways, each of the ten doing their part well or badly; each way has exactly the findings
of those who did not, whatever people, departments and the language are called.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from procflow import Actor, Engine
from procflow.auditor import audit
from procflow.model.clock import PartyKind
from procflow.model.deviation import Deviation
from procflow.model.report import AuditReport, CaseAudit
from procflow.model.verdict import Verdict
from tests.acceptance.story import CASE, FAILURES, ROLES, table, told

GEORGE = Path(__file__).parents[2] / "examples" / "george"


def _audit(log: Path, home: Path = GEORGE) -> AuditReport:
    return audit(home / "procedure.yaml", [log], mapping=home / "george.map.yaml")


def _found(case: CaseAudit) -> list[tuple[str, str | None]]:
    return sorted(((one.code or "", one.actor) for one in case.deviations if one.unexcused), key=str)


def _meant(badly: Iterable[str]) -> list[tuple[str, str | None]]:
    return sorted((FAILURES[one] for one in badly), key=str)


def _all_ways() -> Iterator[tuple[str, ...]]:
    for size in range(len(FAILURES) + 1):
        yield from combinations(FAILURES, size)


@pytest.mark.parametrize(("name", "badly"), [("told-badly", FAILURES), ("told-well", ())])
def test_the_logs_of_the_example_are_the_story(name: str, badly: Collection[str]) -> None:
    assert (GEORGE / f"{name}.csv").read_text("utf-8") == table({CASE: told(badly)})


def test_told_badly_it_has_ten_findings() -> None:
    (case,) = _audit(GEORGE / "told-badly.csv").cases
    assert _found(case) == _meant(FAILURES)
    assert len({one.code for one in case.deviations}) == 10
    for one in case.deviations:
        assert one.remedy, one
        assert one.who_could, one
        assert "george" not in (one.actor, *one.who_could), "the client is at fault in none"
        assert "client" not in one.who_could


def test_told_well_it_has_none() -> None:
    (case,) = _audit(GEORGE / "told-well.csv").cases
    assert case.deviations == ()
    assert case.findings == ()
    assert case.outcome == "repaired"


def test_each_way_of_telling_it_has_exactly_the_findings_of_those_who_did_not_do_their_part(tmp_path: Path) -> None:
    ways = {",".join(way) or "none": way for way in _all_ways()}
    assert len(ways) == 1024
    log = tmp_path / "ways.csv"
    log.write_text(table({name: told(way) for name, way in ways.items()}), "utf-8")
    report = _audit(log)
    assert len(report.cases) == 1024
    wrong = {one.case: _found(one) for one in report.cases if _found(one) != _meant(ways[one.case])}
    assert wrong == {}


def test_the_ball_is_never_with_the_client() -> None:
    (case,) = _audit(GEORGE / "told-badly.csv").cases
    had = {one.party.kind: timedelta() for one in case.ball}
    for one in case.ball:
        had[one.party.kind] += one.wall
    assert PartyKind.CLIENT not in had
    assert had[PartyKind.NOBODY] > timedelta(days=1), "above all while nobody took up the planning of the visit"
    assert sum((one.wall for one in case.ball), timedelta()) == timedelta(days=15, hours=1), "each second is somebody's"


def test_the_circle_is_told_as_a_circle() -> None:
    (case,) = _audit(GEORGE / "told-badly.csv").cases
    (circle,) = (one for one in case.deviations if one.code == "DV606")
    assert circle.values["circle"] == "coordinator -> engineer -> operations -> coordinator"
    assert circle.values["people"] == "adrian -> cristian -> felicia -> adrian"


# --- whatever they are called --------------------------------------------------------------------------------------

OTHERS = {
    "andrei": "ogulcan",
    "adrian": "марина",
    "cristian": "zoë",
    "felicia": "نیلوفر",
    "maria": "x.1",
    "alina": "adrian2",
    "dan": "łukasz",
    "catalin": "ș-ț",
    "luiza": "n0",
    "mihai": "Q",
    "george": "Mrs G",
}


def _renamed(text: str, names: dict[str, str]) -> str:
    """Return a text with whole words replaced, all at once."""
    if not names:
        return text
    words = re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, names)) + r")(?![\w-])")
    return words.sub(lambda found: names[found[1]], text)


def _only_in(language: str, data: Any) -> Any:
    """Return plain data with texts in one language alone."""
    if isinstance(data, dict):
        return data[language] if language in data else {key: _only_in(language, one) for key, one in data.items()}
    return [_only_in(language, one) for one in data] if isinstance(data, list) else data


def _home(at: Path, roles: dict[str, str], departments: dict[str, str], language: str | None) -> Path:
    text = _renamed((GEORGE / "procedure.yaml").read_text("utf-8"), roles)
    text = _renamed(text, departments)
    if language is not None:
        text = yaml.safe_dump(_only_in(language, yaml.safe_load(text)), allow_unicode=True, sort_keys=False)
    (at / "procedure.yaml").write_text(text, "utf-8")
    (at / "george.map.yaml").write_text((GEORGE / "george.map.yaml").read_text("utf-8"), "utf-8")
    (at / "calendars").mkdir()
    calendar = (GEORGE / "calendars" / "office.yaml").read_text("utf-8")
    (at / "calendars" / "office.yaml").write_text(calendar, "utf-8")
    return at


def _codes(found: Iterable[Deviation]) -> list[tuple[str, str | None, int | None]]:
    return sorted(((one.code or "", one.actor, one.seq) for one in found), key=str)


def test_other_people_make_the_same_ten(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text(_renamed((GEORGE / "told-badly.csv").read_text("utf-8"), OTHERS), "utf-8")
    (case,) = _audit(log).cases
    (before,) = _audit(GEORGE / "told-badly.csv").cases
    expected = [(code, None if actor is None else OTHERS[actor], seq) for code, actor, seq in _codes(before.deviations)]
    assert _codes(case.deviations) == sorted(expected, key=str)


def test_other_departments_and_roles_make_the_same_ten(tmp_path: Path) -> None:
    roles = {name: f"r{number}-{name[::-1]}" for number, name in enumerate(sorted(set(ROLES.values()) - {"client"}))}
    departments = {"call-centre": "depot", "depot": "call-centre", "service": "sales", "technical": "d-9"}
    home = _home(tmp_path, roles, departments, None)
    log = tmp_path / "log.csv"
    log.write_text(_renamed((GEORGE / "told-badly.csv").read_text("utf-8"), roles), "utf-8")
    (case,) = _audit(log, home).cases
    (before,) = _audit(GEORGE / "told-badly.csv").cases
    assert _codes(case.deviations) == _codes(before.deviations)


@pytest.mark.parametrize("language", ["ro", "ru", "fa", "pl"])
def test_another_language_makes_the_same_ten(tmp_path: Path, language: str) -> None:
    home = _home(tmp_path, {}, {}, language)
    (case,) = _audit(GEORGE / "told-badly.csv", home).cases
    (before,) = _audit(GEORGE / "told-badly.csv").cases
    assert _codes(case.deviations) == _codes(before.deviations)


# --- as it happens -------------------------------------------------------------------------------------------------

OF_TIME_OR_CONDUCT = {"DV602", "DV608", "DV409", "DV606", "DV613", "DV614"}
"""What nobody can refuse: time alone does it, or to refuse it would only keep it off the record."""


def _lived(badly: Collection[str]) -> Iterator[Verdict]:
    """Yield what became of each step of the story in an engine that refuses what must not be."""
    at = datetime(2026, 10, 5, 6, tzinfo=UTC)
    engine = Engine.open("memory://", clock=lambda: at)
    engine.publish(GEORGE / "procedure.yaml")
    opening, *story = told(badly)
    case = engine.start("broken-device", by=Actor(opening.who, roles={ROLES[opening.who]}), client="george").id
    for one in story:
        at = datetime.fromisoformat(one.time).replace(tzinfo=ZoneInfo("Europe/Bucharest")).astimezone(UTC)
        by = Actor(one.who, roles={ROLES[one.who]})
        yield engine.perform(
            case, one.does, by=by, data=dict(one.data), evidence=dict(one.proofs), reason=one.why or None
        )
    assert engine.case(case).audit.outcome == "repaired"


def test_told_well_nothing_of_it_is_refused() -> None:
    verdicts = list(_lived(()))
    assert [one.event.action for one in verdicts if not one.accepted] == []
    assert [one.code for each in verdicts for one in each.deviations] == []


@pytest.mark.parametrize("badly", [one for one, (code, _) in FAILURES.items() if code in OF_TIME_OR_CONDUCT])
def test_what_time_does_and_how_people_behave_is_told_and_not_refused(badly: str) -> None:
    verdicts = list(_lived({badly}))
    assert [one.event.action for one in verdicts if not one.accepted] == []


@pytest.mark.parametrize(
    ("badly", "action", "code"),
    [
        ("owner", "take-in", "DV601"),
        ("vague", "ask", "DV605"),
        ("requisition", "ask-for-part", "DV603"),
        ("form", "refuse-hand-off", "DV604"),
    ],
)
def test_what_would_leave_the_next_one_waiting_is_refused(badly: str, action: str, code: str) -> None:
    refused = next(one for one in _lived({badly}) if not one.accepted)
    assert refused.event.action == action
    assert [one.code for one in refused.deviations] == [code]
    assert refused.deviations[0].remedy
