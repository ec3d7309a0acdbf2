"""PF5: conditions that cannot be read, or cannot mean what was meant."""

from procflow.model.rules.rule import error, remark, warning

RULES = (
    error(
        "PF501",
        "condition-syntax",
        "A condition cannot be read.",
        """Conditions are written like this: `compensation > 0 or gravity != "minor"`. Two values are compared with `==`, words
        stand in plain quotes, and the words between conditions are `and`, `or` and `not`. Signs of other languages and the
        quotes of a word processor are told with what stands for them.""",
        passes="""when: gravity == "minor" """,
        fails="""when: gravity = "minor" """,
    ),
    error(
        "PF502",
        "condition-name",
        "A condition names a data field, an action or a function that does not exist.",
        "The hint offers the closest name. A word that is a value stands in quotes.",
        passes='when: gravity == "minor"',
        fails='when: gravty == "minor"',
    ),
    error(
        "PF503",
        "condition-types",
        "A condition compares or combines values that do not go together, or does not say yes or no.",
        "Types come from `data:`. Numbers go with numbers, money with money of one currency, moments with moments.",
        passes="when: compensation > 100",
        fails="when: gravity > 100",
    ),
    error(
        "PF504",
        "condition-value",
        "A condition compares a choice with a word it can never have.",
        "It would never be true, and nobody would notice. The hint offers the closest of the choice's words.",
        passes='when: gravity == "major"',
        fails='when: gravity == "majr"',
    ),
    remark(
        "PF505",
        "overlap",
        "Two alternatives are true at once, and lead to different places.",
        """The first one wins, so the second is not taken although its condition holds. That may be meant: then there is nothing
        to do. It is not told where the first is a special case of the second, as in `amount > 1000` before `amount > 100`.""",
        passes="""
        propose:
          - { to: lawyer, when: gravity == "critical" }
          - { to: lead, when: gravity != "critical" and compensation > 500 }
          - { to: reply, otherwise: true }
        """,
        fails="""
        propose:
          - { to: lawyer, when: gravity == "critical" }
          - { to: lead, when: compensation > 500 }
          - { to: reply, otherwise: true }
        """,
    ),
    warning(
        "PF506",
        "gap",
        "There are values with which nothing is open.",
        """A case with these values is stuck, or its action cannot be done, and nobody meant that: most often a `<` that should be
        `<=`. Cover the values with a condition, or end the alternatives with `otherwise: true`. A single action with `when`
        beside others is a guard, and not told; a step all of whose ways out are guarded is. What leads to a step counts:
        where only cases with `compensation > 0` arrive, nobody is told about 0. A limit counts as well: if the only ways out
        have an `at-most`, a case that comes back once they are used up is stuck, unless something is possible at any time.""",
        passes="""
        propose:
          - { to: approval, when: compensation > 500 }
          - { to: reply, when: compensation <= 500 }
        """,
        fails="""
        propose:
          - { to: approval, when: compensation > 500 }
          - { to: reply, when: compensation < 500 }
        """,
    ),
    warning(
        "PF507",
        "never-true",
        "A condition is never true, whatever the values.",
        """What depends on it never happens: an action nobody can do, an alternative nobody takes, a branch that is never needed.
        Most often an `and` should be an `or`. A part of a condition beside `or` that is never true is told too.""",
        passes='when: gravity == "minor" or gravity == "major"',
        fails='when: gravity == "minor" and gravity == "major"',
    ),
    warning(
        "PF508",
        "always-true",
        "A condition is always true, whatever the values.",
        """It decides nothing, and whoever reads it believes that it does. Most often an `or` should be an `and`. A
        part of a condition beside `and` that is always true is told too.""",
        passes='when: gravity != "minor" and gravity != "major"',
        fails='when: gravity != "minor" or gravity != "major"',
    ),
    warning(
        "PF509",
        "may-be-unknown",
        "A condition, or `by: { field: ... }`, reads a field that is not known on every way there.",
        """What is missing makes a condition undecided, not false: the work stands still. The hint shows a way on which nobody is
        asked for the field. Collect it on that way too, or let the condition ask with `has(...)`. What a step collects is not
        asked for by actions marked `incomplete`, nor what is `optional`.""",
        passes="""
        intake: { by: agent, collect: [amount], actions: { accept: decide, pass-on: { to: decide } } }
        decide: { by: lead, actions: { pay: { to: paid, when: amount < 100 }, refuse: refused } }
        """,
        fails="""
        intake: { by: agent, collect: [amount], actions: { accept: decide, pass-on: { to: decide, incomplete: true } } }
        decide: { by: lead, actions: { pay: { to: paid, when: amount < 100 }, refuse: refused } }
        """,
    ),
    error(
        "PF510",
        "condition-too-big",
        "A condition is too long, too deep or too costly.",
        """Conditions are read for every event by a machine and once a year by a person; both need them short. Split the step,
        or collect the answer as a data field of its own.""",
        passes='when: gravity in ["major", "critical"]',
        fails='when: gravity == "a" or gravity == "b" or ...     # and so on for pages',
    ),
    warning(
        "PF511",
        "never-reached",
        "An alternative is never taken: whenever it could be, one above it is taken.",
        """Alternatives are read from above, and the first whose condition is true is taken. Put the special case above the
        general one, or remove what is never reached.""",
        passes="""
        propose:
          - { to: lead, when: compensation > 1000 }
          - { to: expert, when: compensation > 100 }
          - { to: reply, otherwise: true }
        """,
        fails="""
        propose:
          - { to: expert, when: compensation > 100 }
          - { to: lead, when: compensation > 1000 }
          - { to: reply, otherwise: true }
        """,
    ),
)
"""In the order of their codes."""
