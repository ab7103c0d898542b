"""The last question before a message goes: facts under lock, the verdict, caps reserved."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, text

from compliance.checks.disclosure import is_initial
from compliance.facts import Facts, Proposed
from compliance.gate import judge
from compliance.pack import Book, NoRules
from compliance.places import Where
from compliance.resolving import rules_for
from compliance.rules import Territory
from compliance.verdict import Verdict, no_rules
from domain.messages import Category, Content
from domain.values import ChannelKind
from gateway.clients import ClientConfig, Sender
from gateway.clock import moment
from gateway.consent.standing import Standing
from gateway.pipeline.consent import ensure_address
from gateway.pipeline.gate_caps import Sent
from gateway.pipeline.gate_holds import Held
from gateway.pipeline.gate_parties import Parties
from gateway.pipeline.gate_times import OwnTimes, regions_of, where_of
from gateway.storage import Transaction, among
from gateway.storage.tables import addresses, contacts, customers, inbound, inbox

_SEEN = (
    select(addresses)
    .where(among(addresses.c.client, "clients"), among(addresses.c.address, "addresses"))
    .order_by(addresses.c.client, addresses.c.channel, addresses.c.address)
)
_ADDRESSES = _SEEN.with_for_update()
_UNREAD = (
    select(inbound.c.client, inbound.c.channel, inbound.c.address)
    .select_from(inbox.join(inbound, inbound.c.id == inbox.c.id))
    .where(
        text("inbox.kind = 'said' AND inbox.consumed_at IS NULL"),
        among(inbound.c.client, "clients"),
        among(inbound.c.address, "addresses"),
    )
)
_LOCK_PEOPLE = (
    select(customers.c.id)
    .where(among(customers.c.id, "people"))
    .order_by(customers.c.id)
    .with_for_update()
)
_PEOPLE = (
    select(
        customers.c.id,
        customers.c.timezone,
        customers.c.postcode,
        customers.c.country,
        contacts.c.address.label("phone"),
    )
    .select_from(
        customers.outerjoin(
            contacts,
            (contacts.c.customer_id == customers.c.id)
            & (contacts.c.channel == ChannelKind.SMS.value),
        )
    )
    .where(among(customers.c.id, "people"))
)
"""A row for each of a customer's phones; one without where there is none."""
Key = tuple[str, str, str]  # client, channel, address


def key_of(message: Any) -> Key:
    return (message.client, message.channel, message.address)


class GateFacts:
    """What the gate asks of a batch of messages, as of `now`."""

    def __init__(self, now: int) -> None:
        self.now = now
        self.addresses: dict[Key, Any] = {}
        self.people: dict[str, Any] = {}
        self._phones: dict[str, list[str]] = defaultdict(list)
        self._unread: set[Key] = set()
        self._held: Held
        self._sent: Sent
        self._standing = Standing()
        self._own = OwnTimes(())
        self.judged: dict[str, Facts] = {}  # by message
        self.parties = Parties(now)
        self.introducing = set[str]()  # messages with the initial disclosure in them

    @classmethod
    async def read(cls, tx: Transaction, messages: Sequence[Any]) -> "GateFacts":
        """For the transaction that sends: locks what an opt-out locks."""
        return await cls._read(tx, messages, tx.now, locked=True)

    @classmethod
    async def look(
        cls, tx: Transaction, messages: Sequence[Any], at: int | None = None
    ) -> "GateFacts":
        """Without locks, for an answer that lets nothing go; `at`, later than now, is the instant
        that it is about."""
        return await cls._read(tx, messages, at or tx.now, locked=False)

    @classmethod
    async def _read(
        cls, tx: Transaction, messages: Sequence[Any], now: int, locked: bool
    ) -> "GateFacts":
        """Addresses first, then customers: the order in which everyone locks."""
        facts = cls(now)
        where = {
            "clients": sorted({message.client for message in messages}),
            "addresses": sorted({message.address for message in messages}),
        }
        if locked:
            await facts._lock_addresses(tx, messages, where)
        else:
            facts._know(await tx.fetch(_SEEN, **where))
        people = sorted({message.customer_id for message in messages if message.customer_id})
        await facts._read_people(tx, messages, people, locked)
        facts._standing = await Standing.read(tx, people)
        facts._held = await Held.read(tx, people, where)
        facts._own = await OwnTimes.read(tx, people, where)
        facts.parties = await Parties.read(tx, messages, where)
        return facts

    async def _lock_addresses(
        self, tx: Transaction, messages: Sequence[Any], where: dict[str, list[str]]
    ) -> None:
        """An address that nothing is known of gets its row, so that there is one to lock."""
        found = await tx.fetch(_ADDRESSES, **where)
        unknown = {key_of(m) for m in messages} - {(r.client, r.channel, r.address) for r in found}
        for key in sorted(unknown):
            await ensure_address(tx, key)
        if unknown:
            found = await tx.fetch(_ADDRESSES, **where)
        self._know(found)

    def _know(self, rows: Sequence[Any]) -> None:
        self.addresses = {(row.client, row.channel, row.address): row for row in rows}

    async def _read_people(
        self, tx: Transaction, messages: Sequence[Any], people: list[str], locked: bool
    ) -> None:
        """Outreach reserves caps and holds stop it and demands, so they lock their customers;
        other replies only read them."""
        kept = {m.customer_id for m in messages if m.category == Category.OUTREACH or demands(m)}
        if locked and kept - {None}:
            await tx.fetch(_LOCK_PEOPLE, people=sorted(kept - {None}))
        unsolicited = sorted(
            {m.customer_id for m in messages if m.category == Category.OUTREACH and m.customer_id}
        )
        self._sent = await Sent.read(tx, unsolicited)
        if any(m.category == Category.OUTREACH for m in messages):
            where = {
                "clients": sorted({message.client for message in messages}),
                "addresses": sorted({message.address for message in messages}),
            }
            self._unread = {tuple(row) for row in await tx.fetch(_UNREAD, **where)}
        if people:
            for row in await tx.fetch(_PEOPLE, people=people):
                self.people[row.id] = row
                if row.phone is not None:
                    self._phones[row.id].append(row.phone)

    async def decide(
        self,
        tx: Transaction,
        message: Any,
        config: ClientConfig,
        sender: Sender,
        said: Content,
        book: Book,
        besides: frozenset[str] = frozenset(),
    ) -> Verdict:
        """The verdict; where the customer's own figures may be what stops it, they are read."""
        verdict = self.judge(message, config, sender, said, book, besides)
        if self.parties.may_be_own(message, verdict):
            await self.parties.release(tx, message)
            verdict = self.judge(message, config, sender, said, book, besides)
        return verdict

    def judge(
        self,
        message: Any,
        config: ClientConfig,
        sender: Sender,
        said: Content,
        book: Book,
        besides: frozenset[str] = frozenset(),
    ) -> Verdict:
        """`said` is what the customer will read; rules named in `besides` are not asked. Where
        there are no rules for the country or the day, it waits until there are."""
        now = moment(self.now)
        try:
            where = self._where(message, book.of(config.jurisdiction).territory)
            rules = rules_for(book, config.jurisdiction, where, now, config.contact.own)
        except NoRules as error:
            return no_rules(str(error), now)
        proposed = self.proposed(message, config, said)
        if is_initial(proposed, rules):
            self.introducing.add(message.id)
        facts = self.judged[message.id] = self._facts(message, sender, where, rules.territory)
        return judge(proposed, facts, rules, now, besides)

    def proposed(self, message: Any, config: ClientConfig, said: Content) -> Proposed:
        return Proposed(
            category=Category(message.category),
            channel=ChannelKind(message.channel),
            address=message.address,
            text=said.text,
            jurisdiction=config.jurisdiction,
            demand=demands(message),
            account=message.account_id,
            language=message.language,
            neutral=bool(message.neutral),
            secrets=self.parties.secrets(message, config.branding),
            subject=said.subject,
            html=said.html,
        )

    def _facts(self, message: Any, sender: Sender, where: Where, territory: Territory) -> Facts:
        row = self.addresses.get(key_of(message))
        standing = self._standing.of(message.customer_id, message.channel, message.address, row)
        return Facts(
            opt_outs=standing.opt_outs,
            confirmation_sent=bool(row and row.opt_out_confirmed_at),
            address_valid=not (row and row.invalid_at),
            unread_inbound=key_of(message) in self._unread,
            holds=self._held.on(message),
            zones=where.zones,
            own_windows=self._own.at(message),
            sends=self._sent.to(message),
            sender_approved=sender.may_go_live,
            party=self.parties.of(message, row),
            last_inbound_at=_when(row and row.last_inbound_at),
            last_inbound_channel=ChannelKind(message.channel) if row else None,
            replies_since_inbound=row.replies if row else 0,
            regions=regions_of(where, territory),
            consent=standing.consent,
        )

    def _where(self, message: Any, territory: Territory) -> Where:
        phones = self._phones.get(message.customer_id, [])
        return where_of(message, self.people.get(message.customer_id), phones, territory)

    def reserve(self, message: Any) -> None:
        """Counts a message that will go, for the others of the same batch."""
        self._sent.reserve(message, self.now)


def demands(message: Any) -> bool:
    """Whether it asks for payment; one of which nobody said so may."""
    return message.demand is None or bool(message.demand)


def _when(at: int | None) -> datetime | None:
    return None if at is None else moment(at)
