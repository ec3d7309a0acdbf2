"""A document of an office is not plain text, and is told so."""

from __future__ import annotations

import pytest

from procflow.loading.procedure import read_procedure


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK\x03\x04\x14\0word/document.xml", "a Word document"),
        (b"PK\x03\x04\x14\0xl/workbook.xml", "an Excel workbook"),
        (b"PK\x03\x04\x14\0anything", "a packed file (zip)"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word or Excel document"),
    ],
)
def test_what_it_is_and_how_to_save_it(content: bytes, kind: str) -> None:
    (found,) = read_procedure(content, "procedure.yaml").findings
    assert (found.code, found.message) == ("PF005", f"this is {kind}, not plain text")
    assert found.hint is not None
    assert "plain text" in found.hint
