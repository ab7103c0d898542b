"""The methods that a customer has saved: listed, kept, preferred, removed.

A method that is removed is charged no more from that commit on; its provider is told afterwards,
and again until it has heard (`gateway.wallet.saving`).
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, case, select, text, update

from domain.activity import Activity
from gateway.ids import new_id
from gateway.storage import Transaction
from gateway.storage.charging_tables import wallet_methods
from gateway.storage.tables import customers
from payment_links.providers import Method

LIVE = text("removed_at IS NULL")

_OF_CUSTOMER = (
    select(wallet_methods)
    .where(wallet_methods.c.customer_id == bindparam("customer_id"), LIVE)
    .order_by(wallet_methods.c.added_at, wallet_methods.c.id)
)
_LOCK_CUSTOMER = (
    select(customers.c.id).where(customers.c.id == bindparam("customer_id")).with_for_update()
)
_BY_TOKEN = select(wallet_methods).where(
    wallet_methods.c.client == bindparam("client"),
    wallet_methods.c.provider == bindparam("provider"),
    wallet_methods.c.token == bindparam("token"),
)
_PREFER = (
    update(wallet_methods)
    .where(wallet_methods.c.customer_id == bindparam("customer_id"), LIVE)
    .values(is_default=case((wallet_methods.c.id == bindparam("method_id"), 1), else_=0))
)


class Saved(Struct, frozen=True):
    """A saved method as pages show it. `expires` is its last month, such as 2030-12."""

    id: str
    provider: str
    kind: str
    brand: str | None
    last4: str | None
    expires: str | None
    is_default: bool


class Person(Struct, frozen=True):
    """Whose wallet it is, and where what happens to it is told."""

    client: str
    customer_id: str
    account_id: str | None = None
    conversation_id: str | None = None
    link_id: str | None = None

    @classmethod
    def of(cls, row: Any) -> "Person":
        """Of a link's, a setup's or a mandate's row."""
        talk = getattr(row, "conversation_id", None)
        link = getattr(row, "link_id", None)
        return cls(row.client, row.customer_id, row.account_id, talk, link)

    def event(self, tx: Transaction, kind: str, payload: Mapping[str, Any]) -> Activity:
        link = {} if self.link_id is None else {"link_id": self.link_id}
        return Activity(
            type=kind,
            client=self.client,
            occurred_at=tx.now,
            customer_id=self.customer_id,
            account_id=self.account_id,
            conversation_id=self.conversation_id,
            actor="customer",
            payload={**link, **payload},
        )


async def methods_of(tx: Transaction, customer_id: str) -> list[Saved]:
    """Oldest first; one of them is the default."""
    return [saved(row) for row in await tx.fetch(_OF_CUSTOMER, customer_id=customer_id)]


async def method_row(tx: Transaction, customer_id: str, method_id: str) -> Any | None:
    """A method that this customer has saved and not removed."""
    rows = await tx.fetch(_OF_CUSTOMER, customer_id=customer_id)
    return next((row for row in rows if row.id == method_id), None)


async def add(tx: Transaction, person: Person, provider: str, method: Method) -> str:
    """Its id. The customer's first becomes the default; one that is known is not added again."""
    await tx.fetch(_LOCK_CUSTOMER, customer_id=person.customer_id)
    others = await tx.fetch(_OF_CUSTOMER, customer_id=person.customer_id)
    row = {
        "id": new_id(),
        "client": person.client,
        "customer_id": person.customer_id,
        "provider": provider,
        "token": method.token,
        "owner": method.owner,
        "kind": method.kind,
        "brand": method.brand,
        "last4": method.last4,
        "expires": method.expires,
        "is_default": int(not others),
        "added_at": tx.now,
    }
    if not await tx.insert_new(wallet_methods, [row]):
        where = {"client": person.client, "provider": provider, "token": method.token}
        (known,) = await tx.fetch(_BY_TOKEN, **where)
        return str(known.id)
    tx.record(person.event(tx, "wallet.method_added", _told(row)))
    return str(row["id"])


async def prefer(tx: Transaction, person: Person, method_id: str) -> bool:
    """Makes it the default; False where there is no such method."""
    await tx.fetch(_LOCK_CUSTOMER, customer_id=person.customer_id)
    if await method_row(tx, person.customer_id, method_id) is None:
        return False
    await tx.execute(_PREFER, customer_id=person.customer_id, method_id=method_id)
    return True


async def remove(tx: Transaction, person: Person, method_id: str) -> bool:
    """False where there is no such method. The oldest of the others becomes the default; what was
    agreed to be taken from it ends with `gateway.charging.mandates.end_of_method`."""
    await tx.fetch(_LOCK_CUSTOMER, customer_id=person.customer_id)
    rows = await tx.fetch(_OF_CUSTOMER, customer_id=person.customer_id)
    found = next((row for row in rows if row.id == method_id), None)
    if found is None:
        return False
    gone = {"id": method_id, "removed_at": tx.now, "is_default": 0, "look_at": tx.now}
    await tx.update(wallet_methods, [gone])
    others = [row for row in rows if row.id != method_id]
    if found.is_default and others:
        await tx.update(wallet_methods, [{"id": others[0].id, "is_default": 1}])
    tx.record(person.event(tx, "wallet.method_removed", _told(found._asdict())))
    tx.wake("payment-look")
    return True


def saved(row: Any) -> Saved:
    return Saved(
        row.id, row.provider, row.kind, row.brand, row.last4, row.expires, bool(row.is_default)
    )


def token_of(row: Any) -> Method:
    """As its provider names it."""
    return Method(row.token, row.owner, row.kind, row.brand, row.last4, row.expires)


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the record says of it: no token."""
    named = ("provider", "kind", "brand", "last4", "expires")
    return {"method_id": row["id"]} | {name: row[name] for name in named}
