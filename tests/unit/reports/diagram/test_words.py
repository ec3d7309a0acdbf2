"""What stands in a picture: titles and words, each language its way, and nothing an author writes gets out of its place."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from procflow.loading.procedure import read_procedure
from procflow.model.procedure import Procedure
from procflow.reports.diagram import mermaid_of, svg_of

REFUND = """\
procflow: 1
procedure: refund
version: "1.0"
title: { ro: Rambursare, en: Refund }
roles:
  agent: Talks to the client
  lead: { title: { en: Approves, ro: Aprobă } }
  client: { title: Who wants it, external: true }
data:
  amount: { type: money, currency: EUR }
  friend: { type: person }
start: request
steps:
  request:
    title: { en: Take it in, ro: Primește cererea }
    by: agent
    checklist: [thank, clarify]
    collect: [amount]
    actions:
      propose:
        - { to: approval, when: amount > 50 }
        - { to: payment, otherwise: true }
      ask: { to: waiting, incomplete: true, at-most: 3, title: Ask }
      note-it: { to: same }
  waiting: { waiting-for: { party: client, asked: required }, actions: { answer: request } }
  approval:
    by: lead
    four-eyes: request
    not-by: friend
    actions: { approve: payment, deny: { to: refused, reason: required } }
  payment:
    title: Pay
    parallel:
      bank: { by: { field: friend }, evidence: [receipt], actions: { pay: done } }
      letter: { only-if: amount > 500, by: agent, actions: { write: done } }
    then: closed
  forgotten: { by: any, actions: { wake: closed } }
  closed: { end: paid }
  refused: { end: refused }
  gone: { end: cancelled }
anytime:
  withdraw: { to: gone, by: client }
titles:
  thank: { en: Say thank you, ro: Mulțumește }
"""


def procedure(text: str = REFUND) -> Procedure:
    loaded = read_procedure(text, "refund.yaml")
    assert loaded.procedure is not None, loaded.findings
    return loaded.procedure


def words(picture: str) -> list[str]:
    """Return the texts of a picture, without the signs that isolate them."""
    root = ElementTree.fromstring(picture)
    found = ["".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text")]
    return [re.sub("[\u2066-\u2069]", "", one) for one in found]


def test_what_binds_a_step_is_on_its_card() -> None:
    told = words(svg_of(procedure(), language="en"))
    for text in (
        "Take it in",
        "request",
        "Say thank you → clarify",
        "amount",
        "note-it",
        "waits for client",
        "not whoever left request",
        "not whoever friend names",
        "whoever friend names",
        "receipt",
        "only if amount > 500",
        "if amount > 50",
        "otherwise",
        "at most 3 times",
        "may leave the step unfinished",
        "with a reason",
        "nothing leads here",
        "paid",
        "cancelled",
        "→ gone · client",
    ):
        assert text in told, told


def test_the_first_language_of_the_procedure_if_none_is_asked_for() -> None:
    told = words(svg_of(procedure(), standalone=True))
    assert "Rambursare" in told
    assert "Primește cererea" in told
    assert "altfel" in told
    assert not any("°" in one for one in told)


def test_a_title_in_another_language_is_marked_and_explained() -> None:
    told = words(svg_of(procedure(), language="pl"))
    assert "Primește cererea°" in told
    assert any(one.startswith("°") and "polski" in one for one in told)


def test_from_right_to_left_the_picture_is_mirrored() -> None:
    english, persian = (svg_of(procedure(), language=code) for code in ("en", "fa"))
    assert 'direction="rtl"' in persian
    assert 'direction="rtl"' not in english
    assert "\u2066amount &gt; 50\u2069" in persian
    assert "\u2066" not in english

    def start(picture: str) -> float:
        found = re.search(r'<circle class="pf-dot" cx="([\d.]+)"', picture)
        width = re.search(r' width="([\d.]+)"', picture)
        assert found is not None
        assert width is not None
        return float(found[1]) / float(width[1])

    assert start(english) + start(persian) == pytest.approx(1, abs=0.35)


HOSTILE = (
    '</text><script>alert(1)</script> " \' & ]]> <!-- \x07 \u202e \ud7ff \ufffe --> "] end %% style x fill:red `a` #35;'
)


def test_hostile_titles_stay_texts() -> None:
    text = REFUND.replace("Talks to the client", "X").replace("title: Pay", f"title: {_quoted(HOSTILE)}")
    text = text.replace("title: Ask", f"title: {_quoted('1. ' + HOSTILE)}")
    picture = svg_of(procedure(text), language="en")
    root = ElementTree.fromstring(picture)
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))
    assert "\u202e" not in picture
    assert "\x07" not in picture
    assert "http" not in picture.replace("http://www.w3.org/2000/svg", "")
    written = mermaid_of(procedure(text), language="en")
    for line in written.splitlines():
        assert line.count('"') in (0, 2), line
    assert "<script" not in written
    assert "`" not in written


def _quoted(text: str) -> str:
    letters = "".join(f"\\u{ord(one):04x}" if not one.isalnum() and one != " " else one for one in text)
    return f'"{letters}"'


def test_mermaid_says_the_same() -> None:
    text = mermaid_of(procedure(), language="en")
    assert text.startswith('---\ntitle: "Refund"\n---\nflowchart TB\n')
    for line in (
        '  s_request["Take it in<br>request<br>agent<br>☑ Say thank you → clarify<br>✎ amount<br>↻ note-it"]',
        '  s_request -->|"propose<br>if amount #62; 50"| s_approval',
        '  s_request -->|"propose<br>otherwise"| s_payment',
        '    subgraph s_payment__s_letter["letter: only if amount #62; 500"]',
        '  at_any_time -.->|"withdraw<br>client"| s_gone',
        "  class s_waiting waiting",
        "  class s_forgotten lost",
        "  class s_gone cancelled",
    ):
        assert line in text.splitlines(), text


def test_the_flow_is_told_in_words() -> None:
    root = ElementTree.fromstring(svg_of(procedure(), language="en"))
    told = root.findtext("{http://www.w3.org/2000/svg}desc") or ""
    assert told.startswith("The procedure starts with Take it in (request). In Take it in (request), agent acts.")
    assert "propose leads to approval if amount > 50 and Pay° (payment) otherwise." in told
    assert root.attrib["role"] == "img"
    assert set(root.attrib["aria-labelledby"].split()) == {
        one.attrib["id"] for one in root.iter() if "id" in one.attrib
    }


def test_no_title_sets_up_mermaid() -> None:
    text = REFUND.replace("title: Ask", 'title: "%%%{init: {}}%%"').replace("en: Refund }", 'en: "%%{init: {}}%%" }')
    written = mermaid_of(procedure(text), language="en")
    assert "%%" not in written
    assert "init: {}" in written
