"""Rules that forbid something: each form as a definition over all positions of a case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from tests.oracle.rule_fates import CODES, Found, Telling, manner_of, numbers_of, paired, triggers
from tests.oracle.rule_words import Case, Fate, Slot, Told, both, named

# What is forbidden


class _Breach(NamedTuple):
    """Something forbidden came, or may have."""

    at: int
    told: Told
    by: tuple[int, ...] = ()
    """The positions of the triggers it breaks."""
    target: int | None = None
    """The position of what was forbidden, if that is another."""
    slot: Slot = (0, 0, 0)


def _forbidden(case: Case, code: str, breaches: Sequence[_Breach]) -> Iterator[Found]:
    """Yield one finding a position."""
    for index in sorted({one.at for one in breaches if one.told}):
        here = [one for one in breaches if one.at == index and one.told]
        others = [index if one.target is None else one.target for one in here]
        latest = sorted(others, key=lambda one: (_moment(case, one), one))
        target = index if any(one.target is None for one in here) else latest[-1]
        named_here = numbers_of(case, [by for one in here for by in one.by])
        yield Found(code, case.number(index), "forbidden", *named_here, target=case.number(target))


def _moment(case: Case, index: int) -> datetime:
    return case.spots[index].at or datetime.min.replace(tzinfo=UTC)


def _ban(case: Case, since: int, breaches: Sequence[_Breach]) -> Fate:
    """Return what becomes of a prohibition."""
    broken = [one.at for one in breaches if one.told]
    if broken:
        return Fate(since, "broken", min(broken), "forbidden", demanded=False)
    if case.end is None:
        return Fate(since, "pending", demanded=False)
    unsure = any(one.told is None for one in breaches)
    return Fate(since, "unseen" if unsure else "kept", max(case.end, since), demanded=False)


def _read(case: Case, index: int) -> tuple[list[Found], Told]:
    """Return whether a happening counts for a rule without a trigger, and what is said if it cannot be told.

    What somebody did whom the rule does not mean is not asked about.
    """
    able = case.able(index)
    match case.reads(index) if able is not False else "no":
        case "yes":
            return [], able
        case "no":
            return [], False
        case "asked":
            return [Found("DV305", case.number(index), None)], False
    return [], None


def never(case: Case) -> Telling:
    """Absence."""
    found, breaches = list[Found](), list[_Breach]()
    for index in sorted({slot[0] for slot in case.slots(named(case.rule["never"]))}):
        lacking, counts = _read(case, index)
        found += lacking
        breaches.append(_Breach(index, counts))
    return [*found, *_forbidden(case, "DV502", breaches)], [_ban(case, 0, breaches)]


def at_most(case: Case) -> Telling:
    """Absence beyond a number, over the whole case or over any stretch of it."""
    found, said = list[Found](), dict[Slot, Told]()
    for slot in case.slots(named(case.rule["of"])):
        lacking, counts = _read(case, slot[0])
        found += lacking
        said[slot] = counts
    breaches = []
    for slot in said:
        near = [
            both(said[slot], said[one], one == slot or _in_window(case, one[0], slot[0])) for one in said if one <= slot
        ]
        if near.count(True) > case.rule["at-most"]:
            breaches.append(_Breach(slot[0], True))
        elif len(near) - near.count(False) > case.rule["at-most"]:
            breaches.append(_Breach(slot[0], None))
    return [*found, *_forbidden(case, "DV503", breaches)], [_ban(case, 0, breaches)]


def _in_window(case: Case, earlier: int, later: int) -> Told:
    stretch = case.window
    if stretch is None:
        return True
    if not case.sight.times:
        return None
    one, two = case.spots[earlier].at, case.spots[later].at
    if one is None or two is None:
        return False  # nobody knows when it was
    blur = case.sight.resolution
    if one <= two - stretch:
        return False
    return True if not blur or one >= two - stretch + blur else None


def after_never(case: Case) -> Telling:
    """Not response."""
    found, fates, active = triggers(case, "after", demand=False)
    banned = case.slots(named(case.rule["never"]))
    breaches = list[_Breach]()
    for since in active:
        first = case.slots(named(case.rule["after"]), since)[0]
        later = [slot[0] for slot in banned if slot > first]
        onward = [one for one in range(since + 1, len(case.spots)) if case.counts(one)][:1]
        if case.rule.get("next"):
            later = [one for one in later if one in (since, *onward)]
        # Once it came too late to be forbidden the time has passed for good, even if what comes then is backdated.
        over = min((one for one in later if one > since and _is_over(case, since, one)), default=None)
        later = [one for one in later if over is None or one <= over]
        own = [_Breach(one, paired(case, since, one, 1, forbidden=True), (since,)) for one in later]
        if case.rule.get("next"):
            across = case.gaps(since, *(onward or [len(case.spots) - 1]))
            own = [one._replace(told=both(one.told, None)) if across and one.at > since else one for one in own]
            if across and not any(one.told for one in own):
                fates.append(Fate(since, "unseen", since, demanded=False))
                continue
        breaches += own
        fates.append(_ban(case, since, own))
    return [*found, *_forbidden(case, CODES["after never"][manner_of(case)], breaches)], fates


def before_never(case: Case) -> Telling:
    """Not precedence: told at the trigger."""
    found, fates, active = triggers(case, "before", demand=False)
    banned = case.slots(named(case.rule["never"]))
    breaches = list[_Breach]()
    for since in active:
        last = case.slots(named(case.rule["before"]), since)[-1]
        earlier = [slot[0] for slot in banned if slot < last]
        if case.rule.get("next"):
            previous = max((one for one in range(since) if case.counts(one)), default=-1)
            earlier = [one for one in earlier if one in (since, previous)]
        own = [_Breach(since, paired(case, since, one, -1, forbidden=True), (since,), one) for one in earlier]
        if case.rule.get("next") and case.gaps(previous, since):
            own = [one._replace(told=both(one.told, None)) if one.target != since else one for one in own]
            own.append(_Breach(since, None))
        breaches += own
        state = "broken" if any(one.told for one in own) else "unseen" if any(one.told is None for one in own) else ""
        kind = "forbidden" if state == "broken" else ""
        fates.append(Fate(since, state or "kept", since, kind, demanded=False))
    return [*found, *_forbidden(case, CODES["before never"][manner_of(case)], breaches)], fates


def if_never(case: Case) -> Telling:
    """Not responded existence: told at the later of the two."""
    found, fates, active = triggers(case, "if", demand=False)
    breaches = list[_Breach]()
    for since in active:
        first, slots = case.slots(named(case.rule["if"]), since)[0], case.slots(named(case.rule["never"]))
        # Once it came too late to be forbidden the time has passed for good, even if what comes then is backdated.
        over = min((slot[0] for slot in slots if slot[0] > since and _is_over(case, since, slot[0])), default=None)
        own = [
            _Breach(max(slot[0], since), _pair_of(case, since, slot[0]), (since,), None if slot >= first else slot[0])
            for slot in slots
            if over is None or slot[0] <= over
        ]
        breaches += own
        fates.append(_ban(case, since, own))
    return [*found, *_forbidden(case, "DV519", breaches)], fates


def _is_over(case: Case, since: int, other: int) -> bool:
    """Return True if what happens at `other` would be forbidden, or may be, were it not too late."""
    return case.passed(since, other) and both(case.alike(since, other), case.able(other)) is not False


def _pair_of(case: Case, since: int, other: int) -> Told:
    return paired(case, since, other, 0, forbidden=True)


def not_both(case: Case) -> Telling:
    """Not co-existence: told at every one that comes after one of the others."""
    found, breaches, counted = list[Found](), list[_Breach](), dict[tuple[Slot, str], Told]()
    for name in named(case.rule["not-both"]):
        for slot in case.slots([name]):
            lacking, counts = _read(case, slot[0])
            found += lacking
            if counts is not False:
                counted[slot, name] = counts
    for (later, name), counts in counted.items():
        for (earlier, other), as_well in counted.items():
            if earlier < later and other != name and (later, other) not in counted:
                told = both(
                    counts,
                    as_well,
                    case.alike(earlier[0], later[0]),
                    case.near(earlier[0], later[0], 1, forbidden=True),
                )
                breaches.append(_Breach(later[0], told, (earlier[0],), slot=later))
    fates = [_ban(case, 0, breaches)] if counted else []
    if counted and True not in counted.values():
        fates = [Fate(0, "pending" if case.end is None else "unseen", case.end, demanded=False)]
    # Of a position the first is told, and of all that came before it the latest.
    sure = [one for one in breaches if one.told]
    latest = [
        max((one for one in sure if one.slot == slot), key=lambda one: (_moment(case, one.by[0]), one.by))
        for slot in (min(one.slot for one in sure if one.at == index) for index in {one.at for one in sure})
    ]
    return [*found, *_forbidden(case, "DV516", latest)], fates


def persons(case: Case) -> Telling:
    """The same hands, or different ones: told at every occurrence after one of another."""
    same = case.form == "same-person"
    names = named(case.rule[case.form])
    found, fates, breaches = list[Found](), list[Fate](), list[_Breach]()
    counted = {}
    for name in names:
        for slot in case.slots([name]):
            lacking, counts = _read(case, slot[0])
            found += lacking
            if counts is not False:
                counted[slot, name] = counts
    for index in sorted({slot[0] for slot, _ in counted}):
        own = []
        for (later, name), counts in counted.items():
            if later[0] != index:
                continue
            for other in names:
                before = [
                    slot for slot, one in counted if one == other and slot < later and (later, other) not in counted
                ]
                said = dict[int, Told]()
                for earlier in sorted(before)[-1:] if same else sorted(before):
                    if other != name:
                        hidden = same and case.gaps(earlier[0], index)
                        one, two = case.spots[earlier[0]].actor, case.spots[index].actor
                        unknown = None in (one, two, counts, counted[earlier, other]) or hidden
                        said[earlier[0]] = None if unknown else (one != two) is same
                # Of those that are wrong the latest is named.
                wrong = [one for one, told in said.items() if told][-1:]
                own += [_Breach(index, told, (one,)) for one, told in said.items() if not told or one in wrong]
        if own:
            breaches += own
            told = True if any(one.told for one in own) else None if any(one.told is None for one in own) else False
            state = {True: "broken", None: "unseen", False: "kept"}[told]
            fates.append(Fate(index, state, index, "forbidden" if told else "", demanded=False))
    return [*found, *_forbidden(case, "DV203" if same else "DV209", breaches)], fates
