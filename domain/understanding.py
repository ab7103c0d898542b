"""What a reply was understood to mean."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from domain.intents import NAMING_ORDER
from domain.values import ChannelKind, Money


@dataclass(frozen=True, slots=True)
class Reply:
    """A customer's words and what is needed to understand them.

    `reference` is the customer's local time, aware of its zone; `currency` the account's.
    `pending` names the slot that the conversation has just asked for, if any.
    """

    id: str
    text: str
    channel: ChannelKind
    locale: str
    reference: datetime.datetime
    currency: str | None = None
    pending: str | None = None


@dataclass(frozen=True, slots=True)
class Score:
    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Instalment:
    """What a plan request names; `frequency` is weekly, fortnightly, monthly or semi_monthly."""

    amount: Money | None = None
    frequency: str | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Understanding:
    """All intents found, the primary first; entities where said; what decided it."""

    intent: str
    confidence: float
    intents: tuple[Score, ...]
    decided_by: str
    amount: Money | None = None
    date: datetime.date | None = None
    instalment: Instalment | None = None

    def has(self, *names: str) -> bool:
        return any(score.name in names for score in self.intents)


def merge(parts: Sequence[Understanding]) -> Understanding:
    """A burst of texts as one reply: all intents, the later entities; raises on no parts."""
    if len(parts) == 1:
        return parts[0]
    best: dict[str, float] = {}
    for score in (score for part in parts for score in part.intents):
        best[score.name] = max(score.confidence, best.get(score.name, 0.0))
    said = [name for name in NAMING_ORDER if name in best]
    if len(said) > 1:
        said = [name for name in said if name != "out_of_scope"]
    later = tuple(reversed(parts))
    return Understanding(
        intent=said[0],
        confidence=best[said[0]],
        intents=tuple(Score(name, best[name]) for name in said),
        decided_by="+".join(dict.fromkeys(part.decided_by for part in parts)),
        amount=next((part.amount for part in later if part.amount), None),
        date=next((part.date for part in later if part.date), None),
        instalment=next((part.instalment for part in later if part.instalment), None),
    )
