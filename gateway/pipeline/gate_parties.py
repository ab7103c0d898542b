"""Who reads what a batch of messages is about to say, and what only the right party may read.

The addresses are locked before: whoever says that one is the wrong party's locks them too.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import select, text

from compliance.facts import Party
from compliance.reading import read
from compliance.secrets import Secret, SecretCode, released, without_brand
from compliance.verdict import Suppressed, Verdict
from domain.context import Brand
from domain.plan import Schedule
from domain.values import Money
from gateway.clock import moment
from gateway.parties.secrets import of_debt, of_person
from gateway.parties.standing import introduced, proven_in
from gateway.pipeline.events import understanding_of
from gateway.storage import Transaction, among, decode
from gateway.storage.tables import (
    accounts,
    contacts,
    customers,
    inbound,
    plans,
    promises,
    wrong_parties,
)

_OWNERS = select(
    contacts.c.client,
    contacts.c.channel,
    contacts.c.address,
    contacts.c.customer_id,
    contacts.c.consent_at,
    contacts.c.reassigned_at,
    contacts.c.employer_provided,
).where(among(contacts.c.client, "clients"), among(contacts.c.address, "addresses"))
_MARKS = select(wrong_parties).where(
    among(wrong_parties.c.client, "clients"),
    among(wrong_parties.c.address, "addresses"),
    text("lifted_at IS NULL"),
)
_PEOPLE = select(customers).where(among(customers.c.id, "people"))
_DEBTS = select(accounts).where(among(accounts.c.customer_id, "people"))
_HEARD = select(inbound.c.conversation_id, inbound.c.text, inbound.c.understanding).where(
    among(inbound.c.conversation_id, "ids")
)
_PROMISED = select(promises.c.amount_minor, promises.c.currency, promises.c.due_date).where(
    among(promises.c.customer_id, "people")
)
_AGREED = select(plans.c.schedule).where(among(plans.c.customer_id, "people"))

Key = tuple[str, str, str]  # client, channel, address


class Parties:
    """Of one batch of messages."""

    def __init__(self, now: int) -> None:
        self._now = now
        self._today = moment(now).date()
        self._owners: dict[Key, list[Any]] = defaultdict(list)
        self._marks: dict[tuple[Key, str], Any] = {}
        self._proven: Mapping[str, int] = {}
        self._introduced: frozenset[str] = frozenset()
        self._secrets: dict[str, tuple[Secret, ...]] = {}
        self._numbers: dict[str, dict[str, str]] = defaultdict(dict)
        self._released: dict[str, tuple[Secret, ...]] = {}

    @classmethod
    async def read(
        cls, tx: Transaction, messages: Sequence[Any], where: dict[str, list[str]]
    ) -> "Parties":
        """`where` names the clients and the addresses."""
        found = cls(tx.now)
        for row in await tx.fetch(_OWNERS, **where):
            found._owners[row.client, row.channel, row.address].append(row)
        for row in await tx.fetch(_MARKS, **where):
            found._marks[(row.client, row.channel, row.address), row.customer_id] = row
        people = sorted({message.customer_id for message in messages if message.customer_id})
        found._proven = await proven_in(tx, [message.conversation_id for message in messages])
        found._introduced = await introduced(tx, people)
        await found._read_secrets(tx, people)
        return found

    async def _read_secrets(self, tx: Transaction, people: Sequence[str]) -> None:
        if not people:
            return
        secrets: dict[str, list[Secret]] = {}
        for row in await tx.fetch(_PEOPLE, people=people):
            secrets[row.id] = list(of_person(row))
        for row in await tx.fetch(_DEBTS, people=people):
            if row.customer_id in secrets:
                secrets[row.customer_id] += of_debt(row)
                self._numbers[row.customer_id][row.id] = row.ref
        self._secrets = {id_: tuple(dict.fromkeys(found)) for id_, found in secrets.items()}

    def of(self, message: Any, row: Any) -> Party:
        """`row` is the address's own; None where nothing is known of it."""
        key: Key = (message.client, message.channel, message.address)
        owners = self._owners.get(key, [])
        mine = next((each for each in owners if each.customer_id == message.customer_id), None)
        mark = self._marks.get((key, message.customer_id or ""))
        at = self._proven.get(message.conversation_id)
        return Party(
            proven_at=None if at is None else moment(at),
            introduced=message.customer_id in self._introduced,
            nobody=message.customer_id is None,
            shared=len(self._readers(key, message)) > 1,
            wrong_since=None if mark is None else moment(mark.marked_at),
            answers_wrong=_answers(message, mark),
            reassigned_at=_reassigned(owners if mine is None else [mine]),
            employer=_employer(owners if mine is None else [mine]),
            wrote_from=bool(row and row.last_inbound_at),
        )

    def _readers(self, key: Key, message: Any) -> set[str]:
        """The customers whose address it is, and nobody has said that it is not."""
        found = {row.customer_id for row in self._owners.get(key, ())} | {message.customer_id}
        return {each for each in found if each and (key, each) not in self._marks}

    def secrets(self, message: Any, brand: Brand) -> tuple[Secret, ...] | None:
        """What the message must not name; None where its customer could not be read."""
        if message.customer_id is None:
            return ()
        known = self._released.get(message.id, self._secrets.get(message.customer_id))
        if known is None:
            return None
        # The reference of the account that it is about may be named; the numbers of others not.
        others = self._numbers[message.customer_id].items()
        numbers = [
            SecretCode("an account's number", n) for id_, n in others if id_ != message.account_id
        ]
        named = " ".join(filter(None, (brand.name, brand.phone, brand.website)))
        return without_brand((*known, *numbers), named, self._today)

    def may_be_own(self, message: Any, verdict: Verdict) -> bool:
        """Whether it was stopped by what may be the customer's own figures."""
        stopped = isinstance(verdict, Suppressed) and verdict.rule == "right_party"
        return stopped and message.customer_id in self._secrets and message.id not in self._released

    async def release(self, tx: Transaction, message: Any) -> None:
        """Takes out what the customer wrote themselves in the conversation, and what was agreed
        with them. Read only where a message was stopped: hardly one is."""
        words: list[str] = []
        days: set[date] = set()
        money: set[Money] = set()
        for row in await tx.fetch(_HEARD, ids=[message.conversation_id]):
            words.append(row.text)
            if row.understanding is not None:
                heard = understanding_of(row.understanding)
                instalment = heard.instalment.amount if heard.instalment else None
                money.update(each for each in (heard.amount, instalment) if each is not None)
                days.update({heard.date} if heard.date is not None else ())
        for row in await tx.fetch(_PROMISED, people=[message.customer_id]):
            money.add(Money(row.amount_minor, row.currency))
            days.add(date.fromisoformat(row.due_date))
        for row in await tx.fetch(_AGREED, people=[message.customer_id]):
            for part in msgspec.convert(decode(row.schedule), Schedule).instalments:
                money.add(part.amount)
                days.add(part.due)
        secrets = self._secrets[message.customer_id]
        self._released[message.id] = released(
            secrets, read("\n".join(words)), frozenset(days), frozenset(money), self._today
        )


def _answers(message: Any, mark: Any) -> bool:
    """Whether the message follows from the very words that said so."""
    return mark is not None and mark.source_id in {message.causation_id} - {None}


def _reassigned(rows: Iterable[Any]) -> datetime | None:
    """Since when the number has another holder, where no consent was given since."""
    found = [
        row.reassigned_at
        for row in rows
        if row.reassigned_at is not None and (row.consent_at or 0) <= row.reassigned_at
    ]
    return moment(max(found)) if found else None


def _employer(rows: Iterable[Any]) -> bool | None:
    said = {row.employer_provided for row in rows}
    return True if 1 in said else False if said == {0} else None
