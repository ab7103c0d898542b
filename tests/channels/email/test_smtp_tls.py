"""Encryption and logins: what is verified is used, what is not is never spoken to."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.contract import SendError
from channels.email.oauth import AccessTokens, Grant, NoToken
from channels.email.settings import SmtpSettings, tls_of
from channels.email.smtp import SmtpEmail
from domain.messages import Reason
from tests.channels.email.test_smtp_send import outbound, refused
from tests.standins.certificates import Authority, authority_in
from tests.standins.mailhost import DROP, Mailhost, hosting

# aiosmtpd takes TLS from the first byte for none.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

SECRET = "s3cret/ü"
LOGIN = "care%40agency.example:s3cret%2F%C3%BC@"
USER = "care@agency.example"


def opened(url: str, authority: Authority, **more: object) -> SmtpEmail:
    given = {"url": url, "ca_file": str(authority.file), "timeout": 10.0} | more
    return SmtpEmail(SmtpSettings(**given), "")  # type: ignore[arg-type]


@asynccontextmanager
async def talking(
    host: Mailhost, scheme: str, authority: Authority, context: ssl.SSLContext, login: str = ""
) -> AsyncIterator[SmtpEmail]:
    implicit = scheme == "smtps"
    given = {"tls": context} if implicit else {"starttls": context}
    async with hosting(host, **given) as port:  # type: ignore[arg-type]
        channel = opened(f"{scheme}://{login}localhost:{port}", authority)
        yield channel
        await channel.close()


BOTH = pytest.mark.parametrize("scheme", ["smtp", "smtps"])


@pytest.fixture
def host() -> Mailhost:
    return Mailhost()


@BOTH
async def test_mails_go_encrypted(host: Mailhost, scheme: str, authority: Authority) -> None:
    async with talking(host, scheme, authority, authority.server("localhost")) as channel:
        await channel.send(outbound())
        await channel.send(outbound(1))
    assert host.encrypted == [True, True]
    assert host.connections == 1


def expired(authority: Authority, _: Path) -> ssl.SSLContext:
    return authority.server("localhost", not_after=datetime.now(UTC) - timedelta(days=1))


BAD = {
    "of another host": lambda authority, _: authority.server("elsewhere.example"),
    "of nobody we trust": lambda _, folder: authority_in(folder).server("localhost"),
    "expired": expired,
}


@BOTH
@pytest.mark.parametrize("flaw", BAD)
async def test_a_certificate_that_does_not_hold(
    host: Mailhost, scheme: str, flaw: str, authority: Authority, tmp_path: Path
) -> None:
    host.users = {USER: SECRET}
    context = BAD[flaw](authority, tmp_path)
    async with talking(host, scheme, authority, context, LOGIN) as channel:
        error = await refused(channel)
    assert (error.reason, error.retry, error.pause) == (Reason.SENDER, "later", True)
    assert error.code == "tls"
    assert (host.logins, host.taken) == ([], [])


async def test_a_server_without_starttls(host: Mailhost, authority: Authority) -> None:
    host.users = {USER: SECRET}
    async with hosting(host) as port:
        error = await refused(opened(f"smtp://{LOGIN}localhost:{port}", authority))
    assert (error.reason, error.code, error.pause) == (Reason.SENDER, "extension", True)
    assert (host.logins, host.taken) == ([], [])


async def test_tls_where_none_is_spoken(host: Mailhost, authority: Authority) -> None:
    async with hosting(host) as port:
        error = await refused(opened(f"smtps://{LOGIN}localhost:{port}", authority))
    assert (error.reason, error.retry) == (Reason.SENDER, "later")
    assert error.code == "tls"


@BOTH
async def test_a_handshake_that_is_cut(scheme: str, authority: Authority) -> None:
    """The server is overloaded, perhaps: that is nobody's fault to mend."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if scheme == "smtp":
            for said in (b"220 hello\r\n", b"250-hi\r\n250 STARTTLS\r\n", b"220 go on\r\n"):
                writer.write(said)
                await reader.read(1000)
        else:
            await reader.read(1000)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        error = await refused(opened(f"{scheme}://{LOGIN}localhost:{port}", authority))
    assert (error.reason, error.retry, error.pause) == (Reason.TEMPORARY, "later", False)


async def test_starttls_that_is_cut(host: Mailhost, authority: Authority) -> None:
    """Nobody is spoken to in the clear because of it."""
    context = authority.server("localhost")
    async with talking(host, "smtp", authority, context) as channel:
        host.then("EHLO", DROP)
        assert (await refused(channel)).retry == "later"
    assert host.taken == []


@BOTH
@pytest.mark.parametrize("how", ["PLAIN", "LOGIN"])
async def test_a_login(host: Mailhost, scheme: str, how: str, authority: Authority) -> None:
    host.users = {USER: SECRET}
    host.without = {"PLAIN", "LOGIN"} - {how}
    async with talking(host, scheme, authority, authority.server("localhost"), LOGIN) as channel:
        await channel.send(outbound())
        await channel.send(outbound(1))
    assert host.logins == [how]
    assert len(host.taken) == 2


async def test_a_login_that_is_refused(host: Mailhost, authority: Authority) -> None:
    host.users = {USER: "another"}
    async with talking(host, "smtp", authority, authority.server("localhost"), LOGIN) as channel:
        error = await refused(channel)
    assert (error.reason, error.retry, error.pause) == (Reason.SENDER, "later", True)
    assert str(error.code).startswith("535")
    assert SECRET not in str(error)
    assert host.taken == []


class TokenServer:
    """Answers from a list, else tokens that it counts."""

    def __init__(self) -> None:
        self.answers: list[web.Response] = []
        self.asked: list[dict[str, str]] = []
        self.more: dict[str, object] = {"expires_in": 3600}

    async def handle(self, request: web.Request) -> web.Response:
        self.asked.append({key: str(value) for key, value in (await request.post()).items()})
        if self.answers:
            return self.answers.pop(0)
        return web.json_response({"access_token": f"t{len(self.asked)}"} | self.more)


@pytest.fixture
def token_server() -> TokenServer:
    return TokenServer()


@pytest.fixture
async def token_url(token_server: TokenServer, authority: Authority) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/token", token_server.handle)
    server = TestServer(app, scheme="https", host="localhost")
    await server.start_server(ssl=authority.server("localhost"))
    yield str(server.make_url("/token"))
    await server.close()


def oauth(url: str, **more: str) -> dict[str, object]:
    given = {"token_url": url, "client_id": "gateway", "client_secret": "cs", "refresh_token": "r1"}
    return {f"oauth_{name}": text for name, text in (given | more).items() if text}


class TestXoauth2:
    @pytest.fixture
    async def channel(
        self, host: Mailhost, authority: Authority, token_url: str
    ) -> AsyncIterator[SmtpEmail]:
        host.users = {USER: ""}
        host.without = {"PLAIN", "LOGIN"}
        async with hosting(host, starttls=authority.server("localhost")) as port:
            url = f"smtp://care%40agency.example@localhost:{port}"
            channel = opened(url, authority, **oauth(token_url), idle=0.01)
            yield channel
            await channel.close()

    async def test_a_token_is_fetched_once(
        self, host: Mailhost, channel: SmtpEmail, token_server: TokenServer
    ) -> None:
        host.tokens = {"t1"}
        for number in range(3):
            await channel.send(outbound(number))
            await channel.close()
        assert host.logins == ["XOAUTH2"] * 3
        assert token_server.asked == [
            {"grant_type": "refresh_token", "client_id": "gateway", "client_secret": "cs",
             "refresh_token": "r1"}
        ]  # fmt: skip

    async def test_one_that_ended_early_is_fetched_anew(
        self, host: Mailhost, channel: SmtpEmail, token_server: TokenServer
    ) -> None:
        host.tokens = {"t1"}
        await channel.send(outbound())
        await channel.close()
        host.tokens = {"t2"}
        await channel.send(outbound(1))
        assert host.logins == ["XOAUTH2"] * 3
        assert len(token_server.asked) == 2

    async def test_one_that_the_server_never_takes(
        self, host: Mailhost, channel: SmtpEmail, token_server: TokenServer
    ) -> None:
        error = await refused(channel)
        assert (error.reason, error.retry, error.pause) == (Reason.SENDER, "later", True)
        assert len(token_server.asked) == 2, "and no more: it would lock the account"

    @pytest.mark.parametrize(
        ("answer", "reason", "pause"),
        [
            (web.json_response({"error": "invalid_grant"}, status=400), Reason.SENDER, True),
            (web.json_response({"error": "no_client"}, status=401), Reason.SENDER, True),
            (web.Response(status=503), Reason.TEMPORARY, False),
            (web.Response(status=429), Reason.TEMPORARY, False),
            (web.Response(text="<html>"), Reason.TEMPORARY, False),
            (web.json_response({"access_token": ""}), Reason.TEMPORARY, False),
            (web.json_response({"access_token": 7}), Reason.TEMPORARY, False),
            (web.Response(body=b"\xff" * 100_000), Reason.TEMPORARY, False),
        ],
    )
    async def test_no_token(
        self,
        host: Mailhost,
        channel: SmtpEmail,
        token_server: TokenServer,
        answer: web.Response,
        reason: Reason,
        pause: bool,
    ) -> None:
        token_server.answers.append(web.Response(
            body=answer.body, status=answer.status, content_type=answer.content_type
        ))  # fmt: skip
        error = await refused(channel)
        assert (error.reason, error.retry, error.pause) == (reason, "later", pause)
        assert error.code == "oauth"
        host.tokens = {"t2"}
        assert await channel.send(outbound(1))


async def test_a_refresh_token_that_changes_is_used(
    token_server: TokenServer, token_url: str, authority: Authority
) -> None:
    tokens = AccessTokens(
        Grant(token_url, "gateway", "cs", "r1"), tls_of(str(authority.file)), 10.0
    )
    token_server.more = {"refresh_token": "r2", "expires_in": 0}
    assert await tokens.token() == "t1"
    assert await tokens.token() == "t2", "one that ends within a minute is not used again"
    assert [asked["refresh_token"] for asked in token_server.asked] == ["r1", "r2"]


async def test_a_client_asks_for_itself(
    token_server: TokenServer, token_url: str, authority: Authority
) -> None:
    grant = Grant(token_url, "gateway", "cs", scope="mail.send")
    await AccessTokens(grant, tls_of(str(authority.file)), 10.0).token()
    assert token_server.asked == [
        {"grant_type": "client_credentials", "client_id": "gateway", "client_secret": "cs",
         "scope": "mail.send"}
    ]  # fmt: skip
    assert "cs" not in repr(grant)


async def test_a_token_server_that_can_not_be_trusted(
    token_server: TokenServer, token_url: str
) -> None:
    with pytest.raises(NoToken) as caught:
        await AccessTokens(Grant(token_url, "gateway", "cs", "r1"), tls_of(""), 10.0).token()
    assert not caught.value.refused
    assert token_server.asked == [], "no secret was told"


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"url": ""}, "url"),
        ({"url": "http://x"}, "url"),
        ({"url": "smtp://user@mail.example"}, "url"),
        ({"encryption": "maybe"}, "encryption"),
        ({"encryption": "none", "url": "smtp://u:hunter2@mail.example"}, "encryption"),
        ({"encryption": "none", "url": "smtps://mail.example"}, "encryption"),
        ({"ca_file": "/nowhere/ca.pem"}, "ca_file"),
        ({"ca_file": __file__}, "ca_file"),
        ({"hello": "me here"}, "hello"),
        ({"return_domain": "x@y"}, "return_domain"),
        ({"return_domain": "Mail.example"}, "return_domain"),
        ({"connections": 0}, "connections"),
        ({"connections": 65}, "connections"),
        ({"idle": 0.0}, "idle"),
        ({"timeout": float("nan")}, "timeout"),
        ({"dkim_selector": "mail1"}, "dkim_key_file"),
        ({"dkim_selector": "a b", "dkim_key_file": "x"}, "dkim_selector"),
        ({"dkim_selector": "mail1", "dkim_key_file": "/nowhere/key.pem"}, "dkim_key_file"),
        ({"dkim_selector": "mail1", "dkim_key_file": __file__}, "dkim_key_file"),
        ({"dkim_domain": "agency.example"}, "dkim_domain"),
        ({"dkim_key_file": "x"}, "dkim_key_file"),
        ({"oauth_client_id": "x"}, "oauth_client_id"),
        ({"oauth_client_secret": "hunter2"}, "oauth_client_secret"),
        (oauth("http://auth.example/token"), "oauth_token_url"),
        (oauth("https://["), "oauth_token_url"),
        (oauth("https://auth.example/token", client_id=""), "oauth_client_id"),
        (oauth("https://auth.example/token", client_secret="", refresh_token=""),
         "oauth_refresh_token"),
        (oauth("https://auth.example/token") | {"url": "smtp://u:hunter2@mail.example"}, "url"),
        (oauth("https://auth.example/token"), "url"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_named(wrong: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=rf"^{named}: ") as caught:
        SmtpSettings(**{"url": "smtp://mail.example", **wrong})  # type: ignore[arg-type]
    assert "hunter2" not in str(caught.value)


def test_secrets_never_show() -> None:
    settings = SmtpSettings("smtp://u:hunter2@mail.example")
    assert "hunter2" not in repr(settings)
    given = oauth("https://auth.example/token", client_secret="hunter2", refresh_token="hunter2")
    assert "hunter2" not in repr(SmtpSettings("smtp://u@mail.example", **given))  # type: ignore[arg-type]


async def test_an_error_of_a_send_shows_no_password(authority: Authority) -> None:
    async with hosting(Mailhost()) as port:
        pass
    with pytest.raises(SendError) as caught:
        await opened(f"smtps://u:hunter2@localhost:{port}", authority).send(outbound())
    assert "hunter2" not in str(caught.value)
