"""Pictures that customers sent: kept by name, seen by a person, and fetched with care."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from channels.twilio.settings import TwilioSettings
from channels.twilio.sms import TwilioSms
from gateway.app import Service
from gateway.commands.contact import app
from gateway.media import MOST, NotFetched, Picture, fetch
from gateway.outcomes.networks import parse_networks
from gateway.storage.tables import inbound
from tests.service.conftest import OURS, PUBLIC, SECRET
from tests.service.test_hooks import stored
from tests.standins.phone import Phone
from tests.standins.serving import Request, Response
from tests.standins.serving import serving as served
from tests.standins.twilio import SID, TOKEN

HERE = parse_networks("127.0.0.1/32")
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
PATH = f"/2010-04-01/Accounts/{SID}/Messages/MM{'1' * 32}/Media/ME{'2' * 32}"


def image(body: bytes = PNG, kind: str = "image/png") -> Response:
    return Response(200, body, {"Content-Type": kind})


@asynccontextmanager
async def provider(
    *answers: Response, elsewhere: Response | None = None
) -> AsyncIterator[tuple[TwilioSms, str, list[Request], list[Request]]]:
    """The adapter, the media's address, and what the API and its store of files were asked."""
    asked: list[Request] = []
    store: list[Request] = []
    left = list(answers)

    async def api(request: Request) -> Response:
        asked.append(request)
        return left.pop(0) if len(left) > 1 else left[0]

    async def cdn(request: Request) -> Response:
        store.append(request)
        return elsewhere or image()

    async with served(cdn) as files, served(api) as url:
        for answer in left:
            if answer.headers.get("Location") == "elsewhere":
                answer.headers["Location"] = f"{files}/file"
        channel = TwilioSms(TwilioSettings(SID, TOKEN, PUBLIC, api_url=url), f"{PUBLIC}/status")
        yield channel, url + PATH, asked, store
        await channel.close()


async def fetched(*answers: Response, **more: Any) -> Picture:
    async with provider(*answers, **more) as (channel, url, _, _):
        return await fetch(url, channel, HERE)


async def refused(*answers: Response, **more: Any) -> str:
    with pytest.raises(NotFetched) as found:
        await fetched(*answers, **more)
    return str(found.value)


FILES = [
    ("image/png", PNG, "png"),
    ("IMAGE/JPEG; charset=binary", b"\xff\xd8\xff\xe0", "jpg"),
    ("image/gif", b"GIF89a..", "gif"),
    ("application/pdf", b"%PDF-1.7", "pdf"),
]


@pytest.mark.parametrize(("kind", "body", "ending"), FILES)
async def test_what_is_fetched(kind: str, body: bytes, ending: str) -> None:
    picture = await fetched(image(body, kind))
    assert (picture.body, picture.ending) == (body, ending)


NOT_TAKEN = {
    "a web page": image(b"<html>", "text/html"),
    "a drawing that may hold scripts": image(b"<svg/>", "image/svg+xml"),
    "a page that calls itself a picture": image(b"<html><script>", "image/png"),
    "no type": Response(200, PNG, {}),
    "one byte too many": image(PNG + b"\0" * MOST),
    "no such thing": Response(404, b"{}"),
    "nothing": image(b""),
    "redirected to nowhere": Response(302),
    "redirected for ever": Response(302, b"", {"Location": PATH}),
    "redirected to a file": Response(302, b"", {"Location": "file:///etc/passwd"}),
    "redirected to a name and password": Response(302, b"", {"Location": "https://a:b@c.example/"}),
    "redirected to no address": Response(302, b"", {"Location": "https://[::1/"}),
    "redirected to no host": Response(302, b"", {"Location": "https://a..b/"}),
}


@pytest.mark.parametrize("answer", NOT_TAKEN.values(), ids=NOT_TAKEN.keys())
async def test_what_is_not(answer: Response) -> None:
    assert await refused(answer)


PRIVATE = [
    "https://127.0.0.2/", "https://2130706434/", "https://127.2/", "https://0x7f.2/", "https://0/",
    "https://[::1]/", "https://[::ffff:127.0.0.2]/", "https://[fd00::1]/", "https://10.0.0.1/x",
    "https://169.254.169.254/latest/meta-data/",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
async def test_no_redirect_leads_to_a_private_address(address: str) -> None:
    """Only the very address at which the API stands in is let through here."""
    said = await refused(Response(302, b"", {"Location": address}))
    assert "not a public address" in said or "not one of the web" in said


async def test_a_private_address_is_refused_at_once() -> None:
    async with provider(image()) as (channel, url, asked, _):
        with pytest.raises(NotFetched, match="is not a public address"):
            await fetch(url, channel)
    assert asked == []


async def test_plain_http_is_for_the_configured_api_alone() -> None:
    """And with it goes our login: what stores the files gets none."""
    async with provider(Response(307, b"", {"Location": "elsewhere"})) as made:
        channel, url, asked, store = made
        with pytest.raises(NotFetched, match="not https"):
            await fetch(url, channel, HERE)
    assert "authorization" in asked[0].headers
    assert store == []


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://api.twilio.com/2010-04-01/x", True),
        ("https://api.twilio.com:443/2010-04-01/x", True),
        ("http://api.twilio.com/2010-04-01/x", False),
        ("https://api.twilio.com:8443/x", False),
        ("https://api.twilio.com.evil.example/x", False),
        ("https://mms.twiliocdn.com/x", False),
        ("https://s3-external-1.amazonaws.com/x", False),
        ("api.twilio.com", False),
        ("https://[::1", False),
    ],
)
def test_the_login_is_for_twilios_api_alone(url: str, ours: bool) -> None:
    channel = TwilioSms(TwilioSettings(SID, TOKEN, PUBLIC), f"{PUBLIC}/status")
    headers: Mapping[str, str] = channel.media_headers(url)
    assert ("Authorization" in headers) is ours


async def received(serving: Service, store: Any, phone: Phone, body: str, url: str) -> Any:
    more = {"NumMedia": "1", "MediaUrl0": url, "MediaContentType0": "image/png"}
    answer = await phone.text(OURS, body, **more)
    assert answer.status == 200
    (row,) = await stored(store, inbound)
    return row


async def test_the_command(
    serving: Service, store: Any, phone: Phone, url: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Lists by itself, fetches where it is asked to, and writes over nothing."""
    async with provider(image()) as (_, address, asked, _):
        row = await received(serving, store, phone, "", address)
        base = address.removesuffix(PATH)
        named = {
            "DATABASE_URL": url, "SECRET": SECRET, "PUBLIC_URL": PUBLIC,
            "TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_API_URL": base,
            "WEBHOOK_NETWORKS": "127.0.0.1/32",
        }  # fmt: skip
        for name, value in named.items():
            monkeypatch.setenv(f"GATEWAY_{name}", value)

        async def run(*more: str) -> Any:
            return await asyncio.to_thread(CliRunner().invoke, app, ["media", *more])

        listed = await run("harbor", row.id)
        assert listed.exit_code == 0, listed.output
        assert json.loads(listed.stdout)["url"] == address
        assert asked == []
        first = await run("harbor", row.id, "--save", str(tmp_path))
        again = await run("harbor", row.id, "--save", str(tmp_path))
        other = await run("meridian", row.id)
        nowhere = await run("harbor", row.id, "--save", str(tmp_path / "none"))
    assert first.exit_code == 0, first.output
    assert Path(json.loads(first.stdout)["file"]).read_bytes() == PNG
    assert (again.exit_code, "exists" in again.stdout) == (1, True)
    assert (other.exit_code, nowhere.exit_code) == (2, 2)
