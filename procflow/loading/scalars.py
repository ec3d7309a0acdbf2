"""What a plain word means: the YAML 1.2 core schema, and where a YAML 1.1 program would read something else."""

from __future__ import annotations

import re

import yaml

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
# YAML 1.2.2 §10.3.2, tag resolution of the core schema
_INT = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)")
_NOT_A_NUMBER = frozenset({".nan", ".NaN", ".NAN"})
_LONGEST_NUMBER = 100
"""Longer than any number that means something; conversion of a long one takes quadratic time."""
_LONGEST_EXACT = 18

_OLD = yaml.SafeLoader.yaml_implicit_resolvers
_OLD_NAMES = {
    "tag:yaml.org,2002:bool": "true or false",
    "tag:yaml.org,2002:int": "a number",
    "tag:yaml.org,2002:float": "a number",
    "tag:yaml.org,2002:null": "nothing",
    "tag:yaml.org,2002:merge": "an instruction to merge maps",
    "tag:yaml.org,2002:value": "an instruction of its own",
    "tag:yaml.org,2002:str": "text",
}
_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_ESCAPES = {"x": 4, "u": 6, "U": 10}


def resolve(word: str) -> bool | int | float | str | None:
    """Return what a plain scalar means; text if it means nothing else."""
    if word in _NULL:
        return None
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    if word[0] not in "+-.0123456789":
        return word
    if len(word) > _LONGEST_NUMBER:
        return word
    if _INT.fullmatch(word):
        return int(word) if len(word) <= _LONGEST_EXACT else float(word)
    if _BASED.fullmatch(word):
        return int(word[2:], 8 if word[1] == "o" else 16)
    if _FLOAT.fullmatch(word):
        return float(word)
    if _INFINITE.fullmatch(word):
        return float("-inf" if word[0] == "-" else "inf")
    if word in _NOT_A_NUMBER:
        return float("nan")
    return word


def read_by_yaml_1_1(word: str) -> str | None:
    """Return what a YAML 1.1 program would take the word for, in words; None if it means the same there.

    Dates are left alone on purpose: they are text for us, and every reader sees the same day.
    """
    if not word or len(word) > _LONGEST_NUMBER:
        return None
    here, there = _tag(resolve(word)), _old_tag(word)
    if there == _TIMESTAMP or ({here, there} == {"tag:yaml.org,2002:int"} and _old_int(word) == resolve(word)):
        return None
    if here != there:
        return _OLD_NAMES.get(there, "something else")
    return f"the number {_old_int(word)}" if here == "tag:yaml.org,2002:int" else None


def offsets(written: str, style: str) -> list[int] | None:
    """Return where each character of a one-line text stands in what was written, and one past the last.

    None if the text spans lines: then nobody can point into it.
    """
    if "\n" in written or "\r" in written or style not in ("plain", "'", '"'):
        return None
    if style == "plain":
        return list(range(len(written) + 1))
    places: list[int] = []
    at = 1
    while at < len(written) - 1:
        places.append(at)
        if style == "'" and written[at] == "'":
            at += 2
        elif style == '"' and written[at] == "\\":
            at += _ESCAPES.get(written[at + 1], 2)
        else:
            at += 1
    return [*places, at]


def _tag(value: bool | int | float | str | None) -> str:
    names = {bool: "bool", int: "int", float: "float", str: "str", type(None): "null"}
    return f"tag:yaml.org,2002:{names[type(value)]}"


def _old_tag(word: str) -> str:
    for tag, pattern in [*_OLD.get(word[0], ()), *_OLD.get(None, ())]:
        if pattern.match(word):
            return str(tag)
    return "tag:yaml.org,2002:str"


def _old_int(word: str) -> int:
    """Return the number YAML 1.1 reads (https://yaml.org/type/int.html); a leading zero means base eight there."""
    digits = word.lstrip("+-").replace("_", "")
    sign = -1 if word.startswith("-") else 1
    if ":" in digits:
        total = 0
        for part in digits.split(":"):
            total = total * 60 + int(part)
        return sign * total
    if digits.startswith("0b"):
        return sign * int(digits[2:], 2)
    if digits.startswith("0x"):
        return sign * int(digits[2:], 16)
    return sign * int(digits, 8 if digits.startswith("0") and len(digits) > 1 else 10)
