"""Roles by their names, and words of choices by their titles, where a picture speaks another language than its ids."""

from __future__ import annotations

import re

import pytest

from procflow.loading.procedure import read_procedure
from procflow.model.procedure import Procedure
from procflow.reports.diagram import mermaid_of, svg_of

RENT = """\
procflow: 1
procedure: rent
version: "1.0"
title: { en: Damage, ru: Ущерб, fa: خسارت }
roles:
  boss: { name: { en: Manager, ru: Управляющий, fa: مدیر }, title: Decides }
  tenant: { name: { en: Tenant, ru: Жилец, fa: مستأجر }, title: Lives there, external: true }
  clerk: Writes
data:
  how_bad: { type: choice, of: [small, large] }
start: look
steps:
  look:
    by: boss
    collect: [how_bad]
    actions: { ask: { to: waiting, when: how_bad == "large" }, fine: { to: paper, when: 'how_bad in ["small"]' } }
  waiting: { waiting-for: { party: tenant }, actions: { answer: closed } }
  paper: { by: clerk, actions: { file: closed } }
  closed: { end: done-with }
titles:
  large: { en: Large, ru: Большой, fa: بزرگ }
  small: { en: Small }
"""


def rent() -> Procedure:
    loaded = read_procedure(RENT.encode(), "rent.yaml")
    assert loaded.procedure is not None, [str(one) for one in loaded.findings]
    return loaded.procedure


def shown(svg: str) -> set[str]:
    """Return the texts of a picture, without the signs that keep directions apart."""
    told = (re.sub("<[^>]*>", "", one) for one in re.findall(r"<text.*?</text>", svg))
    return {re.sub("[\u2066-\u2069]", "", one).replace("&quot;", '"') for one in told}


@pytest.mark.parametrize(
    ("language", "boss", "waits"),
    [
        ("", "Manager", "waits for Tenant"),
        ("ru", "Управляющий", "ожидание: Жилец"),
        ("fa", "مدیر", "در انتظار مستأجر"),
    ],
)
def test_a_role_is_told_by_its_name(language: str, boss: str, waits: str) -> None:
    texts = shown(svg_of(rent(), language=language))
    assert {boss, waits} <= texts, sorted(texts)
    assert "clerk" in texts
    assert not {"boss", "tenant"} & texts
    assert f"<br>{boss}<br>" in mermaid_of(rent(), language=language)


def test_the_legend_says_what_a_role_does() -> None:
    assert "Manager\xa0 Decides" in shown(svg_of(rent()))


def test_words_of_choices_are_told_in_the_language_of_the_picture() -> None:
    assert 'if how_bad == "large"' in shown(svg_of(rent(), language="en"))
    russian = svg_of(rent(), language="ru")
    assert 'если how_bad == "Большой"' in shown(russian)
    assert 'если how_bad in ["small"]' in shown(russian), "a word without a title in the language stays"
    assert "→ waiting: how_bad == &quot;large&quot;" in russian, "who points at it reads what is executed"
