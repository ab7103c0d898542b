"""What a journey of the portal is: questions, one a page, and what comes of the answers.

`docs/portal.md` shows how one is added. Everything here is declared; `gateway.portal.walking` does
the rest the same way for all: who is there, forged forms, problems, the way back.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.options import Kind
from gateway.portal.forms import Problem
from gateway.portal.here import Here, Now

Form = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class View:
    """A page to show: `template` in templates/, and what it needs besides what every page has."""

    template: str
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Away:
    """The way leads out of the journey: a path or URL."""

    url: str


class Wrong(Exception):
    """The answers can't be taken as they are; the same page is shown again with these problems."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.text for problem in problems))
        self.problems = list(problems)


def wrong(name: str, text: str) -> Wrong:
    """One problem of the input, or of the group of inputs, of this name."""
    return Wrong(Problem(name, name, text))


@dataclass(frozen=True, slots=True)
class Step:
    """One page. `take` reads its form: it keeps what was entered in `here.answers` and gives the
    name of the next step or an Away; it raises Wrong. Without it the page asks nothing.

    `back` names the step before; None: the account. `show` may itself give a step's name or an
    Away, where an earlier question is still unanswered.
    """

    show: Callable[[Here], Awaitable["View | str | Away"]]
    take: Callable[[Here, Form], Awaitable["str | Away"]] | None = None
    back: str | None = None


@dataclass(frozen=True, slots=True)
class Journey:
    """`name` is its place in paths, its texts' file and its templates' folder; `purpose` that of
    the links that lead right to it. `steps` are in order: the first is where it begins.

    `offered` says whether the account page leads to it, now.
    """

    name: str
    steps: Mapping[str, Step]
    offered: Callable[[Now], bool]
    purpose: str | None = None

    @property
    def first(self) -> str:
        return next(iter(self.steps))


def offers(kind: Kind) -> Callable[[Now], bool]:
    """For a journey that the rules must offer."""
    return lambda now: now.options.get(kind) is not None


def always(_: Now) -> bool:
    return True
