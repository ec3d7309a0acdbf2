"""Whatever is done to the stored entries of a case is found."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procflow.model.event import Event, Kind
from procflow.trail.chain import verify_chain
from procflow.trail.entry import genesis, leaf_of, seal

LOG = "procflow/00000000000000000000000000000000"
AT = datetime(2026, 11, 21, tzinfo=UTC)


def case_of(count: int, case: str = "c1", log: str = LOG) -> list[bytes]:
    """Return the entries of a case in order."""
    prev, bodies = genesis(log, case), []
    for seq in range(1, count + 1):
        event = Event(case=case, seq=seq, kind=Kind.ACTION, action="thank", occurred_at=AT)
        entry = seal(event, procedure="complaint", version="1", log=log, prev=prev, nonce=f"n{seq}")
        prev = entry.leaf
        bodies.append(entry.body)
    return bodies


def found(bodies: list[bytes], head: bytes | None = None) -> list[str]:
    return [finding.code for finding in verify_chain(bodies, log=LOG, case="c1", head=head)]


def messages(bodies: list[bytes]) -> list[str]:
    return [finding.message for finding in verify_chain(bodies, log=LOG, case="c1")]


@pytest.mark.parametrize("count", [1, 2, 9])
def test_an_untouched_case_is_whole(count: int) -> None:
    bodies = case_of(count)
    assert found(bodies, head=leaf_of(bodies[-1])) == []


def test_nothing_proves_nothing() -> None:
    assert found([]) == ["DV905"]


def test_an_altered_entry_breaks_with_the_next() -> None:
    bodies = case_of(4)
    bodies[1] = bodies[1].replace(b'"thank"', b'"blame"')
    assert messages(bodies) == ["Entry 3 of case 'c1' does not follow from entry 2: one was altered."]
    assert found(bodies) == ["DV901"]


def test_the_first_entry_is_bound_to_its_case() -> None:
    bodies = case_of(1)
    bodies[0] = bodies[0].replace(genesis(LOG, "c1").hex().encode(), b"0" * 64)
    assert found(bodies) == ["DV901"]


def test_removed_entries_are_named() -> None:
    bodies = case_of(6)
    assert messages([*bodies[:1], *bodies[2:3], *bodies[5:]]) == [
        "Entry 2 of case 'c1' is missing.",
        "Entries 4 to 5 of case 'c1' are missing.",
    ]
    assert found(bodies[1:]) == ["DV902"]


def test_reordered_entries_are_named() -> None:
    bodies = case_of(4)
    bodies[1], bodies[2] = bodies[2], bodies[1]
    assert messages(bodies) == ["Entry 2 stands after entry 3."]
    assert found(bodies) == ["DV903"]


def test_a_repeated_entry_is_named() -> None:
    bodies = case_of(3)
    assert "DV904" in found([*bodies, bodies[1]])


def test_an_entry_of_another_case_or_log_is_named() -> None:
    bodies = case_of(2)
    assert found([*bodies, case_of(3, case="c2")[2]]) == ["DV904", "DV901"]
    assert found([*bodies, case_of(3, log="procflow/other")[2]]) == ["DV904", "DV901"]
    assert found(case_of(2, case="c2")) == ["DV904", "DV904", "DV901"]


def test_a_tail_cut_off_is_found_by_who_kept_the_head() -> None:
    bodies = case_of(3)
    head = leaf_of(bodies[-1])
    assert found(bodies[:2]) == []
    assert found(bodies[:2], head=head) == ["DV905"]


def test_a_gap_as_wide_as_the_numbers_go_is_one_finding() -> None:
    bodies = case_of(2)
    far = bodies[1].replace(b'"seq":2', b'"seq":9007199254740991')
    assert messages([bodies[0], far]) == ["Entries 2 to 9007199254740990 of case 'c1' are missing."]


@given(st.data())
def test_any_byte_of_any_entry_counts(data: st.DataObject) -> None:
    bodies = case_of(3)
    head = leaf_of(bodies[-1])
    which = data.draw(st.integers(0, 2))
    where = data.draw(st.integers(0, len(bodies[which]) - 1))
    changed = bytearray(bodies[which])
    changed[where] ^= data.draw(st.integers(1, 255))
    bodies[which] = bytes(changed)
    assert found(bodies, head=head)


@given(st.permutations(range(5)), st.sets(st.integers(0, 4)))
def test_any_other_order_or_selection_is_found(order: list[int], dropped: set[int]) -> None:
    bodies = case_of(5)
    head = leaf_of(bodies[-1])
    kept = [bodies[place] for place in order if place not in dropped]
    assert bool(found(kept, head=head)) == (kept != bodies)
