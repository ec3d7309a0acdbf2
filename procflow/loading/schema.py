"""The shape of a file: JSON Schema finds what is missing, unknown or of the wrong kind; the wording is ours.

The schemas in `schemas/` are the very files that editors use for completion. jsonschema_rs looks first, in
milliseconds; only if the file is not of the shape is jsonschema loaded, which is slower and tells what is wrong with what
part of the schema.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, cast

from procflow.errors import Edit
from procflow.loading import not_yet
from procflow.loading.calendar_forms import advice_of, form_meant, years_meant
from procflow.loading.clock_words import absent_key, calendar_meant, key_meant, value_meant
from procflow.loading.edits import quote_as_written, replace_key, replace_value
from procflow.loading.notebook import TYPOGRAPHIC_QUOTES, Guess, Notebook, listed
from procflow.loading.rule_forms import INSTEAD, number_meant, word_meant
from procflow.loading.shape_words import a_place, kind_of, suggested_id
from procflow.loading.source import Path, Plain, Source
from procflow.resources import shipped

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator
    from jsonschema_rs import Validator as QuickValidator

SchemaName = Literal[
    "procedure", "people", "mapping", "policies", "clients", "agreements", "services", "calendar", "holidays"
]
Schema = Mapping[str, Any]

_YES = frozenset({"yes", "on", "y"})
_YES_NO = frozenset({*_YES, "no", "off", "n"})
_SIMPLE_LIST = re.compile(r"[A-Za-z][\w-]*(?:, *[A-Za-z][\w-]*)*", re.ASCII)
_ARROW = re.compile(r"\s*->\s*")
_HIDDEN = re.compile(r":[ \t]+#[^\s#]")
"""What looks like a value that begins with `#`; a comment has a space after it."""
_KINDS = {
    "object": "a map",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}
_CLOSED = frozenset({"off", "free", "holiday", "none", "no"})
_PAIR = 2
_OF_A_LIST = (
    "one only: if all are needed, write one rule for each; if any one will do and they are the ways out of a step, "
    "write `leaves STEP`; `any-of` demands one of them anywhere in the case"
)
_TOO_SMALL = frozenset({"minProperties", "minItems", "minLength"})


@cache
def schema(name: SchemaName) -> Schema:
    """Return the shipped schema."""
    return cast(Schema, json.loads((shipped("schemas") / f"{name}.schema.json").read_text("utf-8")))


@cache
def _quick(name: SchemaName) -> QuickValidator:
    from jsonschema_rs import validator_for

    return validator_for((shipped("schemas") / f"{name}.schema.json").read_text("utf-8"))


@cache
def _validator(name: SchemaName) -> Validator:
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    # The library compares every pair of entries if they cannot be sorted: on a hostile list it would not come back.
    # Its `$` also stands before a last line break, which the one of JSON Schema (ECMA-262) does not.
    own = {"uniqueItems": _unchecked, "pattern": _pattern}
    lenient: type[Validator] = extend(Draft202012Validator, own)  # type: ignore[no-untyped-call]
    return lenient(dict(schema(name)))


def _unchecked(*_: object) -> Iterator[ValidationError]:
    yield from ()


def _pattern(_validator: object, pattern: str, value: object, _schema: object) -> Iterator[ValidationError]:
    """Every pattern of ours is anchored at both ends."""
    from jsonschema.exceptions import ValidationError

    if isinstance(value, str) and re.fullmatch(pattern, value) is None:
        yield ValidationError(f"{value!r} does not match {pattern!r}")


def check_shape(name: SchemaName, source: Source, notebook: Notebook) -> None:
    """Write down everything in which the data differ from the schema."""
    if source.data is None:
        notebook.note("PF103", f"the file is empty, not {schema(name)['errorMessage']}", source.key(()))
        return
    if _quick(name).is_valid(source.data):
        return
    told: set[tuple[Path, str, str]] = set()
    for error in _validator(name).iter_errors(source.data):
        for told_key, report in _Wording(name, error, source, notebook).findings():
            if told_key not in told:
                told.add(told_key)
                notebook.note(*report)


Report = tuple[str, str, Any, str | None] | tuple[str, str, Any, str | None, tuple[Edit, ...]]
"""Code, message, place, hint, and the edits that would mend it."""
Told = tuple[Path, str, str]


class _Wording:
    """Puts one error of the library into words for the author."""

    def __init__(self, name: SchemaName, error: ValidationError, source: Source, notebook: Notebook) -> None:
        self.name: SchemaName = name
        self.path: Path = tuple(error.absolute_path)
        self.keyword = str(error.validator)
        self.wanted: Any = error.validator_value
        self.schema = cast(Schema, error.schema)
        self.place = str(self.schema.get("title", ""))
        self.value: Plain = error.instance  # type: ignore[assignment]
        # Of `propertyNames` the instance is the key itself, and the path leads to the map that holds it.
        self.is_name = "propertyNames" in list(error.absolute_schema_path)[-3:] and isinstance(error.instance, str)
        self.source = source
        self.notebook = notebook

    def findings(self) -> Iterator[tuple[Told, Report]]:
        """Return what to tell, each with what it is about, so that nothing is told twice."""
        for subject, report in self._reports():
            yield (self.path, self.keyword if subject else "value", subject), report

    def _reports(self) -> Iterator[tuple[str, Report]]:
        match self.keyword:
            case "required":
                yield from self._missing()
            case "additionalProperties":
                yield from self._unknown()
            case "type":
                yield "", self._wrong_kind()
            case "enum" | "const":
                yield "", self._not_one_of()
            case "not":
                yield "", self._forbidden()
            case "minItems" if self.value:
                meant = self.schema.get("errorMessage", "more")
                yield "", ("PF106", f"{self._subject()} names one thing only", self._where(), f"write {meant}")
            case keyword if keyword in _TOO_SMALL:
                meant = self.schema.get("errorMessage")
                hint = None if meant is None else f"write {meant}"
                yield "", ("PF101", f"{self._subject()} is empty", self._where(), hint)
            case _:
                yield (str(self.value) if self.is_name else ""), self._bad_format()

    # -- keys --

    def _missing(self) -> Iterator[tuple[str, Report]]:
        value = self.value if isinstance(self.value, dict) else {}
        if value.keys() & not_yet.REPLACES_THE_STEP:
            return
        hint = None
        if {"by", "actions"} <= set(self.wanted) and not value.keys() & {"by", "actions"}:
            hint = "a step has `by` and `actions`, or `parallel` and `then`, or `waiting-for` and `actions`, or `end`"
        for name in self.wanted:
            if name == "then" and name not in value and self.place == "block":
                message = f"`{self._owner()}` does not say where the case goes when its branches are done"
                yield name, ("PF307", message, self.source.key(self.path), "add `then:` with the step that comes next")
            elif name not in value:
                subject = self._subject() if self.path else "the file"
                lacking = hint or absent_key(self.place, name, value, self._owner())
                yield name, ("PF101", f"{subject} has no `{name}`", self.source.key(self.path), lacking)

    def _unknown(self) -> Iterator[tuple[str, Report]]:
        value = self.value if isinstance(self.value, dict) else {}
        known: Mapping[str, Any] = self.schema.get("properties", {})
        for name in value:
            if name in known:
                continue
            where = self.source.key((*self.path, name))
            if self.place == "end" and name in ("actions", "then"):
                message = f"`{self._owner()}` is an end, and has `{name}`: at an end the case is over"
                hint = "remove it; or, if work goes on here, remove `end` and let an action lead to an end"
                yield name, ("PF305", message, where, hint)
                continue
            if not_yet.promised(self.place, name):
                yield name, ("PF109", not_yet.sentence(name), where, "remove it, or keep it in a `note:`")
            else:
                message = (
                    f"`{name}` is not known in {a_place(self.place)}" if self.path else f"`{name}` is not known here"
                )
                guess = self._key_meant(name, known)
                edits: tuple[Edit, ...] = ()
                if guess.sure is not None and guess.sure not in value:
                    edits = replace_key(self.source, (*self.path, name), guess.sure)
                yield name, ("PF102", message, where, guess.hint, edits)

    def _key_meant(self, name: str, known: Mapping[str, Any]) -> Guess:
        value = self.value if isinstance(self.value, dict) else {}
        if self.source.is_flow(self.path) and value.get(name) is None:
            return Guess("inside { } a comma begins a new key: put the text in quotes", None)
        instead = key_meant(self.place, name)
        if instead is not None:
            return instead
        if self.place == "rule" and name.lower().replace("_", "-") in INSTEAD:
            return Guess(INSTEAD[name.lower().replace("_", "-")], None)
        elsewhere = _places(self.name).get(name)
        if elsewhere is not None:
            return Guess(f"`{name}` belongs to {' or '.join(a_place(place) for place in elsewhere[:3])}", None)
        return self.notebook.guess(name, known, otherwise=f"known here: {listed(sorted(known), most=20)}")

    def _forbidden(self) -> Report:
        name = str(self.path[-1])
        if name == "end":
            hint = "write `done` as the target of an action: it ends the branch"
            return (
                "PF311",
                "a branch cannot hold an end: an end belongs to the top level",
                self.source.key(self.path),
                hint,
            )
        message = f"`{name}` beside a list of alternatives: each alternative has its own"
        return "PF110", message, self.source.key(self.path), f"move `{name}` into the alternative it belongs to"

    # -- values --

    def _wrong_kind(self) -> Report:
        where = self._where()
        meant = str(self.schema.get("errorMessage") or f"{_KINDS.get(str(self.wanted), 'something else')}")
        raw = self.source.raw(self.path)
        texts = self.wanted == "string" or self.place == "text by language"
        percent = str(self.schema.get("patternErrorMessage", "")).startswith("a percentage")
        if texts and percent and type(self.value) is int and 0 < self.value <= 100:
            message = f"{self._subject()} is the number {raw}, and a percentage is meant"
            return "PF108", message, where, f"write `{raw}%`", self._instead(f"{raw}%")
        if texts and type(self.value) in (int, float) and "a length of time" not in meant:
            return (
                "PF108",
                f"{self._subject()} is the number {raw}, and text is meant",
                where,
                f'put it in quotes: "{raw}"',
                quote_as_written(self.source, self.path),
            )
        if self.wanted == "boolean" and isinstance(self.value, str) and self.value.lower() in _YES_NO:
            true = self.value.lower() in _YES
            message = f"{self._subject()} is the text `{self.value}`, and true or false is meant"
            word = "true" if true else "false"
            return "PF104", message, where, f"write `{word}`", self._instead(word)
        if self.value is None:
            return "PF101", f"{self._subject()} is empty", where, self._swallowed() or f"write {meant}"
        message = f"{self._subject()} is {kind_of(self.value)}, not {meant}"
        if meant.startswith("years as in") and (years := years_meant(self.value)) is not None:
            return "PF103", message, where, f"write `{years}`", self._instead(years)
        known = value_meant(self.path, self.value, meant)
        if known is not None:
            return "PF103", message, where, known.hint, () if known.sure is None else self._instead(known.sure)
        if self.wanted == "array" and isinstance(self.value, str) and "\n" not in raw:
            if self.schema.get("minItems", 1) > 1:
                return "PF103", message, where, None
            edits = self._instead(f"[{raw}]") if _SIMPLE_LIST.fullmatch(raw) else ()
            return "PF103", message, where, f"write [{_ARROW.sub(', ', raw)}]", edits
        if isinstance(self.value, list) and self.path[-1:] == ("by",):
            hint = "name one role for the step, and give an action of another role its own `by`"
            if self.path[0] == "rules":
                hint = "name one role; if the holders of several may, make one role of them"
            return "PF103", message, where, hint
        if isinstance(self.value, list) and self.path[-1:] in (("must-happen",), ("there-must-be",), ("also",)):
            return "PF103", message, where, _OF_A_LIST
        if self.wanted == "integer" and self.path[:1] == ("rules",) and isinstance(self.value, str):
            number = number_meant(self.value)
            if number is not None:
                return "PF103", message, where, f"write `{number}`", self._instead(str(number))
        return "PF103", message, where, self._not_quoted()

    def _not_one_of(self) -> Report:
        where = self._where()
        name = self.path[-1] if self.path else ""
        words: Sequence[Any] = self.wanted if self.keyword == "enum" else [self.wanted]
        shown = self.value if isinstance(self.value, str) else self.source.raw(self.path)
        if name == "procflow":
            hint = "this program reads version 1: write `procflow: 1`"
            if isinstance(self.value, str) and self.value.strip().strip(TYPOGRAPHIC_QUOTES) == "1":
                message = f"the version of the language is a number, and {self.source.raw(self.path)} is a text"
                return "PF107", message, where, "write `procflow: 1`, without quotes", self._instead("1")
            return "PF107", f"version {shown or 'nothing'} of the language is not known", where, hint
        if (name, shown) == ("per", "item"):
            return "PF109", not_yet.sentence("per: item"), where, "write `per: case`, or leave it out"
        if name == "need":
            return "PF109", not_yet.sentence(f"need: {shown}"), where, "write `need: all`, or leave it out"
        if words == [True]:
            yes = isinstance(self.value, str) and self.value.lower() in _YES_NO
            true = yes and str(self.value).lower() in _YES
            return (
                "PF104" if yes else "PF105",
                f"{self._subject()} can only be true",
                where,
                "write `true`" if true else "write `true`, or remove the key",
                self._instead("true") if true else (),
            )
        if self.value is None:
            return "PF101", f"{self._subject()} is empty", where, self._swallowed() or f"write {listed(words)}"
        if not isinstance(self.value, str):
            return (
                "PF103",
                f"{self._subject()} is {kind_of(self.value)}, and a word is meant",
                where,
                f"write {listed(words)}",
            )
        if self.schema.get("x-long-form") and self.value in ("choice", "money", "list", "record"):
            more = {"choice": "of: [...]", "money": "currency: EUR", "list": "of: text", "record": "fields: { ... }"}
            long_form = f"write {{ type: {self.value}, {more[self.value]} }}"
            return "PF101", f"the type `{self.value}` needs more than its name", where, long_form
        if words == ["closed"] and self.value.lower() in _CLOSED:
            return "PF105", f"{self._subject()} is `{self.value}`", where, "write `closed`", self._instead("closed")
        if len(words) == 1:
            only = word_meant(str(name), self.value) or f"write `{words[0]}`"
            guess = self.notebook.guess(self.value, [str(word) for word in words], otherwise=only)
            message = f"{self._subject()} is `{self.value}`, and only {listed(words)} is known"
            return "PF105", message, where, guess.hint, self._meant(guess)
        message = f"{self._subject()} is `{self.value}`, which is not one of {listed(words, most=20)}"
        known = word_meant(str(name), self.value)
        guess = Guess(known, None) if known else self.notebook.guess(self.value, [str(word) for word in words])
        return "PF105", message, where, guess.hint, self._meant(guess)

    def _bad_format(self) -> Report:
        where = self._where()
        subject = self._subject()
        match self.keyword:
            case "pattern":
                meant = str(self.schema.get("patternErrorMessage", "another form"))
                hint = suggested_id(str(self.value)) if "hyphens" in meant or "underscores" in meant else None
                if hint is not None and "underscores" in meant:
                    hint = hint.replace("-", "_")
                edits = self._renamed_rule(hint)
                if meant.startswith("the id of a calendar") and (hint := calendar_meant(str(self.value))) is not None:
                    edits = replace_value(self.source, self.path, hint)
                if self.name in ("calendar", "holidays"):
                    hint, edits = self._of_calendar(meant)
                hint = self._not_quoted() or (advice_of(str(self.value), meant) if hint is None else f"write `{hint}`")
                return "PF106", f"{subject} must be {meant}", where, hint, edits
            case "maxLength":
                return "PF106", f"{subject} is longer than {self.wanted} characters", where, None
            case "maxItems" | "maxProperties":
                hint = "write one rule for each two of them" if self.wanted == _PAIR else "split it"
                return "PF106", f"{subject} has more than {self.wanted} entries", where, hint
            case "minimum":
                return "PF106", f"{subject} is less than {self.wanted}", where, self.schema.get("minimumErrorMessage")
            case "maximum":
                return "PF106", f"{subject} is more than {self.wanted}", where, None
        return "PF106", f"{subject} does not have the form it needs", where, None

    def _of_calendar(self, meant: str) -> tuple[str | None, tuple[Edit, ...]]:
        """Return what to write for hours or days in another form, and the edit that does."""
        value = str(self.value)
        text = form_meant(value, meant)
        if text is None:
            return None, ()
        return text, replace_key(self.source, (*self.path, value), text) if self.is_name else self._instead(text)

    # -- what to do --

    def _instead(self, text: str) -> tuple[Edit, ...]:
        """Return the edit that puts a text there as it is, if one line holds all there is."""
        mark = self.source.marks.get(self.path)
        if mark is None or mark.end <= mark.start or "\n" in self.source.raw(self.path) or mark.style in "|>":
            return ()
        return (Edit(where=self.source.value(self.path), text=text),)

    def _renamed_rule(self, name: str | None) -> tuple[Edit, ...]:
        """Return the edit that gives a rule its right name, if no other rule has it or is meant to."""
        rules = self.source.data.get("rules") if isinstance(self.source.data, dict) else None
        if name is None or not self.is_name or self.path != ("rules",) or not isinstance(rules, dict) or name in rules:
            return ()
        alike = sum(suggested_id(str(one)) == name for one in rules)
        return replace_key(self.source, (*self.path, str(self.value)), name) if alike == 1 else ()

    def _meant(self, guess: Guess) -> tuple[Edit, ...]:
        return () if guess.sure is None else replace_value(self.source, self.path, guess.sure)

    def _swallowed(self) -> str | None:
        """Return what to do about a value that YAML took for a comment."""
        mark = self.source.marks.get(self.path)
        rest = "" if mark is None else self.source.text[mark.key_end : mark.key_end + 200].split("\n")[0]
        if _HIDDEN.match(rest) is None:
            return None
        return "a `#` after a space begins a comment: put the text in quotes if it belongs to it"

    def _not_quoted(self) -> str | None:
        """Return what to do about a value in the quotes of a word processor."""
        if isinstance(self.value, str) and self.value[:1] and self.value[0] in TYPOGRAPHIC_QUOTES:
            return f'`{self.value[0]}` is no quote for YAML: write " instead, or no quotes at all'
        return None

    # -- words --

    def _subject(self) -> str:
        """What the finding is about, in the author's words."""
        if self.is_name:
            return f"the name `{self.value}`"
        if not self.path:
            return "the file"
        last = self.path[-1]
        if isinstance(last, int):
            owner = next((str(part) for part in reversed(self.path) if isinstance(part, str)), "the list")
            return f"entry {last + 1} of `{owner}`"
        return f"`{last}`"

    def _owner(self) -> str:
        return str(self.path[-1]) if self.path else "the file"

    def _where(self) -> Any:
        return self.source.key((*self.path, str(self.value))) if self.is_name else self.source.value(self.path)


@cache
def _places(name: SchemaName) -> Mapping[str, tuple[str, ...]]:
    """Return the places each key belongs to, by the titles of their schemas."""
    found: dict[str, dict[str, None]] = {}
    waiting: list[Any] = [schema(name)]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            for key in part.get("properties", {}) if part.get("additionalProperties") is False else ():
                found.setdefault(key, {})[str(part["title"])] = None
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return {key: tuple(sorted(places)) for key, places in found.items()}
