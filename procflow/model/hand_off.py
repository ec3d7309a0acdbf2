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
            "ro": "Preluați răspunderea pentru caz",
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


ASKS: Mapping[str, Text] = MappingProxyType(
    {
        "asked": {
            "en": "What is asked of them?",
            "ro": "Ce se cere?",
            "pl": "O co się prosi?",
            "ru": "О чём просят?",
            "fa": "از او چه خواسته شده است؟",
        },
        "due": {
            "en": "Until when?",
            "ro": "Până când?",
            "pl": "Do kiedy?",
            "ru": "До какого срока?",
            "fa": "تا چه تاریخ و ساعتی؟",
        },
        ASKED_WHOM: {
            "en": "Who is asked?",
            "ro": "Cine este întrebat?",
            "pl": "Kogo się pyta?",
            "ru": "Кого спрашивают?",
            "fa": "از چه کسی پرسیده می‌شود؟",
        },
        QUESTION: {
            "en": "What is asked?",
            "ro": "Ce se întreabă?",
            "pl": "O co się pyta?",
            "ru": "О чём спрашивают?",
            "fa": "چه پرسیده می‌شود؟",
        },
        REFUSED_FOR: {
            "en": "Why is it given back?",
            "ro": "De ce este restituită?",
            "pl": "Dlaczego jest zwracana?",
            "ru": "Почему её возвращают?",
            "fa": "چرا بازگردانده می‌شود؟",
        },
        RISK: {
            "en": "Which risk is it?",
            "ro": "Care este riscul?",
            "pl": "Jakie to ryzyko?",
            "ru": "Какой это риск?",
            "fa": "چه خطری است؟",
        },
        KNOWN_SINCE: {
            "en": "Since when is it known?",
            "ro": "De când se știe?",
            "pl": "Od kiedy to wiadomo?",
            "ru": "С каких пор это известно?",
            "fa": "از چه زمانی این را می‌دانند؟",
        },
        THANKED: {
            "en": "Who is thanked?",
            "ro": "Cui i se mulțumește?",
            "pl": "Komu się dziękuje?",
            "ru": "Кого благодарят?",
            "fa": "از چه کسی تشکر می‌شود؟",
        },
    }
)
"""What the data fields ask that no author declares: those above, and the two of waiting steps."""
WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "missing": {
            "en": "Something is missing",
            "ro": "Lipsește ceva",
            "pl": "Czegoś brakuje",
            "ru": "Чего-то не хватает",
            "fa": "چیزی کم است",
        },
        "form": {
            "en": "It is not on our form",
            "ro": "Nu este pe formularul nostru",
            "pl": "Nie jest na naszym formularzu",
            "ru": "Она не по нашей форме",
            "fa": "در فرم ما نیست",
        },
        "not-ours": {
            "en": "It is not our work",
            "ro": "Nu este lucrarea noastră",
            "pl": "To nie nasza praca",
            "ru": "Это не наша работа",
            "fa": "کار ما نیست",
        },
        "other": {
            "en": "Another reason",
            "ro": "Alt motiv",
            "pl": "Inny powód",
            "ru": "Другая причина",
            "fa": "دلیلی دیگر",
        },
    }
)
"""What people call the `REASONS`."""


def is_ours(id: str, text: Text) -> bool:
    """Return True if a question or a title stands above: no author wrote it, so none is told to translate it."""
    return text in (ASKS.get(id), WORDS.get(id))


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
