"""PF2: names that lead nowhere, are used twice, or are easily mixed up."""

from procflow.model.rules.rule import error, warning

RULES = (
    error(
        "PF201",
        "step-does-not-exist",
        "A step is named that the procedure does not have, or that cannot be meant there.",
        "The hint offers the closest name. `same` stays where the case stands; `done` ends a branch.",
        passes="""
        steps:
          intake: { by: agent, actions: { accept: closed } }
          closed: { end: answered }
        """,
        fails="""
        steps:
          intake: { by: agent, actions: { accept: close } }
          closed: { end: answered }
        """,
    ),
    error(
        "PF202",
        "role-does-not-exist",
        "A role is named that `roles:` does not list, or that cannot be meant there.",
        """Nobody could ever hold it, so nobody could do the step. `any` means whoever it is: nobody can wait for that,
        and not just anybody may set the procedure aside, nor anybody outside the organisation.""",
        passes="""
        roles: { agent: Writes to the client }
        steps: { intake: { by: agent, actions: { accept: closed } } }
        """,
        fails="""
        roles: { agent: Writes to the client }
        steps: { intake: { by: agnet, actions: { accept: closed } } }
        """,
    ),
    error(
        "PF203",
        "field-does-not-exist",
        "A data field is named that `data:` does not list, or one of a type that does not fit.",
        """`not-by` needs a field that names a person, `by: { field: ... }` one that names a person or a team. A waiting step
        that demands `asked` or `due` needs them to be a text and an instant.""",
        passes="""
        data: { cause: text }
        steps: { draft: { by: agent, collect: [cause], actions: { send: closed } } }
        """,
        fails="""
        data: { cause: text }
        steps: { draft: { by: agent, collect: [causes], actions: { send: closed } } }
        """,
    ),
    error(
        "PF204",
        "calendar-does-not-exist",
        "A calendar is named that nobody has.",
        """Nobody could say when its hours are. Calendars are files `calendars/ID.yaml` in the folder of the procedure, or in a
        folder above it up to the workspace's; after those come the ones the program ships (`ro`, `ru`, `ir`, `pl`).
        `24x7` needs no file. A file that holds a calendar of another name holds none that anybody finds.""",
        passes="calendar: 24x7",
        fails="calendar: 24-7",
    ),
    error(
        "PF205",
        "evidence-does-not-exist",
        "The mapping names evidence that no step or action of the procedure demands.",
        "A misspelt name would make every event look as if its proof were missing.",
        passes="evidence: { answer-letter: attachment }",
        fails="evidence: { anwser-letter: attachment }",
    ),
    warning(
        "PF207",
        "names-alike",
        "Two names differ only in capitals, hyphens or underscores.",
        "People will mix them up, and so will logs. Give them names that sound different.",
        passes="evidence: [test-report, test-protocol]",
        fails="evidence: [test-report, testreport]",
    ),
    warning(
        "PF208",
        "never-used",
        "A role or a data field is declared and never used.",
        "Either something is left over from an earlier version, or a step forgot to ask for it.",
        passes="""
        data: { cause: text }
        steps: { draft: { by: agent, collect: [cause], actions: { send: closed } } }
        """,
        fails="""
        data: { cause: text, colour: text }
        steps: { draft: { by: agent, collect: [cause], actions: { send: closed } } }
        """,
    ),
    warning(
        "PF209",
        "used-before-known",
        "A condition, `by: { field: ... }` or `not-by` reads a field that nobody was asked for by then.",
        """Nobody can say what is to be done, so the work stands still; and `not-by` bars nobody. Let an earlier step
        `collect` it. What is given when a case is opened cannot be seen here: if the field comes that way, ignore this
        and say so. `has(...)` may ask for what is unknown. It is also told of what `hand-offs` demand (`needs`, `form`): the
        work could never be offered in order.""",
        passes="""
        data: { amount: { type: money, currency: EUR } }
        steps:
          intake: { by: agent, collect: [amount], actions: { accept: decide } }
          decide: { by: lead, actions: { pay: { to: paid, when: amount < 100 }, refuse: refused } }
        """,
        fails="""
        data: { amount: { type: money, currency: EUR } }
        steps:
          intake: { by: agent, actions: { accept: decide } }
          decide: { by: lead, actions: { pay: { to: paid, when: amount < 100 }, refuse: refused } }
        """,
    ),
    error(
        "PF210",
        "id-used-twice",
        "One id stands for two things.",
        """Steps, branches, actions and checklist items share one namespace, so that an event or a rule that names one can
        mean nothing else. An action may recur in several steps.""",
        passes="""
        draft: { by: agent, actions: { propose: approval } }
        approval: { by: lead, actions: { approve: closed } }
        """,
        fails="""
        draft: { by: agent, actions: { approval: approval } }
        approval: { by: lead, actions: { approve: closed } }
        """,
    ),
    error(
        "PF211",
        "reserved-word",
        "An id is a word that means something in the language.",
        """`same`, `done`, `back`, `start`, `end`, `any`, `skip`, `redo`, `undo`, `do-early` and `override` have a meaning of
        their own; a data field must not be a word of the condition language, such as `not` or `now`.""",
        passes="reply: { by: agent, actions: { finish: closed } }",
        fails="reply: { by: agent, actions: { end: closed } }",
    ),
    error(
        "PF212",
        "listed-twice",
        "The same name stands twice in a list.",
        "The second one adds nothing; perhaps another name was meant.",
        passes="collect: [ours, gravity]",
        fails="collect: [ours, ours]",
    ),
    error(
        "PF213",
        "action-does-not-exist",
        "An action is named that the procedure does not have.",
        """A rule about it would never be set off, and of a log the rows with its word would all be reported as unknown actions.
        The hint offers the closest name.""",
        passes="action: { column: activity, to: { Accepted: accept } }",
        fails="action: { column: activity, to: { Accepted: acept } }",
    ),
    error(
        "PF214",
        "team-does-not-exist",
        "A person belongs to a team that `teams:` does not list.",
        "The team's roles would be missing, and people would be told that they may not act.",
        passes="""
        people: { ana: { teams: [care] } }
        teams: { care: { roles: [agent] } }
        """,
        fails="""
        people: { ana: { teams: [caer] } }
        teams: { care: { roles: [agent] } }
        """,
    ),
    error(
        "PF215",
        "title-of-nothing",
        "`titles` names something that is not there, or that has its title elsewhere.",
        """Under `titles` stand ids that have no room for a title of their own: items of a checklist, evidence, words of a
        choice, outcomes, branches of several steps. Nobody would ever read the title of anything else.""",
        passes="""
        steps: { intake: { by: agent, evidence: [letter], actions: { accept: closed } } }
        titles: { letter: The letter of the client }
        """,
        fails="""
        steps: { intake: { by: agent, evidence: [letter], actions: { accept: closed } } }
        titles: { leter: The letter of the client }
        """,
    ),
    warning(
        "PF216",
        "role-nobody-knows",
        "Somebody in people.yaml holds a role that no procedure given with it knows, and that is close to one they know.",
        """Misspelt, the role would let nobody act, and the worklist of these people would stay empty. Of a role that is close to
        none nothing is said: it may belong to a procedure that was not given.""",
        passes="people: { ana: { roles: [agent] } }",
        fails="people: { ana: { roles: [agnet] } }",
    ),
    warning(
        "PF217",
        "role-nobody-holds",
        "A role acts in the procedure, and nobody in people.yaml holds it.",
        """A case would come to its step and wait for ever. Give the role to somebody or to a team; somebody outside the
        organisation is `external: true`.""",
        passes="""
        people: { ana: { roles: [agent, lead] } }     # everybody the steps wait for
        """,
        fails="""
        people: { ana: { roles: [agent] } }           # and `lead` has steps, too
        """,
    ),
)
"""In the order of their codes."""
