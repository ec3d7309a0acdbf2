"""PF0: what makes a file unreadable, or readable in two ways."""

from procflow.model.rules.rule import error, remark, warning

RULES = (
    error(
        "PF001",
        "file-too-large",
        "The file is larger than 1 MiB.",
        """Nobody reads a procedure of that size, and a bound on it is what keeps a hostile file from doing harm. Split it
        into several procedures.""",
        passes="procedure: complaint   # a file of a few hundred lines",
        fails="note: ...              # a million characters of text",
    ),
    error(
        "PF002",
        "file-too-big",
        "The file is nested more than 40 levels deep, holds more than 50,000 values, or needs more than 50,000 ways to run.",
        """All are far beyond what a procedure needs; the bounds keep a hostile file from exhausting memory. A way leads from
        place to place: a checklist of 8 items in any order has 256 places, and what is possible at any time is a way from
        each place of each step.""",
        passes="steps: { intake: { by: agent, actions: { accept: closed } } }",
        fails="steps: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[ 45 of them",
    ),
    error(
        "PF003",
        "alias",
        "A part of the file is repeated by reference (`&name` and `*name`).",
        """The file is a document that people read from top to bottom. A reference hides what a step demands, and nested
        references can blow a small file up beyond all memory. Write it out.""",
        passes="""
        refuse: { to: refused, evidence: [letter] }
        close: { to: closed, evidence: [letter] }
        """,
        fails="""
        refuse: { to: refused, evidence: &proof [letter] }
        close: { to: closed, evidence: *proof }
        """,
    ),
    error(
        "PF004",
        "tag",
        "A value begins with `!`, which YAML takes for a tag.",
        """A tag asks a program to make an object of its own kind; the language has none. It is nearly always a condition
        that was meant to say *not*. Write `not ours`, or put the text in quotes.""",
        passes="refuse: { to: refused, when: not ours }",
        fails="refuse: { to: refused, when: !ours }",
    ),
    error(
        "PF005",
        "not-text",
        "The file is not UTF-8 text, or contains a character that no text has.",
        """Other encodings turn the letters of half the world into others, and control characters cannot be seen in a review.
        Save the file as UTF-8.""",
        passes="title: Reklamacja klienta      # saved as UTF-8",
        fails="title: Reklamacja\\0klienta     # a NUL character",
    ),
    error(
        "PF006",
        "several-documents",
        "The file holds a second document after a line `---`.",
        "A file is one procedure with one version and one digest. Put the second document into a file of its own.",
        passes="procedure: complaint",
        fails="""
        procedure: complaint
        ---
        procedure: refund
        """,
    ),
    error(
        "PF010",
        "syntax",
        "The text is not YAML.",
        """The place shown is where reading stopped; the mistake may stand just before it. Common causes: a line that is
        indented differently from its neighbours, a text with a colon in it, and a condition with `in [...]` inside
        braces, where YAML takes the bracket for a list of its own.""",
        passes="""
        ask-lawyer: { to: legal, when: 'gravity in ["major", "critical"]' }
        """,
        fails="""
        ask-lawyer: { to: legal, when: gravity in ["major", "critical"] }
        """,
    ),
    error(
        "PF011",
        "key-not-text",
        "A key is a number, true, false, empty, a map or a list.",
        "Keys are names. A status code of a log may be a number, but as a name it needs quotes.",
        passes='ignore: { "-100": import fault }',
        fails="ignore: { -100: import fault }",
    ),
    error(
        "PF012",
        "duplicate-key",
        "A key is given twice in the same map.",
        """Many programs silently take the last one, so half of what the author wrote would not count. The finding tells where
        the first one stands.""",
        passes="""
        draft: { by: agent, actions: { send: closed } }
        reply: { by: agent, actions: { post: closed } }
        """,
        fails="""
        draft: { by: agent, actions: { send: closed } }
        draft: { by: lead, actions: { post: closed } }
        """,
    ),
    warning(
        "PF013",
        "reads-differently",
        "A plain word that programs reading YAML 1.1 take for something else.",
        """procflow reads YAML 1.2, where `on`, `no` and `22:30` are text and `010` is ten. Older programs read true, false,
        1350 and eight. Quotes make the file mean the same everywhere. Dates like 2026-11-01 are fine.""",
        passes='of: ["yes", "no", unsure]',
        fails="of: [yes, no, unsure]",
    ),
    error(
        "PF014",
        "tab",
        "A tab is used for indentation.",
        "How wide a tab is differs from editor to editor, so YAML forbids it. Indent with spaces.",
        passes="""
        roles:
          agent: Takes complaints in
        """,
        fails="""
        roles:
        \tagent: Takes complaints in
        """,
    ),
    error(
        "PF015",
        "ignore-without-reason",
        "A comment ignores a finding and does not say which or why.",
        """Whoever audits by the procedure is shown what its author set aside, and has to understand it. Write the codes, a
        dash and the reason.""",
        passes="""
        steps:
          draft: { by: agent, actions: { again: same } }   # procflow: ignore PF308 - the client decides how often
        """,
        fails="""
        steps:
          draft: { by: agent, actions: { again: same } }   # procflow: ignore PF308
        """,
    ),
    error(
        "PF016",
        "ignore-of-error",
        "A comment ignores an error.",
        """An error forbids the use of the file: the program would have to guess what is meant. Only warnings and remarks can
        be ignored.""",
        passes="draft: { by: agent, collect: [cause], actions: { send: closed } }",
        fails="draft: { by: agent, colect: [cause], actions: { send: closed } }   # procflow: ignore PF102 - old spelling",
    ),
    warning(
        "PF017",
        "thousands-or-decimals",
        "A number may be meant as thousands and is read as decimals, as in `1.000`.",
        """A point begins the decimals, always: `1.000` is one, and `12.500` is twelve and a half. Half of Europe writes thousands
        so, and a limit of one euro instead of a thousand would be found by an angry client. Told of one to three digits, a
        point and exactly three digits, in conditions and in what scenarios give; `0.125` and `1.50` mean one thing only.""",
        passes="when: price > 1000",
        fails="when: price > 1.000",
    ),
    warning(
        "PF018",
        "typographic-quotes",
        "A text stands in the quotes of a word processor.",
        """For YAML they are letters like any other, so they are part of the text: `“1.0”` is another version than `"1.0"`. If
        they belong to the text, as around the name of a company, put plain quotes around the whole.""",
        passes='title: "Repairs"',
        fails="title: “Repairs”",
    ),
    remark(
        "PF019",
        "cut-by-comment",
        "A text ends where a `#` with a word right after it begins a comment.",
        """For YAML, `#` after a space begins a comment, so `Approve #2` is the title `Approve`. Put the text in quotes if the
        number belongs to it. A comment is left alone if a space follows its `#`.""",
        passes='title: "Approve #2"',
        fails="title: Approve #2",
    ),
)
"""In the order of their codes."""
