"""How a mailbox is reached and logged in to: encrypted or not at all, by password or by token."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote

import pytest

from channels.email.imap_settings import ImapSettings
from channels.email.mailbox import ImapEmail
from channels.email.oauth import NoToken
from channels.registry import Misconfigured, open_channel
from tests.channels.email.desks import QUICK, Desk, Taker, mail, reading, settings, until
from tests.standins.certificates import Authority
from tests.standins.imapd import Imapd, misbehaving

MECHANISMS = "IMAP4rev1 SASL-IR IDLE AUTH=XOAUTH2"


@pytest.fixture
def taker() -> Taker:
    return Taker()


@asynccontextmanager
async def encrypted(
    server: Imapd, authority: Authority, way: str, host: str = "localhost"
) -> AsyncIterator[str]:
    context = authority.server(host)
    if way == "imaps":
        async with misbehaving(server, context) as url:
            yield url
    else:
        server.tls = context
        server.can += " STARTTLS"
        async with misbehaving(server) as url:
            yield url


@pytest.mark.parametrize("way", ["imaps", "starttls"])
async def test_encrypted(way: str, authority: Authority, taker: Taker) -> None:
    server = Imapd({1: mail("one")})
    async with encrypted(server, authority, way) as url:
        given = ImapSettings(url, ca_file=str(authority.file))
        async with reading(given, Desk(), taker):
            await taker.has(1)
            server.add(mail("two", "x" * 300_000))
            await taker.has(2)
    if way == "starttls":
        assert server.lines.index("STARTTLS") < next(
            number for number, line in enumerate(server.lines) if line.startswith("LOGIN")
        )


@pytest.mark.parametrize("way", ["imaps", "starttls"])
@pytest.mark.parametrize("wrong", ["stranger", "host"])
async def test_no_certificate_is_taken_unverified(
    way: str, wrong: str, authority: Authority, taker: Taker, logged: list[Any]
) -> None:
    server = Imapd({1: mail("one")})
    host = "elsewhere.example" if wrong == "host" else "localhost"
    async with encrypted(server, authority, way, host) as url:
        trusted = {"ca_file": str(authority.file)} if wrong == "host" else {}
        async with reading(ImapSettings(url, **trusted), Desk(), taker):
            await until(lambda: len(logged) > 1)
    assert all("SSLCertVerificationError" in each["why"] for each in logged)
    assert server.logins == 0
    assert not any("s3cret" in line for line in server.lines)


async def test_no_password_goes_where_there_is_no_encryption(taker: Taker) -> None:
    server = Imapd({1: mail("one")})
    async with misbehaving(server) as url, reading(ImapSettings(url), Desk(), taker):
        await until(lambda: server.connections > 1)
    assert server.lines
    assert {line.split()[0] for line in server.lines} == {"CAPABILITY"}


async def test_what_is_said_before_the_encryption_counts_nothing(
    authority: Authority, taker: Taker
) -> None:
    """Somebody in between may add lines to what goes in the clear."""
    server = Imapd({1: mail("one")}, can="IMAP4rev1 STARTTLS", tls=authority.server("localhost"))
    server.answers = {"STARTTLS": "OK begin\r\n* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n* half a"}
    async with misbehaving(server) as url:
        given = ImapSettings(url, ca_file=str(authority.file), patience=0.5)
        async with reading(given, Desk(), taker):
            await until(lambda: server.connections > 2)
    assert server.logins == 0


async def test_a_login_that_the_server_forbids_is_not_tried(taker: Taker) -> None:
    server = Imapd(can="IMAP4rev1 LOGINDISABLED")
    async with misbehaving(server) as url, reading(settings(url), Desk(), taker):
        await until(lambda: server.connections > 0)
        await until(lambda: server.commands["CAPABILITY"])
    assert server.logins == 0


@pytest.mark.parametrize(
    ("user", "password"),
    [("a b", 'p"w\\d'), ("care%40x.example", "%26p@ss"), ("R&D", "ü€")],
)
async def test_any_user_and_password(user: str, password: str, taker: Taker) -> None:
    server = Imapd({1: mail("one")}, answers={"LOGIN": "OK welcome"})
    async with misbehaving(server):
        url = f"imap://{quote(unquote(user))}:{quote(password, safe='')}@localhost:{server.port}"
        async with reading(settings(url), Desk(), taker):
            await taker.has(1)
    escaped = password.replace("\\", "\\\\").replace('"', '\\"')
    assert f'LOGIN "{unquote(user)}" "{escaped}"' in server.lines


class Tokens:
    """As AccessTokens: the first that it gives has ended early."""

    def __init__(self, *tokens: str) -> None:
        self.tokens = list(tokens)
        self.forgotten: list[str] = []

    async def token(self) -> str:
        if not self.tokens:
            raise NoToken("the token server answered 400", refused=True)
        return self.tokens[0]

    def forget(self, token: str) -> None:
        self.forgotten.append(token)
        self.tokens.remove(token)


async def logged_in_by(server: Imapd, tokens: Tokens, taker: Taker, true: Any) -> None:
    async with misbehaving(server) as url:
        channel = ImapEmail(settings(url), "", QUICK)
        channel._dialler = replace(channel._dialler, tokens=tokens)  # type: ignore[arg-type]
        channel.attach(Desk())
        task = asyncio.create_task(channel.receive(taker.take))
        try:
            await until(true)
        finally:
            task.cancel()
            await asyncio.wait({task})


async def test_by_token_and_by_another_where_the_first_has_ended(taker: Taker) -> None:
    server = Imapd({1: mail("one")}, token="second")
    tokens = Tokens("first", "second")
    await logged_in_by(server, tokens, taker, lambda: taker.unique)
    assert (tokens.forgotten, server.logins) == (["first"], 2)
    assert server.commands["LOGIN"] == 0


async def test_without_a_token_nobody_is_asked(taker: Taker, logged: list[Any]) -> None:
    server = Imapd({1: mail("one")})
    await logged_in_by(server, Tokens(), taker, lambda: len(logged) > 1)
    assert server.connections > 0
    assert server.logins == 0
    assert {each["log_level"] for each in logged if each["event"] == "mailbox.lost"} == {"error"}


async def test_a_server_without_xoauth2(taker: Taker) -> None:
    server = Imapd(can="IMAP4rev1 IDLE")
    tokens = Tokens("first", "second")
    await logged_in_by(server, tokens, taker, lambda: server.connections > 1)
    assert server.logins == 0


def test_a_missing_library_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.registry.find_spec", lambda _: None)
    with pytest.raises(Misconfigured) as caught:
        open_channel("imap", {"url": "imaps://u:p@mail.example"}, "")
    assert caught.value.setting is None
    assert "pip install 'collections-gateway[imap]'" in caught.value.mend


def test_settings_are_known_without_the_library() -> None:
    asked = (
        "import sys; from channels.registry import PROVIDERS; import gateway.app;"
        "PROVIDERS['imap'].settings(); assert 'aioimaplib' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", asked], check=True)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, "^url: give imaps://USER:PASSWORD@HOST"),
        ({"url": "imap.example"}, "^url: "),
        ({"url": "pop3://u:s3cret@mail.example"}, "^url: "),
        ({"url": "imaps://mail.example"}, "^url: .*no user"),
        ({"url": "imaps://u@mail.example"}, "^url: .*without a password"),
        ({"url": "imaps://u:s3cret@mail.example:x"}, "^url: "),
        ({"url": "imaps://u:s3cret%0D%0AA1@mail.example"}, "^url: .*control"),
        ({"url": "imaps://u:s3cret@mail.example/INBOX"}, "^url: "),
        ({"encryption": "some"}, "^encryption: give required"),
        ({"encryption": "none"}, "^encryption: give required, since"),
        ({"first": "new"}, "^first: give unseen"),
        ({"folder": "a\r\nb"}, "^folder: "),
        ({"folder": ""}, "^folder: "),
        ({"folder": "x" * 240}, "^folder: 254"),
        ({"done_folder": "INBOX"}, "^folder: give one that differs"),
        ({"poll": "0"}, "^poll: give seconds"),
        ({"idle": "1800"}, "^idle: give seconds"),
        ({"patience": "nan"}, "^patience: give seconds"),
        ({"largest": "12"}, "^largest: give bytes"),
        ({"largest": "much"}, "^largest: give a whole number"),
        ({"ca_file": "/nowhere"}, "^ca_file: "),
        ({"oauth_client_id": "x"}, "^oauth_client_id: give oauth_token_url"),
        ({"oauth_token_url": "https://t.example", "oauth_client_id": "x"}, "^oauth_refresh_token"),
        ({"port": "993"}, "^port: there is no such setting"),
    ],
)
def test_wrong_settings_are_named(given: dict[str, str], named: str) -> None:
    whole = {"url": "imaps://u:s3cret@mail.example"} | given if given else {}
    with pytest.raises(Misconfigured, match=named) as caught:
        open_channel("imap", whole, "")
    assert "s3cret" not in str(caught.value)


def test_a_token_needs_a_url_without_password() -> None:
    given = {
        "oauth_token_url": "https://token.example",
        "oauth_client_id": "gateway",
        "oauth_refresh_token": "s3cret",
    }
    with pytest.raises(Misconfigured, match=r"^url: .*no password"):
        open_channel("imap", given | {"url": "imaps://u:s3cret@mail.example"}, "")
    whole = given | {"url": "imaps://care%40agency.example@mail.example"}
    assert "s3cret" not in repr(ImapSettings(**whole))
