"""Changes to steps: their edges, rejections, questions, deeds and arguments."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

from dialogs.loading.source import Entry
from dialogs.mutation.mutant import Mutant, Reach
from dialogs.mutation.source import Source
from dialogs.mutation.spots import Edit, Spot
from dialogs.mutation.wording import negated, other
from dialogs.shapes import KINDS

END = "END"


class _At(NamedTuple):
    """A step and what it is: `id` as the loader names it."""

    source: Source
    flow: str
    id: str
    kind: str
    spot: Spot

    def mutant(
        self, operator: str, at: Spot, change: str, *edits: Edit,
        condition: str = "", exact: bool = False,
    ) -> Mutant:  # fmt: skip
        return Mutant(
            self.source.theme_of_flow(self.flow, condition), operator,
            ("flow", self.flow, self.id), at.place, change, edits,
            Reach(self.flow, self.id, exact=exact),
        )  # fmt: skip


def in_steps(source: Source, flow: str, spot: Spot) -> Iterator[Mutant]:
    for step in _walk(source, flow, spot.list("steps")):
        yield from _next(step)
        yield from _branches(step)
        yield from _deed(step)
        yield from _rejections(step)


def _walk(source: Source, flow: str, block: list[Spot]) -> Iterator[_At]:
    for step in block:
        keys = step.keys()
        kind = next((kind for kind in KINDS if kind in keys), "")
        yield _At(source, flow, source.steps[keys[kind].place], kind, step)
        for branch in step.list("next"):
            goal = branch.get("then") or branch.get("else")
            yield from _walk(source, flow, goal.items() if goal else [])


def _next(step: _At) -> Iterator[Mutant]:
    """An edge without a condition: it ends the flow, or leads to the following step."""
    goal = step.spot.get("next")
    if goal is None:
        if step.kind != "link":
            edit = step.spot.put("next", END)
            yield step.mutant("next-ended", step.spot.keys()[step.kind], "then END", edit)
        return
    if not goal.words:
        return
    if goal.words != END:
        edit = goal.becomes(END)
        yield step.mutant("next-ended", goal, f"next: END in place of {goal.words}", edit)
    if step.kind != "noop":
        yield step.mutant("next-out", goal, f"next: {goal.words}, removed", goal.out())


def _branches(step: _At) -> Iterator[Mutant]:
    branches = step.spot.list("next")
    for branch, after in zip_longest(branches, branches[1:]):
        keys = branch.keys()
        condition = keys["if"].words if "if" in keys else ""
        words = f"if {condition}" if condition else "else"
        goal = keys.get("then") or keys["else"]
        if condition:
            yield step.mutant(
                "branch-out", branch, f"{words}: removed", branch.out(), condition=condition
            )
            edit = keys["if"].becomes(negated(condition))
            change = f"{words}: negated"
            yield step.mutant(
                "branch-negated", branch, change, edit, condition=condition, exact=True
            )
        if goal.words != END:
            change = f"{words}: then END in place of {_goal(goal)}"
            yield step.mutant(
                "branch-ended", goal, change, goal.becomes(END), condition=condition
            )  # fmt: skip
        if after is not None:
            yield from _swapped(step, words, condition, goal, after)


def _swapped(step: _At, words: str, condition: str, goal: Spot, after: Spot) -> Iterator[Mutant]:
    second = after.get("then") or after.get("else")
    if second is None or second.value == goal.value:
        return
    change = f"{words}: leads to {_goal(second)}, and what follows to {_goal(goal)}"
    edits = (goal.becomes(second.value), second.becomes(goal.value))
    yield step.mutant("branch-swapped", goal, change, *edits, condition=condition)


def _goal(goal: Spot) -> str:
    """Where a branch leads, in words that tell nested steps apart."""
    steps = [
        next((f"{kind} {keys[kind].words}".strip() for kind in KINDS if kind in keys), "")
        for keys in (item.keys() for item in goal.items())
    ]
    return goal.words or " and ".join(steps)


def _deed(step: _At) -> Iterator[Mutant]:
    kind = step.spot.keys()[step.kind]
    if step.kind != "noop":
        words = f"{step.kind} {kind.words}".strip()
        yield step.mutant("step-out", kind, f"{words}: does nothing", _without(step))
    yield from _assignments(step, kind)
    for name, argument in (options.keys() if (options := step.spot.get("with")) else {}).items():
        yield step.mutant("argument-out", argument, f"with {name}: removed", argument.out())
        value = other(argument.value)
        if value is not None:
            change = f"with {name}: {value} in place of {argument.value}"
            yield step.mutant("argument-changed", argument, change, argument.becomes(value))
    asks = step.spot.get("ask_before_filling")
    if asks is not None and asks.value is True:
        yield step.mutant("asked-once", asks, "ask_before_filling: false", asks.out())
    utter = step.spot.get("utter")
    if utter is not None and step.kind == "collect":
        yield step.mutant("question-out", utter, f"utter: {utter.words}, removed", utter.out())


def _without(step: _At) -> Edit:
    """In its place a step of the same id that does nothing and goes on as it did."""
    place = step.spot.place
    kept = {
        key: spot.entry for key, spot in step.spot.keys().items() if key in ("next", "metadata")
    }
    nothing = {"id": Entry(step.id, place), "set_slots": Entry([], place)}
    if step.kind == "link":
        nothing["next"] = Entry(END, place)
    return step.spot.becomes(nothing | kept)


def _assignments(step: _At, kind: Spot) -> Iterator[Mutant]:
    pairs = [pair for item in kind.items() for pair in item.keys().items()]
    for name, value in pairs if len(pairs) > 1 else []:
        yield step.mutant("assignment-out", value, f"does not set {name}", value.out())


def _rejections(step: _At) -> Iterator[Mutant]:
    for rejection in step.spot.list("rejections"):
        condition = rejection.get("if")
        if condition is None or not condition.words:
            continue
        words = f"rejection if {condition.words}"
        yield step.mutant(
            "rejection-out", rejection, f"{words}: removed", rejection.out(),
            condition=condition.words, exact=True,
        )  # fmt: skip
        edit = condition.becomes(negated(condition.words))
        yield step.mutant(
            "rejection-negated", rejection, f"{words}: negated", edit,
            condition=condition.words, exact=True,
        )  # fmt: skip
