"""One small world: two clients, their customers, a provider that does as told, time by hand."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

import msgspec
from sqlalchemy import Table, select

from channels.contract import (
    Absent,
    Capabilities,
    Found,
    Malformed,
    Parsed,
    RawRequest,
    Reconciled,
    SendError,
    Sink,
    Unknown,
    Unverified,
)
from dialogs.state import State
from dialogs.turn import Decision
from domain.commands import Command, Say
from domain.context import Context
from domain.events import Event
from domain.messages import (
    Attempt,
    Category,
    Content,
    Inbound,
    Outbound,
    Reason,
    Receipt,
    Retry,
    Status,
    Trouble,
)
from domain.understanding import Reply, Score, Understanding
from domain.values import ChannelKind, Money
from gateway.clients import ClientConfig
from gateway.clock import SECOND, moment
from gateway.directory import Directory
from gateway.ids import new_id
from gateway.mail.storing import store_arrived
from gateway.pipeline.arriving import arrived
from gateway.pipeline.claim import Claims
from gateway.pipeline.dialogue import Dialogues
from gateway.pipeline.failover import Failover
from gateway.pipeline.identity import conversation_with
from gateway.pipeline.models import Understanders
from gateway.pipeline.receipts import Heard, store_receipts
from gateway.pipeline.reconcile import Reconciler
from gateway.pipeline.send import Sender
from gateway.pipeline.turn import Turns
from gateway.pipeline.understand import understand
from gateway.rulebook import Rulebook
from gateway.senders.pacing import LocalPacing
from gateway.storage import Store, Transaction, decode
from gateway.storage.clients import apply_client
from gateway.storage.tables import (
    accounts,
    activity,
    addresses,
    contacts,
    conversations,
    customers,
    inbox,
    outbound,
)

NOON = 1_795_543_200_000_000  # 2026-11-24 18:00 UTC, one in the afternoon in New York
KEY = b"a server secret for tests, 32 bytes or more"
PUBLIC = "https://pay.example"
PHONE = "+12125550142"
LEASE, TIMEOUT = 15.0, 5.0
VIA = "phone"


@dataclass
class Clock:
    now: int = NOON

    def __call__(self) -> int:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += int(seconds * SECOND)


def sender(address: str, kind: str = "10dlc", **more: Any) -> dict[str, Any]:
    """One of a client's own, with the evidence that it may go live."""
    evidence = {"kind": kind, "reference": "CM1", "date": "2026-01-05"}
    return {"channel": "sms", "address": address, "via": VIA, "registration": evidence, **more}


def client(name: str, sms: str, **more: Any) -> ClientConfig:
    return ClientConfig.model_validate(
        {
            "client": name,
            "brand": {"name": f"{name.title()} Recovery", "phone": "+1 800 555 0100"},
            "jurisdictions": ["US"],
            "locales": ["en-US"],
            "currency": "USD",
            "timezone": "America/New_York",
            "pack": "collections-us",
            "senders": [
                sender(sms),
                {**sender(f"care@{name}.example", "mail_domain"), "channel": "email"},
            ],
            **more,
        }
    )


HARBOR = client("harbor", "+12125550100")
MERIDIAN = client("meridian", "+12125550101")
CLIENTS = {config.client: config for config in (HARBOR, MERIDIAN)}


@dataclass(frozen=True)
class Person:
    """A placed customer with one account, a phone and perhaps more contacts."""

    client: str
    ref: str
    id: str
    account: str
    phone: str


CAPABILITIES = Capabilities(ChannelKind.SMS, max_chars=1600, listing_lag=1.0)


@dataclass
class Provider:
    """A channel: takes what it is asked to send, or answers as `script` says.

    With `truthful` it tells what became of what it took: in look-ups, unless `found` says another
    thing, and in receipts of the statuses in `reports`. `loses` takes the next message and loses
    the answer.
    """

    capabilities: Capabilities = CAPABILITIES
    script: deque[Exception | str] = field(default_factory=deque)
    sent: list[Outbound] = field(default_factory=list)
    found: Reconciled | Exception = field(default_factory=Unknown)
    looked_up: list[Attempt] = field(default_factory=list)
    truthful: bool = False
    reports: tuple[Status, ...] = (Status.SENT, Status.DELIVERED)
    loses: bool = False
    due: list[Receipt] = field(default_factory=list)

    async def send(self, message: Outbound) -> str:
        answer = self.script.popleft() if self.script else f"id-{message.attempt_id}"
        if isinstance(answer, Exception):
            raise answer
        self.sent.append(message)
        if self.truthful:
            attempt = message.attempt_id
            self.due += [receipt(answer, status, attempt_id=attempt) for status in self.reports]
        if self.loses:
            self.loses = False
            raise SendError(Reason.UNKNOWN, "unknown", detail="the answer was lost")
        return answer

    async def reconcile(self, attempt: Attempt) -> Reconciled:
        self.looked_up.append(attempt)
        if self.truthful:
            taken = any(message.attempt_id == attempt.id for message in self.sent)
            return Found(f"id-{attempt.id}") if taken else Absent()
        if isinstance(self.found, Exception):
            raise self.found
        return self.found

    def verify(self, request: RawRequest) -> None:
        raise Unverified("a fake calls nobody back")

    def parse(self, request: RawRequest) -> Parsed:
        raise Malformed("a fake calls nobody back")

    def acknowledge(self, request: RawRequest) -> tuple[str, bytes]:
        return "text/plain", b""

    async def receive(self, sink: Sink) -> None:
        due, self.due = self.due, []
        await sink(due)

    async def close(self) -> None: ...

    @property
    def texts(self) -> list[str]:
        return [message.content.text for message in self.sent]


def meant(
    intent: str = "out_of_scope", amount: Money | None = None, on: date | None = None
) -> Understanding:
    return Understanding(intent, 0.95, (Score(intent, 0.95),), "test", amount, on)


@dataclass
class Reader:
    """An understander that knows a few texts and calls all others out of scope."""

    known: Mapping[str, Understanding] = field(default_factory=dict)
    version: str = "reader-1"
    replies: list[Reply] = field(default_factory=list)

    async def understand(self, replies: Sequence[Reply]) -> Sequence[Understanding]:
        self.replies.extend(replies)
        return [self.known.get(reply.text, meant()) for reply in replies]


Answer = Callable[[Event, Context], Iterable[Command]]


def nothing(event: Event, context: Context) -> Iterable[Command]:
    return ()


class Scripted(Dialogues):
    """Decides as `answer` says; every event changes the state but where `still` holds."""

    def __init__(self, answer: Answer = nothing) -> None:
        super().__init__()
        self.answer = answer
        self.heard: list[tuple[str, Event]] = []
        self.still = False

    def decide(self, state: State, event: Event, context: Context) -> Decision:
        commands = tuple(self.answer(event, context))
        self.heard.append((context.conversation_id, event))
        new = state if self.still else msgspec.structs.replace(state, version=state.version + 1)
        return Decision(new, commands, ("as the test says",))

    @property
    def events(self) -> list[Event]:
        return [event for _, event in self.heard]


_numbers = count(1)


def text_from(
    phone: str = PHONE, text: str = "hello", *, to: ClientConfig = HARBOR, **more: Any
) -> Inbound:
    """A text of a provider id of its own, unless one is given."""
    given = {
        "channel": ChannelKind.SMS,
        "provider_id": f"SM{next(_numbers)}",
        "sender": to.senders[0].address,
        "address": phone,
        "text": text,
        "received_at": moment(NOON),
    }
    return Inbound(**given | more)


def say(text: str = "Hello. Reply STOP to opt out.", **more: Any) -> Say:
    given = {
        "id": new_id(),
        "response": "utter_test",
        "variation": "a",
        "content": Content(text),
        "category": Category.REPLY,
        "channel": ChannelKind.SMS,
        "language": "en-US",
        "neutral": True,
        "demand": False,
    }
    return Say(**given | more)


def receipt(
    provider_id: str,
    status: Status = Status.DELIVERED,
    reason: Reason | None = None,
    retry: Retry = "never",
    **more: Any,
) -> Receipt:
    if reason is not None:
        more["trouble"] = Trouble(reason, retry)
    return Receipt(ChannelKind.SMS, provider_id, status, moment(NOON), **more)


@dataclass
class World:
    store: Store
    clock: Clock
    directory: Directory
    dialogues: Dialogues = field(default_factory=Scripted)
    reader: Reader = field(default_factory=Reader)
    provider: Provider = field(default_factory=Provider)
    pacing: LocalPacing = field(default_factory=LocalPacing)
    tries: int = 3
    rules: Rulebook = field(default_factory=Rulebook)

    @classmethod
    async def over(cls, store: Store, clock: Clock) -> "World":
        async def apply(tx: Transaction) -> None:
            for config in CLIENTS.values():
                await apply_client(tx, config)

        await store.transact("apply", apply)
        directory = Directory()
        await directory.refresh(store)
        return cls(store, clock, directory)

    def restrict(self, config: ClientConfig) -> None:
        """Puts another configuration in force, in this process's memory."""
        self.directory.replace([*{**CLIENTS, config.client: config}.values()])

    # what the road does

    async def receive(self, *messages: Inbound, settle: int = 0, via: str = VIA) -> None:
        """One group."""
        group = [arrived(message, self.directory, via) for message in messages]
        await store_arrived(self.store, KEY, group, settle)

    async def understand(self) -> int:
        understanders = Understanders(self.reader, self.directory)
        return await understand(self.store, self.directory, understanders, self.dialogues)

    async def turn(self) -> int:
        return await self.turns.run()

    @property
    def turns(self) -> Turns:
        return Turns(
            self.store, self.directory, self.dialogues, KEY, PUBLIC, self.tries, self.rules
        )

    def sender(self, **more: Any) -> Sender:
        claims = Claims(self.directory, KEY, PUBLIC, self.rules)
        channels = {VIA: self.provider}
        given = {"lease": LEASE, "call_timeout": TIMEOUT, "pacing": self.pacing} | more
        return Sender(self.store, self.directory, channels, claims, **given)

    async def send(self, sender: Sender | None = None) -> int:
        """One claim with its calls, to the end."""
        sender = sender or self.sender()
        claimed = await sender.run()
        await sender.drain()
        return claimed

    async def deliver(self, *given: Receipt, via: str = VIA) -> None:
        heard = [Heard(via, one) for one in given]
        await self.store.transact("receipts", lambda tx: store_receipts(tx, heard))

    async def failover(self) -> int:
        """One look after the senders, by the configuration that is in force in memory."""
        done = await Failover(self.store, self.directory).run()
        await self.learn_of_pauses()
        return done

    async def learn_of_pauses(self) -> None:
        """As every process does once a second."""
        configs = self.directory.clients
        await self.directory.refresh(self.store)
        self.directory.replace(configs)

    def reconciler(self, in_flight: Iterable[str] = ()) -> Reconciler:
        channels = {VIA: self.provider}
        settles = self.sender().settles
        return Reconciler(self.store, self.directory, channels, set(in_flight), settles)

    async def hear(self, *messages: Inbound) -> None:
        """Received, understood and turned."""
        await self.receive(*messages)
        await self.understand()
        await self.turn()

    # what is placed

    async def place(
        self, ref: str = "C-1", config: ClientConfig = HARBOR, phone: str = PHONE, **more: Any
    ) -> Person:
        """`more` overrides columns of the customer or the account."""
        at = self.clock.now
        person = Person(config.client, ref, new_id(), new_id(), phone)
        stamped = {"client": config.client, "created_at": at, "updated_at": at}
        customer = {
            "id": person.id,
            "ref": ref,
            "first_name": "Ada",
            "timezone": "America/New_York",
            "country": "US",
            "postcode": None,
        }
        account = {
            "id": person.account,
            "customer_id": person.id,
            "ref": f"A-{ref}",
            "balance_minor": 40_000,
            "arrears_minor": None,
            "currency": config.currency,
            "paid_minor": 0,
        }
        rows: list[tuple[Table, dict[str, Any]]] = [
            (customers, stamped | customer),
            (accounts, stamped | account),
        ]

        async def work(tx: Transaction) -> None:
            for table, row in rows:
                own = {name: value for name, value in more.items() if name in row}
                await tx.insert(table, [row | own])

        await self.store.transact("place", work)
        await self.reach(person, "sms", phone)
        return person

    async def reach(self, person: Person, channel: str, address: str, rank: int = 0) -> None:
        """Another contact of theirs."""
        key = {"client": person.client, "channel": channel, "address": address}

        async def work(tx: Transaction) -> None:
            await tx.insert(contacts, [{**key, "customer_id": person.id, "rank": rank}])
            ledger = {**key, "updated_at": self.clock.now}
            await tx.insert_new(addresses, [ledger], returning="address")

        await self.store.transact("reach", work)

    async def talk(self, person: Person, **more: Any) -> str:
        """Their conversation, with nothing said in it yet; its id."""
        config = CLIENTS[person.client]
        row = {
            "id": new_id(),
            "client": person.client,
            "customer_id": person.id,
            "account_id": person.account,
            "channel": "sms",
            "address": person.phone,
            "sender": config.senders[0].address,
            "created_at": self.clock.now,
            "updated_at": self.clock.now,
        } | more
        await self.add(conversations, row)
        return str(row["id"])

    async def dialogue(self, person: Person, **more: Any) -> str:
        """Their conversation under the id that follows from who they are."""
        return await self.talk(person, id=conversation_with(person.id), **more)

    async def event(self, conversation: str, kind: str, payload: str | None, **more: Any) -> str:
        """A row of the inbox, due now; its id."""
        row = {
            "id": new_id(),
            "client": "harbor",
            "conversation_id": conversation,
            "kind": kind,
            "payload": payload,
            "due_at": self.clock.now,
            "created_at": self.clock.now,
        } | more
        await self.add(inbox, row)
        return str(row["id"])

    async def queue(self, conversation: str, person: Person | None = None, **more: Any) -> str:
        """A queued message; its id."""
        row = {
            "id": new_id(),
            "client": person.client if person else "harbor",
            "conversation_id": conversation,
            "customer_id": person.id if person else None,
            "account_id": person.account if person else None,
            "channel": "sms",
            "sender": CLIENTS[person.client if person else "harbor"].senders[0].address,
            "address": person.phone if person else PHONE,
            "category": "reply",
            "demand": 0,
            "response": "utter_test",
            "variation": "a",
            "language": "en-US",
            "neutral": 1,
            "text": "Hello. Reply STOP to opt out.",
            "link_id": None,
            "status": "queued",
            "due_at": self.clock.now,
            "created_at": self.clock.now,
        } | more
        await self.add(outbound, row)
        return str(row["id"])

    async def add(self, table: Table, *rows: dict[str, Any]) -> None:
        await self.store.transact("add", lambda tx: tx.insert(table, rows))

    async def change(self, table: Table, **row: Any) -> None:
        """Sets columns of the row that has this `id`."""
        await self.store.transact("change", lambda tx: tx.update(table, [row]))

    # what is seen

    async def rows(self, table: Table, **where: Any) -> list[Any]:
        """In the order of their position or id."""
        order = table.c.position if "position" in table.c else next(iter(table.c))
        statement = select(table).order_by(order)
        for name, value in where.items():
            statement = statement.where(table.c[name] == value)
        found: list[Any] = await self.store.read(lambda tx: tx.fetch(statement))
        return found

    async def one(self, table: Table, **where: Any) -> Any:
        (row,) = await self.rows(table, **where)
        return row

    async def told(self, *types: str) -> list[tuple[str, dict[str, Any]]]:
        """Activity in order, without that of setting up; of these types alone where named."""
        rows = sorted(await self.rows(activity), key=lambda row: (row.block, row.ordinal))
        return [
            (row.type, decode(row.payload))
            for row in rows
            if (row.type in types if types else row.type != "config.changed")
        ]

    async def types(self) -> list[str]:
        return [kind for kind, _ in await self.told()]
