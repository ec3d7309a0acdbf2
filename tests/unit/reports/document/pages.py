"""Procedures for the tests of documents, and eyes to read a page with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from procflow.loading.procedure import load_procedure, read_procedure
from procflow.model.procedure import Procedure

REPOSITORY = Path(__file__).resolve().parents[4]
SHIPPED = sorted(REPOSITORY.glob("procedures/*.yaml"))

VOID = {"meta", "link", "br", "img", "input", "hr", "wbr", "col"}

SMALL = """\
procflow: 1
procedure: small
version: "1.0"
title: { en: Refund, ro: Rambursare, fa: بازپرداخت }
purpose: { en: Money goes back, ro: Banii se întorc }
owner: care
roles:
  agent: { title: { en: Talks to the client, ro: Vorbește cu clientul, fa: با مشتری گفت‌وگو می‌کند } }
  lead: Approves
  client: { title: The client, external: true }
data:
  amount: { type: money, currency: EUR, ask: { en: How much?, ro: Cât?, fa: چقدر؟ } }
  gravity: { type: choice, of: [minor, major] }
  whom: person
start: request
steps:
  request:
    title: { en: Ask, ro: Cere, fa: درخواست }
    by: agent
    not-by: whom
    checklist: [thank, clarify]
    collect: [amount]
    optional: [gravity, whom]
    actions:
      propose:
        - { to: approval, when: 'amount > 50 and (gravity == "major" or not has(gravity))' }
        - { to: paid, otherwise: true }
      hold: { to: waiting, incomplete: true, at-most: 2 }
      call: { to: same, reason: required }
  approval:
    by: lead
    four-eyes: request
    evidence: [receipt]
    actions: { approve: paid, decline: { to: declined, reason: required, at-most: 1 } }
  waiting:
    waiting-for: { party: client, asked: required, due: required }
    actions: { came-back: request }
  paid: { end: paid-back }
  declined: { end: declined-it }
anytime:
  withdraw: { to: declined, by: client, while: [request, waiting] }
titles:
  thank: { en: Thank the client, ro: Mulțumește clientului }
  minor: annoying
  receipt: { en: The receipt }
  paid-back: The money is back
"""


def small(text: str = SMALL) -> Procedure:
    """Return the small procedure."""
    loaded = read_procedure(text, "small.yaml")
    assert loaded.procedure is not None, [str(one) for one in loaded.findings]
    return loaded.procedure


def shipped(path: Path) -> Procedure | None:
    """Return a shipped procedure; None for a file of another kind."""
    return load_procedure(path) if path.read_text("utf-8").find("\nprocedure:") >= 0 else None


@dataclass(slots=True)
class Element:
    """An element of a page."""

    tag: str
    attributes: dict[str, str]
    inside: list[Element | str] = field(default_factory=list)

    def all(self, *tags: str) -> Iterator[Element]:
        """Yield every element inside with one of the tags; any if none is named."""
        for one in self.inside:
            if isinstance(one, Element):
                if not tags or one.tag in tags:
                    yield one
                yield from one.all(*tags)

    @property
    def text(self) -> str:
        """The text inside, spaces as one."""
        told = "".join(one if isinstance(one, str) else f"{one.text} " for one in self.inside)
        return " ".join(told.split())


class _Reader(HTMLParser):
    """Reads strictly: every element is closed where it must be, nothing is closed twice."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("", {})]
        self.doctype = ""

    def handle_decl(self, decl: str) -> None:
        self.doctype = decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"<{tag}> has an attribute twice"
        one = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(one)
        if tag not in VOID:
            self.open.append(one)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> ends <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def read_page(text: str) -> Element:
    """Return the page as a tree. Fails on what a browser would have to mend."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert reader.doctype == "DOCTYPE html"
    assert len(reader.open) == 1, f"<{reader.open[-1].tag}> is never closed"
    return reader.open[0]
