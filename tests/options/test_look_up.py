"""Asking a host for options: one question at a time, bounded, and closed where it fails."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from standardwebhooks import Webhook, WebhookVerificationError

from domain.business_days import Calendar
from domain.options import Attributes, Hosted, Source, Terms, options
from domain.options.results import Asked, History, Kind
from domain.values import Money
from gateway.clients.look_up import LookUpPart
from gateway.clock import SECOND, system_clock
from gateway.options.look_up import MOST_BYTES, Failure, LookUps, _offers
from gateway.outcomes.networks import parse_networks
from tests.options.host import SECRET, VARIABLE, Answer, Host, never, raw, saying, serving

TODAY = date(2026, 11, 24)
ACCOUNT = Attributes("A-1", Money(48_000, "USD"), "US")
LOOPBACK = parse_networks("127.0.0.0/8")


class Clock:
    """Of the test's own; signatures need one that is near the true one."""

    def __init__(self) -> None:
        self.now = system_clock()

    def __call__(self) -> int:
        return self.now

    def pass_seconds(self, seconds: float) -> None:
        self.now += int(seconds * SECOND)


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, SECRET)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def host() -> Host:
    return Host()


@pytest.fixture
async def url(host: Host) -> AsyncIterator[str]:
    async with serving(host) as made:
        yield made


@pytest.fixture
async def look_ups(clock: Clock) -> AsyncIterator[LookUps]:
    async with LookUps(clock, LOOPBACK) as made:
        yield made


def part(url: str, **more: Any) -> LookUpPart:
    return LookUpPart(url=url, secret=f"env:{VARIABLE}", **more)


def of(ref: str) -> Attributes:
    return structs.replace(ACCOUNT, ref=ref)


def only_a_person(hosted: Hosted) -> bool:
    account = structs.replace(ACCOUNT, hosted=hosted)
    found = options(account, Terms(Calendar("US")), History(), Asked(), TODAY)
    return found.get(Kind.PERSON) is not None and len(found.offered) == 1


class TestTheQuestion:
    async def test_it_names_the_account_and_is_signed(
        self, look_ups: LookUps, host: Host, url: str
    ) -> None:
        host.answer = saying({"not_offered": ["settlement"]})
        found = await look_ups.ask(part(f"{url}/options?x=1"), "harbor", ACCOUNT, TODAY)
        assert found == Hosted({"not_offered": ["settlement"]}, Source.LOOK_UP)
        (call,) = host.calls
        assert call.path == "/options?x=1"
        assert Webhook(SECRET).verify(call.raw, call.headers) == {
            "type": "options.requested",
            "client": "harbor",
            "account_ref": "A-1",
            "balance": "480.00",
            "currency": "USD",
            "today": "2026-11-24",
        }
        with pytest.raises(WebhookVerificationError):
            Webhook(SECRET).verify(call.raw.replace(b"480.00", b"4.00"), call.headers)

    @pytest.mark.parametrize(("currency", "shown"), [("JPY", "48000"), ("KWD", "48.000")])
    async def test_amounts_have_the_decimals_of_their_currency(
        self, look_ups: LookUps, host: Host, url: str, currency: str, shown: str
    ) -> None:
        account = structs.replace(ACCOUNT, balance=Money(48_000, currency))
        await look_ups.ask(part(url), "harbor", account, TODAY)
        assert (host.asked[0]["balance"], host.asked[0]["currency"]) == (shown, currency)


class TestFailures:
    @pytest.mark.parametrize(
        ("answer", "failure"),
        [
            (raw(b"{}", 500), Failure.STATUS),
            (raw(b'{"account_ref": "A-1", "offers": {}}', 201), Failure.STATUS),
            (raw(b"", 204), Failure.STATUS),
            (saying({"x": "y" * MOST_BYTES}), Failure.TOO_LARGE),
            (raw(b"x" * 2_000_000), Failure.TOO_LARGE),
            (saying({}, account_ref="A-2"), Failure.OTHER_ACCOUNT),
            (saying({}, account_ref=1), Failure.UNREADABLE),
            (saying([]), Failure.UNREADABLE),
            (saying(None), Failure.UNREADABLE),
            (raw(b""), Failure.UNREADABLE),
            (raw(b'{"account_ref": "A-1"}'), Failure.UNREADABLE),
            (raw(b'{"account_ref": "A-1", "offers": {"a": NaN}}'), Failure.UNREADABLE),
            (raw(b'{"account_ref": "A-1", "offers": {"a": "\\ud800"}}'), Failure.UNREADABLE),
            (raw(b'\xff\xfe{"account_ref": "A-1", "offers": {}}'), Failure.UNREADABLE),
            (raw(b'{"account_ref":"A-1","offers":' + b'{"a":' * 3000), Failure.UNREADABLE),
            (raw(b'{"account_ref":"A-1","offers":{"a":' + b"[" * 4000), Failure.UNREADABLE),
        ],
    )
    async def test_each_leaves_only_a_person(
        self, look_ups: LookUps, host: Host, url: str, answer: Answer, failure: Failure
    ) -> None:
        host.answer = answer
        found = await look_ups.ask(part(url), "harbor", ACCOUNT, TODAY)
        assert found == Hosted({}, Source.LOOK_UP, failure.value)
        assert only_a_person(found)

    async def test_a_host_that_does_not_answer_in_time(
        self, look_ups: LookUps, host: Host, url: str
    ) -> None:
        host.answer = never
        found = await look_ups.ask(part(url, timeout_seconds=1), "harbor", ACCOUNT, TODAY)
        assert found.failure == Failure.NO_ANSWER

    async def test_one_that_hangs_up_or_sends_half(
        self, look_ups: LookUps, host: Host, url: str
    ) -> None:
        async def half(_: dict[str, Any]) -> web.StreamResponse:
            response = web.Response(body=b"{}", headers={"Content-Length": "100"})
            response.force_close()
            return response

        host.answer = half
        found = await look_ups.ask(part(url), "harbor", ACCOUNT, TODAY)
        assert found.failure in {Failure.NO_ANSWER, Failure.UNREADABLE}

    async def test_a_redirect_is_not_followed(
        self, look_ups: LookUps, host: Host, url: str
    ) -> None:
        async def away(_: dict[str, Any]) -> web.StreamResponse:
            return web.Response(status=307, headers={"Location": f"{url}/elsewhere"})

        host.answer = away
        found = await look_ups.ask(part(url), "harbor", ACCOUNT, TODAY)
        assert (found.failure, len(host.calls)) == (Failure.STATUS, 1)

    @pytest.mark.parametrize(
        ("where", "failure"),
        [
            ("http://127.0.0.1:1/", Failure.NOT_SENT),
            ("http://nobody.invalid/", Failure.NOT_SENT),
            ("http://", Failure.URL),
            ("http://[::1", Failure.URL),
            ("http://127.0.0.1:99999/", Failure.URL),
        ],
    )
    async def test_what_can_not_be_called(
        self, look_ups: LookUps, where: str, failure: Failure
    ) -> None:
        """The file's check refuses the last three; a look-up does not lean on it."""
        asking = part("https://host.example").model_copy(update={"url": where})
        found = await look_ups.ask(asking, "harbor", ACCOUNT, TODAY)
        assert found.failure == failure

    @pytest.mark.parametrize("value", [None, "", "hunter2", "whsec_!!!"])
    async def test_a_secret_that_is_none(
        self,
        look_ups: LookUps,
        host: Host,
        url: str,
        monkeypatch: pytest.MonkeyPatch,
        value: str | None,
    ) -> None:
        if value is None:
            monkeypatch.delenv(VARIABLE)
        else:
            monkeypatch.setenv(VARIABLE, value)
        found = await look_ups.ask(part(url), "harbor", ACCOUNT, TODAY)
        assert (found.failure, host.calls) == (Failure.SECRET, [])

    async def test_offers_beyond_the_bounds_leave_only_a_person(
        self, look_ups: LookUps, host: Host, url: str
    ) -> None:
        """An answer that says what the client's rules do not allow is not to be trusted."""
        host.answer = saying({"promise": {"latest": "2027-11-24"}})
        found = await look_ups.ask(part(url), "harbor", ACCOUNT, TODAY)
        assert found.failure is None
        assert only_a_person(found)

    @given(st.binary(max_size=200) | st.from_regex(rb'\{"account_ref": *.*\}', fullmatch=True))
    def test_no_bytes_break_the_reading(self, body: bytes) -> None:
        found = _offers(body, "A-1")
        assert isinstance(found, Failure | dict)


class TestWhereItGoes:
    @pytest.mark.parametrize(
        "address",
        ["127.0.0.1", "localhost", "[::1]", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]"],
    )
    async def test_a_private_address_is_refused(
        self, clock: Clock, host: Host, url: str, address: str
    ) -> None:
        where = url.replace("127.0.0.1", address)
        async with LookUps(clock) as guarded:
            found = await guarded.ask(part(where), "harbor", ACCOUNT, TODAY)
        assert (found.failure, host.calls) == (Failure.ADDRESS, [])

    async def test_unless_its_network_is_allowed(self, clock: Clock, host: Host, url: str) -> None:
        async with LookUps(clock, parse_networks("10.0.0.0/8")) as guarded:
            found = await guarded.ask(part(url), "harbor", ACCOUNT, TODAY)
            assert found.failure == Failure.ADDRESS
        async with LookUps(clock, LOOPBACK) as guarded:
            assert (await guarded.ask(part(url), "harbor", ACCOUNT, TODAY)).failure is None
        assert len(host.calls) == 1


def test_the_clock_of_these_tests_is_near_the_true_one() -> None:
    """Else the signature's age would be what fails."""
    assert abs(Clock().now / SECOND - datetime.now(UTC).timestamp()) < 60
