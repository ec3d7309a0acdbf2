"""Law 10: whatever is given ends with findings or a ProcflowError, within seconds: no hang, no other traceback."""

from __future__ import annotations

import gc
import io
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procflow.auditor import audit
from procflow.automaton.alignment import MOST_CONFIGURATIONS
from procflow.engine import Engine
from procflow.errors import EventLogError, ProcflowError
from procflow.judge import CaseState, Judge
from procflow.lint import lint
from procflow.loading.mapping import read_mapping
from procflow.loading.mending import mend
from procflow.loading.people import read_people
from procflow.loading.procedure import read_procedure
from procflow.model.event import Event, Kind, Lifecycle, Trace
from procflow.model.organisation import Actor
from procflow.model.procedure import Procedure
from procflow.model.report import CaseAudit
from tests.property.strategies_cases import complaint, exported

FEW = settings(max_examples=40, suppress_health_check=list(HealthCheck))
AT = datetime(2026, 12, 1, tzinfo=UTC)
SECONDS = 30
"""Generous: the machine may be busy. What hangs takes minutes, or all of the memory."""
END = {"e": {"end": "over"}}
Read = Callable[[bytes, str], Any]


@contextmanager
def in_time() -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < SECONDS


def written(steps: dict[str, Any], **more: Any) -> str:
    start = next(iter(steps))
    return json.dumps(
        {"procflow": 1, "procedure": "hostile", "version": "1", "start": start, "steps": steps | END, **more}
    )


def procedure(steps: dict[str, Any], **more: Any) -> Procedure:
    loaded = read_procedure(written(steps, **more), "hostile.yaml")
    assert loaded.procedure is not None, loaded.findings[:3]
    return loaded.procedure


def work(**actions: Any) -> dict[str, Any]:
    return {"by": "any", "actions": {name.replace("_", "-"): to for name, to in actions.items()}}


def trace(actions: list[str]) -> Trace:
    events = [
        Event(case="1", seq=seq, kind=Kind.ACTION, action=action, occurred_at=AT + timedelta(seconds=seq))
        for seq, action in enumerate(actions, start=1)
    ]
    return Trace(case="1", events=tuple(events), closed=False)


def judged(of: Procedure, actions: list[str]) -> CaseAudit:
    with in_time():
        judge = Judge(of)
        return judge.audit(judge.run(trace(actions)))


# Files


LAUGHS = "a: &a [x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
FILES: dict[str, str | bytes] = {
    "a billion laughs": LAUGHS,
    "an alias of itself": "a: &a [*a]",
    "brackets 100,000 deep": "[" * 100_000,
    "maps 5,000 deep": "".join(" " * depth + "a:\n" for depth in range(1_200)),
    "a flow map 50,000 deep": "{a: " * 50_000,
    "ten megabytes": "a: " + "x" * 10_000_000,
    "a hundred thousand keys": "".join(f"k{number}: 1\n" for number in range(100_000)),
    "one key a hundred times": "procflow: 1\n" * 100,
    "another language": "!!python/object/apply:os.system ['true']",
    "a date that is none": "procflow: 1\neffective: { from: 2026-99-99 }\nversion: 0x1F\n",
    "a number of a million digits": "procflow: " + "9" * 1_000_000,
    "many documents": "---\na: 1\n" * 10_000,
    "nulls": "\0" * 1_000,
    "half a character": b"procedure: \xff\xfe\xc3",
    "a long quoted text that never ends": 'a: "' + "\\n" * 100_000,
    "nothing": "",
    "a merge key": "a: &a {b: 1}\nc: {<<: *a, <<: *a}\n",
    "colons": ":" * 50_000,
    "anchors": "&" * 50_000,
    "question marks": "? " * 2_000,
    "dashes": "- " * 2_000,
}
READERS: dict[str, Read] = {"procedure": read_procedure, "mapping": read_mapping, "people": read_people}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_with_findings(name: str, reader: str) -> None:
    text = FILES[name]
    with in_time():
        loaded = READERS[reader](text if isinstance(text, bytes) else text.encode(), "hostile.yaml")
        assert loaded.findings
        assert len(loaded.findings) < 2_000


@pytest.mark.parametrize("reader", READERS)
def test_random_bytes_are_read_to_findings(reader: str) -> None:
    @FEW
    @given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
    def law(text: bytes) -> None:
        loaded = READERS[reader](text, "random.yaml")
        assert loaded.findings

    law()


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**64))
def test_a_damaged_procedure_is_read_and_judges_if_it_still_can(seed: int) -> None:
    rng = Random(seed)
    lines = complaint().splitlines()
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(lines))
        match rng.randrange(5):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, lines[rng.randrange(len(lines))])
            case 2:
                lines[at] = "  " + lines[at]
            case 3:
                lines[at] = lines[at].replace(rng.choice(":{}[],"), rng.choice((":", "{", "]", '"', "")), 1)
            case _:
                lines[at] = lines[at][: rng.randrange(len(lines[at]) + 1)]
    loaded = read_procedure("\n".join(lines), "damaged.yaml")
    if loaded.procedure is None:
        assert loaded.findings
    else:
        judge = Judge(loaded.procedure)
        judge.audit(judge.run(trace(["thank", "accept", "submit", "dance"])))


# Procedures that pass, and are too large to search


def test_many_branches_with_checklists_are_judged_within_the_bound() -> None:
    branches = {
        f"b{b}": {
            "start": f"b{b}s0",
            "steps": {
                f"b{b}s{s}": {
                    "by": "any",
                    "checklist": {"any-order": [f"i{b}x{s}x{i}" for i in range(3)]},
                    "actions": {f"a{b}x{s}": f"b{b}s{s + 1}" if s < 2 else "done"},
                }
                for s in range(3)
            },
        }
        for b in range(6)
    }
    rng = Random(1)
    names = [f"i{rng.randrange(6)}x{rng.randrange(3)}x{rng.randrange(3)}" for _ in range(22)]
    names += [f"a{rng.randrange(6)}x{rng.randrange(3)}" for _ in range(8)]
    found = judged(procedure({"s": {"parallel": branches, "then": "e"}}), names)
    assert found.events == 30
    assert not found.proven
    assert found.deviations


def test_sixty_branches_are_judged_without_going_through_them_all() -> None:
    of = procedure({"s": {"parallel": {f"b{b}": work(**{f"a{b}": "done"}) for b in range(60)}, "then": "e"}})
    found = judged(of, [f"a{b}" for b in range(59, 40, -1)])
    assert (found.flow_cost, found.proven) == (0, True)


def test_more_than_sixty_four_branches_are_refused() -> None:
    branches = {f"b{b}": work(**{f"a{b}": "done"}) for b in range(65)}
    loaded = read_procedure(written({"s": {"parallel": branches, "then": "e"}}), "wide.yaml")
    assert [one.code for one in loaded.findings] == ["PF106"]


def test_twenty_undecided_only_ifs_do_not_make_a_million_configurations() -> None:
    branches = {f"b{b}": {"only-if": f"f{b}", **work(**{f"a{b}": "done"})} for b in range(20)}
    data = {f"f{b}": {"type": "yes-no"} for b in range(20)}
    found = judged(procedure({"s": {"parallel": branches, "then": "e"}}, data=data), ["a3", "a4"])
    assert not found.proven
    found = judged(procedure({"s": work(go="p"), "p": {"parallel": branches, "then": "e"}}, data=data), ["go", "a4"])
    assert not found.proven


def test_blocks_that_may_be_passed_at_once_are_not_followed_along_every_way() -> None:
    blocks = {
        f"p{at}": {
            "parallel": {f"b{at}": {"only-if": "f", **work(**{f"a{at}": "done"})}},
            "then": [
                {"to": f"p{at + 1}" if at < 29 else "e", "when": f"x == {at}"},
                {"to": f"p{at + 2}" if at < 28 else "e", "otherwise": True},
            ],
        }
        for at in range(30)
    }
    data = {"f": {"type": "yes-no"}, "x": {"type": "number"}}
    assert not judged(procedure({"s": work(go="p0"), **blocks}, data=data), ["go", "a20"]).proven


_X = {"x": {"type": "number"}}


def test_a_hundred_alternatives_are_the_most() -> None:
    alternatives = [{"to": "e", "when": f"x == {number}"} for number in range(101)]
    with in_time():
        assert judged(procedure({"s": work(go=alternatives[:100])}, data=_X), ["go"] * 5).attached_cost == 1
        loaded = read_procedure(written({"s": work(go=alternatives)}, data=_X), "many.yaml")
    assert [one.code for one in loaded.findings] == ["PF106"]


def test_ten_thousand_alternatives_are_too_many_to_read() -> None:
    alternatives = [{"to": "e", "when": f"x == {number}"} for number in range(10_000)]
    with in_time():
        loaded = read_procedure(written({"s": work(go=alternatives)}, data=_X), "big.yaml")
    assert [one.code for one in loaded.findings] == ["PF002"]


def test_a_large_checklist_in_any_order_is_refused() -> None:
    items = {"any-order": [f"i{number}" for number in range(30)]}
    with in_time():
        loaded = read_procedure(written({"s": {**work(go="e"), "checklist": items}}), "big.yaml")
    assert [one.code for one in loaded.findings] == ["PF002", "PF106"]


def test_two_thousand_steps() -> None:
    steps = {f"s{at}": work(**{f"a{at}": f"s{at + 1}" if at < 1_999 else "e"}) for at in range(2_000)}
    of = procedure(steps)
    assert judged(of, [f"a{at}" for at in range(60)]).clean
    assert judged(of, ["a0", "a10", "a1", "a2", "dance"]).flow_cost == 2


def test_blocks_in_blocks_as_deep_as_files_go() -> None:
    step: dict[str, Any] = work(go="done")
    for depth in range(12):
        step = {"parallel": {f"d{depth}": step}, "then": "done"}
    loaded = read_procedure(written({"s": {"parallel": {"d": step}, "then": "e"}}), "deep.yaml")
    if loaded.procedure is not None:
        assert judged(loaded.procedure, ["go"]).outcome == "over"


# Long cases


ROUND = procedure({"s": work(go="t", note="same"), "t": work(back_again="s", stop="e")})
TORN = procedure({"s": work(x="p", y="q"), "p": work(a="same", z="e"), "q": work(b="same", z="e")})
"""Each `a` says the case is in p, each `b` that it is in q: the best explanation changes again and again."""


@pytest.mark.parametrize("actions", [["go", "note", "back-again", "note"], ["a", "b", "b", "a"], ["dance"]])
def test_five_thousand_events_need_no_deep_recursion(actions: list[str]) -> None:
    many = actions * (5_000 // len(actions))
    of = TORN if "a" in actions else ROUND
    limit = sys.getrecursionlimit()
    judge = Judge(of)
    with in_time():
        state: CaseState | None = judge.run(trace(many))
        assert state is not None
        assert judge.audit(state).events == 5_000 // len(actions) * len(actions)
        state = None  # the chain of 5,000 links is taken apart here
        gc.collect()
    assert sys.getrecursionlimit() == limit


def test_five_thousand_steps_of_one_case_through_the_engine(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(
        written({"s": work(go="t", note="same", leave="e"), "t": work(back="s"), "e": {"end": "over"}}).replace(
            '"back"', '"again"'
        )
    )
    engine = Engine.open("memory://")
    engine.publish(tmp_path / "p.yaml")
    ana = Actor("ana")
    case = engine.start("hostile", by=ana, mode="observe").id
    with in_time():
        for number in range(5_000):
            assert engine.perform(case, ("go", "again")[number % 2], by=ana).accepted
        assert engine.case(case).seq == 5_001
        (tmp_path / "log.jsonl").write_bytes(exported(engine))
        assert audit(tmp_path / "p.yaml", tmp_path / "log.jsonl").cases[0] == engine.case(case).audit


# Logs


MAPPING = "case: c\ntime: { column: t }\naction: { column: a }\ndata: { ours: d, gravity: g }\ncases: closed\n"
GOOD = '{"c":"1","t":"2026-01-01","a":"thank","d":true}\n'
LOGS: dict[str, bytes] = {
    "a row 100,000 deep": (GOOD + '{"c":"1","t":"2026-01-01","a":"x","d":' + "[" * 100_000 + "]" * 100_000 + "}\n").encode(),
    "a value 900 deep": (GOOD + '{"c":"1","t":"2026-01-01","a":"x","d":' + "[" * 900 + "]" * 900 + "}\n").encode(),
    "a word of a megabyte": (GOOD + '{"c":"1","t":"2026-01-01","a":"' + "x" * 1_000_000 + '"}\n').encode(),
    "a number of 100,000 digits": (GOOD + '{"c":"1","t":"2026-01-01","a":"x","d":' + "9" * 100_000 + "}\n").encode(),
    "not a number": (GOOD + '{"c":"1","t":"2026-01-01","a":"x","d":NaN}\n').encode(),
    "a year that is none": (GOOD + '{"c":"1","t":"99999-01-01","a":"x"}\n').encode(),
    "a moment before all years": (GOOD + '{"c":"1","t":"0001-01-01T00:00+14:00","a":"x"}\n').encode(),
    "broken surrogates": (GOOD + '{"c":"1","t":"2026-01-01","a":"\\ud800","d":"\\udfff"}\n').encode(),
    "bytes": GOOD.encode() + bytes(range(256)) * 40,
    "zeros": GOOD.encode() + b"\0" * 100_000,
    "keys twice": (GOOD + '{"c":"1","c":"2","t":"2026-01-01","a":"x"}\n').encode(),
    "lists": (GOOD + "[]\n1\nnull\n\"x\"\n").encode(),
    "5,000 unknown actions": (GOOD + "".join(f'{{"c":"1","t":"2026-01-01","a":"thnak-{n}"}}\n' for n in range(5_000))).encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", LOGS)
def test_a_hostile_log_ends_with_findings_or_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(complaint(), encoding="utf-8")
    (tmp_path / "map.yaml").write_text(MAPPING)
    (tmp_path / "log.jsonl").write_bytes(LOGS[name])
    with in_time():
        if name in ("bytes", "zeros"):
            with pytest.raises(EventLogError, match="binary"):
                audit(tmp_path / "p.yaml", tmp_path / "log.jsonl", mapping=tmp_path / "map.yaml")
            return
        report = audit(tmp_path / "p.yaml", tmp_path / "log.jsonl", mapping=tmp_path / "map.yaml")
    assert report.cases
    assert report.findings or report.cases[0].deviations
    rows = report.rows
    assert rows.read == rows.used + rows.faulty + rows.repeated + rows.ignored


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_log_of_random_bytes_is_audited_or_refused(ending: str) -> None:
    @FEW
    @given(st.binary(max_size=400) | st.text(alphabet='{}[]",:c1ta\n\r\0\ud800é', max_size=200).map(_bytes))
    def law(text: bytes) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "p.yaml").write_text(complaint(), encoding="utf-8")
            (folder / "map.yaml").write_text(MAPPING)
            head = b"c,t,a,d,g\n" if ending == "csv" else GOOD.encode()
            (folder / f"log.{ending}").write_bytes(head + text)
            try:
                report = audit(folder / "p.yaml", folder / f"log.{ending}", mapping=folder / "map.yaml")
            except ProcflowError:
                return
            assert report.cases or report.findings

    law()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


# Requests


VALUES: dict[str, Any] = {
    "a list in itself": [],
    "a list 10,000 deep": [],
    "a text of ten megabytes": "x" * 10_000_000,
    "a text of 60,000 characters": "x" * 60_000,
    "a number without end": float("inf"),
    "no number": float("nan"),
    "a number of 5,000 digits": 10**5_000,
    "a broken text": "\ud800",
    "a set": {1, 2},
    "an object": object(),
    "bytes": b"x",
    "a million values": [0] * 1_000_000,
    "a naive moment": datetime(2026, 1, 1),
}
VALUES["a list in itself"].append(VALUES["a list in itself"])
for _ in range(10_000):
    VALUES["a list 10,000 deep"] = [VALUES["a list 10,000 deep"]]


@pytest.mark.parametrize("mode", ["observe", "enforce"])
@pytest.mark.parametrize("name", VALUES)
def test_a_hostile_value_is_refused_or_recorded_and_nothing_in_between(name: str, mode: Any, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(complaint(), encoding="utf-8")
    engine = Engine.open("memory://", clock=lambda: AT)
    engine.publish(tmp_path / "p.yaml")
    ana = Actor("ana", roles={"agent"})
    case = engine.start("complaint", by=ana, mode=mode).id
    before = exported(engine)
    value = VALUES[name]
    given_as: tuple[dict[str, Any], ...] = ({"data": {"cause": value}}, {"evidence": {"cause": value}})
    for each in given_as:
        with in_time():
            try:
                done = engine.perform(case, "thank", by=ana, **each)
            except ProcflowError:
                assert exported(engine) == before
                continue
            assert exported(engine) != before, "an attempt is on record too"
            before = exported(engine)
            assert (b'"lifecycle":"refused"' in before.splitlines()[-1]) == (not done.accepted)
            assert engine.case(case).seq == len(before.splitlines())


@FEW
@given(
    st.text(max_size=40),
    st.text(max_size=40),
    st.text(max_size=40) | st.none(),
    st.dictionaries(st.text(max_size=8), st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists)),
    st.sampled_from([Lifecycle.START, Lifecycle.COMPLETE]),
)
def test_any_words_are_an_action_a_person_and_a_reason(
    action: str, person: str, reason: str | None, data: dict[str, Any], lifecycle: Lifecycle
) -> None:
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "p.yaml").write_text(complaint(), encoding="utf-8")
        engine = Engine.open("memory://", clock=lambda: AT)
        engine.publish(Path(name) / "p.yaml")
        case = engine.start("complaint", by="ana", mode="observe").id
        before = exported(engine)
        try:
            engine.perform(case, action, by=person, reason=reason, data=data, lifecycle=lifecycle.value)
        except ProcflowError:
            assert exported(engine) == before
            return
        (Path(name) / "log.jsonl").write_bytes(exported(engine))
        assert audit(Path(name) / "p.yaml", Path(name) / "log.jsonl").cases == (engine.case(case).audit,)
        engine.may(case, by=person)
        engine.worklist(person)
        engine.export(io.BytesIO(), [case])


CONDITIONS: dict[str, Callable[[int, int], str]] = {
    "many numbers": lambda i, j: " and ".join(f"n{k} > {i * 7 + k + j}" for k in range(10)),
    "a circle": lambda i, _: " and ".join(f"n{k} < n{(k + 1) % 30}" for k in range(30)) + f" and n0 != {i}",
    "sums": lambda i, j: " or ".join(f"n{k} + n{k + 1} > {i * 7 + k + j}" for k in range(30)),
    "ratios": lambda i, j: " and ".join(f"n{k} * n{k + 1} / n{k + 2} != {i * 7 + k + j}" for k in range(30)),
    "choices in choices": lambda i, _: (
        "".join(f"n{n % 10} > {n} if n{n % 7} == {n + i} else " for n in range(30)) + "n0 > 0"
    ),
    "little": lambda i, j: f"n0 == {i + j} and n1 > {i} or n2 < {j}",
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_looking_at_conditions_ends(name: str) -> None:
    alternatives = {
        f"go{j}": [{"to": "e" if i % 2 else "b", "when": CONDITIONS[name](i, j)} for i in range(100)] for j in range(10)
    }
    fields = [f"n{n}" for n in range(40)]
    steps = {"a": {"by": "any", "collect": fields, "actions": alternatives}, "b": work(x="e")}
    found = procedure(steps, data=dict.fromkeys(fields, "number"))
    with in_time():
        lint(found)


def test_mending_ends() -> None:
    steps = {f"s{i}": {"by": "any", "actions": {f"a{i}": {"to": "e", "when": f"nx{i} = {i}"}}} for i in range(1_000)}
    with in_time():
        mend(written(steps), lambda text: read_procedure(text, "hostile.yaml").findings)


def test_the_bound_is_the_one_that_is_stated() -> None:
    assert 1_000 <= MOST_CONFIGURATIONS <= 10_000
