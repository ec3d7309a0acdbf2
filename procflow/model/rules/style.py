"""PF9: how a file is kept, and what is said about it."""

from procflow.model.rules.rule import remark, warning

RULES = (
    remark(
        "PF901",
        "layout",
        "The file is laid out in an unusual way.",
        """Its top-level keys stand in another order than readers of other procedures expect, lines end in spaces, or the last
        line is not ended. None of it changes anything. `procflow check --fix` mends spaces and the last line.""",
        passes="""
        roles: { agent: Writes to the client }
        data: { ours: yes-no }
        """,
        fails="""
        data: { ours: yes-no }
        roles: { agent: Writes to the client }
        """,
    ),
    remark(
        "PF902",
        "no-title",
        "A procedure for people has no title, or a step has none where most others have one.",
        """People read titles, in lists, forms, drawings and reports; without one they read the id. A sketch without any titles is
        left alone.""",
        passes="intake: { title: Take the complaint in, by: agent, actions: { accept: closed } }",
        fails="intake: { by: agent, actions: { accept: closed } }     # and the other steps have titles",
    ),
    remark(
        "PF903",
        "title-too-long",
        "A title has more than 80 characters.",
        "It does not fit a list, a drawing or the subject of a mail. Keep the name short, and say the rest in a `note`.",
        passes="""
        title: Take the complaint in
        note: Thank for it first; whatever it is about, the client took the time to tell us.
        """,
        fails="title: Take the complaint in, and thank for it first, because whatever it is about, the client took the time",
    ),
    remark(
        "PF905",
        "untranslated",
        "A text lacks a language in which the title of the procedure is given.",
        """The title says in which languages a procedure can be read. Whoever reads one of them finds this text in another. Texts
        given in no language are told once, together, where most others have one.""",
        passes="""
        title: { en: Complaint, ro: Reclamație }
        steps: { intake: { title: { en: Take it in, ro: Preia reclamația } } }
        """,
        fails="""
        title: { en: Complaint, ro: Reclamație }
        steps: { intake: { title: { en: Take it in } } }
        """,
    ),
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
