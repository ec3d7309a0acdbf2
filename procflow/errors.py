"""What goes wrong, and where: the exception tree, `Finding` and `SourceSpan`.

Two roads, never mixed. If the *user's material* is at fault (a procedure, a log, a mapping) the program returns
`Finding`s, as many as it can. If the *program* cannot do its job (a store is locked, a case does not exist) it
raises a `ProcflowError`. Only the command line and the web catch `ProcflowError`, once, at the top.

    ProcflowError(message, *, code, where, hint)
    ├ ProcedureInvalid(.findings)   the YAML does not pass, or may not be published
    ├ ExpressionError(.column)      a condition does not parse or does not type
    ├ EventLogError                 a log or mapping cannot be read at all (bad rows are findings)
    ├ DirectoryError                nobody can say who a person is
    ├ CalendarError                 a calendar does not cover what is asked of it
    ├ StepRefused(.verdict)         raised only by Verdict.or_raise() and a refused start; lives with Verdict
    └ StoreError
      ├ CaseNotFound
      ├ ProcedureNotFound
      └ StaleCase                   the case moved on since the caller looked
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Severity(Enum):
    """How bad a finding is; `rank` orders it, worst first (0)."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    INFO = "info"
    ERROR = "error"
    """Of a check of a file: it cannot be used until this is mended."""
    WARNING = "warning"
    """Of a check of a file: it can be used, and probably should not be as it is."""

    @property
    def rank(self) -> int:
        """0 for the worst; errors rank with critical, warnings with minor."""
        return {"critical": 0, "error": 0, "major": 1, "minor": 2, "warning": 2, "info": 3}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSpan:
    """Where something was written. Lines and columns count from 1, columns in code points."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    """One past the last character, as editors count."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A change of the text of a file: what stands there is replaced, and nothing else is touched."""

    where: SourceSpan
    """What is replaced; an empty span is a place to put the text in."""
    text: str
    """What stands there afterwards; empty to remove."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found in somebody's material: what, where, and what to do next."""

    code: str
    """`PF102`, `DV801`: never reused."""
    severity: Severity
    message: str
    """What is wrong, with the values, in one sentence without the code."""
    where: SourceSpan | None = None
    """None if it concerns the whole of the material."""
    hint: str | None = None
    """The next thing to do, as an imperative or a question; None if nothing useful can be said."""
    edits: tuple[Edit, ...] = field(default=(), compare=False)
    """What `procflow check --fix` does about it, all of them or none; () if only a person can know."""


def errors_of(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that forbid the use of a file."""
    return tuple(one for one in findings if one.severity is Severity.ERROR)


class ProcflowError(Exception):
    """The program cannot do its job."""

    code: str = "PF000"

    def __init__(
        self, message: str, *, code: str | None = None, where: SourceSpan | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint
        if code is not None:
            self.code = code


class ProcedureInvalid(ProcflowError):
    """A procedure was refused; `findings` say why, errors among them."""

    def __init__(self, message: str, *, findings: Iterable[Finding], **rest: Any) -> None:
        super().__init__(message, **rest)
        self.findings: tuple[Finding, ...] = tuple(findings)


class ExpressionError(ProcflowError):
    """A condition does not parse, does not type, or is too big.

    `column` counts code points from 0 in the text of the condition, `width` is at least 1. `instead` is what should
    stand there; None if only a person can know.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        column: int = 0,
        width: int = 1,
        hint: str | None = None,
        instead: str | None = None,
    ) -> None:
        super().__init__(message, code=code, hint=hint)
        self.column = column
        self.width = max(1, width)
        self.instead = instead


class EventLogError(ProcflowError):
    """A log or its mapping cannot be read at all. A bad row is a finding instead."""

    code = "DV801"


class CalendarError(ProcflowError):
    """A calendar cannot tell: it does not cover the days that are asked about, or there is none."""


class DirectoryError(ProcflowError):
    """The file of people cannot be read."""


class StoreError(ProcflowError):
    """The store cannot do what was asked."""


class CaseNotFound(StoreError):
    """No case has this id."""


class ProcedureNotFound(StoreError):
    """No published procedure has this name, or none is effective yet."""


class StaleCase(StoreError):
    """The case moved on since the caller looked at it (`expect=` did not match)."""
