"""Where a case stands: a canonical, comparable value with a text form.

    intake                                      one step, nothing of its checklist done
    intake/2                                    the first two items of its checklist done
    intake/{ask,thank}                          these items of an any-order checklist done
    investigate[technical:technical,legal:-]    a block: its branches in order; `-` was not needed
    investigate[technical:done,legal:opinion]   `done` has ended
    draft+{give-opinion}                        this action was done early, and is not asked for when its turn comes
    order<diagnose                              offered by who worked in `diagnose`, and not accepted yet
    order<                                      offered, and nobody can refuse it

A block always names all its branches: a partial configuration is refused, never guessed at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

BRANCH_DONE = "done"
NOT_NEEDED = "-"
OFFERED = "<"


def step_of(place: str) -> str:
    """Return the step of a place: without the position in its checklist, and without who offers it."""
    step = place.partition("/")[0]
    return step.partition(OFFERED)[0] if OFFERED in step else step


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of one region: a place in it and, if the place is a block, the state of each branch."""

    place: str
    """The step, with the checklist position: `intake`, `intake/2`, `intake/{ask,thank}`; work on offer as
    `intake<triage`; `done` or `-` for a branch at rest."""
    branches: tuple[tuple[str, Standing], ...] = ()
    """(branch id, its state) in document order; empty unless the place is a block."""
    early: tuple[str, ...] = ()
    """Actions done before they are due, sorted. Of the whole configuration: empty in a branch."""
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Searches ask for it far more often than configurations are made, and it goes through all branches.
        object.__setattr__(self, "_hash", hash((self.place, self.branches, self.early)))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[type[Standing], tuple[str, tuple[tuple[str, Standing], ...], tuple[str, ...]]]:
        # Texts hash differently in another process.
        return Standing, (self.place, self.branches, self.early)

    @property
    def step(self) -> str:
        """The step id without the checklist position, and without who offers it."""
        return step_of(self.place)

    @property
    def on_offer(self) -> bool:
        """True if the work came here from other people, and nobody has accepted it."""
        return OFFERED in self.place

    @property
    def at_rest(self) -> bool:
        """True for a branch that has ended or was not needed."""
        return self.place in (BRANCH_DONE, NOT_NEEDED)

    def __str__(self) -> str:
        inside = f"[{','.join(f'{name}:{state}' for name, state in self.branches)}]" if self.branches else ""
        early = f"+{{{','.join(self.early)}}}" if self.early else ""
        return f"{self.place}{inside}{early}"

    def offered_steps(self) -> Iterator[str]:
        """The steps whose work is on offer, in document order."""
        if self.on_offer:
            yield self.step
        for _, state in self.branches:
            yield from state.offered_steps()

    def active_steps(self) -> Iterator[str]:
        """The steps that are active, outermost first, in document order; blocks included."""
        if not self.at_rest:
            yield self.step
        for _, state in self.branches:
            yield from state.active_steps()


Configuration = Standing
"""A configuration is the standing of the top-level region."""
