"""Every boundary at which a process may end: step, when, and which time it comes to it."""

from collections.abc import Iterator
from dataclasses import dataclass

SERVED = {"receive", "receipts"}
"""Steps of the process that serves, where that is a process of its own."""

BOUNDARIES = (
    ("receive", "before", 2),
    ("receive", "before_commit", 2),
    ("receive", "after", 2),
    ("claim_unread", "before_commit", 2),
    ("claim_unread", "after", 2),
    ("understand", "before", 2),
    ("understand", "before_commit", 2),
    ("understand", "after", 2),
    ("turn", "before", 1),
    ("turn", "before_commit", 2),
    ("turn", "after", 2),
    ("claim", "before", 1),
    ("claim", "before_commit", 2),
    ("claim", "after", 2),
    ("send", "before", 2),
    ("send", "after", 2),
    ("answers", "before", 2),
    ("answers", "before_commit", 2),
    ("answers", "after", 2),
    ("claim_look_up", "before_commit", 1),
    ("claim_look_up", "after", 1),
    ("receipts", "before", 2),
    ("receipts", "before_commit", 2),
    ("receipts", "after", 2),
    ("number", "before", 1),
    ("number", "before_commit", 2),
    ("number", "after", 2),
    ("deliver", "before", 1),
    ("deliver", "before_commit", 1),
    ("deliver", "after", 1),
    ("post", "before", 2),
    ("post", "after", 2),
    ("deliver", "before", 2),
    ("deliver", "before_commit", 2),
    ("deliver", "after", 2),
)
"""`deliver` first claims what is due and the next time stores what became of it."""


@dataclass(frozen=True, slots=True)
class Case:
    number: int
    step: str
    when: str
    nth: int
    action: str
    store: str

    @property
    def id(self) -> str:
        return f"{self.step}-{self.when}-{self.nth}-{self.action}-{self.store}"

    @property
    def fault(self) -> str:
        return f"{self.step}:{self.when}:{self.nth}:{self.action}"

    @property
    def answers_lost(self) -> bool:
        """Whether the provider's first answers are lost on their way, so that it is looked up."""
        return self.step == "claim_look_up"

    @property
    def silent(self) -> bool:
        """Whether no receipt tells what a lost answer would have: only a look-up can."""
        sending = self.step in {"claim", "send", "answers"}
        return self.answers_lost or (sending and self.action == "KILL")


def cases() -> Iterator[Case]:
    number = 0
    for step, when, nth in BOUNDARIES:
        for store in ("sqlite", "postgres"):
            for action in ("KILL", "STOP"):
                yield Case(number, step, when, nth, action, store)
                number += 1


def usual_cases() -> Iterator[Case]:
    """Half of them: at each boundary each fault on one store, and the stores take turns."""
    for case in cases():
        boundary, place = divmod(case.number, 4)
        store, action = divmod(place, 2)
        if (boundary + store + action) % 2 == 0:
            yield case
