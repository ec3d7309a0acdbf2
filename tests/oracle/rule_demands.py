"""Rules that demand something: each form as a definition over all positions of a case."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.oracle.rule_fates import CODES, Found, Telling, manner_of, missed, numbers_of, paired, triggers
from tests.oracle.rule_words import Case, Fate, Slot, Told, both, named

# What becomes of a demand that looks ahead


def _settled(case: Case, since: int, meets: Callable[[int], Told], *, breaks: Callable[[int], bool]) -> Fate:
    """Return what becomes of a demand set off at a position: the first thing that settles it.

    `meets` says whether a position carries what is demanded, `breaks` whether it is too late with this position.
    """
    for index in range(since, len(case.spots)):
        spot = case.spots[index]
        if index > since and spot.gap:
            return Fate(since, "unseen", index)
        if index > since and case.late(since, spot.at):
            return Fate(since, "broken", index, "late")
        met = meets(index)
        if met is not False:
            return Fate(since, "kept" if met else "unseen", index, by=index)
        if index > since and breaks(index):
            return Fate(since, "broken", index, "missing")
        if index == case.end:
            return Fate(since, "released", index) if spot.cancelled else Fate(since, "broken", index, "missing")
    if case.end is None and case.late(since, case.as_of):
        return Fate(since, "broken", None, "late")
    return Fate(since, "pending")


def after(case: Case, trigger: str = "after", target: str = "there-must-be") -> Telling:
    """Response."""
    found, fates, active = triggers(case, trigger, demand=True)
    wanted = case.slots(named(case.rule[target]))
    for since in active:
        last = case.slots(named(case.rule[trigger]), since)[-1]

        def next_trigger(index: int, since: int = since) -> Slot | None:
            """Return the same trigger set off again there."""
            same = all(case.value(index, key) == case.value(since, key) for key in case.keys("same"))
            again = case.rule.get("each-time") and index > since and index in active and same
            return case.slots(named(case.rule[trigger]), index)[0] if again else None

        def meets(index: int, since: int = since, last: Slot = last) -> Told:
            until = next_trigger(index, since)
            for slot in wanted:
                if slot[0] == index and slot > last and (until is None or slot <= until):
                    met = paired(case, since, index, 1, by=target == "there-must-be")
                    if met is not False:
                        return met
            return False

        def breaks(index: int, since: int = since) -> bool:
            return next_trigger(index, since) is not None or bool(case.rule.get("next") and case.counts(index))

        def allowed(index: int, since: int = since) -> bool:
            """Return False where `next` has gone by: what comes in a position that does not count is too early."""
            return not case.rule.get("next") or index == since or case.counts(index)

        fates.append(_settled(case, since, lambda index: allowed(index) and meets(index), breaks=breaks))
    codes = CODES["after there-must-be"]
    return found + missed(case, fates, codes[manner_of(case)]), fates


# What looks back


def before(case: Case, trigger: str = "before", target: str = "there-must-be") -> Telling:
    """Precedence."""
    found, fates, active = triggers(case, trigger, demand=False)
    wanted = case.slots(named(case.rule[target]))
    for since in active:
        here = case.slots(named(case.rule[trigger]), since)[0]
        from_position, floor = -1, (-1, 0, 0)
        if case.rule.get("each-time"):
            for one in active:
                if one < since and all(case.value(one, key) == case.value(since, key) for key in case.keys("same")):
                    from_position, floor = one, case.slots(named(case.rule[trigger]), one)[-1]
        earlier = [slot for slot in wanted if floor < slot < here]
        if case.rule.get("next"):
            from_position = max((one for one in range(since) if case.counts(one)), default=-1)
            earlier = [slot for slot in earlier if slot[0] in (since, from_position)]
        said = {slot[0]: paired(case, since, slot[0], -1, by=target == "there-must-be") for slot in earlier}
        if case.rule.get("next") and case.gaps(from_position, since):
            said = {index: one if index == since or one is False else None for index, one in said.items()}
        if True in said.values():
            fates.append(Fate(since, "kept", since, by=max(index for index, one in said.items() if one)))
        elif None in said.values() or (
            case.gaps(from_position, since) and (case.rule.get("next") or case.hidden(since))
        ):
            fates.append(Fate(since, "unseen", since))
        else:
            fates.append(Fate(since, "broken", since, "missing"))
    return found + missed(case, fates, CODES["before there-must-be"][manner_of(case)]), fates


def in_turn(case: Case) -> Telling:
    """Succession: each half for itself."""
    ahead, back = after(case, "after", "before"), before(case, "before", "after")
    return ahead[0] + back[0], ahead[1] + back[1]


def if_also(case: Case) -> Telling:
    """Responded existence."""
    found, fates, active = triggers(case, "if", demand=True)
    wanted = sorted({slot[0] for slot in case.slots(named(case.rule["also"]))})
    for since in active:
        past = [paired(case, since, one, 0) for one in wanted if one <= since]
        if True in past or None in past:
            fates.append(Fate(since, "kept" if True in past else "unseen", since, by=since))
        elif case.hidden(since):
            fates.append(Fate(since, "unseen", since))
        else:
            fates.append(
                _settled(
                    case,
                    since,
                    lambda index: paired(case, since, index, 0) if index in wanted else False,  # noqa: B023
                    breaks=lambda _: False,
                )
            )
    return found + missed(case, fates, "DV506"), fates


# What the case itself demands


def _number_of(case: Case) -> tuple[int, tuple[str, ...], str]:
    """Return how often what must happen, and the code if it does not."""
    if case.form == "must-happen":
        return 1, named(case.rule["must-happen"]), "DV501"
    if case.form == "any-of":
        return 1, named(case.rule["any-of"]), "DV514"
    return case.rule["at-least"], named(case.rule["of"]), "DV522"


def must_happen(case: Case) -> Telling:
    """Existence, n times; choice."""
    number, happenings, code = _number_of(case)
    slots = case.slots(happenings)
    flagged = case.cut

    def reached(index: int, *, timely: bool = False) -> Told:
        """Return whether it happened often enough by then, and in time if that is asked."""
        said = [both(case.able(one), case.near(0, one, 1) if timely else True) for one, *_ in slots if one <= index]
        return True if said.count(True) >= number else None if len(said) - said.count(False) >= number else False

    if "when" in case.rule:
        return _at_the_end(case, reached, code)
    for index, spot in enumerate(case.spots):
        flagged = flagged or spot.gap
        if index > 0 and not flagged and case.late(0, spot.at):
            fate = Fate(0, "broken", index, "late")
            return missed(case, [fate], code, of_case=True), [fate]
        met = reached(index)
        if met is not False and case.slots(happenings, index):
            return [], [Fate(0, "kept" if both(met, case.near(0, index, 1) or None) else "unseen", index, by=index)]
        if index == case.end:
            state = "released" if spot.cancelled else "unseen" if flagged else "broken"
            fate = Fate(0, state, index, "missing" if state == "broken" else "")
            return missed(case, [fate], code, of_case=True), [fate]
    if case.end is None and not flagged and case.late(0, case.as_of):
        fate = Fate(0, "broken", None, "late")
        return missed(case, [fate], code, of_case=True), [fate]
    return [], [Fate(0, "pending")]


def _at_the_end(case: Case, reached: Callable[..., Told], code: str) -> Telling:
    """Return what a demand of the case itself comes to if its `when` is read at the end."""
    end = case.end
    if end is None:
        return [], []
    met = reached(end, timely=True)
    if met is False and case.gaps(-1, end) and reached(end) is not False:
        met = None
    spot, holds = case.spots[end], case.sets_off(end)
    if holds == "no":
        return [], []
    if spot.cancelled:
        state = "released" if holds != "yes" or met is False else "kept" if met else "unseen"
        return [], [Fate(0, state, end)]
    if holds == "asked":
        return [Found("DV305", case.number(end), None)], []
    if holds == "unseen" or met is None or (met is False and case.gaps(-1, end)):
        return [], [Fate(0, "unseen", end)]
    if met:
        return [], [Fate(0, "kept", end)]
    fate = Fate(0, "broken", end, "late" if case.late(0, spot.at) else "missing")
    return missed(case, [fate], code, of_case=True), [fate]


def exactly(case: Case) -> Telling:
    """Existence and absence in one."""
    number, slots = case.rule["exactly"], case.slots(named(case.rule["of"]))
    return _so_many(case, number, slots, "DV522", "DV503")


def _so_many(case: Case, number: int, slots: Sequence[Slot], few: str, many: str) -> Telling:
    sure = [slot for slot in slots if case.able(slot[0]) is True]
    possible = [slot for slot in slots if case.able(slot[0]) is not False]
    unsure = any(slot not in sure and not case.over(slot[0]) for slot in possible)
    return _counted(
        case,
        sure[number:],
        lambda upto: sum(slot[0] <= upto for slot in possible) >= number,
        few,
        many,
        unsure=unsure,
    )


def _counted(
    case: Case, beyond: Sequence[Slot], enough: Callable[[int], bool], few: str, many: str, *, unsure: bool = False
) -> Telling:
    """Return what is said if too many and too few are both wrong. `beyond`: those that were too many."""
    end, over = case.end, sorted({slot[0] for slot in beyond})
    now = len(case.spots) - 1
    if "when" in case.rule:
        if end is None:
            return [], []
        over = [one for one in over if one <= end][:1]
        holds = case.sets_off(end)
        cancelled = case.spots[end].cancelled
        if holds == "no":
            return [], []
        if holds != "yes" and not cancelled:
            asked = holds == "asked"
            return ([Found("DV305", case.number(end), None)], []) if asked else ([], [Fate(0, "unseen", end)])
        if holds != "yes":
            return [], [Fate(0, "released", end)]
    found = [Found(many, seq, "forbidden", target=seq) for seq in map(case.number, over)]
    state, at, kind = "pending", None, ""
    if end is not None:
        at = end
        if enough(end):
            state = "unseen" if unsure else "kept"
        elif case.spots[end].cancelled:
            state = "released"
        elif case.gaps(-1, end):
            state = "unseen"
        else:
            state, kind = "broken", "missing"
            found += missed(case, [Fate(0, state, end, kind)], few, of_case=True)
    if over:
        return found, [Fate(0, "broken", end if "when" in case.rule else over[0], "forbidden", by=over[0])]
    return found, [Fate(0, state, at, kind, by=0 if now >= 0 and enough(now) else None)]


def one_of(case: Case) -> Telling:
    """Exclusive choice."""
    names = named(case.rule["one-of"])
    sure = [slot for slot in case.slots(names) if case.able(slot[0]) is True]
    possible = [slot for slot in case.slots(names) if case.able(slot[0]) is not False]
    chosen = [one for one in names if sure and sure[0] in case.slots([one])]
    others = [slot for slot in sure if not any(slot in case.slots([one]) for one in chosen)]
    unsure = any(slot not in sure and slot not in case.slots(chosen) for slot in possible)
    return _counted(
        case, others, lambda upto: any(slot[0] <= upto for slot in possible), "DV514", "DV515", unsure=unsure
    )


def first(case: Case) -> Telling:
    """Init."""
    start = next((index for index in range(len(case.spots)) if case.counts(index)), None)
    if start is None:
        return [], []
    match case.sets_off(start):
        case "no":
            return [], []
        case "asked":
            return [Found("DV305", case.number(start), None)], []
        case "unseen":
            return [], [Fate(start, "unseen", start)]
    able = case.able(start) if case.slots(named(case.rule["first"]), start) else False
    state = "unseen" if case.gaps(-1, start) else _STATE[able]
    fate = Fate(start, state, start, "missing" if state == "broken" else "", by=start)
    return missed(case, [fate], "DV504", of_case=True), [fate]


_STATE = {True: "kept", False: "broken", None: "unseen"}


def last(case: Case) -> Telling:
    """End."""
    end = case.end
    upto = len(case.spots) if end is None else end + 1
    last = max((index for index in range(upto) if case.counts(index)), default=None)
    if last is None:
        return [], []
    able = case.able(last) if case.slots(named(case.rule["last"]), last) else False
    if end is None:
        return [], [] if "when" in case.rule else [Fate(0, "pending", by=0 if able is not False else None)]
    spot, holds = case.spots[end], case.sets_off(end)
    if holds == "no":
        return [], []
    if holds != "yes" and spot.cancelled:
        return [], [Fate(0, "released", end)]
    if holds == "asked":
        return [Found("DV305", case.number(end), None)], []
    state = "unseen" if holds == "unseen" or case.gaps(last, end) else _STATE[able]
    state = "released" if state != "kept" and spot.cancelled else state
    fate = Fate(0, state, end, "missing" if state == "broken" else "")
    return missed(case, [fate], "DV505", of_case=True), [fate]


def together(case: Case) -> Telling:
    """Co-existence."""
    names = named(case.rule["together"])
    found, fates, since = list[Found](), list[Fate](), None
    for index, *_ in case.slots(names):
        if since is not None or case.over(index):
            break
        match case.sets_off(index):
            case "yes":
                since = index
            case "asked":
                found.append(Found("DV305", case.number(index), None))
            case "unseen":
                fates = [Fate(0, "pending", by=index)]
    if since is None:
        return found, [Fate(0, "unseen", case.end) for _ in fates] if case.end is not None else fates
    fate = Fate(since, "pending")
    for index in range(since, len(case.spots)):
        if all(any(slot[0] <= index for slot in case.slots([one])) for one in names):
            fate = Fate(since, "kept", index, by=index)
            break
        if index == case.end:
            cancelled = case.spots[index].cancelled
            state = "released" if cancelled else "unseen" if case.gaps(-1, index) else "broken"
            fate = Fate(since, state, index, "missing" if state == "broken" else "")
            break
    return found + [one._replace(activations=numbers_of(case, [since])[0]) for one in missed(case, [fate], "DV513")], [
        fate
    ]
