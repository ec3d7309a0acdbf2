"""PF7: scenarios that fail, that leave something out, or that name what is not there."""

from procflow.model.rules.rule import error, remark

RULES = (
    error(
        "PF701",
        "scenario-fails",
        "A scenario does not come out as its owner expects.",
        """Either the procedure does not say what its owner means, or the scenario tells the story of an older version. The
        finding stands where the story went another way, and says what happened instead. `procflow test` runs scenarios.""",
        passes="""
        scenarios:
          - scenario: A complaint about somebody else is refused
            given: { ours: false }
            do: [agent refuse]
            expect: { ends: refused }
        """,
        fails="""
        scenarios:
          - scenario: A complaint about somebody else is refused
            given: { ours: true }
            do: [agent refuse]
            expect: { ends: refused }
        """,
    ),
    remark(
        "PF702",
        "not-shown",
        "No scenario shows a step, an action, a side of a condition, of a clock or of a rule, or a way to deviate.",
        """What no story tells, nobody has tried: the mistake in it waits for a client. `procflow test --suggest` writes the
        shortest scenarios that show it. What cannot be shown can be set aside with a reason:
        `# procflow: ignore PF702 - nobody withdraws before 2027`.""",
        passes="""
        steps:
          intake: { by: agent, actions: { accept: closed, refuse: refused } }
        scenarios:
          - { scenario: Ours, do: [agent accept], expect: { ends: answered } }
          - { scenario: Not ours, do: [agent refuse], expect: { ends: refused } }
        """,
        fails="""
        steps:
          intake: { by: agent, actions: { accept: closed, refuse: refused } }
        scenarios:
          - { scenario: Ours, do: [agent accept], expect: { ends: answered } }
        """,
    ),
    error(
        "PF703",
        "scenario-names-nothing",
        "A scenario names a person, role, action, step, data field, proof, outcome, deviation or rule that does not exist.",
        """A misspelt name would make the story fail for a reason that has nothing to do with the procedure, or leave out
        of it what its owner meant. The first word of an entry under `do` is a person of the scenario, or a role.""",
        passes="""
        scenarios:
          - scenario: It is not ours
            given: { ours: false }
            do: [agent refuse]
            expect: { ends: refused }
        """,
        fails="""
        scenarios:
          - scenario: It is not ours
            given: { our: false }
            do: [agnet refuse]
            expect: { ends: refuse }
        """,
    ),
    error(
        "PF704",
        "given-does-not-fit",
        "A scenario gives a value that does not fit its data field.",
        """What stands under `given` is supplied behind the scenes, so it must be right. A value that is wrong on purpose
        belongs to whoever gives it: `{ by: agent, action: accept, data: { gravity: huge } }`.""",
        passes="given: { gravity: minor }",
        fails="given: { gravity: huge }",
    ),
    error(
        "PF705",
        "nothing-tested",
        "There was no scenario to run.",
        """Nothing was shown, so nothing is proven: a test of nothing must not look green. `procflow test --suggest` writes
        scenarios for a file that has none; `-k` may name none that is there.""",
        passes="""
        scenarios:
          - { scenario: Ours, do: [agent accept], expect: { ends: answered } }
        """,
        fails="""
        steps: { intake: { by: agent, actions: { accept: closed } }, closed: { end: answered } }   # and no `scenarios:`
        """,
    ),
)
"""In the order of their codes."""
