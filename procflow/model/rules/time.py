"""PF4: promises that cannot be kept, limits that do not fit together, time that nobody watches."""

from procflow.model.rules.rule import error, remark, warning

RULES = (
    warning(
        "PF401",
        "waits-without-limit",
        "A case may stand in a step for ever, and nothing is ever late.",
        """The step has no `within`, a waiting step demands no `due`, and no clock of the procedure runs there. Such a case is
        on no list of what is due: it is forgotten, politely. It is told only where half of the steps
        or more have their time. Give the step `within`, with `late` to say what happens then; or let a clock run on.""",
        passes="""
        steps:
          draft: { by: agent, within: 2 days, actions: { propose: approval } }
          approval: { by: lead, within: 1 day, actions: { approve: closed } }
        """,
        fails="""
        steps:
          draft: { by: agent, within: 2 days, actions: { propose: approval } }
          approval: { by: lead, actions: { approve: closed } }     # and if the lead does not?
        """,
    ),
    warning(
        "PF402",
        "late-goes-to-the-same",
        "When the time of a step is up, only those are told who let it pass.",
        """Whoever works in the step knows; a reminder is what `warn` is for. `late` is for somebody else: who can lend a hand,
        set another priority, or speak with the client. Who may do but one of its actions (`by` of the action) is somebody
        else.""",
        passes="""
        intake: { by: agent, within: 4 hours, late: { notify: lead }, actions: { accept: closed } }
        triage: { by: agent, within: 1 hour, late: { escalate: lead }, actions: { weigh: closed, decide: { to: x, by: lead } } }
        """,
        fails="""
        intake: { by: agent, within: 4 hours, late: { notify: agent }, actions: { accept: closed } }
        """,
    ),
    warning(
        "PF403",
        "step-longer-than-promise",
        "A step may take longer than a promise that covers it.",
        """Whoever keeps the limit of the step breaks the promise, and is told in time of neither. Shorten the limit, or promise
        what can be kept. Lengths are compared on their calendars, for each value that the promise depends on.""",
        passes="""
        clocks:
          answer: { from: case opens, until: case ends, within: 5 days }
        steps:
          draft: { by: agent, within: 2 days, actions: { send: closed } }
        """,
        fails="""
        clocks:
          answer: { from: case opens, until: case ends, within: 5 days }
        steps:
          draft: { by: agent, within: 7 days, actions: { send: closed } }
        """,
    ),
    warning(
        "PF404",
        "worst-case-exceeds-promise",
        "A case that keeps the limit of every step may still break a promise.",
        """The longest way is shown, with what each step of it may take: parallel branches count as the slowest of them, and
        steps in which the clock is paused count nothing. If the promise is exceeded only where work is sent back, as often as
        `at-most` allows, that is told as a remark. Lengths are added on their calendars, as clocks do. A step without
        `within` counts nothing, so the truth may be worse.""",
        passes="""
        clocks:
          answer: { from: case opens, until: case ends, within: 5 days }
        steps:
          intake: { by: agent, within: 1 day, actions: { accept: draft } }
          draft: { by: agent, within: 3 days, actions: { send: closed } }
        """,
        fails="""
        clocks:
          answer: { from: case opens, until: case ends, within: 5 days }
        steps:
          intake: { by: agent, within: 3 days, actions: { accept: draft } }
          draft: { by: agent, within: 3 days, actions: { send: closed } }     # 6 days, and each was in time
        """,
    ),
    warning(
        "PF405",
        "until-does-not-come",
        "A case may end without what a clock runs until.",
        """The end of a case stops every clock, so a case that ends another way in time counts as if the promise had been kept.
        The way is shown. If such an end is meant to stop it, say so: `until: [send, case ends]`; if not, name what else stops it,
        or let the end be one that is `cancelled`.""",
        passes="""
        clocks:
          answer: { from: case opens, until: [send, case ends], within: 5 days }
        """,
        fails="""
        clocks:
          answer: { from: case opens, until: send, within: 5 days }
        steps:
          draft: { by: agent, actions: { send: closed, drop: closed } }     # whoever drops it has answered in time
        """,
    ),
    warning(
        "PF406",
        "paused-for-ever",
        "A clock may be paused again and again, without a limit.",
        """A circle leads through a step in which the clock is paused, and nothing counts how often: a promise that is paused
        whenever it becomes tight is none. Give an action of the circle `at-most`, or the clock `max-pause`.""",
        passes="""
        clocks:
          answer: { from: case opens, until: case ends, within: 5 days, paused-in: [waiting], max-pause: 10 days }
        """,
        fails="""
        clocks:
          answer: { from: case opens, until: case ends, within: 5 days, paused-in: [waiting] }
        steps:
          draft: { by: agent, actions: { ask: waiting, send: closed } }     # as often as anybody likes
        """,
    ),
    error(
        "PF407",
        "working-time-without-calendar",
        "A length counts working time, and no calendar says when work is done.",
        """`4 working hours` and `2 working days` are counted in the open hours of a calendar. Say which: `calendar: office` for
        the whole procedure, or for the one clock. `calendar: 24x7` is always there. `working_time(a, b)` in a condition takes
        that of the procedure; policies and rules over several cases have none.""",
        passes="""
        calendar: office
        steps:
          intake: { by: agent, within: 4 working hours, actions: { accept: closed } }
        """,
        fails="""
        steps:
          intake: { by: agent, within: 4 working hours, actions: { accept: closed } }
        """,
    ),
    error(
        "PF408",
        "late-not-rising",
        "What is done when time is up is not in the order in which it will be done.",
        """Each entry of `late` says how long after the time was up it is due; the ladder reads from the bottom up. An entry that
        comes later and is due earlier is a slip of the pen.""",
        passes="""
        late: [{ notify: lead }, { after: 4 hours, escalate: manager }, { after: 1 day, notify: director }]
        """,
        fails="""
        late: [{ notify: lead }, { after: 1 day, escalate: manager }, { after: 4 hours, notify: director }]
        """,
    ),
    error(
        "PF409",
        "circle-of-time",
        "Time alone takes a case round in a circle.",
        """Each of the steps passes the case on when its time is up, and the last passes it to the first: it goes round for ever
        with nobody doing anything, and looks busy. `at-most` does not bind what time does. Let one of the steps escalate to a
        role, or lead out of the circle.""",
        passes="""
        first: { by: agent, within: 1 day, late: { go-to: second }, actions: { accept: closed } }
        second: { by: lead, within: 1 day, late: { escalate: manager }, actions: { agree: closed } }
        """,
        fails="""
        first: { by: agent, within: 1 day, late: { go-to: second }, actions: { accept: closed } }
        second: { by: lead, within: 1 day, late: { go-to: first }, actions: { agree: closed } }
        """,
    ),
    warning(
        "PF410",
        "escalation-ends-nowhere",
        "An escalation adds nobody of ours who could act.",
        """It goes to a role that may act already: that of the step, or one that the ladder named before. Escalate to somebody
        who can do what was not done; whoever is only to know is named by `notify`.""",
        passes="""
        late: [{ escalate: lead }, { after: 1 day, escalate: director }]
        """,
        fails="""
        late: [{ escalate: lead }, { after: 1 day, escalate: lead }]
        """,
    ),
    error(
        "PF411",
        "promise-nobody-can-keep",
        "Even the quickest way takes longer than is promised.",
        """Steps that only time leaves take their time, however hard everybody works. The quickest
        way is shown. Promise more, or let somebody leave the step earlier.""",
        passes="""
        clocks:
          answer: { from: case opens, until: case ends, within: 5 days }
        steps:
          cooling-off: { waiting-for: { party: client }, within: 3 days, late: { go-to: draft }, actions: { add: same } }
        """,
        fails="""
        clocks:
          answer: { from: case opens, until: case ends, within: 2 days }
        steps:
          cooling-off: { waiting-for: { party: client }, within: 3 days, late: { go-to: draft }, actions: { add: same } }
        """,
    ),
    warning(
        "PF412",
        "agreements-exceed-promise",
        "What teams and suppliers are given to work takes longer together than the client is promised.",
        """Everybody behind the promise keeps what was agreed with them, and the client waits too long. The longest way is shown,
        with the clocks (`to: team`, `to: supplier`) that stand behind it. The time until somebody accepts the work
        (`accept-within`) belongs to it, unless an agreement that has begun before covers it. Agree shorter times inside, or
        promise longer ones outside.""",
        passes="""
        clocks:
          answer: { to: client, from: case opens, until: case ends, within: 8 hours }
          triage: { to: team, from: enters intake, until: leaves intake, within: 30 minutes }
          repair: { to: supplier, from: enters repair, until: leaves repair, within: 7 hours }
        """,
        fails="""
        clocks:
          answer: { to: client, from: case opens, until: case ends, within: 8 hours }
          triage: { to: team, from: enters intake, until: leaves intake, within: 3 hours }
          repair: { to: supplier, from: enters repair, until: leaves repair, within: 6 hours }
        """,
    ),
    warning(
        "PF413",
        "agreement-on-shorter-hours",
        "A promise runs at hours at which those behind it do not work.",
        """What a team or a supplier has agreed to is no longer than the promise, but is counted on a calendar that is
        closed while the promise runs: work that comes in on Friday evening breaks it.
        An example with its dates is shown. Give both the same calendar, or arrange for somebody to be there.""",
        passes="""
        clocks:
          restore: { to: client, from: case opens, until: case ends, within: 8 working hours, calendar: office }
          repair: { to: team, from: enters repair, until: leaves repair, within: 4 working hours, calendar: office }
        """,
        fails="""
        clocks:
          restore: { to: client, from: case opens, until: case ends, within: 8 hours }
          repair: { to: team, from: enters repair, until: leaves repair, within: 4 working hours, calendar: office }
        """,
    ),
    warning(
        "PF414",
        "better-tier-promised-less",
        "A better tier of service is promised worse.",
        """Whoever pays more waits longer, or is given less. Which tier is better, agreements.yaml says, which lies beside
        the procedure or above it up to the workspace; without it, `basic` is below `improved`, and that below `premium`.
        What cannot be compared wherever it begins is not told.""",
        passes="""
        within: { depends-on: tier, basic: 3 days, improved: 2 days, premium: 4 hours }
        """,
        fails="""
        within: { depends-on: tier, basic: 3 days, improved: 4 days, premium: 4 hours }
        """,
    ),
    warning(
        "PF415",
        "calendar-ends-too-soon",
        "A calendar does not cover the time in which the procedure is used.",
        """Beyond the days it covers no clock can be counted: nothing is late then, and nothing is in time. It must reach from
        the day the procedure takes effect until its longest clock has run, and to the day the procedure is to be reviewed. Add
        the hours and the holidays of further years.""",
        passes="""
        effective: { from: 2026-12-01 }
        calendar: office          # covers 2026 to 2028
        """,
        fails="""
        effective: { from: 2029-01-01 }
        calendar: office          # covers 2026 to 2028
        """,
    ),
    warning(
        "PF416",
        "clock-never-starts",
        "Nothing that starts a clock can happen.",
        """No case comes to what its `from` names, so nothing is ever measured, and a report shows no cases where one
        expects many.""",
        passes="""
        clocks:
          repair: { to: team, from: enters repair, until: leaves repair, within: 2 days }
        """,
        fails="""
        clocks:
          repair: { to: team, from: enters spare, until: case ends, within: 2 days }     # no way leads to `spare`
        """,
    ),
    warning(
        "PF417",
        "pause-without-request",
        "A clock is to pause in a step that need not say what is waited for, and until when.",
        """A clock pauses only if it is on record what was asked and until when; otherwise it runs on, and DV406 is told. Demand
        both of whatever leads into the step.""",
        passes="""
        waiting: { waiting-for: { party: client, asked: required, due: required }, actions: { client-replied: draft } }
        """,
        fails="""
        waiting: { waiting-for: { party: client }, actions: { client-replied: draft } }
        """,
    ),
    remark(
        "PF418",
        "client-waits-for-our-supplier",
        "What is promised to the client is paused while we wait for somebody whom we pay.",
        """Clients do not see our suppliers: to them we are late. It may be agreed so; then leave it. Otherwise let the
        clock run on, and give the supplier a clock of their own (`to: supplier`).""",
        passes="""
        clocks:
          restore: { to: client, from: case opens, until: case ends, within: 8 hours, paused-in: [waiting-client] }
        """,
        fails="""
        clocks:
          restore: { to: client, from: case opens, until: case ends, within: 8 hours, paused-in: [waiting-vendor] }
        """,
    ),
    warning(
        "PF419",
        "nothing-promised",
        "For some values of a data field a clock promises nothing.",
        """`depends-on` names other values and has no `otherwise`: such cases run without a target, and are never late. Name every
        value, or say `otherwise`.""",
        passes="""
        within: { depends-on: gravity, minor: 10 days, major: 5 days, otherwise: 2 days }
        """,
        fails="""
        within: { depends-on: gravity, minor: 10 days, major: 5 days }     # and a critical one?
        """,
    ),
    warning(
        "PF420",
        "duty-of-somebody-else",
        "Nobody of ours can do what a duty that comes back asks for.",
        """Only what one of us does fulfils `every`: what a client does, or what is done on their behalf, does not. Here every
        `by-action` is for somebody outside, so the duty is overdue whatever we do. Name an action of ours; what we tell a
        client while the work goes on is best possible `anytime`.""",
        passes="""
        clocks:
          informed: { to: client, every: 2 days, by-action: update, while: ours-to-act }
        anytime:
          update: { to: same, by: any }
        """,
        fails="""
        clocks:
          informed: { to: client, every: 2 days, by-action: reply, while: ours-to-act }
        steps:
          waiting: { waiting-for: { party: client, asked: required, due: required }, actions: { reply: closed } }
        """,
    ),
    warning(
        "PF421",
        "pause-outside-clock",
        "A clock is to pause in a step in which it never runs.",
        """No case comes to the step with the clock running: it has stopped before, or begins later. Nothing is ever paused
        there, and whoever reads the promise believes it is. Take the step out of `paused-in`, or correct `from` and `until`.""",
        passes="""
        clocks:
          answer: { until: case ends, within: 2 days, paused-in: [waiting], max-pause: 10 days }
        """,
        fails="""
        clocks:
          answer: { until: enters draft, within: 2 days, paused-in: [waiting] }     # `waiting` comes after `draft`
        """,
    ),
)
