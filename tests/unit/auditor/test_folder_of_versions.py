"""A folder of versions: each version once, whatever lies beside it."""

from __future__ import annotations

from pathlib import Path

from procflow.auditor import load_versions

VERSION = """\
procflow: 1
procedure: errand
version: "{}"
effective: {{ from: {} }}
roles: {{ agent: Does it }}
start: open
steps:
  open: {{ by: agent, actions: {{ finish: closed }} }}
  closed: {{ end: done }}
"""


def test_a_copy_of_a_version_is_not_another_version(tmp_path: Path) -> None:
    first, second = VERSION.format("1", "2026-01-01"), VERSION.format("2", "2026-06-01")
    (tmp_path / "a.yaml").write_text(second, "utf-8")
    (tmp_path / "b.yaml").write_text(first, "utf-8")
    (tmp_path / "c.yaml").write_text(f"# saved again\n{second}", "utf-8")
    (tmp_path / "people.yaml").write_text("people: { ana: {} }\n", "utf-8")
    versions = load_versions(tmp_path)
    assert [one.version for one in versions] == ["1", "2"]
    assert versions[1].where.file.endswith("a.yaml")
