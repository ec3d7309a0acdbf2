"""Texts of files by their names: for whoever shows a line of one."""

from __future__ import annotations

from collections.abc import Callable

Sources = Callable[[str], str | None]
"""The text of a file by its name, None if it cannot be had."""


def no_sources(file: str) -> None:
    """Know no file."""
