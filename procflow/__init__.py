"""procflow: one YAML file that documents a service procedure, runs it, and audits any record of it.

What stands in `__all__` is the public face; every name is fetched from its room on first use, so that
`import procflow` stays as cheap as this file.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from procflow.auditor import audit
    from procflow.engine import Engine
    from procflow.errors import (
        CaseNotFound,
        DirectoryError,
        EventLogError,
        ExpressionError,
        Finding,
        ProcedureInvalid,
        ProcedureNotFound,
        ProcflowError,
        Severity,
        SourceSpan,
        StaleCase,
        StoreError,
    )
    from procflow.expressions.types import FileRef
    from procflow.loading import load_procedure
    from procflow.model.deviation import Deviation
    from procflow.model.event import Event
    from procflow.model.organisation import Actor, Directory
    from procflow.model.procedure import Procedure
    from procflow.model.report import AuditReport, CaseAudit
    from procflow.model.verdict import StepRefused, Verdict

    __version__: str

__all__ = [
    "Actor",
    "AuditReport",
    "CaseAudit",
    "CaseNotFound",
    "Deviation",
    "Directory",
    "DirectoryError",
    "Engine",
    "Event",
    "EventLogError",
    "ExpressionError",
    "FileRef",
    "Finding",
    "Procedure",
    "ProcedureInvalid",
    "ProcedureNotFound",
    "ProcflowError",
    "Severity",
    "SourceSpan",
    "StaleCase",
    "StepRefused",
    "StoreError",
    "Verdict",
    "__version__",
    "audit",
    "load_procedure",
]

_ROOMS = MappingProxyType(
    {
        "Actor": "procflow.model.organisation",
        "AuditReport": "procflow.model.report",
        "CaseAudit": "procflow.model.report",
        "Deviation": "procflow.model.deviation",
        "Directory": "procflow.model.organisation",
        "Engine": "procflow.engine",
        "Event": "procflow.model.event",
        "FileRef": "procflow.expressions.types",
        "Procedure": "procflow.model.procedure",
        "StepRefused": "procflow.model.verdict",
        "Verdict": "procflow.model.verdict",
        "audit": "procflow.auditor",
        "load_procedure": "procflow.loading",
    }
)
"""The module a public name lives in; `procflow.errors` for the rest."""

# Hidden from type checkers: a module `__getattr__` would make every misspelt name look right to them.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Fetch a public name from the room that owns it (PEP 562)."""
        from importlib import import_module

        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        if name == "__version__":
            return _version()
        return getattr(import_module(_ROOMS.get(name, "procflow.errors")), name)

    def __dir__() -> list[str]:
        """List the public names, also those not fetched yet."""
        return sorted({*globals(), *__all__})


def _version() -> str:
    """Return the installed version; `0+unknown` in a checkout that was never installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("procflow")
    except PackageNotFoundError:
        return "0+unknown"
