"""Law: of the same constraints over the same log, procflow says what pm4py and Declare4Py say, but where the docs say why not.

Each template is held to a definition over the finished trace, in a few lines of our own, in every run; and to the
peers where they are installed: `PROCFLOW_PEERS` names the Python that has them. Neither is a dependency of procflow;
pm4py is AGPL and is compared with, never imported by the program.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise, permutations
from pathlib import Path
from random import Random

import pytest

from benchmarks.rules import traces_of
from procflow.auditor.case_told import standings_of
from procflow.auditor.rules_alone import RulesAlone
from procflow.eventlogs.log import read_log
from procflow.loading.mapping import load_mapping
from procflow.model.event import EVERYTHING, Lifecycle, Trace
from procflow.model.rule import RuleStanding, RuleStatus
from procflow.resources import shipped
from tests.conftest import REPOSITORY
from tests.oracle.declare import TEMPLATES, Constraint, Named, rules_of, trace_of

PEERS = os.environ.get("PROCFLOW_PEERS", sys.executable)
NAMES = ("a", "b", "c")
UNLIKE = ("not-succession", "not-chain-succession")
"""What pm4py understands otherwise: the opposite of succession, where Declare forbids every succession."""


def plain_constraints(names: Sequence[str] = NAMES) -> list[Constraint]:
    """Return every template over every choice of names, and with the numbers it takes."""
    found: list[Constraint] = []
    for name, template in TEMPLATES.items():
        for of in permutations(names, template.arity):
            if name in ("existence", "absence", "exactly"):
                found += [{"template": name, "of": list(of), "n": n} for n in (0, 1, 2) if n or name == "absence"]
            else:
                found.append({"template": name, "of": list(of)})
    return found


def conditional_constraints() -> list[Constraint]:
    """Return the templates of two names, and those that count what must not be, with conditions and times."""
    found: list[Constraint] = []
    for one in plain_constraints():
        if one["template"] in CONDITIONAL and one["of"] in (["a"], ["a", "b"], ["b", "c"]):
            found.append({**one, "when": "A.amount > 3"})
            if len(one["of"]) == 2:
                found.append({**one, "within": 3})
                found.append({**one, "when": "A.amount > 3", "within": 3})
    return found


CONDITIONAL = frozenset(
    name
    for name, template in TEMPLATES.items()
    if template.declare4py and (template.arity == 2 or name == "absence") and "choice" not in name
)


def random_traces(number: int, rng: Random) -> list[list[Named]]:
    """Return traces of one to nine events; some at one time, some amounts over the limit."""
    traces = []
    for _ in range(number):
        at = 0
        trace: list[Named] = []
        for _ in range(rng.randint(1, 9)):
            at += rng.choice((0, 1, 1, 2, 5))
            trace.append({"name": rng.choice("abcd"), "at": at, "amount": rng.randint(0, 6)})
        traces.append(trace)
    return traces


def ours(
    constraints: Sequence[Constraint], traces: Iterable[Trace], *, statuses: bool = False
) -> list[tuple[RuleStanding, ...]]:
    procedure, rules = rules_of(constraints, statuses=statuses)
    alone = RulesAlone(rules, EVERYTHING, statuses=statuses, procedure=procedure)
    return [standings_of(alone, alone.judge(trace)) for trace in traces]


def broken(standings: Iterable[RuleStanding]) -> set[int]:
    return {number for number, one in enumerate(standings) if one.status is RuleStatus.VIOLATED}


Names = Sequence[str]


def _after(trace: Names, at: int, name: str) -> bool:
    return name in trace[at + 1 :]


def _each(trace: Names, name: str, holds: Callable[[int], bool]) -> bool:
    return all(holds(at) for at, one in enumerate(trace) if one == name)


def _next(trace: Names, a: str, b: str) -> bool:
    return _each(trace, a, lambda at: trace[at + 1 : at + 2] == [b])


def _just_before(trace: Names, a: str, b: str) -> bool:
    return _each(trace, b, lambda at: at > 0 and trace[at - 1] == a)


def _between(trace: Names, a: str, b: str) -> bool:
    """Return True if a b comes after each a, before the next a."""
    places = [at for at, one in enumerate(trace) if one == a]
    return all(b in trace[at + 1 : end] for at, end in pairwise([*places, len(trace)]))


def _between_back(trace: Names, a: str, b: str) -> bool:
    return _between(list(reversed(trace)), b, a)


def _response(trace: Names, a: str, b: str) -> bool:
    return _each(trace, a, lambda at: _after(trace, at, b))


def _precedence(trace: Names, a: str, b: str) -> bool:
    return _each(trace, b, lambda at: a in trace[:at])


def _never_after(trace: Names, a: str, b: str) -> bool:
    return _each(trace, a, lambda at: not _after(trace, at, b))


def _never_next(trace: Names, a: str, b: str) -> bool:
    return _each(trace, a, lambda at: trace[at + 1 : at + 2] != [b])


OF_ONE: Mapping[str, Callable[[Names, str, int], bool]] = {
    "existence": lambda trace, a, n: trace.count(a) >= n,
    "absence": lambda trace, a, n: trace.count(a) <= n,
    "exactly": lambda trace, a, n: trace.count(a) == n,
    "init": lambda trace, a, _: trace[0] == a,
    "last": lambda trace, a, _: trace[-1] == a,
}
OF_TWO: Mapping[str, Callable[[Names, str, str], bool]] = {
    "responded-existence": lambda trace, a, b: a not in trace or b in trace,
    "response": _response,
    "precedence": _precedence,
    "succession": lambda trace, a, b: _response(trace, a, b) and _precedence(trace, a, b),
    "alternate-response": _between,
    "alternate-precedence": _between_back,
    "alternate-succession": lambda trace, a, b: _between(trace, a, b) and _between_back(trace, a, b),
    "chain-response": _next,
    "chain-precedence": _just_before,
    "chain-succession": lambda trace, a, b: _next(trace, a, b) and _just_before(trace, a, b),
    "co-existence": lambda trace, a, b: (a in trace) == (b in trace),
    "choice": lambda trace, a, b: a in trace or b in trace,
    "exclusive-choice": lambda trace, a, b: (a in trace) != (b in trace),
    "not-responded-existence": lambda trace, a, b: a not in trace or b not in trace,
    "not-co-existence": lambda trace, a, b: a not in trace or b not in trace,
    "not-response": _never_after,
    "not-precedence": _never_after,
    "not-succession": _never_after,
    "not-chain-response": _never_next,
    "not-chain-precedence": _never_next,
    "not-chain-succession": _never_next,
}


def holds(one: Constraint, trace: Names) -> bool:
    """Return what the textbook says of a constraint in a finished trace."""
    if len(one["of"]) == 1:
        return OF_ONE[one["template"]](trace, one["of"][0], one.get("n", 1))
    return OF_TWO[one["template"]](trace, one["of"][0], one["of"][1])


def test_every_template_says_what_the_textbook_says() -> None:
    constraints = plain_constraints()
    traces = [[one["name"] for one in trace] for trace in random_traces(200, Random("declare textbook"))]
    for trace, standings in zip(traces, ours(constraints, cases_of(traces)), strict=True):
        textbook = {number for number, one in enumerate(constraints) if not holds(one, trace)}
        assert broken(standings) == textbook, [(trace, constraints[n]) for n in broken(standings) ^ textbook]


def cases_of(traces: Iterable[Sequence[Named | str]], *, statuses: bool = False) -> list[Trace]:
    return [trace_of(f"case {number}", trace, statuses=statuses) for number, trace in enumerate(traces)]


@pytest.mark.parametrize("peer", ["pm4py", "declare4py"])
def test_peers_say_the_same_of_random_logs(peer: str, tmp_path: Path) -> None:
    require(peer)
    constraints = [one for one in plain_constraints() if has(peer, one)]
    traces = random_traces(2_000, Random("declare"))
    told, counts = said_by(peer, constraints, traces, tmp_path)
    for trace, standings, theirs, each in zip(traces, ours(constraints, cases_of(traces)), told, counts, strict=True):
        compare(peer, constraints, [one["name"] for one in trace], standings, theirs, each)


def test_declare4py_says_the_same_with_conditions_and_times(tmp_path: Path) -> None:
    require("declare4py")
    constraints = conditional_constraints()
    traces = random_traces(2_000, Random("declare conditions"))
    told, counts = said_by("declare4py", constraints, traces, tmp_path)
    for trace, standings, theirs, each in zip(traces, ours(constraints, cases_of(traces)), told, counts, strict=True):
        compare("declare4py", constraints, [one["name"] for one in trace], standings, theirs, each, said=trace)


@pytest.mark.parametrize("peer", ["pm4py", "declare4py"])
def test_peers_say_the_same_of_the_incidents(peer: str, real_data: Path, tmp_path: Path) -> None:
    require(peer)
    variants = sorted({tuple(one) for one in traces_of(real_data)})
    states = sorted({state for one in variants for state in one})
    assert len(variants) > 150
    compare_with_log(peer, states, variants, tmp_path, statuses=True)


@pytest.mark.parametrize("peer", ["pm4py", "declare4py"])
def test_peers_say_the_same_of_the_claims(peer: str, real_data: Path, tmp_path: Path) -> None:
    require(peer)
    mapping = load_mapping(shipped("examples") / "insurance-claim.map.yaml")
    log = real_data / "insurance-claims" / "Insurance_Claims_train.csv"
    if not log.is_file():
        pytest.skip(f"{log} is not there")
    traces = read_log(str(log), mapping).traces
    cases = [[one.action for one in trace.events if one.lifecycle is not Lifecycle.START] for trace in traces]
    assert len(cases) == 1_000
    names = sorted({name for one in cases for name in one})
    compare_with_log(peer, names, sorted(set(map(tuple, cases))), tmp_path, statuses=False)


def compare_with_log(
    peer: str, names: Sequence[str], traces: Sequence[Sequence[str]], folder: Path, *, statuses: bool
) -> None:
    """Compare every template over every choice of names in a whole log."""
    constraints = [one for one in plain_constraints(names) if has(peer, one)]
    told, counts = said_by(peer, constraints, traces, folder)
    mine = ours(constraints, cases_of(traces, statuses=statuses), statuses=statuses)
    for trace, standings, theirs, each in zip(traces, mine, told, counts, strict=True):
        compare(peer, constraints, list(trace), standings, theirs, each)


def test_the_page_about_declare_has_every_template() -> None:
    page = (REPOSITORY / "docs" / "declare.md").read_text(encoding="utf-8")
    for name, one in TEMPLATES.items():
        row = f"| {name} | `{one.rule}` | {one.pm4py} | {one.declare4py} |".replace("|  |", "| |")
        assert row in page, row


def compare(
    peer: str,
    constraints: Sequence[Constraint],
    trace: Names,
    standings: Sequence[RuleStanding],
    theirs: set[int],
    counts: Mapping[str, list[int | None]],
    said: object = None,
) -> None:
    """Hold our verdicts and counts to the peer's, each difference to its explanation in docs/declare.md."""
    for number, one in enumerate(constraints):
        if not has(peer, one):
            continue
        violated, expected = standings[number].status is RuleStatus.VIOLATED, number in theirs
        if peer == "pm4py" and one["template"] in UNLIKE:
            succession = one["template"].removeprefix("not-")
            a, b = one["of"]
            assert expected == (a in trace and b in trace and OF_TWO[succession](trace, a, b)), (trace, one)
            continue
        assert violated == expected, (peer, one, said or trace, standings[number])
        activated, how_often = counts.get(str(number), [None, None])
        if activated is not None and one["template"] != "not-co-existence":
            assert [standings[number].activations, standings[number].broken] == [activated, how_often], (
                one,
                said,
                trace,
            )


def has(peer: str, one: Constraint) -> bool:
    template = TEMPLATES[one["template"]]
    if peer == "declare4py":
        return bool(template.declare4py)
    of_one = {"existence": 1, "exactly": 1, "absence": 0}.get(one["template"], 1)
    return bool(template.pm4py) and one.get("n", of_one) == of_one


def require(peer: str) -> None:
    """Skip, and say why, where a peer is not installed."""
    module = {"pm4py": "pm4py", "declare4py": "Declare4Py"}[peer]
    found = subprocess.run([PEERS, "-c", f"import {module}"], capture_output=True, check=False)
    if found.returncode:
        pytest.skip(f"{module} is not installed for {PEERS}: pip install 'procflow[bench]', or set PROCFLOW_PEERS")


def said_by(
    peer: str, constraints: Sequence[Constraint], traces: Sequence[Sequence[Named | str]], folder: Path
) -> tuple[list[set[int]], list[dict[str, list[int | None]]]]:
    """Return which constraints each trace breaks, and how often each was activated and broken if the peer counts."""
    task = folder / "task.json"
    task.write_text(json.dumps({"constraints": constraints, "traces": traces}), encoding="utf-8")
    command = [PEERS, str(REPOSITORY / "benchmarks" / "_declare_peers.py"), peer, str(task)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    answer = json.loads(next(line for line in reversed(told.splitlines()) if line.startswith('{"seconds"')))
    return [set(one) for one in answer["violated"]], answer["counts"] or [{} for _ in traces]
