"""A store with one client and messages that wait to be sent, for tests of single transactions."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from channels.contract import Found
from domain.messages import Inbound
from domain.values import ChannelKind
from gateway.clients import ClientConfig
from gateway.directory import Directory
from gateway.ids import new_id
from gateway.pipeline.answers import store_answers
from gateway.pipeline.arriving import Arrived, arrived
from gateway.pipeline.claim import Call, Claimed, Claims
from gateway.pipeline.identity import conversation_at
from gateway.pipeline.queue import depths
from gateway.pipeline.receive import store_inbound
from gateway.storage import Store, Transaction
from gateway.storage.tables import outbound
from tests.faults.customers import OURS
from tests.faults.scenario import client_config

CLIENT: ClientConfig = client_config("acme", "http://127.0.0.1:9")


def directory() -> Directory:
    made = Directory()
    made.replace([CLIENT])
    return made


def inbound(address: str, text: str, provider_id: str) -> Arrived:
    message = Inbound(ChannelKind.SMS, provider_id, OURS, address, text, datetime.now(UTC))
    return arrived(message, directory(), "twilio")


async def hear(store: Store, *messages: Arrived) -> None:
    await store.transact("receive", lambda tx: store_inbound(tx, messages))


async def queue(
    store: Store, addresses: Sequence[str], category: str = "reply", times: int = 1
) -> list[str]:
    """Messages of nobody's conversations, due now; their ids."""

    async def work(tx: Transaction) -> list[str]:
        rows: list[dict[str, Any]] = [
            {
                "id": new_id(),
                "client": CLIENT.client,
                "conversation_id": conversation_at(CLIENT.client, "sms", address),
                "channel": "sms",
                "sender": OURS,
                "address": address,
                "category": category,
                "response": "utter_test",
                "variation": "1",
                "text": f"{category}. Reply STOP to opt out",
                "neutral": 1,
                "status": "queued",
                "due_at": tx.now,
                "created_at": tx.now,
            }
            for address in addresses
            for _ in range(times)
        ]
        await tx.insert(outbound, rows)
        return [row["id"] for row in rows]

    made: list[str] = await store.transact("queue", work)
    return made


class Claimer:
    """Claims as a worker does."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._claims = Claims(directory(), b"k" * 32, "http://127.0.0.1:9")

    async def claim(self, limit: int) -> list[Call]:
        async def work(tx: Transaction) -> Claimed:
            return await self._claims.claim(
                tx,
                owner=self._store.owner,
                senders=[OURS],
                granted={},
                limit=limit,
                look_up_after=10**9,
            )

        claimed: Claimed = await self._store.transact("claim", work)
        return list(claimed.calls)

    async def accept(self, calls: Sequence[Call]) -> None:
        """As if the provider had taken them, under made-up ids."""
        answers = [(call.attempt_id, Found(f"SM{call.attempt_id}")) for call in calls]
        await self._store.transact("answers", lambda tx: store_answers(tx, answers, directory()))

    async def send_all(self) -> list[Call]:
        """Everything due, one round after another; what went."""
        went: list[Call] = []
        while (await self._store.read(depths))["to_send"]["depth"]:
            calls = await self.claim(50)
            await self.accept(calls)
            went += calls
        return went
