"""The world outside of the scenarios: the stand-ins with their logs, and the nursery."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import msgspec

from gateway.storage.opening import migrate
from tests.faults.nursery import Nursery
from tests.faults.observers import host_log, provider_log
from tests.faults.scenario import SECRET, World
from tests.servers import PostgresServer
from tests.standins.process import StandIn
from tests.standins.script import Rule, Script

CALLBACK_TRIES = "150"
"""A provider that calls back until it is answered, for half a minute."""

RECEIPT_DELAY = 0.1
"""Seconds before each receipt: the send's own answer is stored by then, so that there is a boundary
to strike at. Other tests play receipts that come first."""


@asynccontextmanager
async def world(
    folder: Path, postgres: PostgresServer | None, template: str, rules: Sequence[Rule] = ()
) -> AsyncIterator[World]:
    """`rules` are the provider's, by the numbers that scenarios use."""
    provider, host = folder / "provider.jsonl", folder / "host.jsonl"
    file = folder / "migrated.db"
    await migrate(f"sqlite:///{file}")
    given = Script(rules=(*rules, Rule(receipt_delay=RECEIPT_DELAY)), list_lag=(0, 0.4))
    script = msgspec.json.encode(given).decode()
    tell = ("--log", str(provider), "--script", script, "--callback-tries", CALLBACK_TRIES)
    with ExitStack() as stack:
        twilio = stack.enter_context(StandIn("tests.standins.twilio", *tell))
        told = ("--log", str(host), "--secret", SECRET)
        receiver = stack.enter_context(StandIn("tests.standins.host", *told))
        async with Nursery() as nursery:
            yield World(
                nursery,
                folder,
                twilio.url,
                provider_log(provider),
                receiver.url,
                host_log(host),
                postgres,
                template,
                file,
                asyncio.Lock(),
            )
