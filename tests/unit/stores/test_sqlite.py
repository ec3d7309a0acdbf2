"""What only a file on a disk can do wrong, and how the SQLite store tells it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from procflow.errors import StoreError
from procflow.stores.base import CaseRow, Definition
from procflow.stores.sqlite import READY_QUERY, SqliteStore
from procflow.stores.sqlite_time import DUE_QUERY, FIRING_QUERY

AT = datetime(2026, 11, 21, tzinfo=UTC)
DEFINITION = Definition(
    procedure="complaint", version="1", digest="d1", effective_from=None, published_at=AT, file="c.yaml", source="..."
)


def case(seq: int) -> CaseRow:
    return CaseRow(
        case="c1",
        procedure="complaint",
        version="1",
        digest="d1",
        mode="enforce",
        client=None,
        ref=None,
        seq=seq,
        leaf=b"leaf",
        configuration="intake",
        opened_at=AT,
        closed=False,
        outcome=None,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with one case of two events, closed."""
    path = tmp_path / "service.db"
    store = SqliteStore(path)
    with store.write() as tx:
        tx.add_definition(DEFINITION)
        tx.add_case(case(0))
        for seq in (1, 2):
            tx.append("c1", seq, b"body", b"leaf", case(seq))
    store.close()
    return path


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pf_event SET body = x'00' WHERE seq = 2",
        "UPDATE pf_event SET seq = 9 WHERE seq = 2",
        "DELETE FROM pf_event WHERE seq = 2",
        "DELETE FROM pf_event",
        "INSERT INTO pf_event VALUES ('c1', 4, x'00', x'00')",
        "INSERT INTO pf_event VALUES ('c9', 1, x'00', x'00')",
        "INSERT OR REPLACE INTO pf_event VALUES ('c1', 2, x'00', x'00')",
        "UPDATE pf_definition SET source = ''",
        "DELETE FROM pf_definition",
    ],
)
def test_the_file_itself_refuses_to_rewrite_history(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    connection.close()


def test_what_is_acknowledged_is_on_the_disk(path: Path) -> None:
    store = SqliteStore(path)
    run = store._session().run
    assert run("PRAGMA synchronous") == [(3,)]
    assert run("PRAGMA foreign_keys") == run("PRAGMA recursive_triggers") == [(1,)]
    wal_is_safe = sqlite3.sqlite_version_info >= (3, 51, 3)
    assert run("PRAGMA journal_mode") == [("wal" if wal_is_safe else "delete",)]
    store.close()


def test_a_file_somebody_set_to_wal_is_left_so(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    store = SqliteStore(path)
    assert store._session().run("PRAGMA journal_mode") == [("wal",)]
    store.close()


def test_the_worklist_is_found_through_its_index(path: Path) -> None:
    store = SqliteStore(path)
    plan = " / ".join(str(step[-1]) for step in store._session().run(f"EXPLAIN QUERY PLAN {READY_QUERY}", "[]"))
    store.close()
    assert "SEARCH r USING COVERING INDEX pf_ready_party (party=?)" in plan
    assert "SCAN r" not in plan
    assert "SCAN c" not in plan


@pytest.mark.parametrize(("query", "index"), [(DUE_QUERY, "pf_coming_due"), (FIRING_QUERY, "pf_coming_fires")])
def test_whose_turn_it_is_is_found_through_its_index(path: Path, query: str, index: str) -> None:
    store = SqliteStore(path)
    plan = " / ".join(str(step[-1]) for step in store._session().run(f"EXPLAIN QUERY PLAN {query}", "9", "", ""))
    store.close()
    assert f"SEARCH n USING INDEX {index} (" in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan, "what is due is not sorted, it lies in order"


def test_a_relative_path_means_the_folder_of_its_opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    store = SqliteStore("service.db")
    monkeypatch.chdir(tmp_path / "elsewhere")
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: _definitions(store)).result() == 0
    store.close()
    assert not (tmp_path / "elsewhere" / "service.db").exists()


def _definitions(store: SqliteStore) -> int:
    with store.read() as tx:
        return len(tx.definitions("complaint"))


OLD = Path(__file__).with_name("schema-1.sql")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A store of version 1, as it was made before there were keys, with one case of one event."""
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path)
    connection.executescript(OLD.read_text("utf-8"))
    connection.execute("INSERT INTO pf_schema VALUES (1, 'procflow/0123')")
    definition = ("d1", "complaint", "1", None, "2026-11-21T00:00:00.000000Z", "c.yaml", "...")
    connection.execute("INSERT INTO pf_definition VALUES (1, ?, ?, ?, ?, ?, ?, ?)", definition)
    added = ("c1", "complaint", "1", "d1", "enforce", None, None, 0, b"leaf", "intake", "2026-11-21T00:00:00.000000Z")
    connection.execute(f"INSERT INTO pf_case VALUES (1, {', '.join('?' * 11)}, 0, NULL)", added)
    connection.execute("INSERT INTO pf_event VALUES ('c1', 1, x'01', x'02')")
    connection.execute("UPDATE pf_case SET seq = 1, leaf = x'02'")
    connection.commit()
    connection.close()
    return path


def schema_of(path: Path) -> list[tuple[str, str]]:
    connection = sqlite3.connect(path)
    found = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
    connection.close()
    return found


def test_an_older_file_is_brought_up_to_this_version_where_it_lies(old: Path, path: Path) -> None:
    store = SqliteStore(old)
    assert store.origin == "procflow/0123", "it is the same log"
    with store.write() as tx:
        assert (tx.case("c1").seq, list(tx.bodies("c1"))) == (1, [b"\x01"])
        tx.append("c1", 2, b"body", b"leaf", case(2), key="k")
        assert tx.recorded("c1", "k") == 2
    store.close()
    assert schema_of(old) == schema_of(path), "an upgraded file is what a new one is"
    with SqliteStore(old).read() as tx:
        assert [one.case for one in tx.due(AT)] == ["c1"], "what time asks of it is still to be found out"
        assert [one.case for one in tx.firing(AT)] == ["c1"]
        assert tx.recorded("c1", "k") == 2


def test_two_programs_may_upgrade_at_the_same_moment(old: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(lambda _: SqliteStore(old), range(8)))
    assert {store.origin for store in stores} == {"procflow/0123"}
    for store in stores:
        store.close()


def test_an_upgrade_that_fails_changes_nothing(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = schema_of(old)
    with monkeypatch.context() as patched:
        patched.setattr("procflow.stores.sqlite.SCHEMA_VERSION", 9)  # there are no such steps
        with pytest.raises(FileNotFoundError):
            SqliteStore(old)
    assert schema_of(old) == before
    SqliteStore(old).close()


def test_a_newer_schema_is_refused(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("UPDATE pf_schema SET version = 99")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="newer procflow") as caught:
        SqliteStore(path)
    assert caught.value.hint is not None


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "places.db")
    connection.execute("CREATE TABLE bookmarks (url)")
    connection.close()
    with pytest.raises(StoreError, match="another program"):
        SqliteStore(tmp_path / "places.db")
    connection = sqlite3.connect(tmp_path / "places.db")
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("bookmarks",)]
    connection.close()


def test_what_is_no_database_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("These are my notes. " * 100)
    with pytest.raises(StoreError, match="not a SQLite database"):
        SqliteStore(tmp_path / "notes.txt")
    assert (tmp_path / "notes.txt").read_text() == "These are my notes. " * 100


def test_a_damaged_file_is_told(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096 : len(content)] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged") as caught:
        SqliteStore(path)
    assert caught.value.hint is not None
    assert "backup" in caught.value.hint


def test_a_store_without_its_origin_is_told(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM pf_schema")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="damaged"):
        SqliteStore(path)


def test_a_missing_folder_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no folder"):
        SqliteStore(tmp_path / "none" / "service.db")
    with pytest.raises(StoreError, match="is a folder"):
        SqliteStore(tmp_path)


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened: File name too long"):
        SqliteStore(tmp_path / ("x" * 300))
    with pytest.raises(StoreError, match="cannot be opened for writing"):
        SqliteStore(tmp_path / ("x" * 250))  # room for the file, none for its journal


def test_text_that_is_no_unicode_is_told(path: Path) -> None:
    store = SqliteStore(path)
    with pytest.raises(StoreError, match="cannot keep"), store.read() as tx:
        tx.case("\ud800")
    store.close()


def test_many_may_prepare_one_file_at_once(tmp_path: Path) -> None:
    together = threading.Barrier(6)

    def prepare() -> str:
        together.wait(10)
        store = SqliteStore(tmp_path / "new.db")
        store.close()
        return store.origin

    with ThreadPoolExecutor(6) as pool:
        origins = {one.result(30) for one in [pool.submit(prepare) for _ in range(6)]}
    assert len(origins) == 1


def test_threads_that_end_leave_no_connection(path: Path) -> None:
    store = SqliteStore(path)
    for _ in range(30):
        thread = threading.Thread(target=_definitions, args=(store,))
        thread.start()
        thread.join()
    assert len(store._sessions) == 1
    store.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("inside", [False, True])
def test_a_forked_child_has_connections_of_its_own(path: Path, inside: bool) -> None:
    """A child may use its parent's store, but not if it was forked in the middle of a transaction."""
    done = subprocess.run(
        [sys.executable, "-c", _FORK, path, "inside" if inside else "between"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    child = "refused: This process was forked" if inside else "appended 3"
    assert (done.stdout.splitlines()[0][: len(child)], done.stdout.splitlines()[1:]) == (child, ["parent ok"]), (
        done.stderr
    )


_FORK = """
import os, sys
from dataclasses import replace
from procflow.errors import StoreError
from procflow.stores.sqlite import SqliteStore

store = SqliteStore(sys.argv[1])

def append():
    with store.write() as tx:
        head = tx.lock_case("c1")
        head = replace(head, seq=head.seq + 1)
        tx.append("c1", head.seq, b"body", head.leaf, head)
    return head.seq

def fork():
    child = os.fork()
    if child:
        assert os.waitpid(child, 0)[1] == 0
        return
    try:
        print("appended", append(), flush=True)
    except StoreError as error:
        print("refused:", error, flush=True)
    os._exit(0)

if sys.argv[2] == "inside":
    with store.write() as tx:
        fork()
        tx.definition("d1")
    assert append() == 3
else:
    fork()
    assert append() == 4
print("parent ok", flush=True)
"""
