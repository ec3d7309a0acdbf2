"""What a log cannot tell is held against nobody, and counted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from procflow.model.event import Witness
from tests.unit.monitors.rules.office import case, counts, said

NO_ROLES = Witness(role=False)
NO_ACTORS = Witness(actor=False, role=False)
NO_TIMES = Witness(time=False)
NO_DATA = Witness(data=frozenset())
COARSE = Witness(resolution=timedelta(hours=2))


@pytest.mark.parametrize(
    ("rule", "story", "witness", "told", "stands"),
    [
        ("after: a, there-must-be: b, by: lead", "a b finish", NO_ROLES, [], "not-examined: 1 unseen"),
        ("before: a, there-must-be: b, by: lead", "b a", NO_ROLES, [], "not-examined: 1 unseen"),
        ("never: b, by: lead", "b finish", NO_ROLES, [], "not-examined: 1 unseen"),
        ("never: b, by: lead", "a finish", NO_ROLES, [], "satisfied: 1 kept"),
        ("must-happen: b, by: lead", "b finish", NO_ROLES, [], "not-examined: 1 unseen"),
        ("must-happen: b, by: lead", "a finish", NO_ROLES, ["DV501@2"], "violated: 1 broken"),
        ("must-happen: b, by: { field: who }", "b", NO_DATA, [], "not-examined: 1 unseen"),
        ("exactly: 1, of: b, by: lead", "b b finish", NO_ROLES, [], "not-examined: 1 unseen"),
        ("one-of: [a, b], by: lead", "a b finish", NO_ROLES, [], "not-examined: 1 unseen"),
        ("first: a, by: lead", "a", NO_ROLES, [], "not-examined: 1 unseen"),
        ("last: finish, by: lead", "finish", NO_ROLES, [], "not-examined: 1 unseen"),
        ("after: a, never: b, by: lead", "a b finish", NO_ROLES, [], "not-examined: 1 unseen"),
        ("after: a, never: b, by: { field: who }", "a b finish", NO_DATA, [], "not-examined: 1 unseen"),
        ("same-person: [a, b]", "a bo:b", NO_ACTORS, [], "not-examined: 1 unseen"),
        ("different-person: [a, b]", "a b", NO_ACTORS, [], "not-examined: 1 unseen"),
        ("after: a, there-must-be: b, same: person", "a finish", NO_ACTORS, [], "not-examined: 1 unseen"),
        ("not-both: [a, b], same: x", "a[x=p] b[x=null] finish", None, [], "not-examined: 1 unseen"),
        ("after: a, never: b, same: x", "a[x=p] b[x=null] finish", None, [], "not-examined: 1 unseen"),
        ("after: a, there-must-be: b, same: x", "a finish", NO_DATA, [], "not-examined: 1 unseen"),
        ("after: a, there-must-be: b, same: x", "a finish", None, ["DV305@1 -"], "never-activated: nothing"),
        ("after: a, there-must-be: b, when: n > 3", "a finish", NO_DATA, [], "not-examined: 1 unseen"),
        ("never: b, when: n > 3", "b finish", NO_DATA, [], "not-examined: 1 unseen"),
        ("must-happen: b, when: n > 3", "finish", NO_DATA, [], "not-examined: 1 unseen"),
        ("must-happen: b, when: n > 3", "finish", None, ["DV305@1 -"], "never-activated: nothing"),
        ("must-happen: b, when: n > 3", "a cancel", None, [], "released: 1 released"),
        # times
        ("after: a, there-must-be: b, within: 1 hour", "a c c b finish", NO_TIMES, [], "not-examined: 1 unseen"),
        ("after: a, there-must-be: b, within: 1 hour", "a finish", NO_TIMES, ["DV507@2 1"], "violated: 1 broken"),
        ("before: a, there-must-be: b, within: 1 hour", "b c a", NO_TIMES, [], "not-examined: 1 unseen"),
        ("after: a, never: b, within: 1 hour", "a b finish", NO_TIMES, [], "not-examined: 1 unseen"),
        ("at-most: 1, of: a, in: 1 hour", "a a finish", NO_TIMES, [], "not-examined: 1 unseen"),
        ("after: a, there-must-be: b, within: 1 hour", "a c b", COARSE, [], "not-examined: 1 unseen"),
        ("after: a, there-must-be: b, within: 1 hour", "a c c c", COARSE, ["DV507@1 1"], "violated: 1 broken"),
        ("before: a, there-must-be: b, within: 1 hour", "b c a", COARSE, [], "not-examined: 1 unseen"),
        ("after: a, never: b, within: 2 hours", "a b finish", COARSE, [], "not-examined: 1 unseen"),
        ("after: a, never: b, within: 4 hours", "a c b", COARSE, ["DV517@3 1"], "violated: 1 broken"),
        ("at-most: 1, of: a, in: 2 hours", "a a finish", COARSE, [], "not-examined: 1 unseen"),
        # entries that are missing
        ("after: a, there-must-be: b", "a ~c finish", None, [], "not-examined: 1 unseen"),
        ("after: a, there-must-be: b", "~c a finish", None, ["DV507@3 2"], "violated: 1 broken"),
        ("after: a, there-must-be: b, next: true", "a ~b", None, [], "not-examined: 1 unseen"),
        ("after: a, never: b, next: true", "a ~b", None, [], "not-examined: 1 unseen"),
        ("after: a, never: b", "a ~b", None, ["DV517@2 1"], "violated: 1 broken"),
        ("before: a, there-must-be: b", "c ~a b a", None, [], "satisfied: 1 kept, 1 unseen"),
        ("before: a, there-must-be: b, each-time: true", "b ~c a a", None, ["DV510@4 4"], "violated: 1 kept, 1 broken"),
        ("before: a, there-must-be: b, next: true", "b ~a", None, [], "not-examined: 1 unseen"),
        ("before: a, there-must-be: b, within: 1 hour", "c ~c c a", None, ["DV508@4 4"], "violated: 1 broken"),
        ("if: a, also: b", "~c a finish", None, [], "not-examined: 1 unseen"),
        ("must-happen: b", "~c finish", None, [], "not-examined: 1 unseen"),
        ("must-happen: b, within: 1 hour", "c ~c c c finish", None, [], "not-examined: 1 unseen"),
        ("must-happen: b", "~c b", None, [], "satisfied: 1 kept"),
        ("exactly: 1, of: b", "~c b b", None, ["DV503@3"], "violated: 1 broken"),
        ("one-of: [a, b]", "~c finish", None, [], "not-examined: 1 unseen"),
        ("together: [a, b]", "a ~c finish", None, [], "not-examined: 1 unseen"),
        ("first: a", "~a", None, [], "not-examined: 1 unseen"),
        ("last: finish", "a ~finish", None, [], "satisfied: 1 kept"),
        ("same-person: [a, b]", "a ~c bo:b a", None, ["DV203@4 3"], "violated: 1 broken, 1 unseen"),
    ],
)
def test_what_a_log_cannot_tell(rule: str, story: str, witness: Witness | None, told: list[str], stands: str) -> None:
    seen = witness or Witness()
    found = [one for one in said(rule, story, seen) if not one.startswith("DV302")]
    assert (found, counts(rule, story, seen)) == (told, stands)


def test_a_case_that_is_cut_hides_what_came_before() -> None:
    assert counts("before: a, there-must-be: b", "a", cut=True) == "not-examined: 1 unseen"
    assert counts("must-happen: b", "a finish", cut=True) == "not-examined: 1 unseen"
    assert said("never: b", "b", cut=True) == ["DV502@1"], "what was seen still forbids"


def test_it_is_counted() -> None:
    assert case("after: a, there-must-be: b", "a a ~c", Witness()).not_examined == {"rule: r1": 1}
    assert case("after: a, there-must-be: b, when: n > 3", "a a", NO_DATA).not_examined == {"condition: n > 3": 2}
    assert case("after: a, there-must-be: b, same: [x, person]", "-:a", NO_DATA).not_examined == {
        "data: x": 1,
        "people: actor": 1,
    }
