"""The engine: commands -> judge -> store, in one transaction. `Engine` is the door; the rest are the values it returns."""

from procflow.engine.cases import Case, Option, Published, WorkItem
from procflow.engine.engine import Engine, utc_now

__all__ = ["Case", "Engine", "Option", "Published", "WorkItem", "utc_now"]
