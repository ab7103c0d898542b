"""`gateway nlu serve`: Rasa's answers and refusals, by the built-in model."""

import asyncio
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from typer.testing import CliRunner

from domain.understanding import Reply
from domain.values import ChannelKind
from gateway.cli import app
from gateway.clients import ConfigurationError
from nlu.cascade import BuiltIn
from nlu.rasa.client import Rasa
from nlu.rasa.server import Parser

AT = datetime(2026, 3, 4, 10, tzinfo=UTC)
BUILT_IN = BuiltIn()
PARSER = Parser(BUILT_IN, "en-US", lambda: AT)


@pytest.fixture
async def url() -> AsyncIterator[str]:
    server = TestServer(PARSER.app())
    await server.start_server()
    yield str(server.make_url("")).rstrip("/")
    await server.close()


async def get(url: str) -> tuple[int, Any]:
    async with ClientSession() as session, session.get(url) as response:
        return response.status, await response.json(content_type=None)


async def parse(url: str, body: bytes, **headers: str) -> tuple[int, Any]:
    async with (
        ClientSession() as session,
        session.post(f"{url}/model/parse", data=body, headers=headers) as response,
    ):
        return response.status, await response.json()


def test_a_promise_in_rasas_shape() -> None:
    text = "I can do $50 on friday"
    found = PARSER.parsed(text)
    assert list(found) == ["text", "intent", "entities", "intent_ranking"]
    assert found["text"] == text
    assert found["intent"]["name"] == "promise_to_pay"
    assert found["intent"] == found["intent_ranking"][0]
    assert found["entities"] == [
        {
            "entity": "amount",
            "start": 9,
            "end": 12,
            "value": "50.00",
            "extractor": "CollectionsGateway",
            "additional_info": {"currency": "USD"},
        },
        {
            "entity": "date",
            "start": 16,
            "end": 22,
            "value": "2026-03-06",
            "extractor": "CollectionsGateway",
        },
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("FIFTY FIVE dollars, Tmrw!", {"FIFTY FIVE dollars": "55.00", "Tmrw": "2026-03-05"}),
        ("£20 — or $1,200.50", {"£20": "20.00", "$1,200.50": "1200.50"}),
        ("50 and 50", {"50": "50.00"}),
        ("İİİ 50 bucks", {"50 bucks": "50.00"}),
        ("hello", {}),
    ],
)
def test_entities_stand_where_they_are_written(text: str, said: dict[str, str]) -> None:
    entities = PARSER.parsed(text)["entities"]
    assert {text[each["start"] : each["end"]]: each["value"] for each in entities} == said
    ends = [0, *(each["end"] for each in entities)]
    assert all(end <= each["start"] for end, each in zip(ends, entities, strict=False))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00",
        "\ud800",
        "50 " * 40_000,
        "twenty " * 20_000,
        "friday" * 20_000,
        "🛑" * 100_000,
    ],
)
async def test_any_text_is_answered_soon(url: str, text: str) -> None:
    async with asyncio.timeout(60):
        status, found = await parse(url, json.dumps({"text": text}).encode())
    assert status == 200
    assert found["text"] == text
    assert found["intent"] == found["intent_ranking"][0]


async def test_other_keys_and_headers_do_not_matter(url: str) -> None:
    asked = {"text": "STOP", "message_id": "m1", "token": None, "model": {"a": [1]}}
    status, found = await parse(url, json.dumps(asked).encode(), **{"Content-Type": "text/plain"})
    assert (status, found["intent"]["name"]) == (200, "opt_out")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{bad", b"[]", b"null", b'"text"', b"5", b"{}", b'{"text": 5}', b'{"text": null}',
        b'{"text": ["a"]}', b"\xff\xfe\x00", b"[" * 100_000, b'{"text": "a"', b"9" * 5000,
    ],
)  # fmt: skip
async def test_what_is_no_request_is_refused_as_rasa_refuses(url: str, body: bytes) -> None:
    status, told = await parse(url, body)
    assert status == 400
    assert list(told) == ["version", "status", "message", "reason", "details", "help", "code"]
    assert (told["status"], told["reason"], told["code"]) == ("failure", "BadRequest", 400)


async def test_ten_megabytes_are_refused(url: str) -> None:
    body = json.dumps({"text": "a" * 10_000_000}).encode()
    status, told = await parse(url, body)
    assert (status, told["status"], told["code"]) == (413, "failure", 413)
    assert (await parse(url, b'{"text": "STOP"}'))[0] == 200


async def test_what_is_not_there_is_refused_in_the_same_shape(url: str) -> None:
    status, told = await get(f"{url}/model/parse")
    assert (status, told["code"], told["reason"]) == (405, 405, "MethodNotAllowed")
    status, told = await get(f"{url}/webhooks/rest/webhook")
    assert (status, told["code"], told["reason"]) == (404, 404, "NotFound")


async def test_status_and_version_as_rasa_tells_them(url: str) -> None:
    status, told = await get(f"{url}/status")
    assert status == 200
    assert told == {
        "model_file": BUILT_IN.version,
        "model_id": BUILT_IN.version,
        "num_active_training_jobs": 0,
    }
    assert await get(f"{url}/version") == (
        200,
        {"version": "3.6.21", "minimum_compatible_version": "3.6.21"},
    )


async def test_it_stands_in_for_the_server_that_our_client_asks(url: str) -> None:
    texts = [
        "things are a bit up in the air with the shop at the moment",
        "gonna send 40 bucks when my cousin pays me back",
        "lost my job and nobody at your place will talk to me about a plan",
        "where do i even see what is left on this",
    ]
    replies = [Reply("r", text, ChannelKind.SMS, "en-US", AT, "USD") for text in texts]
    rasa = Rasa(url, built_in=BUILT_IN, timeout=5)
    asked = await rasa.understand(replies)
    await rasa.close()
    for mine, theirs in zip(BUILT_IN.parse(replies), asked, strict=True):
        assert (theirs.intent, theirs.amount, theirs.date) == (mine.intent, mine.amount, mine.date)
    assert {each.decided_by for each in asked} >= {f"rasa:{BUILT_IN.version}"}


async def test_the_command_serves_until_it_is_told_to_end() -> None:
    command = [sys.executable, "-m", "gateway.cli", "nlu", "serve", "--port", "0"]
    process = await asyncio.create_subprocess_exec(*command, stderr=subprocess.PIPE)
    try:
        assert process.stderr
        line = (await asyncio.wait_for(process.stderr.readline(), 60)).decode()
        url = re.search(r"http://\S+:\d+", line)
        assert url, line
        status, found = await parse(url[0], b'{"text": "STOP"}')
        assert (status, found["intent"]["name"]) == (200, "opt_out")
    finally:
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 30) == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--locale", "fr-FR"], "fr-FR"),
        (["--tz", "Mars/Base"], "Mars/Base"),
        (["--port", "70000"], "65535"),
    ],
)
def test_wrong_use_is_told(arguments: list[str], says: str) -> None:
    result = CliRunner().invoke(app, ["nlu", "serve", *arguments])
    assert (result.exit_code, says in result.output) == (2, True)


def test_a_taken_port_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = CliRunner().invoke(app, ["nlu", "serve", "--port", str(port)])
    assert isinstance(result.exception, ConfigurationError)
    assert f"127.0.0.1:{port}" in str(result.exception)
