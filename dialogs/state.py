"""What a conversation remembers between turns: small, frozen, and the same size for ever."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import msgspec

from dialogs.pack import Pack
from domain.comparison import Value
from domain.values import Money

MAX_STACK = 4
MAX_TEXT = 300
"""Of a customer's words, a slot keeps so many characters."""
MAX_LIST = 20


class KeptText(msgspec.Struct, frozen=True, tag="text"):
    value: str


class KeptMoney(msgspec.Struct, frozen=True, tag="money"):
    minor: int
    currency: str


class KeptDate(msgspec.Struct, frozen=True, tag="date"):
    value: date


class KeptNumber(msgspec.Struct, frozen=True, tag="number"):
    value: Decimal


class KeptList(msgspec.Struct, frozen=True, tag="list"):
    value: tuple[str, ...]


Kept = bool | KeptText | KeptMoney | KeptDate | KeptNumber | KeptList


def keep(value: Value) -> Kept | None:
    """A slot's value as it is stored; long texts and lists are cut."""
    match value:
        case None | bool():
            return value
        case Money(minor, currency):
            return KeptMoney(minor, currency)
        case date():
            return KeptDate(value)
        case str():
            return KeptText(value[:MAX_TEXT])
        case tuple():
            return KeptList(tuple(item[:MAX_TEXT] for item in value[:MAX_LIST]))
    return KeptNumber(Decimal(str(value)))


def recall(kept: Kept) -> Value:
    """The value that was kept."""
    if isinstance(kept, bool):
        return kept
    if isinstance(kept, KeptMoney):
        return Money(kept.minor, kept.currency)
    return kept.value


class Frame(msgspec.Struct, frozen=True, omit_defaults=True):
    """A flow that runs, and the step it stands at; `called` by the flow below it."""

    flow: str
    step: str
    called: bool = False


class Question(msgspec.Struct, frozen=True):
    """What was asked last, and in which version of the state."""

    slot: str
    version: int


class State(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A conversation's memory; JSON by msgspec. `version` rises with every change.

    `opted_out` and `wrong_party` are channels on which nothing more is said; `suspended` is why
    nothing may be asked for. `secrets` are slots that hold debt facts, forgotten when the
    customer is no longer known to be the right party.
    """

    pack: str
    pack_version: str
    locale: str
    version: int = 0
    stack: tuple[Frame, ...] = ()
    slots: dict[str, Kept] = {}
    question: Question | None = None
    options: tuple[str, ...] = ()  # payloads of the numbered choices last offered
    tries: dict[str, int] = {}
    misses: int = 0
    abuse: int = 0
    nudges: int = 0
    opted_out: tuple[str, ...] = ()
    wrong_party: tuple[str, ...] = ()
    suspended: str | None = None
    outreach: bool = False  # our last message was outreach, and nothing came back yet
    secrets: tuple[str, ...] = ()
    told_at: int | None = None  # when a stranger was last answered, seconds since the epoch
    unanswered: int = 0  # a stranger's messages since then
    ended: dict[str, int] = {}  # flows that words led to, and when they ended, likewise
    person_at: int | None = None  # when a person was last asked for, likewise
    person: str | None = None  # who has the conversation now: flows pause
    met: bool = False  # something was said to the customer before
    failed: tuple[str, ...] = ()  # channels that did not reach the customer last time

    @classmethod
    def fresh(cls, pack: Pack, locale: str) -> "State":
        """The state before anything was said."""
        return cls(
            pack=pack.name,
            pack_version=pack.version,
            locale=pack.nearest_locale(locale),
            slots=initial(pack),
        )


def initial(pack: Pack) -> dict[str, Kept]:
    found: Mapping[str, Kept | None] = {
        name: keep(slot.initial) for name, slot in pack.slots.items()
    }
    return {name: value for name, value in found.items() if value is not None}
