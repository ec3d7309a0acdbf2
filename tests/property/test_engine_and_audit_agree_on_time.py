"""Law 1 with time: for every prefix of a case with clocks, the engine says what an audit of the export says.

Random procedures with clocks of every kind are worked on at random moments. Time is advanced now and then, calendars
change while cases are open, and engines that remember nothing take over.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procflow.auditor import audit
from procflow.calendars.book import CalendarSet
from procflow.engine import Case, Engine
from procflow.errors import ProcflowError
from procflow.model.event import Kind
from procflow.model.fired import Fired
from procflow.model.organisation import Actor
from procflow.stores import open_store
from procflow.stores.base import Store
from tests.property.strategies_clocks import FIRST_DAY, random_books, random_timed, to_sets

FEW = settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
SEEDS = st.integers(0, 2**64)
WHO = Actor("ana", roles={"agent", "expert", "lead", "vendor", "client"})
GRADES: Mapping[str, tuple[object, ...]] = {
    "tier": ("basic", "premium"),
    "prio": ("p1", "p2", "p3"),
    "vip": (True, False),
}


class Shift:
    """One store, worked on by an engine after the other."""

    def __init__(self, rng: Random, folder: Path) -> None:
        self.rng = rng
        self.now = FIRST_DAY
        self.file = folder / "timed.yaml"
        self.file.write_text(json.dumps(random_timed(rng)), encoding="utf-8")
        self.sets = list(to_sets(random_books(rng)).values())
        self.store = open_store("memory://")
        self.engine = self.cold(self.store, self.sets[0])
        self.engine.publish(self.file)
        self.case = ""
        self.fired: list[Fired] = []
        self.said: list[tuple[Case, datetime]] = []

    def cold(self, store: Store, calendars: CalendarSet) -> Engine:
        return Engine(store, calendars=calendars, clock=lambda: self.now)

    def go(self, steps: int) -> None:
        self.case = self.engine.start("timed", by=WHO, data=self.data(0.7), mode="observe").id
        for _ in range(steps):
            self.now += timedelta(minutes=self.rng.choice((0, 1, 20, 90, 400, 2_000, 9_000)))
            try:
                self.step()
            except ProcflowError:
                continue
            finally:
                self.said.append((self.engine.case(self.case), self.now))

    def step(self) -> None:
        chance = self.rng.random()
        if chance < 0.25:
            self.fired += self.engine.advance(limit=self.rng.choice((1, None)))
        elif chance < 0.32:
            self.engine = self.cold(self.store, self.rng.choice(self.sets))
        elif chance < 0.45:
            self.fired += self.engine.use_calendars(
                self.case, by=WHO, reason=self.rng.choice(("New hours", None))
            ).fired
        else:
            options = [one.action for one in self.engine.may(self.case, by=WHO)] or ["update"]
            asked = {"asked": "A photo", "due": (self.now + timedelta(hours=self.rng.choice((1, 9, 60)))).isoformat()}
            data = {**self.data(0.2), **(asked if self.rng.random() < 0.8 else {})}
            early = self.now - timedelta(minutes=self.rng.choice((0, 0, 0, 30, 700)))
            done = self.engine.perform(self.case, self.rng.choice(options), by=WHO, data=data, occurred_at=early)
            self.fired += done.fired

    def data(self, chance: float) -> dict[str, object]:
        given = {name: self.rng.choice(of) for name, of in GRADES.items() if self.rng.random() < chance}
        for name in ("reported", "promised"):
            if self.rng.random() < chance / 2:
                given[name] = (self.now + timedelta(hours=self.rng.choice((-5, 8, 50)))).isoformat()
        return given


@FEW
@given(SEEDS)
def test_every_prefix_says_the_same_alive_and_on_record(seed: int) -> None:
    rng = Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shift = Shift(rng, folder)
        shift.go(rng.randint(3, 12))
        out, beside = BytesIO(), BytesIO()
        shift.engine.export(out, calendars=beside)
        lines = out.getvalue().splitlines(keepends=True)
        (folder / "log.calendars.json").write_bytes(beside.getvalue())
        for case, at in shift.said:
            log = folder / "log.jsonl"
            log.write_bytes(b"".join(lines[: case.seq]))
            (told,) = audit(shift.file, log, as_of=at, calendars=folder / "log.calendars.json").cases
            assert told == case.audit
        for format in ("xes", "csv"):
            log, mapping = folder / f"log.{format}", BytesIO()
            with log.open("wb") as written:
                shift.engine.export(written, format=format, mapping=mapping if format == "csv" else None)
            (folder / "log.map.yaml").write_bytes(mapping.getvalue())
            (told,) = audit(
                shift.file,
                log,
                mapping=folder / "log.map.yaml" if format == "csv" else None,
                as_of=shift.now,
                calendars=folder / "log.calendars.json",
            ).cases
            assert told == shift.cold(shift.store, shift.sets[0]).case(shift.case).audit


@FEW
@given(SEEDS)
def test_each_timer_is_on_record_once_and_at_its_instant(seed: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        shift = Shift(Random(seed), Path(name))
        shift.go(8)
        shift.now += timedelta(days=3)
        shift.fired += shift.engine.advance()
        assert shift.engine.advance() == ()
        assert [one.error for one in shift.fired if one.error is not None] == []
        events = [one for one in shift.engine.case(shift.case).events if one.kind is Kind.TIMER]
        marks = [(one.timer.clock, one.timer.cycle, one.timer.mark) for one in events if one.timer is not None]
        assert len(marks) == len(set(marks))
        assert sorted(one.seq for one in shift.fired if one.seq is not None) == [one.seq for one in events]
        for one in events:
            assert one.timer is not None
            assert one.recorded_at is not None
            assert one.occurred_at == one.timer.due < one.recorded_at
