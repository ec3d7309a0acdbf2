"""PF1: what is missing, unknown, or of another kind than it should be."""

from procflow.model.rules.rule import error

RULES = (
    error(
        "PF101",
        "missing",
        "Something that must be there is missing.",
        "The finding names the key, and stands at what it belongs to.",
        passes="intake: { by: agent, actions: { accept: closed } }",
        fails="intake: { actions: { accept: closed } }",
    ),
    error(
        "PF102",
        "unknown-key",
        "A key is not known here.",
        """A misspelt key must not pass silently: the author would rely on a control that nobody executes. The hint offers the
        closest key, or says where the key belongs.""",
        passes="draft: { by: agent, collect: [cause], actions: { send: closed } }",
        fails="draft: { by: agent, colect: [cause], actions: { send: closed } }",
    ),
    error(
        "PF103",
        "wrong-kind",
        "A value is of another kind than it should be: a text instead of a list, a list instead of a map, and so on.",
        "The finding says what was found and what is meant.",
        passes="collect: [cause]",
        fails="collect: cause",
    ),
    error(
        "PF104",
        "yes-for-true",
        "`yes`, `no`, `on` or `off` stands where true or false is meant.",
        """In YAML 1.2 these words are text. Write `true` or `false`, which every program reads alike. (A data field of type
        `yes-no` has nothing to do with it: that is what people answer.)""",
        passes="client: { title: The client, external: true }",
        fails="client: { title: The client, external: yes }",
    ),
    error(
        "PF105",
        "not-one-of",
        "A word is not one of those allowed here.",
        "The finding lists the words that are; the hint offers the closest.",
        passes="cause: { type: text }",
        fails="cause: { type: txt }",
    ),
    error(
        "PF106",
        "bad-format",
        "A text or number does not have the form it needs.",
        """Ids are kebab-case (`ask-client`), data fields snake_case (`asked_at`, because conditions use them), dates
        `2026-11-01`, currencies three capitals. One form for each, so that names match wherever they are used.""",
        passes="ask-client: { to: waiting }",
        fails="Ask Client: { to: waiting }",
    ),
    error(
        "PF107",
        "language-version",
        "`procflow:` names a version of the language that this program does not read.",
        "A newer language may mean something else by the same key, so guessing is not safe. This program reads version 1.",
        passes="procflow: 1",
        fails="procflow: 2",
    ),
    error(
        "PF108",
        "number-for-text",
        "A number stands where text is meant.",
        "As a number, 2.10 is 2.1 and 007 is 7. Put it in quotes and it stays what you wrote.",
        passes='version: "2.10"',
        fails="version: 2.10",
    ),
    error(
        "PF109",
        "not-yet",
        "A key belongs to the language, but this version does not execute it yet.",
        """A file uses only what the program executes: a control that nobody executes would be worse than none. Remove it, or
        keep it in a `note:` until it is executed.""",
        passes="reply: { by: agent, actions: { send: closed }, note: kept if it comes early }",
        fails="reply: { by: agent, actions: { send: closed }, keep: true }",
    ),
    error(
        "PF110",
        "alternatives",
        "The alternatives of an action, or of `then`, do not fit together.",
        """They are read in order, and the first whose condition is true is taken. So `otherwise` comes last and has no
        condition, only the last may be without one, and either all of them lead to `same` or none does.""",
        passes="""
        propose:
          - { to: approval, when: compensation > 0 }
          - { to: reply, otherwise: true }
        """,
        fails="""
        propose:
          - { to: reply, otherwise: true }
          - { to: approval, when: compensation > 0 }
        """,
    ),
    error(
        "PF111",
        "one-of-two",
        "Two keys are given of which only one may be.",
        "They answer the same question in two ways, and nothing says which answer counts.",
        passes="""
        case: number
        time: changed_at
        action: activity
        """,
        fails="""
        case: number
        time: changed_at
        action: activity
        status: { column: state, to: { New: intake } }
        """,
    ),
    error(
        "PF112",
        "witness-without-column",
        "`witnesses` claims something for which the mapping names no column.",
        """What the log witnesses is judged: if it claims to know the actor and no column says who it was, every event would
        be a deviation.""",
        passes="""
        actor: changed_by
        witnesses: [actor, time]
        """,
        fails="""
        witnesses: [actor, time]
        """,
    ),
    error(
        "PF120",
        "no-such-rule",
        "The keys of a rule make no form of a rule, or two at once.",
        """Each rule says one thing, and its keys make the form: `after: X, there-must-be: Y`, `never: X`, `at-most: 2, of: X`
        and so on. The hint says which form is nearest. What two rules would say is written as two rules.""",
        passes="answered: { after: accept, there-must-be: send }",
        fails="answered: { after: accept }",
    ),
    error(
        "PF121",
        "key-not-for-this-rule",
        "A key of a rule means nothing in a rule of this form.",
        """A key that nobody reads would be relied on all the same. `each-time` and `next`, for example, say how closely one
        thing follows or precedes another: a rule about one thing alone has no use for them.""",
        passes="answered: { after: accept, there-must-be: send, each-time: true }",
        fails="answered: { must-happen: send, each-time: true }",
    ),
    error(
        "PF122",
        "rule-without-end",
        "A rule over all cases of a client, or all that a person did, demands something that only an end could settle.",
        """A case ends, and then it is known whether what it had to hold came. A client and a person have no such end. So over
        them a rule can forbid, count, look back, or set a length of time: `at-most`, `never`, `after` with `within`, `before`,
        `not-both`, `same-person`, `different-person`.""",
        passes="asked: { after: accept, there-must-be: send, within: 10 days, per: client }",
        fails="asked: { after: accept, there-must-be: send, per: client }",
    ),
    error(
        "PF123",
        "no-such-clock",
        "The keys of a clock make no clock, or two at once, or one that lacks what it is about.",
        """Each clock promises one thing: `within` a length of time, `by` a deadline that a data field says, `every` so often, or
        `at-most` so many times. `every` needs `by-action`, and `at-most` needs `of`. Two promises are two clocks.""",
        passes="first-answer: { until: send, within: 2 working days }",
        fails="first-answer: { until: send }",
    ),
    error(
        "PF124",
        "key-not-for-this-clock",
        "A key of a clock, or of the time of a step, means nothing there.",
        """A key that nobody reads would be relied on all the same. A deadline, for example, stands still for nobody: `paused-in`
        belongs to a length of time. And `late` says what is done when time has run out: without `within` it never does.""",
        passes="intake: { by: agent, within: 4 hours, late: { notify: lead }, actions: { accept: closed } }",
        fails="intake: { by: agent, late: { notify: lead }, actions: { accept: closed } }",
    ),
    error(
        "PF125",
        "promised-for-no-value",
        "What is promised depends on a data field in a way it cannot.",
        """The keys beside `depends-on` are values of the field: a misspelt one would promise something to nobody, and nothing to
        somebody. The field is a choice, yes-no, a number or a text. `tier` need not be declared: it is that of the client.""",
        passes="""
        data: { priority: { type: choice, of: [p1, p2] } }
        clocks:
          repair: { until: send, within: { depends-on: priority, p1: 4 hours, p2: 2 days } }
        """,
        fails="""
        data: { priority: { type: choice, of: [p1, p2] } }
        clocks:
          repair: { until: send, within: { depends-on: priority, p1: 4 hours, p3: 2 days } }
        """,
    ),
    error(
        "PF126",
        "no-such-warning",
        "A warning is no percentage from 1% to 99%, or they do not rise.",
        """A warning is told when so much of the time has been used. At 100% there is nothing left to warn of: what is done
        then is `late`.""",
        passes="warn: [50%, 80%]",
        fails="warn: [50, 100%]",
    ),
    error(
        "PF127",
        "late-does-not-fit",
        "What is to be done when time has run out cannot be done, or is two things at once.",
        """Each entry of `late` does one thing: `notify` a role, `escalate` to one, or `go-to` a step. Only the time of a step
        moves the case, to another step of the same region, and after that nothing more comes of it.""",
        passes="late: [{ notify: lead }, { after: 2 days, escalate: manager }]",
        fails="late: { notify: lead, escalate: manager }",
    ),
    error(
        "PF128",
        "question-cannot-be-put",
        "An action asks somebody something and answers itself, or moves the case.",
        """While a question is open the case stays where it is, and somebody else answers it by another action. Whoever wants
        the case to wait writes a step with `waiting-for`.""",
        passes="""
        anytime:
          ask: { to: same, by: any, ask: { question-to: any, answered-by: answer, answer-within: 1 day } }
          answer: { to: same, by: any }
        """,
        fails="""
        anytime:
          ask: { to: same, by: any, ask: { question-to: any, answered-by: ask, answer-within: 1 day } }
        """,
    ),
)
"""In the order of their codes."""
