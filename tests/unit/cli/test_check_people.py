"""`procflow check` with people.yaml: roles nobody knows, roles nobody holds."""

from __future__ import annotations

from tests.unit.cli.desk import Desk


def test_roles_are_held_against_the_procedures_given(desk: Desk) -> None:
    desk.put("people.yaml", "people:\n  ana: { roles: [agent, leadd] }\n  dan: { roles: [gardener] }\n")
    told = desk("check", "complaint.yaml", "people.yaml").stdout
    assert "complaint.yaml:8:3: warning PF217: nobody in people.yaml holds `lead`" in told
    assert "people.yaml:2:25: warning PF216: `ana` holds `leadd`, a role that no procedure given here knows" in told
    assert "did you mean `lead`?" in told
    assert "holds `gardener`" not in told


def test_of_a_procedure_with_errors_nobody_can_say_which_roles_it_knows(desk: Desk) -> None:
    desk.put("people.yaml", "people:\n  ana: { roles: [agent, laed] }\n")
    desk.put("broken.yaml", "procflow: 1\nprocedure: broken\n")
    assert "PF216" not in desk("check", "complaint.yaml", "broken.yaml", "people.yaml").stdout


def test_people_alone_are_held_against_nothing(desk: Desk) -> None:
    assert desk("check", "people.yaml").exit_code == 0
    assert "PF21" not in desk("check", "people.yaml").stdout
