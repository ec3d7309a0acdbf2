"""PF6: what forbids the publication of a version, or should make its owner look again."""

from procflow.model.rules.rule import error, warning

RULES = (
    error(
        "PF620",
        "approved-by-author",
        "The author of a version approved it.",
        "Nobody sees his own mistakes; the second pair of eyes is the control. Have another person approve it.",
        passes="""
        author: a.radu
        approved-by: { person: m.pop, date: 2026-11-01 }
        """,
        fails="""
        author: a.radu
        approved-by: { person: a.radu, date: 2026-11-01 }
        """,
    ),
    error(
        "PF621",
        "not-approved",
        "The version names its author but nobody who approved it.",
        "Whoever names an author keeps a record of who answers for the text; that record needs both names.",
        passes="""
        author: a.radu
        approved-by: { person: m.pop, date: 2026-11-01 }
        """,
        fails="author: a.radu",
    ),
    error(
        "PF622",
        "agreement-open",
        "An approval or agreement is pending, or dated in the future.",
        "Departments that take part sign each version. Until they have, people would be held to what nobody promised.",
        passes="agreed-by: { legal: 2026-11-02 }",
        fails="agreed-by: { legal: pending }",
    ),
    warning(
        "PF623",
        "review-overdue",
        "The date in `review-by` has passed.",
        "A procedure nobody looks at stops describing the work. Review it, and set the next date in a new version.",
        passes="review-by: 2099-12-31",
        fails="review-by: 2020-01-01",
    ),
)
"""In the order of their codes."""
