"""Rules in words: one sentence for every form, in every language, and the places of the page that speak of them."""

from __future__ import annotations

import re

import pytest

from procflow.model.deviation import REGISTRY
from procflow.model.rule import Form, Rule
from procflow.reports.document import html_of, markdown_of
from procflow.reports.document.sentences import told
from procflow.reports.document.terms import terms_of
from procflow.reports.document.wording import Wording
from procflow.texts import LANGUAGES, language
from tests.unit.reports.document.pages import Element, read_page, small
from tests.unit.reports.document.test_conditions import plain

FLOW = """\
procflow: 1
procedure: answers
version: "1.0"
title: { en: Answers, ro: Răspunsuri, ru: Ответы, fa: پاسخ‌ها, pl: Odpowiedzi }
roles:
  agent: { name: { en: Agent, ro: Agent, ru: Специалист, fa: کارشناس, pl: Specjalista }, title: Writes }
  client: { name: Client, title: Asks, external: true }
data:
  amount: { type: money, currency: EUR, ask: { en: How much?, ro: Cât?, ru: Сколько?, fa: چقدر؟, pl: Ile? } }
  boss: person
start: draft
steps:
  draft:
    title: { en: Write, ro: Redactare, ru: Подготовка, fa: نوشتن, pl: Pisanie }
    by: agent
    checklist: [thank]
    optional: [amount, boss]
    actions:
      approve: { to: draft, title: { en: Approve, ro: Aprobați, ru: Утвердить, fa: تأیید, pl: Zatwierdzenie } }
      send: { to: sent, title: { en: Send it, ro: Trimiteți, ru: Отправить, fa: ارسال, pl: Wysłanie } }
  sent: { end: answered }
anytime:
  ask: { to: same, by: client }
"""

SENTENCES = [
    ("must-happen: send", "“Send it” must be done before the case ends."),
    (
        "{ must-happen: send, within: 10 days }",
        "“Send it” must be done within 10 days of the opening of the case.",
    ),
    ("{ never: ask, by: client }", "ask must not be done by somebody in the role “Client”, or on their behalf."),
    ("{ never: [ask, thank] }", "ask must not be done and thank must not be done."),
    ("{ exactly: 1, of: send }", "“Send it” must be done exactly once in a case."),
    (
        "{ at-most: 3, of: [ask, thank], in: 30 days, per: client }",
        "ask or thank may be done at most 3 times within any stretch of 30 days. "
        "This is judged over all cases of one client together.",
    ),
    ("{ at-most: 2, of: ask }", "ask may be done at most 2 times in a case."),
    (
        "{ at-least: 2, of: thank, when: amount > 0 }",
        "thank must be done at least 2 times in a case; this applies only if, when the case ends, “How much?” – more than 0 EUR.",
    ),
    ("{ first: [approve, thank] }", "The first thing done in a case must be this: “Approve” or thank."),
    (
        "{ first: [approve, thank], by: agent }",
        "The first thing done in a case must be this, by somebody in the role “Agent”: “Approve” or thank.",
    ),
    (
        "{ any-of: [approve, ask], within: 2 days }",
        "At least one of these must happen in a case, within 2 days of the opening of the case: “Approve” or ask.",
    ),
    (
        "{ not-both: [ask, send], same: amount }",
        "Only one of these may happen with the same value for “How much?”: ask or “Send it”.",
    ),
    (
        "{ different-person: [approve, leaves draft] }",
        "Whoever does one of these must not do another of them: “Approve” and what takes the case out of “Write”.",
    ),
    ("{ last: send }", "The last thing done in a case must be this: “Send it”."),
    ("{ if: ask, also: thank }", "If ask is done, thank must be done before or after it."),
    ("{ if: ask, also: thank, within: 1 day }", "If ask is done, thank must be done within 1 day before or after it."),
    (
        "{ after: ask, there-must-be: thank, within: 2 days, by: { field: boss } }",
        "After ask is done, thank must be done by whoever is named in boss, within 2 days afterwards.",
    ),
    (
        "{ after: [ask, enters draft], there-must-be: thank, each-time: true }",
        "After ask is done or after the case enters “Write”, thank must be done each time before that happens again.",
    ),
    (
        "{ before: send, there-must-be: approve, when: amount > 0, by: agent }",
        "Before “Send it” is done, “Approve” must have been done by somebody in the role “Agent”; "
        "this applies only if “How much?” – more than 0 EUR.",
    ),
    (
        "{ before: case ends, there-must-be: leaves draft, next: true }",
        "Before the case ends, this must have happened as the last thing before it: the case leaves “Write”.",
    ),
    (
        "{ after: approve, before: send, same: person }",
        "After “Approve” is done, “Send it” must be done by the same person; and before “Send it” is done, “Approve” must "
        "have been done by the same person.",
    ),
    (
        "{ together: [approve, send] }",
        "Either all of these happen in a case, or none of them: “Approve” and “Send it”.",
    ),
    ("{ any-of: [approve, ask] }", "At least one of these must happen in a case: “Approve” or ask."),
    ("{ one-of: [approve, ask] }", "One of these must happen in a case, and none of the others: “Approve” or ask."),
    (
        "{ not-both: [ask, draft.approve], within: 1 hour }",
        "Only one of these may happen within 1 hour: ask or “Approve” in “Write”.",
    ),
    ("{ if: ask, never: send }", "If ask is done, “Send it” must not be done either before or after it."),
    (
        "{ after: starts approve, never: enters draft, different: amount }",
        "After work on “Approve” begins, this must not happen with another value for “How much?”: the case enters “Write”.",
    ),
    ("{ before: send, never: ask }", "Before “Send it” is done, ask must not have been done."),
    ("{ same-person: [approve, send] }", "All of these must be done by the same person: “Approve” and “Send it”."),
    (
        "{ different-person: [approve, send] }",
        "Whoever does one of these must not do another of them: “Approve” and “Send it”.",
    ),
]


def rule_of(written: str) -> tuple[Rule, Wording]:
    body = written if written.startswith("{") else f"{{ {written} }}"
    procedure = small(f"{FLOW}rules:\n  only: {body}\n")
    return procedure.rules[0], Wording(procedure, language("en"))


@pytest.mark.parametrize(("written", "sentence"), SENTENCES)
def test_a_sentence_for_every_form(written: str, sentence: str) -> None:
    rule, wording = rule_of(written)
    assert plain(told(rule, wording)) == sentence


def test_no_form_is_without_a_sentence() -> None:
    assert {rule_of(written)[0].form for written, _ in SENTENCES} == set(Form)


@pytest.mark.parametrize("written", [one for one, _ in SENTENCES])
def test_the_exact_terms_are_those_of_the_file(written: str) -> None:
    rule, _ = rule_of(written)
    again, _ = rule_of(f"{{ {terms_of(rule)} }}")
    assert terms_of(again) == terms_of(rule)
    assert (again.form, again.triggers, again.targets, again.within) == (
        rule.form,
        rule.triggers,
        rule.targets,
        rule.within,
    )


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (
            "ro",
            "Înainte de acțiunea „Trimiteți”, acțiunea „Aprobați” trebuie să fi fost efectuată de cineva cu rolul „Agent”; "
            "regula se aplică numai dacă „Cât?” – mai mult de 0 EUR.",
        ),
        (
            "ru",
            "До действия «Отправить» действие «Утвердить» должно быть уже выполнено кем-либо в роли «Специалист»; "
            "правило действует, только если «Сколько?» — больше чем 0 EUR.",
        ),
        (
            "pl",
            "Przed wykonaniem czynności „Wysłanie” czynność „Zatwierdzenie” musi być już wykonana przez osobę w roli "
            "„Specjalista”; reguła obowiązuje tylko wtedy, gdy „Ile?” – więcej niż 0 EUR.",
        ),
        (
            "fa",
            "پیش از انجام «ارسال»، «تأیید» باید به دست کسی در نقش «کارشناس» انجام شده باشد؛ "
            "این قاعده فقط در صورتی برقرار است که «چقدر؟» – بیش از ۰ EUR.",
        ),
    ],
)
def test_a_sentence_in_other_languages(code: str, sentence: str) -> None:
    rule, wording = rule_of("{ before: send, there-must-be: approve, when: amount > 0, by: agent }")
    assert plain(told(rule, Wording(wording.procedure, language(code)))) == sentence


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_sentence_is_whole_in_every_language(code: str) -> None:
    for written, _ in SENTENCES:
        rule, wording = rule_of(written)
        sentence = plain(told(rule, Wording(wording.procedure, language(code))))
        assert sentence.endswith(".")
        assert "  " not in sentence
        assert " ," not in sentence


WITH_RULES = FLOW + (
    "rules:\n"
    "  approved: { before: send, there-must-be: approve, title: No answer unseen, severity: critical, "
    "because: ISO-10002:7.4 }\n"
    "  thanked: { after: case opens, there-must-be: thank, within: 1 hour, refuse: false }\n"
    "  written: { before: case ends, there-must-be: leaves draft, "
    "when: 'amount > 0 and (has(boss) or amount < 50) and amount != 7' }\n"
)


def part(page: Element, anchor: str) -> str:
    """Return what a section of the page says."""
    text = next(one.text for one in page.all("section") if one.attributes.get("id") == anchor)
    return re.sub(r" (?=[”,.])|(?<=“) ", "", text)


def test_rules_are_a_part_of_the_page() -> None:
    page = read_page(html_of(small(WITH_RULES), "en"))
    section = part(page, "rules")
    assert "§1 No answer unseen approved" in section
    assert "Severity: critical · Clause: ISO-10002:7.4 · What would break it is refused" in section
    assert "What breaks it is not refused, only put on record" in section
    assert "In exact terms: before: send, there-must-be: approve" in section
    # A long condition is laid out below its sentence.
    assert "the case leaves “Write”. Only if all of these hold:" in section


def test_how_bad_it_is_is_told_as_the_finding_tells_it() -> None:
    page = read_page(html_of(small(WITH_RULES), "en"))
    assert "Severity: major · What breaks it is not refused" in part(page, "rule-thanked")
    # So that one code can stand for all of them.
    assert len({one.severity for code, one in REGISTRY.items() if code.startswith("DV5")}) == 1


def test_steps_and_actions_name_their_rules() -> None:
    page = read_page(html_of(small(WITH_RULES), "en"))
    assert "Rules: §1 No answer unseen" in part(page, "action-draft.send")
    assert "Rules" not in part(page, "action-ask")
    # What is said of its checklist, and of entering and leaving it, belongs to the step.
    assert "Rules §2 thanked and §3 written" in part(page, "step-draft")
    assert "§1 No answer unseen, §2 thanked and §3 written" in part(page, "role-agent")


def test_rules_in_markdown() -> None:
    text = markdown_of(small(WITH_RULES), "fa")
    assert '<a id="rule-approved"></a>' in text
    assert "[§۱" in text


def test_without_rules_there_is_no_section() -> None:
    assert 'id="rules"' not in html_of(small(FLOW), "en")
