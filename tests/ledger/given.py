"""Payments that were heard of before a test begins."""

from typing import Any

from gateway.ids import new_id
from gateway.storage import Store, Transaction
from gateway.storage.tables import movements, payments


async def paid(
    store: Store, account: dict[str, Any], minor: int, at: int, *, reference: str | None = None
) -> str:
    """Money that cleared on an account at an instant; the payment's id. `account` holds the id,
    client, customer_id and currency. What follows from it is not written."""
    payment = new_id()
    reference = reference or f"r-{payment}"
    owner = {"client": account["client"], "customer_id": account["customer_id"]}
    own = owner | {"account_id": account["id"], "reference": reference}
    own |= {"amount_minor": minor, "currency": account["currency"]}
    row = own | {
        "id": payment,
        "conversation_id": account["id"],
        "provider": "sandbox",
        "status": "settled",
        "cleared_at": at,
        "net_minor": minor,
        "created_at": at,
        "updated_at": at,
    }
    told = own | {"payment_id": payment, "occurred_at": at, "recorded_at": at, "source": "provider"}

    async def work(tx: Transaction) -> None:
        await tx.insert(payments, [row])
        for kind in ("intent", "settled"):
            await tx.insert(movements, [told | {"id": new_id(), "kind": kind}])

    await store.transact("paid", work)
    return payment
