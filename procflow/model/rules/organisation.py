"""PF65: clients, tiers of service and agreements."""

from procflow.model.rules.rule import error, remark, warning

RULES = (
    error(
        "PF650",
        "client-does-not-exist",
        "A client is named that the file of clients does not list.",
        """What was agreed would hold for nobody. The `parent` of a client is looked up in the same file; the client of an
        agreement when both files are checked together, or lie in one workspace.""",
        passes="""
        clients:
          acme-group: { name: Acme Group, tier: premium }
          acme: { name: Acme Industries, parent: acme-group }
        """,
        fails="""
        clients:
          acme-group: { name: Acme Group, tier: premium }
          acme: { name: Acme Industries, parent: acme-groop }
        """,
    ),
    error(
        "PF651",
        "tier-does-not-exist",
        "A client or an agreement has a tier of service that `tiers:` does not offer.",
        """No clock promises anything to such a tier: the client would be promised what `otherwise` says, or nothing. The tiers
        of clients are looked up when clients and agreements are checked together, or lie in one workspace.""",
        passes="""
        tiers: { basic: Basic, premium: Premium }
        agreements:
          acme-2026: { client: acme, tier: premium, from: 2026-01-01 }
        """,
        fails="""
        tiers: { basic: Basic, premium: Premium }
        agreements:
          acme-2026: { client: acme, tier: premum, from: 2026-01-01 }
        """,
    ),
    error(
        "PF652",
        "client-of-itself",
        "A client belongs to itself, by way of the `parent` of its `parent`.",
        "What is not said of a client is looked up at its parent: here nobody would ever say it.",
        passes="""
        clients:
          acme-group: { tier: premium }
          acme: { parent: acme-group }
        """,
        fails="""
        clients:
          acme-group: { parent: acme }
          acme: { parent: acme-group }
        """,
    ),
    error(
        "PF653",
        "days-do-not-fit",
        "Two things hold on one day of which only one can, or one ends before it begins.",
        """On one day a client has one tier, and with one client (or team, or supplier) there is one agreement about a procedure.
        The first and the last day belong to it. An agreement that names a procedure may hold beside one about all of them: it
        goes before it.""",
        passes="""
        clients:
          acme: { tier: [{ tier: basic, to: 2026-06-30 }, { tier: premium, from: 2026-07-01 }] }
        """,
        fails="""
        clients:
          acme: { tier: [{ tier: basic, to: 2026-07-01 }, { tier: premium, from: 2026-07-01 }] }
        """,
    ),
    error(
        "PF654",
        "agreement-not-whole",
        "An agreement does not say with whom, or which tier; or it says what one of its kind does not have.",
        """An `sla` is with a `client` and about a `tier`. An `ola` is with a `team` of ours, a `uc` with a `supplier`: what they
        promise, the clocks of the procedure say (`to: team`, `to: supplier`).""",
        passes="""
        tiers: { premium: Premium }
        agreements:
          acme-2026: { client: acme, tier: premium, from: 2026-01-01 }
          repairs: { kind: uc, supplier: vendor, procedures: [incident], from: 2026-01-01 }
        """,
        fails="""
        tiers: { premium: Premium }
        agreements:
          acme-2026: { tier: premium, from: 2026-01-01 }
        """,
    ),
    warning(
        "PF655",
        "signature-in-doubt",
        "An agreement is signed by one side alone, or says something else than what was signed.",
        """The digest is over all that the agreement says but `note` and `signed-by` itself; its first 12 digits are enough.
        Whoever changes a signed agreement is told so here, before the client tells them. The agreement holds all the same.""",
        passes="""
        tiers: { premium: Premium }
        agreements:
          acme-2026:
            client: acme
            tier: premium
            from: 2026-01-01
            signed-by:
              us: { person: m.pop, date: 2025-12-15 }
              them: { person: J. Marin, date: 2025-12-18 }
              digest: "a2dab0907916"
        """,
        fails="""
        tiers: { premium: Premium }
        agreements:
          acme-2026:
            client: acme
            tier: premium
            from: 2026-01-01
            signed-by:
              us: { person: m.pop, date: 2025-12-15 }
        """,
    ),
    warning(
        "PF656",
        "tier-nobody-offers",
        "A clock promises something to a tier that agreements.yaml does not offer.",
        """Nobody can have that tier, so nobody is promised this; perhaps the tier has another name there. Checked when a
        procedure and a file of agreements are given together.""",
        passes="""
        tiers: { basic: Basic, premium: Premium }
        """,
        fails="""
        tiers: { premium: Premium }
        """,
    ),
    warning(
        "PF657",
        "agreement-about-nothing",
        "An agreement names a procedure in which nothing is promised by it.",
        """An `sla` says which tier a client has: in a procedure without a clock that depends on the tier, that changes nothing.
        An `ola` needs a clock `to: team`, a `uc` one `to: supplier`. Checked when procedures and agreements are given
        together.""",
        passes="""
        tiers: { basic: Basic, improved: Improved, premium: Premium }
        agreements:
          acme-2026: { client: acme, procedures: [complaint], tier: premium, from: 2026-01-01 }
        """,
        fails="""
        tiers: { basic: Basic, improved: Improved, premium: Premium }
        agreements:
          repairs: { kind: uc, supplier: vendor, procedures: [complaint], from: 2026-01-01 }   # no clock is `to: supplier`
        """,
    ),
    remark(
        "PF658",
        "client-without-tier",
        "A client has no tier and no agreement, and a procedure promises by the tier.",
        """Such a client is promised what `otherwise` says, and where nothing is said, nothing. Checked when clients and
        procedures are given together.""",
        passes="""
        clients: { acme: { name: Acme Industries, tier: basic } }
        """,
        fails="""
        clients: { acme: { name: Acme Industries } }
        """,
    ),
    warning(
        "PF659",
        "agreement-with-nobody",
        "An agreement names a procedure, a supplier or a team that nobody knows.",
        """Most likely the name is misspelt, and what was agreed holds for nobody. Suppliers and teams are roles of a procedure,
        or roles, teams and people of people.yaml. Checked when procedures and agreements are given together.""",
        passes="""
        tiers: { basic: Basic, premium: Premium }
        agreements:
          acme-2026: { client: acme, procedures: [complaint], tier: premium, from: 2026-01-01 }
        """,
        fails="""
        tiers: { basic: Basic, premium: Premium }
        agreements:
          acme-2026: { client: acme, procedures: [complaints], tier: premium, from: 2026-01-01 }
        """,
    ),
)
