"""The public face: exactly these names, each to be had, and none misspelt."""

from __future__ import annotations

import pytest

import procflow

PUBLIC = {
    "Actor",
    "AuditReport",
    "CaseAudit",
    "CaseNotFound",
    "Deviation",
    "Directory",
    "DirectoryError",
    "Engine",
    "Event",
    "EventLogError",
    "ExpressionError",
    "FileRef",
    "Finding",
    "Procedure",
    "ProcedureInvalid",
    "ProcedureNotFound",
    "ProcflowError",
    "Severity",
    "SourceSpan",
    "StaleCase",
    "StepRefused",
    "StoreError",
    "Verdict",
    "__version__",
    "audit",
    "load_procedure",
}


def test_the_public_names_are_these_and_no_others() -> None:
    assert set(procflow.__all__) == PUBLIC
    assert len(procflow.__all__) == len(PUBLIC), "a name is listed twice"


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_a_public_name_can_be_had_and_says_what_it_means(name: str) -> None:
    value = getattr(procflow, name)
    if callable(value):
        assert value.__name__ == name
        assert value.__doc__
        assert value.__module__.startswith("procflow.")
    else:
        assert isinstance(value, str), f"{name} is a {type(value).__name__}: a module of the same name hides it"


def test_a_public_name_shows_in_the_listing() -> None:
    assert set(dir(procflow)) >= PUBLIC


def test_a_misspelt_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Motor'"):
        _ = procflow.Motor  # type: ignore[attr-defined]
