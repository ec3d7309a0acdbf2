"""Who acts on the command line: the people.yaml of this folder, and names nobody has."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from procflow.cli import main
from tests.unit.cli.desk import Desk


def here(desk: Desk, *words: str) -> Result:
    """Run procflow in the folder, which nothing names as the workspace."""
    environment = {"PROCFLOW_STORE": f"sqlite:///{desk.folder}/desk.db", "PROCFLOW_WORKSPACE": None, "COLUMNS": "200"}
    return CliRunner().invoke(main, list(words), env=environment, prog_name="procflow")


def test_the_people_of_this_folder_are_known(desk: Desk) -> None:
    case = desk.opened()
    assert case in here(desk, "worklist", "--by", "ana").stdout
    assert here(desk, "perform", case, "accept", "--by", "ana", "--data", "ours=yes").exit_code == 0


def test_without_people_it_is_said_that_nothing_tells_the_roles(desk: Desk) -> None:
    case = desk.opened()
    (desk.folder / "people.yaml").unlink()
    waits = here(desk, "worklist", "--by", "ana")
    assert waits.stdout == "Nothing waits.\n"
    assert "ana holds no role here: no people.yaml was read; give --workspace FOLDER, or --role ROLE" in waits.stderr
    refused = here(desk, "perform", case, "accept", "--by", "ana", "--data", "ours=yes")
    assert refused.exit_code == 1
    assert "no people.yaml was read" in refused.stderr
    assert "no people.yaml was read" in here(desk, "show", case, "--by", "ana").stderr
    assert here(desk, "worklist", "--by", "ana", "--role", "agent").stderr == ""


def test_a_folder_named_people_yaml_is_no_workspace(desk: Desk) -> None:
    desk.opened()
    (desk.folder / "people.yaml").unlink()
    (desk.folder / "people.yaml").mkdir()
    assert here(desk, "worklist", "--by", "ana").exit_code == 0


@pytest.mark.parametrize("words", [("worklist",), ("start", "complaint"), ("show", "01"), ("perform", "01", "accept")])
def test_somebody_nobody_knows_is_not_taken_for_one_without_work(desk: Desk, words: tuple[str, ...]) -> None:
    desk.opened()
    told = here(desk, *words, "--by", "anna")
    assert told.exit_code == 2
    assert "people.yaml does not list 'anna'. Did you mean ana? Or say what they hold with --role." in told.stderr
    assert "people.yaml does not list 'zoltan'. It lists ana, dan." in here(desk, *words, "--by", "zoltan").stderr


def test_with_a_role_somebody_new_may_act_and_it_is_said(desk: Desk) -> None:
    case = desk.opened()
    done = here(desk, "perform", case, "accept", "--by", "anna", "--role", "agent", "--data", "ours=yes")
    assert done.exit_code == 0
    assert "note: people.yaml does not list 'anna'; did you mean ana?" in done.stderr


@pytest.mark.parametrize("words", [("worklist",), ("start", "complaint"), ("show", "01"), ("perform", "01", "accept")])
def test_a_role_that_no_published_procedure_has_is_refused(desk: Desk, words: tuple[str, ...]) -> None:
    desk.opened()
    told = here(desk, *words, "--by", "ana", "--role", "agnet")
    assert told.exit_code == 2
    assert "no published procedure has a role 'agnet'. Did you mean 'agent'?" in told.stderr
    assert "There are agent, lead." in here(desk, *words, "--by", "ana", "--role", "wizard").stderr


def test_a_role_of_another_procedure_is_a_role(desk: Desk) -> None:
    case = desk.opened()
    other = (desk.folder / "complaint.yaml").read_text("utf-8").replace("complaint", "praise").replace("lead", "boss")
    here(desk, "publish", str(desk.put("praise.yaml", other)))
    assert here(desk, "perform", case, "accept", "--by", "ana", "--role", "boss").exit_code == 1
    assert here(desk, "worklist", "--role", "boss").stdout == "Nothing waits.\n"


def test_all_that_waits_is_listed(desk: Desk) -> None:
    first, second = desk.opened(), desk.opened()
    here(desk, "perform", first, "accept", "--by", "ana", "--data", "ours=yes")
    told = here(desk, "worklist").stdout
    assert told.index(second) < told.index(first)
    assert "turn of lead" in told
    assert "turn of agent" in told


def test_values_are_what_their_fields_are_declared_to_be(desk: Desk) -> None:
    desk.put(
        "order.yaml",
        """\
procflow: 1
procedure: order
version: "1.0"
roles: { clerk: Orders }
data:
  flat: { type: text }
  price: { type: money, currency: EUR }
  ours: { type: yes-no }
  due: { type: instant }
  day: { type: date }
  tags: { type: list, of: { type: text } }
start: ask
steps:
  ask:
    by: clerk
    optional: [flat, price, ours, due, day, tags]
    actions: { order: ordered }
  ordered: { end: ordered }
""",
    )
    assert here(desk, "publish", "order.yaml").exit_code == 0, here(desk, "publish", "order.yaml").output
    case = here(desk, "start", "order", "--by", "eva", "--role", "clerk").stdout.split()[0]
    words = ["flat=12", "price=120.50", "ours=yes", "due=2026-12-01", "day=2026-12-02", "tags=a, 2"]
    data = [word for one in words for word in ("--data", one)]
    done = here(desk, "perform", case, "order", "--by", "eva", "--role", "clerk", *data)
    assert done.exit_code == 0, done.output
    shown = here(desk, "show", case).stdout
    for told in ('"12"', "120.50 EUR", "true", "2026-12-01T00:00:00Z", "2026-12-02", '["a", "2"]'):
        assert told in shown
