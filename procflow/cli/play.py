"""`procflow play`: walk a case of a procedure in the terminal, on a simulated clock."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, time
from io import TextIOWrapper
from types import MappingProxyType
from typing import TYPE_CHECKING

import click

from procflow.cli.exits import Exit
from procflow.cli.showing import language_among, read_shown
from procflow.cli.terminal import cells, write_lines
from procflow.errors import ProcflowError

if TYPE_CHECKING:
    from procflow.cli.playing.asking import Given
    from procflow.cli.playing.walk import Choice, Walk
    from procflow.model.procedure import Procedure
    from procflow.reports.paper import Line
    from procflow.reports.sources import Sources

_OPENS_AT = time(9, 0)
"""When a walk begins of which no calendar says when work does: at nine in the morning, UTC."""


class _Left(Exception):
    """A question was left without an answer."""


@click.command(short_help="Walk a case of a procedure, to see what may happen.")
@click.argument("file")
@click.option("--people", metavar="FILE", help="A people.yaml; without it two people play each role.")
@click.option("--language", metavar="CODE", default="", help="Show titles and questions in this language: en, ro, ...")
def play(file: str, people: str | None, language: str) -> Exit:
    """Walk a case of the procedure in FILE: do what may be done next, try what may not, and see what comes of it.

    The case runs on the real engine, in memory, with a clock that only `wait` moves; a draft that nobody approved yet
    can be played. Type the number of what is done next, or `help`. What rules and clocks still demand is told after each
    step, soonest first; what is due while you `wait 2 working days` is done, and told.
    Input may also come from a pipe, a line each.

    \b
    Examples:
      procflow play complaint.yaml
      procflow play complaint.yaml --people people.yaml --language ro
      procflow play complaint.yaml < walk.txt
    """
    from procflow.cli.playing.cast import Cast
    from procflow.cli.playing.walk import Walk
    from procflow.loading.people import load_people
    from procflow.model.procedure import languages_of

    if file == "-":
        raise click.UsageError("What you type comes from stdin, so the procedure must be a file.")
    read = read_shown(file)
    if read is None:
        return Exit.FINDINGS
    procedure, source = read
    known = languages_of(procedure)
    if language and known:
        language = language_among(language, known, f"{procedure.id} has titles in")
    cast = Cast(procedure, load_people(people) if people is not None else None)
    Session(Walk(procedure, source, file, cast, _beginning(procedure, file)), language, {file: source}.get).run()
    return Exit.CLEAN


def _beginning(procedure: Procedure, file: str) -> datetime:
    """Return when the walk begins: when work does, on the first day the version counts, today if it does not say."""
    from procflow.calendars.book import EMPTY
    from procflow.loading.calendars_found import calendars_for
    from procflow.scenarios.timing import Hours

    day = procedure.effective_from or datetime.now(UTC).date()
    own = procedure.calendar
    calendars = calendars_for(file, only=frozenset({own})) if own is not None else EMPTY
    return Hours(procedure, calendars).beginning(day) or datetime.combine(day, _OPENS_AT, UTC)


class Session:
    """Reads what is typed, and answers, until the end of the input."""

    def __init__(self, walk: Walk, language: str, sources: Sources) -> None:
        self._walk = walk
        self._language = language
        self._sources = sources
        self._listed: tuple[Choice, ...] = ()

    def run(self) -> None:
        """Play until `quit`, Ctrl-D or Ctrl-C."""
        from procflow.cli.playing.view import head_lines
        from procflow.reports.paper import BLANK

        _comfortable()
        self._show(head_lines(self._walk, self._language, cells()))
        self._list()
        while True:
            self._show((BLANK,))
            try:
                typed = self._ask("> ")
            except (EOFError, KeyboardInterrupt):
                break
            if typed in ("quit", "exit", "q"):
                break
            try:
                self._obey(typed)
            except EOFError:
                break
            except (KeyboardInterrupt, _Left):
                self._say("Left as it was.")
            except ProcflowError as error:
                self._say(f"That cannot be done: {error.message}" + (f" ({error.hint})" if error.hint else ""))
        self._say("The walk is over; nothing was kept.")

    def _obey(self, typed: str) -> None:
        word, _, rest = typed.partition(" ")
        rest = rest.strip()
        if not typed:
            self._list()
        elif word.lower() in _COMMANDS:
            _COMMANDS[word.lower()](self, rest)
        else:
            choice = self._chosen(typed)
            if choice is not None:
                self._do(choice, anyway=False)

    # Commands

    def _list(self, _: str = "") -> None:
        from procflow.cli.playing.view import choice_lines, standing_lines
        from procflow.reports.paper import BLANK

        self._listed = self._walk.choices()
        self._show((BLANK,))
        self._show(standing_lines(self._walk, self._language, cells()))
        self._show(choice_lines(self._walk, self._listed, self._language, cells()))

    def _why(self, rest: str) -> None:
        from procflow.cli.playing.view import why_lines

        choice = self._chosen(rest)
        if choice is not None:
            self._show(why_lines(self._walk, choice, self._sources, self._language, cells()))

    def _anyway(self, rest: str) -> None:
        choice = self._chosen(rest)
        if choice is not None:
            self._do(choice, anyway=True)

    def _do(self, choice: Choice, *, anyway: bool) -> None:
        from procflow.cli.playing.asking import asked, lacking, supplied
        from procflow.cli.playing.view import done_lines
        from procflow.cli.playing.walk import Move

        # What is refused in any case is not asked for first.
        given: Given
        if choice.against and not anyway:
            given = supplied(self._walk, choice)
        else:
            given = asked(self._walk, choice, self._ask_within, self._say, self._language)
        move = Move(
            action=choice.action,
            actor=choice.doer or self._walk.anybody(),
            data=given.data,
            evidence=given.evidence,
            reason=given.reason,
            on_behalf_of=self._walk.on_behalf_of,
            lacking=lacking(self._walk, choice, given),
        )
        known = self._walk.broken_by_time()
        done = self._walk.do(move, anyway=anyway)
        self._show(done_lines(done, known, self._sources, cells()))
        if not done.refused:
            self._list()

    def _as(self, rest: str) -> None:
        walk = self._walk
        who, _, behalf = rest.partition(" for ")
        name, *roles = who.split()[:20] or [""]
        unknown = [role for role in roles if role not in walk.procedure.roles]
        if not name:
            self._people()
        elif name in ("anyone", "anybody", "nobody"):
            walk.viewer, walk.on_behalf_of = None, None
            self._list()
        elif unknown:
            self._say(f"There is no role {unknown[0]!r}; there are {', '.join(walk.procedure.roles)}.")
        elif not roles and not walk.cast.knows(name) and name not in walk.procedure.roles:
            self._say(f"Nobody is called {name!r} here. `people` lists who there is; `as {name} ROLE` makes one up.")
        else:
            known = walk.cast.holder(name) if not walk.cast.knows(name) and not roles else walk.cast.actor(name)
            walk.viewer = walk.cast.join(name, roles) if roles else known
            walk.on_behalf_of = behalf.strip() or None
            self._list()

    def _people(self, _: str = "") -> None:
        from procflow.cli.playing.view import people_lines

        self._show(people_lines(self._walk, cells()))

    def _wait(self, rest: str) -> None:
        from procflow.cli.playing.view import clock_text, fired_lines, late_lines
        from procflow.cli.playing.walk import named
        from procflow.errors import CalendarError

        try:
            to, words = self._until(rest)
            before = set(map(named, self._walk.broken_by_time()))
            stood = self._walk.case.configuration
            waited = self._walk.wait(to, words)
        except CalendarError as wrong:
            self._say(f"{wrong.message[:1].upper()}{wrong.message[1:]}.")
        except ValueError as wrong:
            self._say(f"{str(wrong)[:1].upper()}{str(wrong)[1:]}.")
        except OverflowError:
            self._say("No calendar goes that far.")
        else:
            self._say(clock_text(self._walk.now))
            late = [one for one in self._walk.broken_by_time() if named(one) not in before]
            self._show(fired_lines(waited, cells()))
            self._show(late_lines(late, self._sources, cells()))
            if self._walk.case.configuration != stood:
                self._list()

    def _until(self, rest: str) -> tuple[datetime, str]:
        """Return up to when to wait, and how long that is as a scenario says it. Raises ValueError."""
        from procflow.cli.typed import length_of
        from procflow.loading.lengths import length_of as read

        if (found := re.fullmatch(r"until\s+(\S+)(?:\s+is\s+late)?", rest.strip())) is not None:
            return self._walk.until_late(found[1]), f"until {found[1]} is late"
        length = read(rest)
        if length is not None and length.elapsed is None:
            return self._walk.later(length), str(length)
        elapsed, words = length_of(rest)
        return self._walk.now + elapsed, words

    def _back(self, _: str) -> None:
        from procflow.cli.playing.view import turn_text

        last = self._walk.back()
        if last is None:
            self._say("This is where the case opened: there is nothing to take back.")
            return
        self._say(f"Taken back: {turn_text(last)}.")
        self._list()

    def _data(self, _: str) -> None:
        from procflow.cli.playing.view import data_lines

        self._show(data_lines(self._walk, self._language, cells()))

    def _picture(self, _: str) -> None:
        from procflow.cli.playing.view import picture_lines

        self._show(picture_lines(self._walk, self._language, cells()))

    def _save(self, rest: str) -> None:
        from procflow.cli.playing.story import story

        if not any(one.did_something for one in self._walk.turns):
            self._say("Nothing was done yet, so there is nothing to tell.")
            return
        place = "at the end of the file, under" if self._walk.procedure.scenarios else "at the end of the file, with"
        self._say(
            f"Paste this {place} the line `scenarios:`, and `procflow test` will tell when it no longer comes out."
        )
        click.echo()
        click.echo(story(self._walk, rest), nl=False)

    def _help(self, _: str) -> None:
        from procflow.cli.playing.view import help_lines

        self._show(help_lines(self._walk, cells()))

    # What commands have in common

    def _chosen(self, typed: str) -> Choice | None:
        """Return the action of a number or a name; None, and say so, if there is none."""
        if typed.isascii() and typed.isdigit():
            number = int(typed[:6])
            if 1 <= number <= len(self._listed):
                return self._listed[number - 1]
            self._say(f"There is no number {typed} in the list; `list` shows it again.")
            return None
        from procflow.expressions.values import closest

        if typed in self._walk.procedure.actions and not self._walk.case.closed:
            return next((one for one in self._listed if one.action == typed), None) or self._walk.choice(typed)
        if self._walk.case.closed:
            self._say("The case has ended; `back` takes the last move back.")
            return None
        close = closest(typed, [*self._walk.procedure.actions, *_COMMANDS]) if typed else None
        hint = f"did you mean `{close}`?" if close else "`help` lists what you can type."
        self._say(f"There is no {typed!r} here; {hint}" if typed else f"Say which: a number of the list; {hint}")
        return None

    def _ask_within(self, words: str) -> str:
        """Return an answer to a question; what begins with `/` is none. Raises _Left for `/back`."""
        from procflow.cli.playing.asking import AT_A_QUESTION

        while True:
            typed = self._ask(f"  {words}")
            if typed == "/back":
                raise _Left
            if typed not in ("?", "/help"):
                return typed
            self._say(f"  {AT_A_QUESTION}")

    def _ask(self, words: str) -> str:
        """Return the next line that is typed. Raises EOFError at the end of the input."""
        from procflow.reports.paper import visible

        if sys.stdin.isatty():
            return input(visible(words)).strip()
        sys.stdout.write(visible(words))
        sys.stdout.flush()
        typed = sys.stdin.readline()
        if not typed:
            sys.stdout.write("\n")
            raise EOFError
        # What came from a pipe is not on the screen yet; with it the session reads as one that was typed.
        sys.stdout.write(visible(typed.strip()) + "\n")
        return typed.strip()

    def _say(self, text: str) -> None:
        from procflow.reports.paper import prose

        indent = len(text) - len(text.lstrip())
        self._show(prose(text, cells(), indent=indent))

    def _show(self, lines: Iterable[Line]) -> None:
        write_lines(lines)


_Command = Callable[[Session, str], None]

_COMMANDS: Mapping[str, _Command] = MappingProxyType(
    {
        "list": Session._list,
        "why": Session._why,
        "anyway": Session._anyway,
        "as": Session._as,
        "people": Session._people,
        "wait": Session._wait,
        "back": Session._back,
        "undo": Session._back,
        "data": Session._data,
        "picture": Session._picture,
        "save": Session._save,
        "help": Session._help,
        "?": Session._help,
    }
)


def _comfortable() -> None:
    """Let a person at a terminal edit what they type, where Python can; bytes that are no text do no harm."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    if sys.stdin.isatty():
        with suppress(ImportError):
            import readline  # noqa: F401
