"""What people write about time, and what to write: keys of clocks and of steps, words, values of another kind."""

from __future__ import annotations

import re
from collections.abc import Mapping

from procflow.loading.notebook import Guess
from procflow.loading.shape_words import suggested_id
from procflow.loading.source import Path, Plain

_IN_CLOCK: Mapping[str, str] = {
    **dict.fromkeys(("start", "starts", "start-at", "starts-at", "begin", "begins", "since"), "write `from`"),
    **dict.fromkeys(("stop", "stops", "end", "ends", "stop-at", "finish", "complete", "done"), "write `until`"),
    **dict.fromkeys(
        ("target", "sla", "limit", "duration", "time", "timeout", "budget", "max-time", "hours", "days", "in"),
        "write `within: 2 working days`",
    ),
    **dict.fromkeys(
        ("deadline", "due", "due-by", "date"), "write `by: { field: delivery_date }`, or `within` for a length"
    ),
    **dict.fromkeys(("interval", "each-day", "period", "repeat", "per"), "write `every: 3 working days`"),
    **dict.fromkeys(
        ("pause", "paused", "pauses", "pause-in", "pause-on", "on-hold", "stopped-in"), "write `paused-in`"
    ),
    **dict.fromkeys(("resume", "resumes", "resume-on", "restart-by"), "write `resumed-by`"),
    **dict.fromkeys(
        ("cancel", "cancels", "cancelled", "canceled-by", "unless"), "write `cancelled-by`, or `when: not ...`"
    ),
    **dict.fromkeys(("warning", "warnings", "warn-at", "thresholds", "remind", "reminder"), "write `warn: [50%, 80%]`"),
    **dict.fromkeys(
        ("notify", "escalate", "escalation", "go-to", "on-breach", "breach", "overdue", "on-late"),
        "write `late: { notify: lead }` or `late: { escalate: lead }`",
    ),
    **dict.fromkeys(
        ("tier", "tiers", "priority", "depends-on", "targets"), "write `within: { depends-on: tier, basic: ... }`"
    ),
    **dict.fromkeys(("business-hours", "working-time", "zone", "timezone", "holidays"), "write `calendar: office`"),
    **dict.fromkeys(("count", "times", "max", "maximum"), "write `at-most: 3, of: hand-off`"),
    **dict.fromkeys(
        ("for", "promised-to", "party", "owner", "kind", "type"), "write `to: client`, `team` or `supplier`"
    ),
    **dict.fromkeys(("only-if", "if", "where", "condition"), "write `when`"),
    **dict.fromkeys(("description", "text", "name", "label"), "write `title`, or a `note`"),
    **dict.fromkeys(("hand-off", "per-hand-off", "ola"), "write `each: hand-off`"),
    **dict.fromkeys(("action", "actions", "fulfilled-by"), "write `by-action`"),
    **dict.fromkeys(("change", "on-priority-change", "retroactive"), "write `on-change`"),
}
"""Keys people write in a clock -> what to write."""

_IN_STEP: Mapping[str, str] = {
    **dict.fromkeys(("deadline", "due", "timeout", "time", "limit", "sla", "target", "duration"), "write `within`"),
    **dict.fromkeys(("on-late", "overdue", "escalate", "escalation", "notify"), "write `late: { notify: lead }`"),
    **dict.fromkeys(("warning", "remind", "reminder", "warn-at"), "write `warn: [80%]`"),
    "clock": "write `within` for the time of the step, or a clock of its own under `clocks`",
}
"""Keys about time that people write in a step -> what to write."""

_IN_LATE: Mapping[str, str] = {
    **dict.fromkeys(("to", "move", "move-to", "goto", "step", "then"), "write `go-to`"),
    **dict.fromkeys(("tell", "inform", "mail", "email", "role", "warn", "remind"), "write `notify`"),
    **dict.fromkeys(("escalate-to", "manager", "reassign"), "write `escalate`"),
    **dict.fromkeys(("wait", "in", "delay", "within"), "write `after`"),
}
"""Keys people write in an entry of `late` -> what to write."""

_IN_WARN: Mapping[str, str] = {
    **dict.fromkeys(("tell", "to", "role", "who", "inform"), "write `notify`"),
    **dict.fromkeys(("percent", "percents", "thresholds", "when"), "write `at: [50%, 80%]`"),
}
_IN_HAND_OFFS: Mapping[str, str] = {
    **dict.fromkeys(("within", "accept-in", "accept-by", "accept", "deadline", "due", "sla"), "write `accept-within`"),
    **dict.fromkeys(
        ("requires", "require", "required", "collect", "evidence", "prerequisites", "with"), "write `needs`"
    ),
    **dict.fromkeys(("format", "fields", "template"), "write `form`"),
    **dict.fromkeys(("reject", "refusal", "decline", "return"), "write `refuse`"),
    **dict.fromkeys(("ping-pong", "at-most", "max-returns", "bounces"), "write `returns: { at-most: 1 }`"),
    **dict.fromkeys(("escalate", "notify", "offer-to", "overdue", "on-late"), "write `late: { notify: lead }`"),
}
_IN_LATE_OFFER: Mapping[str, str] = {
    **dict.fromkeys(("offer", "to", "deputy", "assign", "reassign", "role"), "write `offer-to`"),
    "go-to": "work that nobody takes is offered to others: write `offer-to`, or give the step `within` and `late`",
    **dict.fromkeys(("tell", "inform", "mail", "email"), "write `notify`"),
    **dict.fromkeys(("wait", "in", "delay", "within"), "write `after`"),
}
_IN_ASK: Mapping[str, str] = {
    **dict.fromkeys(("to", "whom", "who", "of", "role"), "write `question-to`"),
    **dict.fromkeys(("by", "answer", "answered", "answers"), "write `answered-by`"),
    **dict.fromkeys(("within", "answer-in", "deadline", "due"), "write `answer-within`"),
}
_IN_FROM: Mapping[str, str] = {
    "fields": "write `field` for one instant, or `known` for several data fields",
    **dict.fromkeys(("data", "at", "since", "instant"), "write `field`"),
    "case": "write `from: case opens`",
}
_INSTEAD: Mapping[str, Mapping[str, str]] = {
    "clock": _IN_CLOCK,
    **dict.fromkeys(("step", "block", "branch", "step of a branch"), _IN_STEP),
    "waiting step": {**_IN_STEP, "hand-offs": "leave it out: a wait is nobody's work, so nothing is handed over to it"},
    "entry of `late`": _IN_LATE,
    "warn": _IN_WARN,
    "hand-offs": _IN_HAND_OFFS,
    "entry of `late` of hand-offs": _IN_LATE_OFFER,
    "ask": _IN_ASK,
    "from": _IN_FROM,
}
"""Place, by the title of its schema -> keys people write there -> what to write."""

CLOCK_WORDS: Mapping[tuple[str, str], str] = {
    **{
        ("to", word): "write `client`" for word in ("customer", "customers", "clients", "user", "applicant", "external")
    },
    **{("to", word): "write `supplier`" for word in ("vendor", "vendors", "suppliers", "partner", "contractor")},
    **{("to", word): "write `team`" for word in ("internal", "us", "house", "teams", "staff", "ourselves")},
    **{("on-change", word): "write `keep-elapsed`" for word in ("keep", "keep-used", "elapsed", "continue", "default")},
    **{("on-change", word): "write `restart`" for word in ("reset", "new", "again", "start-over")},
    **{("on-change", word): "write `retroactive`" for word in ("recalculate", "retro", "from-start", "replay")},
    **{
        ("on-change", word): "write `keep-target`"
        for word in ("ignore", "none", "nothing", "fixed", "freeze", "keep-start")
    },
    **{("reopen", word): "write `new-cycle`" for word in ("new", "restart", "reset", "cycle", "again")},
    **{("reopen", word): "write `continue`" for word in ("resume", "keep", "keep-elapsed", "go-on")},
    **{
        ("external", word): "write `supplier`"
        for word in ("vendor", "provider", "partner", "contractor", "subcontractor")
    },
    **{("external", word): "write `true`" for word in ("client", "customer", "citizen", "patient", "party")},
}
"""Key, and a word people write there -> what to write."""

_KEY_ALONE = re.compile(r"write `([a-z-]+)`")
_ALWAYS = re.compile(r"24 *[/x×*-]? *7|24 ?h(ours)?|always|round[- ]the[- ]clock|non-?stop")
_LENGTH = "a length of time"
_ONE_DOING = re.compile(r"(notify|escalate|go-to|offer-to):? +([a-z][a-z0-9-]*)")
_OFFERING = re.compile(r"offer(?:ed)?(?: to)? +([a-z][a-z0-9-]*)")
_FIELD = re.compile(r"[a-z][a-z0-9_]*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}.*")
_PERCENT = re.compile(r"\d{1,3} *%?")
_DEPENDS_ON = re.compile(r"depends?[-_ ]?on|by|per|dependson", re.IGNORECASE)


def key_meant(place: str, name: str) -> Guess | None:
    """Return what to write for a key that people write in a place about time; None if it is none of those."""
    hint = _INSTEAD.get(place, {}).get(name.lower().replace("_", "-"))
    if hint is None:
        return None
    alone = _KEY_ALONE.fullmatch(hint)
    return Guess(hint, None if alone is None else alone[1])


def calendar_meant(value: str) -> str | None:
    """Return the id of a calendar that a text was meant as; None if only its author knows."""
    return "24x7" if _ALWAYS.fullmatch(value.strip().lower()) else suggested_id(value)


def absent_key(place: str, name: str, value: Mapping[str, Plain], owner: str) -> str | None:
    """Return what to write for a key that is missing in a place about time; None of any other place."""
    if name == "at" and place == "warn":
        return "say at how much of the time: `at: [80%]`"
    if name != "depends-on":
        return None
    meant = next((key for key in value if _DEPENDS_ON.fullmatch(key)), None)
    if meant is not None:
        return f"write `depends-on` for `{meant}`"
    words = ", ".join(f"`{key}`" for key in list(value)[:3])
    return f"name the data field that can be {words}: `{owner}: {{ depends-on: tier, ... }}`"


def value_meant(path: Path, value: Plain, meant: str) -> Guess | None:
    """Return what to write for a value of another kind than is meant, with the very text if it is certain; else None."""
    name = path[-1] if path else ""
    if meant.startswith(_LENGTH):
        return _length_meant(value)
    if "hand-offs" in path and name in ("refuse", "returns"):
        return _limit_meant(str(name), value)
    if name in ("warn", "at") and isinstance(value, int | str) and _PERCENT.fullmatch(str(value)):
        right = f"[{str(value).rstrip('% ')}%]"
        return Guess(f"write `{right}`", right)
    if "late" in path:
        return _late_meant(value)
    if name == "by" and path[:1] == ("clocks",) and isinstance(value, str):
        return _deadline_meant(value)
    return None


def _length_meant(value: Plain) -> Guess | None:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return Guess(f"say of what: `{value} hours`, `{value} working hours`, `{value} working days`", None)
    if isinstance(value, list):
        return Guess(
            "write one length; or one for each value: `{ depends-on: tier, basic: 2 days, otherwise: 3 days }`", None
        )
    return None


def _limit_meant(name: str, value: Plain) -> Guess | None:
    """Return what `refuse` or `returns` says of somebody who wrote a number, or `true`."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return Guess(f"write `{{ at-most: {value} }}`", f"{{ at-most: {value} }}")
    if name == "refuse" and (value is True or value in ("yes", "allowed")):
        return Guess("write `{ reason: required }`, or `{}`", None)
    return Guess("leave it out: without it nobody can", None) if name == "refuse" and not value else None


def _late_meant(value: Plain) -> Guess | None:
    if isinstance(value, str) and (one := _ONE_DOING.fullmatch(value.strip())) is not None:
        return Guess(f"write `{{ {one[1]}: {one[2]} }}`", f"{{ {one[1]}: {one[2]} }}")
    if isinstance(value, str) and (one := _OFFERING.fullmatch(value.strip())) is not None:
        return Guess(f"write `{{ offer-to: {one[1]} }}`", f"{{ offer-to: {one[1]} }}")
    if isinstance(value, str):
        return Guess("write `{ notify: lead }` or `{ escalate: lead }`", None)
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return Guess("write an entry for each: `[{ notify: lead }, { notify: agent }]`", None)
    return None


def _deadline_meant(value: str) -> Guess | None:
    if _DAY.fullmatch(value):
        hint = "a deadline is a data field of each case: write `by: { field: delivery_date }`"
        return Guess(hint, None)
    if value[:1].isdigit():
        return Guess(f"a length of time is `within`: write `within: {value}`", None)
    if _FIELD.fullmatch(value):
        return Guess(f"write `{{ field: {value} }}`", f"{{ field: {value} }}")
    return None
