"""PF3: arrows that cannot work."""

from procflow.model.rules.rule import error

RULES = (
    error(
        "PF306",
        "automatic-circle",
        "Blocks that may be passed at once lead to each other in a circle.",
        """A block whose every branch has `only-if` is passed at once if none of them is needed. If such blocks lead to each
        other through `then`, a case could go round for ever without anybody acting. Put a step into the circle.""",
        passes="""
        checks:
          parallel:
            legal: { only-if: gravity == "critical", by: lawyer, actions: { give-opinion: done } }
          then: reply
        """,
        fails="""
        checks:
          parallel:
            legal: { only-if: gravity == "critical", by: lawyer, actions: { give-opinion: done } }
          then: checks
        """,
    ),
    error(
        "PF311",
        "jump-over-border",
        "An arrow leads into, out of or between the branches of a block.",
        """A block is entered as a whole and left as a whole; a jump over its border would leave the other branches running
        with nobody waiting for them. `done` ends a branch, `then` says where the case goes, and an end stands at the top
        level. To leave a block early, use an `anytime` action.""",
        passes="""
        technical: { by: expert, actions: { submit: done } }
        """,
        fails="""
        technical: { by: expert, actions: { submit: reply } }      # a branch; `reply` is outside
        """,
    ),
    error(
        "PF312",
        "action-in-two-branches",
        "The same action occurs in two branches of one block.",
        "Both branches are active at the same time, so an event with that action could mean either. Give them two names.",
        passes="""
        parallel:
          technical: { by: expert, actions: { submit-report: done } }
          legal: { by: lawyer, actions: { submit-opinion: done } }
        """,
        fails="""
        parallel:
          technical: { by: expert, actions: { submit: done } }
          legal: { by: lawyer, actions: { submit: done } }
        """,
    ),
)
"""In the order of their codes."""
