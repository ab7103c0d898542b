"""Who can't wait is told of: a real mail server and a real host on loopback, time by hand."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Iterator, MutableMapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks import Webhook

from channels.email.server import MailServer
from gateway.clock import SECOND, moment
from gateway.handoffs import mail, queue
from gateway.handoffs.alerts import LEASE, NOBODY, Alarm
from gateway.handoffs.mail import Mailer
from gateway.handoffs.watching import measure
from gateway.metrics import alerts_failing, handoffs_open, handoffs_overdue, registry
from gateway.outcomes import schedule
from gateway.outcomes.calls import Calls
from gateway.outcomes.networks import parse_networks
from gateway.storage import StoreError
from gateway.storage.opening import open_store
from gateway.storage.tables import alerts
from tests.handoffs.given import asked, do, waits
from tests.handoffs.mailbox import Mailbox, listening
from tests.outcomes.conftest import SECRET
from tests.outcomes.host import Host, serving, status
from tests.pipeline.world import HARBOR, MERIDIAN, World

DUTY = "duty@harbor.example"
OPERATOR = "operator@gateway.example"


@pytest.fixture
async def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def mailer(mailbox: Mailbox) -> AsyncIterator[Mailer]:
    async with listening(mailbox) as port:
        yield Mailer(MailServer("127.0.0.1", port, tls=False), "gateway@gateway.example")


@pytest.fixture
async def host_url(host: Host) -> AsyncIterator[str]:
    async with serving(host) as url:
        yield url


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Host:
    monkeypatch.setenv("ALERTS", SECRET)
    return Host()


@pytest.fixture
async def calls() -> AsyncIterator[Calls]:
    async with Calls(parse_networks("127.0.0.0/8"), timeout=5.0) as made:
        yield made


@pytest.fixture
async def alarm(world: World, mailer: Mailer, calls: Calls, host_url: str) -> Alarm:
    """Both routes of harbor are set up."""
    told(world, email=[DUTY], webhook={"url": f"{host_url}/alerts", "secret": "env:ALERTS"})
    return Alarm(world.store, world.directory, calls, mailer, (OPERATOR,))


@pytest.fixture
def entries(logged: list[MutableMapping[str, Any]]) -> list[MutableMapping[str, Any]]:
    return logged


def told(world: World, **part: Any) -> None:
    world.restrict(HARBOR.model_validate(HARBOR.model_dump() | {"alerts": part}))


async def rounds(world: World, alarm: Alarm, seconds: float, step: float = 5) -> None:
    """The loop as it runs, on a clock by hand."""
    for _ in range(int(seconds / step)):
        while await alarm.run():
            pass
        world.clock.forward(step)


class TestTold:
    async def test_at_once_and_by_both_routes(
        self, world: World, alarm: Alarm, mailbox: Mailbox, host: Host
    ) -> None:
        one = await waits(world, "self_harm_risk")
        assert await alarm.run() == 2
        (letter,) = mailbox.letters
        assert mailbox.to == [[OPERATOR, DUTY]]
        assert letter["Subject"] == "[harbor] A customer needs a person now: self_harm_risk"
        assert f"gateway handoffs take {one} --agent NAME" in letter.as_string()
        assert letter["Auto-Submitted"] == "auto-generated"
        (call,) = host.calls
        assert call.body["event_type"] == "handoff.alert"
        assert call.body["payload"] == {
            "handoff_id": one,
            "reason": "self_harm_risk",
            "urgency": "now",
            "alert": 1,
            "take": f"gateway handoffs take {one} --agent NAME",
        }

    async def test_it_is_signed_as_outcomes_are(
        self, world: World, alarm: Alarm, host: Host
    ) -> None:
        await waits(world, "self_harm_risk")
        await alarm.run()
        (call,) = host.calls
        at = datetime.fromtimestamp(int(call.headers["webhook-timestamp"]), UTC)
        assert at == moment(world.clock.now)
        made = Webhook(SECRET).sign(call.headers["webhook-id"], at, call.raw.decode())
        assert call.headers["webhook-signature"] == made

    async def test_nothing_of_the_customer_goes_out(
        self, world: World, alarm: Alarm, mailbox: Mailbox, host: Host
    ) -> None:
        await waits(world, "self_harm_risk")
        await alarm.run()
        said = mailbox.letters[0].as_string() + host.calls[0].raw.decode()
        for personal in ("Ada", "+1212", "212555", "C-1", "A-C-1", "400.00", "40000"):
            assert personal not in said

    async def test_again_until_somebody_takes_it(
        self, world: World, alarm: Alarm, mailbox: Mailbox, host: Host
    ) -> None:
        one = await waits(world, "self_harm_risk")
        await rounds(world, alarm, 16 * 60)
        assert len(mailbox.letters) == len(host.calls) == 4
        numbers = [call.body["payload"]["alert"] for call in host.calls]
        assert numbers == [1, 2, 3, 4]
        assert len({call.headers["webhook-id"] for call in host.calls}) == 4
        assert len({letter["Message-ID"] for letter in mailbox.letters}) == 4
        assert "(15 minutes ago)" in mailbox.letters[-1].as_string()
        await do(world, queue.take, one, "ann")
        await rounds(world, alarm, 16 * 60)
        assert len(mailbox.letters) == len(host.calls) == 4
        await do(world, queue.release, one)
        await rounds(world, alarm, 10)
        assert len(mailbox.letters) == len(host.calls) == 5, "at once, for nobody has it"
        await do(world, queue.take, one, "bob")
        await do(world, queue.close, one)
        await rounds(world, alarm, 16 * 60)
        assert len(host.calls) == 5

    async def test_as_often_as_the_client_says(
        self, world: World, alarm: Alarm, mailbox: Mailbox
    ) -> None:
        told(world, email=[DUTY], every_minutes=1)
        await waits(world, "self_harm_risk")
        await rounds(world, alarm, 5 * 60)
        assert len(mailbox.letters) == 5

    @pytest.mark.parametrize("reason", ["dispute", "complaint", "agent_request", "set_aside"])
    async def test_what_can_wait_is_not_told(self, world: World, alarm: Alarm, reason: str) -> None:
        await waits(world, reason)
        assert await alarm.run() == 0

    async def test_one_more_is_told_of_though_somebody_has_the_conversation(
        self, world: World, alarm: Alarm, host: Host
    ) -> None:
        one = await waits(world)
        row = await do(world, queue.take, one, "ann")
        given = await asked(world, row.conversation_id, "self_harm_risk")
        assert given is not None
        await alarm.run()
        assert host.calls[0].body["payload"]["handoff_id"] == given["handoff_id"]

    async def test_a_packs_reason_can_forge_no_header(
        self, world: World, alarm: Alarm, mailbox: Mailbox
    ) -> None:
        await waits(world, "x\r\nBcc: all@else.example\r\n\r\nHello", urgent=True)
        await alarm.run()
        (letter,) = mailbox.letters
        assert letter["Bcc"] is None
        assert mailbox.to == [[OPERATOR, DUTY]]

    async def test_clients_alerts_are_their_own(
        self, world: World, alarm: Alarm, mailbox: Mailbox, host: Host
    ) -> None:
        person = await world.place("M-1", MERIDIAN, "+12125550177")
        talk = await world.talk(person)
        await asked(world, talk, "self_harm_risk", client="meridian")
        await alarm.run()
        assert mailbox.to == [[OPERATOR]], "harbor's people have nothing to do with it"
        assert host.calls == []


class TestFailing:
    async def test_a_route_that_fails_is_tried_again_and_the_other_is_not(
        self, world: World, alarm: Alarm, mailbox: Mailbox, host: Host, entries: list[Any]
    ) -> None:
        await waits(world, "self_harm_risk")
        host.answer = status(500)
        await rounds(world, alarm, 60)
        assert len(mailbox.letters) == 1
        assert len(host.calls) == 3, "after 15 and 30 seconds"
        assert len({call.headers["webhook-id"] for call in host.calls}) == 1, "of one alert"
        failed = [entry for entry in entries if entry["event"] == "handoff.alert_failed"]
        assert [entry["failures"] for entry in failed] == [1, 2, 3]
        assert {entry["error"] for entry in failed} == {"answered with status 500"}
        assert {entry["log_level"] for entry in failed} == {"error"}
        host.answer = status(204)
        await rounds(world, alarm, 120)
        row = await world.one(alerts, route="webhook")
        assert (row.failures, row.error, row.sent) == (0, None, 1)

    @pytest.mark.parametrize(
        ("answer", "refuses", "error"),
        [
            ("451 later", set(), "the mail server answered 451"),
            ("250 OK", {DUTY, OPERATOR}, "the mail server refused all 2 recipients"),
        ],
    )
    async def test_a_mail_server_that_refuses(
        self,
        world: World,
        alarm: Alarm,
        mailbox: Mailbox,
        answer: str,
        refuses: set[str],
        error: str,
    ) -> None:
        mailbox.answer, mailbox.refuses = answer, refuses
        await waits(world, "self_harm_risk")
        await rounds(world, alarm, 60)
        row = await world.one(alerts, route="email")
        assert (row.failures, row.error, row.sent) == (3, error, 0)
        mailbox.answer, mailbox.refuses = "250 OK", set()
        await rounds(world, alarm, 120)
        assert len(mailbox.letters) == 1

    async def test_one_mailbox_that_is_none_keeps_nobody_from_it(
        self, world: World, alarm: Alarm, mailbox: Mailbox, entries: list[Any]
    ) -> None:
        mailbox.refuses = {DUTY}
        await waits(world, "self_harm_risk")
        await rounds(world, alarm, 60)
        assert mailbox.to == [[OPERATOR]]
        assert "handoff.alert_refused_in_part" in {entry["event"] for entry in entries}

    async def test_a_mail_server_that_is_not_there(
        self, world: World, alarm: Alarm, host: Host
    ) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            gone = MailServer("127.0.0.1", taken.getsockname()[1], tls=False)
        alarm = replace(alarm, mailer=Mailer(gone, None))
        await waits(world, "self_harm_risk")
        await alarm.run()
        assert len(host.calls) == 1
        row = await world.one(alerts, route="email")
        assert re.fullmatch(r"the mail server can't be reached: \w+", row.error)

    async def test_a_password_goes_over_no_open_line(
        self, world: World, alarm: Alarm, mailer: Mailer, mailbox: Mailbox
    ) -> None:
        port = mailer.server.port
        known = MailServer("127.0.0.1", port, tls=False, username="u", password="a secret")
        alarm = replace(alarm, mailer=Mailer(known, None))
        await waits(world, "self_harm_risk")
        await alarm.run()
        assert mailbox.letters == []
        row = await world.one(alerts, route="email")
        assert row.failures == 1
        assert "secret" not in row.error + repr(known)

    async def test_nobody_to_tell_is_said_loudly(
        self, world: World, alarm: Alarm, entries: list[Any]
    ) -> None:
        told(world)
        alarm = replace(alarm, mailer=None)
        alarm.warn()
        warned = [e["client"] for e in entries if e["event"] == "handoff.alerts_reach_nobody"]
        assert warned == ["harbor", "meridian"]
        await waits(world, "self_harm_risk")
        await alarm.run()
        assert {row.error for row in await world.rows(alerts)} == {NOBODY}
        assert [e["error"] for e in entries if e["event"] == "handoff.alert_failed"] == [NOBODY] * 2

    async def test_mailboxes_without_a_server_are_nobody(
        self, world: World, alarm: Alarm, entries: list[Any]
    ) -> None:
        told(world, email=[DUTY])
        replace(alarm, mailer=None).warn()
        alarm.warn()
        warned = [e["client"] for e in entries if e["event"] == "handoff.alerts_reach_nobody"]
        assert warned == ["harbor", "meridian"], "and none once there is a server"

    async def test_a_secret_that_is_not_set(
        self, world: World, alarm: Alarm, host: Host, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("ALERTS")
        await waits(world, "self_harm_risk")
        await alarm.run()
        assert host.calls == []
        assert "ALERTS is not set" in (await world.one(alerts, route="webhook")).error

    async def test_a_client_that_is_gone_keeps_no_other_from_people(
        self, world: World, alarm: Alarm, mailbox: Mailbox
    ) -> None:
        await waits(world, "self_harm_risk")
        world.directory.replace([])
        await alarm.run()
        assert mailbox.to == [[OPERATOR]]

    async def test_what_breaks_for_one_breaks_for_no_other(
        self, world: World, alarm: Alarm, host: Host, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _ in range(3):
            await waits(world, "self_harm_risk")
        real, broken = Mailer.send, iter([True])

        async def send(self: Mailer, letter: Any) -> str | None:
            if next(broken, False):
                raise RuntimeError("of a kind that nobody thought of")
            return await real(self, letter)

        monkeypatch.setattr(Mailer, "send", send)
        await rounds(world, alarm, 60)
        assert {row.sent for row in await world.rows(alerts)} == {1}
        assert len(host.calls) == 3


class TestWorkers:
    async def test_two_never_tell_the_same(
        self, world: World, alarm: Alarm, mailbox: Mailbox, host: Host, url: str
    ) -> None:
        ids = [await waits(world, "self_harm_risk") for _ in range(12)]
        stores = [await open_store(url, world.clock, daemon=False) for _ in range(3)]
        alarms = [replace(alarm, store=store) for store in stores]
        for _ in range(3):
            await asyncio.gather(*(each.run() for each in alarms))
        for store in stores:
            await store.close()
        assert sorted(call.body["payload"]["handoff_id"] for call in host.calls) == sorted(ids)
        assert len(mailbox.letters) == len(ids)

    @pytest.mark.parametrize("when", ["before the call", "after the call"])
    async def test_killed_it_is_told_by_another(
        self, world: World, alarm: Alarm, host: Host, when: str
    ) -> None:
        """The rows are as a process leaves them that dies at that place."""
        await waits(world, "self_harm_risk")
        if when == "before the call":
            await world.store.transact("alert", alarm._claim)
        else:
            broken = replace(alarm, store=Dying(world.store))  # type: ignore[arg-type]
            with pytest.raises(StoreError):
                await broken.run()
        told_before = [call.headers["webhook-id"] for call in host.calls]
        assert len(told_before) == (when == "after the call")
        await rounds(world, alarm, 25)
        assert len(host.calls) == len(told_before), "the lease holds"
        await rounds(world, alarm, 35)
        assert len(host.calls) == len(told_before) + 1, "within a minute"
        assert len({call.headers["webhook-id"] for call in host.calls}) == 1, "known by its id"

    def test_the_lease_outlasts_both_calls(self) -> None:
        assert max(mail.TIMEOUT, schedule.TIMEOUT) * SECOND < LEASE < 55 * SECOND


class Dying:
    """A store out of reach as soon as something went out."""

    def __init__(self, store: Any) -> None:
        self.store = store
        self.clock = store.clock

    async def transact(self, name: str, work: Any) -> Any:
        if name == "alerted":
            raise StoreError("gone")
        return await self.store.transact(name, work)


class TestMetrics:
    @pytest.fixture(autouse=True)
    def clean(self) -> Iterator[None]:
        yield
        for gauge in (handoffs_open, handoffs_overdue, alerts_failing):
            gauge.clear()

    async def test_what_is_open_overdue_and_failing(
        self, world: World, alarm: Alarm, host: Host
    ) -> None:
        host.answer = status(500)
        await waits(world, "self_harm_risk")
        late = await waits(world, "dispute")
        await waits(world, "dispute")
        await alarm.run()
        world.clock.forward(3 * 86_400)
        await waits(world, "dispute")
        await do(world, queue.take, late, "ann")
        await measure(world.store)

        def value(name: str, **labels: str) -> float | None:
            return registry.get_sample_value(f"gateway_{name}", labels)

        assert value("handoffs_open", urgency="now", state="open") == 1
        assert value("handoffs_open", urgency="day", state="open") == 2
        assert value("handoffs_open", urgency="day", state="taken") == 1
        assert value("handoffs_open", urgency="usual", state="open") == 0
        assert value("handoffs_overdue", urgency="day") == 2
        assert value("handoffs_overdue", urgency="now") == 1
        assert value("alerts_failing", route="webhook") == 1
        assert value("alerts_failing", route="email") == 0

    async def test_out_of_reach_they_show_nothing(self, world: World) -> None:
        await waits(world)
        await measure(world.store)
        await measure(Unreachable())  # type: ignore[arg-type]
        found = {metric.name: metric.samples for metric in registry.collect()}
        assert found["gateway_handoffs_open"] == []


class Unreachable:
    async def read(self, work: Any) -> Any:
        raise StoreError("gone")
