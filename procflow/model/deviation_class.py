"""One class of deviation: its code, its name, and its page of the manual."""

from __future__ import annotations

from dataclasses import dataclass

from procflow.errors import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviationClass:
    """One way to deviate. A number is never reused; the slug is the name people use."""

    code: str
    slug: str
    severity: Severity
    """Of DV8 and DV9: of the finding."""
    summary: str
    """One sentence: what it catches."""
    page: str = ""
    """Why it matters and what to do: the rest of the manual page. Empty for a class reserved for a later version."""

    @property
    def reserved(self) -> bool:
        """True if the class has its number but nothing emits it yet."""
        return not self.page


def deviation_class(code: str, slug: str, severity: Severity, summary: str, page: str = "") -> DeviationClass:
    """Return a class; without a page it is reserved."""
    return DeviationClass(code=code, slug=slug, severity=severity, summary=summary, page=page)
