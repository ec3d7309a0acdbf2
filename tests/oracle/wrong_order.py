"""Wrong order: an action that was skipped here and done there is one finding, told where it was done."""

from __future__ import annotations

from collections.abc import Sequence

from tests.oracle.plain import Finding, PlainEvent

MOST_UNPAIRED = 4
"""Only so many skipped or unexpected actions, the last ones, may still find a partner."""


def paired(story: Sequence[Finding], trace: Sequence[PlainEvent], overrides: Sequence[int]) -> list[Finding]:
    """Return the findings of a story, told in the order of events, with each pair as one: each with the latest partner.

    `overrides`: the events that put the case elsewhere. Nothing that was said before one is unsaid after it.
    """
    told: list[Finding] = []
    alone: list[Finding] = []
    for one in story:
        code, seq, _, action = one
        told.append(one)
        if code == "DV102":
            assert seq is not None
            if trace[seq - 1].get("lifecycle") == "start" or trace[seq - 1]["kind"] != "action":
                continue
        elif code != "DV101":
            continue
        alone = [other for other in alone if not any((other[1] or 0) < at < (seq or 0) for at in overrides)]
        for other in reversed(alone):
            if other[0] != code and other[3] == action:
                done, due = (one, other) if code == "DV102" else (other, one)
                told.remove(one)
                told.remove(other)
                alone.remove(other)
                told.append(("DV103", done[1], due[2], action))
                break
        else:
            alone = [*alone, one][-MOST_UNPAIRED:]
    return told
