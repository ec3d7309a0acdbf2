"""Which versions of a procedure there are: what may be published, and which one a new case runs by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from procflow.engine.calendars import House
from procflow.engine.cases import Published
from procflow.errors import Finding, ProcedureInvalid, ProcedureNotFound, ProcflowError, errors_of
from procflow.lint import lint
from procflow.lint.publication import publication_findings
from procflow.loading.calendars_found import named_calendars
from procflow.loading.procedure import read_procedure
from procflow.model.ignores import sift
from procflow.model.policies import Policies, check_ids
from procflow.model.procedure import Procedure, beginning
from procflow.model.rules import finding
from procflow.stores.base import Definition, Store


def load(path: Path, today: date) -> tuple[Procedure, str, tuple[Finding, ...]]:
    """Return the procedure of a file that may be published, its text, and warnings.

    Raises ProcedureInvalid, with all findings, if it has errors, is not sound, or the publication rules forbid it.
    """
    try:
        text = path.read_bytes()
    except OSError as error:
        raise ProcflowError(f"cannot read {path}: {error.strerror}", code="PF000") from error
    loaded = read_procedure(text, str(path))
    findings = loaded.findings
    if loaded.procedure is not None:
        findings = (*findings, *lint(loaded.procedure), *publication_findings(loaded.procedure, today))
    findings = sift(findings, loaded.ignores, complete=loaded.procedure is not None).findings
    errors = errors_of(findings)
    if loaded.procedure is None or errors:
        raise ProcedureInvalid(f"{path} may not be published", findings=findings, code=errors[0].code)
    return loaded.procedure, loaded.source, findings


def publish(store: Store, path: Path, now: datetime, house: House, policies: Policies | None = None) -> Published:
    """Publish the procedure in a file at `now`, and put the calendars in force that it names, as they are now."""
    procedure, source, warnings = load(path, now.date())
    if policies is not None:
        check_ids(policies, [procedure])
    calendars = house.of(procedure, path)
    with store.write() as transaction:
        known = transaction.definition(procedure.digest)
        if known is None:
            check_new(procedure, transaction.definitions(procedure.id))
            transaction.add_definition(definition_of(procedure, source, path, now))
        if named_calendars(procedure):
            transaction.put_in_force(procedure.digest, house.keep(transaction, calendars))
    return Published(
        procedure=procedure.id,
        version=procedure.version,
        digest=procedure.digest,
        new=known is None,
        findings=warnings,
    )


def check_new(procedure: Procedure, published: Sequence[Definition]) -> None:
    """Raise ProcedureInvalid if another content was published under this version."""
    for other in published:
        if other.version == procedure.version and other.digest != procedure.digest:
            found = finding(
                "PF801",
                f"version {procedure.version} of {procedure.id} was published before with other content",
                where=procedure.where,
                hint="give the changed procedure a new version",
            )
            raise ProcedureInvalid(found.message, findings=[found], code="PF801", hint=found.hint)


def definition_of(procedure: Procedure, source: str, path: Path, now: datetime) -> Definition:
    """Return the row under which a version is kept."""
    return Definition(
        procedure=procedure.id,
        version=procedure.version,
        digest=procedure.digest,
        effective_from=procedure.effective_from,
        published_at=now,
        file=str(path),
        source=source,
    )


def effective(procedure: str, published: Sequence[Definition], now: datetime) -> Definition:
    """Return the version that a case opened at `now` runs by: of those effective, the one effective last.

    A version without `effective` counts from its publication; days begin at 00:00 UTC; of two that begin at the same
    moment the one published later wins. Raises ProcedureNotFound.
    """
    if not published:
        raise ProcedureNotFound(f"no procedure “{procedure}” is published here", hint="publish it first")
    begun = [(_begins(one), index) for index, one in enumerate(published) if _begins(one) <= now]
    if not begun:
        soonest = min(_begins(one) for one in published)
        raise ProcedureNotFound(
            f"no version of “{procedure}” is effective yet; the first one is from {soonest:%Y-%m-%d}",
            hint="wait until then, or publish a version with an earlier `effective`",
        )
    return published[max(begun)[1]]


def reload(definition: Definition) -> Procedure:
    """Return the procedure of a row, as it was when it was published."""
    procedure = read_procedure(definition.source, definition.file).procedure
    if procedure is None or procedure.digest != definition.digest:
        raise ProcedureNotFound(
            f"version {definition.version} of {definition.procedure} in the store does not read as it was published",
            hint="it was written by another version of procflow, or altered",
        )
    return procedure


def _begins(definition: Definition) -> datetime:
    if definition.effective_from is None:
        return definition.published_at
    return beginning(definition.effective_from)
