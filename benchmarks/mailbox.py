"""A mailbox whose connections are cut at random, in the middle of anything, and whose reader is
ended and begun anew: each mail is taken into the store exactly once, none is lost, none is set
aside.

    python -m benchmarks.mailbox --mails 1000

Dovecot serves it where that is installed and we are root, else pymap. Half of the mails are there
when the reading begins, the others come meanwhile. Prints one JSON line, or none and exit 1.
"""

import argparse
import asyncio
import json
import logging
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import select

from channels.contract import Parsed
from channels.email.imap_settings import ImapSettings
from channels.email.mailbox import ImapEmail, Pauses
from domain.messages import Inbound
from gateway.clients import ClientConfig
from gateway.directory import Directory
from gateway.hooks.routes import Intake
from gateway.mail.desk import StoredDesk, aside_of
from gateway.storage import Store
from gateway.storage.clients import apply_client
from gateway.storage.opening import migrate, open_store
from gateway.storage.tables import inbound
from tests.pipeline.world import HARBOR
from tests.standins.cutter import Cutter, cutting
from tests.standins.mailboxes import Box, Server, dovecot, has_dovecot, pymap

PAUSES = Pauses(first=0.01, most=0.05, held=0.1)
TOGETHER = 25  # mails that come at once while others are read
LONGEST = 600.0  # seconds
KINDS = (300, 900, 2_500, 8_000, 30_000)  # bytes of bodies, some larger than a connection lives


def mail(number: int) -> bytes:
    body = f"number {number}\r\n" + ("words of no weight\r\n" * (KINDS[number % len(KINDS)] // 20))
    return (
        f"From: Ada <ada{number % 100}@post.example>\r\nTo: care@harbor.example\r\n"
        f"Subject: {number}\r\nMessage-ID: <{number}@post.example>\r\n\r\n{body}"
    ).encode()


def client() -> ClientConfig:
    """The tests' own, whose mailbox is read."""
    given = HARBOR.model_dump(mode="json")
    for sender in given["senders"]:
        if sender["channel"] == "email":
            sender["inbox"] = ["imap"]
    return ClientConfig.model_validate(given)


class Reader:
    """The gateway's part: the channel, its desk and its intake over a store."""

    def __init__(self, store: Store, directory: Directory) -> None:
        self._store = store
        self._directory = directory
        self._sink = Intake(store, directory, b"only for benchmarks, for nobody").sink("imap")
        self.offered: Counter[str] = Counter()
        self.starts = 0

    async def take(self, values: Parsed) -> None:
        self.offered.update(one.provider_id for one in values if isinstance(one, Inbound))
        await self._sink(values)

    async def read(self, url: str) -> None:
        settings = ImapSettings(url, encryption="none", patience=5.0, idle=2.0)
        channel = ImapEmail(settings, "", PAUSES)
        channel.attach(StoredDesk(self._store, self._directory, "imap"))
        self.starts += 1
        await channel.receive(self.take)

    async def read_anew(self, url: str, seconds: float) -> None:
        """Is ended and begun anew, with nothing remembered but what the store has."""
        while True:
            reading = asyncio.create_task(self.read(url))
            try:
                await asyncio.wait({reading}, timeout=seconds)
            finally:
                reading.cancel()
                await asyncio.wait({reading})


async def subjects(store: Store) -> Counter[str]:
    rows = await store.read(lambda tx: tx.fetch(select(inbound.c.subject)))
    return Counter(row.subject for row in rows)


async def play(
    store: Store, server: Server, cutter: Cutter, mails: int, seconds: float
) -> dict[str, Any]:
    """Raises SystemExit where a mail is missing, there twice, or set aside."""
    directory = Directory()
    await directory.refresh(store)
    reader = Reader(store, directory)
    box = server.box()
    raws = [mail(number) for number in range(mails)]
    await asyncio.to_thread(box.add, *raws[: mails // 2])
    began = time.perf_counter()
    reading = asyncio.create_task(reader.read_anew(server.at(cutter.port), seconds))
    try:
        for start in range(mails // 2, mails, TOGETHER):
            await asyncio.to_thread(box.add, *raws[start : start + TOGETHER])
            await asyncio.sleep(0.05)
        async with asyncio.timeout(LONGEST):
            while len(await subjects(store)) < mails:
                await asyncio.sleep(0.05)
            took = time.perf_counter() - began
            cutter.gently()  # what is left is to be marked
            while not await asyncio.to_thread(all_seen, box):
                await asyncio.sleep(0.2)
    finally:
        reading.cancel()
        await asyncio.wait({reading})
    found, aside = await subjects(store), await store.read(aside_of)
    doubled = [subject for subject, count in found.items() if count > 1]
    if len(found) != mails or doubled or aside:
        raise SystemExit(f"{len(found)} of {mails} mails, {len(doubled)} twice, {len(aside)} aside")
    return {
        "mails": mails,
        "bytes": sum(map(len, raws)),
        "connections": cutter.connections,
        "cuts": cutter.cuts,
        "starts": reader.starts,
        "offered_again": sum(reader.offered.values()) - len(reader.offered),
        "stored": sum(found.values()),
        "lost": 0,
        "doubled": 0,
        "set_aside": 0,
        "seconds": round(took, 1),
    }


def all_seen(box: Box) -> bool:
    with box.open(readonly=True) as client:
        return client.uid("search", "UNSEEN")[1] == [b""]


async def measure(server: Server, folder: Path, given: argparse.Namespace) -> dict[str, Any]:
    url = f"sqlite:///{folder / 'gateway.db'}"
    await migrate(url)
    store = await open_store(url)
    try:
        await store.transact("apply", lambda tx: apply_client(tx, client()))
        async with cutting(server.port) as cutter:
            cutter.at_random(given.seed, given.least, given.most)
            return await play(store, server, cutter, given.mails, given.seconds)
    finally:
        await store.close()


def main(arguments: Sequence[str]) -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    options.add_argument("--mails", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--least", type=int, default=100, help="bytes of a connection's life")
    options.add_argument("--most", type=int, default=100_000)
    options.add_argument("--seconds", type=float, default=1.5, help="until it is begun anew")
    options.add_argument("--server", choices=["dovecot", "pymap"])
    given = options.parse_args(arguments)
    name = given.server or ("dovecot" if has_dovecot() else "pymap")
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        with dovecot() if name == "dovecot" else pymap(folder) as server:
            found = asyncio.run(measure(server, folder, given))
    told = {"server": name, **found, "seed": given.seed, "cores": os.cpu_count()}
    print(json.dumps(told, separators=(",", ":")))
    return 0


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    sys.exit(main(sys.argv[1:]))
