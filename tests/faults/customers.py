"""The customers of one scenario: who they are, what they say and what they must hear."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.batch.files import file, record
from tests.faults.observers import POLL, Tail
from tests.standins.phone import Phone

AREA_CODES = ("212", "315", "332", "347", "516", "518", "585", "607", "631", "646", "680", "716")
"""New York's: one time zone, so that the hour of the day decides nothing."""

OURS = "+12025550101"
ASKS = ("i can do 50 on friday", "i will pay 60 on sunday", "can pay $70 tomorrow")
HEARS = ("$50.00", "$60.00", "$70.00")


def number(index: int) -> str:
    """The `index`-th phone number that is nobody's."""
    code, line = divmod(index, 100)
    return f"+1{AREA_CODES[code]}55501{line:02}"


@dataclass(frozen=True, slots=True)
class Customer:
    """`expected`: what each reply must hold; there is one to each text, and no more."""

    phone: Phone
    texts: Sequence[str]
    expected: Sequence[str]

    async def talk(self, provider: Tail) -> None:
        """Says one thing after another, each once the last was replied to."""
        for index, text in enumerate(self.texts):
            await deliver(self.phone, text, sid=f"SM{self.phone.number[1:]}{index:021x}")
            await provider.reaches(self.phone.number, index + 1)

    def heard_wrongly(self, provider: Tail) -> list[str]:
        """What differs between the replies at the provider and those to be expected."""
        bodies = [str(entry["body"]) for entry in provider.of(self.phone.number)]
        if len(bodies) != len(self.expected):
            return [
                f"{self.phone.number}: {len(bodies)} replies to {len(self.texts)} texts: {bodies}"
            ]
        pairs = zip(bodies, self.expected, strict=True)
        return [f"{body!r} does not hold {part!r}" for body, part in pairs if part not in body]


async def deliver(phone: Phone, text: str, sid: str | None = None) -> int:
    """Posts until it is taken, as a provider would; how many tries that took."""
    tries = 0
    while True:
        tries += 1
        try:
            answer = await phone.text(OURS, text, sid=sid)
        except (OSError, TimeoutError):
            answer = None
        if answer is not None and answer.status < 300:
            return tries
        await asyncio.sleep(POLL * 2)


def said(index: int) -> tuple[Sequence[str], Sequence[str]]:
    """Texts of the `index`-th customer of a scenario, and what their replies must hold."""
    which = index % len(ASKS)
    return (ASKS[which], "yes", "thanks"), (HEARS[which], "/p/", "welcome")


def placement(client: str, numbers: Sequence[str]) -> bytes:
    """A placement file that makes each number a customer with one account."""
    records: list[dict[str, Any]] = [
        record(
            index + 1,
            customer__ref=f"{client}-{phone}",
            customer__address={"city": "New York", "postal_code": "10001", "country": "US"},
            customer__timezone="America/New_York",
            contacts=[{"type": "sms", "value": phone}],
        )
        for index, phone in enumerate(numbers)
    ]
    return file(*records, client_id=client)
