"""PF8: what is wrong with a version beside the versions before it."""

from procflow.model.rules.rule import error

RULES = (
    error(
        "PF801",
        "changed-same-version",
        "A version was published before with other content.",
        """Cases are judged by the version effective at their start, and the report names it. If one version had two contents,
        nobody could say which of them a case was held to. Give the changed procedure a new version.""",
        passes="""
        version: "2.2.0"     # 2.1.0 was published before
        """,
        fails="""
        version: "2.1.0"     # 2.1.0 was published before, with other content
        """,
    ),
)
"""In the order of their codes."""
