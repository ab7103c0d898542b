"""The page on which a person plays the customer."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.verdict import Deferred, Outcome, RuleResult, encode
from domain.messages import Status
from domain.values import ChannelKind
from gateway.activity.story import Story
from gateway.demo.page import NETWORKS, linked
from gateway.demo.stage import Stage
from gateway.demo.view import held

BASE = "http://127.0.0.1:8080/p/"


@pytest.fixture
async def browser(stage: Stage) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(stage.service.url) as session:
        yield session


async def key(browser: aiohttp.ClientSession) -> str:
    async with browser.get("/demo") as answer:
        found = re.search(r'name="key" value="([^"]+)"', await answer.text())
    assert found is not None
    return found.group(1)


async def act(browser: aiohttp.ClientSession, what: str, **given: str) -> Any:
    form = {"key": await key(browser), "who": "US-1001", "channel": "sms"} | given
    async with browser.post(f"/demo/{what}", data=form, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Location", "")


async def parts(browser: aiohttp.ClientSession, who: str = "US-1001") -> dict[str, str]:
    async with browser.get("/demo/parts", params={"who": who}) as answer:
        found: dict[str, str] = await answer.json()
        return found


async def test_a_person_writes_and_sees_the_answer(
    stage: Stage, browser: aiohttp.ClientSession
) -> None:
    assert await act(browser, "say", text="<img src=x> can i pay 44 tomorrow?") == (
        303, "/demo?who=US-1001",
    )  # fmt: skip
    await stage.rest()
    seen = await parts(browser)
    assert "&lt;img src=x&gt; can i pay 44" in seen["phone"]
    assert "<img" not in "".join(seen.values())
    assert seen["phone"].count("bubble theirs") == 1
    assert "SMS in" in seen["activity"]
    assert "bubble" not in (await parts(browser, "US-1002"))["phone"]


async def test_a_reminder_brings_a_link_that_can_be_followed(
    stage: Stage, browser: aiohttp.ClientSession
) -> None:
    await act(browser, "remind", who="UK-2001", channel="email")
    await stage.rest()
    found = re.search(r'<a href="([^"]+)"', (await parts(browser, "UK-2001"))["mailbox"])
    assert found is not None
    async with browser.get(found.group(1)) as answer:
        assert answer.status == 200
        assert "Brightwater" in await answer.text()


async def test_a_silent_phone_says_why(stage: Stage, browser: aiohttp.ClientSession) -> None:
    await act(browser, "remind", who="US-1008")
    await stage.rest()
    seen = await parts(browser, "US-1008")
    assert "A message was not sent (on hold: dispute)" in seen["phone"]
    assert "No texts yet" not in seen["phone"]
    assert "held" not in seen["mailbox"], "the mailbox tells of emails only"


def test_a_message_that_waits_says_until_when() -> None:
    until = datetime(2026, 12, 1, 18, tzinfo=UTC)
    result = RuleResult("hours", "v1", Outcome.DEFERRED, "outside 08:00-21:00", until)
    row = SimpleNamespace(
        position=1,
        channel="sms",
        status="queued",
        due_at=int(until.timestamp()) * 1_000_000,
        verdict=encode(Deferred("hours", until, (result,))).decode(),
    )
    told = Story([], {}, {"m": row})
    zone = ZoneInfo("Pacific/Honolulu")
    assert list(held(told, ChannelKind.SMS, zone)) == [
        "A message waits until Tuesday 01 December, 08:00 (outside 08:00-21:00)."
    ]
    assert list(held(told, ChannelKind.EMAIL, zone)) == []


@pytest.mark.parametrize(
    ("network", "status"),
    [("delivers", Status.DELIVERED), ("undelivered", Status.UNDELIVERED)],
)
async def test_the_network_does_as_it_is_told(
    stage: Stage, browser: aiohttp.ClientSession, network: str, status: Status
) -> None:
    await act(browser, "network", network=network)
    await act(browser, "say", text="hello there")
    await stage.rest()
    sent = [shown for shown in stage.phones[ChannelKind.SMS].thread() if shown.outgoing]
    assert sent[0].status == status
    assert f"· {status.value}" in (await parts(browser))["phone"]


async def test_the_page_works_without_its_script_and_on_any_customer(
    browser: aiohttp.ClientSession,
) -> None:
    async with browser.get("/demo", params={"who": "UK-2003"}) as answer:
        html = await answer.text()
        policy = answer.headers["Content-Security-Policy"]
    assert "Aisha Rahman" in html
    assert html.count('method="post"') == 5
    assert "'unsafe-inline'" not in policy
    assert not re.search(r"\son\w+=|style=|<script>", html)
    for asset in ("demo.css", "demo.js"):
        async with browser.get(f"/demo/{asset}") as answer:
            assert answer.status == 200
            again = {"If-None-Match": answer.headers["ETag"]}
        async with browser.get(f"/demo/{asset}", headers=again) as answer:
            assert answer.status == 304


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("/demo/say", {"who": "US-1001", "text": "hi"}, 403),
        ("/demo/say", {"key": "ü", "text": "hi"}, 403),
        ("/demo/network", {"key": ..., "network": "none"}, 400),
        ("/demo/nothing", {"key": ...}, 405),
    ],
)
async def test_what_is_not_ours_is_refused(
    browser: aiohttp.ClientSession, path: str, form: dict[str, Any], status: int
) -> None:
    right = await key(browser)
    sent = {name: right if value is ... else value for name, value in form.items()}
    async with browser.post(path, data=sent) as answer:
        assert answer.status == status


async def test_it_answers_under_its_own_name_only(browser: aiohttp.ClientSession) -> None:
    async with browser.get("/demo", headers={"Host": "rebound.example"}) as answer:
        assert answer.status == 403


@pytest.mark.parametrize("text", ["", "   ", "\x00", "a" * 5000, "\ud800", "😀" * 900])
async def test_odd_texts_are_taken_or_told(
    stage: Stage, browser: aiohttp.ClientSession, text: str
) -> None:
    written = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    status, _ = await act(browser, "say", text=written)
    assert status == 303
    await stage.rest()
    assert "set aside" not in (await parts(browser))["person"]


def test_every_network_has_a_name() -> None:
    assert len({label for label, _ in NETWORKS.values()}) == len(NETWORKS)


@given(st.lists(st.sampled_from([BASE + "aB3", "<script>", "&", '"', " ", "\n", BASE, "x"])))
def test_only_our_links_become_links(words: list[str]) -> None:
    html = str(linked("".join(words), BASE))
    anchors = re.findall(r'<a href="(http://127\.0\.0\.1:8080/p/\w+)" [^>]*>\1</a>', html)
    assert html.count("<") == 2 * len(anchors)
    assert html.count(">") == 2 * len(anchors)
