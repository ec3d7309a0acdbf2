"""`procflow check --fix` and `--diff`: files mended in place, or shown as they would be."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from procflow.cli.checked import Checked, check_again
from procflow.cli.terminal import read_input, writing
from procflow.errors import Finding, ProcflowError

if TYPE_CHECKING:
    from procflow.loading.mending import Mending


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """A file after mending."""

    file: str
    before: bytes
    after: bytes
    done: tuple[Mending, ...] = ()
    undone: tuple[Finding, ...] = ()
    """Findings that could not be mended without making the file worse."""


def fixed(checked: Checked, content: bytes, beside: Sequence[Checked]) -> Fixed:
    """Return a file with everything mended that can be; its byte order mark and line ends stay as they are."""
    from procflow.loading.mending import mend

    mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
    try:
        text = content.removeprefix(mark).decode("utf-8")
    except UnicodeDecodeError:
        return Fixed(file=checked.file, before=content, after=content)
    mended = mend(text, lambda changed: check_again(checked.file, changed.encode("utf-8"), beside).findings)
    after = mark + mended.text.encode("utf-8")
    return Fixed(file=checked.file, before=content, after=after, done=mended.done, undone=mended.undone)


def write_fixed(name: str, one: Fixed) -> None:
    """Write a file that was mended where it lies, `-` to stdout. Raises ProcflowError if somebody changed it meanwhile."""
    if name == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(one.after)
        return
    if one.after == one.before:
        return
    if read_input(name) != one.before:
        raise ProcflowError(f"{name} was changed while it was mended", hint="Run the command again.")
    with writing(Path(name), as_it_was=True) as file:
        file.write(one.after)


def write_diffs(files: Sequence[Fixed]) -> None:
    """Write to stdout what would be changed, so that `patch -p1` can do it."""
    from procflow.reports.fixes import diff

    sys.stdout.flush()
    for one in files:
        for part in diff(one.file, one.before.decode("utf-8", "replace"), one.after.decode("utf-8", "replace")):
            sys.stdout.buffer.write(part.encode("utf-8"))
    sys.stdout.buffer.flush()
