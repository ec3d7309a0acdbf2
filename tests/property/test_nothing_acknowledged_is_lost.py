"""Law 7, in its first form: nothing acknowledged is lost, whatever process is killed whenever.

A process appends to two cases from two threads and tells of each event once it is committed: steps under a key of
their own, and every third one an attempt that was refused. It is killed at random moments, again and again, on one
file. Every event it told of must be there, in chains that are whole, and every key must stand for its own step.
"""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from procflow.stores.sqlite import SqliteStore
from procflow.trail.chain import verify_chain
from procflow.trail.entry import leaf_of, open_entry

KILLS = 8

WRITER = """
import os, secrets, sys, threading
from dataclasses import replace
from datetime import UTC, datetime
from procflow.errors import CaseNotFound
from procflow.model.event import Event, Kind, Lifecycle
from procflow.stores.base import CaseRow, Definition, Ready
from procflow.stores.sqlite import SqliteStore
from procflow.trail.entry import genesis, seal

NOW = datetime(2026, 11, 21, tzinfo=UTC)
store = SqliteStore(sys.argv[1])

def row(tx, case):
    try:
        return tx.lock_case(case)
    except CaseNotFound:
        if tx.definition("d1") is None:
            tx.add_definition(Definition(procedure="p", version="1", digest="d1", effective_from=None,
                                         published_at=NOW, file="p.yaml", source=""))
        tx.add_case(CaseRow(case=case, procedure="p", version="1", digest="d1", mode="enforce", client=None, ref=None,
                            seq=0, leaf=genesis(store.origin, case), configuration="s", opened_at=NOW, closed=False,
                            outcome=None))
        return tx.case(case)

def work(case):
    while True:
        with store.write() as tx:
            head = row(tx, case)
            seq = head.seq + 1
            lifecycle = Lifecycle.REFUSED if seq % 3 == 0 else Lifecycle.COMPLETE
            event = Event(case=case, seq=seq, kind=Kind.ACTION, action="a", lifecycle=lifecycle, occurred_at=NOW,
                          key=f"{case}/{seq}", data={"text": "x" * (head.seq % 40) * 100})
            entry = seal(event, procedure="p", version="1", log=store.origin, prev=head.leaf,
                         nonce=secrets.token_hex(16))
            tx.append(case, seq, entry.body, entry.leaf, replace(head, seq=seq, leaf=entry.leaf),
                      key=None if event.refused else event.key)
            tx.set_ready(case, [Ready(case=case, step=f"s{event.seq}", party="role:agent", since=NOW)])
        os.write(1, f"{case} {event.seq} {entry.leaf.hex()}\\n".encode())

for case in ("c1", "c2"):
    threading.Thread(target=work, args=(case,)).start()
"""


def run_and_kill(path: Path, seconds: float) -> list[tuple[str, int, str]]:
    """Let a writer work for so long after its first acknowledgement, kill it, and return what it acknowledged."""
    with subprocess.Popen([sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        first = writer.stdout.readline()
        time.sleep(seconds)
        writer.kill()
        lines = (first + writer.stdout.read()).decode().splitlines()
    told = (line.split() for line in lines)
    return [(case, int(seq), leaf) for case, seq, leaf in told]


def check(path: Path, acknowledged: list[tuple[str, int, str]]) -> None:
    store = SqliteStore(path)
    with store.read() as tx:
        rows = list(tx.cases())
        bodies = {row.case: list(tx.bodies(row.case)) for row in rows}
        known = {
            row.case: [tx.recorded(row.case, f"{row.case}/{seq}") for seq in range(2, row.seq + 2)] for row in rows
        }
        started = {row.case: tx.started("p", f"{row.case}/1") for row in rows}
        ready = {entry.case: entry.step for entry in tx.ready(["role:agent"])}
    store.close()
    for case, seq, leaf in acknowledged:
        assert leaf_of(bodies[case][seq - 1]).hex() == leaf, f"{case}/{seq} was acknowledged"
    for row in rows:
        assert verify_chain(bodies[row.case], log=store.origin, case=row.case, head=row.leaf) == ()
        assert row.seq == len(bodies[row.case])
        events = [open_entry(body)[0] for body in bodies[row.case]]
        assert [event.refused for event in events] == [event.seq % 3 == 0 for event in events]
        done = [None if event.refused else event.seq for event in events]
        assert known[row.case] == [*done[1:], None], "a key stands for what was accepted under it, and is not lost"
        assert started[row.case] == row.case
        assert ready[row.case] == f"s{row.seq}", "the worklist is of the same commit"
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "service.db"
    moments = random.Random(7)
    acknowledged: list[tuple[str, int, str]] = []
    for _ in range(KILLS):
        acknowledged += run_and_kill(path, moments.uniform(0, 0.3))
        check(path, acknowledged)
    assert len(acknowledged) > KILLS
