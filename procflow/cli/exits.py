"""The exit codes, the same for every command."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What a command ends with."""

    CLEAN = 0
    FINDINGS = 1
    """Findings at or above the threshold, a step refused, or nothing to judge."""
    USAGE = 2
    """The command was not called as it should be."""
    FAILED = 3
    """The job could not be done."""
    TRAIL_BROKEN = 4
    """A record is not the one that was written."""
    INTERRUPTED = 130
    """As a shell reports SIGINT."""
    PIPE_CLOSED = 141
    """As a shell reports SIGPIPE."""


def is_of_trail(code: str) -> bool:
    """Return True for a code that says a record was tampered with."""
    return code.startswith("DV9") and code != "DV906"
