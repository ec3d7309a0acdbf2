"""The record of cases, written for others: the bytes that were hashed, or a format that other tools read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from io import TextIOBase
from typing import BinaryIO, get_args

from procflow.errors import ProcflowError
from procflow.eventlogs.engine_log import write_engine_jsonl
from procflow.eventlogs.written import RecordFormat, Written
from procflow.model.procedure import Procedure

Bodies = Callable[[], Iterable[bytes]]
"""Gives the entries of cases, case by case, the same every time it is called."""


def check_format(format: str, out: BinaryIO, mapping: BinaryIO | None) -> None:
    """Raise ProcflowError if there is no such format, a file takes no bytes, or a table's mapping has nowhere to go."""
    for name, file in (("out", out), ("mapping", mapping)):
        if isinstance(file, TextIOBase):
            raise ProcflowError(f"{name} is open for text", hint='open it for bytes: open(path, "wb")')
    formats = get_args(RecordFormat)
    if format not in formats:
        raise ProcflowError(f"format is {format!r}; it must be one of {', '.join(formats)}", code="PF105")
    if (format == "csv") != (mapping is not None):
        what = "needs" if format == "csv" else "has no"
        raise ProcflowError(f"format {format} {what} mapping", code="PF105", hint="give `mapping` with `csv` alone")


def write(
    bodies: Bodies, out: BinaryIO, format: RecordFormat, mapping: BinaryIO | None, procedures: Iterable[Procedure]
) -> Written:
    """Write the entries to `out`, of a table its mapping to `mapping`. `procedures` are all versions they are of."""
    # Only whoever asks for another format waits for its reader and writer to be loaded.
    if format == "xes":
        from procflow.eventlogs.xes_engine import write_xes

        return write_xes(bodies(), out)
    if format == "csv" and mapping is not None:
        from procflow.eventlogs.engine_csv import write_csv

        fields, proofs = _in_all(procedures)
        return write_csv(bodies, out, mapping, fields=fields, proofs=proofs)
    return Written(events=write_engine_jsonl(bodies(), out))


def _in_all(procedures: Iterable[Procedure]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the data fields and proofs that every version knows: an audit refuses a mapping that names others."""
    known = [(frozenset(one.data), one.evidence) for one in procedures]
    nothing: frozenset[str] = frozenset()
    if not known:
        return nothing, nothing
    fields, proofs = zip(*known, strict=True)
    return nothing.union(fields[0]).intersection(*fields), nothing.union(proofs[0]).intersection(*proofs)


def calendars_named(bodies: Iterable[bytes]) -> tuple[str, ...]:
    """Return the digests of the calendars that entries name, in the order in which they are first named."""
    # A look at the bytes finds too much at worst: what nobody kept is left out when it is looked up.
    return tuple(dict.fromkeys(found.decode() for body in bodies for found in _CALENDARS.findall(body)))


def write_calendars(sources: Iterable[str | None], out: BinaryIO) -> None:
    """Write sets of calendars as they were kept: a list of them, which an audit reads beside the log."""
    kept = ",\n".join(one for one in sources if one is not None)
    out.write(f"[{kept}]\n".encode())


_CALENDARS = re.compile(rb'"calendars":"([0-9a-f]{64})"')
