"""What every store promises. `here` and `there` are two doors to one store; what is written at one is read at both."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import TypeVar

import pytest

from procflow.errors import CaseNotFound, StaleCase, StoreError
from procflow.stores import base
from procflow.stores.base import CaseRow, Coming, Definition, Occurrence, Ready, Store, Transaction
from procflow.stores.memory import MemoryStore
from procflow.stores.sqlite import SqliteStore

T = TypeVar("T")
AT = datetime(2026, 11, 21, 20, 51, 3, 120000, tzinfo=UTC)
COMPLAINT = Definition(
    procedure="complaint",
    version="1.0",
    digest="d1",
    effective_from=date(2026, 1, 1),
    published_at=AT,
    file="procedures/complaint.yaml",
    source="procedure: complaint\n# naïve ✓\n",
)
INCIDENT = replace(COMPLAINT, procedure="incident", digest="d2", effective_from=None)


def row(case: str, **changed: object) -> CaseRow:
    plain = CaseRow(
        case=case,
        procedure="complaint",
        version="1.0",
        digest="d1",
        mode="enforce",
        client=None,
        ref=None,
        seq=0,
        leaf=b"genesis",
        configuration="intake",
        opened_at=AT,
        closed=False,
        outcome=None,
    )
    return replace(plain, **changed)  # type: ignore[arg-type]


def ready(case: str, step: str, party: str, minutes: int = 0) -> Ready:
    return Ready(case=case, step=step, party=party, since=AT + timedelta(minutes=minutes))


@dataclass
class Doors:
    here: Store
    there: Store


@pytest.fixture(params=["memory", "sqlite", "two sqlite stores on one file"])
def doors(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Doors]:
    here: Store = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "s.db")
    there: Store = SqliteStore(tmp_path / "s.db") if request.param.startswith("two") else here
    yield Doors(here, there)
    here.close()
    there.close()


@pytest.fixture
def published(doors: Doors) -> Doors:
    """A store with the two procedures and no case."""
    with doors.here.write() as tx:
        tx.add_definition(COMPLAINT)
        tx.add_definition(INCIDENT)
    return doors


@pytest.fixture
def opened(published: Doors) -> Doors:
    """A store with the cases c1 and c2 (complaints) and i1 (an incident), without events."""
    with published.here.write() as tx:
        tx.add_case(row("c1"))
        tx.add_case(row("i1", procedure="incident", digest="d2"))
        tx.add_case(row("c2", opened_at=AT - timedelta(days=1)))
    return published


def add(tx: Transaction, case: str, **changed: object) -> int:
    """Append the next event to a case, and return its seq."""
    current = tx.lock_case(case)
    seq = current.seq + 1
    body, leaf = f"{case}/{seq}".encode(), f"leaf {seq}".encode()
    head = replace(current, seq=seq, leaf=leaf, **changed)  # type: ignore[arg-type]
    tx.append(case, seq, body, leaf, head)
    return seq


def events(store: Store, case: str, after: int = 0) -> list[bytes]:
    with store.read() as tx:
        return list(tx.bodies(case, after))


def worklist(store: Store, *parties: str) -> list[Ready]:
    with store.read() as tx:
        return list(tx.ready(parties))


def in_a_thread(work: Callable[[], T]) -> T:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result(timeout=30)


def test_the_origin_is_random_and_stays(doors: Doors) -> None:
    assert doors.here.origin == doors.there.origin
    assert doors.here.origin.startswith("procflow/")
    assert len(bytes.fromhex(doors.here.origin.removeprefix("procflow/"))) == 16
    assert MemoryStore().origin != MemoryStore().origin


def test_an_empty_store_knows_nothing(doors: Doors) -> None:
    with doors.there.read() as tx:
        assert tx.definitions("complaint") == ()
        assert tx.definition("d1") is None
        assert list(tx.cases()) == []
        assert list(tx.ready(["role:agent"])) == []
        with pytest.raises(CaseNotFound, match="'c1'"):
            tx.case("c1")
        with pytest.raises(CaseNotFound):
            list(tx.bodies("c1"))


def test_definitions_come_back_as_published_in_order(published: Doors) -> None:
    second = replace(COMPLAINT, version="0.9", digest="a0", effective_from=None, published_at=AT - timedelta(days=9))
    with published.here.write() as tx:
        tx.add_definition(second)
        assert tx.definitions("complaint") == (COMPLAINT, second)
    with published.there.read() as tx:
        assert tx.definitions("complaint") == (COMPLAINT, second)
        assert tx.definition("d2") == INCIDENT


def test_a_definition_is_added_once(published: Doors) -> None:
    with pytest.raises(StoreError, match="published already"), published.there.write() as tx:
        tx.add_definition(replace(COMPLAINT, version="2"))


def test_a_case_comes_back_as_it_was_given(published: Doors) -> None:
    one = row("c/1 ✓\n", client="acme", ref="ticket:42", mode="observe", leaf=bytes(range(32)), outcome="", closed=True)
    with published.here.write() as tx:
        tx.add_case(one)
        assert tx.case(one.case) == one
    with published.there.read() as tx:
        assert tx.case(one.case) == one


def test_an_instant_of_another_zone_is_the_same_instant(published: Doors) -> None:
    one = row("c1", opened_at=AT.astimezone(timezone(timedelta(hours=2))))
    with published.here.write() as tx:
        tx.add_case(one)
    with published.there.read() as tx:
        assert tx.case("c1") == one == row("c1")


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(StoreError, match="opened_at"):
        row("c1", opened_at=datetime(2026, 1, 1))
    with pytest.raises(StoreError, match="since"):
        Ready(case="c1", step="s", party="p", since=datetime(2026, 1, 1))
    with pytest.raises(StoreError, match="published_at"):
        replace(COMPLAINT, published_at=datetime(2026, 1, 1))


@pytest.mark.parametrize(
    ("one", "message"),
    [
        (row("c1"), "a case 'c1' already"),
        (row("c9", seq=1), "no events"),
        (row("c9", digest="d9"), "never published"),
    ],
)
def test_a_case_that_cannot_be_is_refused(opened: Doors, one: CaseRow, message: str) -> None:
    with pytest.raises(StoreError, match=message), opened.there.write() as tx:
        tx.add_case(one)


def test_cases_are_listed_in_the_order_they_were_added(opened: Doors) -> None:
    with opened.here.write() as tx:
        add(tx, "c1", closed=True, outcome="answered")
        tx.add_case(row("c0"))
        assert [one.case for one in tx.cases()] == ["c1", "i1", "c2", "c0"]
    with opened.there.read() as tx:
        assert [one.case for one in tx.cases()] == ["c1", "i1", "c2", "c0"]
        assert [one.case for one in tx.cases("complaint")] == ["c1", "c2", "c0"]
        assert [one.case for one in tx.cases(open_only=True)] == ["i1", "c2", "c0"]
        assert [one.case for one in tx.cases("complaint", open_only=True)] == ["c2", "c0"]
        assert [one.case for one in tx.cases("unheard-of")] == []
        assert next(tx.cases()).outcome == "answered"


def test_many_cases_and_events_are_listed_once_each(published: Doors) -> None:
    count = 1203
    with published.here.write() as tx:
        for number in range(count):
            tx.add_case(row(f"c{number}"))
        for _ in range(count):
            add(tx, "c7")
    with published.there.read() as tx:
        assert [one.case for one in tx.cases()] == [f"c{number}" for number in range(count)]
        assert list(tx.bodies("c7")) == [f"c7/{seq}".encode() for seq in range(1, count + 1)]


def test_events_are_appended_and_move_the_head(opened: Doors) -> None:
    with opened.here.write() as tx:
        assert add(tx, "c1", configuration="work") == 1
        assert list(tx.bodies("c1")) == [b"c1/1"]
    with opened.there.write() as tx:
        assert add(tx, "c1") == 2
        assert add(tx, "c2") == 1
        assert list(tx.bodies("c1")) == [b"c1/1", b"c1/2"], "what is there and what this transaction adds"
        assert list(tx.bodies("c1", after=1)) == [b"c1/2"]
    with opened.here.read() as tx:
        head = tx.case("c1")
        assert (head.seq, head.leaf, head.configuration) == (2, b"leaf 2", "work")
        assert list(tx.bodies("c1", after=-1)) == [b"c1/1", b"c1/2"]
        assert list(tx.bodies("c1", after=1)) == [b"c1/2"]
        assert list(tx.bodies("c1", after=2)) == list(tx.bodies("i1")) == []


def add_under(tx: Transaction, case: str, key: str | None) -> int:
    """Append the next event to a case under a key, and return its seq."""
    current = tx.lock_case(case)
    seq, leaf = current.seq + 1, f"leaf {current.seq + 1}".encode()
    tx.append(case, seq, b"body", leaf, replace(current, seq=seq, leaf=leaf), key=key)
    return seq


def test_a_key_tells_which_event_it_was_accepted_for(opened: Doors) -> None:
    with opened.here.write() as tx:
        assert tx.recorded("c1", "k") is None
        add_under(tx, "c1", "open")
        assert [add_under(tx, "c1", key) for key in ("k", None, "ключ ✓")] == [2, 3, 4]
        assert tx.recorded("c1", "k") == 2, "it is known inside the transaction"
    with opened.there.read() as tx:
        assert (tx.recorded("c1", "k"), tx.recorded("c1", "ключ ✓"), tx.recorded("c1", "K")) == (2, 4, None)
        assert (tx.recorded("c2", "k"), tx.recorded("nowhere", "k")) == (None, None), "a key is of one case"


def test_a_case_is_found_by_the_key_it_was_started_with(opened: Doors) -> None:
    with opened.here.write() as tx:
        assert tx.started("complaint", "k") is None
        add_under(tx, "c1", "k")
        add_under(tx, "i1", "k")
        assert tx.started("complaint", "k") == "c1"
        assert add_under(tx, "c1", "k") == 2, "the key of a start is no key of the case"
    with opened.there.read() as tx:
        assert (tx.started("complaint", "k"), tx.started("incident", "k"), tx.started("x", "k")) == ("c1", "i1", None)
        assert (tx.recorded("c1", "k"), tx.recorded("i1", "k")) == (2, None)


def test_a_key_stands_for_one_event_only(opened: Doors) -> None:
    with opened.here.write() as tx:
        add_under(tx, "c1", "s")
        add_under(tx, "c1", "k")
    with opened.there.write() as tx:
        with pytest.raises(StoreError, match="'k' of case 'c1' stands for another"):
            add_under(tx, "c1", "k")
        with pytest.raises(StoreError, match="'s' of case 'c2' stands for another"):
            add_under(tx, "c2", "s")
        assert (tx.case("c1").seq, tx.case("c2").seq) == (2, 0), "nothing was written"


def test_a_key_is_forgotten_with_what_is_rolled_back(opened: Doors) -> None:
    def take_two_keys_and_raise(tx: Transaction) -> None:
        add_under(tx, "c1", "s")
        add_under(tx, "c1", "k")
        raise Boom

    with pytest.raises(Boom), opened.here.write() as tx:
        take_two_keys_and_raise(tx)
    with opened.there.write() as tx:
        assert (tx.started("complaint", "s"), tx.recorded("c1", "k")) == (None, None)
        assert (add_under(tx, "c1", "s"), add_under(tx, "c1", "k")) == (1, 2)


def test_a_body_is_kept_byte_for_byte(opened: Doors) -> None:
    body = bytes(range(256)) * 255
    with opened.here.write() as tx:
        tx.append("c1", 1, body, b"x" * 32, row("c1", seq=1, leaf=b"x" * 32))
    assert events(opened.there, "c1") == [body]


@pytest.mark.parametrize("seq", [0, 1, 3, -1])
def test_only_the_next_seq_is_accepted(opened: Doors, seq: int) -> None:
    with opened.here.write() as tx:
        add(tx, "c1")
    with pytest.raises(StaleCase), opened.there.write() as tx:
        tx.append("c1", seq, b"other", b"leaf", row("c1", seq=seq, leaf=b"leaf"))
    assert events(opened.here, "c1") == [b"c1/1"]


@pytest.mark.parametrize(
    "head",
    [
        row("c2", seq=1, leaf=b"l"),
        row("c1", seq=2, leaf=b"l"),
        row("c1", seq=1, leaf=b"other"),
        row("c1", seq=1, leaf=b"l", digest="d9"),
    ],
)
def test_a_head_that_speaks_of_something_else_is_refused(opened: Doors, head: CaseRow) -> None:
    with pytest.raises(StoreError), opened.here.write() as tx:
        tx.append("c1", 1, b"body", b"l", head)
    assert events(opened.there, "c1") == []


def test_appending_to_no_case_is_refused(opened: Doors) -> None:
    with pytest.raises(CaseNotFound), opened.here.write() as tx:
        tx.append("c9", 1, b"body", b"l", row("c9", seq=1, leaf=b"l"))
    with pytest.raises(CaseNotFound), opened.here.write() as tx:
        tx.lock_case("c9")
    with pytest.raises(CaseNotFound), opened.here.write() as tx:
        tx.set_ready("c9", [])


def test_a_case_may_move_to_another_version(opened: Doors) -> None:
    with opened.here.write() as tx:
        tx.add_definition(replace(COMPLAINT, version="2", digest="d3"))
        add(tx, "c1", version="2", digest="d3")
    with opened.there.read() as tx:
        assert (tx.case("c1").version, tx.case("c1").digest) == ("2", "d3")


def test_the_worklist_is_by_party_oldest_first(opened: Doors) -> None:
    with opened.here.write() as tx:
        tx.set_ready("c1", [ready("c1", "work", "role:agent", 5), ready("c1", "work", "person:ana", 5)])
        tx.set_ready("c2", [ready("c2", "review", "role:agent", 1), ready("c2", "check", "role:agent", 1)])
        tx.set_ready("i1", [ready("i1", "triage", "team:care", 0)])
        in_write = list(tx.ready(["role:agent"]))
    assert [(one.case, one.step) for one in in_write] == [("c2", "check"), ("c2", "review"), ("c1", "work")]
    assert worklist(opened.there, "role:agent") == in_write
    assert worklist(opened.there, "role:agent") == worklist(opened.there, "role:agent", "role:agent")
    assert [one.party for one in worklist(opened.there, "team:care", "person:ana")] == ["team:care", "person:ana"]
    assert worklist(opened.there) == worklist(opened.there, "role:age", "role:%") == []


def test_the_worklist_of_a_case_is_replaced_as_a_whole(opened: Doors) -> None:
    with opened.here.write() as tx:
        tx.set_ready("c1", [ready("c1", "work", "role:agent"), ready("c1", "pay", "role:agent")])
        tx.set_ready("c2", [ready("c2", "work", "role:agent")])
    with opened.there.write() as tx:
        tx.set_ready("c1", [ready("c1", "pay", "role:expert")])
        assert [one.case for one in tx.ready(["role:agent"])] == ["c2"]
        assert [one.step for one in tx.ready(["role:expert"])] == ["pay"]
    assert [one.case for one in worklist(opened.here, "role:agent")] == ["c2"]
    with opened.here.write() as tx:
        tx.set_ready("c1", [])
    assert worklist(opened.there, "role:expert") == []


def test_of_equal_lines_the_oldest_is_kept(opened: Doors) -> None:
    with opened.here.write() as tx:
        tx.set_ready("c1", [ready("c1", "work", "role:agent", minutes) for minutes in (3, 1, 2)])
    assert worklist(opened.there, "role:agent") == [ready("c1", "work", "role:agent", 1)]
    with opened.there.read() as tx:
        assert list(tx.ready(None)) == [ready("c1", "work", "role:agent", 1)]
        assert [one.procedure for one in tx.definitions()] == ["complaint", "incident"]


def test_a_line_of_another_case_is_refused(opened: Doors) -> None:
    with pytest.raises(StoreError, match="'c2'"), opened.here.write() as tx:
        tx.set_ready("c1", [ready("c2", "work", "role:agent")])


def test_a_closed_case_is_on_no_worklist(opened: Doors) -> None:
    with opened.here.write() as tx:
        tx.set_ready("c1", [ready("c1", "work", "role:agent")])
        add(tx, "c1", closed=True)
        assert list(tx.ready(["role:agent"])) == []
    assert worklist(opened.there, "role:agent") == []


def test_a_worklist_of_very_many_parties(opened: Doors) -> None:
    with opened.here.write() as tx:
        tx.set_ready("c1", [ready("c1", "work", "person:40000")])
    assert len(worklist(opened.there, *(f"person:{number}" for number in range(50_000)))) == 1


class Boom(Exception):
    """What a caller's own code may raise."""


def change_everything_and_raise(tx: Transaction) -> None:
    tx.add_definition(replace(COMPLAINT, digest="d9"))
    tx.add_case(row("c9", digest="d9"))
    add(tx, "c9")
    add(tx, "c1", closed=True)
    tx.set_ready("c1", [])
    raise Boom


def test_whatever_raises_rolls_everything_back(opened: Doors) -> None:
    with opened.here.write() as tx:
        add(tx, "c1")
        tx.set_ready("c1", [ready("c1", "work", "role:agent")])
    with opened.there.read() as tx:
        before = (list(tx.cases()), list(tx.ready(["role:agent"])), tx.definitions("complaint"))
    with pytest.raises(Boom), opened.here.write() as tx:
        change_everything_and_raise(tx)
    with opened.there.read() as tx:
        assert (list(tx.cases()), list(tx.ready(["role:agent"])), tx.definitions("complaint")) == before
        assert list(tx.bodies("c1")) == [b"c1/1"]
    with opened.here.write() as tx:
        assert add(tx, "c1") == 2


def test_a_refused_call_inside_a_write_changes_nothing_and_the_rest_is_kept(opened: Doors) -> None:
    with opened.here.write() as tx:
        add(tx, "c1")
        with pytest.raises(StaleCase):
            tx.append("c1", 5, b"x", b"l", row("c1", seq=5, leaf=b"l"))
        with pytest.raises(StoreError):
            tx.set_ready("c1", [ready("c1", "a", "p"), ready("c2", "a", "p")])
    assert events(opened.there, "c1") == [b"c1/1"]
    assert worklist(opened.there, "p") == []


def test_a_read_cannot_write(opened: Doors) -> None:
    attempts: list[Callable[[Transaction], object]] = [
        lambda tx: tx.add_definition(replace(COMPLAINT, digest="d9")),
        lambda tx: tx.add_case(row("c9")),
        lambda tx: tx.lock_case("c1"),
        lambda tx: tx.append("c1", 1, b"x", b"l", row("c1", seq=1, leaf=b"l")),
        lambda tx: tx.set_ready("c1", []),
        lambda tx: tx.set_coming(Coming(case="c1")),
        lambda tx: tx.add_calendars("set", "[]"),
    ]
    with opened.here.read() as tx:
        for attempt in attempts:
            with pytest.raises(StoreError, match="only read"):
                attempt(tx)


def test_a_transaction_is_of_no_use_after_its_end(opened: Doors) -> None:
    with opened.here.write() as writing:
        add(writing, "c1")
        add(writing, "c1")
        writing.set_ready("c1", [ready("c1", "a", "p"), ready("c1", "b", "p")])
    with opened.here.read() as tx:
        begun: list[Iterator[object]] = [tx.cases(), tx.bodies("c1"), tx.ready(["p"])]
        for iterator in begun:
            next(iterator)
    with opened.here.write() as later:
        later.add_case(row("c9"))
    for iterator in [*begun, tx.cases(), tx.bodies("c1"), tx.ready(["p"])]:
        with pytest.raises(StoreError, match="over"):
            next(iterator)
    for after in (
        lambda: tx.case("c1"),
        lambda: tx.definitions("complaint"),
        lambda: tx.recorded("c1", "k"),
        lambda: tx.started("complaint", "k"),
        lambda: add(writing, "c1"),
    ):
        with pytest.raises(StoreError, match="over"):
            after()


def test_a_thread_has_one_transaction_at_a_time(opened: Doors) -> None:
    with opened.here.write() as tx:
        add(tx, "c1")
        with pytest.raises(StoreError, match="open already"), opened.here.write():
            pass
        with pytest.raises(StoreError, match="open already"), opened.here.read():
            pass
    with opened.here.read(), pytest.raises(StoreError, match="open already"), opened.here.write():
        pass
    assert events(opened.there, "c1") == [b"c1/1"]


def test_others_see_a_write_only_once_it_is_committed(opened: Doors) -> None:
    with opened.here.write() as tx:
        add(tx, "c1")
        tx.set_ready("c1", [ready("c1", "a", "p")])
        assert in_a_thread(lambda: events(opened.there, "c1")) == []
        assert in_a_thread(lambda: worklist(opened.there, "p")) == []
    assert in_a_thread(lambda: events(opened.there, "c1")) == [b"c1/1"]


def test_a_read_sees_one_moment(opened: Doors) -> None:
    started = threading.Event()

    def write() -> None:
        started.set()
        with opened.there.write() as tx:
            add(tx, "c1")
            add(tx, "c2")

    with ThreadPoolExecutor(1) as pool:
        with opened.here.read() as tx:
            assert tx.case("c1").seq == 0
            writing = pool.submit(write)
            started.wait(10)
            threading.Event().wait(0.05)
            assert tx.case("c2").seq == 0
            assert list(tx.bodies("c1")) == []
        writing.result(timeout=30)
    assert events(opened.here, "c2") == [b"c2/1"]


def test_waiting_too_long_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(base, "BUSY_SECONDS", 0.05)
    for store in (MemoryStore(), SqliteStore(tmp_path / "s.db")):

        def write(one: Store = store) -> None:
            with one.write() as tx:
                tx.add_definition(COMPLAINT)

        with store.write(), pytest.raises(StoreError, match="busy"):
            in_a_thread(write)
        with store.read() as tx:
            assert tx.definition("d1") is None
            # A commit waits for readers; when it gives up, nothing is written.
            with pytest.raises(StoreError, match="busy"):
                in_a_thread(write)
        with store.read() as tx:
            assert tx.definition("d1") is None
        in_a_thread(write)
        store.close()


def test_threads_lose_and_double_nothing(opened: Doors) -> None:
    with opened.here.write() as tx:
        for worker in range(8):
            tx.add_case(row(f"own{worker}"))

    def work(worker: int) -> list[int]:
        store = (opened.here, opened.there)[worker % 2]
        taken = []
        for _ in range(6):
            with store.write() as tx:
                add(tx, f"own{worker}")
                taken.append(add(tx, "c1"))
            with store.read() as tx:
                assert tx.case("c1").seq == len(list(tx.bodies("c1")))
        return taken

    with ThreadPoolExecutor(8) as pool:
        taken = [seq for one in pool.map(work, range(8)) for seq in one]
    assert sorted(taken) == list(range(1, 49)), "each seq was acknowledged once"
    assert events(opened.here, "c1") == [f"c1/{seq}".encode() for seq in range(1, 49)]
    assert all(len(events(opened.there, f"own{worker}")) == 6 for worker in range(8))


def test_a_closed_store_says_so(opened: Doors) -> None:
    opened.here.close()
    opened.here.close()
    with pytest.raises(StoreError, match="closed"), opened.here.read():
        pass
    with pytest.raises(StoreError, match="closed"), opened.here.write():
        pass


def seen(case: str, seq: int, party: str = "client:acme", body: bytes = b"{}", minutes: int = 0) -> Occurrence:
    return Occurrence(party=party, case=case, seq=seq, at=AT + timedelta(minutes=minutes), body=body)


def told(store: Store, party: str | None = "client:acme", **asked: object) -> list[tuple[str, int, bytes]]:
    with store.read() as tx:
        return [(one.case, one.seq, one.body) for one in tx.occurrences(party, **asked)]  # type: ignore[arg-type]


@pytest.fixture
def asked(opened: Doors) -> Doors:
    """The store with a rule that asks, and two events of c1 and one of c2 on record."""
    with opened.here.write() as tx:
        tx.index_by("r1")
        for case in ("c1", "c2", "c1"):
            add(tx, case)
    return opened


def test_a_case_is_behind_until_it_is_told_what_its_events_are(asked: Doors) -> None:
    with asked.there.write() as tx:
        assert tx.behind(9) == ("c1", "c2")
        assert tx.behind(1) == ("c1",)
        tx.set_occurrences("c2", 1, [])
        assert tx.behind(9) == ("c1",)
    with asked.here.write() as tx:
        tx.set_occurrences("c1", 1, [seen("c1", 1)])
        add(tx, "c2")
        assert tx.behind(9) == ("c2",)
    with asked.there.read() as tx:
        assert (tx.behind(9), tx.indexed_by()) == (("c2",), "r1")


def test_occurrences_are_told_in_the_order_of_writing(asked: Doors) -> None:
    with asked.here.write() as tx:
        tx.set_occurrences("c1", 1, [seen("c1", 2, body=b"b"), seen("c1", 1, "person:ana", minutes=-5)])
        tx.set_occurrences("c2", 1, [seen("c2", 1, body=b"c", minutes=5)])
    assert told(asked.there) == [("c1", 2, b"b"), ("c2", 1, b"c")]
    assert told(asked.there, "person:ana") == [("c1", 1, b"{}")]
    assert [case for case, _, _ in told(asked.there, None)] == ["c1", "c1", "c2"]
    assert told(asked.there, since=AT + timedelta(minutes=1)) == [("c2", 1, b"c")]
    assert told(asked.there, case="c1") == [("c1", 2, b"b")]
    assert told(asked.there, "person:nobody") == []
    with asked.there.read() as tx:
        first, second = tx.occurrences("client:acme")
        assert 0 < first.number < second.number
        assert list(tx.occurrences("client:acme", first.number)) == [second]
        assert first.at == AT


def test_what_is_told_again_gets_a_number_that_was_never_given(asked: Doors) -> None:
    with asked.here.write() as tx:
        tx.set_occurrences("c1", 1, [seen("c1", 1), seen("c1", 2, body=b"old")])
    with asked.there.read() as tx:
        last = max(one.number for one in tx.occurrences("client:acme"))
    with asked.there.write() as tx:
        tx.set_occurrences("c1", 2, [])
        tx.set_occurrences("c1", 2, [seen("c1", 2, body=b"new")])
        assert [one.body for one in tx.occurrences("client:acme")] == [b"{}", b"new"]
        assert [one.body for one in tx.occurrences("client:acme", last)] == [b"new"]
    assert told(asked.here) == [("c1", 1, b"{}"), ("c1", 2, b"new")]
    assert told(asked.here, after=last) == [("c1", 2, b"new")]


def test_other_rules_begin_anew(asked: Doors) -> None:
    with asked.here.write() as tx:
        for case in ("c1", "c2"):
            tx.set_occurrences(case, 1, [seen(case, 1)])
    with asked.there.write() as tx:
        tx.index_by("r2")
        assert (tx.indexed_by(), tx.behind(9), list(tx.occurrences(None))) == ("r2", ("c1", "c2"), [])
        tx.set_occurrences("c1", 1, [seen("c1", 2)])
    assert told(asked.here) == [("c1", 2, b"{}")]
    with asked.here.read() as tx:
        assert (tx.indexed_by(), tx.behind(9)) == ("r2", ("c2",))


def test_what_is_told_is_rolled_back_with_the_rest(asked: Doors) -> None:
    def tell_and_raise(tx: Transaction) -> None:
        tx.set_occurrences("c1", 1, [seen("c1", 1)])
        tx.index_by("r3")
        raise Boom

    with pytest.raises(Boom), asked.here.write() as tx:
        tell_and_raise(tx)
    assert told(asked.there) == []
    with asked.there.read() as tx:
        assert (tx.indexed_by(), tx.behind(9)) == ("r1", ("c1", "c2"))


def test_an_occurrence_is_of_its_own_case(asked: Doors) -> None:
    for since, entry in ((1, seen("c2", 1)), (2, seen("c1", 1))):
        with pytest.raises(StoreError, match="was given for case 'c1'"), asked.here.write() as tx:
            tx.set_occurrences("c1", since, [entry])
    with pytest.raises(CaseNotFound), asked.here.write() as tx:
        tx.set_occurrences("c9", 1, [])
    with pytest.raises(StoreError, match="only read"), asked.here.read() as tx:
        tx.index_by("r1")
    with pytest.raises(StoreError, match="names no time zone"):
        replace(seen("c1", 1), at=AT.replace(tzinfo=None))


def later(minutes: int) -> datetime:
    return AT + timedelta(minutes=minutes)


def turns(store: Store, until: datetime) -> tuple[list[str], list[str]]:
    """Return the cases in which something is due, and in which something is to be done."""
    with store.read() as tx:
        return [one.case for one in tx.due(until)], [one.case for one in tx.firing(until)]


def test_whose_turn_has_come_is_told_the_soonest_first(opened: Doors) -> None:
    with opened.here.write() as tx:
        tx.set_coming(Coming(case="c1", due=later(30), fires=later(10)))
        tx.set_coming(Coming(case="c2", due=later(20)))
        tx.set_coming(Coming(case="i1", due=later(20), fires=later(40)))
        assert [one.case for one in tx.due(later(30))] == ["c2", "i1", "c1"], "a write sees what it changed"
    assert turns(opened.there, later(9)) == ([], [])
    assert turns(opened.there, later(20)) == (["c2", "i1"], ["c1"]), "an instant has come when it is reached"
    assert turns(opened.there, later(60)) == (["c2", "i1", "c1"], ["c1", "i1"])
    with opened.there.read() as tx:
        assert tx.coming("c1") == Coming(case="c1", due=later(30), fires=later(10))
        assert next(tx.due(later(60))) == Coming(case="c2", due=later(20))


def test_what_time_will_ask_is_replaced_as_a_whole(opened: Doors) -> None:
    with opened.here.write() as tx:
        assert tx.coming("c1") == Coming(case="c1")
        tx.set_coming(Coming(case="c1", due=later(1), fires=later(1)))
        tx.set_coming(Coming(case="c2", due=later(1), fires=later(1)))
    with opened.there.write() as tx:
        tx.set_coming(Coming(case="c1", fires=later(2)))
        tx.set_coming(Coming(case="c2"))
        assert [one.case for one in tx.due(later(9))] == []
        assert [one.case for one in tx.firing(later(9))] == ["c1"]
    assert turns(opened.here, later(1)) == ([], [])
    assert turns(opened.here, later(2)) == ([], ["c1"])


def test_of_a_closed_case_time_asks_nothing(opened: Doors) -> None:
    with opened.here.write() as tx:
        tx.set_coming(Coming(case="c1", due=later(1), fires=later(1)))
        add(tx, "c1", closed=True)
    assert turns(opened.there, later(9)) == ([], [])


def test_what_time_will_ask_is_rolled_back_with_the_rest(opened: Doors) -> None:
    with opened.here.write() as tx:
        tx.set_coming(Coming(case="c1", due=later(1)))

    def lose(tx: Transaction) -> None:
        for case in ("c1", "c2", "no such case"):
            tx.set_coming(Coming(case=case, due=later(5)))

    with pytest.raises(CaseNotFound), opened.there.write() as tx:
        lose(tx)
    assert turns(opened.here, later(9)) == (["c1"], [])
    assert turns(opened.here, later(1)) == (["c1"], [])


def test_very_many_turns_are_told_once_each(published: Doors) -> None:
    with published.here.write() as tx:
        for number in range(1_000):
            tx.add_case(row(f"c{number}"))
            tx.set_coming(Coming(case=f"c{number}", due=later(number % 7), fires=later(number)))
    due, firing = turns(published.there, later(5))
    assert due == sorted(
        (f"c{number}" for number in range(1_000) if number % 7 < 6), key=lambda one: (int(one[1:]) % 7, one)
    )
    assert firing == [f"c{number}" for number in range(6)]


def test_time_asks_nothing_of_a_case_that_is_not_there(opened: Doors) -> None:
    with opened.here.write() as tx, pytest.raises(CaseNotFound):
        tx.set_coming(Coming(case="c9", due=AT))
    with opened.here.read() as tx, pytest.raises(CaseNotFound):
        tx.coming("c9")
    for wrong in ({"due": AT.replace(tzinfo=None)}, {"fires": AT.replace(tzinfo=None)}):
        with pytest.raises(StoreError, match="no time zone"):
            Coming(case="c1", **wrong)


def test_a_set_of_calendars_is_kept_as_it_was_first(opened: Doors) -> None:
    with opened.here.write() as tx:
        assert tx.calendars("d") is None
        tx.add_calendars("d", '["naïve ✓"]')
        tx.add_calendars("d", "another")
        assert tx.calendars("d") == '["naïve ✓"]'
    with opened.there.write() as tx:
        tx.add_calendars("d", "another")
        assert (tx.calendars("d"), tx.calendars("e")) == ('["naïve ✓"]', None)


def test_what_is_due_first_leads_the_worklist(opened: Doors) -> None:
    with opened.here.write() as tx:
        tx.set_ready("c1", [ready("c1", "work", "role:agent", 0)])
        tx.set_ready("c2", [replace(ready("c2", "work", "role:agent", 5), due=later(90))])
        lines = [replace(ready("i1", "triage", "role:agent", 9), due=later(due)) for due in (50, 40)]
        tx.set_ready("i1", lines)
        in_write = list(tx.ready(["role:agent"]))
    assert [(one.case, one.due) for one in in_write] == [("i1", later(40)), ("c2", later(90)), ("c1", None)]
    assert worklist(opened.there, "role:agent") == in_write


def test_calendars_are_put_in_force_for_a_definition(published: Doors) -> None:
    with published.here.write() as tx:
        assert tx.in_force("d1") is None
        for digest in ("old", "new"):
            tx.add_calendars(digest, f"[{digest}]")
            tx.put_in_force("d1", digest)
        assert tx.in_force("d1") == "new"
    for definition, calendars in (("d9", "new"), ("d1", "none")):
        with published.there.write() as tx, pytest.raises(StoreError, match="never added"):
            tx.put_in_force(definition, calendars)
    with published.there.read() as tx:
        assert (tx.in_force("d1"), tx.in_force("d2")) == ("new", None)
