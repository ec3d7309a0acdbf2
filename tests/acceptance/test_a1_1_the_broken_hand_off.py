"""A1.1: ten people wait for each other, and George, the client, waits for all of them.

The story can be told in 1,024 ways, each of the ten doing their part well or badly; each way has exactly the findings
of those who did not, whatever people, departments and the language are called.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest

from procflow.auditor import audit
from procflow.model.clock import PartyKind
from procflow.model.deviation import Deviation
from procflow.model.report import AuditReport, CaseAudit
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


def test_the_ball_is_never_with_the_client(tmp_path: Path) -> None:
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
    assert re.search("engineer.*operations.*coordinator.*engineer", " ".join((circle.message, *circle.values.values())))
    assert {"adrian", "cristian", "felicia"} <= {*re.findall(r"\w+", circle.message), *circle.values.values()} | set(
        " ".join(circle.values.values()).replace(",", " ").split()
    )


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
    words = re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, names)) + r")(?![\w-])")
    return words.sub(lambda found: names[found[1]], text)


def _home(at: Path, roles: dict[str, str], departments: dict[str, str], language: str | None) -> Path:
    text = _renamed((GEORGE / "procedure.yaml").read_text("utf-8"), roles)
    text = _renamed(text, departments)
    if language is not None:
        text = re.sub(r"\{ en: [^{}]*?\b" + language + r': ("[^"]*"|[^,{}]*)[^{}]*\}', r"\1", text)
        assert "ro: " not in text or language == "ro"
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
