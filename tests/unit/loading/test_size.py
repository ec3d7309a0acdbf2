"""A small file may need much to run: that is refused when it is read, not when the first case is judged."""

from __future__ import annotations

import pytest

from procflow.automaton.automaton import Automaton
from procflow.loading import size
from procflow.loading.procedure import Loaded, read_procedure

HEAD = 'procflow: 1\nprocedure: errand\nversion: "1"\nroles: { agent: Does it }\nstart: s0\nsteps:\n'
ITEMS = ", ".join("i{0}x%d" % item for item in range(8))  # noqa: UP031
ANY_ORDER = (
    "  s{0}: {{ by: agent, checklist: {{ any-order: [" + ITEMS + "] }}, actions: {{ go{0}: z, note{0}: same }} }}\n"
)
IN_ORDER = ANY_ORDER.replace("{{ any-order: ", "").replace("] }}", "]")
BLOCK = "  s{0}: {{ parallel: {{ b{0}: {{ by: agent, actions: {{ go{0}: done }} }} }}, then: z }}\n"
PLAIN = "  s{0}: {{ by: agent, actions: {{ go{0}: z }} }}\n"


def read(steps: int, step: str, anytime: int = 0) -> Loaded:
    text = HEAD + "".join(step.format(number) for number in range(steps)) + "  z: { end: over }\n"
    if anytime:
        text += "anytime:\n" + "".join(f"  t{number}: {{ to: same, by: agent }}\n" for number in range(anytime))
    return read_procedure(text, "errand.yaml")


@pytest.mark.parametrize("loaded", [read(60, ANY_ORDER), read(300, PLAIN, anytime=300)], ids=["checklists", "anytime"])
def test_more_ways_than_can_be_kept_are_refused(loaded: Loaded) -> None:
    assert [(one.code, one.where.line if one.where else 0) for one in loaded.findings] == [("PF002", 6)]
    assert loaded.procedure is None


@pytest.mark.parametrize(
    ("steps", "step", "anytime"), [(12, ANY_ORDER, 3), (150, PLAIN, 150), (2_000, PLAIN, 10)], ids=str
)
def test_what_a_large_office_needs_is_not(steps: int, step: str, anytime: int) -> None:
    assert read(steps, step, anytime).findings == ()


@pytest.mark.parametrize("step", [ANY_ORDER, IN_ORDER, PLAIN, BLOCK], ids=["any order", "in order", "plain", "block"])
def test_what_is_counted_is_what_is_built(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    procedure = read(2, step, anytime=3).procedure
    assert procedure is not None
    automaton = Automaton(procedure)
    machines = [one._machine for one in automaton._machines.values()]
    events = [event for machine in machines for event in machine.events.values()]
    built = sum(len(ways) for event in events for ways in event.transitions.values())
    monkeypatch.setattr(size, "MOST_WAYS", built)
    assert read(2, step, anytime=3).findings == ()
    monkeypatch.setattr(size, "MOST_WAYS", built - 1)
    assert [one.code for one in read(2, step, anytime=3).findings] == ["PF002"]
