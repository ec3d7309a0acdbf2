"""The story of George and the ten people who wait for each other, in every way in which it can be told.

Each of the ten can do their part well or badly, whatever the others do; `told` puts such a story together. The two logs
of `examples/george` are the one in which all do it badly and the one in which all do it well.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

FAILURES: Mapping[str, tuple[str, str | None]] = {
    "owner": ("DV601", "andrei"),
    "vague": ("DV605", "cristian"),
    "risk": ("DV613", "felicia"),
    "circle": ("DV606", "adrian"),
    "papers": ("DV614", "maria"),
    "silent": ("DV602", None),
    "requisition": ("DV603", "cristian"),
    "form": ("DV604", "luiza"),
    "withheld": ("DV608", "mihai"),
    "update": ("DV409", None),
}
"""What may be done badly -> the one finding it makes, and who did not do their part; None where nobody was named."""

ROLES = {
    "andrei": "agent",
    "adrian": "coordinator",
    "cristian": "engineer",
    "felicia": "operations",
    "maria": "sales",
    "alina": "project-manager",
    "dan": "deputy",
    "catalin": "buyer",
    "luiza": "warehouse",
    "mihai": "specialist",
    "george": "client",
}
COLUMNS = ("case", "n", "time", "who", "as", "for", "does", "why", "data", "proofs", "client")
CASE = "george-1"


class Told(NamedTuple):
    """One line of the story."""

    time: str
    who: str
    does: str
    data: Mapping[str, Any] = {}
    proofs: Mapping[str, str] = {}
    why: str = ""
    on_behalf_of: str = ""


PART = {"part_number": "HC-220-B", "quantity": 1}
REQUEST = {"purchase-request": "PR-1142"}
NOTE = {"delivery-note": "DN-77310"}


def told(badly: Collection[str] = ()) -> Iterator[Told]:
    """Yield the story in which those named in `badly` did not do their part."""
    bad = frozenset(badly)
    assert bad <= FAILURES.keys()
    yield Told("2026-10-05 09:00", "andrei", "opens")
    if "owner" not in bad:
        yield Told("2026-10-05 09:05", "adrian", "take-case")
    risk = {"risk": "The controller does not fit the old valves", "known_since": "2026-09-21T10:00:00+03:00"}
    if "risk" not in bad:
        yield Told("2026-10-05 09:10", "felicia", "warn-of-risk", risk)
    yield Told("2026-10-05 09:20", "andrei", "take-in", {"what_is_wrong": "The heating control does not start"})
    yield Told("2026-10-05 10:00", "cristian", "accept-hand-off")
    if "vague" in bad:
        yield Told("2026-10-06 10:00", "cristian", "ask")
    else:
        readings = "Which readings does the site have since Friday?"
        yield Told("2026-10-06 10:00", "cristian", "ask", {"asked_whom": "operations", "question": readings})
    yield Told("2026-10-06 11:00", "andrei", "ask", {"asked_whom": "maria", "question": "What was promised to George?"})
    if "papers" in bad:
        yield Told(
            "2026-10-06 14:00", "maria", "show-document", proofs={"contract": "https://files.example/george.pdf"}
        )
    if "vague" not in bad:
        yield Told("2026-10-06 15:00", "felicia", "answer", why="None: the meter is off, too")
    yield Told(
        "2026-10-06 16:30", "maria", "answer", why="A control that fits his valves, and a visit within three weeks"
    )
    version = "Which version runs on the site?"
    yield Told("2026-10-07 09:30", "cristian", "ask", {"asked_whom": "felicia", "question": version})
    cover = "Does the service contract cover a new version?"
    yield Told("2026-10-07 10:00", "felicia", "ask", {"asked_whom": "coordinator", "question": cover})
    if "circle" in bad:
        help = "Technical support: does it need one?"
        yield Told("2026-10-07 11:00", "adrian", "ask", {"asked_whom": "engineer", "question": help})
    yield Told("2026-10-07 12:00", "andrei", "update", why="An engineer looks for the fault; more on Friday")
    if "circle" in bad:
        yield Told("2026-10-08 10:00", "cristian", "answer", why="I cannot say before I know which version runs")
    yield Told("2026-10-08 11:00", "adrian", "answer", why="It does")
    yield Told("2026-10-08 12:00", "felicia", "answer", why="4.1")
    if "risk" in bad:
        yield Told("2026-10-08 13:00", "felicia", "warn-of-risk", risk)
    behind = "Can 4.1 drive the old valves?"
    yield Told("2026-10-08 14:00", "cristian", "ask", {"asked_whom": "mihai", "question": behind})
    if "withheld" not in bad:
        yield Told("2026-10-09 10:00", "mihai", "answer", why="Only with the adapter HC-220-B")
    fault = {"fault": "The output stage does not fit the valves"}
    if "requisition" in bad:
        yield Told("2026-10-09 10:30", "cristian", "ask-for-part", fault)
        yield Told(
            "2026-10-09 11:00", "catalin", "refuse-hand-off", {"refused_for": "missing"}, why="No purchase request"
        )
        yield Told("2026-10-09 11:30", "cristian", "ask-for-part", fault, REQUEST)
    else:
        yield Told("2026-10-09 10:30", "cristian", "ask-for-part", fault, REQUEST)
    yield Told("2026-10-09 12:00", "catalin", "accept-hand-off")
    yield Told("2026-10-09 12:30", "andrei", "update", why="The part is being ordered; more on Tuesday")
    yield Told("2026-10-12 10:00", "george", "chase")
    yield Told("2026-10-12 14:00", "catalin", "place-order", PART)
    if "form" in bad:
        yield Told(
            "2026-10-12 15:30", "luiza", "refuse-hand-off", {"refused_for": "form"}, why="Not on the form we use"
        )
        yield Told("2026-10-12 16:00", "catalin", "place-order", PART)
    yield Told("2026-10-12 16:30", "luiza", "accept-hand-off")
    if "update" not in bad:
        yield Told("2026-10-13 12:00", "andrei", "update", why="The part comes from our own depot; more on Thursday")
    yield Told("2026-10-14 10:00", "luiza", "hand-out", proofs=NOTE)
    if "silent" not in bad:
        yield Told("2026-10-14 12:00", "alina", "accept-hand-off")
    else:
        yield Told("2026-10-15 11:00", "dan", "accept-hand-off")
    yield Told("2026-10-15 11:30", "george", "chase")
    yield Told("2026-10-15 12:00", "andrei", "update", why="The part is here; the date for the visit comes today")
    planner = "dan" if "silent" in bad else "alina"
    yield Told("2026-10-15 15:00", planner, "fix-date", {"visit_on": "2026-10-19"})
    yield Told("2026-10-15 16:00", "cristian", "accept-hand-off")
    yield Told("2026-10-16 12:00", "andrei", "update", why="Cristian comes on Monday at ten")
    yield Told("2026-10-19 11:00", "cristian", "repair", proofs={"service-sheet": "SS-2041"})
    yield Told("2026-10-19 11:30", "george", "thank-you", {"thanked": "cristian"}, why="Thank you, Cristian")
    yield Told("2026-10-20 10:00", "george", "confirm-it-works")


def table(stories: Mapping[str, Iterable[Told]]) -> str:
    """Return stories, each a case by its id, as a table like those of `examples/george`."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for case, story in stories.items():
        for number, one in enumerate(story, start=1):
            data, proofs = (
                json.dumps(dict(each), ensure_ascii=False) if each else "" for each in (one.data, one.proofs)
            )
            given = (one.on_behalf_of, one.does, one.why, data, proofs)
            rows.writerow((case, number, one.time, one.who, ROLES[one.who], *given, "george"))
    return out.getvalue()
