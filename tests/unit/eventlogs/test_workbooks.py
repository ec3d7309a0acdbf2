"""A workbook is not a log, and is told so."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from procflow.errors import EventLogError
from procflow.eventlogs.rows import open_lines


def test_an_excel_workbook_is_called_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(EventLogError, match="is an Excel workbook") as told, open_lines(str(path)):
        pass
    assert told.value.hint == "Save it as CSV (UTF-8)."
