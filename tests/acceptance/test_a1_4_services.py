"""A1.4: internal providers: the card of a service (2), rotation (4), and where a role has an impact (5)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from procflow.cli import main
from procflow.engine import Engine
from procflow.model.organisation import Actor

REPOSITORY = Path(__file__).parents[2]

DELIVERY = """
procflow: 1
procedure: delivery
version: "1"
agreed-by: { sales: 2026-11-02, depot: 2026-11-02, transport: 2026-11-02 }
calendar: 24x7
accountable: seller
roles:
  seller: { title: Takes the order, department: sales }
  warehouse: { title: Sends the goods, department: depot }
  driver: { title: Brings them, department: transport }
  client: { title: Waits, external: true }
data: { article: { type: text, ask: Which article? }, address: text }
clocks:
  delivered: { to: client, from: case opens, until: case ends, within: 9 days }
  loaded: { to: team, from: enters packing, until: leaves packing, within: 2 days }
  answered: { to: client, from: case opens, until: leaves order, within: 1 day }
hand-offs: { needs: [article], accept-within: 4 hours }
start: order
steps:
  order: { by: seller, collect: [article, address], actions: { take: packing } }
  packing:
    by: warehouse
    hand-offs: { needs: [article, address] }
    evidence: [delivery-note]
    actions: { pack: road, ask-back: { to: order, incomplete: true, at-most: 2 } }
  road: { by: driver, actions: { hand-over: closed } }
  closed: { end: delivered }
anytime:
  sit-in: { to: same, by: any }
"""
RETURNS = """
procflow: 1
procedure: returns
version: "1"
agreed-by: { sales: 2026-11-02, depot: 2026-11-02 }
calendar: 24x7
roles:
  client: { title: Brings it back, external: true }
  seller: { title: Looks at the order, department: sales }
  warehouse: { title: Looks at the goods, department: depot }
data: { reason: text }
clocks:
  money-back: { to: client, from: enters look, until: case ends, within: 5 days, paused-in: [wait] }
start: bring
steps:
  bring: { by: client, collect: [reason], actions: { bring-back: look } }
  look: { by: warehouse, within: 1 day, actions: { it-is-whole: pay, ask-why: wait } }
  wait:
    waiting-for: { party: client, asked: required, due: required }
    within: 3 days
    late: { go-to: look }
    actions: { say-why: look }
  pay: { by: seller, actions: { give-money-back: closed } }
  closed: { end: paid }
"""
PERMIT = """
procflow: 1
procedure: permit
version: "1"
roles:
  desk: Receives files
  architect: Decides
  fire: Inspects
  mayor: Signs
  citizen: { title: Asks, external: true }
data: { plot: text }
hand-offs: { needs: [plot], accept-within: 2 days }
start: intake
steps:
  intake: { by: desk, optional: [plot], actions: { forward: review, nothing-new: summary } }
  review: { by: architect, actions: { more-papers: waiting, both: checks, straight: sign } }
  waiting: { waiting-for: { party: citizen }, actions: { papers-came: review } }
  checks:
    parallel:
      by-fire: { by: fire, actions: { fire-ok: done } }
      by-us: { by: architect, actions: { ours-ok: done } }
    then: summary
  summary: { by: architect, actions: { sum-up: sign } }
  sign: { by: mayor, actions: { sign-it: granted } }
  granted: { end: granted }
anytime:
  look-again: { to: review, by: desk }
"""
SERVICES = """
services:
  goods: { title: Goods on their way, procedure: delivery, provider: warehouse, for: [sales], depends-on: [taken-back],
    quality: It arrives whole, tips: Order before noon, clocks: [loaded, delivered] }
  taken-back: { procedure: returns, provider: sales, for: [depot] }
unserved: { transport: It drives for others }
shadowing: sit-in
"""
AGREEMENTS = """
tiers: { basic: Basic }
agreements:
  depot-2026: { kind: ola, team: warehouse, procedures: [delivery], from: 2026-01-01 }
  vans-2026: { kind: ola, team: driver, procedures: [delivery], from: 2026-01-01 }
  acme-2026: { client: acme, tier: basic, procedures: [returns], from: 2026-01-01 }
"""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Return a folder with two procedures, services and agreements."""
    for name, text in {
        "delivery": DELIVERY,
        "returns": RETURNS,
        "services": SERVICES,
        "agreements": AGREEMENTS,
    }.items():
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def document(*words: str) -> dict[str, Any]:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    assert isinstance(found, dict)
    return found


def ends(one: dict[str, Any]) -> tuple[str, ...]:
    return (one["procedure"], one["from"]["role"], one["from"]["step"], one["to"]["role"], one["to"]["step"])


# --- 5: look at the whole --------------------------------------------------------------------------------------------


def test_a_role_sees_exactly_its_steps_its_suppliers_and_its_consumers(library: Path) -> None:
    found = document("impact", "role:warehouse", str(library))
    assert found["procedures"] == ["delivery", "returns"]
    assert [(one["procedure"], one["step"], one["actions"]) for one in found["steps"]] == [
        ("delivery", "packing", ["pack", "ask-back"]),
        ("returns", "look", ["it-is-whole", "ask-why"]),
    ]
    assert [(*ends(one), one["needs"]) for one in found["upstream"]] == [
        ("delivery", "seller", "order", "warehouse", "packing", ["article", "address"]),
        ("returns", "client", "bring", "warehouse", "look", []),
        ("returns", "client", "wait", "warehouse", "look", []),
    ]
    assert [ends(one) for one in found["downstream"]] == [
        ("delivery", "warehouse", "packing", "driver", "road"),
        ("delivery", "warehouse", "packing", "seller", "order"),
        ("returns", "warehouse", "look", "seller", "pay"),
        ("returns", "warehouse", "look", "client", "wait"),
    ]


def test_it_needs_nothing_where_nothing_is_handed_over(tmp_path: Path) -> None:
    file = tmp_path / "permit.yaml"
    file.write_text(PERMIT, "utf-8")

    def comes_to(role: str) -> dict[tuple[str, str], tuple[list[str], bool]]:
        found = document("impact", f"role:{role}", str(file))["upstream"]
        return {(one["from"]["step"] or "any", one["to"]["step"]): (one["needs"], one["at_once"]) for one in found}

    # The architect made it wait, and sat in one branch: it comes back to the same hands, and the engine asks for nothing.
    assert comes_to("architect") == {
        ("intake", "review"): (["plot"], False),
        ("intake", "summary"): (["plot"], False),
        ("any", "review"): (["plot"], False),
        ("waiting", "review"): ([], True),
        ("by-fire", "summary"): ([], True),
    }
    # Whoever signs was in no branch.
    assert comes_to("mayor") == {("review", "sign"): (["plot"], False), ("summary", "sign"): (["plot"], False)}
    assert "nothing: no hand-off" in run("impact", "role:architect", str(file)).output


def test_it_sees_the_clocks_that_run_on_or_out_while_it_is_late_and_no_others(library: Path) -> None:
    found = document("impact", "role:warehouse", str(library))
    assert [(one["procedure"], one["clock"], one["to"], one["effect"], one["steps"]) for one in found["clocks"]] == [
        ("delivery", "delivered", "client", "runs on", ["packing"]),
        ("delivery", "loaded", "team", "runs on", ["packing"]),
        ("delivery", "packing.acceptance", "team", "runs out", ["packing"]),
        ("returns", "money-back", "client", "runs on", ["look"]),
        ("returns", "look", "team", "runs out", ["look"]),
    ]
    # Whoever is waited for makes it stand still: the clock that stops.
    (still,) = [
        one for one in document("impact", "role:client", str(library))["clocks"] if one["clock"] == "money-back"
    ]
    assert (still["effect"], still["steps"]) == ("stands still", ["wait"])


def test_it_sees_the_agreements_and_services_it_is_in(library: Path) -> None:
    found = document("impact", "role:warehouse", str(library))
    assert [(one["agreement"], one["named"], one["procedures"]) for one in found["agreements"]] == [
        ("depot-2026", True, ["delivery"]),
        ("acme-2026", False, ["returns"]),
    ]
    assert [(one["service"], one["part"]) for one in found["services"]] == [
        ("goods", "provides"),
        ("taken-back", "takes part"),
    ]
    chain = document("impact", "service:taken-back", str(library))["services"]
    assert [(one["service"], one["part"]) for one in chain] == [("goods", "depends on it"), ("taken-back", "itself")]
    assert [one["role"] for one in document("impact", "department:depot", str(library))["steps"]] == ["warehouse"] * 2
    steps = document("impact", "clock:money-back", str(library))["steps"]
    assert [(one["step"], one["role"]) for one in steps] == [
        ("look", "warehouse"),
        ("wait", "client"),
        ("pay", "seller"),
    ]


def test_a_role_nobody_knows_is_told_with_the_closest_there_is(library: Path) -> None:
    result = run("impact", "role:warehous", str(library))
    assert result.exit_code == 3
    assert "there is no role `warehous` in these files" in result.output
    assert "did you mean `role:warehouse`?" in result.output
    assert run("impact", "warehouse", str(library)).exit_code == 2


def test_where_there_is_nothing_to_read_it_says_what_to_name(library: Path) -> None:
    (library / "empty").mkdir()
    for words in (("impact", "role:warehouse"), ("card", "goods")):
        result = run(*words, str(library / "empty"))
        assert result.exit_code == 3
        assert "there is no procedure in" in result.output
    result = run("card", "goods", str(library / "services.yaml"), str(library / "returns.yaml"))
    assert result.exit_code == 3
    assert "“goods” is given by the procedure delivery, which is not among the files" in result.output
    assert "did you mean goods?" in run("card", "good", str(library)).output


# --- 2: the card of a service ----------------------------------------------------------------------------------------


def test_the_card_says_inputs_times_quality_and_how_to_be_a_good_client(library: Path) -> None:
    told = run("card", "service:goods", str(library)).output
    for part in (
        "What we need from you\n  - Which article? article – text\n  - address – text",
        "within 2 days",
        "within 9 days",
        "It arrives whole",
        "Order before noon",
        "Provided by: warehouse",
        "Depends on: taken-back",
    ):
        assert part in told, told
    page = document("card", "goods", str(library))
    assert [one["name"] for one in page["inputs"]] == ["article", "address"]
    assert [one["clock"] for one in page["times"]] == ["delivered", "loaded"]
    assert page["record"] is None


def test_a_card_is_told_in_the_language_of_who_reads_it_from_right_to_left_if_need_be(tmp_path: Path) -> None:
    files = [str(REPOSITORY / "procedures" / f"{name}.yaml") for name in ("service-request", "services.example")]
    result = run("card", "service:laptop", *files, "--language", "fa", "-o", str(tmp_path / "laptop.html"))
    assert result.exit_code == 0, result.output
    page = (tmp_path / "laptop.html").read_text("utf-8")
    assert '<html lang="fa" dir="rtl">' in page
    assert "رایانهٔ همراه برای کار" in page
    assert "what to give" not in page.lower()
    assert run("card", "laptop", *files, "--format", "markdown").output.startswith("# A laptop to work with")


def test_a_step_that_declares_no_inputs_fails_lint_and_has_no_card(library: Path) -> None:
    text = DELIVERY.replace("hand-offs: { needs: [article], accept", "hand-offs: { accept")
    (library / "delivery.yaml").write_text(text, "utf-8")
    for words in (("card", "service:goods", str(library)), ("check", str(library))):
        result = run(*words)
        assert result.exit_code == 1
        assert "error PF665: work comes to `road` from other people" in result.output
    (library / "delivery.yaml").write_text(DELIVERY.replace("collect: [article, address], ", ""), "utf-8")
    result = run("card", "service:goods", str(library))
    assert result.exit_code == 1
    assert "error PF664: nothing says what whoever asks for `goods` must give" in result.output


class Hands:
    """A clock somebody sets."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 2, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


SALLY, WILL, WANDA, DREW = (
    Actor("sally", roles={"seller"}),
    Actor("will", roles={"warehouse", "driver"}),
    Actor("wanda", roles={"warehouse"}),
    Actor("drew", roles={"driver"}),
)


def worked(folder: Path) -> str:
    """Return a store in which ten orders were taken, six of them packed, four driven."""
    clock = Hands()
    url = f"sqlite:///{folder / 'cases.db'}"
    engine = Engine.open(url, clock=clock)
    engine.publish(folder / "delivery.yaml")
    for number in range(10):
        clock.at += timedelta(hours=6)
        case = engine.start("delivery", by=SALLY)
        data = {"article": "A-1", "address": "Street 1"}
        engine.perform(case.id, "take", by=SALLY, data=data).or_raise()
        if number < 6:
            packer = WILL if number == 0 else WANDA
            engine.perform(case.id, "pack", by=packer, evidence={"delivery-note": "N-1"}).or_raise()
        if number == 1:
            engine.perform(case.id, "sit-in", by=WANDA).or_raise()
        if number < 4:
            engine.perform(case.id, "hand-over", by=WILL if number == 0 else DREW).or_raise()
    engine.close_store()
    return url


def test_with_a_record_it_says_what_waits_for_whom_and_how_long_that_may_take(library: Path) -> None:
    url = worked(library)
    record = document("card", "goods", str(library), "--store", url)["record"]
    load = {one["who"]: (one["open"], one["done"]) for one in record["load"]}
    assert load == {"seller": (0, 10), "warehouse": (4, 6), "driver": (2, 4)}
    waits = {one["who"]: one["wait_seconds"] for one in record["load"]}
    assert waits["warehouse"] == 36 * 3600, "six in the 54 hours of the record, and four are open"
    assert waits["driver"] is None, "four are too few to tell a pace"
    log = library / "export.jsonl"
    assert run("export", "--store", url, "--output", str(log)).exit_code == 0
    assert document("card", "goods", str(library), "--log", str(log))["record"] == record


# --- 4: who has seen both sides --------------------------------------------------------------------------------------


def test_with_a_record_it_says_how_many_know_both_sides_of_a_hand_off(library: Path) -> None:
    record = document("card", "goods", str(library), "--store", worked(library))["record"]
    sides = {tuple(one["between"]): (one["people"], one["both"], one["sat_in_only"]) for one in record["rotation"]}
    assert sides == {
        ("seller", "warehouse"): (3, 0, 0),
        # Will has done both, Wanda packs and sat in once while Drew had the goods on the road.
        ("warehouse", "driver"): (3, 2, 1),
    }
