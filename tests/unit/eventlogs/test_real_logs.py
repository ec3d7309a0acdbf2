"""Facts known about real logs (see research/conformance.md section 2) are found by the reader too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from procflow.eventlogs.log import read_log
from procflow.model.mapping import DataColumn, KnownFrom, LogMapping, NamesColumn, StatusColumn, TimeColumn, WordColumn
from tests.unit.eventlogs.stories import HERE, checked

_FORMAT = "%d/%m/%Y %H:%M"
_STATES = (
    "New", "Active", "Awaiting User Info", "Awaiting Vendor", "Awaiting Problem", "Awaiting Evidence", "Resolved", "Closed",
)  # fmt: skip
_TO = {state: state.lower().replace(" ", "-") for state in _STATES}
SERVICENOW = LogMapping(
    case="number",
    time=TimeColumn(column="sys_updated_at", format=_FORMAT),
    order="sys_mod_count",
    actor="sys_updated_by",
    team=NamesColumn(column="assignment_group"),
    status=StatusColumn(column="incident_state", to=_TO, ignore={"-100": "import fault"}, where=HERE),
    data={"priority": DataColumn(column="priority"), "resolved": DataColumn(column="resolved_at", format=_FORMAT)},
    known_from={"resolved": KnownFrom(step="resolved")},
    no_value=("?",),
    where=HERE,
)


def test_the_servicenow_log_is_accounted_for_to_the_row(real_data: Path) -> None:
    reading = checked(read_log(real_data / "servicenow-incidents/incident_event_log.zip", SERVICENOW))
    rows = reading.rows
    assert (rows.read, rows.used, rows.first, rows.repeated) == (141_712, 88_950, 24_918, 52_757)
    assert (rows.ignored, rows.faulty) == (5, 0)
    assert sum(reading.status_changes.values()) == 64_032
    assert len(reading.traces) == 24_918
    assert reading.first_statuses["resolved"] == 1_819
    gaps = [found.message for of_case in reading.case_findings.values() for found in of_case if found.code == "DV804"]
    between = [int(message.split(" between")[0].split()[-1]) for message in gaps if "between" in message]
    assert (len(between), sum(between)) == (9_254, 49_773)
    for trace in reading.traces:
        entered = [event.action for event in trace.events if "resolved" in event.data]
        assert "resolved" in [event.action for event in trace.events] or not entered


def test_the_stray_state_counted_as_a_state_gives_the_other_known_figures(real_data: Path) -> None:
    assert SERVICENOW.status is not None
    status = replace(SERVICENOW.status, ignore={}, to={**_TO, "-100": "closed-by-import"})
    path = real_data / "servicenow-incidents/incident_event_log.zip"
    reading = checked(read_log(path, replace(SERVICENOW, status=status, data={}, known_from={})))
    assert (sum(reading.status_changes.values()), reading.rows.repeated) == (64_034, 52_760)


def test_the_claims_have_a_start_and_an_end_in_every_row(real_data: Path) -> None:
    mapping = LogMapping(
        case="case_id",
        start=TimeColumn(column="start_time"),
        complete=TimeColumn(column="end_time"),
        action=WordColumn(column="activity", where=HERE),
        actor="resource",
        where=HERE,
    )
    reading = checked(read_log(real_data / "insurance-claims/Insurance_Claims_train.csv", mapping))
    assert (reading.rows.read, reading.rows.used, len(reading.traces)) == (5_443, 5_443, 1_000)
    assert sum(len(trace.events) for trace in reading.traces) == 10_886
    assert reading.rows.first == 0
    assert not reading.first_statuses
