"""`after` and `before` with `there-must-be`, both in one, and `if .. also`."""

from __future__ import annotations

import pytest

from tests.unit.monitors.rules.office import case, counts, said


@pytest.mark.parametrize(
    ("rule", "story", "told", "stands"),
    [
        # after: one is enough for all that came before it
        ("after: a, there-must-be: b", "a c b", [], "satisfied-so-far: 1 kept"),
        ("after: a, there-must-be: b", "c", [], "never-activated: nothing"),
        ("after: a, there-must-be: b", "b a", [], "violated-so-far: 1 pending"),
        ("after: a, there-must-be: b", "a a b finish", [], "satisfied: 2 kept"),
        ("after: a, there-must-be: b", "a b a a finish", ["DV507@5 3 4"], "violated: 1 kept, 2 broken"),
        ("after: [a, c], there-must-be: b", "a c finish", ["DV507@3 1 2"], "violated: 2 broken"),
        ("after: case opens, there-must-be: b", "a finish", ["DV507@2"], "violated: 1 broken"),
        ("after: a, there-must-be: case ends", "a finish", [], "satisfied: 1 kept"),
        ("after: move, there-must-be: enters there", "move", [], "satisfied-so-far: 1 kept"),
        ("after: enters there, there-must-be: move", "move", [], "violated-so-far: 1 pending"),
        # each time: told at the next one that comes too early
        (
            "after: a, there-must-be: b, each-time: true",
            "a a b a b finish",
            ["DV509@2 1"],
            "violated: 2 kept, 1 broken",
        ),
        ("after: a, there-must-be: b, each-time: true", "a finish", ["DV509@2 1"], "violated: 1 broken"),
        # next: what is done counts; starts of work do, if the rule speaks of one
        ("after: a, there-must-be: b, next: true", "a b a c b finish", ["DV511@4 3"], "violated: 1 kept, 1 broken"),
        ("after: a, there-must-be: b, next: true", "a c... b finish", [], "satisfied: 1 kept"),
        ("after: a, there-must-be: starts b, next: true", "a c... b... finish", ["DV511@2 1"], "violated: 1 broken"),
        ("after: a, there-must-be: b, next: true", "a finish", ["DV511@2 1"], "violated: 1 broken"),
        # within: late at the first event after it
        ("after: a, there-must-be: b, within: 2 hours", "a c b", [], "satisfied-so-far: 1 kept"),
        ("after: a, there-must-be: b, within: 1 hour", "a c", [], "violated-so-far: 1 pending"),
        ("after: a, there-must-be: b, within: 1 hour", "a c b finish", ["DV507@1 1"], "violated: 1 broken"),
        ("after: a, there-must-be: b, within: 2 hours", "a a c b", ["DV507@1 1"], "violated: 1 kept, 1 broken"),
        ("after: a, there-must-be: b, within: 1 hour, next: true", "a c", ["DV511@2 1"], "violated: 1 broken"),
        ("after: a, there-must-be: b, within: 1 hour", "a b a c c", ["DV507@3 3"], "violated: 1 kept, 1 broken"),
        ("after: a, there-must-be: b, next: true", "a b... c", ["DV511@3 1"], "violated: 1 broken"),
        ("before: a, there-must-be: b, next: true", "b c... c... a", [], "satisfied-so-far: 1 kept"),
        ("after: [a, enters there, move], there-must-be: leaves work", "move", [], "violated-so-far: 1 pending"),
        ("before: [move, enters there], there-must-be: leaves work", "move", ["DV508@1 1"], "violated: 1 broken"),
        # same and different
        (
            "after: a, there-must-be: b, same: x",
            "a[x=p] a[x=q] b[x=q] finish",
            ["DV507@4 1"],
            "violated: 1 kept, 1 broken",
        ),
        (
            "after: a, there-must-be: b, different: person",
            "a b bo:a bo:b finish",
            ["DV507@5 3"],
            "violated: 1 kept, 1 broken",
        ),
        ("after: a, there-must-be: b, same: [x, person]", "a[x=p] bo:b b[x=q] b[x=p]", [], "satisfied-so-far: 1 kept"),
        ("after: a, there-must-be: b, different: [x, y]", "a[x=p,y=q] b[x=r] b[y=r]", [], "satisfied-so-far: 1 kept"),
        (
            "after: a, there-must-be: b, each-time: true, same: x",
            "a[x=p] a[x=q] a",
            ["DV509@3 2"],
            "violated: 1 broken, 2 pending",
        ),
        # by and when
        ("after: a, there-must-be: b, by: lead", "a b lea/lead:b", [], "satisfied-so-far: 1 kept"),
        ("after: a, there-must-be: b, by: lead", "a b", [], "violated-so-far: 1 pending"),
        ("after: a, there-must-be: b, by: { field: who }", "a[who=bo] b bo:b", [], "satisfied-so-far: 1 kept"),
        ("after: a, there-must-be: b, by: client", "a ana>client:b", [], "satisfied-so-far: 1 kept"),
        ("after: a, there-must-be: b, when: n > 3", "a[n=2] a[n=5]", [], "violated-so-far: 1 pending"),
        ("after: a, there-must-be: b, when: n > 3", "a a[n=5]", ["DV305@1 -"], "violated-so-far: 1 pending"),
        # before
        ("before: a, there-must-be: b", "a b a", ["DV508@1 1"], "violated: 1 kept, 1 broken"),
        ("before: a, there-must-be: b", "b a", [], "satisfied: 1 kept"),
        ("before: finish, there-must-be: b", "a finish", ["DV508@2 2"], "violated: 1 broken"),
        ("before: enters there, there-must-be: move", "move", [], "satisfied: 1 kept"),
        ("before: a, there-must-be: b, each-time: true", "b a a b a", ["DV510@3 3"], "violated: 2 kept, 1 broken"),
        ("before: a, there-must-be: b, next: true", "b a b c a", ["DV512@5 5"], "violated: 1 kept, 1 broken"),
        ("before: a, there-must-be: b, next: true", "b c... a", [], "satisfied-so-far: 1 kept"),
        ("before: a, there-must-be: b, within: 1 hour", "b a a", ["DV508@3 3"], "violated: 1 kept, 1 broken"),
        (
            "before: a, there-must-be: b, same: x",
            "b[x=p] b[x=q] a[x=r] a[x=p]",
            ["DV508@3 3"],
            "violated: 1 kept, 1 broken",
        ),
        ("before: a, there-must-be: b, different: person", "b a bo:a", ["DV508@2 2"], "violated: 1 kept, 1 broken"),
        ("before: a, there-must-be: b, different: person", "b bo:b b a cy:a bo:a", [], "satisfied-so-far: 3 kept"),
        # both
        ("after: a, before: b", "b a b a finish", ["DV508@1 1", "DV507@5 4"], "violated: 2 kept, 2 broken"),
        ("after: a, before: b, each-time: true", "a b b", ["DV510@3 3"], "violated: 2 kept, 1 broken"),
        ("after: a, before: b, next: true", "a b c b", ["DV512@4 4"], "violated: 2 kept, 1 broken"),
        # if .. also
        ("if: a, also: b", "b a", [], "satisfied: 1 kept"),
        ("if: a, also: b", "a a b", [], "satisfied: 2 kept"),
        ("if: a, also: b", "a a finish", ["DV506@3 1 2"], "violated: 2 broken"),
        ("if: a, also: b, within: 1 hour", "b a c a c c", ["DV506@4 4"], "violated: 1 kept, 1 broken"),
        ("if: a, also: b, different: person", "b a bo:b", [], "satisfied-so-far: 1 kept"),
    ],
)
def test_what_is_demanded(rule: str, story: str, told: list[str], stands: str) -> None:
    assert (said(rule, story), counts(rule, story)) == (told, stands)


def test_what_is_missing_is_said_for_people() -> None:
    (one,) = case("after: [a, c], there-must-be: b, by: lead, same: x", "a[x=p] c[x=p] finish").deviations
    assert one.message == (
        "“a” or “c” (events 1 and 2) was not followed by “b” by lead with the same “x” before the case ended"
    )
    assert one.values == {"rule": "r1", "missing": "b", "set off by": "events 1 and 2", "by": "lead"}
    assert one.remedy == "do “b” by lead with the same “x” after “a” or “c” before the case ends"
    assert (one.seq, one.actor, one.action, one.who_could, one.refuses) == (3, None, "b", ("lead",), True)
    assert one.where is not None
    assert one.where.line > 10, "the line of the rule"


def test_what_is_late_is_blamed_on_time() -> None:
    (one,) = case("after: a, there-must-be: b, within: 1 hour", "a c c").deviations
    assert one.message == "“a” (event 1) was not followed by “b” within 1 hour (until 2026-12-01T11:00:00Z)"
    assert (one.seq, one.actor, one.refuses) == (1, None, False)
    assert one.breach is not None
    assert (one.breach.kind.value, one.breach.activations, one.breach.target) == ("late", (1,), None)


def test_what_came_instead_is_said() -> None:
    (one,) = case("after: a, there-must-be: b, next: true", "a c").deviations
    assert one.message == "“a” (event 1) was not followed at once by “b”; “c” came next"
    (again,) = case("after: a, there-must-be: b, each-time: true", "a a").deviations
    assert again.message == "“a” came again before “b” had followed the one before (event 1)"
    assert again.values["came again"] == "event 2"


def test_many_activations_are_named_up_to_a_number() -> None:
    (one,) = case("after: a, there-must-be: b", " ".join(["a"] * 30) + " finish").deviations
    assert one.breach is not None
    assert (one.breach.activations, one.breach.more) == (tuple(range(1, 21)), 10)
    assert one.values["set off by"].endswith("19, 20 and 10 more")


def test_what_came_too_long_before_is_named_with_its_age() -> None:
    (one,) = case("before: a, there-must-be: b, within: 1 hour", "b c a finish").deviations
    assert one.message == "“a” came 2 hours after “b” (event 1), and not within 1 hour"
    assert one.remedy == "do “b” again, within 1 hour before “a”"
    (one,) = case("before: a, there-must-be: b, within: 1 hour", "c a finish").deviations
    assert one.message == "“a” came without “b” before it within 1 hour"
    apart = case("before: a, there-must-be: b, within: 1 hour, same: x", "b[x=k] c a[x=m] finish").deviations
    assert ["without" in one.message for one in apart if one.code == "DV508"] == [True], "it belongs to something else"
    (one,) = case("before: a, there-must-be: b, within: 1 hour, each-time: true", "b a b c a finish").deviations
    assert (one.code, one.message.split(", ")[-1]) == ("DV510", "and not within 1 hour; each needs its own")
