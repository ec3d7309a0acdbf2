"""Evidence: proofs that must be attached to the event itself."""

from __future__ import annotations

from collections.abc import Iterator

from procflow.expressions.types import Raw
from procflow.monitors.moment import Judged, Moment, NotExamined


def judge(moment: Moment) -> Iterator[Judged]:
    """Yield the proofs that are missing."""
    if moment.move is None or not moment.move.evidence or not moment.attributed:
        return
    missing = [name for name in moment.move.evidence if not shows(moment.event.evidence.get(name))]
    if not moment.witness.evidence:
        yield from (NotExamined("evidence") for _ in missing)
        return
    for name in missing:
        yield moment.deviation(
            "DV303",
            f"“{moment.name}” was done without the proof “{name}”",
            values={"attached": ", ".join(moment.event.evidence) or "nothing"},
            remedy=f"attach “{name}”: a file with its digest, a link, a number or the id of a message",
        )


def shows(proof: Raw) -> bool:
    """Return True if something is there that one could look up. That it is a proof, nobody can say from here."""
    match proof:
        case None | bool():
            return False
        case str():
            return bool(proof.strip())
        case list():
            return any(map(shows, proof))
        case dict():
            return any(map(shows, proof.values()))
    return True
