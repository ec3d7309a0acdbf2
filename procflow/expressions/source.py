"""From text to a syntax tree of Python that holds not one word of the author.

The text is cut into tokens, everything outside the language is refused with a column, and a copy is made in which
every name, number and text is replaced by a dummy of the same length. Only that copy is given to `ast.parse`: it is
plain ASCII (so its byte offsets are our columns), has no escapes, no huge numbers and no keyword we do not know.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from procflow.errors import ExpressionError
from procflow.expressions.foreign import Foreign, foreign_sign, foreign_word
from procflow.expressions.values import quote

MAX_LENGTH = 2_000
"""Code points of a condition."""
MAX_DEPTH = 40
"""Brackets inside brackets, and operations inside operations."""
MAX_NODES = 500
"""Names, literals and operations in a condition."""

OPERATORS = frozenset({"and", "or", "not", "in", "if", "else"})
TRUTHS = frozenset({"true", "false", "True", "False"})
RESERVED = OPERATORS | TRUTHS | {"now"}
"""Words no data field may have as its id, since conditions read them otherwise."""

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<number>\.?[0-9][\w.]*)
    |(?P<word>[^\W\d]\w*)
    |(?P<refused>&&|\|\||\*\*|//|:=|=>|=<|<>|->|===|!==|\.\.\.)
    |(?P<sign>==|!=|<=|>=|[-<>+*/()\[\]{},.])
    |(?P<unknown>.)""",
    re.VERBOSE | re.DOTALL,
)
_PLAIN_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_KEBAB = re.compile(r"\b\w+(?:-\w+)+")
_CLOSING = {"(": ")", "[": "]", "{": "}"}


class Shape(Enum):
    """What a token is."""

    TEXT = "text"
    NUMBER = "number"
    WORD = "word"
    OPERATOR = "operator"
    """A word of the language: `and`, `in`, ..."""
    ACTION = "action"
    """The argument of `times(...)`, written bare."""
    SIGN = "sign"
    REFUSED = "refused"
    """A sign of other languages that people write."""
    UNKNOWN = "unknown"
    """Any other sign, and a quote that is never closed."""


_OF_ACTIONS = frozenset({Shape.NUMBER, Shape.WORD, Shape.OPERATOR})
_OPERANDS = frozenset({Shape.TEXT, Shape.NUMBER, Shape.WORD, Shape.ACTION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A piece of the text."""

    shape: Shape
    start: int
    """In code points from 0."""
    text: str

    @property
    def end(self) -> int:
        """One past the last code point."""
        return self.start + len(self.text)

    @property
    def masked(self) -> str:
        """A dummy of the same length that Python's parser reads as the same kind of thing."""
        match self.shape:
            case Shape.TEXT:
                return f'"{"x" * (len(self.text) - 2)}"'
            case Shape.NUMBER:
                return "1" * len(self.text)
            case Shape.WORD | Shape.ACTION:
                return "x" * len(self.text)
            case _:
                return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A text that may be a condition, and its masked syntax tree."""

    text: str
    root: ast.expr
    tokens: Mapping[int, Token]
    """By start."""

    def token(self, node: ast.expr) -> Token:
        """Return the token a name or constant of the syntax tree stands for."""
        return self.tokens[column_of(node)]

    def error(
        self, node: ast.expr, message: str, *, code: str, hint: str | None = None, instead: str | None = None
    ) -> ExpressionError:
        """Return, for raising, an error that points at `node`; `instead` is what should stand in its place."""
        end = min((node.end_col_offset or 0) - 1, len(self.text))
        column = column_of(node)
        return ExpressionError(message, code=code, column=column, width=end - column, hint=hint, instead=instead)


def column_of(node: ast.expr) -> int:
    """Return where `node` starts in the text, in code points from 0."""
    return max(0, node.col_offset - 1)  # the masked text stands in brackets of ours


def read_source(text: str, *, fields: Collection[str]) -> Source:
    """Return the syntax tree of `text`. Names are looked up in `fields` only to tell them from words of Python.

    Raises `ExpressionError` PF501 (syntax), PF510 (too big) or PF502 (a hyphen in the name of a field).
    """
    if len(text) > MAX_LENGTH:
        message = f"the condition has {len(text):,} characters; at most {MAX_LENGTH:,} are allowed"
        raise ExpressionError(message, code="PF510", hint="split it over several steps or fields")
    if not text.strip():
        raise ExpressionError("the condition is empty", code="PF501", hint="leave it out, or say when it holds")
    tokens = _with_actions(list(_tokens(text)))
    _check_words(text, tokens, fields)
    for check in (_check_brackets, _check_numbers, _check_texts, _check_neighbours):
        check(tokens)
    _check_hyphens(text, tokens, fields)
    root = _parse(text, tokens)
    _check_size(root)
    return Source(text=text, root=root, tokens={token.start: token for token in tokens})


def numbers_in(text: str) -> tuple[tuple[int, str], ...]:
    """Return the numbers of a condition as they are written, and where each starts, in code points from 0."""
    tokens = _with_actions(list(_tokens(text)))
    return tuple((token.start, token.text) for token in tokens if token.shape is Shape.NUMBER)


def read_text(token: Token) -> str:
    """Return what a text literal stands for."""
    return _ESCAPE.sub(lambda found: _unescape(found[1]), token.text[1:-1])


def _unescape(escape: str) -> str:
    return chr(int(escape[1:], 16)) if len(escape) == 5 else _ESCAPES.get(escape, "")


def _error(token: Token, message: str, *, code: str = "PF501", hint: str | None = None) -> ExpressionError:
    return ExpressionError(message, code=code, column=token.start, width=len(token.text), hint=hint)


def _tokens(text: str) -> Iterator[Token]:
    for found in _TOKEN.finditer(text):
        group = found.lastgroup
        if group == "space":
            continue
        shape = Shape(group)
        if shape is Shape.WORD and found.group() in OPERATORS:
            shape = Shape.OPERATOR
        yield Token(shape=shape, start=found.start(), text=found.group())


def _with_actions(tokens: list[Token]) -> list[Token]:
    """Join what stands bare in `times(...)` to one token, whatever its words mean elsewhere."""
    joined: list[Token] = []
    index = 0
    while index < len(tokens):
        end = _end_of_action(tokens, index) if _opens_times(joined) else index
        if end > index:
            text = "".join(token.text for token in tokens[index:end])
            joined.append(Token(shape=Shape.ACTION, start=tokens[index].start, text=text))
        else:
            joined.append(tokens[index])
        index = max(end, index + 1)
    return joined


def _opens_times(before: list[Token]) -> bool:
    return [token.text for token in before[-2:]] == ["times", "("]


def _end_of_action(tokens: list[Token], start: int) -> int:
    """Return one past the last token of a bare action that starts at `start`; `start` if there is none."""
    end = start
    while end < len(tokens) and (end == start or tokens[end].start == tokens[end - 1].end):
        if tokens[end].shape not in _OF_ACTIONS and tokens[end].text not in ("-", "."):
            break
        end += 1
    return end if end < len(tokens) and tokens[end].text == ")" else start


def _check_brackets(tokens: list[Token]) -> None:
    opened: list[Token] = []
    for token in tokens:
        if token.text in _CLOSING:
            opened.append(token)
        elif token.shape is Shape.SIGN and _closes_nothing(token, opened):
            raise _error(token, f'"{token.text}" closes a bracket that is not open')
        if len(opened) > MAX_DEPTH:
            raise _error(token, f"brackets are inside each other more than {MAX_DEPTH} deep", code="PF510")
    if opened:
        raise _error(opened[-1], f'"{opened[-1].text}" is never closed', hint=f'add "{_CLOSING[opened[-1].text]}"')


def _closes_nothing(token: Token, opened: list[Token]) -> bool:
    """Take off `opened` what `token` closes; True if it closes a bracket that is not the last one opened."""
    if token.text not in _CLOSING.values():
        return False
    return not opened or _CLOSING[opened.pop().text] != token.text


def _check_numbers(tokens: list[Token]) -> None:
    for token in tokens:
        if token.shape is not Shape.NUMBER:
            continue
        if not _PLAIN_NUMBER.fullmatch(token.text):
            hint = "write digits, and a point before decimals: 1234.50"
            raise _error(token, f"{quote(token.text)} is not a number", hint=hint)
        if len(token.text) > 41:
            raise _error(token, "the number has more than 40 digits", code="PF510")


def _check_texts(tokens: list[Token]) -> None:
    for token in tokens:
        if token.shape is not Shape.TEXT:
            continue
        if any(sign < " " and sign != "\t" for sign in token.text):
            raise _error(token, "a text ends on the line it starts", hint="close the quotes, or write \\n")
        for found in _ESCAPE.finditer(token.text[1:-1]):
            if len(found[1]) == 1 and found[1] not in _ESCAPES:
                raise _error(token, f"{quote(found[0])} means nothing in a text", hint="write \\\\ for a backslash")
        if any("\ud800" <= sign <= "\udfff" for sign in read_text(token)):
            raise _error(token, "the text holds half of a surrogate pair", hint="write the character itself")


def _check_neighbours(tokens: list[Token]) -> None:
    for one, two in pairwise(tokens):
        if one.shape not in _OPERANDS or two.shape not in _OPERANDS:
            continue
        if one.shape is two.shape is Shape.TEXT:
            raise _error(two, "two texts stand side by side", hint="put a comma between them")
        raise _error(two, f"something is missing between {_shown(one)} and {_shown(two)}")


def _check_words(text: str, tokens: list[Token], fields: Collection[str]) -> None:
    """Refuse the first sign or word that is not of the language."""
    for token in tokens:
        if token.shape in (Shape.REFUSED, Shape.UNKNOWN):
            raise _foreign(token, foreign_sign(text, token.start, token.text))
        if token.shape is not Shape.WORD or token.text in fields or token.text in TRUTHS:
            continue
        found = foreign_word(text, token.start, token.text, RESERVED)
        if found is not None:
            raise _foreign(token, found)


def _foreign(token: Token, found: Foreign) -> ExpressionError:
    return ExpressionError(
        found.message, code="PF501", column=token.start, width=found.width, hint=found.hint, instead=found.instead
    )


def _check_hyphens(text: str, tokens: list[Token], fields: Collection[str]) -> None:
    """Refuse `complained-about` where `complained_about` is a field; `a-b` of two fields is a subtraction."""
    skipped = [range(token.start, token.end) for token in tokens if token.shape in (Shape.TEXT, Shape.ACTION)]
    for found in _KEBAB.finditer(text):
        if any(found.start() in span for span in skipped):
            continue
        meant = found.group().replace("-", "_")
        if meant in fields and not all(part in fields for part in found.group().split("-")):
            message = f"there is no data field {quote(found.group())}"
            hint = f"data fields are snake_case: did you mean {meant}?"
            width = len(found.group())
            raise ExpressionError(message, code="PF502", column=found.start(), width=width, hint=hint, instead=meant)


def _parse(text: str, tokens: list[Token]) -> ast.expr:
    masked = [" "] * len(text)
    for token in tokens:
        masked[token.start : token.end] = token.masked
    try:
        # Our brackets make every white space harmless; the author's own are known to be balanced.
        return ast.parse(f"({''.join(masked)})", mode="eval").body
    except SyntaxError as error:
        raise _misplaced(tokens, (error.offset or 1) - 2) from None
    except (ValueError, RecursionError, MemoryError):
        raise ExpressionError("the condition is too deeply nested", code="PF510") from None


def _misplaced(tokens: list[Token], column: int) -> ExpressionError:
    """Say what is wrong near `column`; Python's own words change with its version, so they are not passed on."""
    last = tokens[-1]
    if last.shape is Shape.OPERATOR or (last.shape is Shape.SIGN and last.text not in (")", "]", "}")):
        return _error(last, f"the condition ends after {_shown(last)}, where something must follow")
    if any(token.text == "if" for token in tokens) and not any(token.text == "else" for token in tokens):
        found = next(token for token in tokens if token.text == "if")
        return _error(found, '"if" has no "else"', hint='write "a if condition else b"')
    near = next((token for token in tokens if token.end > column), last)
    return _error(near, f"the condition cannot be read at {_shown(near)}")


def _shown(token: Token) -> str:
    return token.text if token.shape is Shape.TEXT else f'"{token.text}"'


def _check_size(root: ast.expr) -> None:
    """Refuse a tree too deep to walk, or too big to evaluate at every event. Walks without recursion."""
    waiting: list[tuple[ast.AST, int]] = [(root, 1)]
    count = 0
    while waiting:
        node, depth = waiting.pop()
        count += 1
        if depth > MAX_DEPTH:
            message = f"operations are inside each other more than {MAX_DEPTH} deep"
            raise ExpressionError(message, code="PF510", hint="split it over several steps or fields")
        waiting.extend((child, depth + 1) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))
    if count > MAX_NODES:
        message = f"the condition has {count} names, values and operations; at most {MAX_NODES} are allowed"
        raise ExpressionError(message, code="PF510", hint="split it over several steps or fields")
