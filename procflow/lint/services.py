"""Services held against procedures, clients and departments: PF662 to PF668. What nobody is asked for, or promised."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches

from procflow.errors import Finding, SourceSpan
from procflow.expressions.types import Choice
from procflow.model.clients import Clients
from procflow.model.organisation import People
from procflow.model.procedure import Procedure
from procflow.model.rules import finding
from procflow.model.services import Service, Services, clocks_of, inputs_of, providing_roles


def service_findings(
    services: Services, procedures: Sequence[Procedure], elsewhere: Collection[str] = ()
) -> Iterator[Finding]:
    """Yield what services say of procedures that these do not: names, and services of which nobody says what they take.

    `elsewhere`: what else there may be procedures of. Nothing if no procedure is at hand.
    """
    known = {one.id: one for one in procedures}
    for service in services.services.values() if procedures else ():
        procedure = known.get(service.procedure)
        if procedure is not None:
            yield from _unknown(service, procedure)
            yield from _lacking(service, procedure)
        elif service.procedure not in elsewhere:
            message = f"`{service.id}` is given by `{service.procedure}`, and there is no such procedure"
            yield _named("PF662", message, service.procedure, {*known, *elsewhere}, _place(service, "procedure"))
    if all(one.procedure in known for one in services.services.values()):
        actions = {name for one in procedures for name in one.actions}
        for name in services.shadowing if procedures else ():
            if name not in actions:
                message = f"`shadowing` names `{name}`, and no procedure has such an action"
                yield _named("PF663", message, name, actions, None)


def _unknown(service: Service, procedure: Procedure) -> Iterator[Finding]:
    """Yield the names that a procedure does not have."""
    of = f"{procedure.id} has no"
    if not providing_roles(service, procedure):
        departments = {role.department for role in procedure.roles.values() if role.department}
        message = f"{of} role or department `{service.provider}`, which is to give `{service.id}`"
        yield _named("PF663", message, service.provider, {*procedure.roles, *departments}, _place(service, "provider"))
    things = {*procedure.data, *procedure.evidence}
    for name in service.needs:
        if name not in things:
            message = f"{of} data field or proof `{name}`, which `{service.id}` needs"
            yield _named("PF663", message, name, things, _place(service, "needs"))
    for name in service.clocks:
        if name not in procedure.all_clocks:
            message = f"{of} clock `{name}`, which is to promise the time of `{service.id}`"
            yield _named("PF663", message, name, procedure.all_clocks, _place(service, "clocks"))
    for name, value in service.given.items():
        field = procedure.data.get(name)
        if field is None:
            message = f"{of} data field `{name}`, which is given with `{service.id}`"
            yield _named("PF663", message, name, procedure.data, _place(service, "given"))
        elif isinstance(field.type, Choice) and value not in field.type.of:
            message = f"`{value}` is no answer to `{name}`"
            yield _named("PF663", message, value, field.type.of, _place(service, "given"))


def _lacking(service: Service, procedure: Procedure) -> Iterator[Finding]:
    if not inputs_of(service, procedure):
        message = f"nothing says what whoever asks for `{service.id}` must give"
        hint = f"add `needs:`, or let the first step of {procedure.id} collect it (`{procedure.top.start}`)"
        yield finding("PF664", message, where=service.where, hint=hint)
    if not service.clocks and not any(True for _ in clocks_of(service, procedure)):
        message = f"nothing promises when `{service.id}` is done: no clock of {procedure.id} is promised to clients"
        hint = "add a clock to the procedure, or name those of the team under `clocks:`"
        yield finding("PF668", message, where=service.where, hint=hint)


def step_findings(procedure: Procedure, services: Services) -> Iterator[Finding]:
    """Yield the steps of a procedure by which a service is given that work comes to, and nothing says with what."""
    by = [one.id for one in services.services.values() if one.procedure == procedure.id]
    for step in procedure.steps.values() if by else ():
        given = step.hand_offs
        if given is not None and not (given.needs or given.proofs or given.form):
            message = f"work comes to `{step.id}` from other people, and nothing says what they must give with it"
            hint = "add `hand-offs: { needs: [...] }`, or `hand-offs: none` if the work is theirs at once"
            yield finding("PF665", message, where=step.where, hint=hint)


# --- for whom --------------------------------------------------------------------------------------------------------


def departments_of(procedures: Sequence[Procedure]) -> Mapping[str, SourceSpan]:
    """Return the departments that the roles of procedures work in, each with where it is named first."""
    found: dict[str, SourceSpan] = {}
    for role in (role for one in procedures for role in one.roles.values()):
        if role.department and not role.external:
            found.setdefault(role.department, role.where)
    return found


def client_findings(
    services: Services, procedures: Sequence[Procedure], clients: Clients | None, people: People | None
) -> Iterator[Finding]:
    """Yield whom services are for and nobody knows, and the departments that nobody serves.

    Nothing of the first without a file of clients, and nothing of the second without procedures.
    """
    departments = departments_of(procedures)
    inside = {*departments, *(people.teams if people is not None else ())}
    if clients is not None:
        for service in services.services.values():
            for name in service.clients:
                if name not in clients.clients and name not in inside:
                    message = f"`{service.id}` is for `{name}`, and no client and no department is called so"
                    known = {*clients.clients, *inside}
                    yield _named("PF666", message, name, known, _place(service, "for"))
    served = {name for one in services.services.values() for name in one.clients}
    ours = [*departments, *(id for id, one in (clients.clients if clients else {}).items() if one.internal)]
    for name in dict.fromkeys(ours):
        if name not in served and name not in services.unserved:
            message = f"no service is for `{name}`"
            yield finding(
                "PF667", message, hint=f"add it to `for:` of one, or say why under `unserved: {{ {name}: ... }}`"
            )


def _place(service: Service, key: str) -> SourceSpan:
    return service.places.get(key, service.where)


def _named(code: str, message: str, name: str, known: Collection[str], where: SourceSpan | None) -> Finding:
    close = next(iter(get_close_matches(name, sorted(known), n=1)), None)
    there = f"there are: {', '.join(sorted(known)) or 'none'}"
    return finding(code, message, where=where, hint=there if close is None else f"did you mean `{close}`?")
