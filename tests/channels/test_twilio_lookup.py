"""Looking up an attempt whose answer was lost."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from msgspec import structs

from channels.contract import Absent, Found, Reconciled, Unknown
from channels.twilio.lookup import CLOCK_SKEW, MAX_PAGES, Listed, Page, look_up
from channels.twilio.sms import TwilioSms
from domain.messages import Attempt, Content, Outbound
from domain.values import ChannelKind
from tests.channels.test_twilio_send import ATTEMPT, THEM, US, adapter, provider
from tests.channels.twilio_cases import HOOK, SETTINGS
from tests.standins.script import Rule
from tests.standins.serving import Request, Response, serving

BEGAN = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
IT = Attempt(ATTEMPT, ChannelKind.SMS, US, THEM, BEGAN, "hello")


def listed(sid: str, seconds: float = 1, **more: str | None) -> Listed:
    at = format_datetime(BEGAN.replace(microsecond=0) + timedelta(seconds=seconds))
    fields = {"sender": US, "direction": "outbound-api", **more}
    return Listed(sid=sid, date_created=at, **fields)  # type: ignore[arg-type]


OLD = -CLOCK_SKEW.total_seconds() - 1

CASES: list[tuple[str, Sequence[Listed], Attempt, Reconciled]] = [
    ("nothing", [], IT, Absent()),
    ("it", [listed("SM1")], IT, Found("SM1")),
    ("it, in the very second", [listed("SM1", 0)], IT, Found("SM1")),
    ("it, by a clock that is slow", [listed("SM1", -20)], IT, Found("SM1")),
    ("only an older one", [listed("SM1", OLD)], IT, Absent()),
    ("it and an older one", [listed("SM2"), listed("SM1", OLD)], IT, Found("SM2")),
    ("two that may be it", [listed("SM2", 2), listed("SM1", 1)], IT, Unknown()),
    (
        "another attempt's",
        [listed("SM2", 2), listed("SM1", 1)],
        structs.replace(IT, known_ids=frozenset({"SM2"})),
        Found("SM1"),
    ),
    (
        "only another attempt's",
        [listed("SM1")],
        structs.replace(IT, known_ids=frozenset({"SM1"})),
        Absent(),
    ),
    ("from another sender", [listed("SM1", sender="+18885550199")], IT, Absent()),
    ("its sender not chosen yet", [listed("SM1", sender=None)], IT, Found("SM1")),
    ("an answer to an inbound call", [listed("SM1", direction="outbound-reply")], IT, Absent()),
    ("their own", [listed("SM1", direction="inbound")], IT, Absent()),
    ("it, not dated yet", [Listed("SM1", sender=US)], IT, Found("SM1")),
    ("the same on two pages", [listed("SM1"), listed("SM1")], IT, Found("SM1")),
]


@pytest.mark.parametrize("size", [1, 50])
@pytest.mark.parametrize(
    ("messages", "attempt", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
async def test_look_up(
    messages: Sequence[Listed], attempt: Attempt, expected: Reconciled, size: int
) -> None:
    async def get(uri: str) -> Page:
        start = int(uri)
        more = start + size < len(messages)
        return Page(list(messages[start : start + size]), str(start + size) if more else None)

    assert await look_up(attempt, "0", get) == expected


async def test_a_listing_without_an_end_tells_nothing() -> None:
    asked = []

    async def get(uri: str) -> Page:
        asked.append(uri)
        return Page([], "more")

    assert await look_up(IT, "0", get) == Unknown()
    assert len(asked) == MAX_PAGES


async def test_it_reads_no_further_than_the_attempts_beginning() -> None:
    asked = []

    async def get(uri: str) -> Page:
        asked.append(uri)
        return Page([listed(f"SM{len(asked)}", 5 if len(asked) == 1 else OLD)], "more")

    assert await look_up(IT, "0", get) == Found("SM1")
    assert len(asked) == 2


def now() -> Attempt:
    return structs.replace(IT, started_at=datetime.now(UTC))


@pytest.mark.parametrize("rule", [Rule(drop="after"), Rule(drop="after", alter=True)])
async def test_what_was_taken_is_found(rule: Rule) -> None:
    async with provider(rule) as url, adapter(url) as channel:
        attempt = now()
        with pytest.raises(Exception, match="lost"):
            await send(channel)
        found = await channel.reconcile(attempt)
        assert isinstance(found, Found)
        known = structs.replace(attempt, known_ids=frozenset({found.provider_id}))
        assert await channel.reconcile(known) == Absent()


async def test_what_was_not_taken_is_absent() -> None:
    async with provider(Rule(drop="before")) as url, adapter(url) as channel:
        with pytest.raises(Exception, match="lost"):
            await send(channel)
        assert await channel.reconcile(now()) == Absent()


async def test_paging_through_the_providers_own_pages() -> None:
    async with provider() as url, adapter(url) as channel:
        attempt = now()
        sids = {await send(channel) for _ in range(60)}
        some = frozenset(sorted(sids)[1:])
        assert await channel.reconcile(structs.replace(attempt, known_ids=some)) == Found(min(sids))
        assert await channel.reconcile(attempt) == Unknown()


async def test_a_provider_that_can_not_be_asked() -> None:
    channel = TwilioSms(replace(SETTINGS, api_url="http://127.0.0.1:9", timeout=1), HOOK)
    assert await channel.reconcile(IT) == Unknown()
    async with provider() as url, adapter(url, auth_token="another") as other:
        assert await other.reconcile(IT) == Unknown()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html>",
        "{}",
        '{"messages": [{}]}',
        '{"messages": [{"sid": "SM1", "date_created": "yesterday"}]}',
        '{"messages": [], "next_page_uri": "https://elsewhere.example.com/x"}',
    ],
)
async def test_a_listing_that_is_none(body: str) -> None:
    async def odd(request: Request) -> Response:
        absolute = "elsewhere" in request.target
        return Response(404 if absolute else 200, body.encode())

    async with serving(odd) as url, adapter(url) as channel:
        assert await channel.reconcile(IT) == Unknown()


async def send(channel: TwilioSms) -> str:
    return await channel.send(Outbound(ATTEMPT, ChannelKind.SMS, US, THEM, Content("hello")))
