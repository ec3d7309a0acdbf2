"""Where definitions, cases and events are kept, and the one door to them: `open_store`."""

from __future__ import annotations

from procflow.errors import StoreError
from procflow.stores.base import Store

_SUPPORTED = "Give memory://, sqlite:///relative.db or sqlite:////absolute/path.db."


def open_store(url: str) -> Store:
    """Open the store at `url`, preparing a SQLite file that is new.

    `memory://` lives as long as the object; `sqlite:///service.db` is relative to the working directory of this
    moment, `sqlite:////srv/service.db` absolute. Raises StoreError for anything else, and if it cannot be opened.
    """
    scheme, sign, rest = url.partition("://")
    match scheme if sign else "":
        case "memory" if not rest:
            from procflow.stores.memory import MemoryStore

            return MemoryStore()
        case "sqlite":
            return _open_sqlite(url, rest)
        case "postgresql" | "postgres":
            raise StoreError("postgresql:// is not supported yet.", hint=_SUPPORTED)
        case _:
            raise StoreError(f"{url!r} does not name a kind of store.", hint=_SUPPORTED)


def _open_sqlite(url: str, rest: str) -> Store:
    path = rest.removeprefix("/")
    if not rest.startswith("/") or not path or "?" in path:
        raise StoreError(f"{url!r} does not name a file.", hint=_SUPPORTED)
    if path == ":memory:":
        # Each thread has its own connection, and so would have its own, empty, database.
        raise StoreError("A SQLite database in memory cannot be shared by threads.", hint="Use memory:// instead.")
    from procflow.stores.sqlite import SqliteStore

    return SqliteStore(path)
