"""An event as canonical bytes, and back: what is hashed is what is stored, byte for byte.

The body is JSON in the one form of RFC 8785, with a key only for what is there:

    {"v":1, "log":..., "case":..., "seq":7, "prev":"<leaf of seq 6, hex>", "kind":"action",
     "proc":{"id":..., "ver":..., "sha256":...}, "action":..., "lifecycle":"complete",
     "at":"2026-11-21T20:51:03.123456Z", "recorded_at":..., "actor":..., "on_behalf_of":..., "roles":[...],
     "teams":[...], "data":{...}, "evidence":{...}, "reason":..., "gap":true, "key":..., "mode":..., "client":...,
     "ref":..., "nonce":...}

What was attempted and refused has `"lifecycle":"refused"`, and `"attempted":"start"` if only its start was meant;
`"policies"` is the digest of those that stood against it.
Overrides and waivers carry a map of their own (`authority.py`), and so does what time did (`timing.py`).

`leaf` is the hash of the body as a leaf of an RFC 6962 log; the next entry of the case names it as `prev`. So one
number links the case and is the leaf of a Merkle tree over all cases, and any RFC 6962 tool can check it. The nonce
makes the leaf hide the body: after the body is erased, the leaf alone does not let anyone guess what it said.

A later version may add keys. A program that does not know them refuses the entry instead of judging half of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785

from procflow.model.event import Event, Kind, Lifecycle
from procflow.trail.authority import authority_record, check_authority, read_override, read_waiver
from procflow.trail.canonical import easily
from procflow.trail.instant import instant_text, parse_instant
from procflow.trail.keys import (
    NEWER,
    EntryInvalid,
    check_known,
    digest,
    mapping,
    maybe_text,
    one_of,
    present,
    text,
    texts,
    whole_number,
)
from procflow.trail.timing import check_timing, read_calendars, read_timer, timing_record

VERSION = 1
MAX_BODY = 65_535
"""Bytes. C2SP tlog-tiles writes the length of an entry in 16 bits."""
MAX_DEPTH = 32
"""Of the whole body: how deep lists and maps may lie in each other."""
_MAX_SAFE = 2**53 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An event, sealed."""

    body: bytes
    """RFC 8785 JSON, at most 65,535 bytes: to be stored and hashed as it is, never written anew."""
    leaf: bytes
    """32 bytes: SHA-256(0x00 || body)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What is settled when a case opens and belongs to the case rather than to the event."""

    mode: str
    """`enforce` or `observe`."""
    client: str | None = None
    ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What an entry says besides its event."""

    log: str
    """Origin of the log the entry was written for."""
    procedure: str
    version: str
    """Of the procedure; its digest is the event's `definition`."""
    prev: bytes
    """32 bytes: leaf of the entry before, or the genesis of the case."""
    nonce: str
    opening: Opening | None = None
    """Of the entry that opens a case, if it was given."""


def genesis(log: str, case: str) -> bytes:
    """Return `prev` of a case's first entry: no entry can be moved to another log or case unseen."""
    # A broken Unicode text cannot be sealed; `seal` says so.
    return hashlib.sha256(f"procflow/genesis/v1\n{log}\n{case}".encode("utf-8", "surrogatepass")).digest()


def leaf_of(body: bytes) -> bytes:
    """Return the hash that stands for the body in its chain and in a Merkle tree."""
    # RFC 6962 §2.1: leaves and nodes hash under different prefixes, so a leaf can never pass for a node.
    return hashlib.sha256(b"\x00" + body).digest()


def seal(
    event: Event, *, procedure: str, version: str, log: str, prev: bytes, nonce: str, opening: Opening | None = None
) -> Entry:
    """Return the event as an entry; the same arguments always give the same bytes.

    `source` is not sealed: it says where somebody's file had the row. Text is kept as it was given, never brought
    to a Unicode normal form: an entry is evidence of what was said and judged, and two spellings that look alike
    may be two file names or two ids. Numbers are JSON's: 1.0 comes back as 1, which equals it.

    Raises ProcflowError, mostly EntryInvalid, if the body would be too long or too deep, or for a value that JSON
    cannot carry (a number that is not finite or an integer beyond 2**53, a broken Unicode text, an instant without
    a zone), and for an id or a reason that is no text: `open_entry` could not read it back.
    """
    header = Header(log=log, procedure=procedure, version=version, prev=prev, nonce=nonce, opening=opening)
    body = _body(event, header)
    if len(body) > MAX_BODY:
        raise EntryInvalid(
            f"Event {event.seq} of case {event.case!r} takes {len(body):,} bytes; {MAX_BODY:,} is the most.",
            hint="Attach long texts and documents by link, with their digest.",
        )
    return Entry(body=body, leaf=leaf_of(body))


def open_entry(body: bytes) -> tuple[Event, Header]:
    """Return the event and header such that sealing them again gives `body`, byte for byte.

    So there is one body for one event: bytes that say the same in another form (other order, spaces, an empty key
    spelled out) are refused like bytes that say nothing. Raises ProcflowError, mostly EntryInvalid.
    """
    record = _parse(body)
    version = record.get("v")
    if version is True or version != VERSION:
        raise EntryInvalid(f"The entry is of version {version!r}; this program reads {VERSION}.", hint=NEWER)
    check_known(record, _KEYS)
    event, header = _event(record), _header(record)
    if _body(event, header) != body:
        raise EntryInvalid("The entry is not in the one form RFC 8785 and this version give it.")
    return event, header


def record_of(event: Event) -> dict[str, Any]:
    """Return what the event says under the keys of a body, without what chains it; a format carries these.

    `event_of` is the way back. Raises ProcflowError for an instant without a zone.
    """
    proc = {} if event.definition is None else {"proc": {"sha256": event.definition}}
    return {**_record(event), **proc}


def event_of(record: Mapping[str, Any]) -> Event:
    """Return the event of which `record_of` says this. Raises ProcflowError, mostly EntryInvalid, if none does."""
    check_known(record, _KEYS)
    event = _event(record)
    if event.seq < 1:
        raise EntryInvalid("An entry needs a `seq` from 1.")
    _check_lifecycle(event)
    check_authority(event)
    check_timing(event)
    return event


def _body(event: Event, header: Header) -> bytes:
    if event.seq < 1 or len(header.prev) != 32 or not header.nonce:
        raise EntryInvalid("An entry needs a `seq` from 1, a `prev` of 32 bytes and a nonce.")
    if event.tie:
        raise EntryInvalid(
            f"Event {event.seq} of case {event.case!r} has no certain place; an entry has one, its `seq`."
        )
    _check_texts(event, header)
    _check_lifecycle(event)
    check_authority(event)
    check_timing(event)
    record = _record(event)
    record.update(_envelope(event, header))
    body = easily(record, MAX_DEPTH)
    if body is not None:
        return body
    # Also stops what contains itself, before the recursion of rfc8785 meets it.
    _check_depth(record, MAX_DEPTH)
    try:
        return rfc8785.dumps(record)
    except rfc8785.IntegerDomainError as error:
        raise EntryInvalid(f"A number cannot be kept exactly: {error}.", hint="Give it as text.") from error
    except (ValueError, TypeError) as error:
        raise EntryInvalid(
            f"Event {event.seq} of case {event.case!r} holds a value JSON cannot carry: {error}."
        ) from error


def _check_texts(event: Event, header: Header) -> None:
    """Refuse what only looks like text to a caller without types, as the number under which a host keeps its users."""
    opening = header.opening or _UNSETTLED
    told = (event.case, event.action, event.actor, event.on_behalf_of, event.reason, event.key, event.policies)
    if _PLAIN.issuperset(map(type, (*told, opening.client, opening.ref, *event.roles, *event.teams))):
        return  # Nearly every entry; which of them is at fault is looked for only if one may be.
    said: dict[str, object] = {
        "case": event.case,
        "action": event.action,
        "actor": event.actor,
        "on_behalf_of": event.on_behalf_of,
        "reason": event.reason,
        "key": event.key,
        "policies": event.policies,
        "client": opening.client,
        "ref": opening.ref,
    }
    named = [*said.items(), *(("roles", one) for one in event.roles), *(("teams", one) for one in event.teams)]
    for key, value in named:
        if value is not None and not isinstance(value, str):
            raise EntryInvalid(
                f"`{key}` of event {event.seq} must be text, and {value!r} is not.", hint=f"Give it as {str(value)!r}."
            )


def _check_lifecycle(event: Event) -> None:
    """Refuse what no command makes: only work is begun before it is done, and a case that may not open has no record."""
    if event.attempted is _COMPLETE and event.lifecycle is _COMPLETE and event.policies is None:
        return
    if not event.flows and Lifecycle.START in (event.lifecycle, event.attempted):
        raise EntryInvalid(f"Event {event.seq} of case {event.case!r} ({event.kind.value}) cannot be a mere start.")
    if event.policies is not None and not event.refused:
        raise EntryInvalid(f"Event {event.seq} of case {event.case!r} was not refused, and policies stand against it.")
    meant = (Lifecycle.START, Lifecycle.COMPLETE) if event.refused else (Lifecycle.COMPLETE,)
    if event.attempted not in meant or (event.refused and event.kind in (Kind.OPENED, Kind.STATUS, Kind.TIMER)):
        raise EntryInvalid(
            f"Event {event.seq} of case {event.case!r} ({event.kind.value}, {event.lifecycle.value}) cannot have been"
            f" attempted as {event.attempted.value}."
        )


def _record(event: Event) -> dict[str, Any]:
    """Return what the event says; no key for what it does not say."""
    at = instant_text(event.occurred_at)
    record: dict[str, Any] = {
        "case": event.case,
        "seq": event.seq,
        "kind": event.kind.value,
        "lifecycle": event.lifecycle.value,
        "at": at,
    }
    # One by one: to fill in all and take out what is not there takes three times as long.
    if event.action:
        record["action"] = event.action
    if event.recorded_at is not None:
        record["recorded_at"] = at if event.recorded_at is event.occurred_at else instant_text(event.recorded_at)
    if event.actor is not None:
        record["actor"] = event.actor
    if event.on_behalf_of is not None:
        record["on_behalf_of"] = event.on_behalf_of
    if event.roles:
        record["roles"] = sorted(event.roles)
    if event.teams:
        record["teams"] = sorted(event.teams)
    if event.data:
        record["data"] = dict(event.data)
    if event.evidence:
        record["evidence"] = dict(event.evidence)
    if event.reason is not None:
        record["reason"] = event.reason
    if event.gap:
        record["gap"] = event.gap
    if event.key is not None:
        record["key"] = event.key
    if event.attempted is not _COMPLETE:
        record["attempted"] = event.attempted.value
    if event.policies is not None:
        record["policies"] = event.policies
    if event.override is not None or event.waiver is not None:
        record.update(authority_record(event))
    if event.timer is not None or event.calendars is not None:
        record.update(timing_record(event))
    return record


def _envelope(event: Event, header: Header) -> dict[str, Any]:
    proc = {"id": header.procedure, "ver": header.version}
    if event.definition is not None:
        proc["sha256"] = event.definition
    envelope = {"v": VERSION, "log": header.log, "prev": header.prev.hex(), "proc": proc, "nonce": header.nonce}
    if (opening := header.opening) is not None:
        envelope.update(present({"mode": opening.mode, "client": opening.client, "ref": opening.ref}))
    return envelope


def _event(record: Mapping[str, Any]) -> Event:
    return Event(
        case=text(record, "case"),
        seq=whole_number(record, "seq"),
        kind=one_of(Kind, record, "kind"),
        action=maybe_text(record, "action") or "",
        lifecycle=one_of(Lifecycle, record, "lifecycle"),
        occurred_at=parse_instant(text(record, "at")),
        recorded_at=None if "recorded_at" not in record else parse_instant(text(record, "recorded_at")),
        actor=maybe_text(record, "actor"),
        on_behalf_of=maybe_text(record, "on_behalf_of"),
        roles=texts(record, "roles"),
        teams=texts(record, "teams"),
        data=mapping(record, "data"),
        evidence=mapping(record, "evidence"),
        reason=maybe_text(record, "reason"),
        gap="gap" in record,
        definition=maybe_text(mapping(record, "proc"), "sha256"),
        key=maybe_text(record, "key"),
        attempted=one_of(Lifecycle, record, "attempted") if "attempted" in record else Lifecycle.COMPLETE,
        policies=maybe_text(record, "policies"),
        override=read_override(record),
        waiver=read_waiver(record),
        timer=read_timer(record),
        calendars=read_calendars(record),
    )


def _header(record: Mapping[str, Any]) -> Header:
    proc = mapping(record, "proc")
    return Header(
        log=text(record, "log"),
        procedure=text(proc, "id"),
        version=text(proc, "ver"),
        prev=digest(record, "prev"),
        nonce=text(record, "nonce"),
        opening=_opening(record) if "mode" in record else None,
    )


def _opening(record: Mapping[str, Any]) -> Opening:
    return Opening(mode=text(record, "mode"), client=maybe_text(record, "client"), ref=maybe_text(record, "ref"))


def _parse(body: bytes) -> dict[str, Any]:
    if len(body) > MAX_BODY:
        raise EntryInvalid(f"The entry takes {len(body):,} bytes; {MAX_BODY:,} is the most.")
    try:
        record = json.loads(
            body.decode("utf-8"), object_pairs_hook=_unique, parse_int=_integer, parse_constant=_no_constant
        )
    except RecursionError as error:
        raise EntryInvalid(_TOO_DEEP) from error
    except ValueError as error:
        raise EntryInvalid(f"The entry is not JSON: {error}.") from error
    if not isinstance(record, dict):
        raise EntryInvalid("The entry is JSON, but not a map.")
    _check_depth(record, MAX_DEPTH)
    return record


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # json keeps the last of equal keys: two readers could each see another event in the same bytes.
    record = dict(pairs)
    if len(record) != len(pairs):
        raise EntryInvalid("The entry names a key twice.")
    return record


def _integer(text: str) -> int | float:
    # RFC 8785 writes a float without fraction as digits, up to 21 of them. Read as an integer, those beyond 2**53
    # would be another number than the float was (1.2345678901234567e+20 is not 123456789012345670000).
    number = int(text) if len(text) <= 17 else _MAX_SAFE + 1
    return number if abs(number) <= _MAX_SAFE else float(text)


def _no_constant(name: str) -> float:
    raise EntryInvalid(f"The entry holds {name}, which is not JSON.")


def _check_depth(value: Any, left: int) -> None:
    if not isinstance(value, dict | list | tuple):
        return
    if left == 0:
        raise EntryInvalid(_TOO_DEEP, hint="Attach nested material as a document, by link.")
    for inner in value.values() if isinstance(value, dict) else value:
        _check_depth(inner, left - 1)


# fmt: off
_KEYS = frozenset((
    "v", "log", "case", "seq", "prev", "kind", "proc", "action", "lifecycle", "at", "recorded_at", "actor",
    "on_behalf_of", "roles", "teams", "data", "evidence", "reason", "gap", "mode", "client", "ref", "nonce",
    "key", "attempted", "policies", "override", "waiver", "timer", "calendars",
))
# fmt: on
_COMPLETE = Lifecycle.COMPLETE
_PLAIN = frozenset((str, type(None)))
_UNSETTLED = Opening(mode="")
_TOO_DEEP = f"Lists and maps lie more than {MAX_DEPTH} deep in each other."
