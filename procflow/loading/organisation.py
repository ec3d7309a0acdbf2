"""The files of a workspace that say who is who: `people.yaml`, `clients.yaml`, `agreements.yaml`, as far as they lie there."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from procflow.errors import DirectoryError
from procflow.loading.agreements import agreement_findings, client_findings, load_agreements
from procflow.loading.clients import load_clients
from procflow.loading.files import folders_for, refused
from procflow.loading.people import load_people
from procflow.model.agreements import Agreements
from procflow.model.clients import Clients
from procflow.model.organisation import Organisation, People

PEOPLE, CLIENTS, AGREEMENTS = "people.yaml", "clients.yaml", "agreements.yaml"


def load_organisation(folder: str | Path) -> Organisation:
    """Return what the files of a folder say, held together; what does not lie there is empty.

    Raises DirectoryError if a file has errors, or if one names a client or a tier that the other does not have.
    """
    people, clients, agreements = (Path(folder) / name for name in (PEOPLE, CLIENTS, AGREEMENTS))
    found = Organisation(
        people=load_people(people) if people.is_file() else People(),
        clients=load_clients(clients) if clients.is_file() else Clients(),
        agreements=load_agreements(agreements) if agreements.is_file() else Agreements(),
    )
    if clients.is_file() and agreements.is_file():
        for file, said in (
            (clients, client_findings(found.clients, found.agreements)),
            (agreements, agreement_findings(found.agreements, found.clients)),
        ):
            if said:
                raise refused(DirectoryError, said, file)
    return found


def agreements_for(procedure: str | PathLike[str], workspace: str | PathLike[str] | None = None) -> Agreements:
    """Return the agreements that hold for the procedure in a file: those that lie nearest, found as calendars are.

    Without any they are empty. Raises DirectoryError if the file has errors.
    """
    for folder in folders_for(Path(procedure), None if workspace is None else Path(workspace)):
        if (folder / AGREEMENTS).is_file():
            return load_agreements(folder / AGREEMENTS)
    return Agreements()
