"""Time zones of a log: by the rules that come with procflow, whatever the machine it runs on knows."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from procflow.errors import EventLogError
from procflow.eventlogs.times import TimeReader
from procflow.loading.mapping import load_mapping

MAPPING = """\
case: number
time: { column: at, zone: Mars/Olympus }
action: { column: what }
"""


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Path]:
    """A machine that knows one time zone more than procflow does."""
    (tmp_path / "zones" / "Mars").mkdir(parents=True)
    content = files("tzdata").joinpath("zoneinfo", "UTC").read_bytes()
    (tmp_path / "zones" / "Mars" / "Olympus").write_bytes(content)
    zoneinfo.reset_tzpath([str(tmp_path / "zones")])
    yield tmp_path
    zoneinfo.reset_tzpath()


def test_a_zone_that_only_this_machine_knows_is_refused(machine: Path) -> None:
    assert zoneinfo.ZoneInfo("Mars/Olympus").key == "Mars/Olympus"
    with pytest.raises(EventLogError, match="is not a time zone"):
        TimeReader(format=None, zone="Mars/Olympus")
    (machine / "log.map.yaml").write_text(MAPPING, encoding="utf-8")
    with pytest.raises(EventLogError) as refused:
        load_mapping(machine / "log.map.yaml")
    assert "there is no time zone `Mars/Olympus`" in str(refused.value)
