"""A test case as it is played: where it begins, what happens, and what must follow."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct

from dialogs.loading.source import Place
from domain.comparison import Value
from domain.context import Brand
from domain.events import Event
from domain.messages import Status
from domain.promise import PromiseRules
from domain.understanding import Instalment, Score
from domain.values import ChannelKind, Money

Day = date | timedelta
"""A day as written: a date, or how long after the day on which the step is played."""


Written = Value | timedelta
"""A slot's value as written: a day may be one after the day on which it is looked at."""


def on(day: Day | None, today: date) -> date | None:
    return today + day if isinstance(day, timedelta) else day


ELSEWHERE = "ZZ"
"""Where a customer lives whose country's contact rules nobody knows."""


class Setting(Struct, frozen=True, kw_only=True):
    """The customer, the account and the client when the conversation begins.

    `at` is the customer's local time without its zone. `balance` None: there is no account.
    """

    jurisdiction: str
    locale: str
    timezone: str
    currency: str
    brand: Brand
    at: datetime = datetime.fromisoformat("2026-11-23T10:00")  # a Monday
    channel: ChannelKind = ChannelKind.SMS
    client: str = "client"
    first_name: str | None = "Alex"
    last_name: str | None = "Sample"
    verified: bool = False
    introduced: bool = True  # the initial disclosure was sent before
    known: bool = True
    balance: Money | None = None
    minimum_due: Money | None = None
    arrears: Money | None = None
    creditor: str | None = "Example Bank"
    product: str | None = None
    segment: str | None = None
    due_date: Day | None = None
    promise: tuple[Money, Day] | None = None  # one that is pending already
    reschedules: int = 0
    broken_in_a_row: int = 0
    holds: tuple[str, ...] = ()
    rules: PromiseRules = PromiseRules()
    plans: bool = True  # plans are agreed automatically, by rules as they usually are
    facts: Mapping[str, str] = {}


class Meaning(Struct, frozen=True):
    """What a reply means, written out, so that a test asks no model."""

    intents: tuple[Score, ...]
    amount: Money | None = None
    date: Day | None = None
    instalment: Instalment | None = None
    choice: int | None = None
    ambiguous: tuple[str, ...] = ()


# What happens


class Words(Struct, frozen=True):
    """The customer writes. `keyword` is STOP, START or HELP where the provider answered it."""

    text: str
    channel: ChannelKind | None = None
    keyword: str | None = None
    meaning: Meaning | None = None


class Outreach(Struct, frozen=True):
    flow: str
    channel: ChannelKind | None = None


class Arrival(Struct, frozen=True):
    """What the provider says of the last message that was sent."""

    status: Status
    reason: str = "unknown"


class Payment(Struct, frozen=True):
    amount: Money
    declined: bool = False


class Wait(Struct, frozen=True):
    """Time passes, and timers that come due on the way fire in their order."""

    after: timedelta


class Proof(Struct, frozen=True):
    """The customer proves behind a link to be the right party."""


class Occurrence(Struct, frozen=True):
    """Any other event of `domain.events`; what `fields` leave out is taken from what was played."""

    type: type[Event]
    fields: Mapping[str, Any]


Stimulus = Words | Outreach | Arrival | Payment | Wait | Proof | Occurrence

# What must follow


class Uttered(Struct, frozen=True):
    """`response` is the next one that was sent."""

    response: str


class Wrote(Struct, frozen=True):
    """A message that was sent holds these words."""

    text: str


class SlotSet(Struct, frozen=True):
    """`valued`: it holds `value`, else anything. `unset`: that must not be so."""

    name: str
    value: Written = None
    valued: bool = False
    unset: bool = False


class FlowIs(Struct, frozen=True):
    """`how` is started, completed or cancelled; `step` is where it completed or was left."""

    how: str
    flow: str
    step: str | None = None


class Executed(Struct, frozen=True):
    action: str
    unless: bool = False  # it must not have been


class BotUttered(Struct, frozen=True):
    """One of the messages has this response, words that match, and these button titles."""

    response: str | None = None
    pattern: re.Pattern[str] | None = None
    buttons: tuple[str, ...] = ()
    unless: bool = False  # none may


class Silence(Struct, frozen=True):
    """Nothing was sent."""


class Blocked(Struct, frozen=True):
    """A message was refused or put off by this rule of the gate or of the engine."""

    rule: str


class Segments(Struct, frozen=True):
    """Each message that was sent costs at most so many parts of SMS."""

    most: int


class Outcome(Struct, frozen=True):
    """An event of this type was recorded, and its payload holds at least `payload`."""

    type: str
    payload: Mapping[str, Any] = {}


Check = (
    Uttered
    | Wrote
    | SlotSet
    | FlowIs
    | Executed
    | BotUttered
    | Silence
    | Blocked
    | Segments
    | Outcome
)


class Step(Struct, frozen=True):
    """One line of the script. `words` repeat how it was written."""

    place: Place
    words: str
    deed: Stimulus | Check


class Case(Struct, frozen=True):
    """`slots` are filled before it begins; `stubs` are actions that only set slots."""

    name: str
    place: Place
    setting: Setting
    slots: Mapping[str, Written]
    stubs: Mapping[str, tuple[tuple[str, Value], ...]]
    steps: tuple[Step, ...]
