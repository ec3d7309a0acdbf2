"""Shipped material is found in a wheel and in a checkout, and nowhere by accident."""

from __future__ import annotations

from pathlib import Path

import pytest

from procflow.errors import ProcflowError
from procflow.resources import shipped


def folder(path: Path) -> Path:
    path.mkdir(parents=True)
    return path


def test_a_wheel_carries_its_own(tmp_path: Path) -> None:
    inside = folder(tmp_path / "procflow" / "_shipped" / "schemas")
    assert shipped("schemas", package=tmp_path / "procflow") == inside


def test_a_checkout_keeps_them_beside_the_package(tmp_path: Path) -> None:
    package = folder(tmp_path / "procflow")
    (tmp_path / "pyproject.toml").touch()
    beside = folder(tmp_path / "schemas")
    assert shipped("schemas", package=package) == beside


def test_a_strangers_folder_beside_an_installed_package_is_not_ours(tmp_path: Path) -> None:
    package = folder(tmp_path / "procflow")
    folder(tmp_path / "examples")
    with pytest.raises(ProcflowError, match="the examples that come with procflow are missing"):
        shipped("examples", package=package)
