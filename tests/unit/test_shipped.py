"""What is shipped can be adopted as it is: clean, shown by its scenarios in full, and told in five languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from procflow.calendars.book import CalendarBook
from procflow.cli import main
from procflow.expressions.types import Choice, FieldType, ListOf
from procflow.judge import Judge
from procflow.loading.calendars_found import calendars_for
from procflow.loading.people import load_people
from procflow.loading.procedure import load_procedure
from procflow.model.procedure import Procedure, Step
from procflow.model.text import Text
from procflow.resources import shipped
from procflow.scenarios.testing import run_all, trial_of
from procflow.texts import LANGUAGES

FOLDER = shipped("procedures")
PROCEDURES = sorted(one for one in FOLDER.glob("*.yaml") if not one.name.endswith(".example.yaml"))
PEOPLE = FOLDER / "people.example.yaml"
each = pytest.mark.parametrize("path", PROCEDURES, ids=lambda path: path.stem)


def test_these_are_shipped() -> None:
    assert [one.stem for one in PROCEDURES] == ["complaint", "handoff", "incident", "service-request", "sla-agreement"]


@each
def test_it_is_clean(path: Path) -> None:
    done = CliRunner().invoke(main, ["check", "--strict", str(path), str(PEOPLE)], prog_name="procflow")
    assert done.exit_code == 0, done.output
    assert "files checked, nothing to say against them" in done.output


@each
def test_its_scenarios_come_out_and_show_everything(path: Path) -> None:
    judge = Judge(load_procedure(path), calendars=CalendarBook(calendars_for(path)))
    trial = trial_of(judge, run_all(judge))
    assert trial.findings == ()
    assert trial.coverage is not None
    assert trial.coverage.percent == 100


@each
def test_it_is_as_large_as_the_work(path: Path) -> None:
    procedure = load_procedure(path)
    assert 8 <= len(procedure.steps) <= 20
    assert len(procedure.scenarios) >= 12


@each
def test_every_text_is_there_in_every_language(path: Path) -> None:
    procedure = load_procedure(path)
    missing = {name: sorted(set(LANGUAGES) - set(text)) for name, text in texts_of(procedure)}
    assert {name: languages for name, languages in missing.items() if languages} == {}


@each
def test_no_text_stands_for_another_language(path: Path) -> None:
    for name, text in texts_of(load_procedure(path)):
        if not re.fullmatch(r"title of incident", name):
            assert len({text["en"], text["ru"], text["fa"]}) == 3, name
        assert re.search(r"[а-яё]", text["ru"], re.IGNORECASE), name
        assert re.search(r"[\u0600-\u06ff]", text["fa"]), name


@each
def test_the_letters_are_those_of_the_language(path: Path) -> None:
    for name, text in texts_of(load_procedure(path)):
        assert not re.search("[ŞşŢţ]", text["ro"]), f"{name}: Romanian has a comma below, not a cedilla"
        assert not re.search("[يكة]", text["fa"]), f"{name}: an Arabic letter in a Persian word"
        assert not re.search("^(می|نمی) ", text["fa"]), f"{name}: a half space belongs here"


@each
def test_everybody_who_must_act_is_among_the_people(path: Path) -> None:
    people = load_people(PEOPLE)
    assert {role for role in load_procedure(path).roles if not people.holders_of(role)} == set()


@each
def test_somebody_else_is_there_where_four_eyes_look(path: Path) -> None:
    procedure, people = load_procedure(path), load_people(PEOPLE)
    for step in procedure.steps.values():
        if step.four_eyes and step.by is not None and step.by.role is not None:
            assert people.holders_of(step.by.role), step.id


def texts_of(procedure: Procedure) -> Iterator[tuple[str, Text]]:
    """Every text of a procedure for people, with what it belongs to."""
    yield f"title of {procedure.id}", procedure.title
    yield "purpose", procedure.purpose
    for role in procedure.roles.values():
        yield f"name of role {role.id}", role.name
        yield f"role {role.id}", role.title
    for field in procedure.data.values():
        yield f"question {field.id}", field.ask
        for word in words_of(field.type):
            yield f"word {word}", procedure.titles.get(word, {})
    yield from ((f"clock {clock.id}", clock.title) for clock in procedure.clocks)
    yield from ((f"rule {rule.id}", rule.title) for rule in procedure.rules)
    for scenario in procedure.scenarios:
        yield f"scenario {scenario.title['en']}", scenario.title
    for action in procedure.anytime.values():
        yield f"action {action.id}", action.title
        yield from ((name, procedure.titles.get(name, {})) for name in action.evidence)
    for step in procedure.steps.values():
        yield f"step {step.id}", step.title
        yield from parts_of(step, procedure)


def parts_of(step: Step, procedure: Procedure) -> Iterator[tuple[str, Text]]:
    """What belongs to a step: its actions, and what has its title elsewhere."""
    for action in step.actions.values():
        yield f"action {action.id}", action.title
    proofs = (*step.evidence, *(name for action in step.actions.values() for name in action.evidence))
    items = step.checklist.items if step.checklist is not None else ()
    outcome = (step.end,) if step.end is not None else ()
    branches = step.parallel.branches if step.parallel is not None else ()
    several = (one.id for one in branches if one.id not in one.region.steps)
    for name in (*proofs, *items, *outcome, *several):
        yield name, procedure.titles.get(name, {})


def words_of(type: FieldType) -> tuple[str, ...]:
    """The words of a choice, also of a list of them."""
    match type:
        case Choice(of):
            return of
        case ListOf(item):
            return words_of(item)
        case _:
            return ()
