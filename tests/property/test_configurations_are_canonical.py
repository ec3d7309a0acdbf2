"""A configuration has one text, a text is of one configuration, and any other text is refused."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from procflow.automaton.configurations import parse_configuration
from procflow.judge import Judge
from procflow.model.configuration import Configuration
from procflow.model.event import Kind
from procflow.model.procedure import Procedure
from tests.oracle.plain import Plain
from tests.property.strategies import load, random_procedure, random_trace, to_events
from tests.property.strategies_hand_offs import handed_over

LETTERS = "/[]{},:<-0123 dones\u0660"
"""What texts of configurations are made of, and a few that only look like it."""


def reached(written: Plain, procedure: Procedure, rng: Random) -> list[Configuration]:
    """Return the configurations that explanations of some random cases go through, with repetitions."""
    judge = Judge(procedure)
    found: list[Configuration] = []
    for _ in range(5):
        events = to_events(random_trace(written, rng))
        opened = events.pop(0) if events and events[0].kind is Kind.OPENED else None
        state = judge.begin("case-1", opened)
        found += [entry.at for entry in state.vector.entries]
        for event in events:
            state = judge.advance(state, event)
            assert state.configuration in [entry.at for entry in state.vector.entries]
            found += [entry.at for entry in state.vector.entries]
    return found


def test_configurations_and_their_texts_are_one_to_one() -> None:
    seen = offered = 0
    for number in range(300):
        rng = Random(f"configurations {number}")
        written = random_procedure(rng)
        if number % 3 == 0:
            written = handed_over(written, rng)
        procedure = load(written)
        texts: dict[str, Configuration] = {}
        for at in reached(written, procedure, rng):
            assert texts.setdefault(str(at), at) == at
        assert len(set(texts.values())) == len(texts)
        for text, at in texts.items():
            assert parse_configuration(text, procedure) == at
        seen += len(texts)
        offered += sum("<" in text for text in texts)
    assert offered > 100
    print(f"\n{seen:,} configurations read back")


@given(rng=st.randoms(use_true_random=False), data=st.data())
def test_a_changed_text_is_refused_or_is_another_canonical_text(rng: Random, data: st.DataObject) -> None:
    written = random_procedure(rng)
    if data.draw(st.booleans()):
        written = handed_over(written, rng)
    procedure = load(written)
    text = str(rng.choice(reached(written, procedure, rng)))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 6)))
    changed = text[:start] + data.draw(st.text(LETTERS, max_size=3)) + text[end:]
    note(f"{text!r} became {changed!r}")
    try:
        parsed = parse_configuration(changed, procedure)
    except ValueError:
        assert changed != text
    else:
        assert str(parsed) == changed


ORDER: Plain = {
    "procflow": 1,
    "procedure": "order",
    "version": "1",
    "start": "intake",
    "steps": {
        "intake": {"by": "any", "checklist": ["greet", "ask"], "actions": {"accept": "work"}},
        "work": {
            "parallel": {
                "pack": {"by": "any", "checklist": {"any-order": ["box", "label"]}, "actions": {"pack-up": "done"}},
                "pay": {
                    "only-if": "times(accept) < 2",
                    "start": "bill",
                    "steps": {
                        "bill": {"by": "any", "actions": {"send-bill": "collect"}},
                        "collect": {
                            "parallel": {"remind": {"by": "any", "actions": {"call": "done"}}},
                            "then": "done",
                        },
                    },
                },
            },
            "then": "closed",
        },
        "closed": {"end": "finished"},
    },
}


@pytest.mark.parametrize(
    "text",
    [
        "intake",
        "intake/1",
        "intake/2",
        "closed",
        "work[pack:pack,pay:bill]",
        "work[pack:pack/{box},pay:-]",
        "work[pack:pack/{box,label},pay:done]",
        "work[pack:done,pay:collect[remind:remind]]",
    ],
)
def test_a_whole_configuration_is_read(text: str) -> None:
    assert str(parse_configuration(text, load(ORDER))) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "ship",
        "done",
        "-",
        "Intake",
        "intake ",
        " intake",
        "intake/",
        "intake/0",
        "intake/01",
        "intake/3",
        "intake/-1",
        "intake/\u0661",
        "intake/{greet}",
        "intake[]",
        "intake,intake",
        "closed/1",
        "bill",
        "work",
        "work[]",
        "work[pack:pack]",
        "work[pay:bill,pack:pack]",
        "work[pack:pack,pay:bill",
        "work[pack:pack,pay:bill]]",
        "work[pack:pack,pay:bill,pay:bill]",
        "work[pack:pack, pay:bill]",
        "work[pack:pack,pay:]",
        "work[pack:-,pay:bill]",
        "work[pack:bill,pay:pack]",
        "work[pack:done,pay:done]",
        "work[pack:done,pay:-]",
        "work[pack:pack/{},pay:bill]",
        "work[pack:pack/{label,box},pay:bill]",
        "work[pack:pack/{box,box},pay:bill]",
        "work[pack:pack/{box,tape},pay:bill]",
        "work[pack:pack/1,pay:bill]",
        "work[pack:done,pay:collect]",
        "work[pack:done,pay:collect[remind:done]]",
        "work[pack:done,pay:collect[remind:-]]",
    ],
)
def test_a_partial_or_unknown_configuration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        parse_configuration(text, load(ORDER))
