"""Where the shipped schemas, procedures and examples lie: inside a wheel, or beside the package in a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from procflow.errors import ProcflowError

Kind = Literal["schemas", "procedures", "examples"]

_PACKAGE = Path(__file__).resolve().parent


def shipped(kind: Kind, *, package: Path = _PACKAGE) -> Path:
    """Return the folder of what procflow ships of this kind; it exists, and is for reading only.

    `package` is the folder of the installed package. Raises ProcflowError if the installation is incomplete.
    """
    checkout = package.parent
    # A folder named `examples` beside an installed package is somebody else's: only a checkout has the project file.
    beside: tuple[Path, ...] = (checkout / kind,) if (checkout / "pyproject.toml").is_file() else ()
    for folder in (package / "_shipped" / kind, *beside):
        if folder.is_dir():
            return folder
    raise ProcflowError(
        f"the {kind} that come with procflow are missing beside {package}",
        hint="Install procflow again; it runs from an unpacked wheel or a checkout, not from a zip file.",
    )
