"""Suggestions put into the file: a text edit that leaves everything else as it stands, comments included."""

from __future__ import annotations

from collections.abc import Sequence

from procflow.errors import ProcflowError, errors_of
from procflow.loading.procedure import read_procedure
from procflow.loading.source import Source, read_source

_KEY = "scenarios"


def with_scenarios(text: str, file: str, scenarios: Sequence[str]) -> str:
    """Return the text of a procedure with further scenarios, each in YAML as `yaml_of` writes it.

    Raises ProcflowError if they cannot be put in without rewriting what is there.
    """
    if not scenarios:
        return text
    source = read_source(text, file)
    written = text if source.data is None else _inserted(source, scenarios)
    errors = errors_of(read_procedure(written, file).findings)
    if errors:
        raise ProcflowError(
            f"the scenarios cannot be put into {file}: {errors[0].message}", hint="paste them where they belong"
        )
    return written


def _inserted(source: Source, scenarios: Sequence[str]) -> str:
    text, data = source.text, source.data
    ending = "\r\n" if "\r\n" in text else "\n"
    if not isinstance(data, dict) or _KEY not in data:
        body = "\n".join(scenarios).replace("\n", ending)
        gap = "" if text.endswith("\n") else ending
        return f"{text}{gap}{ending}{_KEY}:{ending}{body}"
    if source.is_flow((_KEY,)) or not data[_KEY]:
        raise ProcflowError(
            f"`scenarios` of {source.file} stands in brackets, so nothing can be put below it",
            where=source.value((_KEY,)),
            hint="write each scenario on lines of its own, beginning with `- scenario:`",
        )
    first = source.value((_KEY, 0))
    column = text.splitlines()[first.line - 1].index("-")
    lines = text.splitlines(keepends=True)
    last = source.value((_KEY,)).end_line
    lead = " " * column
    body = ending.join(
        "".join(f"{lead}{line.removeprefix('  ')}{ending}" for line in one.splitlines()) for one in scenarios
    )
    gap = "" if lines[last - 1].endswith(("\n", "\r")) else ending
    return "".join([*lines[:last], gap, ending, body, *lines[last:]])
