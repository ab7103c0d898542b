"""What differs over many conversations, counted; and some of them to be read."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from dialogs.replaying.comparing import Pair

MOST = 1000
"""So many different paths, messages or outcomes are counted one by one; the rest are one line."""
OTHERS = "(others)"
OTHER_TEXT = "(in another text)"
ALIKE = 3
"""Samples that are kept of one kind of difference."""


class Line(Struct, frozen=True):
    """`who` is customer, we or event."""

    who: str
    text: str


class Sample(Struct, frozen=True):
    """A conversation up to where it changed: `before` is what went before, `said` the event itself
    in words, `unknown` how many events came later. `parted`: the two spoke at other times, and
    there is no pair."""

    client: str
    conversation: str
    at: int
    before: tuple[Line, ...]
    said: Line
    pair: Pair | None
    unknown: int


@dataclass(slots=True)
class Row:
    """Of one intent or kind of event: how many were compared, and in how many each differs."""

    compared: int = 0
    intent: int = 0
    path: int = 0
    message: int = 0
    outcome: int = 0
    differing: int = 0

    def add(self, pair: Pair) -> None:
        self.compared += 1
        self.intent += pair.other_intent
        self.path += pair.other_path
        self.message += pair.other_message
        self.outcome += pair.other_outcome
        self.differing += pair.differs


Paths = tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """Counts; each `Counter` is by (what the first has, what the second has)."""

    rows: dict[str, Row] = field(default_factory=dict)
    intents: Counter[tuple[str, str]] = field(default_factory=Counter)
    paths: Counter[tuple[Paths, Paths]] = field(default_factory=Counter)
    messages: Counter[tuple[Paths, Paths]] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    samples: dict[tuple[str, ...], list[Sample]] = field(default_factory=dict)
    alike: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def add(self, pair: Pair) -> None:
        first, second = pair.meant
        self.rows.setdefault(first.intent, Row()).add(pair)
        if not pair.differs:
            return
        if pair.other_intent:
            _count(self.intents, (_names(first.intents), _names(second.intents)))
        if pair.other_path:
            _count(self.paths, (pair.told[0].path, pair.told[1].path))
        if pair.other_message:
            _count(self.messages, _wordings(pair))
        for kind, how in pair.outcomes():
            _count(self.outcomes, (kind, how))

    def keep(self, pair: Pair | None, make: Callable[[], Sample]) -> None:
        """Keeps the sample where there are not enough like it yet; `pair` is None where the two
        spoke at other times."""
        kind = _kind(pair)
        if kind not in self.alike and len(self.alike) >= MOST:
            kind = (OTHERS,)
        self.alike[kind] += 1
        kept = self.samples.setdefault(kind, [])
        if len(kept) < ALIKE:
            kept.append(make())

    def chosen(self, most: int) -> list[Sample]:
        """One of each kind, the most frequent kinds first; then a second of each, and so on."""
        kinds = [kind for kind, _ in self.alike.most_common()]
        rounds = ([self.samples[kind][at:] for kind in kinds] for at in range(ALIKE))
        return [left[0] for each in rounds for left in each if left][:most]

    @property
    def differing(self) -> int:
        """Events that differ in something."""
        return sum(row.differing for row in self.rows.values())

    @property
    def compared(self) -> int:
        return sum(row.compared for row in self.rows.values())


def _names(intents: Iterable[str]) -> str:
    return ", ".join(intents)


def _wordings(pair: Pair) -> tuple[Paths, Paths]:
    """Of a message whose variation is the same, the text is another."""
    first, second = (told.wording for told in pair.told)
    return (first, (*second, OTHER_TEXT)) if first == second else (first, second)


def _count(counter: Counter[Any], key: tuple[Any, Any]) -> None:
    if key not in counter and len(counter) >= MOST:
        key = (OTHERS, OTHERS) if isinstance(key[0], str) else ((OTHERS,), (OTHERS,))
    counter[key] += 1


def _kind(pair: Pair | None) -> tuple[str, ...]:
    if pair is None:
        return ("time",)
    return (
        pair.meant[0].intent,
        *pair.told[0].wording,
        "/",
        *pair.told[1].wording,
        *(f"{kind} {how}" for kind, how in pair.outcomes()),
    )
