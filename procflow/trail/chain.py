"""Is the record of a case whole? Recomputes the chain of its entries from nothing but their bytes.

A chain proves what it holds, not that it goes on: whoever rewrites every entry of a case makes a new chain that
is whole. Give the head that you kept (a receipt, a checkpoint) to find that, and a tail that was cut off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from procflow.errors import Finding, ProcflowError
from procflow.model.deviation import REGISTRY
from procflow.trail.entry import Header, genesis, leaf_of, open_entry


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    """An entry as far as the chain is concerned."""

    seq: int
    case: str
    leaf: bytes
    header: Header | None
    """None if the body could not be read; `seq` and `case` are then what they should have been."""


def verify_chain(bodies: Iterable[bytes], *, log: str, case: str, head: bytes | None = None) -> tuple[Finding, ...]:
    """Return what is wrong with the entries of a case, given in the order they are stored; () if nothing is.

    `head` is the leaf the last entry must have, where the caller knows it from elsewhere than these entries.
    A record without entries is a finding too: nothing is proved by nothing.
    """
    links = tuple(_links(bodies, case))
    unread = (_unreadable(link) for link in links if link.header is None)
    checks = (unread, _foreign(links, log, case), _places(links), _joints(links, log, case), _end(links, head))
    return tuple(finding for check in checks for finding in check)


def _links(bodies: Iterable[bytes], case: str) -> Iterator[_Link]:
    seq = 0
    for body in bodies:
        try:
            event, header = open_entry(body)
        except ProcflowError:
            seq += 1
            yield _Link(seq=seq, case=case, leaf=leaf_of(body), header=None)
        else:
            seq = event.seq
            yield _Link(seq=seq, case=event.case, leaf=leaf_of(body), header=header)


def _unreadable(link: _Link) -> Finding:
    return _finding("DV901", f"Entry {link.seq} is not an entry any more.")


def _foreign(links: tuple[_Link, ...], log: str, case: str) -> Iterator[Finding]:
    for link in links:
        if link.header is not None and (link.header.log, link.case) != (log, case):
            written_for = f"case {link.case!r} of log {link.header.log}"
            yield _finding("DV904", f"Entry {link.seq} was written for {written_for}.")


def _places(links: tuple[_Link, ...]) -> Iterator[Finding]:
    """Yield gaps, repeats and wrong places among the `seq`s."""
    for before, after in pairwise(links):
        if after.seq < before.seq:
            yield _finding("DV903", f"Entry {after.seq} stands after entry {before.seq}.")
    places = sorted(link.seq for link in links)
    for place, following in pairwise([0, *places]):
        if following == place:
            yield _finding("DV904", f"Entry {following} is there more than once.")
        if following == place + 2:
            yield _finding("DV902", f"Entry {place + 1} is missing.")
        if following > place + 2:
            yield _finding("DV902", f"Entries {place + 1} to {following - 1} are missing.")


def _joints(links: tuple[_Link, ...], log: str, case: str) -> Iterator[Finding]:
    """Yield where an entry does not name its neighbour: one of the two is not what it was."""
    ordered = sorted(links, key=lambda link: link.seq)
    for before, after in pairwise([None, *ordered]):
        assert after is not None
        if after.seq != (before.seq if before is not None else 0) + 1 or after.header is None:
            continue
        if before is None and after.header.prev != genesis(log, case):
            yield _finding("DV901", "Entry 1 does not begin this case: it was altered, or belongs elsewhere.")
        # An unreadable neighbour is a finding already.
        if before is not None and before.header is not None and after.header.prev != before.leaf:
            yield _finding("DV901", f"Entry {after.seq} does not follow from entry {before.seq}: one was altered.")


def _end(links: tuple[_Link, ...], head: bytes | None) -> Iterator[Finding]:
    if not links:
        yield _finding("DV905", "There are no entries.")
    elif head is not None and max(links, key=lambda link: link.seq).leaf != head:
        yield _finding("DV905", "The last entry is not the one that was kept as the head of this case.")


def _finding(code: str, message: str) -> Finding:
    return Finding(code=code, severity=REGISTRY[code].severity, message=message)
