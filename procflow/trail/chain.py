"""Is the record of a case whole? Recomputes the chain of its entries from nothing but their bytes.

A chain proves what it holds, not that it goes on: whoever rewrites every entry of a case makes a new chain that
is whole. Give the head that you kept (a receipt, a checkpoint) to find that, and a tail that was cut off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from procflow.errors import Finding, ProcflowError, SourceSpan
from procflow.model.deviation import REGISTRY
from procflow.trail.entry import Header, genesis, leaf_of, open_entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An entry as far as the chain is concerned."""

    seq: int
    case: str
    leaf: bytes
    header: Header | None
    """None if the body could not be read; `seq` and `case` are then what they should have been."""
    where: SourceSpan | None = None
    """Where the entry stands, if it was read from a file."""


def verify_chain(bodies: Iterable[bytes], *, log: str, case: str, head: bytes | None = None) -> tuple[Finding, ...]:
    """Return what is wrong with the entries of a case, given in the order they are stored; () if nothing is.

    `head` is the leaf the last entry must have, where the caller knows it from elsewhere than these entries.
    A record without entries is a finding too: nothing is proved by nothing.
    """
    return verify_links(tuple(_links(bodies, case)), log=log, case=case, head=head)


def verify_links(links: tuple[Link, ...], *, log: str, case: str, head: bytes | None = None) -> tuple[Finding, ...]:
    """Return the same of entries that have been read already; see `verify_chain`."""
    unread = (_unreadable(link) for link in links if link.header is None)
    checks = (unread, _foreign(links, log, case), _places(links), _joints(links, log, case), _end(links, case, head))
    return tuple(finding for check in checks for finding in check)


def _links(bodies: Iterable[bytes], case: str) -> Iterator[Link]:
    seq = 0
    for body in bodies:
        try:
            event, header = open_entry(body)
        except ProcflowError:
            seq += 1
            yield Link(seq=seq, case=case, leaf=leaf_of(body), header=None)
        else:
            seq = event.seq
            yield Link(seq=seq, case=event.case, leaf=leaf_of(body), header=header)


def _unreadable(link: Link) -> Finding:
    return _finding(link, f"Entry {link.seq} is not an entry any more.", "DV901")


def _foreign(links: tuple[Link, ...], log: str, case: str) -> Iterator[Finding]:
    for link in links:
        if link.header is not None and (link.header.log, link.case) != (log, case):
            written_for = f"case {link.case!r} of log {link.header.log}"
            yield _finding(link, f"Entry {link.seq} was written for {written_for}.", "DV904")


def _places(links: tuple[Link, ...]) -> Iterator[Finding]:
    """Yield gaps, repeats and wrong places among the `seq`s."""
    for before, after in pairwise(links):
        if after.seq < before.seq:
            yield _finding(after, f"Entry {after.seq} stands after entry {before.seq}.", "DV903")
    place = 0
    for link in sorted(links, key=lambda link: link.seq):
        if link.seq == place:
            yield _finding(link, f"Entry {place} is there more than once.", "DV904")
        if link.seq == place + 2:
            yield _finding(link, f"Entry {place + 1} of case {link.case!r} is missing.", "DV902")
        if link.seq > place + 2:
            yield _finding(link, f"Entries {place + 1} to {link.seq - 1} of case {link.case!r} are missing.", "DV902")
        place = link.seq


def _joints(links: tuple[Link, ...], log: str, case: str) -> Iterator[Finding]:
    """Yield where an entry does not name its neighbour: one of the two is not what it was."""
    ordered = sorted(links, key=lambda link: link.seq)
    for before, after in pairwise([None, *ordered]):
        assert after is not None
        if after.seq != (before.seq if before is not None else 0) + 1 or after.header is None:
            continue
        if before is None and after.header.prev != genesis(log, case):
            message = f"Entry 1 does not begin case {case!r}: it was altered, or belongs elsewhere."
            yield _finding(after, message, "DV901")
        # An unreadable neighbour is a finding already.
        if before is not None and before.header is not None and after.header.prev != before.leaf:
            message = f"Entry {after.seq} of case {case!r} does not follow from entry {before.seq}: one was altered."
            yield _finding(after, message, "DV901")


def _end(links: tuple[Link, ...], case: str, head: bytes | None) -> Iterator[Finding]:
    if not links:
        yield _finding(None, f"Case {case!r} has no entries.", "DV905")
        return
    last = max(links, key=lambda link: link.seq)
    if head is not None and last.leaf != head:
        yield _finding(last, f"Entry {last.seq} is not the one that was kept as the head of case {case!r}.", "DV905")


def _finding(link: Link | None, message: str, code: str) -> Finding:
    where = None if link is None else link.where
    return Finding(code=code, severity=REGISTRY[code].severity, message=message, where=where)
