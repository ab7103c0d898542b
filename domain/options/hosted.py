"""The offers of a host as it gives them with an account, or in answer to a look-up.

    {"promise": {"minimum": "50.00", "latest": "2026-12-05"},
     "plans": [{"frequency": "monthly", "count": 6, "first_date": "2026-12-01"}],
     "settlement": {"percent": 60, "until": "2026-12-20"},
     "not_offered": ["settlement"], "person": false, "expires": "2026-12-31"}

What narrows (promise, not_offered, person) and can't be read closes what it speaks of; what offers
something and can't be read is left out. Either way a note says so.
"""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from domain.plan import Asked as PlanAsked
from domain.schedule import Frequency
from domain.values import Invalid, Money

MOST_PLANS = 3
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,3})?")
_Count = Annotated[int, Meta(ge=2, le=100)]
_Kind = Literal["promise", "plan", "settlement", "affordability"]


class NoteRule(StrEnum):
    """Why something that a host gave is not honoured; a plan's and a settlement's own rules come
    with their module's name before them, as in plan.too_many."""

    UNKNOWN = "unknown"  # no such key
    UNREADABLE = "unreadable"
    EXPIRED = "expired"
    NOT_OFFERED = "not_offered"  # by the client's rules to this account
    OUT_OF_BOUNDS = "out_of_bounds"
    NO_DISCOUNT = "no_discount"
    HELD = "held"  # the customer was shown a better offer before, which still holds
    UNAFFORDABLE = "unaffordable"  # by the customer's income and expenditure
    TOO_MANY = "too_many"  # plans


class Note(Struct, frozen=True):
    """What a host gave at `pointer` is not honoured. For the client's people only."""

    pointer: str
    rule: str


class HostPromise(Struct, frozen=True):
    """Narrower bounds of a promise."""

    minimum: Money | None = None
    latest: date | None = None


class HostSettlement(Struct, frozen=True):
    """An open offer: an amount, or percent of the balance to pay; `until` is its last day."""

    amount: Money | None = None
    percent: int | None = None
    until: date | None = None

    def of(self, balance: Money) -> Money:
        """In minor units of the balance; a percentage is rounded up."""
        if self.amount is not None:
            return self.amount
        return Money(-(-balance.minor * (self.percent or 100) // 100), balance.currency)


class HostOffers(Struct, frozen=True):
    """A host's offers as read; `plans` with their pointers."""

    promise: HostPromise | None = None
    plans: tuple[tuple[str, PlanAsked], ...] = ()
    settlement: HostSettlement | None = None
    not_offered: frozenset[str] = frozenset()
    person: bool = False
    notes: tuple[Note, ...] = ()


class _Part(Struct, forbid_unknown_fields=True):
    pass


class _Promise(_Part):
    minimum: str | None = None
    latest: date | None = None


class _Plan(_Part):
    frequency: Frequency | None = None
    count: _Count | None = None
    amount: str | None = None
    first_date: date | None = None


class _Settlement(_Part):
    amount: str | None = None
    percent: Annotated[int, Meta(ge=1, le=99)] | None = None
    until: date | None = None


NONE = HostOffers()
_T = TypeVar("_T")


def read_offers(given: Mapping[str, Any], currency: str, today: date) -> HostOffers:
    """Reads what a host gave; never raises. Amounts are decimal texts of major units."""
    if not given:
        return NONE
    reader = _Reader(given, currency)
    for key in given:
        if key not in _KEYS:
            reader.note(f"/{key.replace('~', '~0').replace('/', '~1')}", NoteRule.UNKNOWN)
    person, closed = reader.person(), reader.not_offered()
    promise = reader.promise()
    plans: tuple[tuple[str, PlanAsked], ...] = ()
    settlement = None
    if reader.current(today):
        plans, settlement = reader.plans(), reader.settlement(today)
    if "promise" in given and promise is None:
        closed |= {"promise"}
    return HostOffers(promise, plans, settlement, closed, person, tuple(reader.notes))


_KEYS = frozenset({"promise", "plans", "settlement", "not_offered", "person", "expires"})


class _Reader:
    def __init__(self, given: Mapping[str, Any], currency: str) -> None:
        self.given = given
        self.currency = currency
        self.expires: date | None = None
        self.notes: list[Note] = []

    def note(self, pointer: str, rule: str) -> None:
        self.notes.append(Note(pointer, str(rule)))

    def value(self, key: str, kind: type[_T]) -> _T | None:
        return self.read(self.given[key], kind, f"/{key}") if key in self.given else None

    def read(self, value: Any, kind: Any, pointer: str) -> Any:
        try:
            return msgspec.convert(value, kind)
        except (msgspec.ValidationError, RecursionError):
            self.note(pointer, NoteRule.UNREADABLE)
            return None

    def money(self, text: str | None) -> Money | None:
        """Raises Invalid."""
        if text is None:
            return None
        if not _AMOUNT.fullmatch(text):
            raise Invalid("not an amount")
        return Money.of(text, self.currency)

    def person(self) -> bool:
        """What can't be read closes."""
        wanted = self.value("person", bool)
        return wanted is None if "person" in self.given and wanted is None else bool(wanted)

    def not_offered(self) -> frozenset[str]:
        if "not_offered" not in self.given:
            return frozenset()
        kinds = self.read(self.given["not_offered"], frozenset[_Kind], "/not_offered")
        return frozenset({"promise", "plan", "settlement"}) if kinds is None else kinds

    def current(self, today: date) -> bool:
        """Whether what is offered still holds."""
        if "expires" not in self.given:
            return True
        expires = self.expires = self.value("expires", date)
        if expires is not None and expires < today:
            self.note("/expires", NoteRule.EXPIRED)
        return expires is not None and expires >= today

    def promise(self) -> HostPromise | None:
        found = self.value("promise", _Promise)
        if found is None:
            return None
        try:
            return HostPromise(self.money(found.minimum), found.latest)
        except Invalid:
            self.note("/promise/minimum", NoteRule.UNREADABLE)
            return None

    def plans(self) -> tuple[tuple[str, PlanAsked], ...]:
        listed: list[Any] = self.value("plans", list) or []
        if len(listed) > MOST_PLANS:
            self.note(f"/plans/{MOST_PLANS}", NoteRule.TOO_MANY)
        read = []
        for number, one in enumerate(listed[:MOST_PLANS]):
            pointer = f"/plans/{number}"
            found: _Plan | None = self.read(one, _Plan, pointer)
            if found is None:
                continue
            try:
                amount = self.money(found.amount)
            except Invalid:
                self.note(f"{pointer}/amount", NoteRule.UNREADABLE)
                continue
            asked = PlanAsked(amount, found.frequency, found.count, found.first_date)
            if amount is None and found.count is None:
                self.note(pointer, NoteRule.UNREADABLE)
                continue
            read.append((pointer, asked))
        return tuple(read)

    def settlement(self, today: date) -> HostSettlement | None:
        found = self.value("settlement", _Settlement)
        if found is None:
            return None
        try:
            amount = self.money(found.amount)
        except Invalid:
            self.note("/settlement/amount", NoteRule.UNREADABLE)
            return None
        if (amount is None) == (found.percent is None) or (amount and amount.minor == 0):
            self.note("/settlement", NoteRule.UNREADABLE)
            return None
        if found.until is not None and found.until < today:
            self.note("/settlement/until", NoteRule.EXPIRED)
            return None
        ends = [day for day in (found.until, self.expires) if day is not None]
        return HostSettlement(amount, found.percent, min(ends, default=None))
