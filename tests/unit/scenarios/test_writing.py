"""A scenario that is put into YAML is read again as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from procflow.loading.procedure import read_procedure
from procflow.resources import shipped
from procflow.scenarios.writing import yaml_of


@pytest.mark.parametrize("name", ["complaint", "handoff", "incident", "service-request", "sla-agreement"])
def test_the_scenarios_of_the_library(name: str) -> None:
    text = (shipped("procedures") / f"{name}.yaml").read_text("utf-8")
    procedure = read_procedure(text.encode(), name).procedure
    assert procedure is not None
    written = "".join(yaml_of(one, dated=True) for one in procedure.scenarios)
    head, _, _ = text.partition("\nscenarios:")
    again = read_procedure(f"{head}\nscenarios:\n{written}".encode(), name).procedure
    assert again is not None
    assert len(again.scenarios) == len(procedure.scenarios)
    for before, after in zip(procedure.scenarios, again.scenarios, strict=True):
        where = before.where
        doings = tuple(replace(one, where=where) for one in after.doings)
        assert doings == tuple(replace(one, where=where) for one in before.doings)
        expect = replace(after.expect, where=where, places={})
        assert expect == replace(before.expect, where=where, places={})
        after = replace(after, where=where, doings=doings, expect=before.expect, dated=before.dated)
        assert after == replace(before, doings=doings)
