"""One client's ledger, spoken to as providers, hosts, files and timers speak to it."""

from itertools import count
from typing import Any

from sqlalchemy import bindparam, select, text

from domain.values import Money, Token
from gateway.batch.placement import load_placement
from gateway.clients import ClientConfig
from gateway.clock import moment
from gateway.ids import new_id
from gateway.ledger.reports import Report, Taken, report, report_for_customer
from gateway.pipeline.promises import judge_due, supersede
from gateway.portal import payments as portal
from gateway.portal.payments import Effect
from gateway.portal.visits import find
from gateway.storage import Store, Transaction, encode
from gateway.storage.tables import accounts, clients, customers, inbox, payments, promises
from payment_links.providers import PaymentState, PaymentStatus
from payment_links.tokens import token_hash
from tests.batch.files import file, record
from tests.portal.people import CLIENTS, Clock, Person, place, rows_of

FILES = count(1)
_DUE = select(inbox).where(
    text("kind = 'timer' AND consumed_at IS NULL"), inbox.c.due_at <= bindparam("now")
)


class Desk:
    """`config` is the client's, water: pounds, in London."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self.config = CLIENTS["water"]
        self.opened = False

    def configure(self, **parts: Any) -> None:
        self.config = ClientConfig.model_validate(self.config.model_dump() | parts)

    def config_of(self, client: str) -> ClientConfig:
        assert client == "water"
        return self.config

    async def person(self, **given: Any) -> Person:
        """A customer with one account, as tests.portal.people places them."""
        if not self.opened:
            at = self.clock.now
            row = {"client": "water", "config": "{}", "version": 1, "updated_at": at}
            await self.insert(clients, row)
            self.opened = True
        return await place(self.store, **given)

    async def another_account(self, person: Person, ref: str, **given: Any) -> str:
        row = {
            "id": new_id(),
            "client": "water",
            "customer_id": person.customer_id,
            "ref": ref,
            "balance_minor": 10_000,
            "currency": "GBP",
            "created_at": self.clock.now,
            "updated_at": self.clock.now,
        }
        await self.insert(accounts, row | given)
        return str(row["id"])

    async def insert(self, table: Any, row: dict[str, Any]) -> None:
        await self.store.transact("insert", lambda tx: tx.insert(table, [row]))

    async def row(self, table: Any, id: str) -> Any:  # noqa: A002
        (found,) = [row for row in await rows_of(self.store, table) if row.id == id]
        return found

    async def account_ref(self, account_id: str) -> str:
        return str((await self.row(accounts, account_id)).ref)

    # what is heard

    async def lead(self, person: Person, minor: int = 5_000) -> str:
        """A payment that the customer is led to: its id; the provider calls it fake-id."""
        payment_id = new_id()

        async def work(tx: Transaction) -> None:
            visit = await find(tx, token_hash(Token(person.token)))
            assert visit is not None
            money = Money(minor, "GBP")
            await portal.initiate(tx, visit, payment_id, money, "fake", f"fake-{payment_id}")

        await self.store.transact("lead", work)
        return payment_id

    async def says(
        self,
        payment_id: str,
        state: PaymentState,
        minor: int = 5_000,
        *,
        at: int | None = None,
        return_id: str | None = None,
        currency: str = "GBP",
    ) -> Effect:
        status = PaymentStatus(
            f"fake-{payment_id}", state, Money(minor, currency), return_id=return_id, at=at
        )

        async def work(tx: Transaction) -> Effect:
            return await portal.apply_status(tx, "fake", status, self.config_of)

        effect: Effect = await self.store.transact("payment-status", work)
        return effect

    async def report(self, account_ref: str, reference: str, minor: int, **given: Any) -> Taken:
        said = Report(reference, Money(minor, given.pop("currency", "GBP")), **given)

        async def work(tx: Transaction) -> list[Taken]:
            return await report(tx, self.config, account_ref, said)

        (taken,) = await self.store.transact("payments", work)
        return taken  # type: ignore[no-any-return]

    async def report_for(
        self, person: Person, reference: str, minor: int, **given: Any
    ) -> list[Taken]:
        said = Report(reference, Money(minor, given.pop("currency", "GBP")), **given)
        ref = (await self.row(customers, person.customer_id)).ref

        async def work(tx: Transaction) -> list[Taken]:
            return await report_for_customer(tx, self.config, ref, said)

        taken: list[Taken] = await self.store.transact("payments", work)
        return taken

    async def figure(self, account_id: str, minor: int, at: int) -> None:
        """The host places the account again, with what it read in its books at an instant."""
        account = await self.row(accounts, account_id)
        customer = await self.row(customers, account.customer_id)
        placed = record(
            1,
            customer__ref=customer.ref,
            customer__address={"postal_code": "SW1A 1AA", "country": "GB"},
            customer__timezone="Europe/London",
            account__ref=account.ref,
            account__currency="GBP",
            account__balance=f"{minor // 100}.{minor % 100:02}",
            account__minimum_due=...,
            contacts=[],
        )
        number = next(FILES)
        data = file(
            placed,
            client_id="water",
            file_id=f"f{number}",
            sequence_no=number,
            created_at=moment(at).isoformat(),
            control_totals={"GBP": minor},
        )
        made = await load_placement(self.store, self.config_of, data)
        assert made.status == "accepted", made.errors

    # promises and the clock

    async def promise(
        self, person: Person, minor: int, due: str, *, supersedes: tuple[str, ...] = ()
    ) -> str:
        """Made now, as a turn makes it: with the timer that will judge it."""
        at, made = self.clock.now, new_id()
        row = {
            "id": made,
            "client": "water",
            "customer_id": person.customer_id,
            "account_id": person.account_id,
            "conversation_id": person.conversation_id,
            "amount_minor": minor,
            "currency": "GBP",
            "due_date": due,
            "state": "pending",
            "created_at": at,
            "updated_at": at,
        }
        due_timer = {"kind": "promise_due", "version": 1, "subject": made}
        timer = {
            "id": new_id(),
            "client": "water",
            "conversation_id": person.conversation_id,
            "kind": "timer",
            "payload": encode(due_timer),
            "due_at": at,
            "created_at": at,
        }

        async def work(tx: Transaction) -> None:
            await supersede(tx, list(supersedes))
            await tx.insert(promises, [row])
            await tx.insert(inbox, [timer])

        await self.store.transact("promise", work)
        return made

    async def tick(self, micros: int = 0) -> list[Any]:
        """Time goes on; timers that are due are judged, as a turn does it. What was settled."""
        self.clock.now += micros

        async def work(tx: Transaction) -> list[Any]:
            due = await tx.fetch(_DUE, now=tx.now)
            judged = await judge_due(tx, due, self.config)
            consumed = [{"id": row.id, "consumed_at": tx.now} for row in due]
            await tx.update(inbox, consumed)
            return judged

        found: list[Any] = await self.store.transact("turn", work)
        return found

    async def figures(self, account_id: str) -> tuple[int, int]:
        """The host's balance, and what is known since."""
        row = await self.row(accounts, account_id)
        return row.balance_minor, row.paid_minor

    async def payment(self, payment_id: str) -> tuple[str, int]:
        row = await self.row(payments, payment_id)
        return row.status, row.net_minor

    async def promised(self, promise_id: str) -> tuple[str, int]:
        row = await self.row(promises, promise_id)
        return row.state, row.paid_minor
