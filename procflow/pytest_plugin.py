"""Scenarios as tests of pytest: `procflow = true` in its settings, or `--procflow`, makes each an item.

pytest loads this in everybody's runs, so it imports nothing but the standard library and pytest until a procedure is
collected. With neither the setting nor the option it does nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from procflow.judge import Judge
    from procflow.model.scenario import Scenario

_SETTING = "procflow"
_EVERYWHERE = ("*.yaml", "*.yml")
_ON = frozenset({"true", "yes", "on", "1"})
_OFF = frozenset({"", "false", "no", "off", "0"})
_HEAD = b"procflow:"
_READ = 64 * 1024
"""How far into a file its `procflow:` line is looked for."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the setting and the option."""
    about = "run the scenarios of procflow procedures: true, or patterns of file names"
    parser.addini(_SETTING, about, type="linelist", default=[])
    group = parser.getgroup("procflow")
    group.addoption("--procflow", action="store_true", default=False, help="run the scenarios of procedures")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a procedure; None for any other file, and where nobody asked for it."""
    patterns = _patterns(parent.config)
    if not patterns or file_path.suffix not in (".yaml", ".yml") or not _fits(file_path, parent.config, patterns):
        return None
    return ProcedureFile.from_parent(parent, path=file_path) if _is_procedure(file_path) else None


def _patterns(config: pytest.Config) -> tuple[str, ...]:
    """Return the patterns of the files that are wanted; () if none is."""
    words = [word for line in config.getini(_SETTING) for word in line.split()]
    patterns = tuple(word for word in words if word.lower() not in _ON | _OFF)
    if patterns:
        return patterns
    wanted = config.getoption("--procflow") or any(word.lower() in _ON for word in words)
    return _EVERYWHERE if wanted else ()


def _fits(path: Path, config: pytest.Config, patterns: Iterable[str]) -> bool:
    inside = path.relative_to(config.rootpath).as_posix() if path.is_relative_to(config.rootpath) else path.name
    return any(fnmatch(path.name, one) or fnmatch(inside, one) for one in patterns)


def _is_procedure(path: Path) -> bool:
    """Return True if a line of the file begins with `procflow:`; one that cannot be read is none."""
    try:
        with path.open("rb") as file:
            return any(line.startswith(_HEAD) for line in file.read(_READ).splitlines())
    except OSError:
        return False


class Unfit(Exception):
    """Something is wrong with a procedure or a scenario; the text says all there is to say."""


class ProcedureFile(pytest.File):
    """A procedure; its scenarios are its tests."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item a scenario; one that fails if there is none, and none may look like all pass."""
        from procflow.errors import errors_of
        from procflow.loading.procedure import read_procedure
        from procflow.model.text import text_of
        from procflow.scenarios.testing import judge_of

        loaded = read_procedure(self.path.read_bytes(), str(self.path))
        if loaded.procedure is None:
            raise Unfit(_told(errors_of(loaded.findings), loaded.source))
        judge = judge_of(loaded.procedure, str(self.path))
        for one in loaded.procedure.scenarios:
            yield ScenarioItem.from_parent(
                self, name=text_of(one.title), judge=judge, scenario=one, source=loaded.source
            )
        if not loaded.procedure.scenarios:
            yield EmptyItem.from_parent(self, name="scenarios", judge=judge, source=loaded.source)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Any:  # type: ignore[override] # as pytest does
        """Return what is wrong with the procedure, without a traceback."""
        return _words(excinfo) or super().repr_failure(excinfo)


class ScenarioItem(pytest.Item):
    """One scenario."""

    def __init__(self, *, judge: Judge, scenario: Scenario, source: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.judge = judge
        self.scenario = scenario
        self.source = source

    def runtest(self) -> None:
        """Run the scenario. Raises Unfit if it does not come out."""
        from procflow.scenarios.running import run

        result = run(self.scenario, self.judge).result
        if not result.passed:
            from procflow.reports.paper import plain
            from procflow.reports.scenario_text import result_lines

            raise Unfit(plain(result_lines(result, lambda _: self.source, 100)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return what went another way, without a traceback."""
        return _words(excinfo) or super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the place of the scenario; pytest counts lines from 0."""
        return self.path, self.scenario.where.line - 1, f"scenario: {self.name}"


class EmptyItem(pytest.Item):
    """Stands for the scenarios a procedure does not have."""

    def __init__(self, *, judge: Judge, source: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.judge = judge
        self.source = source

    def runtest(self) -> None:
        """Fail: nothing was tested."""
        from procflow.scenarios.testing import trial_of

        raise Unfit(_told(trial_of(self.judge, ()).findings, self.source))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return that there is nothing, without a traceback."""
        return _words(excinfo) or super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the place of the procedure."""
        return self.path, self.judge.procedure.where.line - 1, "scenarios"


def _told(findings: Iterable[Any], source: str) -> str:
    from procflow.reports.findings import findings_lines
    from procflow.reports.paper import plain

    return plain(findings_lines(tuple(findings), lambda _: source, cells=100))


def _words(excinfo: pytest.ExceptionInfo[BaseException]) -> str:
    return str(excinfo.value) if isinstance(excinfo.value, Unfit) else ""
