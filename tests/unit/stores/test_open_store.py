"""An address opens the store it names, or says what may be given."""

from __future__ import annotations

from pathlib import Path

import pytest

from procflow.errors import StoreError
from procflow.stores import open_store
from procflow.stores.memory import MemoryStore
from procflow.stores.sqlite import SqliteStore


def test_memory() -> None:
    assert isinstance(open_store("memory://"), MemoryStore)


def test_a_relative_and_an_absolute_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    relative = open_store("sqlite:///service.db")
    absolute = open_store(f"sqlite:///{tmp_path}/service.db")
    assert isinstance(relative, SqliteStore)
    assert relative.origin == absolute.origin
    relative.close()
    absolute.close()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("postgresql://localhost/service", "not supported yet"),
        ("mysql://localhost/service", "does not name a kind of store"),
        ("service.db", "does not name a kind of store"),
        ("sqlite", "does not name a kind of store"),
        ("", "does not name a kind of store"),
        ("memory://x", "does not name a kind of store"),
        ("sqlite://", "does not name a file"),
        ("sqlite:///", "does not name a file"),
        ("sqlite://service.db", "does not name a file"),
        ("sqlite:///service.db?mode=ro", "does not name a file"),
        ("sqlite:///:memory:", "cannot be shared"),
        ("sqlite:////no/such/folder/service.db", "no folder"),
    ],
)
def test_anything_else_is_refused_with_a_hint(url: str, message: str) -> None:
    with pytest.raises(StoreError, match=message) as caught:
        open_store(url)
    assert caught.value.hint
