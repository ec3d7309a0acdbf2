"""`html_of` and `svg_of`: the page of one story, and its timeline alone; `overview_of`: the page that leads to several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from importlib.resources import files

from procflow.model.procedure import Procedure
from procflow.model.story import CaseStory
from procflow.reports.document.html import render
from procflow.reports.document.parts import Away, Facts, Id, Other, Page, Paragraph, Run, Section, Small, Table, Written
from procflow.reports.document.wording import Wording, run
from procflow.reports.page.colours import rules, variables
from procflow.reports.page.sections import head_of, sections_of
from procflow.reports.page.teller import Teller
from procflow.reports.page.timeline import timeline
from procflow.reports.page.told import numbered
from procflow.texts import Language, language


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One story as the page that leads to it tells of it."""

    case: str
    file: str
    findings: int
    length: timedelta
    waited: timedelta
    """All waits of the case, added up."""


def html_of(story: CaseStory, code: str, *, others: Sequence[tuple[str, str]] = ()) -> str:
    """Return the page of a story; `others`: the same page in other languages, by code and file."""
    spoken = language(code)
    tell = Teller(story, spoken)
    case = Written(story.trace.case, "", "ltr", False)
    title = run(spoken.cut("Case {case}", case=(case,)))
    sections = tuple(sections_of(tell, numbered(story)))
    name = spoken.say("Case {case}", case=story.trace.case)
    page = _page(spoken, story.procedure, title, name, sections, head_of(tell), others)
    return render(page, _style())


def svg_of(story: CaseStory, code: str) -> str:
    """Return the timeline of a story as a picture that stands by itself."""
    tell = Teller(story, language(code))
    return timeline(tell, numbered(story), alone=True) + "\n"


def told_of(story: CaseStory, file: str) -> Told:
    """Return what the page that leads to a story says of it."""
    waited = sum(map(story.length, story.waits), timedelta(0))
    return Told(
        case=story.trace.case,
        file=file,
        findings=len(numbered(story)),
        length=story.until - story.since,
        waited=waited,
    )


def overview_of(one: CaseStory, told: Sequence[Told], code: str, *, cases: int) -> str:
    """Return the page that leads to the pages of several cases, of `cases` in all; `one` of them names the procedure."""
    spoken = language(code)
    tell, say = Teller(one, spoken), spoken.say
    rows = tuple(
        (
            ((Away(each.case, each.file),),),
            ((spoken.number(each.findings),),),
            ((tell.length(each.waited),),),
            ((tell.length(each.length),),),
        )
        for each in told
    )
    heads = (say("Case"), say("What went wrong"), say("All waits together"), say("How long"))
    left_out = cases - len(told)
    blocks: list[Table | Small] = [Table(say("Cases"), heads, rows)]
    if left_out:
        blocks.append(
            Small(
                (
                    spoken.count(
                        "One more case has no page here: those in which most went wrong come first.",
                        "{number} more cases have no page here: those in which most went wrong come first.",
                        left_out,
                    ),
                )
            )
        )
    section = Section(anchor="cases", heading=(say("Cases"),), level=2, blocks=tuple(blocks))
    title = tell.wording.written(one.procedure.title)
    named: Run = (title,) if title is not None else (Id(one.procedure.id),)
    name = title.text if title is not None else one.procedure.id
    page = _page(spoken, one.procedure, named, name, (section,), _facts(tell.wording), ())
    return render(page, _style())


def _facts(wording: Wording) -> Facts:
    told = (Id(f"{wording.procedure.id} {wording.procedure.version}"),)
    return Facts(((wording.say("Procedure"), (Paragraph(told),)),))


def _page(
    spoken: Language,
    procedure: Procedure,
    title: Run,
    name: str,
    sections: tuple[Section, ...],
    facts: Facts,
    others: Sequence[tuple[str, str]],
) -> Page:
    say = spoken.say
    identity = f"{procedure.id} {procedure.version} · {procedure.digest[:12]}"
    return Page(
        language=spoken,
        lang=spoken.code if spoken.code.partition("-")[0] == spoken.words else spoken.words,
        name=name,
        identity=identity,
        kind=say("Who waited for whom"),
        title=title,
        purpose=(),
        facts=facts,
        notices=(),
        contents=say("Contents"),
        skip=say("Skip to the text"),
        languages=say("This page in other languages"),
        others=tuple(Other(language(one), file) for one, file in others) if len(others) > 1 else (),
        sections=sections,
        foot=tuple(_foot(identity, spoken)),
        untranslated=say("not translated"),
    )


def _foot(identity: str, spoken: Language) -> Iterator[str | Id]:
    yield Id(identity)
    yield " · "
    yield spoken.say("Everything here is from the record and the procedure; nothing is guessed.")


@lru_cache(maxsize=1)
def _style() -> str:
    return (
        f":root{{{variables(dark=False)}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{variables(dark=True)}}}}}\n"
        f"{rules()}\n" + (files(__package__) / "story.css").read_text("utf-8")
    )
