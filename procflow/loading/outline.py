"""Which names the file declares and where: read before anything is built, so that every name can be looked up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from procflow.loading.node import Node
from procflow.loading.notebook import Notebook
from procflow.loading.source import Path
from procflow.model.hand_off import ACCEPT, ACTS, REFUSE, TAKE_CASE

RESERVED = frozenset(
    {"same", "done", "back", "start", "end", "any", "skip", "redo", "undo", "do-early", "override", *ACTS}
)
"""Words that no step, branch, action or rule may be called."""


@dataclass(frozen=True, slots=True)
class RegionNode:
    """A region as it stands in the file: the top level, or a branch."""

    path: Path
    """() is the top level."""
    start: Node | None
    """The `start:` key; None for a branch of one step, which starts there."""
    steps: dict[str, Node]

    @property
    def is_top(self) -> bool:
        return not self.path


@dataclass(slots=True)
class Outline:
    """The names of one procedure."""

    top: RegionNode
    regions: dict[str, RegionNode] = field(default_factory=dict)
    """Step -> the region it stands in."""
    steps: dict[str, Node] = field(default_factory=dict)
    """Every step of every region, in the order of the file."""
    actions: dict[str, Node] = field(default_factory=dict)
    """Every action and checklist item of a step, where it occurs first."""
    anytime: dict[str, Node] = field(default_factory=dict)
    evidence: dict[str, Node] = field(default_factory=dict)
    alphabet: frozenset[str] = frozenset()
    """Every action id, those of hand-offs and of who answers for a case included."""


def kind_of(step: Node) -> str:
    """Return what a step is: `end`, `block`, `waiting` or `work`."""
    for key, kind in (("end", "end"), ("parallel", "block"), ("waiting-for", "waiting")):
        if step.has(key):
            return kind
    return "work"


def region_of_branch(branch: Node) -> RegionNode:
    """Return the region a branch is: its own steps, or itself as the only step."""
    if branch.has("steps") or branch.has("start"):
        return RegionNode(path=branch.path, start=branch.get("start"), steps=dict(branch.get("steps").items()))
    return RegionNode(path=branch.path, start=None, steps={branch.name: branch})


def is_one_step(branch: Node) -> bool:
    """Return True if a branch is a single step, which carries the branch's id."""
    return not (branch.has("steps") or branch.has("start"))


def checklist_of(step: Node) -> Node:
    """Return the list of a step's checklist items; an absent one if it has none."""
    checklist = step.get("checklist")
    return checklist.get("any-order") if checklist.is_map else checklist


def read_outline(root: Node, notebook: Notebook) -> Outline:
    """Return the names of a procedure; what is used twice or reserved is written down."""
    top = RegionNode(path=(), start=root.get("start"), steps=dict(root.get("steps").items()))
    outline = Outline(top=top)
    in_shape = not notebook.has_errors
    uses = _Uses(notebook)
    _walk(top, outline, uses)
    for name, action in root.get("anytime").items():
        uses.claim(name, "an anytime action", action)
        outline.anytime[name] = action
        _evidence(action, outline)
    for node in (root, *outline.steps.values()):
        _proofs_needed(node.get("hand-offs").get("needs"), root.get("data"), outline)
    outline.alphabet = frozenset([*outline.actions, *outline.anytime, *_acts(root, outline, in_shape=in_shape)])
    return outline


def _walk(region: RegionNode, outline: Outline, uses: _Uses) -> None:
    for name, step in region.steps.items():
        uses.claim(name, "a step", step)
        if name not in outline.steps:
            outline.steps[name] = step
            outline.regions[name] = region
        _evidence(step, outline)
        items = {item.text: item for item in checklist_of(step).entries() if item.is_text}
        for item_name, item in items.items():
            uses.claim(item_name, "an action", item)
            outline.actions.setdefault(item_name, item)
        for action_name, action in step.get("actions").items():
            uses.claim(action_name, "an action", action)
            outline.actions.setdefault(action_name, action)
            _evidence(action, outline)
            # A checklist item is an action of its step: leaving by it would say two things at once.
            if action_name in items:
                message = f"`{action_name}` is both an item of the checklist and an action of `{name}`"
                uses.notebook.note("PF210", message, action.key_where, "give one of them another name")
        for branch_name, branch in step.get("parallel").items():
            if not is_one_step(branch):
                uses.claim(branch_name, "a branch", branch)
            _walk(region_of_branch(branch), outline, uses)


def _acts(root: Node, outline: Outline, *, in_shape: bool) -> Iterator[str]:
    """Yield the actions nobody writes, that what is written implies."""
    if not in_shape:
        yield from ACTS  # what stands under a misspelt key implies nothing, and its mistake has been told
        return
    said = [one for node in (root, *outline.steps.values()) if (one := node.get("hand-offs")).is_map]
    if said:
        yield ACCEPT
    if any(one.has("refuse") for one in said):
        yield REFUSE
    if root.get("accountable").text:
        yield TAKE_CASE


def _evidence(node: Node, outline: Outline) -> None:
    for entry in node.get("evidence").entries():
        if entry.is_text:
            outline.evidence.setdefault(entry.text, entry)


def _proofs_needed(needs: Node, data: Node, outline: Outline) -> None:
    """Take what hand-offs need, and what is no data field and not written like one, for a proof."""
    for entry in needs.entries():
        if entry.is_text and "_" not in entry.text and not data.has(entry.text):
            outline.evidence.setdefault(entry.text, entry)


class _Uses:
    """What each id stands for so far."""

    def __init__(self, notebook: Notebook) -> None:
        self.notebook = notebook
        self.first: dict[str, tuple[str, Node]] = {}

    def claim(self, name: str, what: str, node: Node) -> None:
        where = node.where if isinstance(node.path[-1], int) else node.key_where
        if name in RESERVED:
            hint = "remove it: it is there by itself" if name in ACTS else "choose another name"
            self.notebook.note("PF211", f"`{name}` is a word of the language and cannot be {what}", where, hint)
        known, first = self.first.setdefault(name, (what, node))
        if first is node or known == what == "an action":
            return
        line = (first.where if isinstance(first.path[-1], int) else first.key_where).line
        self.notebook.note(
            "PF210", f"`{name}` is already {known}, in line {line}", where, "give one of them another name"
        )


def near_names(groups: Iterator[tuple[str, dict[str, Node]]], notebook: Notebook) -> None:
    """Write down names of one kind that differ only in capitals, hyphens or underscores."""
    for kind, names in groups:
        seen: dict[str, str] = {}
        for name, node in names.items():
            first = seen.setdefault(name.lower().replace("-", "").replace("_", ""), name)
            if first != name:
                where = node.where if node.path and isinstance(node.path[-1], int) else node.key_where
                message = f"the {kind} `{name}` and `{first}` differ only in how they are written"
                notebook.note("PF207", message, where, "use one name, or two that sound different")
