"""The versions of a procedure an auditor has at hand, and which one judges a case."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from procflow.errors import ProcedureInvalid, ProcflowError
from procflow.loading.procedure import load_procedure
from procflow.model.event import Trace
from procflow.model.procedure import Procedure, beginning

_IS_PROCEDURE = re.compile(r"^procedure\s*:", re.MULTILINE)


def load_versions(path: str | Path, *, several: bool = False) -> tuple[Procedure, ...]:
    """Return the procedure in a file, or all versions of one procedure in a folder, the oldest first.

    There may be `several` procedures, if the log says which one each case runs by: then each has its versions in a row.

    Other YAML files in the folder are passed over, and so are copies of a version that differ from it in layout or
    comments only. Raises ProcedureInvalid if a file has errors, if the folder holds no procedure, or if it holds
    several.
    """
    path = Path(path)
    if not path.is_dir():
        return (load_procedure(path),)
    versions = [load_procedure(file) for file in _procedures(path)]
    names = sorted({one.id for one in versions})
    if not names or (len(names) > 1 and not several):
        what = f"several procedures ({', '.join(names)})" if names else "no procedure"
        raise ProcedureInvalid(
            f"{path} holds {what}", findings=(), code="PF001", hint="name a file, or a folder with versions of one"
        )
    distinct: dict[str, Procedure] = {}
    for one in versions:
        distinct.setdefault(one.digest, one)
    return tuple(sorted(distinct.values(), key=lambda one: (one.id, _begins(one))))


def version_for(trace: Trace, opened: datetime | None, versions: Sequence[Procedure]) -> tuple[Procedure, str | None]:
    """Return the version that judges a case, and the digest it was recorded under if that version is not at hand.

    An engine writes the digest on every event, and another tool may write the number of the version. A case of a
    foreign log that names none is judged by the version effective when it opened; before the first one is effective,
    by the first.
    """
    recorded = next((event.definition for event in trace.events if event.definition is not None), None)
    for version in versions:
        if recorded in (version.digest, version.version):
            return version, None
    if len({one.id for one in versions}) > 1:
        raise ProcedureInvalid(
            f"case {trace.case} does not say by which of several procedures it runs",
            findings=(),
            code="PF001",
            hint="give the file of one procedure, or a log that procflow recorded, with all versions it names",
        )
    at = opened or trace.events[0].occurred_at
    effective = [version for version in versions if _begins(version) <= at]
    return (effective[-1] if effective else versions[0]), recorded


def _begins(version: Procedure) -> datetime:
    if version.effective_from is None:
        return datetime.min.replace(tzinfo=UTC)
    return beginning(version.effective_from)


def _procedures(folder: Path) -> Iterator[Path]:
    for file in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        try:
            text = file.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise ProcflowError(f"cannot read {file}: {error.strerror}", code="PF001") from error
        if _IS_PROCEDURE.search(text):
            yield file
