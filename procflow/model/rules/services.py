"""PF66: services, what they take, and whom they are for."""

from procflow.model.rules.rule import error, remark, warning

RULES = (
    error(
        "PF660",
        "service-does-not-exist",
        "A service depends on one that services.yaml does not list.",
        """Whoever is late behind it would be sought in vain: the chain of suppliers ends in nothing. Correct the name, or add the
        service.""",
        passes="""
        services:
          laptop: { procedure: service-request, provider: fulfiller, for: [finance], depends-on: [repair] }
          repair: { procedure: incident, provider: resolver, for: [fulfiller] }
        """,
        fails="""
        services:
          laptop: { procedure: service-request, provider: fulfiller, for: [finance], depends-on: [repairs] }
          repair: { procedure: incident, provider: resolver, for: [fulfiller] }
        """,
    ),
    error(
        "PF661",
        "service-of-itself",
        "A service depends on itself, by way of those it depends on.",
        "Nobody could ever give it: each would wait for the other.",
        passes="""
        services:
          laptop: { procedure: service-request, provider: fulfiller, for: [finance], depends-on: [repair] }
          repair: { procedure: incident, provider: resolver, for: [finance] }
        """,
        fails="""
        services:
          laptop: { procedure: service-request, provider: fulfiller, for: [finance], depends-on: [repair] }
          repair: { procedure: incident, provider: resolver, for: [finance], depends-on: [laptop] }
        """,
    ),
    warning(
        "PF662",
        "service-without-procedure",
        "A service is given by a procedure that is not there.",
        """Most likely the name is misspelt. Checked when services and procedures are given together; a file of that name beside
        them, or in the folder `procedures`, will do.""",
        passes="""
        services:
          answer: { procedure: complaint, provider: agent, for: [acme] }
        """,
        fails="""
        services:
          answer: { procedure: complaints, provider: agent, for: [acme] }
        """,
    ),
    error(
        "PF663",
        "service-says-otherwise",
        "A service names a role, department, data field, proof, clock or action that its procedure does not have.",
        """What the card of the service says would be wrong. Checked when services and procedures are given together.""",
        passes="""
        services:
          answer: { procedure: complaint, provider: agent, for: [acme], needs: [gravity], clocks: [final-answer] }
        """,
        fails="""
        services:
          answer: { procedure: complaint, provider: agents, for: [acme], needs: [gravity], clocks: [final-answer] }
        """,
    ),
    error(
        "PF664",
        "service-without-inputs",
        "Nothing says what whoever asks for a service must give.",
        """So requests come incomplete, and the first thing anybody does is to ask back. Say it with `needs:`, or let the first
        step of the procedure collect it. Checked when services and procedures are given together.""",
        passes="""
        services:
          answer: { procedure: complaint, provider: agent, for: [acme] }     # its first step collects something
        """,
        fails="""
        services:
          answer: { procedure: complaint, provider: agent, for: [acme], given: { ours: true, gravity: minor } }   # asks nothing
        """,
    ),
    error(
        "PF665",
        "step-without-inputs",
        "Work comes to a step from other people, and nothing says what they must give with it.",
        """Its people find out late what is missing, and send the work back. Only in procedures by which a service is given, and
        in steps with hand-offs: `needs:` or `form:` says it, for the step or for all. Checked when both are given together.""",
        passes="""
        order: { by: buyer, hand-offs: { needs: [cost_centre], accept-within: 2 hours }, actions: { order: closed } }
        """,
        fails="""
        order: { by: buyer, hand-offs: { accept-within: 2 hours }, actions: { order: closed } }
        """,
    ),
    warning(
        "PF666",
        "service-for-nobody",
        "A service is for somebody who is neither a client nor a department.",
        """Clients stand in clients.yaml; departments in the roles of procedures (`department:`), and teams in people.yaml.
        Checked when services and clients are given together.""",
        passes="""
        services:
          answer: { procedure: complaint, provider: agent, for: [acme] }
        """,
        fails="""
        services:
          answer: { procedure: complaint, provider: agent, for: [acmee] }
        """,
    ),
    remark(
        "PF667",
        "department-nobody-serves",
        "No service is for a department, or for an internal client, and nothing says why.",
        """Those who are served by nobody in particular wait for whoever has time. `unserved` says why that is so. Checked when
        services are given together with procedures, or with clients.""",
        passes="""
        services:
          answer: { procedure: complaint, provider: agent, for: [acme, borealis] }
        unserved: { finance: It complains in person }
        """,
        fails="""
        services:
          answer: { procedure: complaint, provider: agent, for: [acme, borealis] }
        """,
    ),
    remark(
        "PF668",
        "service-without-times",
        "No clock promises when a service is done.",
        """Whoever asks for it cannot plan, and nobody can be late. Meant are the clocks `to: client` of its procedure, or those
        that the service names under `clocks:`. Checked when services and procedures are given together.""",
        passes="""
        services:
          answer: { procedure: complaint, provider: agent, for: [acme] }     # first-answer, final-answer
        """,
        fails="""
        services:
          small-repair: { procedure: repairs, provider: mechanic, for: [acme] }     # a procedure without clocks
        """,
    ),
)
"""In the order of their codes."""
