"""A2.4 Team over star: how many people know how a step is done, and what comes back between two departments."""

from __future__ import annotations

from pathlib import Path

import pytest

from procflow.auditor.waiting import waiting_of
from tests.acceptance.logs import at, audited, fairness_of

REPAIR = """procflow: 1
procedure: repair
version: "1"
roles: { technician: Repairs }
start: repair
steps:
  repair: { by: technician, actions: { finish: closed } }
  closed: { end: done }
fairness:
  one-person: { share: 80%, at-least: 5, in: 90 days }
"""
COLUMNS = "case,at,action,who"
PEOPLE = """people:
  ana: { roles: [technician] }
  ion: { roles: [technician] }
  zoe: { roles: [technician] }
"""


def repairs(*people: str, month: int = 3) -> list[str]:
    return [
        f"{month}-{number},{at(number)},finish,{who}".replace("-03-", f"-0{month}-")
        for number, who in enumerate(people)
    ]


@pytest.mark.parametrize(
    ("people", "enough"),
    [
        (["ana"] * 9 + ["ion"], 1),
        (["ana"] * 5 + ["ion"] * 5, 2),
        (["ana"] * 4, None),
        (["ana"] * 4 + ["ion"] * 4 + ["dan"], 2),
    ],
)
def test_how_many_people_it_takes(tmp_path: Path, people: list[str], enough: int | None) -> None:
    fairness = fairness_of(audited(tmp_path, REPAIR, COLUMNS, repairs(*people)))
    (step,) = fairness.keepers
    assert step.enough == enough
    assert [one.code for one in fairness.deviations] == (["DV611"] if enough == 1 else [])


def test_who_may_do_it_and_never_has_is_named(tmp_path: Path) -> None:
    (told,) = fairness_of(audited(tmp_path, REPAIR, COLUMNS, repairs(*["ana"] * 5), people=PEOPLE)).deviations
    assert (told.values["person"], told.values["never did"], told.actor) == ("ana", "ion, zoe", None)


def test_what_lies_further_back_than_the_window_does_not_count(tmp_path: Path) -> None:
    rows = [*repairs(*["ion"] * 9, month=3), *repairs(*["ana"] * 5, month=9)]
    (told,) = fairness_of(audited(tmp_path, REPAIR, COLUMNS, rows)).deviations
    assert (told.values["person"], told.values["completions"]) == ("ana", "5")


def test_of_few_nobody_is_ranked(tmp_path: Path) -> None:
    few = fairness_of(audited(tmp_path, REPAIR, COLUMNS, repairs("zoe", *["ion"] * 2, *["ana"]))).keepers[0]
    assert list(few.by_person) == ["ana", "ion", "zoe"], "by id"
    many = fairness_of(audited(tmp_path, REPAIR, COLUMNS, repairs(*["zoe"] * 12, *["ion"] * 9))).keepers[0]
    assert list(many.by_person) == ["zoe", "ion"], "the most first"


SILOS = """procflow: 1
procedure: silos
version: "1"
roles:
  seller: { title: Sells, department: sales }
  buyer: { title: Orders, department: procurement }
hand-offs: { accept-within: 5 days, refuse: { reason: required } }
start: sell
steps:
  sell: { by: seller, actions: { hand-over: order } }
  order: { by: buyer, actions: { finish: closed } }
  closed: { end: done }
"""


def test_what_part_of_the_hand_offs_between_two_departments_bounced(tmp_path: Path) -> None:
    rows = []
    for number in range(4):
        rows.append(f"{number},{at(0)},hand-over,ana,seller,")
        if number == 0:
            rows += [f"0,{at(10)},refuse-hand-off,bob,buyer,Not ours", f"0,{at(20)},hand-over,ana,seller,"]
        rows.append(f"{number},{at(30)},finish,bob,buyer,")
    log = tmp_path / "map.yaml"
    report = audited(tmp_path, SILOS, "case,at,action,who,role,reason", rows, witnesses="hand-offs")
    assert log.exists()
    roles, departments = waiting_of(report).returned
    assert (departments.between, departments.departments) == (("procurement", "sales"), True)
    assert (departments.handed, departments.returned, departments.share) == (5, 1, 0.2)
    assert (roles.between, roles.share) == (("buyer", "seller"), 0.2)
