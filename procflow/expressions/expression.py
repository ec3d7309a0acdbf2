"""A condition: parsed once, checked against the fields and actions of its procedure, evaluated as often as needed.

condition = parse('gravity in ["major", "critical"]', fields={"gravity": Choice(("minor", "major"))}, actions=())
condition.evaluate(Facts(values={}, counts={}, now=None)).truth    # Truth.UNDECIDED: nobody knows the gravity yet
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from procflow.errors import ExpressionError
from procflow.expressions.checking import Checker
from procflow.expressions.evaluation import NO_CALENDAR, Facts, Read, compile_tree
from procflow.expressions.explaining import known_facts, wanted
from procflow.expressions.phrases import phrase_in
from procflow.expressions.printing import render
from procflow.expressions.source import MAX_LENGTH, RESERVED, read_source
from procflow.expressions.tree import AllOf, FieldRead, Literal, Node, Not, Now, Times, WorkingTime, walk
from procflow.expressions.types import FieldType, YesNo

__all__ = ["NO_CALENDAR", "RESERVED", "Expression", "Facts", "Outcome", "Truth", "conjunction", "negation", "parse"]


class Truth(Enum):
    """How a condition came out. Undecided is not false."""

    TRUE = "true"
    FALSE = "false"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a condition came out, and what it lacked."""

    truth: Truth
    missing: tuple[str, ...] = ()
    """Of an undecided condition: the fields (`gravity`, `address.city`) and `now` that are unknown, or reasons
    (`division by zero`, `number too large`), once each, in the order of the text. () if decided."""


_HOLDS = Outcome(truth=Truth.TRUE)
_FAILS = Outcome(truth=Truth.FALSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A condition that names only what exists and types. Made by `parse`, `negation` and `conjunction`.

    Equal if text and typed tree are equal. Can be pickled; closures are made anew.
    """

    text: str
    """As the author wrote it."""
    tree: Node
    """For whoever looks inside: the checks of procedures."""
    reads: frozenset[str] = field(compare=False)
    """The data fields it reads, those inside `has(...)` included; a record counts as a whole."""
    counts: frozenset[str] = field(compare=False)
    """The actions it counts with `times(...)`."""
    reads_now: bool = field(compare=False)
    """True if it depends on the moment of judging."""
    reads_calendar: bool = field(compare=False)
    """True if it counts working time."""
    _read: Read = field(compare=False, repr=False)
    _why: Callable[[Facts], tuple[str, ...]] = field(compare=False, repr=False)

    def __str__(self) -> str:
        """The canonical text: parses again to an equal tree."""
        return render(self.tree)

    def __reduce__(self) -> tuple[Callable[[str, Node], Expression], tuple[str, Node]]:
        return of_tree, (self.text, self.tree)

    def evaluate(self, facts: Facts) -> Outcome:
        """Return how the condition comes out on `facts`. Never raises, whatever values of the declared types are."""
        truth = self._read(facts)
        if truth is True:
            return _HOLDS
        if truth is False:
            return _FAILS
        return Outcome(truth=Truth.UNDECIDED, missing=tuple(dict.fromkeys(self._why(facts))))

    def explain(self, facts: Facts) -> str:
        """Return one line: the condition, how it came out, and the facts it read.

        `compensation > 0 or gravity != "minor" is false (compensation = 0 EUR, gravity = "minor")`
        """
        outcome = self.evaluate(facts)
        known = known_facts(self.tree, facts)
        reasons = [reason for reason in outcome.missing if reason.partition(".")[0] not in self.reads | {"now"}]
        seen = "; ".join([*([known] if known else []), *reasons])
        return f"{self} is {outcome.truth.value}{f' ({seen})' if seen else ''}"

    def needed(self, facts: Facts) -> str | None:
        """Say what would make the condition true: `compensation must be > 500 EUR`.

        None if it is true already, and where that cannot be said in a short sentence.
        """
        if self.evaluate(facts).truth is Truth.TRUE:
            return None
        return wanted(self.tree, truth=True, settled=lambda part: compile_tree(part).read(facts) is True)


def parse(
    text: str, *, fields: Mapping[str, FieldType], actions: Collection[str], calendar: bool = False
) -> Expression:
    """Return the condition that `text` stands for.

    `fields` are the types of the data fields, `actions` the ids `times(...)` may count;
    `calendar` is whether there is one that `working_time(...)` is counted on. Raises `ExpressionError`:
    PF501 syntax, PF502 unknown name, PF503 types, PF504 a value the field can never have, PF510 too big, PF407 working time
    without a calendar. Nothing of the text is executed; time and memory are bounded by its length, which is at most 2,000.
    """
    try:
        source = read_source(text, fields=fields)
        tree = Checker(source=source, fields=fields, actions=actions, calendar=calendar).condition()
    except ExpressionError as error:
        raise _as_phrase(error, text, fields) or error from None
    expression = of_tree(text, tree)
    if len(str(expression)) > MAX_LENGTH:
        message = f"written out with its spaces, the condition has more than {MAX_LENGTH:,} characters"
        raise ExpressionError(message, code="PF510", hint="split it over several steps or fields")
    return expression


def _as_phrase(error: ExpressionError, text: str, fields: Mapping[str, FieldType]) -> ExpressionError | None:
    """Return what is wrong as a whole where an error points into, or behind, several words that stand for one thing."""
    found = phrase_in(text, fields) if error.code in ("PF501", "PF502", "PF503") else None
    if found is None or found.start > error.column + error.width:
        return None
    width = found.end - found.start
    return ExpressionError(
        found.message, code="PF501", column=found.start, width=width, hint=found.hint, instead=found.instead
    )


def negation(expression: Expression) -> Expression:
    """Return the condition that holds exactly when `expression` does not; undecided stays undecided."""
    tree = expression.tree
    return _from_tree(tree.operand if isinstance(tree, Not) else Not(operand=tree))


def conjunction(expressions: Sequence[Expression]) -> Expression:
    """Return the condition that holds when all do; of none, the condition `true`.

    It may be larger than what `parse` takes.
    """
    parts: list[Node] = []
    for expression in expressions:
        parts.extend(expression.tree.parts if isinstance(expression.tree, AllOf) else [expression.tree])
    if not parts:
        return _from_tree(Literal(type=YesNo(), value=True))
    return _from_tree(parts[0] if len(parts) == 1 else AllOf(parts=tuple(parts)))


def _from_tree(tree: Node) -> Expression:
    return of_tree(render(tree), tree)


def of_tree(text: str, tree: Node) -> Expression:
    """Return the condition of a typed tree, with the text it is known by."""
    nodes = list(walk(tree))
    compiled = compile_tree(tree)
    return Expression(
        text=text,
        tree=tree,
        reads=frozenset(node.path[0] for node in nodes if isinstance(node, FieldRead)),
        counts=frozenset(node.action for node in nodes if isinstance(node, Times)),
        reads_now=any(isinstance(node, Now) for node in nodes),
        reads_calendar=any(isinstance(node, WorkingTime) for node in nodes),
        _read=compiled.read,
        _why=compiled.why,
    )
