"""Every class of deviation has examples: `tests/examples/DVnnn/pass.*` does not show it, `fail.*` does.

A folder tells one story: `procedure.yaml` with its point in the first line, and what was recorded twice, as a table
with `map.yaml` (and `people.yaml`) or as an export of the engine. The classes of the trail (DV9) are shown by
checking the chain of the export against the head that `pass.jsonl` ends with.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from procflow.auditor import audit
from procflow.model.deviation import REGISTRY, Deviation
from procflow.model.report import AuditReport
from procflow.trail.chain import verify_chain
from procflow.trail.entry import leaf_of, open_entry

REPOSITORY = Path(__file__).resolve().parents[3]
EXAMPLES = REPOSITORY / "tests" / "examples"
FOLDERS = sorted(path for path in EXAMPLES.glob("DV*") if path.is_dir())
REGISTERS = sorted((REPOSITORY / "procflow" / "model").glob("deviation*.py"))
EMITTED = [code for code, one in REGISTRY.items() if not one.reserved]


def named(path: Path) -> str:
    return path.name


def log_of(folder: Path, ending: str) -> Path:
    (log,) = folder.glob(f"{ending}.*")
    return log


def audited(folder: Path, log: Path) -> AuditReport:
    mapping, people = folder / "map.yaml", folder / "people.yaml"
    return audit(
        folder / "procedure.yaml",
        log,
        mapping=mapping if mapping.exists() else None,
        people=people if people.exists() else None,
    )


def codes_of(folder: Path, ending: str) -> set[str]:
    log = log_of(folder, ending)
    if folder.name.startswith("DV9"):
        return codes_of_chain(log.read_bytes().splitlines(), (folder / "pass.jsonl").read_bytes().splitlines())
    report = audited(folder, log)
    told = [*(one for case in report.cases for one in case.deviations), *over_cases(report)]
    # What is permitted, excused or was prevented stands against nobody.
    deviations = {one.code for one in told if ending == "fail" or one.unexcused}
    return deviations | {one.code for case in report.cases for one in case.findings} | {o.code for o in report.findings}


def over_cases(report: AuditReport) -> tuple[Deviation, ...]:
    return () if report.fairness is None else report.fairness.deviations


def codes_of_chain(bodies: list[bytes], whole: list[bytes]) -> set[str]:
    event, header = open_entry(whole[0])
    return {one.code for one in verify_chain(bodies, log=header.log, case=event.case, head=leaf_of(whole[-1]))}


@pytest.mark.parametrize("folder", FOLDERS, ids=named)
def test_what_fails_shows_the_class(folder: Path) -> None:
    assert folder.name in codes_of(folder, "fail")


@pytest.mark.parametrize("folder", FOLDERS, ids=named)
def test_what_passes_is_clean_altogether(folder: Path) -> None:
    assert codes_of(folder, "pass") == set()


@pytest.mark.parametrize("folder", [one for one in FOLDERS if not one.name.startswith("DV9")], ids=named)
def test_what_fails_is_as_severe_as_the_registry_says_and_names_its_place(folder: Path) -> None:
    report = audited(folder, log_of(folder, "fail"))
    found = [one for case in report.cases for one in (*case.deviations, *case.findings)]
    shown = [one for one in (*found, *over_cases(report), *report.findings) if one.code == folder.name]
    assert shown
    for one in shown:
        assert one.severity is REGISTRY[folder.name].severity
        if folder.name != "DV810":
            assert one.where is not None
        if isinstance(one, Deviation):
            assert one.where is not None
            assert one.where.file == str(folder / "procedure.yaml")


@pytest.mark.parametrize("code", EMITTED)
def test_every_class_that_is_emitted_has_examples(code: str) -> None:
    assert EXAMPLES / code in FOLDERS


@pytest.mark.parametrize("folder", FOLDERS, ids=named)
def test_every_example_belongs_to_a_class_and_says_its_point(folder: Path) -> None:
    assert folder.name in EMITTED
    assert (folder / "procedure.yaml").read_text(encoding="utf-8").startswith("# ")


def test_what_is_reserved_is_emitted_nowhere() -> None:
    reserved = set(REGISTRY) - set(EMITTED)
    for path in (REPOSITORY / "procflow").rglob("*.py"):
        if path not in REGISTERS:
            named_there = set(re.findall(r'"(DV\d{3})"', path.read_text(encoding="utf-8")))
            # An exit code has to know what lawful erasure will be called.
            assert not (named_there & reserved) - ({"DV906"} if path.name == "exits.py" else set()), path


def test_what_is_emitted_is_emitted_somewhere() -> None:
    texts = [
        path.read_text(encoding="utf-8") for path in (REPOSITORY / "procflow").rglob("*.py") if path not in REGISTERS
    ]
    assert [code for code in EMITTED if not any(f'"{code}"' in text for text in texts)] == []
