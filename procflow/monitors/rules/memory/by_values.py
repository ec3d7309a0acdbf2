"""Finds what has the values a target asks for, by those of `same` first: few of many thousands."""

from __future__ import annotations

from typing import TypeAlias, TypeVar

from rpds import HashTrieMap, HashTrieSet

from procflow.monitors.rules.terms import NO, Key, Values, matches

V = TypeVar("V")

Others: TypeAlias = "HashTrieMap[Values, HashTrieSet[Values]]"
"""Of a rule with `different`: the values of `same` -> the values of `different` that go with them."""

NO_OTHERS: Others = HashTrieMap()


def noted(others: Others, key: Key) -> Others:
    """Return the values that go together with one more key."""
    same, different = key
    return others.insert(same, others.get(same, _NONE).insert(different)) if different else others


def struck_out(others: Others, key: Key) -> Others:
    """Return the values that go together without a key."""
    same, different = key
    if not different:
        return others
    left = others[same].remove(different)
    return others.insert(same, left) if left else others.remove(same)


def matching(table: HashTrieMap[Key, V], others: Others, target: Key) -> list[Key]:
    """Return the keys of a table that match a target, or may; all values of a table are known."""
    same, different = target
    if None in same:
        return [key for key in table if matches(key, target) is not NO]
    if not different:
        return [target] if target in table else []
    keys = ((same, one) for one in others.get(same, _NONE))
    return [key for key in keys if matches(key, target) is not NO]


_NONE: HashTrieSet[Values] = HashTrieSet()
