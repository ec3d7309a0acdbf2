"""Thanks: who thanked whom, and for what. Recorded and told, never a condition of anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from procflow.auditor.fairness.visits import Visit
from procflow.model.event import Event, Kind, Lifecycle
from procflow.model.fairness_report import Summary, Thanks
from procflow.model.hand_off import THANKED
from procflow.model.procedure import Procedure
from procflow.passages import Passage


def thanks(passages: Sequence[Passage], procedure: Procedure) -> Iterator[Thanks]:
    """Yield the thanks of one case: to whom the record names, else to who did the last step."""
    ways = {one.id for one in procedure.anytime.values() if one.thanks}
    if not ways:
        return
    last: tuple[str, str] | None = None
    steps: dict[str, str] = {}
    for one in passages:
        event = one.event
        if event is None or event.kind is not Kind.ACTION or event.lifecycle is not Lifecycle.COMPLETE:
            continue
        if event.action in ways:
            named = _named(event)
            whom = named or (last[0] if last is not None else None)
            yield Thanks(
                case=event.case,
                seq=event.seq,
                at=event.occurred_at,
                who=event.on_behalf_of or event.actor,
                whom=whom,
                step=steps.get(whom) if whom is not None else None,
            )
        elif event.actor is not None and one.move is not None and one.move.step is not None:
            last = event.actor, one.move.step.id
            steps[event.actor] = one.move.step.id


def _named(event: Event) -> str | None:
    given = event.data.get(THANKED)
    return given.strip() or None if isinstance(given, str) else None


def summaries(given: Iterable[Thanks], visits: Iterable[Visit]) -> tuple[Summary, ...]:
    """Return what those who were thanked did, by id."""
    thanked = Counter(one.whom for one in given if one.whom is not None)
    done = Counter(one.finisher for one in visits if one.finisher is not None)
    return tuple(
        Summary(person=person, completions=done[person], thanked=count) for person, count in sorted(thanked.items())
    )
