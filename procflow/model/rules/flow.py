"""PF3: arrows that cannot work, steps nobody reaches, cases that never end."""

from procflow.model.rules.rule import error, remark, warning

RULES = (
    error(
        "PF301",
        "unreachable-step",
        "No way leads from the start to a step.",
        """No case ever comes to it: either an arrow to it was forgotten, or it is left over from an earlier version. Steps
        that only it leads to are named with it.""",
        passes="""
        start: intake
        steps:
          intake: { by: agent, actions: { accept: reply } }
          reply: { by: agent, actions: { send: closed } }
          closed: { end: answered }
        """,
        fails="""
        start: intake
        steps:
          intake: { by: agent, actions: { accept: closed } }
          reply: { by: agent, actions: { send: closed } }      # nothing leads to `reply`
          closed: { end: answered }
        """,
    ),
    error(
        "PF302",
        "no-end",
        "The procedure has no end.",
        """A case that can never be over stays on somebody's list for ever, and nobody can say whether it went well. An end is a
        step with `end:` and the outcome.""",
        passes="""
        steps:
          reply: { by: agent, actions: { send: closed } }
          closed: { end: answered }
        """,
        fails="""
        steps:
          reply: { by: agent, actions: { send: reply } }
        """,
    ),
    error(
        "PF303",
        "dead-end",
        "No action leads out of a step that is not an end.",
        """A case that comes there stays there, however long somebody works on it. `to: same` records and does not move. The hint
        shows the way there.""",
        passes="""
        parked: { by: agent, actions: { note-down: same, take-up: intake } }
        """,
        fails="""
        parked: { by: agent, actions: { note-down: same } }
        """,
    ),
    error(
        "PF304",
        "circle-without-exit",
        "Steps lead only to each other, and never to an end.",
        """The case goes round for ever: everybody does something, and nothing is ever over. Let one of the actions lead
        out of the circle.""",
        passes="""
        check: { by: lead, actions: { send-back: correct, agree: closed } }
        correct: { by: agent, actions: { hand-in: check } }
        """,
        fails="""
        check: { by: lead, actions: { send-back: correct } }
        correct: { by: agent, actions: { hand-in: check } }
        """,
    ),
    error(
        "PF305",
        "end-with-ways-out",
        "An end has actions, or a `then`.",
        """At an end the case is over. If work goes on there it is not an end: make it a step with `by`, and let its last action
        lead to an end.""",
        passes="""
        closed: { end: answered }
        """,
        fails="""
        closed: { end: answered, actions: { reopen: intake } }
        """,
    ),
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
        "PF307",
        "block-leads-nowhere",
        "A block does not say where the case goes when its branches are done.",
        "Without `then` everybody would have done their part, and nobody would take over.",
        passes="""
        investigate:
          parallel:
            technical: { by: expert, actions: { submit: done } }
            legal: { by: lawyer, actions: { give-opinion: done } }
          then: reply
        """,
        fails="""
        investigate:
          parallel:
            technical: { by: expert, actions: { submit: done } }
            legal: { by: lawyer, actions: { give-opinion: done } }
        """,
    ),
    warning(
        "PF308",
        "loop-without-limit",
        "Work can go round in a circle as often as anybody likes.",
        """Rework that nobody counts is how a client waits for months. Give an action of the circle `at-most`, or a condition that
        counts with `times(...)`; a `number` that a condition bounds from above counts as well. If there is to be no limit, ignore
        this with a reason. Of circles that share steps the shortest is shown.""",
        passes="""
        approval: { by: lead, actions: { approve: reply, send-back: { to: draft, at-most: 3 } } }
        """,
        fails="""
        approval: { by: lead, actions: { approve: reply, send-back: draft } }
        """,
    ),
    error(
        "PF309",
        "branch-never-done",
        "No action in a branch leads to `done`.",
        """A block is left when all its branches that are needed are done. A branch that can never be done holds up the others for
        ever.""",
        passes="""
        parallel:
          technical: { by: expert, actions: { note-down: same, submit: done } }
          legal: { by: lawyer, actions: { give-opinion: done } }
        """,
        fails="""
        parallel:
          technical: { by: expert, actions: { note-down: same } }
          legal: { by: lawyer, actions: { give-opinion: done } }
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
    warning(
        "PF313",
        "demand-can-be-bypassed",
        "A rule demands something of every case, and a case can come to an end without it.",
        """The procedure allows what the rule does not, so whoever follows it breaks the rule in good faith. The hint shows the
        way. Let every way go through it, or say with `when` which cases it is demanded of. If the rule is there because
        the procedure does not see to it, ignore this with a reason. Cancelled cases are left aside.""",
        passes="""
        steps:
          draft: { by: agent, actions: { propose: approval } }
          approval: { by: lead, actions: { approve: reply } }
          reply: { by: agent, actions: { send: closed } }
          closed: { end: answered }
        rules:
          looked-at: { must-happen: approve }
        """,
        fails="""
        steps:
          draft: { by: agent, actions: { propose: approval, shortcut: reply } }      # past `approve`
          approval: { by: lead, actions: { approve: reply } }
          reply: { by: agent, actions: { send: closed } }
          closed: { end: answered }
        rules:
          looked-at: { must-happen: approve }
        """,
    ),
    warning(
        "PF314",
        "block-with-one-branch",
        "A block has one branch, and that is always needed.",
        """Nothing runs side by side, so a plain step says the same more simply. One branch with `only-if` is fine: that is a
        step which is needed only sometimes.""",
        passes="""
        parallel:
          technical: { by: expert, actions: { submit: done } }
          legal: { by: lawyer, actions: { give-opinion: done } }
        """,
        fails="""
        parallel:
          technical: { by: expert, actions: { submit: done } }
        """,
    ),
    remark(
        "PF315",
        "only-when-late",
        "A step is come to only where time has run out.",
        """Nothing is wrong if that is meant: a reminder, or somebody else who takes over. But such a step is seldom seen
        while everything goes well, so it is told once, here. An end is left out: that a case ends when nobody answers is
        what most such timers are for.""",
        passes="""
        waiting:
          waiting-for: { party: client }
          within: 14 days
          late: { go-to: draft }                  # `draft` is come to in other ways, too
          actions: { client-replied: draft }
        draft: { by: agent, actions: { send: closed } }
        """,
        fails="""
        waiting:
          waiting-for: { party: client }
          within: 14 days
          late: { go-to: reminder }               # only this leads to `reminder`
          actions: { client-replied: closed }
        reminder: { by: agent, actions: { remind: waiting } }
        """,
    ),
    warning(
        "PF316",
        "left-only-at-any-time",
        "Only an action that is possible everywhere gets a case out of a step.",
        """A `withdraw` that is possible at any time saves every case, and so hides that the work itself leads nowhere. Let
        an action of the step lead on. If the step is meant to be left that way, an `anytime` action that names it under
        `while` says so.""",
        passes="""
        steps:
          parked: { by: agent, actions: { note-down: same, take-up: intake } }
        anytime:
          withdraw: { to: withdrawn, by: client }
        """,
        fails="""
        steps:
          parked: { by: agent, actions: { note-down: same } }
        anytime:
          withdraw: { to: withdrawn, by: client }
        """,
    ),
)
"""In the order of their codes."""
