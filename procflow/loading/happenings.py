"""What rules speak of, from its text: `send`, `draft.propose`, `starts repair`, `enters draft`, `case opens`.

The grammar is the same for the rules of a procedure and for policies, which may name the procedure too: `complaint/send`,
`enters complaint/draft`, `case ends complaint`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from procflow.errors import Edit
from procflow.loading.edits import remove_entry, replace_value
from procflow.loading.node import Node
from procflow.loading.notebook import Guess, Notebook, listed
from procflow.loading.outline import Outline, checklist_of
from procflow.model.rule import Happening, HappeningKind

MOST = 20
"""Happenings in one list of a rule."""
_FORMS = "an action, `draft.propose`, `starts repair`, `enters draft`, `leaves draft`, `case opens` or `case ends`"
_VERBS: Mapping[str, HappeningKind] = {
    "starts": HappeningKind.STARTS,
    "completes": HappeningKind.ACTION,
    "enters": HappeningKind.ENTERS,
    "leaves": HappeningKind.LEAVES,
}
_MEANT: Mapping[str, str] = {
    **dict.fromkeys(("start", "started", "starting", "begin", "begins", "begun", "began"), "starts"),
    **dict.fromkeys(("complete", "completed", "does", "do", "done", "finish", "finishes", "finished"), "completes"),
    **dict.fromkeys(("enter", "entered", "entering", "reach", "reaches", "arrives"), "enters"),
    **dict.fromkeys(("leave", "left", "leaving", "exit", "exits", "exited"), "leaves"),
}
"""Verbs people write -> those of the language."""
_CASE = "case"
_OF_CASE: Mapping[str, HappeningKind] = {"opens": HappeningKind.OPENS, "ends": HappeningKind.ENDS}
_MEANT_OF_CASE: Mapping[str, str] = {
    **dict.fromkeys(("open", "opened", "start", "starts", "started", "begin", "begins", "created"), "opens"),
    **dict.fromkeys(("end", "ended", "close", "closes", "closed", "finish", "finishes"), "ends"),
}
_ID = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_NAME = re.compile(rf"(?:(?P<procedure>{_ID})/)?(?:(?P<step>{_ID})\.)?(?P<name>{_ID})")


Naming = Callable[[Node], Happening | None]
"""What happening a text names; None if there is none, which is then written down."""
_PAIR = 2
_ONE_IS_ENOUGH = frozenset({"never", "of", "first", "last", "if", "after", "before", "from", "until", "cancelled-by"})
"""Keys whose list may have a single entry."""


class Slip(NamedTuple):
    """Why a text is no happening."""

    message: str
    hint: str
    instead: str | None = None
    """What was meant, if it can hardly be anything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alphabet:
    """What rules may name in one procedure."""

    steps: Mapping[str, frozenset[str]]
    """Step -> the actions and checklist items in it; () for blocks and ends."""
    anytime: frozenset[str]
    """Actions that belong to no step."""
    roles: frozenset[str] = frozenset()
    """No happenings; but some name one where they mean that its holders act."""

    @property
    def actions(self) -> frozenset[str]:
        """Every action."""
        return self.anytime.union(*self.steps.values())


def alphabet_of(
    outline: Outline, roles: Collection[str] = (), *, implied: Mapping[str, frozenset[str]], anytime: Collection[str]
) -> Alphabet:
    """Return what the rules of a procedure may name. `implied`: step -> actions of it that nobody wrote."""
    steps = {
        name: frozenset(action for action, _ in step.get("actions").items())
        | {item.text for item in checklist_of(step).entries()}
        | implied.get(name, frozenset())
        for name, step in outline.steps.items()
    }
    return Alphabet(steps=steps, anytime=frozenset(anytime), roles=frozenset(roles))


def happening(text: str) -> Happening | Slip:
    """Return what a text says, whether or not there is anything of that name."""
    words = text.split()
    if words[:1] == [_CASE] and len(words) > 1:
        return _of_case(text, words)
    verb, named = (words[0], words[1]) if len(words) == 2 else ("completes", text.strip())
    name = _NAME.fullmatch(named)
    kind = _VERBS.get(verb)
    if name is None or kind is None:
        return _slip(text, words)
    if name["step"] is not None and kind is not HappeningKind.ACTION:
        hint = f"write `{verb} {name['name']}`"
        return Slip(f"`{text}`: only an action that is completed can be told by its step", hint)
    return Happening(kind=kind, name=name["name"], step=name["step"], procedure=name["procedure"])


def _of_case(text: str, words: list[str]) -> Happening | Slip:
    kind = _OF_CASE.get(words[1])
    if kind is None:
        meant = _MEANT_OF_CASE.get(words[1])
        if meant is None or len(words) > 2:
            return _slip(text, words)
        return Slip(f"`{text}` is nothing that happens", f"write `{_CASE} {meant}`", f"{_CASE} {meant}")
    if len(words) == 2:
        return Happening(kind=kind)
    of = re.fullmatch(_ID, words[2])
    return _slip(text, words) if of is None or len(words) > 3 else Happening(kind=kind, procedure=words[2])


def _slip(text: str, words: list[str]) -> Slip:
    message = f"`{text}` is nothing that happens"
    if len(words) == 2 and words[0] in _MEANT and _NAME.fullmatch(words[1]):
        right = f"{_MEANT[words[0]]} {words[1]}"
        return Slip(message, f"write `{right}`", right)
    return Slip(message, f"write {_FORMS}")


def read_happening(node: Node, alphabet: Alphabet, notebook: Notebook) -> Happening | None:
    """Return the happening a text of a procedure names; None if there is none, which is written down."""
    if not node.text:
        return None  # the schema has told it
    found = happening(node.text)
    if isinstance(found, Slip):
        _tell(found, node, alphabet, notebook)
        return None
    if found.procedure is not None:
        hint = "leave the name of the procedure out: its own rules speak of its own cases"
        notebook.note("PF106", f"`{node.text}` names a procedure", node.where, hint)
        return None
    return found if _is_known(found, node, alphabet, notebook) else None


def read_policy_happening(node: Node, notebook: Notebook) -> Happening | None:
    """Return the happening a text of policies names, which may name its procedure; None if there is none."""
    if not node.text:
        return None  # the schema has told it
    found = happening(node.text)
    if isinstance(found, Slip):
        _tell(found, node, Alphabet(steps={}, anytime=frozenset()), notebook)
        return None
    return found


def _tell(slip: Slip, node: Node, alphabet: Alphabet, notebook: Notebook) -> None:
    guess = Guess(slip.hint, slip.instead)
    if slip.instead is None:
        every = [*alphabet.actions, *(f"{verb} {step}" for step in alphabet.steps for verb in ("enters", "leaves"))]
        guess = notebook.guess(node.text, [*every, "case opens", "case ends"], otherwise=slip.hint)
    edits = () if guess.sure is None else replace_value(node.source, node.path, guess.sure)
    notebook.note("PF106", slip.message, node.where, guess.hint, edits)


def _is_known(found: Happening, node: Node, alphabet: Alphabet, notebook: Notebook) -> bool:
    match found.kind:
        case HappeningKind.ENTERS | HappeningKind.LEAVES:
            return _is_step(found.name, node, alphabet, notebook)
        case HappeningKind.ACTION | HappeningKind.STARTS:
            return _is_action(found, node, alphabet, notebook)
    return True


def _is_step(name: str, node: Node, alphabet: Alphabet, notebook: Notebook) -> bool:
    if name in alphabet.steps:
        return True
    otherwise = "add it under `steps:`"
    if name in alphabet.actions:
        otherwise = f"`{name}` is an action: write `{name}` alone"
    guess = notebook.guess(name, alphabet.steps, otherwise=_longer(name, alphabet.steps) or otherwise)
    notebook.note("PF201", f"there is no step `{name}`", node.where, guess.hint, _renamed(node, name, guess))
    return False


def _longer(name: str, steps: Collection[str]) -> str | None:
    """Return the hint for a name with which those of some steps begin, as `refused` of `refused-answer`."""
    longer = [one for one in steps if one.startswith(f"{name}-") or one.endswith(f"-{name}")]
    return f"did you mean {listed(longer, most=3)}?" if longer else None


def _is_action(found: Happening, node: Node, alphabet: Alphabet, notebook: Notebook) -> bool:
    if found.step is not None:
        if not _is_step(found.step, node, alphabet, notebook):
            return False
        if found.name in alphabet.steps[found.step]:
            return True
        if found.name in alphabet.anytime:
            hint = f"write `{found.name}`"
            notebook.note("PF213", f"`{found.name}` is possible at any time, and in no step", node.where, hint)
            return False
        guess = notebook.guess(found.name, alphabet.steps[found.step])
        if guess.hint is None and found.name in alphabet.actions:
            guess = Guess(f"write `{found.name}` for the action wherever it is done", None)
        message = f"there is no action `{found.name}` in `{found.step}`"
        notebook.note("PF213", message, node.where, guess.hint, _renamed(node, found.name, guess))
        return False
    if found.name in alphabet.actions:
        return True
    otherwise = "name an action of a step, of a checklist, or one that is possible at any time"
    if found.name in alphabet.steps:
        otherwise = f"`{found.name}` is a step: write `enters {found.name}` or `leaves {found.name}`"
    elif found.name == _CASE:
        otherwise = "write `case opens` or `case ends`"
    guess = notebook.guess(found.name, alphabet.actions, otherwise=otherwise)
    if found.name in alphabet.roles:
        guess = Guess(f"`{found.name}` is a role: name what is done, and beside it `by: {found.name}`", None)
    message = f"there is no action `{found.name}`"
    notebook.note("PF213", message, node.where, guess.hint, _renamed(node, found.name, guess))
    return False


def _renamed(node: Node, name: str, guess: Guess) -> tuple[Edit, ...]:
    if guess.sure is None:
        return ()
    head, _, tail = node.text.rpartition(name)
    return replace_value(node.source, node.path, f"{head}{guess.sure}{tail}")


# --- several of them ---------------------------------------------------------------------------------------------


def read_happenings(node: Node, happening: Naming, notebook: Notebook) -> tuple[Happening, ...]:
    """Return what a text or a list names. One event must not stand for two entries: which was meant could not be told."""
    found: dict[Happening, Node] = {}
    for entry in node.entries():
        one = happening(entry) if entry.is_text else None
        if one is None:
            continue
        other = next((known for known in found if _overlap(known, one)), None)
        if other is None:
            found[one] = entry
        else:
            _tell_twice(entry, found[other], node, notebook)
    return tuple(found)


def _overlap(one: Happening, other: Happening) -> bool:
    """Return True if one event can be both."""
    alike = (one.kind, one.name) == (other.kind, other.name)
    steps = one.step is None or other.step is None or one.step == other.step
    procedures = one.procedure is None or other.procedure is None or one.procedure == other.procedure
    return alike and steps and procedures


def _tell_twice(entry: Node, first: Node, of: Node, notebook: Notebook) -> None:
    if entry.text == first.text:
        message = f"`{entry.text}` is listed twice"
    else:
        message = f"`{entry.text}` is also `{first.text}`, which is listed before"
    fits = len(list(of.entries())) > _PAIR or of.name in _ONE_IS_ENOUGH
    if fits:
        hint = f"the first one is in line {first.where.line}, column {first.where.column}"
        notebook.note("PF212", message, entry.where, hint, remove_entry(entry.source, entry.path))
    elif of.name == "not-both":
        notebook.note("PF212", message, entry.where, f"write `at-most: 1, of: {first.text}` if it may happen only once")
    else:
        notebook.note("PF212", message, entry.where, "name two things")
