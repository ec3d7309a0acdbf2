"""What the whole case must have: must-happen, at-least, any-of, together, first, last."""

from __future__ import annotations

import pytest

from tests.unit.monitors.rules.office import case, counts, said


@pytest.mark.parametrize(
    ("rule", "story", "told", "stands"),
    [
        ("must-happen: b", "a", [], "violated-so-far: 1 pending"),
        ("must-happen: b", "b", [], "satisfied: 1 kept"),
        ("must-happen: b", "a finish", ["DV501@2"], "violated: 1 broken"),
        ("must-happen: b", "a closed", ["DV501@2", "DV107@None -"], "violated: 1 broken"),
        ("must-happen: b, by: lead", "b finish", ["DV501@2"], "violated: 1 broken"),
        ("must-happen: b, when: n > 3", "a[n=5]", [], "never-activated: nothing"),
        ("must-happen: b, when: n > 3", "a[n=5] finish", ["DV501@2"], "violated: 1 broken"),
        ("must-happen: b, when: n > 3", "a[n=1] finish", [], "never-activated: nothing"),
        ("must-happen: b, when: n > 3", "b finish[n=4]", [], "satisfied: 1 kept"),
        ("must-happen: b, within: 2 hours", "opened c b", [], "satisfied: 1 kept"),
        ("must-happen: b, within: 2 hours", "opened c c c b", ["DV501@1"], "violated: 1 broken"),
        ("must-happen: b, within: 2 hours", "a c c", [], "violated-so-far: 1 pending"),
        ("must-happen: b, within: 2 hours", "a c c c b", ["DV501@None"], "violated: 1 broken"),
        ("at-least: 2, of: [a, b]", "a b", [], "satisfied: 1 kept"),
        ("at-least: 2, of: [a, b]", "a finish", ["DV522@2"], "violated: 1 broken"),
        ("any-of: [a, b]", "c b", [], "satisfied: 1 kept"),
        ("any-of: [a, b]", "c finish", ["DV514@2"], "violated: 1 broken"),
        ("together: [a, b, c]", "move", [], "never-activated: nothing"),
        ("together: [a, b, c]", "c a", [], "violated-so-far: 1 pending"),
        ("together: [a, b, c]", "c a b", [], "satisfied: 1 kept"),
        ("together: [a, b, c]", "c a finish", ["DV513@3 1"], "violated: 1 broken"),
        ("together: [a, b], when: n > 3", "a[n=1] finish", [], "never-activated: nothing"),
        ("together: [a, b], when: n > 3", "a[n=1] b[n=4]", [], "satisfied: 1 kept"),
        ("together: [a, b], when: n > 3", "a[n=1] b[n=2] finish", [], "never-activated: nothing"),
        ("first: a", "opened", [], "never-activated: nothing"),
        ("first: a", "b... a", [], "satisfied: 1 kept"),
        ("first: a", "b a", ["DV504@1"], "violated: 1 broken"),
        ("first: enters there", "move", [], "satisfied: 1 kept"),
        ("first: a, when: n > 3", "b[n=1] a[n=4]", [], "never-activated: nothing"),
        ("first: a, by: lead", "a", ["DV504@1"], "violated: 1 broken"),
        ("last: a", "a", [], "satisfied-so-far: 1 pending"),
        ("last: a", "a b", [], "violated-so-far: 1 pending"),
        ("last: a", "a finish", ["DV505@2"], "violated: 1 broken"),
        ("last: finish", "a finish", [], "satisfied: 1 kept"),
    ],
)
def test_the_case_itself(rule: str, story: str, told: list[str], stands: str) -> None:
    assert (said(rule, story), counts(rule, story)) == (told, stands)


def test_it_is_said_for_people() -> None:
    assert case("must-happen: b", "finish").deviations[0].message == "“b” never came before the case ended"
    assert case("at-least: 3, of: [a, b]", "a finish").deviations[0].message == (
        "“a” and “b” came once before the case ended; at least 3 are demanded"
    )
    assert case("first: [a, b]", "c").deviations[0].message == "the case began with “c”; it must begin with “a” or “b”"
    assert case("last: a", "c finish").deviations[0].message == (
        "the case ended after “finish”; the last thing must be “a”"
    )
    assert case("together: [a, b, c]", "a finish").deviations[0].message == (
        "“a” came, but neither “b” nor “c” before the case ended; they belong together"
    )
    (late,) = case("must-happen: b, within: 1 hour", "opened c c").deviations
    assert late.message == "“b” never came within 1 hour of the opening of the case (until 2026-12-01T11:00:00Z)"
