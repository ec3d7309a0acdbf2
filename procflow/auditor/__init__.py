"""The auditor: logs in, one report out. `audit` is the door."""

from procflow.auditor.auditing import audit, audit_reading
from procflow.auditor.versions import load_versions

__all__ = ["audit", "audit_reading", "load_versions"]
