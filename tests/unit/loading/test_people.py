"""`people.yaml` from its text."""

from __future__ import annotations

from pathlib import Path

import pytest

from procflow.errors import DirectoryError
from procflow.loading.people import load_people, read_people

PEOPLE = """\
people:
  ana: { name: Ana Radu, teams: [care] }
  m.pop: { roles: [lead] }
  "7": {}
  Claims Handler_3: {}
teams:
  care: { title: Customer care, roles: [agent] }
"""


def test_people_hold_their_own_roles_and_those_of_their_teams() -> None:
    loaded = read_people(PEOPLE, "people.yaml")
    assert loaded.findings == ()
    assert loaded.people is not None
    assert loaded.people.roles_of("ana") == {"agent"}
    assert loaded.people.holders_of("lead") == ("m.pop",)
    assert loaded.people.knows("7")
    assert loaded.people.knows("Claims Handler_3")
    assert loaded.people.people["ana"].name == "Ana Radu"
    assert loaded.people.teams["care"].title == "Customer care"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PEOPLE.replace("[care]", "[caer]"), "2:34 PF214 there is no team `caer`"),
        (PEOPLE.replace("[lead]", "[Lead]"), "3:20 PF106 entry 1 of `roles` must be small letters"),
        (PEOPLE.replace("[lead]", "[lead, lead]"), "3:26 PF212 `lead` is listed twice"),
        (
            PEOPLE.replace("m.pop", "'m.pop '"),
            "3:3 PF106 the name `m.pop ` must be a name of one line without spaces around",
        ),
        (PEOPLE.replace("m.pop", '"m.pop\\n"'), "3:3 PF106 the name `m.pop"),
        (PEOPLE.replace('"7"', "7"), "4:3 PF011 a key must be text, and `7` is not"),
        (PEOPLE.replace("people:", "persons:"), "1:1 PF101 the file has no `people`"),
        ("", "1:1 PF103 the file is empty"),
    ],
)
def test_mistakes_are_told_where_they_stand(text: str, expected: str) -> None:
    loaded = read_people(text, "people.yaml")
    assert loaded.people is None
    first = loaded.findings[0]
    assert first.where is not None
    assert f"{first.where.line}:{first.where.column} {first.code} {first.message}".startswith(expected)


def test_a_file_with_errors_cannot_be_a_directory(tmp_path: Path) -> None:
    path = tmp_path / "people.yaml"
    path.write_text(PEOPLE, "utf-8")
    assert load_people(path).knows("ana")
    path.write_text(PEOPLE.replace("[care]", "[caer]"), "utf-8")
    with pytest.raises(DirectoryError, match="no team `caer`") as refused:
        load_people(path)
    assert (refused.value.code, refused.value.hint) == ("PF214", "did you mean `care`?")
