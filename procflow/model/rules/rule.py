"""`Rule`: one thing that can be wrong with a file somebody wrote, with its manual page."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent, indent

from procflow.errors import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One check. A code is never reused; the slug is the name people use."""

    code: str
    slug: str
    severity: Severity
    """`ERROR`, `WARNING`, or `INFO` for a remark."""
    summary: str
    """One sentence: what it catches."""
    why: str
    """Why it matters and what to do."""
    passes: str
    """A snippet that is fine."""
    fails: str
    """The same with the mistake in it."""

    @property
    def page(self) -> str:
        """The manual page, as `procflow explain` shows it."""
        head = f"{self.code} {self.slug} ({self.severity.value})"
        parts = [head, self.summary, self.why, "PASS", indent(self.passes, "    "), "FAIL", indent(self.fails, "    ")]
        return "\n\n".join(parts[:3]) + "\n\n" + "\n".join(parts[3:5]) + "\n\n" + "\n".join(parts[5:]) + "\n"


def error(code: str, slug: str, summary: str, why: str, *, passes: str, fails: str) -> Rule:
    """Return a rule whose findings forbid the use of the file."""
    return _rule(code, slug, Severity.ERROR, summary, why, passes, fails)


def warning(code: str, slug: str, summary: str, why: str, *, passes: str, fails: str) -> Rule:
    """Return a rule whose findings leave the file usable."""
    return _rule(code, slug, Severity.WARNING, summary, why, passes, fails)


def remark(code: str, slug: str, summary: str, why: str, *, passes: str, fails: str) -> Rule:
    """Return a rule whose findings are worth knowing and never fail a check."""
    return _rule(code, slug, Severity.INFO, summary, why, passes, fails)


def _rule(code: str, slug: str, severity: Severity, summary: str, why: str, passes: str, fails: str) -> Rule:
    return Rule(
        code=code,
        slug=slug,
        severity=severity,
        summary=summary,
        why=" ".join(why.split()),
        passes=dedent(passes).strip("\n"),
        fails=dedent(fails).strip("\n"),
    )
