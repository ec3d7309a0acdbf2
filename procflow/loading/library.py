"""A library from its files: procedures, services, agreements, clients and people, told apart by what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from procflow.errors import DirectoryError, Finding, ProcedureInvalid, ProcflowError
from procflow.loading.agreements import read_agreements
from procflow.loading.clients import read_clients
from procflow.loading.files import read_bytes, refused
from procflow.loading.kinds import kind_of
from procflow.loading.people import read_people
from procflow.loading.procedure import read_procedure
from procflow.loading.services import read_services
from procflow.model.library import Library
from procflow.model.procedure import Procedure


def load_library(files: Sequence[str]) -> Library:
    """Return the library in some files. What is of no use in one (calendars, policies, mappings) is passed over.

    Raises ProcedureInvalid or DirectoryError if a file has errors, ProcflowError if one cannot be opened, if two hold the
    same kind of thing of which there is one, or if there is no procedure.
    """
    procedures: dict[str, Procedure] = {}
    beside: dict[str, Any] = {}
    holding: dict[str, str] = {}
    for file in files:
        if Path(file).is_dir():
            raise ProcflowError(f"there is no procedure in {file}", hint="name procedures, or a folder with some")
        content = read_bytes(file)
        kind = kind_of(content.decode("utf-8", "replace"))
        if kind == "procedure":
            found = read_procedure(content, file)
            if found.procedure is None:
                raise refused(ProcedureInvalid, found.findings, file, findings=found.findings)
            known = procedures.get(found.procedure.id)
            if known is None or _from(known) <= _from(found.procedure):
                procedures[found.procedure.id] = found.procedure
            continue
        read = _read(kind, content, file)
        if read is None:
            continue
        value, findings = read
        if value is None:
            raise refused(DirectoryError, findings, file)
        if kind in beside:
            raise ProcflowError(f"{holding[kind]} and {file} both hold {kind}", hint="name the files that are meant")
        beside[kind], holding[kind] = value, file
    if not procedures:
        raise ProcflowError("there is no procedure among the files", hint="name procedures, or a folder with some")
    return Library(procedures=procedures, **beside)


def _from(procedure: Procedure) -> date:
    return procedure.effective_from or date.min


def _read(kind: str, content: bytes, file: str) -> tuple[Any, tuple[Finding, ...]] | None:
    """Return what a file holds (None if it has errors) and its findings; None if it is of no use in a library."""
    match kind:
        case "people":
            who = read_people(content, file)
            return who.people, who.findings
        case "clients":
            whom = read_clients(content, file)
            return whom.clients, whom.findings
        case "agreements":
            agreed = read_agreements(content, file)
            return agreed.agreements, agreed.findings
        case "services":
            given = read_services(content, file)
            return given.services, given.findings
    return None
