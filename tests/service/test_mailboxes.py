"""Mails through the whole service: read from a mailbox, posted, imported; each counts once."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import ClientSession
from sqlalchemy import select
from typer.testing import CliRunner, Result

from gateway.adapters import open_channels
from gateway.app import Role, Service, start
from gateway.cli import app
from gateway.clients import ConfigurationError, read_client
from gateway.directory import Directory
from gateway.storage.clients import apply_client
from gateway.storage.opening import open_store
from gateway.storage.tables import inbound, machine_mails, mailboxes
from tests.channels.email.desks import mail, until
from tests.service.conftest import CLIENT, OURS, Fragile, settings
from tests.service.test_cli import environment
from tests.standins.imapd import Imapd, misbehaving

CARE = "care@agency.example"
PASSWORD = "a long password of the hook's"
MAILBOX = f"""\
  - channel: email
    address: {CARE}
    via: simulated-email
    inbox: [imap.harbor, mailhook]
"""


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_IMAP_HARBOR_URL", "imap://care:s3cret@localhost:9")
    monkeypatch.setenv("GATEWAY_IMAP_HARBOR_ENCRYPTION", "none")
    monkeypatch.setenv("GATEWAY_MAILHOOK_PASSWORD", PASSWORD)
    monkeypatch.setenv("GATEWAY_MAILHOOK_LARGEST", "100000")


@pytest.fixture
async def store(url: str, tmp_path: Path) -> AsyncIterator[Fragile]:
    path = tmp_path / "harbor.yml"
    path.write_text(CLIENT + MAILBOX)
    opened = await open_store(url)
    config = read_client(path)
    await opened.transact("apply", lambda tx: apply_client(tx, config))
    yield Fragile(opened)
    await opened.close()


async def rows(store: Fragile, table: Any = inbound) -> list[Any]:
    found: list[Any] = await store.read(lambda tx: tx.fetch(select(table)))
    return found


async def eventually(store: Fragile, count: int, table: Any = inbound) -> list[Any]:
    async with asyncio.timeout(90):
        while len(found := await rows(store, table)) < count:
            await asyncio.sleep(0.01)
    return found


def post(service: Service, raw: bytes, password: str = PASSWORD, kind: str = "inbound") -> Any:
    given = base64.b64encode(f"gateway:{password}".encode()).decode()
    headers = {"Authorization": f"Basic {given}", "Content-Type": "message/rfc822"}

    async def asked() -> tuple[int, Any]:
        async with ClientSession() as session:
            url = f"{service.url}/hooks/mailhook/{kind}"
            async with session.post(url, data=raw, headers=headers) as answer:
                return answer.status, answer.headers.get("Retry-After")

    return asked()


async def test_a_mailbox_is_read_into_the_store(
    url: str, store: Fragile, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Imapd({1: mail("one"), 2: mail("two")})
    async with misbehaving(server) as imap:
        monkeypatch.setenv("GATEWAY_IMAP_HARBOR_URL", imap)
        service = await start(settings(url), Role.WORK, store=store)  # type: ignore[arg-type]
        try:
            await eventually(store, 2)
            await until(lambda: server.seen == {1, 2})
            server.add(mail("three", "STOP"))
            found = await eventually(store, 3)
            (place,) = await rows(store, mailboxes)
        finally:
            await service.stop()
    assert {row.subject for row in found} == {"one", "two", "three"}
    assert {(row.sender, row.address, row.via) for row in found} == {
        (CARE, "ada@post.example", "mail")
    }
    assert (place.place, place.via) == ("care@localhost/INBOX", "imap.harbor")


async def test_who_only_serves_reads_no_mailbox(
    url: str, store: Fragile, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Imapd({1: mail("one")})
    async with misbehaving(server) as imap:
        monkeypatch.setenv("GATEWAY_IMAP_HARBOR_URL", imap)
        service = await start(settings(url), Role.SERVE, store=store)  # type: ignore[arg-type]
        try:
            assert (await post(service, mail("posted")))[0] == 200
            assert [row.subject for row in await rows(store)] == ["posted"]
        finally:
            await service.stop()
    assert server.connections == 0


@pytest.fixture
async def serving(url: str, store: Fragile) -> AsyncIterator[Service]:
    service = await start(settings(url), Role.SERVE, store=store)  # type: ignore[arg-type]
    yield service
    await service.stop()


async def test_a_posted_mail_is_stored_before_it_is_answered_and_once(
    serving: Service, store: Fragile
) -> None:
    answers = [await post(serving, mail("one"), kind=kind) for kind in ("inbound", "mime")]
    assert answers == [(200, None), (200, None)]
    (row,) = await rows(store)
    assert (row.text, row.sender) == ("I will pay on friday.", CARE)


async def test_what_is_not_taken(serving: Service, store: Fragile) -> None:
    for raw, password, status in (
        (mail("one"), "wrong password, also long", 403),
        (b"", PASSWORD, 400),
        (mail("large", "x" * 100_000), PASSWORD, 400),
        (mail("larger", "x" * 250_000), PASSWORD, 413),
    ):
        assert (await post(serving, raw, password))[0] == status
    assert await rows(store) == []


async def test_a_database_out_of_reach_puts_mails_off(serving: Service, store: Fragile) -> None:
    store.down = True
    assert await post(serving, mail("one")) == (503, "5")
    store.down = False
    assert (await post(serving, mail("one")))[0] == 200
    assert len(await rows(store)) == 1


async def test_more_mails_at_once_than_memory_is_for(serving: Service, store: Fragile) -> None:
    room = serving.intake.large
    taken = 0
    while room.begin():
        taken += 1
    assert await post(serving, mail("one")) == (503, "5")
    room.end()
    assert (await post(serving, mail("one")))[0] == 200
    for _ in range(taken - 1):
        room.end()
    answers = await asyncio.gather(*(post(serving, mail(f"{n}")) for n in range(taken)))
    assert [status for status, _ in answers] == [200] * taken
    assert len(await rows(store)) == taken + 1


def archive(folder: Path, *mails: bytes) -> Path:
    path = folder / "old.mbox"
    path.write_bytes(b"".join(b"From a@b Sat Jan  3 01:05:34 1996\n" + m + b"\n" for m in mails))
    return path


@pytest.fixture
def run(url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Awaitable[Result]]:
    for name, text in environment(url).items():
        monkeypatch.setenv(name, text)
    return lambda *arguments: asyncio.to_thread(CliRunner().invoke, app, arguments)


BOUNCE = (
    b"From: MAILER-DAEMON@post.example\r\nTo: care@agency.example\r\nSubject: Undelivered\r\n"
    b"Auto-Submitted: auto-replied\r\nReturn-Path: <>\r\n\r\nNo such user.\r\n"
)


async def test_an_import_counts_what_is_new(
    store: Fragile, run: Callable[..., Awaitable[Result]], tmp_path: Path, serving: Service
) -> None:
    await post(serving, mail("posted").replace(b"\r\n", b"\n"))
    old = mail("old").replace(b"From:", b"Date: Mon, 3 Jan 2000 10:00:00 +0000\r\nFrom:", 1)
    mails = [
        each.replace(b"\r\n", b"\n")
        for each in (mail("one"), mail("posted"), mail("one"), BOUNCE, old, mail("x", "y" * 2**21))
    ]
    path = archive(tmp_path, *mails)
    given = ("email", "import", str(path), "--mailbox", CARE, "--since", "2020-01-01")
    done = await run(*given, "--largest", "1")
    assert done.exit_code == 1, done.stderr
    summary = msgspec.json.decode(done.stdout)
    kinds = summary.pop("kinds")
    assert summary == {
        "mailbox": CARE, "mails": 6, "new": 2, "known": 2, "older": 1, "skipped": 1,
    }  # fmt: skip
    assert sum(kinds.values()) == 2
    assert kinds["reply"] == 1
    assert f"left out: {path}, byte " in done.stderr
    assert {row.subject for row in await rows(store)} == {"one", "posted"}
    assert len(await rows(store, machine_mails)) == 1
    again = msgspec.json.decode((await run(*given)).stdout)
    assert (again["new"], again["known"], again["skipped"]) == (1, 4, 0), "the large one, now"
    assert {row.via for row in await rows(store)} == {"mail"}


async def test_an_import_for_nobody(
    store: Fragile, run: Callable[..., Awaitable[Result]], tmp_path: Path
) -> None:
    path = archive(tmp_path, mail("one"))
    done = await run("email", "import", str(path), "--mailbox", "who@agency.example")
    assert isinstance(done.exception, ConfigurationError)
    assert str(done.exception).endswith(f"mailbox who@agency.example; there are: {CARE}")
    (tmp_path / "empty").mkdir()
    done = await run("email", "import", str(tmp_path / "empty"), "--mailbox", CARE)
    assert (done.exit_code, done.stdout) == (2, "")
    done = await run("email", "aside")
    assert (done.exit_code, done.stdout) == (0, "")
    assert await rows(store) == []


async def test_a_missing_setting_is_named(
    url: str, store: Fragile, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Directory()
    await known.refresh(store)  # type: ignore[arg-type]
    monkeypatch.delenv("GATEWAY_IMAP_HARBOR_URL")
    with pytest.raises(ConfigurationError, match="GATEWAY_IMAP_HARBOR_URL is not set; give imaps"):
        open_channels(settings(url), known)
    monkeypatch.setattr("channels.registry.find_spec", lambda _: None)
    with pytest.raises(ConfigurationError, match=r"via imap.harbor: .*collections-gateway\[imap\]"):
        open_channels(settings(url), known)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (MAILBOX.replace("imap.harbor", "smtp"), "smtp brings no mails"),
        (MAILBOX.replace("imap.harbor", "pigeon"), "pigeon brings no mails"),
        (MAILBOX.replace("imap.harbor", "mailhook"), "twice"),
        (MAILBOX.replace("via: simulated-email", "via: imap"), "imap only brings mails"),
    ],
)
def test_a_wrong_inbox_is_named(written: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "harbor.yml"
    path.write_text(CLIENT + written)
    with pytest.raises(ConfigurationError, match=said):
        read_client(path)


def test_texts_have_no_inbox(tmp_path: Path) -> None:
    path = tmp_path / "harbor.yml"
    path.write_text(CLIENT.replace(f'"{OURS}"', f'"{OURS}"\n    inbox: [imap]'))
    with pytest.raises(ConfigurationError, match="inbox"):
        read_client(path)
