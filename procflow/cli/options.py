"""What several commands take: `--json`, the store, people, and `NAME=VALUE`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from procflow.cli.typed import json_or_text
from procflow.errors import CaseNotFound, StoreError
from procflow.expressions.types import Raw

if TYPE_CHECKING:
    from procflow.engine import Engine

Command = TypeVar("Command", bound=Callable[..., Any])

as_json = click.option("--json", is_flag=True, help="Write JSON for programs.")

PEOPLE = "people.yaml"
POLICIES = "policies.yaml"
_OF_A_WORKSPACE = (PEOPLE, POLICIES, "clients.yaml", "agreements.yaml")
_STORE = "sqlite:///procflow.db"
_ULID = 26
"""Length of a case id."""


def store_options(command: Command) -> Command:
    """Add `--store` and `--workspace`."""
    store = click.option(
        "--store",
        metavar="URL",
        envvar="PROCFLOW_STORE",
        default=_STORE,
        show_default=True,
        show_envvar=True,
        help="Where cases are kept.",
    )
    workspace = click.option(
        "--workspace",
        metavar="DIR",
        envvar="PROCFLOW_WORKSPACE",
        show_envvar=True,
        help="Folder of people.yaml (who is who), clients.yaml, agreements.yaml, policies.yaml (what holds besides) and"
        " calendars/; this folder, if one of them lies here.",
    )
    return store(workspace(command))


@contextmanager
def opened(store: str, workspace: str | None, *, make: bool = False) -> Iterator[Engine]:
    """Yield an engine on the store. Raises StoreError if there is none yet, unless `make`: looking makes no file."""
    file = _file_of(store)
    if not make and file is not None and not file.exists():
        raise StoreError(
            f"there is no store at {file}",
            hint="Publish a procedure first, or name the store with --store or PROCFLOW_STORE.",
        )
    from procflow.engine import Engine

    engine = Engine.open(store, workspace=workspace if workspace is not None else _here())
    try:
        yield engine
    finally:
        engine.close_store()


def _here() -> Path | None:
    """Return the folder we are in if it is a workspace: if what belongs into one lies in it."""
    files = any(Path(name).is_file() for name in _OF_A_WORKSPACE)
    return Path() if files or Path("calendars").is_dir() else None


def _file_of(store: str) -> Path | None:
    prefix = "sqlite:///"
    return Path(store.removeprefix(prefix)) if store.startswith(prefix) and len(store) > len(prefix) else None


def find_case(engine: Engine, given: str) -> str:
    """Return the id of the case whose id begins or ends with what was given. Raises CaseNotFound unless there is one."""
    wanted = given.upper()
    if len(wanted) >= _ULID:
        return wanted if len(wanted) == _ULID else given
    ids = engine.cases()
    if given in ids:
        return given
    matching = [one for one in ids if one.startswith(wanted) or one.endswith(wanted)] if wanted else []
    if len(matching) == 1:
        return matching[0]
    if not matching:
        raise CaseNotFound(f"there is no case “{given}” in this store", hint="`procflow worklist` lists what is open.")
    some = ", ".join(matching[:3]) + (", ..." if len(matching) > 3 else "")
    raise CaseNotFound(f"“{given}” fits {len(matching)} cases: {some}", hint="Give more of the id.")


def pairs(_: click.Context, option: click.Parameter, given: Sequence[str]) -> dict[str, str]:
    """Read `NAME=VALUE` words; what each value is, the procedure tells."""
    return dict(_split(given, option))


def proofs(_: click.Context, option: click.Parameter, given: Sequence[str]) -> dict[str, Raw]:
    """Read `NAME=LINK` words; a JSON object gives link, digest and name of a file."""
    return {name: json_or_text(text) if text.startswith("{") else text for name, text in _split(given, option)}


def _split(given: Sequence[str], option: click.Parameter) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for word in given:
        name, sign, text = word.partition("=")
        if not sign or not name.strip():
            raise click.BadParameter(f"{word!r} is not of the form NAME=VALUE.", param=option)
        if name in seen:
            raise click.BadParameter(f"{name!r} is given twice.", param=option)
        seen.add(name)
        yield name.strip(), text


def moment(_: click.Context, option: click.Parameter, given: str | None) -> datetime | None:
    """Read a moment in ISO 8601; without an offset it is in UTC, and a day alone means its end."""
    if given is None:
        return None
    try:
        if len(given) == len("2026-11-22"):
            return datetime.combine(date.fromisoformat(given) + timedelta(days=1), time(), UTC) - timedelta(
                microseconds=1
            )
        at = datetime.fromisoformat(given)
    except (ValueError, OverflowError):
        raise click.BadParameter(
            f"{given!r} is no moment: write 2026-11-22 or 2026-11-22T17:00+01:00.", param=option
        ) from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def by_option(*, required: bool = True) -> Callable[[Command], Command]:
    """Add `--by` and `--role`."""

    def add(command: Command) -> Command:
        by = click.option("--by", metavar="PERSON", required=required, help="Who it is.")
        role = click.option(
            "--role",
            "roles",
            metavar="ROLE",
            multiple=True,
            help="A role they hold, instead of what people.yaml says; repeat it.",
        )
        return by(role(command))

    return add


def log_time_options(command: Command) -> Command:
    """Add `--calendars` and `--as-of` of a log as a whole."""
    command = click.option(
        "--as-of",
        metavar="MOMENT",
        callback=moment,
        help="Leave out what came later: 2026-11-22 (the end of that day, UTC) or 2026-11-22T17:00+01:00.",
    )(command)
    return click.option(
        "--calendars",
        metavar="DIR",
        help="A folder of calendars, or the file an export put beside its log; those beside the procedure otherwise.",
    )(command)


def key_option(command: Command) -> Command:
    """Add `--key`."""
    return click.option(
        "--key",
        metavar="TEXT",
        help="What this request is called, so that it is carried out once however often it is sent.",
    )(command)


def proofs_option(command: Command) -> Command:
    """Add `--evidence NAME=LINK`."""
    return click.option(
        "--evidence",
        metavar="NAME=LINK",
        multiple=True,
        callback=proofs,
        help="A proof: a link, number or message id, or JSON with link, sha256 and name; repeat it for more.",
    )(command)


def data_option(command: Command) -> Command:
    """Add `--data NAME=VALUE`, also several values after one another."""
    return click.option(
        "--data",
        metavar="NAME=VALUE",
        multiple=True,
        callback=pairs,
        help="A value to record, as its field is declared: text, 300, yes, 2026-12-01, `2 days`; repeat it for more.",
    )(command)
