"""PF63: what is wrong with policies beside the procedures they are for."""

from __future__ import annotations

from procflow.model.rules.rule import error, remark, warning

RULES = (
    warning(
        "PF630",
        "policy-names-nothing",
        "A policy names what none of the procedures given with it has.",
        """A rule about something that never happens is never broken. A bare name means that action or step in any procedure
        that has it, `complaint/send` that of one procedure. Mostly it is a slip, or the file of the procedure was not given.""",
        passes="""
        rules:
          approved: { before: send, there-must-be: complaint/approve, per: client }
        """,
        fails="""
        rules:
          approved: { before: send, there-must-be: complaint/aprove, per: client }
        """,
    ),
    warning(
        "PF631",
        "policy-fits-nowhere",
        "Each thing a policy names can happen, but the rule fits no procedure: it is judged nowhere.",
        """A rule of single cases (`per: case`) needs all it speaks of in one procedure: the actions, the role, the data. If
        they are meant to happen in different cases, say over what they are brought together: `per: client` or `per: person`.""",
        passes="""
        rules:
          warned: { before: terminate, there-must-be: warn, per: client }   # two procedures
        """,
        fails="""
        rules:
          warned: { before: terminate, there-must-be: warn }
        """,
    ),
    remark(
        "PF632",
        "policy-fits-some",
        "What sets a policy off can happen in a procedure, but the rule is not judged there.",
        """The procedure lacks what the rule demands, or the data and roles it reads. Perhaps it is not meant for it: name the
        procedures it is for, as in `complaint/send`. Perhaps the procedure lacks a step.""",
        passes="""
        rules:
          approved: { before: complaint/send, there-must-be: complaint/approve }
        """,
        fails="""
        rules:
          approved: { before: send, there-must-be: approve }   # a newsletter is sent, too, and approved by nobody
        """,
    ),
    error(
        "PF633",
        "policy-read-otherwise",
        "A data field has another type, or a role another standing, than in a procedure.",
        """Policies say under `data:` and `roles:` what their rules read. A rule that takes `amount` for a number cannot be
        judged where it is money. A choice may have more words in the procedure than the policies name.""",
        passes="""
        data: { amount: { type: money, currency: EUR } }   # as in the procedure
        """,
        fails="""
        data: { amount: number }                           # the procedure says money
        """,
    ),
    error(
        "PF634",
        "policies-named-as-procedure",
        "Policies have the same id as a procedure.",
        """Rules of policies are told under the id of the policies, as `house-rules/heard-first`, and so are rules of a procedure
        that ask across cases under that of the procedure. With one id for both, nobody could tell whose rule was broken.""",
        passes="""
        policies: house-rules
        """,
        fails="""
        policies: complaint     # complaint.yaml says `procedure: complaint`
        """,
    ),
)
"""In the order of their codes."""
