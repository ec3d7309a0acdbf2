"""The top of the command line: commands loaded when they are called, and the one place where errors end."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click

from procflow.cli.exits import Exit, is_of_trail
from procflow.errors import ProcedureInvalid, ProcflowError

_OBJECTS_BEFORE_A_LOOK = 50_000


class _PipeClosed(Exception):
    """The reader of our output has gone; not an OSError, because click ends those of pipes with 1, our "findings"."""


class Commands(click.Group):
    """A group whose commands are loaded only when called: `procflow --help` needs nothing but this table."""

    def __init__(self, *args: Any, table: Mapping[str, tuple[str, str]], **rest: Any) -> None:
        """Take `table`: name -> (`module:command`, its help in one line), in the order of the help."""
        super().__init__(*args, **rest)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load a command; None if there is none of this name."""
        if cmd_name not in self.table:
            return None
        module, _, name = self.table[cmd_name][0].partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Resolve the command's name; a misspelt one is told with the closest there is."""
        if args and args[0] not in self.table and not args[0].startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(args[0], self.table, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            raise click.UsageError(f"There is no command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the commands with their help, without loading one."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help) for name, (_, help) in self.table.items()])

    def make_context(self, *args: Any, **rest: Any) -> click.Context:
        """Parse the words; help and version are written here."""
        try:
            return super().make_context(*args, **rest)
        except BrokenPipeError as error:
            raise _PipeClosed from error

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command and return its exit code."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _PipeClosed from error

    def main(self, *args: Any, **rest: Any) -> Any:
        """Run, and end the process with one of `Exit`; whatever goes wrong is told in words."""
        # Reading makes objects by the hundred thousand, hardly any in circles: to look for circles after every 700 of them,
        # as Python does, takes a fifth of the time of a check.
        gc.set_threshold(_OBJECTS_BEFORE_A_LOOK, *gc.get_threshold()[1:])
        for stream in (sys.stdout, sys.stderr):
            # Names come in every alphabet: a terminal that cannot show one gets its number instead of a crash.
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        sys.exit(_ended(lambda: super(Commands, self).main(*args, **{**rest, "standalone_mode": False})))


def _ended(run: Callable[[], Any]) -> int:
    """Run and return the exit code; the only place that turns errors into words."""
    try:
        code = run()
        sys.stdout.flush()
        return int(code or 0)
    except click.ClickException as error:
        error.show()
        return Exit.USAGE
    except ProcflowError as error:
        return _told(error)
    except (_PipeClosed, BrokenPipeError):
        _forget_stdout()
        return Exit.PIPE_CLOSED
    except (KeyboardInterrupt, click.Abort):
        return Exit.INTERRUPTED
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _say(f"error: {place}{error.strerror or error}")
        return Exit.FAILED
    except MemoryError:
        _say("error: there is not enough memory for this")
        return Exit.FAILED
    except Exception:
        import traceback

        _say(traceback.format_exc().rstrip())
        _say("error: this is a bug in procflow, not in your material; please report it with the lines above")
        return Exit.FAILED


def _told(error: ProcflowError) -> Exit:
    from procflow.cli.terminal import cells, files_as_sources, tell_lines
    from procflow.reports.findings import findings_lines, summary
    from procflow.reports.paper import BLANK

    findings = error.findings if isinstance(error, ProcedureInvalid) else ()
    if findings:
        tell_lines(findings_lines(findings, files_as_sources(), cells=cells()))
        tell_lines((BLANK,))
    if any(one.message in error.message for one in findings):
        tell_lines((summary(findings, len({one.where.file for one in findings if one.where is not None}) or 1),))
    else:
        tell_lines(error_lines(error, cells()))
    return Exit.TRAIL_BROKEN if is_of_trail(error.code) else Exit.FAILED


def error_lines(error: ProcflowError, width: int) -> Iterator[Any]:
    """Yield an error in words: what, where, and what to do next."""
    from procflow.reports.paper import Ink, Mark, line, prose, visible

    first, *more = error.message.split("\n")
    # The code of the base class says nothing; every other one has a manual page.
    kind = "error" if error.code == ProcflowError.code else f"error {error.code}"
    yield line(Ink(kind, Mark.BAD), f": {visible(first)}")
    for one in more:
        yield line(f"  {visible(one)}")
    if error.where is not None and str(error.where) not in error.message:
        yield line(f"  at {visible(str(error.where))}")
    if error.hint:
        first, *more = error.hint.split("\n")
        yield from prose(first, width, indent=2, label="help: ")
        for one in more:
            yield line(f"        {visible(one)}")


def _say(text: str) -> None:
    click.echo(text, err=True)


def _forget_stdout() -> None:
    """Let the interpreter flush into nothing at its end: the reader of the pipe has gone."""
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
    except (OSError, ValueError):
        return
