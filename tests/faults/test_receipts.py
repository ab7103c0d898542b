"""Receipts only advance a message, whatever order they come in, and before its own answer too."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select, text

from channels.contract import Found
from domain.messages import Reason, Receipt, Status, Trouble
from domain.values import ChannelKind
from gateway.pipeline.answers import store_answers
from gateway.pipeline.claim import Call
from gateway.pipeline.receipts import Heard, store_receipts
from gateway.storage import Store, Transaction
from gateway.storage.tables import addresses, attempts, inbox, outbound, receipts
from tests.faults.customers import number
from tests.faults.given import Claimer, directory, hear, inbound, queue
from tests.storage.conftest import store, url

__all__ = ["store", "url"]

Step = Callable[[Store, Call], Awaitable[None]]


async def _answer(store: Store, call: Call) -> None:
    given = [(call.attempt_id, Found(f"SM-{call.attempt_id}"))]
    await store.transact("answers", lambda tx: store_answers(tx, given, directory()))


def _receipt(status: Status, echoed: bool, reason: Reason | None = None) -> Step:
    async def step(store: Store, call: Call) -> None:
        given = Receipt(
            ChannelKind.SMS,
            f"SM-{call.attempt_id}",
            status,
            datetime.now(UTC),
            attempt_id=call.attempt_id if echoed else None,
            trouble=reason and Trouble(reason, "never"),
        )
        await store.transact("receipts", lambda tx: store_receipts(tx, [Heard("twilio", given)]))

    return step


ENDS = {
    "delivered": (Status.DELIVERED, None),
    "undelivered": (Status.UNDELIVERED, Reason.BAD_ADDRESS),
}


@pytest.mark.parametrize("echoed", [True, False], ids=["echoed", "by the provider's id"])
@pytest.mark.parametrize("end", ENDS)
async def test_receipts_in_any_order_end_in_the_same_state(
    store: Store, end: str, echoed: bool
) -> None:
    status, reason = ENDS[end]
    steps: dict[str, Step] = {
        "answer": _answer,
        "sent": _receipt(Status.SENT, echoed),
        "end": _receipt(status, echoed, reason),
        "sent again": _receipt(Status.SENT, echoed),
    }
    states = {}
    for index, order in enumerate(permutations(steps)):
        address = number(index)
        await hear(store, inbound(address, "hello", f"SM-{address}"))
        [message] = await queue(store, [address])
        [call] = await Claimer(store).claim(1)
        for name in order:
            await steps[name](store, call)
        states[order] = await store.read(partial(_state, message=message, address=address))
    lost = status is Status.UNDELIVERED
    expected = (status.value, "accepted", 2, 2, lost, int(lost))
    assert {order: state for order, state in states.items() if state != expected} == {}


async def _state(tx: Transaction, message: str, address: str) -> tuple[Any, ...]:
    """Of the message and its attempt; receipts kept and matched; what became of the address."""
    [sent] = await tx.fetch(select(outbound).where(outbound.c.id == message))
    [tried] = await tx.fetch(select(attempts).where(attempts.c.outbound_id == message))
    mine = select(receipts.c.matched_at).where(receipts.c.provider_id == f"SM-{tried.id}")
    kept = await tx.fetch(mine)
    [place] = await tx.fetch(select(addresses).where(addresses.c.address == address))
    told = await tx.fetch(
        select(inbox.c.id).where(
            inbox.c.conversation_id == sent.conversation_id, text("kind = 'send_failed'")
        )
    )
    matched = sum(row.matched_at is not None for row in kept)
    return sent.status, tried.outcome, len(kept), matched, place.invalid_at is not None, len(told)
