"""Pictures as a whole: the committed one is the one that is drawn, they are well-formed, safe and the same everywhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from procflow.loading.procedure import load_procedure
from procflow.model.procedure import Procedure
from procflow.reports.diagram import mermaid_of, svg_of

ROOT = Path(__file__).parents[4]
SHIPPED = [
    path
    for folder in ("procedures", "examples")
    for path in sorted((ROOT / folder).glob("*.yaml"))
    if re.search(r"^procedure:", path.read_text("utf-8"), re.MULTILINE)
]
COMMITTED = ROOT / "docs" / "images" / "complaint.svg"


def of(path: Path) -> Procedure:
    return load_procedure(path)


def test_the_picture_in_the_documents_is_the_one_that_is_drawn() -> None:
    """To make it anew: procflow draw procedures/complaint.yaml -o docs/images/complaint.svg."""
    drawn = svg_of(of(ROOT / "procedures" / "complaint.yaml"), standalone=True)
    assert COMMITTED.read_text("utf-8") == drawn


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
@pytest.mark.parametrize("language", ["", "ro", "fa"])
@pytest.mark.parametrize("across", [False, True])
def test_shipped_procedures_are_drawn(path: Path, language: str, across: bool) -> None:
    procedure = of(path)
    root = ElementTree.fromstring(svg_of(procedure, language=language, across=across))
    steps = [one.attrib["data-step"] for one in root.iter() if "data-step" in one.attrib]
    assert sorted(steps) == sorted(procedure.steps)
    text = mermaid_of(procedure, language=language, across=across)
    for step in procedure.steps:
        assert re.search(rf"\bs_{step.replace('-', '_')}\b", text)


def test_a_picture_is_the_same_in_every_process() -> None:
    code = (
        "from procflow.loading.procedure import load_procedure as load\n"
        "from procflow.reports.diagram import mermaid_of, svg_of\n"
        f"procedure = load({str(ROOT / 'procedures' / 'complaint.yaml')!r})\n"
        "print(svg_of(procedure, language='ru'), mermaid_of(procedure, language='ru'))\n"
    )
    told = set()
    for seed in ("0", "1", "77"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(ROOT)}
        told.add(subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True).stdout)
    assert len(told) == 1
    assert b"<svg" in told.pop()
