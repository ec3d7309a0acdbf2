"""Who acts: `--by` and `--role`, held against people.yaml and against what is published.

A mistyped name would hold no role and see an empty worklist, and nobody would know why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from procflow.cli.options import PEOPLE
from procflow.cli.terminal import tell
from procflow.cli.typed import on_the_command_line
from procflow.errors import ProcflowError
from procflow.expressions.types import Raw
from procflow.expressions.values import closest

if TYPE_CHECKING:
    from procflow.engine import Engine
    from procflow.model.organisation import Actor
    from procflow.model.procedure import Procedure

_PEOPLE_OF_A_HINT = 8


def who(engine: Engine, by: str | None, roles: Sequence[str], procedure: Procedure | None = None) -> Actor | str:
    """Return who acts: by name alone as people.yaml knows them, or with the roles given here.

    `procedure` is the one that is asked first whether it knows a role. Raises BadParameter for a role that no published
    procedure knows, and for somebody without a role whom people.yaml does not list.
    """
    _check_roles(engine, roles, procedure)
    if by is not None:
        _check_person(engine, by, roles)
        if not roles:
            return by
    from procflow.model.organisation import Actor

    return Actor(by or "", roles=roles)


def tell_unread(engine: Engine, by: str | None, roles: Sequence[str]) -> None:
    """Say that nothing tells which roles somebody holds: without a word of it, an empty answer looks like the truth."""
    if by is not None and not roles and not _read(engine):
        tell(f"note: {by} holds no role here: no {PEOPLE} was read; give --workspace FOLDER, or --role ROLE")


def data_of(procedure: Procedure, given: Mapping[str, str]) -> dict[str, Raw]:
    """Return the values of `--data` as the procedure declares their fields."""
    return on_the_command_line(procedure.field_types, given, datetime.now(UTC))


def _read(engine: Engine) -> bool:
    from procflow.model.organisation import NOBODY

    return engine.directory is not NOBODY


def _check_person(engine: Engine, by: str, roles: Sequence[str]) -> None:
    from procflow.model.organisation import Organisation, People

    directory = engine.directory
    if isinstance(directory, Organisation):
        directory = directory.people
    if not isinstance(directory, People) or not _read(engine) or directory.knows(by):
        return
    close = closest(by, directory.people)
    guess = f"did you mean {close}?" if close is not None else f"it lists {_some(directory.people) or 'nobody'}."
    if roles:
        tell(f"note: {PEOPLE} does not list {by!r}; {guess}")
        return
    hint = f"D{guess[1:]}" if close is not None else f"I{guess[1:]}"
    raise click.BadParameter(
        f"{PEOPLE} does not list {by!r}. {hint} Or say what they hold with --role.", param_hint="--by"
    )


def _check_roles(engine: Engine, roles: Sequence[str], procedure: Procedure | None) -> None:
    if not roles:
        return
    unknown, known = dict.fromkeys(roles), dict[str, None]()
    for one in _procedures(engine, procedure):
        known |= dict.fromkeys(one.roles)
        unknown = {role: None for role in unknown if role not in one.roles}
        if not unknown:
            return
    for role in unknown if known else ():
        close = closest(role, known)
        hint = f"Did you mean {close!r}?" if close is not None else f"There are {_some(known)}."
        raise click.BadParameter(f"no published procedure has a role {role!r}. {hint}", param_hint="--role")


def _procedures(engine: Engine, first: Procedure | None) -> Iterator[Procedure]:
    """Yield the one that is asked first, then the others in force; one that cannot be read, or not yet, knows nothing."""
    if first is not None:
        yield first
    for name in engine.published():
        if first is None or name != first.id:
            try:
                yield engine.procedure(name)
            except ProcflowError:
                continue


def _some(names: Iterable[str]) -> str:
    every = list(names)
    more = f" and {len(every) - _PEOPLE_OF_A_HINT} more" if len(every) > _PEOPLE_OF_A_HINT else ""
    return ", ".join(every[:_PEOPLE_OF_A_HINT]) + more
