"""Every code of time has a manual page, examples that pass and fail, and is spoken of in the documentation."""

from __future__ import annotations

import re

import pytest

from procflow.model.deviation import REGISTRY
from procflow.model.rules import PF_CODES
from tests.conftest import REPOSITORY

NUMBERS = (*range(123, 128), 204, *range(401, 422), *range(640, 660))
CODES = [
    *(f"PF{number}" for number in NUMBERS),
    *(f"DV{number}" for number in (*range(401, 413), 813, 814) if number != 405),
]
DOCS = "\n".join(path.read_text("utf-8") for path in sorted((REPOSITORY / "docs").glob("*.md")))
RANGES = [tuple(map(int, one)) for one in re.findall(r"PF(\d{3}) to PF(\d{3})", DOCS)]


@pytest.mark.parametrize("code", CODES)
def test_a_code_of_time_is_explained_and_shown(code: str) -> None:
    assert code in PF_CODES or code in REGISTRY
    names = [path.name for path in (REPOSITORY / "tests" / "examples" / code).iterdir()]
    assert any(name.startswith("pass") for name in names)
    assert any(name.startswith("fail") for name in names)


@pytest.mark.parametrize("code", [one for one in CODES if one.startswith(("DV", "PF4"))])
def test_a_check_of_time_is_in_the_documentation(code: str) -> None:
    number = int(code[2:])
    assert code in DOCS or any(first <= number <= last for first, last in RANGES)
