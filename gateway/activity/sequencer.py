"""Numbers committed activity, client by client and without gaps, and hands it to endpoints.

What a transaction records for a client is one block, numbered as a whole: an event's number is
its block's `first_seq` plus its ordinal. A row of activity is written once; its number costs it
nothing.

Why the numbers keep each customer's order: a block is inserted as its transaction's last statement,
when the rows that it speaks of are locked. Of two transactions that lock the same row the second
takes its position only after the first has committed. So for one customer positions follow the
order of commits, and whoever can see the later block can see the earlier one.

Its limits: transactions that share no lock have no order of their own, and theirs is the one in
which they became visible here. A transaction may take a low position and commit after a higher
one was numbered; it simply gets later numbers. Positions may have holes; numbers have none,
because they are given to a block that is there, in the transaction that moves `clients.last_seq`.

Only the lock on the client's row makes this right. It ends with its transaction, whatever happens
to the process, and PostgreSQL ends the session of a process that stops in between; so there is no
lease that could be thought to hold when it doesn't. The lock is taken by a statement of its own:
those that follow it see everything that the previous holder committed.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, String, bindparam, exists, func, insert, select, update

from domain.activity import OUTCOMES
from gateway.activity.query import beyond, numbered, seq
from gateway.storage import Store, Transaction, among, decode
from gateway.storage.columns import Id
from gateway.storage.tables import activity, activity_blocks, clients, deliveries, endpoints

BLOCKS = 100
"""Blocks of one client in one transaction: a bound on how long its lock is held."""

BATCH = 5_000
"""Events after which no further block is taken."""

CLIENTS = 8
"""Clients in one transaction."""

PASSES = 100
"""Transactions in one call, so that its caller is asked now and then whether to go on."""

_OUTCOMES = sorted(OUTCOMES)

_unnumbered = (activity_blocks.c.client == clients.c.client) & activity_blocks.c.first_seq.is_(None)

_LOCK = (
    select(clients.c.client, clients.c.last_seq)
    .where(exists().where(_unnumbered))
    .order_by(select(func.min(activity_blocks.c.position)).where(_unnumbered).scalar_subquery())
    .limit(CLIENTS)
    .with_for_update(of=clients, skip_locked=True)
)
_LOCK_ONE = (
    select(clients.c.client, clients.c.last_seq)
    .where(exists().where(_unnumbered), clients.c.client == bindparam("client"))
    .with_for_update(of=clients, skip_locked=True)
)

_NEXT = (
    select(activity_blocks.c.position, activity_blocks.c.size)
    .where(activity_blocks.c.client == bindparam("client"), activity_blocks.c.first_seq.is_(None))
    .order_by(activity_blocks.c.position)
    .limit(BLOCKS)
)
_ADVANCE = (
    update(clients)
    .values(last_seq=bindparam("last", type_=BigInteger))
    .where(clients.c.client == bindparam("of"))
)

_ENDPOINTS = select(endpoints.c.id, endpoints.c.types).where(
    endpoints.c.client == bindparam("client")
)

_DELIVER = insert(deliveries).from_select(
    ["endpoint_id", "seq", "client", "block", "ordinal", "lane", "due_at"],
    select(
        bindparam("endpoint", type_=Id),
        seq,
        activity.c.client,
        activity.c.block,
        activity.c.ordinal,
        func.coalesce(
            activity.c.customer_id, activity.c.account_id, activity.c.conversation_id, activity.c.id
        ),
        bindparam("now", type_=BigInteger),
    )
    .select_from(numbered)
    .where(
        beyond(bindparam("client", type_=String), bindparam("after", type_=BigInteger)),
        seq <= bindparam("last", type_=BigInteger),
        among(activity.c.type, "types"),
    ),
    include_defaults=False,
)


async def number(store: Store, client: str | None = None) -> int:
    """Numbers what is unnumbered, of one client or of all; how many rows that were.

    Call it again at once while it gives more than 0. A client whose row another process holds is
    left to that process, which looks again after its commit.
    """

    async def work(tx: Transaction) -> tuple[int, bool] | None:
        held = await (tx.fetch(_LOCK_ONE, client=client) if client else tx.fetch(_LOCK))
        done = [await _number(tx, row.client, row.last_seq) for row in held]
        left = len(held) == CLIENTS or any(left for _, left in done)
        return (sum(count for count, _ in done), left) if held else None

    total = 0
    for _ in range(PASSES):
        done: tuple[int, bool] | None = await store.transact("number", work)
        total += done[0] if done else 0
        if not done or not done[1]:
            break
    return total


async def _number(tx: Transaction, client: str, after: int) -> tuple[int, bool]:
    """Under the lock on the client's row: how many events, and whether blocks may be left."""
    blocks = await tx.fetch(_NEXT, client=client)
    rows, last = _placed(blocks, after)
    if rows:
        await tx.update(activity_blocks, rows, key=("position",))
        await tx.execute(_ADVANCE, of=client, last=last)
        for endpoint in await tx.fetch(_ENDPOINTS, client=client):
            await hand_over(tx, client, endpoint, after, last)
    return last - after, len(blocks) == BLOCKS or len(rows) < len(blocks)


def _placed(blocks: Sequence[Any], after: int) -> tuple[list[dict[str, int]], int]:
    """The first number of each block, and the last number given."""
    rows, last = [], after
    for block in blocks:
        if last - after >= BATCH:
            break
        rows.append({"position": block.position, "first_seq": last + 1})
        last += block.size
    return rows, last


async def hand_over(tx: Transaction, client: str, endpoint: Any, after: int, last: int) -> int:
    """Makes deliveries of what an endpoint (id, types) asks for among the numbers after..last."""
    wanted = decode(endpoint.types)
    made = await tx.execute(
        _DELIVER,
        endpoint=endpoint.id,
        client=client,
        after=after,
        last=last,
        types=_OUTCOMES if wanted is None else wanted,
        now=tx.now,
    )
    if made:
        tx.wake("webhook")
    return made
