"""`never`, `at-most`, `exactly`, `not-both`, `one-of`, and what must not come before, after, or at once."""

from __future__ import annotations

import pytest

from tests.unit.monitors.rules.office import case, counts, said


@pytest.mark.parametrize(
    ("rule", "story", "told", "stands"),
    [
        ("never: b", "a", [], "satisfied-so-far: 1 pending"),
        ("never: b", "a finish", [], "satisfied: 1 kept"),
        ("never: b", "b b", ["DV502@1", "DV502@2"], "violated: 1 broken"),
        ("never: [b, c]", "c", ["DV502@1"], "violated: 1 broken"),
        ("never: [move, enters there]", "move", ["DV502@1"], "violated: 1 broken"),
        ("never: b, when: n > 3", "b[n=1] b[n=4]", ["DV502@2"], "violated: 1 broken"),
        ("never: b, by: lead", "b lea/lead:b", ["DV502@2"], "violated: 1 broken"),
        ("at-most: 1, of: [a, b]", "a b b", ["DV503@2", "DV503@3"], "violated: 1 broken"),
        ("at-most: 1, of: [move, enters there]", "move", ["DV503@1"], "violated: 1 broken"),
        ("at-most: 1, of: a, in: 2 hours", "a c a a", ["DV503@4"], "violated: 1 broken"),
        ("at-most: 2, of: a, in: 3 hours", "a a a c c a a a", ["DV503@3", "DV503@8"], "violated: 1 broken"),
        ("exactly: 1, of: a", "a a a", ["DV503@2", "DV503@3"], "violated: 1 broken"),
        ("exactly: 2, of: a", "a", [], "violated-so-far: 1 pending"),
        ("exactly: 2, of: a", "a a", [], "satisfied-so-far: 1 pending"),
        ("exactly: 2, of: a", "a a finish", [], "satisfied: 1 kept"),
        ("exactly: 2, of: a", "a finish", ["DV522@2"], "violated: 1 broken"),
        ("exactly: 1, of: a, when: n > 3", "a a a[n=4] finish", ["DV503@2"], "violated: 1 broken"),
        ("exactly: 1, of: a, when: n > 3", "a a a[n=2] finish", [], "never-activated: nothing"),
        ("one-of: [a, b]", "a b a b", ["DV515@2", "DV515@4"], "violated: 1 broken"),
        ("one-of: [a, b]", "a a finish", [], "satisfied: 1 kept"),
        ("one-of: [a, b]", "c finish", ["DV514@2"], "violated: 1 broken"),
        ("one-of: [a, b]", "c", [], "violated-so-far: 1 pending"),
        ("not-both: [a, b]", "c", [], "never-activated: nothing"),
        ("not-both: [a, b]", "a a", [], "satisfied-so-far: 1 pending"),
        ("not-both: [a, b]", "a c b a", ["DV516@3 1", "DV516@4 3"], "violated: 1 broken"),
        ("not-both: [a, b], same: x", "a[x=p] b[x=q] b[x=p]", ["DV516@3 1"], "violated: 1 broken"),
        ("not-both: [a, b], within: 1 hour", "a c b b a", ["DV516@5 4"], "violated: 1 broken"),
        ("if: a, never: b", "a a b", ["DV519@3 1 2"], "violated: 2 broken"),
        ("if: a, never: b", "b a b", ["DV519@2 2", "DV519@3 2"], "violated: 1 broken"),
        ("if: a, never: b, within: 1 hour", "b c a c b", [], "satisfied-so-far: 1 pending"),
        ("if: a, never: b, different: person", "a b bo:b", ["DV519@3 1"], "violated: 1 broken"),
        ("after: a, never: b", "b a", [], "satisfied-so-far: 1 pending"),
        ("after: a, never: b", "b a b a b", ["DV517@3 2", "DV517@5 2 4"], "violated: 2 broken"),
        ("after: a, never: b, within: 1 hour", "a c b a b b", ["DV517@5 4"], "violated: 1 broken, 1 pending"),
        ("after: a, never: b, same: x", "a[x=p] b[x=q] b[x=p]", ["DV517@3 1"], "violated: 1 broken"),
        ("after: a, never: b, next: true", "a c b a b", ["DV520@5 4"], "violated: 1 broken, 1 pending"),
        ("after: a, never: b, next: true", "a c... b", ["DV520@3 1"], "violated: 1 broken"),
        ("before: a, never: b", "a b a", ["DV518@3 3"], "violated: 1 kept, 1 broken"),
        ("before: a, never: b, within: 1 hour", "b c a", [], "satisfied-so-far: 1 kept"),
        ("before: a, never: b, next: true", "b a b c a", ["DV521@2 2"], "violated: 1 kept, 1 broken"),
        ("same-person: [a, b]", "a a", [], "never-activated: nothing"),
        ("same-person: [a, b]", "a b bo:a bo:b", ["DV203@3 2"], "violated: 2 kept, 1 broken"),
        ("different-person: [a, b]", "a bo:b b bo:a", ["DV209@3 1", "DV209@4 2"], "violated: 1 kept, 2 broken"),
        ("different-person: [a, b, c]", "a bo:b a", [], "satisfied-so-far: 2 kept"),
    ],
)
def test_what_is_forbidden(rule: str, story: str, told: list[str], stands: str) -> None:
    assert (said(rule, story), counts(rule, story)) == (told, stands)


def test_what_was_forbidden_is_said_for_people() -> None:
    (one,) = case("after: a, never: b, within: 1 day", "a a bo/lead:b").deviations
    assert one.message == "“b” came after “a” (events 1 and 2) within 1 day, which it must not"
    assert one.values == {"rule": "r1", "forbidden": "b", "set off by": "events 1 and 2"}
    assert one.remedy == "do not let “b” come after “a” within 1 day"
    assert (one.seq, one.actor, one.action, one.step) == (3, "bo", "b", "work")
    assert one.breach is not None
    assert (one.breach.kind.value, one.breach.what, one.breach.target) == ("forbidden", "b", 3)


def test_what_looks_back_names_what_came_before() -> None:
    (one,) = case("before: a, never: b", "b b a").deviations
    assert one.message == "“a” came after “b” (event 2), which it must not"
    assert one.breach is not None
    assert (one.breach.activations, one.breach.target) == ((3,), 2)


def test_too_often_says_how_often() -> None:
    (one,) = case("at-most: 1, of: [a, b], in: 2 hours", "a b").deviations
    assert one.message == "“a” and “b” came more than once within 2 hours; at most 1 is allowed"
    assert one.values == {"rule": "r1", "forbidden": "b", "times": "more than 1", "allowed": "1"}


def test_how_often_in_a_stretch_of_time_is_not_told_wrongly_where_no_more_are_remembered_than_are_allowed() -> None:
    first, second = case("at-most: 2, of: a, in: 1 day", "a a a a").deviations
    assert first.message == "“a” came more than twice within 1 day; at most 2 are allowed"
    assert second.message == "“a” came more than twice within 1 day; at most 2 are allowed"
    assert (first.values["times"], second.values["times"]) == ("more than 2", "more than 2")


def test_who_did_what_is_said_of_persons() -> None:
    (same,) = case("same-person: [a, b, c]", "a bo:b cy:c").deviations[1:]
    assert same.message == "cy did “c”, and ana and bo did “a” and “b” (events 1 and 2); one person must do them"
    assert same.values["did the other"] == "ana, bo"
    (different,) = case("different-person: [a, b]", "a b").deviations
    assert different.message == "ana did “b” after having done “a” (event 1); different people must do them"
    assert different.remedy == "let somebody else than ana do “b”"
