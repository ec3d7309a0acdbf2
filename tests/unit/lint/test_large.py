"""The large procedure that the benchmark measures is one that check has nothing to say against."""

from __future__ import annotations

from benchmarks.check import procedure
from procflow.lint import lint
from procflow.loading.procedure import read_procedure


def test_the_procedure_of_the_benchmark_is_clean() -> None:
    for steps in (10, 200):
        loaded = read_procedure(procedure(steps), "large.yaml")
        assert loaded.procedure is not None
        assert (*loaded.findings, *lint(loaded.procedure)) == ()
        assert len(loaded.procedure.steps) > steps * 0.9
