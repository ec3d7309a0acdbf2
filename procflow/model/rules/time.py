"""PF4: what is promised, and the time it takes."""

from procflow.model.rules.rule import error

RULES = (
    error(
        "PF407",
        "working-time-without-calendar",
        "Working time is to be counted, and there is no calendar to count it on.",
        """How long 4 working hours are depends on when work is done. Name a calendar at the top of the procedure, or in the
        clock. Elapsed time needs none: `4 hours`, `14 days`.""",
        passes="""
        calendar: office
        clocks:
          first-answer: { until: send, within: 2 working days }
        """,
        fails="""
        clocks:
          first-answer: { until: send, within: 2 working days }
        """,
    ),
)
"""In the order of their codes."""
