"""PF67: hand-offs, questions and clients that nobody keeps informed."""

from procflow.model.rules.rule import remark, warning

RULES = (
    warning(
        "PF670",
        "nothing-is-handed-over",
        "`hand-offs` are spoken of, and work never comes to anybody from other people.",
        """A hand-off is where work comes to a step from another one that somebody else works in (`by` differs). Here the same
        people do everything that comes before, or `hand-offs` stands at a step to which nothing leads from others. So what
        it says is never looked at. It says the same of `refuse` where there is nobody to give the work back to: what comes
        from a wait, a block, an `anytime` action or because time has run out cannot be given back.""",
        passes="""
        hand-offs: { accept-within: 2 hours }
        steps:
          intake: { by: agent, actions: { pass-on: order } }
          order: { by: buyer, actions: { order-part: closed } }
        """,
        fails="""
        hand-offs: { accept-within: 2 hours }
        steps:
          intake: { by: agent, actions: { pass-on: order } }
          order: { by: agent, actions: { order-part: closed } }      # the same people
        """,
    ),
    remark(
        "PF671",
        "nobody-notices-what-is-not-taken",
        "Work is handed over, and nothing says how soon somebody must accept it.",
        "What nobody takes lies there, and nobody is told. `accept-within` is the time, `late` says who is told then.",
        passes="""
        hand-offs: { needs: [part_number], accept-within: 2 hours, late: { notify: lead } }
        """,
        fails="""
        hand-offs: { needs: [part_number] }
        """,
    ),
    warning(
        "PF672",
        "questions-go-in-circles",
        "Some roles may put questions only to each other.",
        """If each of them lacks something, all wait for ever: nobody is left whom they could ask. Let one of them ask
        somebody else, too, or anybody.""",
        passes="""
        ask-sales: { to: same, by: planner, ask: { question-to: sales, answered-by: answer, answer-within: 1 day } }
        ask: { to: same, by: sales, ask: { question-to: any, answered-by: answer, answer-within: 1 day } }
        """,
        fails="""
        ask-sales: { to: same, by: planner, ask: { question-to: sales, answered-by: answer, answer-within: 1 day } }
        ask-planner: { to: same, by: sales, ask: { question-to: planner, answered-by: answer, answer-within: 1 day } }
        """,
    ),
    remark(
        "PF673",
        "client-is-not-kept-informed",
        "Work goes from hand to hand for a client, and nobody has to tell the client how it stands.",
        """Whoever has to ask learns that nobody thinks of them. A duty that comes back says how often they hear of the case:
        it is fulfilled by each action that `tells` them.""",
        passes="""
        clocks: { informed: { to: client, every: 2 days, while: ours-to-act } }
        anytime: { update: { to: same, by: any, tells: client } }
        """,
        fails="""
        roles: { agent: Takes calls, buyer: Orders parts, client: { title: Has a broken machine, external: true } }
        hand-offs: { accept-within: 2 hours }
        """,
    ),
)
