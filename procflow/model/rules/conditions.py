"""PF5: conditions that cannot be read, or cannot mean what was meant."""

from procflow.model.rules.rule import error

RULES = (
    error(
        "PF501",
        "condition-syntax",
        "A condition cannot be read.",
        """Conditions are written like this: `compensation > 0 or gravity != "minor"`. Two values are compared with `==`, words
        stand in quotes, and the words between conditions are `and`, `or` and `not`.""",
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
    error(
        "PF510",
        "condition-too-big",
        "A condition is too long, too deep or too costly.",
        """Conditions are read for every event by a machine and once a year by a person; both need them short. Split the step,
        or collect the answer as a data field of its own.""",
        passes='when: gravity in ["major", "critical"]',
        fails='when: gravity == "a" or gravity == "b" or ...     # and so on for pages',
    ),
)
"""In the order of their codes."""
