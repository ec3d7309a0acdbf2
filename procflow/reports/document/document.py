"""The whole page: head, picture, steps, hand-offs, ends, promises, rules, who does what, data and proofs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from procflow.calendars.book import CalendarSet
from procflow.model.hand_off import ACTS
from procflow.model.procedure import Agreement, Procedure
from procflow.reports.document.actions import action_section
from procflow.reports.document.clocks import clocks_section
from procflow.reports.document.fairness import fairness_section
from procflow.reports.document.handing import handing_section, is_told
from procflow.reports.document.parts import Blocks, Day, Facts, Figure, Id, Name, Other, Page, Paragraph, Run, Section
from procflow.reports.document.register import data_section
from procflow.reports.document.roles import overrides_section, roles_section, sheets_section
from procflow.reports.document.rules import rules_section
from procflow.reports.document.steps import ends_section, steps_section
from procflow.reports.document.stories import stories_section
from procflow.reports.document.values import commas
from procflow.reports.document.wording import Wording, run
from procflow.texts import language

_DIGITS_SHOWN = 12
"""Of the digest at the foot of a page; the head has all of it."""


def page_of(
    procedure: Procedure,
    code: str,
    *,
    svg: str = "",
    mermaid: str = "",
    others: Sequence[tuple[str, str]] = (),
    examples: bool = True,
    calendars: CalendarSet | None = None,
) -> Page:
    """Return the procedure told in the language of `code`.

    `svg` and `mermaid` are its picture in this language; without either the page has none. Without `examples` the
    scenarios are left out. `others` are the languages the page is also written in, with their files, this page among
    them. `calendars` say which hours count. The same procedure, language, picture and calendars give the same page:
    nothing in it depends on the day.
    """
    spoken = language(code)
    wording = Wording(procedure, spoken)
    say = wording.say
    title: Run = (wording.written(procedure.title) or Name(procedure.id),)
    purpose = wording.written(procedure.purpose)
    facts = _facts(wording)
    sections = tuple(_sections(wording, svg, mermaid, examples, calendars))
    named = "".join(one if isinstance(one, str) else getattr(one, "text", "") for one in title)
    digest = procedure.digest[:_DIGITS_SHOWN]
    identity = f"{procedure.id} · {procedure.version} · {digest}"
    foot = wording.cut(
        "This page was made from the procedure {id}, version {version}, digest {digest}. Work is run and audited by the same "
        "text.",
        id=(Id(procedure.id),),
        version=(Id(procedure.version),),
        digest=(Id(digest),),
    )
    return Page(
        language=spoken,
        lang=spoken.code if spoken.code.partition("-")[0] == spoken.words else spoken.words,
        name=named,
        identity=identity,
        kind=say("Standard operating procedure"),
        title=title,
        purpose=(purpose,) if purpose is not None else (),
        facts=facts,
        notices=tuple(_notices(wording)),
        contents=say("Contents"),
        skip=say("Skip to the text"),
        languages=say("This page in other languages"),
        others=tuple(Other(language(one), file) for one, file in others) if len(others) > 1 else (),
        sections=sections,
        foot=run(foot),
        untranslated=say("not translated"),
    )


def _sections(
    wording: Wording, svg: str, mermaid: str, examples: bool, calendars: CalendarSet | None
) -> Iterator[Section]:
    procedure, say = wording.procedure, wording.say
    if svg or mermaid:
        caption = say("Boxes are steps: where the work stands. Arrows are actions: what somebody does there.")
        figure = Figure(svg, mermaid, (caption,))
        yield Section(anchor="picture", heading=(say("At a glance"),), level=2, blocks=(figure,))
    yield roles_section(wording)
    yield steps_section(wording)
    if any(one not in ACTS for one in procedure.anytime):
        yield _anytime(wording)
    if is_told(wording):
        yield handing_section(wording)
    yield ends_section(wording)
    if procedure.clocks:
        yield clocks_section(wording, calendars)
    if procedure.rules:
        yield rules_section(wording)
    if procedure.fairness is not None:
        yield fairness_section(procedure.fairness, wording)
    yield overrides_section(wording)
    yield sheets_section(wording)
    if procedure.data or any(step.evidence or step.actions for step in procedure.steps.values()):
        section = data_section(wording)
        if section.blocks:
            yield section
    if examples and procedure.scenarios:
        yield stories_section(wording)


def _anytime(wording: Wording) -> Section:
    say = wording.say
    actions = tuple(
        action_section(one, wording, level=3, anchor=f"action-{one.id}", step=None)
        for one in wording.procedure.anytime.values()
        if one.id not in ACTS
    )
    told = say("Possible wherever the case stands, until it ends. Nothing that a step asks for is needed.")
    blocks: Blocks = (Paragraph((told,)), *actions)
    return Section(anchor="anytime", heading=(say("At any time"),), level=2, blocks=blocks)


# --- the head ------------------------------------------------------------------------------------------------------


def _facts(wording: Wording) -> Facts:
    return Facts(tuple((label, (Paragraph(told),)) for label, told in _told(wording)))


def _told(wording: Wording) -> Iterator[tuple[str, Run]]:
    """Yield what makes the page a controlled document; what the author left out is said to be missing."""
    procedure, say, date = wording.procedure, wording.say, wording.language.date
    missing: Run = (say("not stated"),)
    yield say("Procedure"), (Id(procedure.id),)
    yield say("Version"), (Id(procedure.version),)
    yield say("Owner"), (Id(procedure.owner),) if procedure.owner else missing
    yield say("Author"), (Id(procedure.author),) if procedure.author else missing
    if procedure.approved_by is not None:
        on = Day(date(procedure.approved_by.on), procedure.approved_by.on)
        person: Run = (Id(procedure.approved_by.person),)
        yield say("Approved by"), run(wording.cut("{person}, {date}", person=person, date=(on,)))
    else:
        yield say("Approved by"), missing
    if procedure.agreed_by:
        agreed = [
            run(
                wording.cut(
                    "{department}: {answer}",
                    department=(Id(one.department),),
                    answer=_agreed(one, wording),
                )
            )
            for one in procedure.agreed_by
        ]
        yield say("Agreed by"), commas(agreed, wording)
    for label, day in (
        (say("In force from"), procedure.effective_from),
        (say("To be reviewed by"), procedure.review_by),
    ):
        yield label, (Day(date(day), day),) if day is not None else missing
    if procedure.calendar is not None:
        yield say("Calendar"), (Id(procedure.calendar),)
    if procedure.controls:
        controls: tuple[Run, ...] = tuple((Id(one),) for one in procedure.controls)
        yield say("Controls"), wording.listed(controls)
    yield say("Digest (SHA-256)"), (Id(procedure.digest),)


def _agreed(one: Agreement, wording: Wording) -> Run:
    """Return what a department said: when, who for it, and to which version if it was another one."""
    if one.on is None:
        return (wording.say("pending"),)
    day: Run = (Day(wording.language.date(one.on), one.on),)
    if one.person is not None:
        day = run(wording.cut("{person}, {date}", person=(Id(one.person),), date=day))
    if one.version not in (None, wording.procedure.version):
        return run(wording.cut("{answer}, to version {version}", answer=day, version=(Id(one.version or ""),)))
    return day


def _notices(wording: Wording) -> Iterator[Run]:
    """Yield what a reader must know before the rest; called last, when it is known what the page lacks."""
    procedure, say = wording.procedure, wording.say
    if procedure.approved_by is None:
        yield (say("Draft: nobody has approved this version yet."),)
    elif any(one.on is None for one in procedure.agreed_by):
        yield (say("Draft: not everybody who takes part has agreed to this version yet."),)
    if wording.lacking:
        count = wording.language.count
        yield (
            count(
                "One text is not given in the language of this page. It is shown in another and marked.",
                "{number} texts are not given in the language of this page. They are shown in another and marked.",
                wording.lacking,
            ),
        )
