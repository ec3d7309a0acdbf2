"""The schema of policies, made of the one of procedures: `python -m tests.unit.loading.policies_schema` writes it anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from procflow.loading.schema import schema

FILE = Path(__file__).resolve().parents[3] / "schemas" / "policies.schema.json"
_SHARED = ("procflow", "version", "purpose", "owner", "calendar", "note", "roles", "data", "rules")
_ID = {
    "$ref": "#/$defs/id",
    "description": "The id of the policies: small letters, digits and hyphens. It never changes.",
    "examples": ["house-rules"],
    "defaultSnippets": [{"label": "The id of the policies", "body": "house-rules"}],
}
_TITLE = {
    "$ref": "#/$defs/text",
    "description": "What people read instead of the id of the policies: a text, or a map of language to text.",
    "examples": ["Rules of the house"],
    "defaultSnippets": [{"label": "What people read instead of the id of the policies", "body": "$1"}],
}
_SAID = {
    "purpose": "Why these policies exist, in a sentence or two.",
    "owner": "Who answers for these policies: a person, a post or a department.",
    "calendar": "What working time in rules is counted on; without it, the calendar of the procedure a rule holds in.",
    "roles": "The roles that rules name after `by`, each as the procedures have it.",
    "data": "The values that rules read, each with the type the procedures give it.",
    "rules": "What must happen, must not, and must not any more, in whatever procedure: `send`, or only `complaint/send`.",
}


def policies_schema() -> dict[str, Any]:
    """Return the schema, with the definitions it needs."""
    whole = schema("procedure")
    own = {name: dict(whole["properties"][name]) for name in _SHARED}
    for name, description in _SAID.items():
        own[name]["description"] = description
        own[name]["defaultSnippets"] = [
            {**one, "label": description.split(":")[0].rstrip(".")} for one in own[name]["defaultSnippets"]
        ]
    properties = {
        "procflow": own["procflow"],
        "policies": _ID,
        "version": own["version"],
        "title": _TITLE,
        **{name: own[name] for name in ("purpose", "owner", "calendar", "note", "roles", "data", "rules")},
    }
    return {
        "$schema": whole["$schema"],
        "$id": "https://procflow.dev/schemas/policies-1.json",
        "title": "policies",
        "type": "object",
        "errorMessage": "a map that begins with `procflow: 1` and `policies:`",
        "properties": properties,
        "required": ["procflow", "policies", "version", "rules"],
        "additionalProperties": False,
        "$defs": {name: one for name, one in whole["$defs"].items() if name in _needed(properties, whole["$defs"])},
    }


def _needed(part: Any, defs: Any) -> set[str]:
    found: set[str] = set()
    waiting = [part]
    while waiting:
        for name in _refs(waiting.pop()):
            if name not in found:
                found.add(name)
                waiting.append(defs[name])
    return found


def _refs(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(ref := part.get("$ref"), str):
            yield ref.removeprefix("#/$defs/")
        part = list(part.values())
    for one in part if isinstance(part, list) else ():
        yield from _refs(one)


def text() -> str:
    """Return the schema as it stands in its file."""
    return json.dumps(policies_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
