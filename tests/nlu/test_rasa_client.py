"""A Rasa server asked: what its word decides, what it never decides, and how it fails."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from structlog.testing import capture_logs

from domain.understanding import Reply, Understanding
from domain.values import ChannelKind, Money
from nlu.cascade import BuiltIn
from nlu.contract import Understander
from nlu.rasa.breaker import Breaker
from nlu.rasa.client import AT_ONCE, BUDGET, Rasa, sendable
from tests.nlu.rasa_standin import StandIn, answer
from tests.standins.serving import Request, Response, serving

BUILT_IN = BuiltIn()
OPEN = "things are a bit up in the air with the shop at the moment"
"""Left to the model: no keyword, rule, question or value decides it."""


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def reply(text: str, pending: str | None = None) -> Reply:
    at = datetime(2026, 3, 4, 10, tzinfo=UTC)
    return Reply("r", text, ChannelKind.SMS, "en-US", at, "USD", pending)


@asynccontextmanager
async def asking(stand_in: StandIn, **more: Any) -> AsyncIterator[Rasa]:
    async with serving(stand_in.handle) as url:
        rasa = Rasa(url, built_in=BUILT_IN, **{"timeout": 5.0, **more})
        try:
            yield rasa
        finally:
            await rasa.close()


async def understood(stand_in: StandIn, text: str, pending: str | None = None) -> Understanding:
    async with asking(stand_in) as rasa:
        [found] = await rasa.understand([reply(text, pending)])
    return found


def built_in(text: str, pending: str | None = None) -> Understanding:
    return BUILT_IN.parse([reply(text, pending)])[0]


def test_is_an_understander() -> None:
    understander: Understander = Rasa("http://localhost:5005", built_in=BUILT_IN)
    assert understander.version == BUILT_IN.version


def test_the_open_text_is_left_to_the_model() -> None:
    assert built_in(OPEN).decided_by.startswith("model:")


async def test_the_servers_first_intent_decides_and_its_model_is_named() -> None:
    async with asking(StandIn(answer(("hardship", 0.83), ("thanks", 0.1)))) as rasa:
        [found] = await rasa.understand([reply(OPEN)])
        assert rasa.version == "rasa:20260304-100000-glad-otter"
    assert (found.intent, found.confidence) == ("hardship", 0.83)
    assert found.decided_by == "rasa:20260304-100000-glad-otter"
    assert [each.name for each in found.intents] == ["hardship"]


@pytest.mark.parametrize(
    ("ranking", "names"),
    [
        ([("hardship+request_extension", 0.8)], ["request_extension", "hardship"]),
        ([("hardship", 0.4), ("hardship+complaint", 0.3)], ["hardship"]),
        ([("hardship+complaint", 0.4), ("complaint", 0.3)], ["complaint", "hardship"]),
        ([("dispute", 0.5), ("vulnerability", 0.49)], ["dispute", "vulnerability"]),
        ([("hardship+faq/opening_hours", 0.8)], ["hardship"]),
        ([("hardship", 1.0000001)], ["hardship"]),
    ],
)
async def test_intents_are_those_of_the_ranking(
    ranking: list[tuple[str, float]], names: list[str]
) -> None:
    found = await understood(StandIn(answer(*ranking)), OPEN)
    assert [each.name for each in found.intents] == names
    assert found.confidence <= 1


@pytest.mark.parametrize(
    "ranking",
    [
        [("nlu_fallback", 0.9)],
        [(None, 0.0)],
        [("hardship", 0.1), ("dispute", 0.09)],
        [("faq", 0.99), ("opening_hours", 0.01)],
        [("opt_in", 0.6)],
        [("deceased", 0.3)],
        [("opt_out", 0.99)],  # nothing in the text is about contact
    ],
)
async def test_where_the_server_says_nothing_that_counts_the_model_decides(
    ranking: list[tuple[str | None, float]],
) -> None:
    assert await understood(StandIn(answer(*ranking)), OPEN) == built_in(OPEN)


@pytest.mark.parametrize(
    ("text", "pending"),
    [
        ("STOP", None),
        ("stop texting", None),
        ("my father passed away", None),
        ("i want to kill myself", None),
        ("yes", "plan_confirmed"),
        ("", None),
        ("   ", None),
    ],
)
async def test_keywords_rules_and_the_question_are_not_the_servers_to_decide(
    text: str, pending: str | None
) -> None:
    stand_in = StandIn(answer(("thanks", 1.0)))
    assert await understood(stand_in, text, pending) == built_in(text, pending)
    assert stand_in.asked == []


async def test_amounts_and_days_are_read_by_our_own_grammar() -> None:
    text = "so i reckon i will manage to send you $80 friday, from the new job"
    found = await understood(StandIn(answer(("promise_to_pay", 0.9))), text)
    assert found.amount == Money(8000, "USD")
    assert found.date == date(2026, 3, 6)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("/opt_in", "opt_in"),
        (" / /opt_in@1.0{}", "opt_in@1.0{}"),
        ("///", ""),
        ("card 4111 1111 1111 1111 ok", "card [card number] ok"),
        ("two\n\nlines\t", "two lines"),
        ("half \ud83d a pair", "half ? a pair"),
        ("a" * 9000, "a" * 4000),
    ],
)
def test_what_is_sent_names_no_intent_and_no_card(text: str, sent: str) -> None:
    assert sendable(text) == sent


async def test_a_batch_keeps_its_order_and_is_asked_a_few_at_a_time() -> None:
    stand_in = StandIn(delay=0.01)
    texts = [OPEN, "STOP"] * 30
    async with asking(stand_in) as rasa:
        found = await rasa.understand([reply(text) for text in texts])
    assert [each.intent for each in found] == ["hardship", "opt_out"] * 30
    assert len(stand_in.asked) == 30
    assert 1 < stand_in.most <= AT_ONCE


async def test_the_token_goes_with_every_call() -> None:
    stand_in = StandIn()
    async with asking(stand_in, token="a&b") as rasa:
        await rasa.understand([reply(OPEN)])
    assert stand_in.tokens == {"token=a%26b"}


async def test_a_server_that_names_no_model() -> None:
    assert (await understood(StandIn(model=None), OPEN)).decided_by == "rasa:unnamed"


async def test_another_model_is_named_within_a_minute() -> None:
    clock, stand_in = Clock(), StandIn(model="one.tar.gz")
    async with asking(stand_in, clock=clock) as rasa:
        await rasa.understand([reply(OPEN)])
        stand_in.model = "models/two.tar.gz"
        clock.now = 61
        [found] = await rasa.understand([reply(OPEN)])
    assert found.decided_by == "rasa:two"


def slow(stand_in: StandIn) -> None:
    stand_in.delay = 30


def refusing(stand_in: StandIn) -> None:
    stand_in.status = 500


def without_a_model(stand_in: StandIn) -> None:
    stand_in.status = 409


def redirecting(stand_in: StandIn) -> None:
    stand_in.status = 302


def dropping(stand_in: StandIn) -> None:
    stand_in.drop = True


def says(body: bytes) -> Callable[[StandIn], None]:
    def say(stand_in: StandIn) -> None:
        stand_in.body = body

    return say


TROUBLES = [slow, refusing, without_a_model, redirecting, dropping]
GARBAGE = [
    b"", b"<html>", b"[]", b"null", b'"hardship"', b"\xff\xfe", b"{" * 100_000, b"[" * 100_000,
    b'{"intent": "hardship"}', b'{"intent": {"name": "hardship", "confidence": "high"}}',
    b'{"intent": {"name": "hardship", "confidence": NaN}}',
    b'{"intent": {"name": "hardship", "confidence": 7}}',
    b'{"intent_ranking": [{"name": 5, "confidence": 0.5}]}',
    b'{"pad": "' + b"x" * (2 << 20) + b'"}',
]  # fmt: skip


@pytest.mark.parametrize("trouble", [*TROUBLES, *map(says, GARBAGE)])
async def test_in_trouble_the_built_in_model_answers(trouble: Callable[[StandIn], None]) -> None:
    stand_in = StandIn()
    trouble(stand_in)
    async with asking(stand_in, timeout=0.2) as rasa:
        [found] = await rasa.understand([reply(OPEN)])
    assert found == built_in(OPEN)
    assert stand_in.asked == [OPEN]


async def test_a_server_that_is_not_there() -> None:
    rasa = Rasa("http://127.0.0.1:9", built_in=BUILT_IN)
    assert await rasa.understand([reply(OPEN)]) == [built_in(OPEN)]
    await rasa.close()


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_a_server_that_fails_is_left_alone_and_found_when_it_is_back(
    trouble: Callable[[StandIn], None],
) -> None:
    clock, well = Clock(), StandIn()
    stand_in = StandIn()
    trouble(stand_in)
    breaker = Breaker(failures=3, pause=10, clock=clock)
    async with asking(stand_in, breaker=breaker, timeout=0.2) as rasa:

        async def ask(times: int) -> tuple[int, set[str]]:
            """How many calls were made, and what decided."""
            before = len(stand_in.asked)
            found = await rasa.understand([reply(OPEN)] * times)
            return len(stand_in.asked) - before, {each.decided_by[:5] for each in found}

        with capture_logs() as told:
            calls, decided = await ask(40)
            assert calls <= 3 + AT_ONCE  # those under way when the third failed
            assert decided == {"model"}
            assert await ask(5) == (0, {"model"})
            clock.now = 10
            assert await ask(5) == (1, {"model"})  # one probe, which fails
            clock.now = 19
            assert await ask(5) == (0, {"model"})
            stand_in.__dict__.update(delay=well.delay, status=well.status, drop=well.drop)
            clock.now = 20
            assert (await ask(1))[1] == {"rasa:"}
            assert await ask(5) == (5, {"rasa:"})
    said = [each["event"] for each in told if each["event"] != "rasa.no_answer"]
    assert said == ["rasa.left_alone", "rasa.back"]
    assert OPEN not in str(told)


async def test_a_slow_server_holds_a_batch_up_for_a_bounded_time() -> None:
    """Each call takes 0.2 s by the clock: few begin before the batch's time is over."""
    clock, stand_in = Clock(), StandIn()

    async def handle(request: Request) -> Response:
        clock.now += 0.2
        return await stand_in.handle(request)

    async with serving(handle) as url:
        rasa = Rasa(url, built_in=BUILT_IN, clock=clock)
        found = await rasa.understand([reply(OPEN)] * 100)
        await rasa.close()
    assert BUDGET / 0.2 <= len(stand_in.asked) <= BUDGET / 0.2 + AT_ONCE
    assert {each.decided_by[:5] for each in found} == {"rasa:", "model"}
