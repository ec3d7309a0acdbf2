"""The register of checks: every one with a page somebody can learn from."""

from __future__ import annotations

import re

import pytest

from procflow.errors import Severity
from procflow.loading.source import read_source
from procflow.model.rules import PF_CODES, finding, page
from procflow.model.rules.rule import Rule


def test_codes_and_names_are_used_once_and_in_order() -> None:
    assert list(PF_CODES) == sorted(PF_CODES)
    assert len({rule.slug for rule in PF_CODES.values()}) == len(PF_CODES)


@pytest.mark.parametrize("rule", PF_CODES.values(), ids=lambda rule: rule.code)
def test_every_check_has_a_page(rule: Rule) -> None:
    assert re.fullmatch(r"PF\d{3}", rule.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.slug)
    assert rule.severity in (Severity.ERROR, Severity.WARNING, Severity.INFO)
    assert rule.summary.endswith(".")
    shown = page(rule.code)
    assert shown.startswith(f"{rule.code} {rule.slug} ({rule.severity.value})\n\n{rule.summary}")
    assert "\n\nPASS\n    " in shown
    assert "\n\nFAIL\n    " in shown
    assert rule.passes != rule.fails


@pytest.mark.parametrize("rule", PF_CODES.values(), ids=lambda rule: rule.code)
def test_what_a_page_shows_as_right_can_be_read(rule: Rule) -> None:
    assert read_source(rule.passes, "page.yaml").findings == ()


def test_a_finding_has_the_severity_of_its_check() -> None:
    assert finding("PF208", "x").severity is Severity.WARNING
    assert finding("PF201", "x").severity is Severity.ERROR
    with pytest.raises(KeyError):
        finding("PF999", "x")
