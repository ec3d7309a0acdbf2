"""`procflow explain`: every code has a page, and a misspelt one is told with the closest."""

from __future__ import annotations

import json

import pytest

from procflow.model.deviation import REGISTRY
from procflow.model.rules import PF_CODES
from tests.unit.cli.desk import Desk


@pytest.mark.parametrize("word", ["DV101", "dv101", "step-skipped", "Step-Skipped"])
def test_a_deviation_by_code_or_name(desk: Desk, word: str) -> None:
    done = desk("explain", word)
    assert done.exit_code == 0
    assert done.stdout.startswith("DV101 step-skipped (major)\n\nAn action the procedure demands was not done")
    assert "What to do:" in " ".join(done.stdout.split())
    assert "␊" not in done.stdout


def test_a_check_has_a_snippet_that_passes_and_one_that_fails(desk: Desk) -> None:
    shown = desk("explain", "PF102").stdout
    assert shown.startswith("PF102 unknown-key (error)\n")
    assert "\nPASS\n    draft: {" in shown
    assert "\nFAIL\n    draft: {" in shown
    assert shown.count("PF102 unknown-key") == 1


def test_a_reserved_number_says_so(desk: Desk) -> None:
    reserved = next(one for one in REGISTRY.values() if one.reserved)
    assert "nothing reports it yet" in desk("explain", reserved.code).stdout


def test_without_a_code_all_are_listed(desk: Desk) -> None:
    shown = desk("explain").stdout
    assert [code for code in [*PF_CODES, *REGISTRY] if f"  {code} " not in shown] == []
    assert "DV2 people\n" in shown


def test_the_beginning_of_a_code_lists_its_family(desk: Desk) -> None:
    shown = desk("explain", "DV2").stdout
    assert "DV201 wrong-role" in shown
    assert "DV101" not in shown


def test_an_unknown_code_is_told_with_the_closest(desk: Desk) -> None:
    done = desk("explain", "step-skiped")
    assert done.exit_code == 2
    assert "Did you mean DV101 (step-skipped)?" in done.stderr
    assert "Did you mean DV" in desk("explain", "DV110").stderr
    assert "lists them all" in desk("explain", "????????").stderr


def test_json_for_programs(desk: Desk) -> None:
    document = json.loads(desk("explain", "DV202", "--json").stdout)
    assert [one["code"] for one in document["codes"]] == ["DV202"]
    assert len(json.loads(desk("explain", "--json").stdout)["codes"]) == len(PF_CODES) + len(REGISTRY)


@pytest.mark.parametrize("code", [*PF_CODES, *REGISTRY])
def test_every_page_fits_eighty_columns_but_for_its_snippets(code: str, desk: Desk) -> None:
    shown = desk("explain", code)
    assert shown.exit_code == 0
    assert [one for one in shown.stdout.splitlines() if len(one) > 80 and not one.startswith("    ")] == []
