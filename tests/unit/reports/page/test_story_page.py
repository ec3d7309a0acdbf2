"""The page of a story: every finding in every language, nothing on top of anything else, nothing that could act."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from procflow.auditor.story import players_of, story_in
from procflow.model.clock import Party, PartyKind
from procflow.model.deviation import REGISTRY, Deviation
from procflow.model.event import Event, Kind
from procflow.model.story import CaseStory
from procflow.reports.document.promises import plain
from procflow.reports.page import findings_of, html_of, overview_of, svg_of, told_of
from procflow.reports.page.circle import ring
from procflow.reports.page.colours import DARK, HUES_DARK, HUES_LIGHT, LIGHT
from procflow.reports.page.lanes import LABEL, plan
from procflow.reports.page.of_flow import right as right_of_flow
from procflow.reports.page.of_flow import what as what_of_flow
from procflow.reports.page.of_waiting import circle_in_words
from procflow.reports.page.of_waiting import right as right_of_waiting
from procflow.reports.page.of_waiting import what as what_of_waiting
from procflow.reports.page.teller import Teller
from procflow.reports.page.told import lost_by, told_findings
from procflow.texts import LANGUAGES, language
from tests.conftest import REPOSITORY
from tests.unit.reports.diagram.test_parts import contrast
from tests.unit.reports.page.sample import at, story

WAITING = sorted(code for code in REGISTRY if code.startswith("DV6"))
USUAL = [*WAITING, *(code for code in REGISTRY if code.startswith(("DV1", "DV3", "DV4")) and code != "DV304")]
PEOPLE = ["DV201", "DV202", "DV204", "DV208"]


def found(code: str, **more: object) -> Deviation:
    """A finding with nothing but what every finding has."""
    one = Deviation(code=code, severity=REGISTRY[code].severity, message="said in English", case="c", seq=2)
    return replace(one, **more)  # type: ignore[arg-type]


def george() -> CaseStory:
    """The story of the examples."""
    folder = REPOSITORY / "examples" / "george"
    mapping, people = folder / "george.map.yaml", folder / "people.yaml"
    return story_in(folder / "procedure.yaml", [folder / "told-badly.csv"], "george-1", mapping=mapping, people=people)


@pytest.mark.parametrize("code", [*USUAL, *PEOPLE])
def test_every_usual_class_is_told_in_every_language(code: str) -> None:
    """Also where a finding has no values at all; and what would have been right is another sentence."""
    told = set()
    for spoken in LANGUAGES:
        tell = Teller(story(), language(spoken))
        what = what_of_waiting(found(code), tell) or what_of_flow(found(code), tell)
        right = right_of_waiting(code, tell) or right_of_flow(found(code), tell)
        assert "said in English" not in plain(what)
        assert REGISTRY[code].summary not in plain(what)
        assert plain(what) != plain(right)
        told |= {plain(what), plain(right)}
    assert len(told) == 2 * len(LANGUAGES)


def test_a_rare_class_is_told_by_its_summary() -> None:
    tell = Teller(story(), language("ro"))
    assert plain(what_of_flow(found("DV701"), tell)) == REGISTRY["DV701"].summary


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_page_tells_who_when_and_what_was_lost(code: str) -> None:
    told = story()
    tell = Teller(told, language(code))
    for one in told_findings(tell, findings_of(told)):
        labels = [label for label, _ in one.facts]
        assert tell.say("Who") in labels
        assert tell.say("When") in labels
        assert tell.say("What would have been right") in labels
        assert tell.say("Line of the procedure") in labels
    lost = {one.code for _, one in findings_of(told) if lost_by(told, one)}
    assert lost == {"DV601", "DV602", "DV603", "DV604", "DV605", "DV606", "DV608", "DV613", "DV614", "DV409"}


def test_a_circle_is_a_sentence_that_ends_where_it_begins() -> None:
    told = story()
    (circle,) = (one for _, one in findings_of(told) if one.code == "DV606")
    sentence = plain(circle_in_words(circle, Teller(told, language("en"))))
    assert sentence == (
        "Maria Stan (Sales) → Adrian Ilie (Service coordinator) → Cristian Dima (Engineer)"
        " → Felicia Rusu (Operations) → Maria Stan (Sales)"
    )


@pytest.mark.parametrize("names", [(), ("one",), tuple("abcdefghijklm")])
def test_a_circle_that_cannot_be_read_is_not_drawn(names: tuple[str, ...]) -> None:
    assert ring(names, "a circle", direction="ltr") == ""


def test_nothing_on_the_page_acts_or_asks() -> None:
    page = html_of(story(), "en")
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert "style=" not in page
    assert "default-src &#39;none&#39;" in page


def test_what_people_wrote_is_escaped() -> None:
    told = story()
    events = tuple(
        replace(one, data={**one.data, "question": "<b onclick=x>&"}) if one.action == "ask" else one
        for one in told.trace.events
    )
    odd = replace(told, trace=replace(told.trace, case="<script>1</script>\u202e", events=events))
    for text in (html_of(odd, "en"), svg_of(odd, "en"), html_of(odd, "fa")):
        assert "<script>" not in text
        assert "<b onclick" not in text
        assert "\u202e" not in text


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_picture_is_well_formed_and_names_itself(code: str) -> None:
    root = ElementTree.fromstring(svg_of(story(), code))
    assert root.get("role") == "img"
    assert root.get("aria-label")
    assert "George" in "".join(root.itertext())


def test_equal_stories_give_equal_pages() -> None:
    assert html_of(story(), "ru") == html_of(story(), "ru")


def test_nothing_in_a_lane_covers_anything_else() -> None:
    told = story()
    laid = plan(
        told,
        findings_of(told),
        label=lambda _: "did",
        waiting=lambda _: "waits for",
        waiting_for_all=lambda _: "all",
        wide=1120,
        top=40,
    )
    assert len(laid.lanes) == len(told.players)
    for lane in laid.lanes:
        stands = sorted([one.x for one in lane.marks] + [one.x for one in lane.flags])
        assert all(second - first > 9 for first, second in itertools.pairwise(stands))
        assert all(LABEL <= one <= 1120 for one in stands)
        rows: dict[int, float] = {}
        for bar in sorted(lane.bars, key=lambda one: one.start):
            assert bar.start >= rows.get(bar.row, 0.0)
            rows[bar.row] = bar.end


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_client_waits_for_all_of_them(code: str) -> None:
    """In the picture, in the table and at a glance."""
    told = story()
    tell = Teller(told, language(code))
    assert told.clients == ("george",)
    assert told.client_waited == ((at(1, 9, 12), at(23, 16)),)
    length = tell.length(at(23, 16) - at(1, 9, 12))
    assert tell.say("waits for all of them: {length}", length=length) in svg_of(told, code)
    page = html_of(told, code)
    for said in ("all of them", "that it is done", "the client waited for all of us", "the longest of the other waits"):
        assert tell.say(said) in page


def test_nobody_waits_for_all_while_it_is_the_clients_turn_or_done() -> None:
    told = story()
    client = Party(kind=PartyKind.CLIENT, names=("client",))
    (first, start, _), *rest, (_, done, end) = told.spans
    began = ((first, start, at(1, 9, 20)), (client, at(1, 9, 20), at(1, 9, 40)))
    turned = replace(told, spans=(*began, *rest, (Party(kind=PartyKind.RESOLVED), done, end)))
    assert turned.client_waited == ((start, at(1, 9, 20)), (at(1, 9, 40), at(23, 14)))


def test_a_client_who_never_says_a_word_has_a_lane() -> None:
    told = story()
    silent = [one for one in told.trace.events if one.on_behalf_of is None]
    assert "george" in players_of(told.procedure, silent, "george")


def test_what_the_client_was_owed_stands_in_the_clients_lane() -> None:
    told = george()
    findings = findings_of(told)
    (owed,) = (number for number, one in findings if one.code == "DV409")
    laid = plan(
        told, findings, label=lambda _: "", waiting=lambda _: "", waiting_for_all=lambda _: "", wide=1120, top=40
    )
    (lane,) = (lane for lane in laid.lanes if owed in {flag.number for flag in lane.flags})
    assert lane.id == "george"


@pytest.mark.parametrize(("named", "hues"), [(LIGHT, HUES_LIGHT), (DARK, HUES_DARK)], ids=["light", "dark"])
def test_a_dozen_departments_are_told_apart(named: dict[str, str], hues: tuple[str, ...]) -> None:
    assert len(set(hues)) == len(hues) == 12
    for one in (*hues, named["client"]):
        for other in ("paper", "band", "on-hue"):
            assert contrast(one, named[other]) >= 4.5, (one, other)


def test_the_picture_in_the_documents_is_the_one_that_is_drawn() -> None:
    """To make it anew, in the root of the repository:

    procflow waiting examples/george/procedure.yaml examples/george/told-badly.csv --mapping examples/george/george.map.yaml
    --people examples/george/people.yaml -o docs/images/george.svg
    """
    told = george()
    assert (REPOSITORY / "docs" / "images" / "george.svg").read_text("utf-8") == svg_of(told, "en")


def test_nights_are_drawn_short_and_time_never_runs_back() -> None:
    told = story()
    laid = plan(told, (), label=lambda _: "", waiting=lambda _: "", waiting_for_all=lambda _: "", wide=1120, top=40)
    moments = [told.since + number * timedelta(hours=1) for number in range(24 * 23)]
    places = [laid.x(one) for one in moments]
    assert places == sorted(places)
    day, night = laid.x(at(7, 14)) - laid.x(at(7, 8)), laid.x(at(8, 4)) - laid.x(at(7, 22))
    assert day > 5 * night


def test_a_case_of_one_moment_has_a_page() -> None:
    told = story()
    first = told.trace.events[0]
    alone = replace(
        told,
        trace=replace(told.trace, events=(first,), closed=False),
        audit=replace(told.audit, deviations=(), outcome=None, closed=False),
        waits=(),
        tenures=(),
        spans=(),
        openings=(),
        until=first.occurred_at,
    )
    assert "Nothing. Thank you all." in html_of(alone, "en")
    assert svg_of(alone, "fa").startswith("<svg")


def test_a_long_case_is_bounded_and_says_so() -> None:
    told = story()
    many = [
        Event(
            case="c",
            seq=seq,
            kind=Kind.ACTION,
            action="ask",
            occurred_at=at(1, 9) + timedelta(minutes=seq),
            actor=f"p{seq}",
        )
        for seq in range(1, 1_001)
    ]
    big = replace(
        told,
        trace=replace(told.trace, events=tuple(many)),
        audit=replace(told.audit, deviations=tuple(found("DV102", seq=seq) for seq in range(1, 1_001))),
        waits=told.waits * 100,
    )
    page = html_of(big, "en")
    assert "800 more are left out." in page
    assert "700 more are left out." in page
    assert len(page) < 2_000_000


def test_several_cases_have_a_page_that_leads_to_theirs() -> None:
    told = story()
    page = overview_of(told, [told_of(told, "C-2026-117.html")], "en", cases=8)
    assert 'href="C-2026-117.html"' in page
    assert "7 more cases have no page here" in page
