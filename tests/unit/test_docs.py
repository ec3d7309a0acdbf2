"""The documents are true: what they show runs, what they name exists, and what exists they name.

A page is a story told from top to bottom, in one folder. Comments that readers do not see say what a block is for:

    <!-- file: tickets.csv -->     the block is saved under this name, for the blocks below it
    <!-- finds: PF109 -->          the block is meant to be wrong, in exactly this way

A fragment of a procedure (it does not begin with `procflow:`) is put into the first whole procedure of its page.
In a block of Python, `#> text` is what it prints. In a console block, `...` stands for whatever comes there,
`$ echo $?` shows the exit code of the command before it, and `$ make demo` is `procflow demo` without real logs. `$ cd`
goes to a folder. Of `procflow play` the block shows all that is typed: after `> `, and after the `]: ` of a question.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from copy import deepcopy
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click import Group
from click.testing import CliRunner

import procflow
from procflow.cli.exits import Exit
from procflow.errors import Finding
from procflow.expressions.checking import FUNCTIONS
from procflow.expressions.expression import RESERVED as CONDITION_WORDS
from procflow.expressions.values import parse_value
from procflow.lint import lint
from procflow.loading.agreements import read_agreements
from procflow.loading.calendars import looks_like_calendar, looks_like_holidays, read_calendar
from procflow.loading.clients import read_clients
from procflow.loading.holidays import read_holidays
from procflow.loading.mapping import read_mapping
from procflow.loading.not_yet import NOT_YET
from procflow.loading.outline import RESERVED
from procflow.loading.people import read_people
from procflow.loading.policies import looks_like_policies, read_policies
from procflow.loading.procedure import read_procedure
from procflow.loading.services import read_services
from procflow.loading.source import read_source
from procflow.model.deviation import REGISTRY
from procflow.model.ignores import sift

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^(\s*)```(\w*)\s*$")
_MARK = re.compile(r"^<!-- (file|finds): (.+) -->$")
_WORD = re.compile(r"[\w-]+")
_NEEDS: Mapping[str, Mapping[str, Any]] = {
    "money": {"currency": "EUR"},
    "choice": {"of": ["minor", "major"]},
    "list": {"of": "text"},
    "record": {"fields": {"street": "text", "city": "text"}},
}
"""What the long form of a type has, as the examples in the table of types have it."""
_MOST_LINES = 400
"""Of a page's console output; only a bound against a runaway comparison."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block of a page."""

    page: Path
    line: int
    """Of its first line, from 1."""
    language: str
    text: str
    marks: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks_of(page: Path) -> list[Block]:
    """Return the fenced blocks of a page in order."""
    found: list[Block] = []
    marks: dict[str, str] = {}
    lines = iter(enumerate(page.read_text("utf-8").splitlines(), 1))
    for number, line in lines:
        if mark := _MARK.match(line.strip()):
            marks[mark[1]] = mark[2]
        elif fence := _FENCE.match(line):
            text = "\n".join(one.removeprefix(fence[1]) for one in _until_fence(lines)) + "\n"
            found.append(Block(page=page, line=number + 1, language=fence[2], text=text, marks=marks))
            marks = {}
    return found


def _until_fence(lines: Iterator[tuple[int, str]]) -> Iterator[str]:
    for _, line in lines:
        if _FENCE.match(line):
            return
        yield line
    raise AssertionError("a block is opened and never closed")


BLOCKS = [block for page in PAGES for block in blocks_of(page)]


def blocks(language: str) -> list[Block]:
    """Return the blocks in a language on all pages."""
    return [block for block in BLOCKS if block.language == language]


def prose_of(page: Path) -> str:
    """Return a page without its blocks."""
    text, inside = [], False
    for line in page.read_text("utf-8").splitlines():
        if _FENCE.match(line):
            inside = not inside
        elif not inside:
            text.append(line)
    return "\n".join(text)


def named_in(page: Path) -> set[str]:
    """Return the words a page puts between backticks."""
    return {word for code in re.findall(r"`([^`\n]+)`", prose_of(page)) for word in _WORD.findall(code)}


# --- what the pages show ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_python_of_a_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = blocks_of(page)
    if not any(block.language == "python" for block in found):
        return
    _settle(tmp_path, monkeypatch)
    namespace: dict[str, Any] = {"__name__": "docs"}
    for block in found:
        _save(block)
        if block.language == "python":
            _run_python(block, namespace)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_of_a_page_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = blocks_of(page)
    if not any("$ procflow" in block.text for block in found if block.language == "console"):
        return
    _settle(tmp_path, monkeypatch)
    namespace: dict[str, Any] = {"__name__": "docs"}
    console = Console()
    for block in found:
        _save(block)
        if block.language == "python":
            _run_python(block, namespace)
        elif block.language == "console":
            console.run(block)


@pytest.mark.parametrize("block", blocks("yaml"), ids=str)
def test_the_yaml_of_a_page_says_what_it_means(block: Block) -> None:
    wanted = sorted(block.marks.get("finds", "").split())
    found = _findings(block)
    assert sorted(one.code for one in found) == wanted, [f"{one.code} {one.message}" for one in found]


def test_the_values_of_the_table_of_types_can_be_given() -> None:
    rows = re.findall(r"^\| (`[^|]+) \| [^|]+ \| ([^|]+) \|$", _section("language.md", "Data"), re.MULTILINE)
    types = {word: example for words, example in rows for word in re.findall(r"`([^`]+)`", words) if word in _types()}
    assert set(types) == _types()
    data = {f"a_{word}".replace("-", "_"): {"type": word, **_NEEDS.get(word, {})} for word in types}
    steps = {"first": {"by": "any", "collect": list(data), "actions": {"go": "last"}}, "last": {"end": "done-well"}}
    text = json.dumps({"procflow": 1, "procedure": "p", "version": "1", "start": "first", "data": data, "steps": steps})
    procedure = read_procedure(text, "types").procedure
    assert procedure is not None
    for field, examples in zip(procedure.data.values(), types.values(), strict=True):
        for example in re.findall(r"`([^`]+)`", examples):
            parse_value(field.type, json.loads(example))


def _types() -> set[str]:
    """Return the words for types that the schema knows."""
    schema = json.loads((ROOT / "schemas" / "procedure.schema.json").read_text("utf-8"))
    return set(schema["$defs"]["dataField"]["else"]["then"]["properties"]["type"]["enum"])


def _section(page: str, heading: str) -> str:
    """Return what stands under a heading of the second level."""
    return prose_of(ROOT / "docs" / page).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pictures_are_there(page: Path) -> None:
    for picture in re.findall(r"!\[[^\]]+\]\(([^)\s]+)\)", prose_of(page)):
        assert (page.parent / picture).is_file(), f"{page.name}: there is no picture {picture}"


def _settle(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the folder look like the one a reader works in."""
    for name in ("procedures", "examples", "schemas"):
        (folder / name).symlink_to(ROOT / name, target_is_directory=True)
    monkeypatch.chdir(folder)
    for name in ("PROCFLOW_STORE", "PROCFLOW_WORKSPACE", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")


def _save(block: Block) -> None:
    if name := block.marks.get("file"):
        path = Path(name)
        assert path.resolve().is_relative_to(Path.cwd().resolve()), f"{block} would be saved in the repository"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, "utf-8")


def _run_python(block: Block, namespace: dict[str, Any]) -> None:
    # The empty lines make a traceback point into the page.
    code = compile("\n" * (block.line - 1) + block.text, str(block.page), "exec")
    printed = StringIO()
    with redirect_stdout(printed):
        exec(code, namespace)
    wanted = re.findall(r"^\s*#> ?(.*)$", block.text, re.MULTILINE)
    assert _fits("\n".join(wanted), printed.getvalue()), f"{block}: it printed\n{printed.getvalue()}"


class Console:
    """Runs the commands of console blocks, one after the other."""

    def __init__(self) -> None:
        self._code = 0
        self._names: dict[str, str] = {}

    def run(self, block: Block) -> None:
        """Run every command of procflow in the block, and compare what the block says it shows."""
        for command, shown in _commands(block.text):
            if command == "echo $?":
                assert shown.strip() == str(self._code), f"{block}: the exit code is {self._code}"
                continue
            assignment = re.fullmatch(r"(\w+)=\$\((procflow .*)\)", command)
            told = self._call(assignment[2] if assignment else command, _typed(shown))
            if told is None:
                continue
            if assignment:
                self._names[assignment[1]] = told.strip()
            stated = bool(shown.strip())
            assert not stated or _fits(shown, told), f"{block}: {command} showed\n{told}"
            assert stated or self._code in (0, 1), f"{block}: {command} ended with {self._code}\n{told}"

    def _call(self, command: str, typed: str) -> str | None:
        for name, value in self._names.items():
            command = command.replace(f"${name}", value)
        words = shlex.split(command, comments=True)
        if words == ["make", "demo"]:
            words = ["procflow", "demo"]
        if words[0] == "cd":
            os.chdir(words[1])
        if words[0] != "procflow":
            return None
        result = CliRunner().invoke(cli(), words[1:], input=typed if words[1] == "play" else None)
        self._code = result.exit_code
        return result.output


def cli() -> Group:
    """Return the command line."""
    from procflow.cli import main

    return main


def _commands(text: str) -> Iterator[tuple[str, str]]:
    """Yield each command with what the page says it shows; a backslash carries a command over lines."""
    for part in re.split(r"^\$ ", text.replace("\\\n", " "), flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command.strip(), shown


def _typed(shown: str) -> str:
    """Return what a session shows to be typed, a line each."""
    return "".join(f"{one}\n" for one in re.findall(r"^(?:> |  \S.*\]: )(.*)$", shown, re.MULTILINE))


def _fits(wanted: str, told: str) -> bool:
    """Return True if the output is what was wanted; `...` stands for anything."""
    lines = [line.rstrip() for line in wanted.strip("\n").splitlines()]
    assert len(lines) < _MOST_LINES
    pattern = re.escape("\n".join(lines)).replace(re.escape("..."), ".*?")
    shown = "\n".join(line.rstrip() for line in told.strip("\n").splitlines())
    return re.fullmatch(pattern, shown, re.DOTALL) is not None


def _findings(block: Block) -> tuple[Finding, ...]:
    """Return what procflow finds in a block of YAML, read as what it is."""
    if looks_like_calendar(block.text):
        shipped = ROOT / "procedures" / "calendars"
        return read_calendar(block.text, str(block), lambda path: (shipped / path).read_bytes()).findings
    if looks_like_holidays(block.text):
        return read_holidays(block.text, str(block)).findings
    if looks_like_policies(block.text):
        return read_policies(block.text, str(block)).findings
    if re.search(r"^procflow:", block.text, re.MULTILINE):
        return _of_procedure(block.text, block)
    if re.search(r"^case:", block.text, re.MULTILINE):
        return read_mapping(block.text, str(block)).findings
    if re.search(r"^(people|teams):", block.text, re.MULTILINE):
        return read_people(block.text, str(block)).findings
    if re.search(r"^clients:", block.text, re.MULTILINE):
        return read_clients(block.text, str(block)).findings
    if re.search(r"^tiers:", block.text, re.MULTILINE):
        return read_agreements(block.text, str(block)).findings
    if re.search(r"^services:", block.text, re.MULTILINE):
        return read_services(block.text, str(block)).findings
    return _fragment_findings(block)


def _fragment_findings(block: Block) -> tuple[Finding, ...]:
    whole = next(one for one in blocks_of(block.page) if one.language == "yaml" and one.text.startswith("procflow:"))
    into, part = (read_source(one.text, str(one)).data for one in (whole, block))
    assert isinstance(into, dict)
    if not isinstance(part, dict):
        return read_source(block.text, str(block)).findings
    text = json.dumps(_merged(into, part), ensure_ascii=False)
    # What a part leaves out was used by what it stands for.
    return tuple(one for one in _of_procedure(text, block) if one.code not in ("PF208", "PF301"))


def _of_procedure(text: str, block: Block) -> tuple[Finding, ...]:
    loaded = read_procedure(text, str(block))
    found = (*loaded.findings, *(lint(loaded.procedure) if loaded.procedure else ()))
    return sift(found, loaded.ignores, complete=loaded.procedure is not None).findings


def _merged(into: Mapping[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
    """Return a procedure with a part put in: sections entry by entry, anything else as a whole."""
    merged = deepcopy(dict(into))
    for key, value in part.items():
        if isinstance(merged.get(key), dict) and key in ("roles", "data", "steps", "anytime", "titles"):
            merged[key].update(value)
        else:
            merged[key] = value
    return merged


# --- what the pages name ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in _LINK.findall(prose_of(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name}: {link} leads nowhere"
        assert not anchor or anchor in _anchors(target), f"{page.name}: {target.name} has no heading {anchor}"


def _anchors(page: Path) -> set[str]:
    """Return the anchors GitHub makes of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", prose_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_command_is_named() -> None:
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    context = cli().make_context("procflow", ["-h"], resilient_parsing=True)
    missing = [name for name in cli().list_commands(context) if f"procflow {name}" not in text]
    assert not missing


def test_every_option_is_named() -> None:
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    context = cli().make_context("procflow", ["-h"], resilient_parsing=True)
    commands = [cli().get_command(context, name) for name in cli().list_commands(context)]
    options = {word for one in commands if one is not None for option in one.params for word in option.opts}
    missing = [word for word in options if word.startswith("--") and f"`{word}" not in text]
    assert not missing


def test_every_exit_code_is_named() -> None:
    text = (ROOT / "docs" / "audit.md").read_text("utf-8")
    assert [code for code in Exit if code < 100 and f"\n| {code.value} | " not in text] == []


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {name for page in PAGES for name in re.findall(r"`?make ([a-z-]+)`", page.read_text("utf-8"))}
    assert named <= targets


@pytest.mark.parametrize(
    ("schema", "page"),
    [
        ("procedure", "language.md"),
        ("mapping", "audit.md"),
        ("people", "embedding.md"),
        ("calendar", "calendars.md"),
        ("holidays", "calendars.md"),
        ("clients", "time.md"),
        ("agreements", "time.md"),
        ("services", "services.md"),
    ],
)
def test_every_key_is_named(schema: str, page: str) -> None:
    keys = _keys(json.loads((ROOT / "schemas" / f"{schema}.schema.json").read_text("utf-8")))
    assert keys
    missing = keys - named_in(ROOT / "docs" / page)
    assert not missing


def _keys(part: Any) -> set[str]:
    """Return every key a person may write, by a schema."""
    if isinstance(part, list):
        return {key for one in part for key in _keys(one)}
    if not isinstance(part, dict):
        return set()
    own = set(part["properties"]) if isinstance(part.get("properties"), dict) else set()
    return own.union(*(_keys(one) for name, one in part.items() if name not in ("examples", "defaultSnippets")))


def test_every_word_of_the_language_is_named() -> None:
    named = named_in(ROOT / "docs" / "language.md")
    missing = {*RESERVED, *CONDITION_WORDS, *FUNCTIONS} - named
    assert not missing


def test_everything_refused_for_now_is_named() -> None:
    named = named_in(ROOT / "docs" / "language.md") | named_in(ROOT / "docs" / "audit.md")
    missing = {key for keys in NOT_YET.values() for key in keys} - named
    assert not missing


def test_every_deviation_that_can_be_found_is_named() -> None:
    text = (ROOT / "docs" / "audit.md").read_text("utf-8")
    found = [f"{code} {one.slug}" for code, one in REGISTRY.items() if not one.reserved]
    assert not [name for name in found if name not in text]


def test_every_public_name_is_named() -> None:
    missing = set(procflow.__all__) - named_in(ROOT / "docs" / "embedding.md")
    assert not missing


def test_every_room_is_named() -> None:
    rooms = {path.name for path in (ROOT / "procflow").iterdir() if (path / "__init__.py").is_file()}
    missing = rooms - named_in(ROOT / "docs" / "architecture.md")
    assert not missing
