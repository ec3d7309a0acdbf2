"""The document as HTML: everything of the procedure is there, escaped, in order, in one file that fetches nothing."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest

from procflow.model.procedure import Procedure, Region
from procflow.reports.diagram import svg_of
from procflow.reports.document import html_of, languages_in
from procflow.texts import LANGUAGES
from tests.unit.reports.document.pages import SHIPPED, SMALL, Element, read_page, shipped, small

PAGES = [(path, code) for path in SHIPPED for code in LANGUAGES if shipped(path) is not None]


def page(procedure: Procedure, code: str = "en", svg: str = "") -> Element:
    return read_page(html_of(procedure, code, svg=svg))


def load(path: Path) -> Procedure:
    procedure = shipped(path)
    assert procedure is not None
    return procedure


def names(procedure: Procedure) -> set[str]:
    """Return every id a reader may meet in the log."""
    found = {*procedure.steps, *procedure.actions, *procedure.roles, *procedure.data}
    for step in procedure.steps.values():
        found |= {*step.evidence, *(proof for action in step.actions.values() for proof in action.evidence)}
        found |= {step.end} if step.end is not None else set()
        if step.parallel is not None:
            found |= {branch.id for branch in step.parallel.branches}
    return found


@pytest.mark.parametrize(("path", "code"), PAGES, ids=lambda one: one.stem if isinstance(one, Path) else one)
def test_a_shipped_procedure_is_told_whole(path: Path, code: str) -> None:
    procedure = load(path)
    told = page(procedure, code)
    assert names(procedure) <= {one.text for one in told.all("code")}
    exact = {one.text for one in told.all("code") if one.attributes.get("class") == "exact"}
    assert {" ".join(text.split()) for text in conditions(procedure.top)} <= exact
    (html,) = told.all("html")
    assert html.attributes == {"lang": code, "dir": "rtl" if code == "fa" else "ltr"}
    assert procedure.digest in {one.text for one in told.all("code")}


def conditions(region: Region) -> set[str]:
    found: set[str] = set()
    for step in region.steps.values():
        arrows = [arrow for action in step.actions.values() for arrow in action.arrows]
        if step.parallel is not None:
            arrows += step.parallel.then
            for branch in step.parallel.branches:
                found |= conditions(branch.region)
                found |= {branch.only_if.text} if branch.only_if is not None else set()
        found |= {arrow.when.text for arrow in arrows if arrow.when is not None}
    return found


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_page_is_sound(code: str) -> None:
    procedure = small()
    told = page(procedure, code, svg=svg_of(procedure, language=code))
    ids = [one.attributes["id"] for one in told.all() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    for one in told.all("a"):
        target = one.attributes["href"]
        assert target.removeprefix("#") in ids, f"{target} leads nowhere"
    for one in told.all():
        labelled = one.attributes.get("aria-labelledby", "").split()
        assert set(labelled) <= set(ids)
    levels = [int(one.tag[1]) for one in told.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for one in told.all("th"):
        assert one.attributes["scope"] in ("row", "col")
    assert all(list(table.all("caption")) for table in told.all("table"))
    assert len(list(told.all("main"))) == len(list(told.all("header"))) == len(list(told.all("footer"))) == 1
    assert len(list(told.all("figcaption"))) == 1


def test_ids_that_look_like_others_stay_apart() -> None:
    text = """
procflow: 1
procedure: alike
version: "1"
roles: { h: Acts, any-h: Acts too }
start: a
steps:
  a: { by: h, actions: { b-c: a-b } }
  a-b: { by: any-h, actions: { c: a-h } }
  a-h: { by: any, actions: { over: done-h } }
  done-h: { end: done-well }
"""
    ids = [one.attributes["id"] for one in page(small(text)).all() if "id" in one.attributes]
    assert sorted(ids) == sorted(set(ids))


def test_a_page_runs_nothing_and_fetches_nothing() -> None:
    procedure = small()
    text = html_of(procedure, "en", svg=svg_of(procedure, language="en"))
    told = read_page(text)
    assert not list(told.all("script", "iframe", "object", "embed", "img", "form", "base"))
    assert not [one for one in told.all() for name in one.attributes if name.startswith("on") or name == "style"]
    assert not re.findall(r"url\(|@import|https?://(?!www\.w3\.org/2000/svg)", text)
    (policy,) = (one.attributes["content"] for one in told.all("meta") if "http-equiv" in one.attributes)
    styles = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert len(styles) == 2
    digests = [b64encode(sha256(style.encode()).digest()).decode() for style in styles]
    assert policy.startswith("default-src 'none'; style-src ")
    assert all(f"'sha256-{digest}'" in policy for digest in digests)


def test_the_same_procedure_gives_the_same_bytes() -> None:
    assert html_of(small(), "fa") == html_of(small(), "fa")


HOSTILE = "</style><script>alert(1)</script><img src=x onerror=y>{{ 7*7 }}{% raw %}\"'&\u202e"


def test_hostile_texts_are_text() -> None:
    quoted = HOSTILE.replace('"', '\\"')
    text = SMALL.replace("Approves", f'"{quoted}"').replace("{ en: Refund, ro:", f'{{ en: "{quoted}", ro:')
    text = text.replace("owner: care", f'owner: "{quoted}"')
    text = text.replace("annoying", f'"{quoted}"').replace("en: How much?", f'en: "{quoted}"')
    text = text.replace("of: [minor, major]", f'of: [minor, major, "{quoted}"]')
    told = html_of(small(text), "en")
    tree = read_page(told)
    assert not list(tree.all("script", "img"))
    assert "49" not in tree.text
    shown = HOSTILE.replace("\u202e", "\ufffd")
    assert tree.text.count(" ".join(shown.split())) >= 6
    assert len(re.findall("<style>", told)) == 1


def test_texts_in_another_language_are_marked_and_counted() -> None:
    told = page(small(), "ro")
    marked = list(told.all("abbr"))
    assert {one.text for one in marked} == {"en"}
    assert {one.attributes["title"] for one in marked} == {"netradus"}
    (notice,) = (one.text for one in told.all("p") if "netradus" in one.text or "limba acestei pagini" in one.text)
    # Approves, The client, annoying, The receipt, The money is back.
    assert notice.startswith("5 texte nu există")
    assert "Mulțumește clientului" in told.text


def test_a_text_without_a_language_is_in_the_first_one() -> None:
    assert not list(page(small(), "en").all("abbr"))
    assert languages_in(small()) == ("en", "ro", "fa")
    bare = SMALL.replace("title: { en: Refund, ro: Rambursare, fa: بازپرداخت }", "title: Refund")
    assert languages_in(small(bare)) == ("en", "ro", "fa")


def test_persian_runs_from_right_to_left_and_ids_do_not() -> None:
    told = page(small(), "fa")
    assert all(one.attributes["dir"] == "ltr" for one in told.all("code"))
    turned = [one for one in told.all("bdi") if one.text == "Approves"]
    assert turned
    assert all((one.attributes["lang"], one.attributes["dir"]) == ("en", "ltr") for one in turned)
    assert "۵۰\u00a0EUR" in told.text.replace("50", "") or "۵۰ EUR" in told.text


def test_a_language_we_have_no_words_in_keeps_its_direction() -> None:
    arabic = small(SMALL.replace("fa: بازپرداخت", "ar: استرداد"))
    told = page(arabic, "ar")
    (html,) = told.all("html")
    assert html.attributes == {"lang": "en", "dir": "rtl"}
    (title,) = (one for heading in told.all("h1") for one in heading.all("bdi"))
    assert (title.text, title.attributes) == ("استرداد", {"lang": "ar"})


def test_a_draft_says_so() -> None:
    assert "nobody has approved" in page(small()).text
    approved = SMALL.replace("owner: care", "owner: care\napproved-by: { person: m.pop, date: 2026-11-01 }")
    assert "nobody has approved" not in page(small(approved)).text
    pending = approved.replace("owner: care", "owner: care\nagreed-by: { legal: pending }")
    assert "not everybody" in page(small(pending)).text


def test_pages_in_other_languages_are_linked() -> None:
    others = [(code, f"small.{code}.html") for code in ("en", "ro", "fa")]
    told = read_page(html_of(small(), "ro", others=others))
    (nav,) = (one for one in told.all("nav") if one.attributes["class"] == "languages")
    assert [(one.attributes["href"], one.text) for one in nav.all("a")] == [
        ("small.en.html", "English"),
        ("small.fa.html", "فارسی"),
    ]
    assert [one.text for one in nav.all("span")] == ["română"]
    assert len(list(told.all("link"))) == 3


def test_a_role_is_told_by_its_name_and_only_where_it_is_introduced_by_what_it_does() -> None:
    named = SMALL.replace("agent: { title:", "agent: { name: { en: Agent, ro: Operator }, title:")
    told = page(small(named), "ro")
    titled = [one for one in told.all("section", "header", "nav") if "Vorbește cu clientul" in one.text]
    assert [one.attributes["id"] for one in titled if one.tag == "section"] == ["roles", "who-does-what", "role-agent"]
    (acts,) = [one for one in told.all("div") if one.text.startswith("Cine acționează Operator")]
    assert acts.text == "Cine acționează Operator agent"
    (sheet,) = [one for one in told.all("h3") if one.attributes["id"] == "role-agent.h"]
    assert sheet.text == "Operator agent"
    (unnamed,) = [one for one in told.all("h3") if one.attributes["id"] == "role-lead.h"]
    assert unnamed.text == "lead"


def test_examples_can_be_left_out() -> None:
    procedure = load(next(one for one in SHIPPED if one.stem == "complaint"))
    whole, short = html_of(procedure, "en"), html_of(procedure, "en", examples=False)
    assert 'id="examples"' in whole
    assert 'id="examples"' not in short
    read_page(short)
