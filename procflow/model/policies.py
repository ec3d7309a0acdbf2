"""Policies: rules across procedures, and across cases, from one file that a whole house keeps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from procflow.errors import Finding, ProcedureInvalid, SourceSpan
from procflow.expressions.types import Choice, FieldType
from procflow.model.ignores import Ignore
from procflow.model.procedure import ANY, DataField, Procedure, Role
from procflow.model.rule import PERSON, Form, Happening, HappeningKind, Per, Rule
from procflow.model.rules import finding
from procflow.model.text import Text

_ALL_OF = frozenset({Form.TOGETHER})
_TWO_OF = frozenset({Form.NOT_BOTH, Form.SAME_PERSON, Form.DIFFERENT_PERSON})
_OF_A_CASE = frozenset({HappeningKind.OPENS, HappeningKind.ENDS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """The content of `policies.yaml`, checked by itself; what its names mean, the procedures at hand say."""

    id: str
    version: str
    title: Text = field(default_factory=dict)
    purpose: Text = field(default_factory=dict)
    owner: str | None = None
    calendar: str | None = None
    """What working time in its rules is counted on; None: the calendar of the procedure they hold in."""
    roles: Mapping[str, Role] = field(default_factory=dict)
    """Roles that `by` of a rule names."""
    data: Mapping[str, DataField] = field(default_factory=dict)
    """What rules read, with the types that procedures must give it."""
    rules: tuple[Rule, ...]
    """In the order of the file. A happening without a procedure is one of any procedure that has it."""
    ignores: tuple[Ignore, ...] = ()
    digest: str
    """SHA-256 over the content in its order, in hex."""
    where: SourceSpan

    @property
    def across(self) -> tuple[Rule, ...]:
        """The rules that are judged over all cases of a client, or over all that a person did, under their full ids."""
        return tuple(self._named(one) for one in self.rules if one.per is not Per.CASE)

    def rules_for(self, procedure: Procedure) -> tuple[Rule, ...]:
        """Return the rules that are judged in each case of a procedure: those that fit it, its own names in them.

        Their ids begin with that of the policies, as `house-rules/heard-first`: the procedure may have one of that name.
        """
        fitting = (one for one in self.rules if one.per is Per.CASE and self.misfit(one, procedure) is None)
        return tuple(self._named(localised(one, procedure)) for one in fitting)

    def _named(self, rule: Rule) -> Rule:
        return replace(rule, id=f"{self.id}/{rule.id}")

    def misfit(self, rule: Rule, procedure: Procedure) -> str | None:
        """Return why a rule is not judged in cases of a procedure, in words; None if it is.

        Over several cases it is enough that something of it can happen there.
        """
        triggers, targets = _there(rule.triggers, procedure), _there(rule.targets, procedure)
        lacking = list(_lacking_names(rule, triggers, targets))
        if rule.per is not Per.CASE and (triggers or targets):
            lacking = []
        if not lacking:
            lacking = list(self._lacking_data(rule, procedure, triggers, targets))
        return " and ".join(lacking) or None

    def _lacking_data(
        self, rule: Rule, procedure: Procedure, triggers: Collection[Happening], targets: Collection[Happening]
    ) -> Iterator[str]:
        reads = fields_of(rule, sets_off=bool(triggers or not rule.triggers), answers=bool(targets))
        for name in reads:
            known = procedure.data.get(name)
            if known is None:
                yield f"no data field `{name}`"
            elif not is_read_as(self.data[name].type, known.type):
                yield f"another type of `{name}`"
        role = rule.by.role if rule.by is not None and targets else None
        if role is not None and role != ANY and role not in procedure.roles:
            yield f"no role `{role}`"


def named_alike(policies: Policies, procedure: Procedure) -> Finding:
    """Return what is to be said of policies and a procedure with one id: nobody could tell whose rule is whose."""
    return finding(
        "PF634",
        f"the policies are called `{policies.id}`, and so is a procedure ({procedure.where.file})",
        where=policies.where,
        hint="give the policies an id of their own, such as house-rules",
    )


def check_ids(policies: Policies, procedures: Iterable[Procedure]) -> None:
    """Raise ProcedureInvalid if the policies have the id of one of these."""
    for procedure in procedures:
        if procedure.id == policies.id:
            found = named_alike(policies, procedure)
            raise ProcedureInvalid(found.message, findings=[found], code="PF634", hint=found.hint)


def fields_of(rule: Rule, *, sets_off: bool = True, answers: bool = True) -> tuple[str, ...]:
    """Return the data fields a rule reads where it is set off, and where it is answered."""
    found: list[str] = []
    if sets_off and rule.when is not None:
        found += sorted(rule.when.reads)
    if answers and rule.by is not None and rule.by.field is not None:
        found.append(rule.by.field)
    found += [name for name in (*rule.same, *rule.different) if name != PERSON]
    return tuple(dict.fromkeys(found))


def is_read_as(read: FieldType, given: FieldType) -> bool:
    """Return True if values of the type a procedure gives can be read as policies read them."""
    if isinstance(read, Choice) and isinstance(given, Choice):
        return set(read.of) <= set(given.of)
    return read == given


def is_there(happening: Happening, procedure: Procedure) -> bool:
    """Return True if this can happen in cases of a procedure."""
    if happening.procedure not in (None, procedure.id):
        return False
    if happening.kind in _OF_A_CASE:
        return True
    if happening.kind in (HappeningKind.ENTERS, HappeningKind.LEAVES):
        return happening.name in procedure.steps
    if happening.step is None:
        return happening.name in procedure.actions
    step = procedure.steps.get(happening.step)
    if step is None:
        return False
    items = step.checklist.items if step.checklist is not None else ()
    return happening.name in step.actions or happening.name in items


def localised(rule: Rule, procedure: Procedure) -> Rule:
    """Return a rule as one of a procedure's own: of its happenings those that it has."""
    return replace(rule, triggers=_own(_there(rule.triggers, procedure)), targets=_own(_there(rule.targets, procedure)))


def _there(happenings: tuple[Happening, ...], procedure: Procedure) -> tuple[Happening, ...]:
    return tuple(one for one in happenings if is_there(one, procedure))


def _own(happenings: tuple[Happening, ...]) -> tuple[Happening, ...]:
    return tuple(dict.fromkeys(replace(one, procedure=None) for one in happenings))


def _lacking_names(rule: Rule, triggers: tuple[Happening, ...], targets: tuple[Happening, ...]) -> Iterator[str]:
    """Yield what a rule of a single case needs and cannot be had, as `no “send”`."""
    if rule.triggers and not triggers:
        yield f"no {_any(rule.triggers)}"
    gone = [one for one in rule.targets if one not in targets]
    if rule.form in _ALL_OF and gone:
        yield from (f"no “{one}”" for one in gone)
    elif len(targets) < (2 if rule.form in _TWO_OF else 1):
        yield f"no {_any(gone)}"


def _any(happenings: Collection[Happening]) -> str:
    return " or ".join(f"“{one}”" for one in happenings)
