"""What is said to somebody who writes a procedure for the first time: keys without colons, roles where steps belong."""

from __future__ import annotations

import pytest

from procflow.loading.procedure import read_procedure

PROCEDURE = """procflow: 1
procedure: repairs
version: "1.0"
roles: { clerk: Writes, boss: Decides }
start: intake
steps:
  intake:
    by: clerk
    actions: { submit: approval }
  approval:
    by: boss
    actions: { approve: closed }
  closed: { end: well }
"""


def told(right: str, wrong: str) -> list[str]:
    assert right in PROCEDURE
    found = read_procedure(PROCEDURE.replace(right, wrong), "repairs.yaml").findings
    return [f"{one.where.line if one.where else 0}: {one.code} {one.message}; {one.hint}" for one in found]


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ("by: boss\n", "by boss\n", "11: PF010 a key is not followed by a colon; write `by: boss`"),
        (
            "by: boss\n",
            "by:boss\n",
            "11: PF010 a space belongs after the colon, else the whole is one text; write `by: boss`",
        ),
        (
            "by: boss\n",
            "title: 'Boss's'\n    by: boss\n",
            "11: PF010 the text ends with its closing quote, and something follows it; "
            'put the other kind of quotes around the whole text, as in "the owner\'s approval", or none at all',
        ),
        (
            "by: boss\n",
            "by: boss or clerk\n",
            "11: PF202 `boss or clerk` is several roles, and a step has one; "
            "keep `boss`, and give an action of others its own `by`, or make one role of them",
        ),
        (
            "by: boss\n",
            "by: [boss, clerk]\n",
            "11: PF103 `by` is a list, not a role, `any`, or { field: the_data_field_that_names_who }; "
            "name one role for the step, and give an action of another role its own `by`",
        ),
        (
            "submit: approval",
            "submit: boss",
            "9: PF201 there is no step `boss`; `boss` is a role; name the step, as `approval`, which is done by it",
        ),
    ],
)
def test_a_slip_is_told_where_it_stands_with_what_to_write(right: str, wrong: str, expected: str) -> None:
    assert told(right, wrong) == [expected]
