"""Many processes that claim and send at once over one PostgreSQL, by fork from one.

    python -m tests.pipeline.crowd URL PROCESSES NOW

Each prints a JSON line: what the provider took of it, as [customer, account, channel], and how
many it refused. NOW is where their clocks begin, in microseconds since the epoch; they run on.
"""

import asyncio
import json
import os
import sys
import time
from itertools import count

from sqlalchemy import bindparam, func, select, text

from channels.contract import Found, SendError
from compliance.loading import shipped_book
from domain.messages import Reason
from gateway.directory import Directory
from gateway.logs import configure_logs
from gateway.pipeline.answers import Answer, store_answers
from gateway.pipeline.claim import Claimed, Claims
from gateway.storage import Store, Transaction
from gateway.storage.postgres import PostgresStore
from gateway.storage.tables import outbound
from tests.pipeline.world import KEY, LEASE, PUBLIC

AT_ONCE = 7
PATIENCE = 120.0
"""Seconds that a process may take in a transaction where eight share two slow cores."""
LEFT = select(func.count().label("rows")).where(
    text("status IN ('queued', 'sending')"), outbound.c.due_at <= bindparam("now")
)


async def send(url: str, number: int, now: int) -> None:
    began = time.monotonic_ns()
    store = await PostgresStore.open(
        url,
        lambda: now + (time.monotonic_ns() - began) // 1000,
        size=1,
        idle_timeout=PATIENCE,
    )
    directory = Directory()
    await directory.refresh(store)
    claims = Claims(directory, KEY, PUBLIC)
    senders = [sender.address for sender in directory.senders]
    taken, refused, asked = [], 0, count(number)

    async def claim(tx: Transaction) -> Claimed:
        return await claims.claim(
            tx,
            owner=store.owner,
            senders=senders,
            granted={},
            limit=AT_ONCE,
            look_up_after=int(LEASE * 1e6),
        )

    while await left(store):
        claimed: Claimed = await store.transact("claim", claim)
        if not claimed.calls:
            await asyncio.sleep(0.01)
            continue
        answers: list[tuple[str, Answer]] = []
        for call in claimed.calls:
            message = call.message
            if next(asked) % 11 == 0:
                answers.append((call.attempt_id, SendError(Reason.TEMPORARY, "never")))
                refused += 1
            else:
                answers.append((call.attempt_id, Found(f"id-{call.attempt_id}")))
                taken.append([message.customer_id, message.account_id, message.channel])
        await store.transact(
            "answers", lambda tx, given=answers: store_answers(tx, given, directory)
        )
    await store.close()
    sys.stdout.write(json.dumps({"taken": taken, "refused": refused}) + "\n")
    sys.stdout.flush()


async def left(store: Store) -> int:
    rows = await store.read(lambda tx: tx.fetch(LEFT, now=tx.now))
    return int(rows[0].rows)


def main(url: str, processes: str, now: str) -> int:
    configure_logs()  # to stderr
    shipped_book()  # read once for all
    children = []
    for number in range(int(processes)):
        child = os.fork()
        if child == 0:
            asyncio.run(send(url, number, int(now)))
            return 0
        children.append(child)
    return max(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
