"""An instant in words, wherever people read one of a clock: messages, ledgers, what is due."""

from __future__ import annotations

from datetime import datetime, timedelta

from procflow.calendars.zones import zone_of

UTC_ZONE = "UTC"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def moment_in(zone: str, at: datetime, *, seconds: bool = False) -> str:
    """Return an instant as the clock on the wall shows it in a zone, with its offset: `Fri 2026-11-27 16:00 +02:00`.

    With the offset an hour that comes twice can be told apart. In UTC it is `Fri 2026-11-27 14:00 UTC`; so is an instant
    that the zone has no year for.
    """
    try:
        local = at.astimezone(zone_of(zone))
    except OverflowError:
        return moment_in(UTC_ZONE, at, seconds=seconds)  # the first and the last hours there are, in UTC alone
    clock = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    return f"{_DAYS[local.weekday()]} {local:%Y-%m-%d} {clock} {UTC_ZONE if zone == UTC_ZONE else _offset(local)}"


def _offset(local: datetime) -> str:
    offset = local.utcoffset() or timedelta(0)
    minutes = abs(offset) // timedelta(minutes=1)
    return f"{'-' if offset < timedelta(0) else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
