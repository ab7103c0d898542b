"""What a reply was understood to mean."""

import datetime
from dataclasses import dataclass

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
    """What a plan request names; `frequency` is weekly, fortnightly, four_weekly, monthly or
    semi_monthly."""

    amount: Money | None = None
    frequency: str | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Understanding:
    """All intents found, the primary first; entities where said; what decided it.

    `choice` is the place, from 1, of what is chosen where several things were offered.
    `ambiguous` names the entities (amount, date, instalment) that could be read otherwise too.
    """

    intent: str
    confidence: float
    intents: tuple[Score, ...]
    decided_by: str
    amount: Money | None = None
    date: datetime.date | None = None
    instalment: Instalment | None = None
    choice: int | None = None
    ambiguous: tuple[str, ...] = ()

    def has(self, *names: str) -> bool:
        return any(score.name in names for score in self.intents)
