"""Numbers of tables from other countries: what the mapping says of them, and what is told if it says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from procflow.auditor import audit
from procflow.model.report import AuditReport

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "DV811"


def audited(folder: Path, prices: list[str], decimal: str = "", log: str = "log.csv") -> AuditReport:
    if log.endswith(".csv"):
        rows = [f"{case};2026-03-01;send;{price}" for case, price in enumerate(prices)]
        (folder / log).write_text("\n".join(["case;at;action;Price", *rows]) + "\n")
    else:
        lines = [
            f'{{"case": "{case}", "at": "2026-03-01", "action": "send", "Price": {price}}}'
            for case, price in enumerate(prices)
        ]
        (folder / log).write_text("\n".join(lines) + "\n")
    mapping = "case: case\ntime: { column: at }\naction: { column: action }\ndelimiter: ';'\n"
    (folder / "map.yaml").write_text(mapping + f"data: {{ price: {{ column: Price{decimal} }} }}\n")
    return audit(EXAMPLE / "procedure.yaml", folder / log, mapping=folder / "map.yaml")


def told(report: AuditReport) -> list[str]:
    return [one.code for case in report.cases for one in case.deviations]


def test_cells_in_doubt_are_counted_once_a_column(tmp_path: Path) -> None:
    (one,) = audited(tmp_path, ["20", "1.500", "12.000"]).findings
    assert one.code == "DV811"
    assert one.message == "2 cells of 'Price' may be thousands or decimals: '1.500' was read as 1.5, not as 1500"
    assert one.hint is not None
    assert 'decimal: ","' in one.hint
    assert one.where is not None
    assert one.where.line == 3


@pytest.mark.parametrize(
    ("decimal", "prices"),
    [
        (', decimal: ","', ["250,00", "1.500", "1.500,50", "1 500,5", "12"]),
        (', decimal: "."', ["250.00", "1.500", "1,500.50", "12"]),
        ("", ["250.00", "0.500", "1500", "1.50"]),
    ],
)
def test_where_the_mapping_or_the_cells_leave_no_doubt_nothing_is_told(
    tmp_path: Path, decimal: str, prices: list[str]
) -> None:
    report = audited(tmp_path, prices, decimal)
    assert report.findings == ()
    assert told(report) == []


def test_numbers_of_json_have_a_point_before_their_decimals(tmp_path: Path) -> None:
    assert audited(tmp_path, ["1.500"], log="log.jsonl").findings == ()


def test_the_remedy_of_a_decimal_comma_names_the_key(tmp_path: Path) -> None:
    (case,) = audited(tmp_path, ["250,00"]).cases
    remedies = {one.code: one.remedy for one in case.deviations}
    assert remedies["DV302"] == (
        'give money in EUR; if a log writes its numbers so, put `decimal: ","` beside the column in the mapping'
    )
