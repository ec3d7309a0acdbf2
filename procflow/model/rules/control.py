"""PF6: controls that control nothing, and what forbids the publication of a version."""

from procflow.model.rules.rule import error, remark, warning

RULES = (
    error(
        "PF602",
        "four-eyes-bars-nobody",
        "A step under four-eyes names a step that no case goes through before.",
        """Nobody can have left it by then, so nobody is barred: the control is on paper only. Who left a step is forgotten when
        the step is entered again, so a step never bars anybody from itself.""",
        passes="""
        start: draft
        steps:
          draft: { by: agent, actions: { propose: approval } }
          approval: { by: lead, four-eyes: draft, actions: { approve: reply } }
          reply: { by: agent, actions: { send: closed } }
        """,
        fails="""
        start: draft
        steps:
          draft: { by: agent, actions: { propose: approval } }
          approval: { by: lead, four-eyes: reply, actions: { approve: reply } }      # `reply` comes later
          reply: { by: agent, actions: { send: closed } }
        """,
    ),
    warning(
        "PF603",
        "nobody-left-to-act",
        "By the file of people, one person alone may act in a step under four-eyes, and in the step it looks at.",
        """Once that person has done the first step, nobody may do the second, and the case stands still. A rule that asks for
        `different-person` where there is one alone, or for `same-person` where nobody may do both, is told as well. Checked
        when a procedure and a file of people are given together.""",
        passes="""
        people: { ana: { roles: [agent, lead] }, lena: { roles: [lead] } }
        """,
        fails="""
        people: { ana: { roles: [agent, lead] } }
        """,
    ),
    warning(
        "PF604",
        "decision-without-reason",
        "Under four-eyes a case can be sent back, or ended, without saying why.",
        """Whoever is turned down wants to know why, and so does an auditor. Only a step that could also let the case go on is
        looked at.""",
        passes="""
        approval: { by: lead, four-eyes: draft, actions: { approve: reply, send-back: { to: draft, reason: required } } }
        """,
        fails="""
        approval: { by: lead, four-eyes: draft, actions: { approve: reply, send-back: draft } }
        """,
    ),
    warning(
        "PF606",
        "same-role-checks-itself",
        "A step sends work back to the step before it, both are done by one role, and nothing keeps them apart.",
        "Nobody sees their own mistakes: the same person may do the work and check it. Add `four-eyes`, or another role.",
        passes="""
        draft: { by: agent, actions: { hand-in: check } }
        check: { by: agent, four-eyes: draft, actions: { agree: reply, send-back: { to: draft, at-most: 3 } } }
        """,
        fails="""
        draft: { by: agent, actions: { hand-in: check } }
        check: { by: agent, actions: { agree: reply, send-back: { to: draft, at-most: 3 } } }
        """,
    ),
    remark(
        "PF607",
        "end-without-control",
        "An end to which cases come through a step under four-eyes can also be reached past every such step.",
        """Whoever chooses the way past the control decides alone that none is needed. A way that a condition opens, or one of
        several alternatives, is not told, for there the procedure decides; nor one that demands a reason or a proof, nor
        an end that is `cancelled`. Only a procedure that names `controls:` is looked at.""",
        passes="""
        controls: [ISO-9001]
        steps:
          draft:
            by: agent
            actions: { propose: [{ to: approval, when: amount > 50 }, { to: closed, otherwise: true }] }
          approval: { by: lead, four-eyes: draft, actions: { approve: closed } }
        """,
        fails="""
        controls: [ISO-9001]
        steps:
          draft: { by: agent, actions: { propose: approval, send-at-once: closed } }
          approval: { by: lead, four-eyes: draft, actions: { approve: closed } }
        """,
    ),
    warning(
        "PF608",
        "four-eyes-not-always",
        "On some way to a step under four-eyes nobody has left a step it names.",
        """On that way nobody is barred, and one person may do everything. The hint shows the way. What has been entered again
        and not left since counts as not left.""",
        passes="""
        intake: { by: agent, actions: { write: draft } }
        draft: { by: agent, actions: { propose: approval } }
        approval: { by: lead, four-eyes: draft, actions: { approve: reply } }
        """,
        fails="""
        intake: { by: agent, actions: { write: draft, pass-on: approval } }      # past `draft`
        draft: { by: agent, actions: { propose: approval } }
        approval: { by: lead, four-eyes: draft, actions: { approve: reply } }
        """,
    ),
    error(
        "PF620",
        "approved-by-author",
        "The author of a version approved it.",
        "Nobody sees their own mistakes; the second pair of eyes is the control. Have another person approve it.",
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
    error(
        "PF624",
        "department-not-agreed",
        "A department works by a version that it has not agreed to.",
        """Whoever is to keep a procedure has a say in it, each time it changes: a step in another department is a promise of
        that department. A department takes part if one of its roles (`department:`) works in a step or has an action of its
        own; external roles and the owner's department need not agree. A date alone speaks of the version it stands in; with
        `version` an agreement cannot be carried on into the next version by mistake. `procflow check` warns of it, publishing is
        refused. Where nobody is asked for agreement at all, this is PF625.""",
        passes="""
        version: "2.1.0"
        agreed-by: { depot: { date: 2026-11-02, person: l.ionescu, version: "2.1.0" } }
        roles: { warehouse: { title: Sends the goods, department: depot } }
        """,
        fails="""
        version: "2.1.0"
        agreed-by: { depot: { date: 2026-05-04, person: l.ionescu, version: "2.0.0" } }
        roles: { warehouse: { title: Sends the goods, department: depot } }
        """,
    ),
    warning(
        "PF625",
        "nobody-was-asked",
        "Several departments work by a procedure, and `agreed-by` says of none that it agreed.",
        """It may be published all the same: a small house agrees over coffee. Once `agreed-by` names one department, all that
        take part must have agreed (PF624).""",
        passes="""
        agreed-by: { depot: 2026-11-02 }
        roles: { warehouse: { title: Sends the goods, department: depot } }
        """,
        fails="""
        roles: { warehouse: { title: Sends the goods, department: depot } }
        """,
    ),
)
"""In the order of their codes."""
