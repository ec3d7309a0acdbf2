"""What was written in which format, and what the format could not carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

RecordFormat = Literal["jsonl", "csv", "xes"]
"""What an engine's record can be written in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What an export wrote."""

    events: int
    lost: Mapping[str, int] = field(default_factory=dict)
    """What the format does not carry, in words, and of how many events; empty for the engine's own format."""


CHAIN = "the chain of hashes, so that no audit can tell whether the record was altered"
"""Of every format but the engine's own: a hash is of the very bytes."""
