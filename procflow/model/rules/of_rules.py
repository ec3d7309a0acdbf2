"""PF32: rules that cannot be kept, that nothing sets off, or that add nothing."""

from procflow.model.rules.rule import error, remark, warning

RULES = (
    error(
        "PF320",
        "rules-conflict",
        "Rules contradict each other: no order of events keeps them all.",
        """One demands what another forbids, so every case in which they are set off breaks one of them. Each rule is held
        against the others as they stand, whatever the procedure allows; rules with `when` only where their conditions can be
        true together. The hint says what each of them says, and which events keep one and break the other. Let one of them
        give way, or say with `when` to which cases each applies.""",
        passes="""
        answered: { after: accept, there-must-be: send }
        silent: { after: refuse, never: send }
        """,
        fails="""
        answered: { after: accept, there-must-be: send }
        silent: { after: accept, never: send }      # whoever accepts breaks one of them
        """,
    ),
    warning(
        "PF321",
        "rules-bar-action",
        "With these rules something can never be done.",
        """No rule says so, it follows from several together, or from one and the ways through the procedure: every case in which
        it is done breaks one of them before it comes to an end. What a rule forbids with `never` is not told: it says so itself.
        Cases that are cancelled are left aside, because that releases what is still demanded.""",
        passes="""
        once: { not-both: [refuse, send] }
        answered: { any-of: [refuse, send] }
        """,
        fails="""
        once: { not-both: [refuse, send] }
        answered: { must-happen: send }      # then nobody can ever refuse
        """,
    ),
    error(
        "PF322",
        "rule-against-flow",
        "No way through the procedure keeps a rule, or some rules together.",
        """Every case that comes to an end breaks it, however well everybody works: the procedure and its rules say different
        things. Looked at is every way to an end that is not cancelled, whatever the conditions and limits on it. The hint shows
        the shortest way and where it breaks the rule. Mend the arrows, or the rule.""",
        passes="""
        steps:
          draft: { by: agent, actions: { propose: approval } }
          approval: { by: lead, actions: { approve: reply } }
          reply: { by: agent, actions: { send: closed } }
          closed: { end: answered }
        rules:
          money-needs-approval: { before: send, there-must-be: approve }
        """,
        fails="""
        steps:
          draft: { by: agent, actions: { propose: reply } }
          reply: { by: agent, actions: { send: review } }
          review: { by: lead, actions: { approve: closed } }
          closed: { end: answered }
        rules:
          money-needs-approval: { before: send, there-must-be: approve }      # `approve` always comes after `send`
        """,
    ),
    warning(
        "PF325",
        "rule-never-activated",
        "Nothing ever sets off a rule.",
        """Its trigger never happens on any way through the procedure, or another rule forbids it. Such a rule looks like a
        control and is none: it is never broken, and never kept either.""",
        passes="closed-well: { after: leaves draft, there-must-be: send }",
        fails="closed-well: { after: leaves closed, there-must-be: send }      # `closed` is an end",
    ),
    warning(
        "PF326",
        "rule-twice",
        "A rule says what another says already, or what every case keeps.",
        """Whatever keeps the other keeps this one, so it adds nothing, and each breach would be told twice. A rule with a clause
        (`because`), a severity or a `refuse` of its own is not told: then it is there to be told apart.""",
        passes="answered: { after: accept, there-must-be: send, within: 5 days }",
        fails="""
        answered: { after: accept, there-must-be: send }
        soon: { after: accept, there-must-be: send, within: 5 days }      # whatever keeps this one keeps the other
        """,
    ),
    remark(
        "PF327",
        "rule-for-another-role",
        "A rule counts something only if a role did it that the procedure gives it to nowhere.",
        """It is kept only if somebody happens to hold both roles. Most often one of the two roles is a slip; if both are
        meant, there is nothing to do.""",
        passes="approved: { before: send, there-must-be: approve, by: lead }",
        fails="approved: { before: send, there-must-be: approve, by: agent }      # in the procedure `lead` does it",
    ),
    remark(
        "PF329",
        "rules-not-compared",
        "Comparing rules came to its bound; what was not looked into is told.",
        """Rules are compared as far as a fixed number of events goes, so that every check ends, however large the file. What
        was found until then is told, and is certain; of the rest nothing is said.""",
        passes="answered: { after: accept, there-must-be: send }",
        fails="...     # rules by the hundred that all name the same actions",
    ),
)
"""In the order of their codes."""
