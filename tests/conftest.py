"""What all tests share: how hard hypothesis tries, and where the real event logs lie."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# No deadlines: a busy machine is not a bug. In CI the same examples every time, so that red means changed.
settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real event logs (`PROCFLOW_DATA`, else `../shared/data`); they are not part of the repository.

    Without it the test is skipped, or fails if `PROCFLOW_REQUIRE_DATA=1` says that the data must be there.
    """
    folder = REPOSITORY / os.environ.get("PROCFLOW_DATA", "../shared/data")
    if folder.is_dir():
        return folder.resolve()
    reason = f"no real event logs: {folder} is not a folder (set PROCFLOW_DATA to the folder that holds them)"
    if os.environ.get("PROCFLOW_REQUIRE_DATA") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
