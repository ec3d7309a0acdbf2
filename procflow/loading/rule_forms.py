"""Which keys make which form of a rule, what else a rule of it may say, and what was meant where no form fits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

from procflow.loading.clock_words import CLOCK_WORDS
from procflow.loading.node import Node
from procflow.loading.notebook import Notebook, listed
from procflow.model.rule import Form, Per

_WHEN = frozenset({"when"})
_WHO = frozenset({"when", "by"})
_TIMED = frozenset({"when", "by", "within"})
_PAIRED = frozenset({"when", "by", "within", "same", "different"})
_BOTH = frozenset({"when", "within", "same", "different"})
_CLOSE = frozenset({"each-time", "next"})


class Keys(NamedTuple):
    """The keys of a form."""

    form: Form
    may: frozenset[str] = _WHO
    """What a rule of this form may have besides, beyond what any rule may."""

    @property
    def making(self) -> frozenset[str]:
        """The keys that make it."""
        form = self.form
        return frozenset(key for key in (form.target, form.trigger, form.number) if key is not None)

    def __str__(self) -> str:
        """Return it as people see it: the keys that make it, in the order in which one writes them."""
        first = self.form.number or self.form.trigger
        return f"`{self.form.target}`" if first is None else f"`{first}` and `{self.form.target}`"


FORMS: Mapping[frozenset[str], Keys] = {
    keys.making: keys
    for keys in (
        Keys(Form.MUST_HAPPEN, _TIMED),
        Keys(Form.NEVER),
        Keys(Form.EXACTLY),
        Keys(Form.AT_MOST, _WHO | {"in"}),
        Keys(Form.AT_LEAST, _TIMED),
        Keys(Form.FIRST),
        Keys(Form.LAST),
        Keys(Form.IF_ALSO, _PAIRED),
        Keys(Form.AFTER, _PAIRED | _CLOSE),
        Keys(Form.BEFORE, _PAIRED | _CLOSE),
        Keys(Form.IN_TURN, _BOTH | _CLOSE),
        Keys(Form.TOGETHER, _WHEN),
        Keys(Form.ANY_OF, _TIMED),
        Keys(Form.ONE_OF),
        Keys(Form.NOT_BOTH, _BOTH),
        Keys(Form.IF_NEVER, _PAIRED),
        Keys(Form.AFTER_NEVER, _PAIRED | {"next"}),
        Keys(Form.BEFORE_NEVER, _PAIRED | {"next"}),
        Keys(Form.SAME_PERSON, _WHEN),
        Keys(Form.DIFFERENT_PERSON, _WHEN),
    )
}
"""Every form by the keys that make it."""
_MAKING = frozenset().union(*FORMS)
_ANY_RULE = frozenset({"per", "severity", "refuse", "because", "title", "note"})
_SAYING_MORE = frozenset({"when", "by", "within", "in", "same", "different", "each-time", "next"})
_WITHOUT_END = frozenset(
    {
        Form.AT_MOST,
        Form.NEVER,
        Form.BEFORE,
        Form.IF_NEVER,
        Form.AFTER_NEVER,
        Form.BEFORE_NEVER,
        Form.NOT_BOTH,
        Form.SAME_PERSON,
        Form.DIFFERENT_PERSON,
    }
)
"""Forms that can be broken, and known to be, before anything ends. Besides, `AFTER` with `within`."""

INSTEAD: Mapping[str, str] = {
    "then": "write `there-must-be` beside `after`, and `also` beside `if`",
    "must": "write `must-happen`, or `there-must-be` beside `after` or `before`",
    **dict.fromkeys(
        ("must-be", "must-come", "must-follow", "followed-by", "response", "eventually"),
        "write `after: A, there-must-be: B`",
    ),
    **dict.fromkeys(("preceded-by", "precedence", "requires", "needs"), "write `before: B, there-must-be: A`"),
    **dict.fromkeys(
        ("must-not", "must-not-happen", "must-never", "must-never-happen", "forbid", "forbidden", "there-must-not-be"),
        "write `never`",
    ),
    **dict.fromkeys(("max", "maximum", "no-more-than", "up-to"), "write `at-most: 3, of: X`"),
    **dict.fromkeys(("min", "minimum"), "write `at-least: 2, of: X`"),
    **dict.fromkeys(("times", "count", "how-often"), "write `exactly`, `at-most` or `at-least` with `of`"),
    **dict.fromkeys(("either", "or", "at-least-one-of", "choice"), "write `any-of`, or `one-of` for exactly one"),
    **dict.fromkeys(("all-of", "all", "and", "both"), "write a `must-happen` for each, or `together` for all or none"),
    **dict.fromkeys(("none-of",), "write `never: [A, B]`"),
    **dict.fromkeys(("four-eyes", "not-by"), "write `different-person: [A, B]`"),
    **dict.fromkeys(("immediately", "directly", "chain"), "write `next: true`"),
    **dict.fromkeys(("always", "alternate", "every-time"), "write `each-time: true`"),
    **dict.fromkeys(("deadline", "due", "until", "sla", "time"), "write `within: 3 days`"),
    **dict.fromkeys(("role", "roles", "who", "person", "actor"), "write `by: lead`; or `same: person`"),
    **dict.fromkeys(("only-if", "where", "condition", "provided"), "write `when`"),
    **dict.fromkeys(
        ("unless", "except", "if-not"),
        "write `when: not ...` for a condition; an end with the outcome `cancelled` releases whatever is still demanded",
    ),
    **dict.fromkeys(("clause", "source", "reason", "control", "controls"), "write `because: ISO-10002:7.4`"),
    **dict.fromkeys(("description", "text", "message", "name"), "write `title`, or a `note`"),
    **dict.fromkeys(("id", "rule"), "the name of a rule stands before its colon: `its-name: { never: X }`"),
    **dict.fromkeys(("while", "in-step"), "write a condition with `when`, or name a step: `enters X`, `leaves X`"),
}
"""Keys people write in a rule -> what to write."""

_NOT_TOGETHER: Mapping[frozenset[str], str] = {
    frozenset(
        {"if", "there-must-be"}
    ): "write `also` if it may come before or after, or `after` for `if` if it must follow",
    frozenset({"after", "also"}): "write `there-must-be` for what must follow, or `if` if it may come before or after",
    frozenset({"before", "also"}): "write `there-must-be` for what must come first, or `if` if it may come later, too",
    frozenset({"after", "must-happen"}): "write `there-must-be` for what must follow",
    frozenset({"before", "must-happen"}): "write `there-must-be` for what must have come",
    frozenset({"if", "must-happen"}): "write `also` for what must happen, too",
    frozenset({"if", "after"}): "one thing sets a rule off: write `after`, and a condition under `when`",
    frozenset({"if", "before"}): "one thing sets a rule off: write `before`, and a condition under `when`",
    frozenset({"after", "before", "never"}): "write a rule for each; what is forbidden only between two has no form",
    frozenset({"after", "before", "there-must-be"}): "write a rule for each: one with `after`, one with `before`",
    frozenset({"of", "never"}): "write `never: X`, without `of`",
    frozenset({"of", "must-happen"}): "write `must-happen: X`, or `at-least: 1, of: X`",
}
"""Keys that make no form together -> what to do."""

_TIMES: Mapping[str, int] = {"once": 1, "twice": 2, "thrice": 3} | {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=1
    )
}
_NUMBER_OF_TIMES = re.compile(r"(?P<number>[1-9][0-9]{0,5}|[a-z]+)(?: *(?:x|times?))?")
_WORDS: Mapping[tuple[str, str], str] = {
    **{("per", word): "write `per: client`" for word in ("customer", "applicant", "patient", "citizen", "party")},
    **{("per", word): "write `per: person`" for word in ("user", "actor", "employee", "clerk", "agent")},
    ("severity", "high"): "write `critical` or `major`",
    ("severity", "highest"): "write `critical`",
    ("severity", "medium"): "write `major` or `minor`",
    ("severity", "low"): "write `minor` or `info`",
    **{("severity", word): "write `critical`" for word in ("fatal", "blocker")},
    **{("severity", word): "write `major` or `critical`" for word in ("error", "serious")},
    **{("severity", word): "write `minor`" for word in ("warning", "warn")},
    **CLOCK_WORDS,
}
"""Key, and a word people write there -> what to write."""


def number_meant(text: str) -> int | None:
    """Return how often a text says, as in `2 times` or `twice`; None if it says nothing of the kind."""
    found = _NUMBER_OF_TIMES.fullmatch(text.strip().lower())
    if found is None:
        return None
    word = found["number"]
    return int(word) if word.isdigit() else _TIMES.get(word)


def word_meant(key: str, word: str) -> str | None:
    """Return what to write for a word that the key does not know; None if it is not one that people write."""
    return _WORDS.get((key, word.lower()))


def form_of(node: Node, notebook: Notebook) -> Keys | None:
    """Return the form of a rule; None if its keys make none, which is written down.

    Not where the schema has told more: of a map that is empty, or of keys it does not know.
    """
    keys = [key for key, _ in node.items()]
    made = frozenset(keys) & _MAKING
    found = FORMS.get(made)
    if found is None and keys and frozenset(keys) <= _MAKING | _ANY_RULE | _SAYING_MORE:
        message, hint = _no_form(node.name, [key for key in keys if key in made])
        notebook.note("PF120", message, node.key_where, hint)
    return found


def _no_form(name: str, made: list[str]) -> tuple[str, str]:
    """Return what to say of keys that make no form: `made`, in the order of the file."""
    if not made:
        return f"`{name}` demands and forbids nothing", "say what, as in `after: accept, there-must-be: send`"
    have = frozenset(made)
    lacking = [keys for keys in FORMS if keys > have]
    if lacking:
        message = f"{listed(made).replace(' or ', ' and ')} alone makes no rule"
        missing = listed([key for keys in lacking for key in sorted(keys - have)])
        more = "; what must happen in any case is `must-happen`" if have == {"there-must-be"} else ""
        return message, f"add {missing}{more}"
    hint = next((_NOT_TOGETHER[keys] for keys in _NOT_TOGETHER if keys <= have), None)
    pair = next(_pairs(have), None)
    if pair is not None:
        message = f"`{name}` is two rules in one: {pair[0]}; {pair[1]}"
        return message, hint or "write each under a name of its own"
    message = f"{', '.join(f'`{key}`' for key in made[:-1])} and `{made[-1]}` make no rule together"
    return message, hint or "each rule says one thing: see `procflow explain PF120`"


def _pairs(have: frozenset[str]) -> Iterator[tuple[Keys, Keys]]:
    """Yield two forms that together are made of these keys, those that share most first."""
    inside = [keys for making, keys in FORMS.items() if making <= have]
    pairs = [(one, two) for one, two in combinations(inside, 2) if one.making | two.making == have]
    yield from sorted(pairs, key=lambda pair: -len(pair[0].making & pair[1].making))


def check_keys(node: Node, keys: Keys, notebook: Notebook) -> None:
    """Write down what a rule says beside its form that means nothing there."""
    for key, one in node.items():
        if key in _SAYING_MORE and key not in keys.may:
            message = f"`{key}` means nothing in a rule with {keys}"
            notebook.note("PF121", message, one.key_where, _without(key, keys))
    each_time, chain = node.get("each-time"), node.get("next")
    if each_time.is_true and chain.is_true and keys.may >= _CLOSE:
        hint = "remove `each-time`: what must come next comes each time anew"
        notebook.note("PF121", "`each-time` and `next` say two things", each_time.key_where, hint)
    elif each_time.is_true and node.has("different") and keys.may >= _CLOSE:
        hint = "remove one of them: it would not be told what belongs to which"
        notebook.note("PF121", "`each-time` does not go with `different`", each_time.key_where, hint)
    per = node.get("per")
    wide = per.text in (Per.CLIENT.value, Per.PERSON.value)
    if wide and keys.form not in _WITHOUT_END and not (keys.form is Form.AFTER and node.has("within")):
        message = f"a {per.text} has no end at which a rule with {keys} could be settled"
        hint = "add `within`" if keys.form is Form.AFTER else f"leave `per` out{_settled_instead(keys.form)}"
        notebook.note("PF122", message, per.key_where, hint)


def _without(key: str, keys: Keys) -> str:
    """Return what to do about a key that a form does not have."""
    match key, keys.form:
        case "within", Form.NEVER:
            return "write `after: case opens, never: X, within: ...`"
        case "within", Form.AT_MOST:
            return "write `in` for a stretch of time"
        case "within", Form.EXACTLY:
            return "write two rules: `at-least` with `within`, and `at-most`"
        case "within", Form.ONE_OF:
            return "write `any-of` with `within`, and `not-both`"
        case "within", Form.TOGETHER:
            return "write `if: A, also: B, within: ...`, one rule for each direction"
        case "in", _ if "within" in keys.may:
            return "write `within`; `in` belongs to `at-most`"
        case "each-time", Form.AFTER_NEVER | Form.BEFORE_NEVER | Form.IF_NEVER:
            return "remove it: never is never"
        case (("each-time" | "next"), Form.IF_ALSO | Form.IF_NEVER):
            return "write `after` or `before` for `if`: only there it is told what follows what"
        case (("each-time" | "next"), _):
            return "remove it: it says how closely one thing follows or precedes another"
        case (("same" | "different"), Form.SAME_PERSON | Form.DIFFERENT_PERSON):
            return "remove it: persons are compared anyway"
        case (("same" | "different"), Form.TOGETHER | Form.ONE_OF | Form.ANY_OF):
            return "write `if: A, also: B`, where two things are compared"
        case "by", Form.IN_TURN:
            return "write two rules: `after: A, there-must-be: B`, and `before: B, there-must-be: A`"
        case "by", Form.SAME_PERSON | Form.DIFFERENT_PERSON | Form.TOGETHER | Form.NOT_BOTH:
            return "remove it: who may do what is said where it is done, or by a rule for each"
    return f"remove it; beside {keys} there may be {listed(sorted(keys.may))}"


def _settled_instead(form: Form) -> str:
    match form:
        case Form.EXACTLY:
            return ", or write `at-most`"
        case Form.IN_TURN:
            return ", or write two rules: `after` with `within`, and `before`"
        case Form.ONE_OF:
            return ", or write `not-both`"
    return ""
