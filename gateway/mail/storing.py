"""What adapters received, stored: mails opened first, people's words and machines' mails apart."""

import asyncio
from collections.abc import Sequence
from functools import partial

from gateway.mail.machines import store_machine_mail
from gateway.mail.opening import open_mails
from gateway.pipeline.arriving import Arrived
from gateway.pipeline.receive import store_inbound
from gateway.storage import Store


async def store_arrived(
    store: Store, key: bytes, messages: Sequence[Arrived], settle: int = 0
) -> None:
    """Returns once all is durable; what is received again changes nothing. `key` is the secret that
    tokens are made with, `settle` that of `store_inbound`. Raises StoreError."""
    opened = await open_mails(store, key, messages)
    people = [each for each in opened if not each.by_machine]
    if people:
        await store.transact("receive", lambda tx: store_inbound(tx, people, settle))
    machines = [each for each in opened if each.by_machine]
    stored = await asyncio.gather(
        *(
            store.transact("machine_mail", partial(store_machine_mail, arrived=each))
            for each in machines
        ),
        return_exceptions=True,
    )
    for failure in stored:
        if isinstance(failure, BaseException):
            raise failure
