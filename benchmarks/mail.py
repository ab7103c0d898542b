"""Mails parsed and stored, on one core: an mbox of many kinds taken in as `gateway email import`
does, against the standard library's parser and a bare insert in groups of the same size.

    python -m benchmarks.mail --mails 5000

Prints one JSON line, or none and exit 1 where the store has not each mail exactly once. Memory is
that of a process which takes in one mail of 10 MB, and of one that takes in --large of them.
"""

import argparse
import asyncio
import email
import email.policy
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from base64 import encodebytes
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from gateway.directory import Directory
from gateway.hooks.routes import Intake
from gateway.mail.archives import mails_in
from gateway.mail.importing import TOGETHER, Import
from gateway.pipeline.arriving import BY_HAND
from gateway.storage import Store, Transaction
from gateway.storage.clients import apply_client
from gateway.storage.opening import migrate, open_store
from gateway.storage.sqlite import connect
from gateway.storage.tables import inbound, machine_mails
from tests.pipeline.world import HARBOR

MAILBOX = "care@harbor.example"
MOST = 64 * 1024 * 1024
LARGE = 10 * 1024 * 1024
SEPARATOR = b"From ada@post.example Sat Jan  3 01:05:34 1996\n"
WORDS = "I can pay 50 on friday, but not before my wages come. Please send me the link again.\n"
QUOTE = "> Hello Ada,\n> your account has news.\n> Please get in touch with us.\n" * 4


def headers(number: int, subject: str, kind: str) -> bytes:
    return (
        f"Return-Path: <ada{number}@post.example>\nDelivered-To: {MAILBOX}\n"
        f"Received: from mx.post.example by mail.harbor.example; Tue, 1 Dec 2026 10:00:00 +0000\n"
        f"From: Ada Nr. {number} <ada{number}@post.example>\nTo: Harbor <{MAILBOX}>\n"
        f"Subject: {subject}\nDate: Tue, 1 Dec 2026 10:00:00 +0000\n"
        f"Message-ID: <{number}.bench@post.example>\nMIME-Version: 1.0\nContent-Type: {kind}\n\n"
    ).encode()


def plain(number: int) -> bytes:
    quoted = f"{WORDS}\nOn Mon, Harbor wrote:\n{QUOTE}"
    return headers(number, "Re: Your account", "text/plain; charset=utf-8") + quoted.encode()


def alternative(number: int) -> bytes:
    html = f"<p>{WORDS}</p><blockquote>{QUOTE}</blockquote>" * 2
    return (
        headers(number, "Re: Your account", 'multipart/alternative; boundary="b"')
        + (
            f"--b\nContent-Type: text/plain; charset=utf-8\n\n{WORDS}\n{QUOTE}"
            f"\n--b\nContent-Type: text/html; charset=utf-8\n\n{html}\n--b--\n"
        ).encode()
    )


def attached(number: int) -> bytes:
    file = encodebytes(bytes(range(256)) * 80).decode()  # 20 KB
    return (
        headers(number, "Proof", 'multipart/mixed; boundary="b"')
        + (
            f"--b\nContent-Type: text/plain\n\n{WORDS}\n--b\nContent-Type: application/pdf\n"
            f"Content-Disposition: attachment; filename=proof.pdf\n"
            f"Content-Transfer-Encoding: base64\n\n{file}\n--b--\n"
        ).encode()
    )


def bounce(number: int) -> bytes:
    kind = 'multipart/report; report-type=delivery-status; boundary="b"'
    return (
        headers(number, "Undelivered Mail Returned to Sender", kind)
        + (
            "--b\nContent-Type: text/plain\n\nNo such user here.\n\n--b\n"
            "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.post.example\n\n"
            f"Final-Recipient: rfc822; ada{number}@post.example\nAction: failed\nStatus: 5.1.1\n"
            "\n--b--\n"
        ).encode()
    )


def absence(number: int) -> bytes:
    raw = headers(number, "Automatic reply: Your account", "text/plain")
    return b"Auto-Submitted: auto-replied\n" + raw + b"I am away until monday.\n"


KINDS = (
    plain,
    alternative,
    plain,
    alternative,
    plain,
    attached,
    alternative,
    plain,
    bounce,
    absence,
)


def write(path: Path, mails: Iterator[bytes]) -> None:
    with path.open("wb") as file:
        for raw in mails:
            file.write(SEPARATOR + raw + b"\n")


def large(number: int) -> bytes:
    return headers(number, "A scan", "text/plain") + (b"x" * 76 + b"\n") * (LARGE // 77)


async def take_in(path: Path, url: str) -> dict[str, float]:
    """Mails a second of wall time and of CPU; the wall waits for the disk."""
    await migrate(url)
    store = await open_store(url)
    try:
        await store.transact("apply", lambda tx: apply_client(tx, HARBOR))
        directory = Directory()
        await directory.refresh(store)
        intake = Intake(store, directory, b"only for benchmarks, for nobody")
        run = Import(
            store, intake.sink(BY_HAND), MAILBOX,
            skipped=lambda where, why: print(where, why, file=sys.stderr), done=lambda _: None,
        )  # fmt: skip
        began, cpu = time.perf_counter(), time.process_time()
        summary = await run.run(mails_in(path, MOST))
        took, used = time.perf_counter() - began, time.process_time() - cpu
        if summary.new != summary.mails or await stored(store) != summary.mails:
            raise SystemExit(f"{summary.mails} mails, {summary.new} new: not each of them once")
    finally:
        await store.close()
    return {"per_s": summary.mails / took, "per_core_s": summary.mails / used}


async def stored(store: Store) -> int:
    async def count(tx: Transaction) -> int:
        found = 0
        for table in (inbound, machine_mails):
            (row,) = await tx.fetch(select(func.count().label("n")).select_from(table))
            found += row.n
        return found

    return int(await store.read(count))


def floor(path: Path, database: Path) -> float:
    """Mails a second of CPU: parsed by the standard library, inserted in groups."""
    connection = connect(database)
    connection.execute("CREATE TABLE mails (id INTEGER PRIMARY KEY, sender TEXT, words TEXT)")
    count, group = 0, list[tuple[str, str]]()
    began = time.process_time()
    for filed in mails_in(path, MOST):
        mail = email.message_from_bytes(filed.raw or b"", policy=email.policy.default)
        body = mail.get_body(("plain", "html"))
        group.append((str(mail["From"]), body.get_content() if body else ""))
        count += 1
        if len(group) == TOGETHER:
            connection.execute("BEGIN")
            connection.executemany("INSERT INTO mails (sender, words) VALUES (?, ?)", group)
            connection.execute("COMMIT")
            group = []
    used = time.process_time() - began
    connection.close()
    return count / used


def peak(count: int) -> float:
    """Megabytes of a process of its own that takes in so many large mails."""
    command = [sys.executable, "-m", "benchmarks.mail", "--peak", str(count)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main(arguments: Sequence[str]) -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    options.add_argument("--mails", type=int, default=5000)
    options.add_argument("--large", type=int, default=20)
    options.add_argument("--peak", type=int, help=argparse.SUPPRESS)
    given = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        path, url = folder / "all.mbox", f"sqlite:///{folder / 'gateway.db'}"
        if given.peak is not None:
            write(path, (large(number) for number in range(given.peak)))
            asyncio.run(take_in(path, url))
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
            return 0
        write(path, (KINDS[n % len(KINDS)](n) for n in range(given.mails)))
        found: dict[str, Any] = dict(asyncio.run(take_in(path, url)))
        least = floor(path, folder / "floor.db")
        found |= {"floor_per_core_s": least, "of_floor": found["per_core_s"] / least}
        figures = {
            name: round(value, 2 if name == "of_floor" else 0) for name, value in found.items()
        }
        memory = {}
        if given.large:
            memory = {"mb_one_large": round(peak(1)), "mb_all_large": round(peak(given.large))}
        size = path.stat().st_size // given.mails
    told = {"mails": given.mails, "mean_bytes": size, **figures, "large": given.large, **memory}
    print(json.dumps(told | {"cores": os.cpu_count()}, separators=(",", ":")))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
