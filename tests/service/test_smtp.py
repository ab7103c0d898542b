"""Email through the whole service: settings of the environment, a server with TLS and a login."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import dkim
import pytest
from aiohttp import ClientSession

from gateway.app import Role, Service, start
from gateway.clients import ConfigurationError, read_client
from gateway.clock import system_clock
from gateway.ids import new_id
from gateway.mail.tokens import Purpose, mint
from gateway.storage.clients import apply_client
from gateway.storage.opening import open_store
from gateway.storage.tables import addresses, conversations, customers, outbound
from tests.service.conftest import CLIENT, OURS, SECRET, settings
from tests.standins.certificates import Authority, DkimKey, authority_in, key_in
from tests.standins.mailhost import Mailhost, hosting

MAILBOX, ADA = "care@agency.example", "ada@mail.example"
PASSWORD = "s3cret"


async def opened(url: str, folder: Path, via: str = "smtp") -> Any:
    path = folder / "harbor.yml"
    text = CLIENT.replace("channel: sms", "channel: email").replace(OURS, MAILBOX)
    path.write_text(text.replace("via: twilio", f"via: {via}").replace("10dlc", "mail_domain"))
    store = await open_store(url)
    await store.transact("apply", lambda tx: apply_client(tx, read_client(path)))
    return store


async def queue(service: Service) -> str:
    """A mail to Ada, of the kind that goes at any hour; its id."""
    who, talk, mail, now = new_id(), new_id(), new_id(), system_clock()
    stamped = {"client": "harbor", "created_at": now, "updated_at": now}
    here = {"channel": "email", "sender": MAILBOX, "address": ADA}
    person = {"id": who, "ref": "C-1", "timezone": "America/New_York", **stamped}
    home = {"id": talk, "customer_id": who, **here, **stamped}
    row = {
        "id": mail, "client": "harbor", "conversation_id": talk, "customer_id": who, **here,
        "category": "help", "demand": 0, "response": "utter_help", "variation": "a",
        "language": "en-US", "neutral": 1, "text": "Harbor Recovery: call +1 800 555 0100.",
        "subject": "Help", "html": "<p>Harbor Recovery: call us.</p>", "status": "queued",
        "due_at": now, "created_at": now,
    }  # fmt: skip

    async def work(tx: Any) -> None:
        for table, values in ((customers, person), (conversations, home), (outbound, row)):
            await tx.insert(table, [values])
        tx.wake("send")

    await service.store.transact("queue", work)
    return mail


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return authority_in(tmp_path)


@pytest.fixture
def dkim_key(tmp_path: Path) -> DkimKey:
    return key_in(tmp_path / "mail1.pem")


@pytest.fixture
async def host(authority: Authority) -> AsyncIterator[tuple[Mailhost, int]]:
    made = Mailhost(users={MAILBOX: PASSWORD})
    async with hosting(made, starttls=authority.server("localhost")) as port:
        yield made, port


@pytest.mark.parametrize("via", ["smtp", "smtp.harbor"])
async def test_a_signed_mail_goes_and_its_button_works(
    host: tuple[Mailhost, int],
    via: str,
    authority: Authority,
    dkim_key: DkimKey,
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mailhost, port = host
    own = f"GATEWAY_{via.upper().replace('.', '_')}_"
    given = {
        "URL": f"smtp://care%40agency.example:{PASSWORD}@localhost:{port}",
        "CA_FILE": str(authority.file),
        "DKIM_SELECTOR": "mail1",
        "DKIM_KEY_FILE": str(dkim_key.file),
        "CONNECTIONS": "2",
        "HELLO": "gateway.agency.example",
    }
    for name, text in given.items():
        monkeypatch.setenv(own + name, text)
    store = await opened(sqlite_url, tmp_path, via)
    service = await start(settings(sqlite_url), store=store)
    try:
        mail = await queue(service)
        async with asyncio.timeout(90):
            while not mailhost.taken:
                await asyncio.sleep(0.01)
        async with ClientSession() as session:
            url = f"{service.url}/u/{mint(SECRET.encode(), mail, Purpose.UNSUBSCRIBE)}"
            async with session.post(url, data={"List-Unsubscribe": "One-Click"}) as answer:
                assert answer.status == 200
        (row,) = await service.store.read(lambda tx: tx.fetch(addresses.select()))
        assert (row.address, row.opt_out_method) == (ADA, "one_click")
    finally:
        await service.stop()
    (taken,) = mailhost.taken
    assert taken.recipients == (ADA,)
    assert (mailhost.logins, mailhost.encrypted) == (["PLAIN"], [True])
    assert mailhost.hello == ["gateway.agency.example"] * 2, "in the clear, then encrypted"
    assert dkim.verify(taken.raw, dnsfunc=dkim_key.dns)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (None, "", "GATEWAY_SMTP_URL is not set; give smtp://USER:PASSWORD@HOST:587"),
        ("URL", "mail.example", "GATEWAY_SMTP_URL is wrong; give smtp://"),
        ("CONNECTIONS", "many", "GATEWAY_SMTP_CONNECTIONS is wrong; give a whole number"),
        ("DKIM_SELECTOR", "mail1", "GATEWAY_SMTP_DKIM_KEY_FILE is not set; give the file"),
        ("PORT", "25", "GATEWAY_SMTP_PORT is wrong; there is no such setting"),
    ],
)
async def test_a_wrong_setting_ends_the_start(
    name: str | None,
    text: str,
    said: str,
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if name is not None:
        monkeypatch.setenv("GATEWAY_SMTP_URL", "smtp://mail.example")
        monkeypatch.setenv(f"GATEWAY_SMTP_{name}", text)
    store = await opened(sqlite_url, tmp_path)
    with pytest.raises(ConfigurationError) as caught:
        await start(settings(sqlite_url), Role.WORK, store=store)
    assert str(caught.value).startswith(said)
