"""A1.3: all departments agree with the procedures, each version anew; without that a version is not published."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from procflow.cli import main
from procflow.engine import Engine
from procflow.errors import ProcedureInvalid, Severity

OLD = """
procflow: 1
procedure: delivery
version: "1.0.0"
owner: sales
agreed-by: { accounts: { date: 2026-11-02, person: m.pop, version: "1.0.0" } }
roles:
  seller: { title: Takes the order, department: sales }
  biller: { title: Writes the invoice, department: accounts }
start: order
steps:
  order: { by: seller, actions: { take: bill } }
  bill: { by: biller, actions: { write-invoice: closed } }
  closed: { end: delivered }
"""
NEW = (
    OLD.replace("1.0.0", "2.0.0")
    .replace("start: order", "  warehouse: { title: Sends the goods, department: depot }\nstart: order")
    .replace(
        "write-invoice: closed } }",
        "write-invoice: packing } }\n  packing: { by: warehouse, actions: { pack: closed } }",
    )
)
AGREED = NEW.replace("agreed-by: { ", 'agreed-by: { depot: { date: 2026-11-03, version: "2.0.0" }, ')


def published(folder: Path, text: str) -> tuple[str, ...]:
    """Return the codes of the warnings a text is published with."""
    file = folder / "delivery.yaml"
    file.write_text(text, "utf-8")
    engine = Engine.open("memory://")
    return tuple(one.code for one in engine.publish(file).findings)


def test_a_new_step_of_the_warehouse_blocks_publication_until_the_warehouse_has_agreed(tmp_path: Path) -> None:
    assert published(tmp_path, OLD) == ()
    with pytest.raises(ProcedureInvalid) as refused:
        published(tmp_path, NEW)
    (only,) = refused.value.findings
    assert (only.code, only.severity) == ("PF624", Severity.ERROR)
    assert only.message == "depot takes part as `warehouse`, and has not agreed to version 2.0.0"
    assert published(tmp_path, AGREED) == ()


def test_an_agreement_to_the_version_before_is_none(tmp_path: Path) -> None:
    with pytest.raises(ProcedureInvalid) as refused:
        published(tmp_path, AGREED.replace('03, version: "2.0.0"', '03, version: "1.0.0"'))
    assert [one.message for one in refused.value.findings] == ["depot agreed to version 1.0.0, and this is 2.0.0"]


def test_a_date_alone_speaks_of_the_version_it_stands_in_and_a_role_for_its_department(tmp_path: Path) -> None:
    assert published(tmp_path, NEW.replace("agreed-by: { ", "agreed-by: { warehouse: 2026-11-03, ")) == ()


def test_the_owner_and_whoever_is_outside_need_not_agree(tmp_path: Path) -> None:
    outside = "{ title: Sends the goods, department: depot, external: supplier }"
    assert published(tmp_path, NEW.replace("{ title: Sends the goods, department: depot }", outside)) == ()
    assert published(tmp_path, OLD.replace("owner: sales", "owner: seller").replace('"1.0.0"', '"3.0.0"')) == ()


def test_where_nobody_is_asked_for_agreement_it_is_in_force_with_a_warning(tmp_path: Path) -> None:
    head = next(line for line in NEW.splitlines() if line.startswith("agreed-by"))
    assert published(tmp_path, NEW.replace(f"{head}\n", "")) == ("PF625",)


def test_a_small_house_without_departments_is_asked_nothing(tmp_path: Path) -> None:
    bare = OLD
    for name in ("sales", "accounts"):
        bare = bare.replace(f", department: {name}", "")
    assert published(tmp_path, bare) == ()


def test_whoever_is_still_writing_is_warned_only(tmp_path: Path) -> None:
    file = tmp_path / "delivery.yaml"
    file.write_text(NEW, "utf-8")
    result = CliRunner().invoke(main, ["check", str(file)])
    assert result.exit_code == 0
    assert "warning PF624: depot takes part as `warehouse`" in result.output
