"""The edits of PF501, PF502 and PF504 mend a condition in whatever quotes it stands, and touch nothing else."""

from __future__ import annotations

import pytest

from procflow.loading.mending import apply
from procflow.loading.procedure import read_procedure

PROCEDURE = """procflow: 1
procedure: sample
version: "1.0"
roles: { agent: Writes }
data:
  gravity: { type: choice, of: [minor, major] }
  ours: yes-no
start: intake
steps:
  intake:
    by: agent
    collect: [gravity, ours]
    actions:
      refuse:
        to: closed
        when: %s   # as it was
      accept: closed
  closed: { end: answered }
"""


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ('gravity = "minor"', 'gravity == "minor"'),
        ("'gravity = \"minor\"'", "'gravity == \"minor\"'"),
        ('"gravity = \\"minor\\""', '"gravity == \\"minor\\""'),
        ("ours && gravity == 'majr'", "ours and gravity == 'major'"),
        ("\"gravity == 'majr'\"", "\"gravity == 'major'\""),
        ("'gravity == ''majr'''", "'gravity == ''major'''"),
        ("gravity == “minor”", 'gravity == "minor"'),
        ('"gravity == “minor” or ours"', '"gravity == \\"minor\\" or ours"'),
        ("'!ours'", "'not ours'"),
        ("gravity == minor", 'gravity == "minor"'),
        ('ours AND gravty == "minor"', 'ours and gravity == "minor"'),
    ],
)
def test_a_condition_is_mended_where_it_stands(wrong: str, right: str) -> None:
    text = PROCEDURE % wrong
    for _ in range(3):  # one mistake of a condition is told at a time
        loaded = read_procedure(text, "sample.yaml")
        edits = [edit for one in loaded.findings for edit in one.edits if one.code in ("PF501", "PF502", "PF504")]
        text = apply(edits, text)
    assert text == PROCEDURE % right
    assert read_procedure(text, "sample.yaml").findings == ()
