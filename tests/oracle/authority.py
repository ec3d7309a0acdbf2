"""Setting a procedure aside: who may, what it takes, and what waivers excuse. See `language.md` and `judging.md`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from tests.oracle.checks import Checks, is_blank, is_proof
from tests.oracle.conditions import Value, moment
from tests.oracle.flow import Flow
from tests.oracle.plain import Disposed, Finding, Plain, PlainEvent
from tests.oracle.rule_people import demanded
from tests.oracle.rule_words import length
from tests.oracle.standing import read_standing

WAIVABLE = ("DV1", "DV2", "DV3", "DV4", "DV5", "DV6")
AUTHORITY = "DV204"
"""Nobody can be excused from it."""


class Authority:
    """What a procedure says of overrides and waivers."""

    def __init__(self, procedure: Plain, flow: Flow, checks: Checks) -> None:
        self.overrides: Plain | None = procedure.get("overrides")
        self.flow, self.checks = flow, checks
        self.rules: Mapping[str, Plain] = procedure.get("rules", {})

    def holds(self, event: PlainEvent) -> bool:
        """Return True if the actor may set the procedure aside."""
        return self.overrides is not None and self.overrides["by"] in event.get("roles", [])

    def permits(self, event: PlainEvent) -> bool:
        """Return True if an override by somebody with authority has all that it takes."""
        assert self.overrides is not None
        if self.overrides.get("reason") == "required" and is_blank(event.get("reason")):
            return False
        if not self.overrides.get("second-person"):
            return True
        second, *others = (
            (one or "").strip()
            for one in (event["override"].get("second"), event.get("actor"), event["override"].get("asked_by"))
        )
        return second != "" and second not in others

    def overriding(self, event: PlainEvent, values: Mapping[str, Value]) -> list[str]:
        """Return what an override is told as, permitted or not. `values` with its own."""
        found = ["DV701" if self.holds(event) else "DV204"]
        leads = read_standing(self.flow, event["override"]["to"]) is not None
        if not self.holds(event) and not leads:
            found.append("DV701")  # nobody could have led the case there
        act, action = event["override"]["act"], event.get("action", "")
        asked = (event["override"].get("asked_by") or "").strip()
        if self.holds(event) and leads and asked and asked == (event.get("actor") or "").strip():
            found.append("DV702")  # who asks does not decide
        if act in ("skip", "do-early") and action not in self.flow.actions:
            found.append("DV106")
        if act == "redo" and action not in self.flow.places:
            found.append("DV106")
        if act == "do-early" and leads:  # what leads nowhere did nothing that could lack something
            deeds = [one.deeds[action] for one in self.flow.places.values() if action in one.deeds]
            deeds += [self.flow.anytime[action]] if action in self.flow.anytime else []
            for deed in deeds[:1]:
                found += ["DV301" for one in deed.demands.get("collect", ()) if one not in values]
                given = event.get("evidence", {})
                found += ["DV303" for one in deed.demands.get("evidence", ()) if not is_proof(given.get(one))]
        return found + self.checks.data(event)

    def waiving(self, event: PlainEvent) -> list[str]:
        """Return what is wrong with a waiver; if anything is, it excuses nothing."""
        waiver = event["waiver"]
        found = [] if self.holds(event) else ["DV204"]
        if not waiver["code"].startswith(WAIVABLE) or waiver["code"] == AUTHORITY:
            found.append("DV204")  # nobody has the authority to excuse that
        if event.get("actor") == waiver["person"]:
            found.append("DV702")
        if is_blank(event.get("reason")):
            found.append("DV306")
        return found

    def disposed(self, findings: Iterable[Finding], trace: Sequence[PlainEvent]) -> list[Disposed]:
        """Say what becomes of findings, and which waivers came too late for them."""
        waivers = [one for one in trace if one["kind"] == "waiver" and not _is_refused(one) and not self.waiving(one)]
        told: list[Disposed] = []
        for one in findings:
            code, seq, _, _ = one
            event = trace[seq - 1 if seq is not None else -1]
            if code == "DV701":
                leads = "permitted" if self.may_lead(event) and self.permits(event) else "unexcused"
                told.append((*one, leads))
                continue
            meant, blames = self.meant(one)
            fits = [waiver for waiver in waivers if _covers(waiver, meant, event, blames=blames)]
            at = self.due(one, event)
            in_time = [waiver for waiver in fits if at <= moment(waiver["waiver"]["until"])]
            told.append((*one, "excused" if in_time else "unexcused"))
            # Only a waiver that was there before can have been used after its expiry.
            was_there = any(waiver in trace[: (seq or len(trace)) - 1] for waiver in fits)
            late: Disposed = ("DV703", seq, None, None, "unexcused")
            if was_there and not in_time and late not in told:
                told.append(late)
        return told

    def meant(self, finding: Finding) -> tuple[Finding, bool]:
        """Return a finding with the step and the action that excuse it if they are named, and whether it blames anybody.

        A rule blames whoever did what is forbidden, and nobody for what is missing.
        """
        code, seq, told, _ = finding
        rule, colon, how = (told or "").partition(": ")
        if not colon:
            return finding, True
        if how.startswith(("missing", "late")):
            step, action = demanded(self.rules[rule], code)
            return (code, seq, step, action), False
        step, _, action = (finding[3] or ".").partition(".")
        return (code, seq, step or None, action or None), True

    def due(self, finding: Finding, event: PlainEvent) -> datetime:
        """Return the moment by which a waiver goes: of what is late its deadline, else when the event was."""
        rule, _, how = (finding[2] or "").partition(": ")
        within = length(self.rules[rule].get("within")) if how.startswith("late") else None
        return moment(event["at"]) if within is None else moment(event["at"]) + within

    def may_lead(self, event: PlainEvent) -> bool:
        """Return True if an override by somebody with authority says where the case stands afterwards."""
        return self.holds(event) and read_standing(self.flow, event["override"]["to"]) is not None


def _is_refused(event: PlainEvent) -> bool:
    return event.get("lifecycle") == "refused"


def _covers(granting: PlainEvent, finding: Finding, event: PlainEvent, *, blames: bool = True) -> bool:
    """Return True if a waiver is meant for a finding, its expiry apart."""
    code, seq, step, action = finding
    waiver = granting["waiver"]
    who = event.get("actor") if blames and seq is not None and code != "DV101" else None
    if waiver["code"] != code or waiver.get("step", step) != step or waiver.get("action", action) != action:
        return False
    if event.get("actor") == granting.get("actor"):
        return False  # nobody makes use of what they granted
    return who == waiver["person"] if who is not None else "step" in waiver or "action" in waiver
