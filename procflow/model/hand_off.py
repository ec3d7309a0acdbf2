"""Hand-offs: what is demanded when work comes to a step from somebody else; questions; and the acts they imply.

`docs/language.md` gives the exact sense of every key. Accepting and refusing are actions of the receiving step like any
other, so that logs, worklists, forms and scenarios know them without further ado.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from procflow.errors import SourceSpan
from procflow.model.clock import Clock
from procflow.model.text import Text

ACCEPT = "accept-hand-off"
"""Whoever does it takes the work; so does whoever does anything else in the step. Of a step that has hand-offs."""
REFUSE = "refuse-hand-off"
"""The work goes back to the step it came from; only until it is accepted."""
TAKE_CASE = "take-case"
"""Whoever does it answers for the case from then on. Possible at any time where a procedure has `accountable`."""
ACTS: Mapping[str, Text] = MappingProxyType(
    {
        ACCEPT: {
            "en": "Accept the work",
            "ro": "Acceptați lucrarea",
            "pl": "Przyjęcie pracy",
            "ru": "Принять работу",
            "fa": "پذیرش کار",
        },
        REFUSE: {
            "en": "Give the work back",
            "ro": "Restituiți lucrarea",
            "pl": "Zwrot pracy",
            "ru": "Вернуть работу",
            "fa": "بازگرداندن کار",
        },
        TAKE_CASE: {
            "en": "Take responsibility for the case",
            "ro": "Asumați-vă cazul",
            "pl": "Przejęcie odpowiedzialności za sprawę",
            "ru": "Взять дело под свою ответственность",
            "fa": "پذیرفتن مسئولیت پرونده",
        },
    }
)
"""The actions that no author writes, with what people call them. No other action may have such an id."""

REFUSED_FOR = "refused_for"
"""Data field of a refusal: one of `REASONS`."""
REASONS = ("missing", "form", "not-ours", "other")
ASKED_WHOM = "asked_whom"
"""Data field of a question that may go to anybody: the id of a person or of a role."""
QUESTION = "question"
"""Data field of a question: what is asked."""
RISK = "risk"
"""Data field of what tells of a risk: which."""
KNOWN_SINCE = "known_since"
"""Data field of what tells of a risk: since when whoever tells of it has known."""
THANKED = "thanked"
"""Data field of thanks: the id of the person who is thanked; if it is missing, who did the last step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOffs:
    """What is demanded when work comes to one step from other people: what the step says, else the whole procedure."""

    needs: tuple[str, ...] = ()
    """Data fields that must be known when the work is offered."""
    proofs: tuple[str, ...] = ()
    """Proofs that must have been given by then."""
    form: tuple[str, ...] = ()
    """Data fields of the receiver's own form: known by then, too. With them on record nobody refuses for the form."""
    acceptance: Clock | None = None
    """`accept-within` with its `warn` and `late`: runs while the work is offered and nobody has taken it."""
    returns_at_most: int | None = None
    """How often work may come back between the same two before it is ping-pong; None: nobody counts."""
    givers: tuple[str, ...] = ()
    """Steps of the same region that the work comes from and can be given back to; () if it cannot be refused."""
    at_once: frozenset[str] = frozenset()
    """Steps and `anytime` actions from which the work comes to the same people: nothing is handed over."""
    where: SourceSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """`ask:` of an `anytime` action: it puts a question to somebody, and the case stays where it is."""

    to: str
    """A role id, or `any`: then the event says whom (`ASKED_WHOM`)."""
    answered_by: str
    """The `anytime` action that answers."""
    answer: Clock
    """`answer-within` with its `warn` and `late`: a cycle for each question, until it is answered."""
    where: SourceSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Accountable:
    """`accountable:`: one holder of this role answers for the case at every moment."""

    role: str
    where: SourceSpan
