"""The desk of the stories about the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.desk import Desk


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A folder of its own, in which procflow runs."""
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path)
