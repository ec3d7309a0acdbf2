"""PF9: how a file is kept, and what is said about it."""

from procflow.model.rules.rule import warning

RULES = (
    warning(
        "PF906",
        "ignored-nothing",
        "A comment ignores a finding that is not there.",
        """The mistake was mended, or the comment stands in another line than it is about: at the end of the line, or alone on
        the line above. A comment that ignores nothing hides what comes there later.""",
        passes="""
        data:
          colour: text   # procflow: ignore PF208 - the client portal will ask for it from May on
        """,
        fails="""
        # procflow: ignore PF208 - the client portal will ask for it from May on
        data:
          colour: text
        """,
    ),
)
"""In the order of their codes."""
