"""At least once, under one id, in order within a lane, whatever hosts and processes do."""

import asyncio
import random
from base64 import b64encode
from typing import Any

import pytest
from aiohttp import web
from standardwebhooks import Webhook

from gateway.activity.sequencer import number
from gateway.clock import SECOND, system_clock
from gateway.ids import new_id
from gateway.outcomes.calls import Calls
from gateway.outcomes.delivery import LANES, Deliverer
from gateway.outcomes.endpoints import UnknownEndpoint, disable, enable, replay
from gateway.outcomes.networks import parse_networks
from gateway.outcomes.schedule import HOUR, MINUTE, TRIES
from gateway.storage import Store
from gateway.storage.opening import open_store
from tests.activity.given import Time, person, promise, record
from tests.outcomes.given import deliver, happen, hook, left, state, switches
from tests.outcomes.host import Host, serving, status, until, well


async def test_the_host_can_verify_and_read_it(
    store: Store, calls: Calls, host: Host, host_url: str, secret: str
) -> None:
    customer, _ = await person(store, "C1")
    await hook(store, f"{host_url}/in?key=1")
    await record(store, promise(customer, 7))
    await number(store)
    await deliver(store, calls)
    [call] = host.calls
    assert Webhook(secret).verify(call.raw, call.headers) == call.body
    assert call.path == "/in?key=1"
    assert call.headers["Content-Type"] == "application/json"
    assert call.headers["webhook-id"] == call.body["event_id"]
    assert call.body["event_type"] == "promise.created"
    assert call.body["seq"] == 1
    assert call.body["customer_ref"] == "C1"
    assert call.body["occurred_at"] == "2026-11-24T06:00:00.123456Z"
    assert call.body["payload"] == {"n": 7}


async def test_many_lanes_at_once_and_each_in_order(
    store: Store, calls: Calls, host: Host, host_url: str
) -> None:
    seed = random.Random(3)
    endpoint = await hook(store, host_url)
    lanes = [new_id() for _ in range(LANES + 20)]
    await happen(store, [seed.choice(lanes) for _ in range(400)])

    async def uneven(body: dict[str, Any]) -> web.Response:
        await asyncio.sleep(seed.random() / 100)
        return await well(body)

    host.answer = uneven
    await deliver(store, calls)
    assert sorted(host.taken) == list(range(1, 401))
    assert await left(store, endpoint) == []
    assert host.in_order()
    assert {host.most[lane] for lane in lanes if host.most[lane]} == {1}
    assert 1 < host.most["any"] <= LANES


async def test_what_happens_meanwhile_goes_out_too(
    store: Store, calls: Calls, host: Host, host_url: str
) -> None:
    await hook(store, host_url)
    lane = new_id()
    go = asyncio.Event()

    async def waiting(body: dict[str, Any]) -> web.Response:
        await go.wait()
        return await well(body)

    host.answer = waiting
    await happen(store, [lane])
    deliverer = Deliverer(store, calls)
    assert await deliverer.deliver_due() == 1
    await until(lambda: len(host.calls) == 1)
    await happen(store, [lane, new_id()])
    assert await deliverer.deliver_due() == 0
    go.set()
    await deliverer.finish()
    assert sorted(host.taken) == [1, 2, 3]
    assert host.in_order()


FAILURES = [
    (status(500), "answered with status 500"),
    (status(404), "answered with status 404"),
    (status(302, headers={"Location": "/elsewhere"}), "answered with status 302"),
    (status(304), "answered with status 304"),
]


@pytest.mark.parametrize(("answer", "error"), FAILURES)
async def test_a_failure_is_tried_again_later_with_the_same_id(
    store: Store, calls: Calls, host: Host, host_url: str, time: Time, answer: Any, error: str
) -> None:
    endpoint = await hook(store, host_url)
    await happen(store, [new_id()])
    host.answer = answer
    await deliver(store, calls)
    await deliver(store, calls)  # not yet due again
    assert [call.path for call in host.calls] == ["/"], "not sent twice, no redirect followed"
    failing = await state(store, endpoint)
    assert (failing.failures, failing.error) == (1, error)
    host.answer = well
    time.passes(6 * SECOND)
    await deliver(store, calls)
    assert host.taken == [1]
    assert len({call.headers["webhook-id"] for call in host.calls}) == 1
    recovered = await state(store, endpoint)
    assert (recovered.failures, recovered.error) == (0, None)


async def test_a_slow_host_has_failed_and_holds_up_no_other(
    store: Store, host: Host, host_url: str
) -> None:
    stuck = asyncio.Event()

    async def never(body: dict[str, Any]) -> web.Response:
        await stuck.wait()
        return await well(body)

    slow = Host(never)
    async with serving(slow) as slow_url:
        blocked = await hook(store, slow_url)
        await hook(store, host_url)
        await happen(store, [new_id() for _ in range(5)])
        impatient = Calls(parse_networks("127.0.0.0/8"), timeout=0.5)
        deliverer = Deliverer(store, impatient, lease=30.0)
        await deliverer.deliver_due()
        await until(lambda: len(host.taken) == 5)
        assert slow.taken == []
        await deliverer.finish()
        await impatient.close()
        stuck.set()
    found = await state(store, blocked)
    assert (found.failures, found.error) == (1, "no answer in time")
    assert await left(store, blocked) == [1, 2, 3, 4, 5]


async def test_a_dead_endpoint_gets_one_probe_at_a_time(
    store: Store, calls: Calls, host: Host, host_url: str, time: Time
) -> None:
    endpoint = await hook(store, host_url)
    lanes = [new_id() for _ in range(30)]
    await happen(store, lanes * 2)
    host.answer = status(503)
    await deliver(store, calls)
    assert 0 < len(host.calls) <= 30
    assert (await state(store, endpoint)).failures == 1
    for wait in (6 * SECOND, 6 * MINUTE, 35 * MINUTE):
        before = len(host.calls)
        time.passes(wait)
        await deliver(store, calls)
        assert len(host.calls) == before + 1
    assert (await state(store, endpoint)).failures == 4
    host.answer = well
    time.passes(3 * HOUR)
    await deliver(store, calls)
    assert sorted(host.taken) == list(range(1, 61))
    assert host.in_order()


async def test_one_event_that_the_host_cannot_take_holds_up_only_its_lane(
    store: Store, calls: Calls, host: Host, host_url: str, time: Time
) -> None:
    endpoint = await hook(store, host_url)
    bad, good = new_id(), new_id()
    await happen(store, [bad, bad])

    async def picky(body: dict[str, Any]) -> web.Response:
        return web.Response(status=500 if body["seq"] == 1 else 204)

    host.answer = picky
    await deliver(store, calls)
    await happen(store, [good, good])
    time.passes(5 * SECOND)
    await deliver(store, calls)
    assert host.taken == [3, 4]
    await happen(store, [good])
    await deliver(store, calls)
    assert host.taken[-1] == 5
    assert await left(store, endpoint) == [1, 2]


async def test_410_disables_at_once_and_enabling_goes_on_where_it_stopped(
    store: Store, calls: Calls, host: Host, host_url: str, time: Time
) -> None:
    endpoint = await hook(store, host_url)
    lane = new_id()
    host.answer = status(410)
    await happen(store, [lane])
    await deliver(store, calls)
    await happen(store, [lane, lane])
    time.passes(48 * HOUR)
    await deliver(store, calls)
    assert len(host.calls) == 1
    found = await state(store, endpoint)
    assert found.disabled_at is not None
    assert found.error == "answered with status 410"
    assert await left(store, endpoint) == [1, 3, 4]  # 2 is the record of the disabling
    assert await switches(store) == 1
    host.answer = well
    await store.transact("enable", lambda tx: enable(tx, endpoint))
    await deliver(store, calls)
    assert host.taken == [1, 3, 4]
    assert await switches(store) == 2


async def test_an_exhausted_schedule_disables_and_skips_nothing(
    store: Store, calls: Calls, host: Host, host_url: str, time: Time
) -> None:
    endpoint = await hook(store, host_url)
    host.answer = status(500)
    lane = new_id()
    await happen(store, [lane, lane])
    for wait in TRIES:
        assert (await state(store, endpoint)).disabled_at is None
        time.passes(int(wait * 1.1) + SECOND)
        await deliver(store, calls)
    assert [call.body["seq"] for call in host.calls] == [1] * len(TRIES)
    assert (await state(store, endpoint)).disabled_at is not None
    await happen(store, [lane])
    host.answer = well
    time.passes(48 * HOUR)
    await deliver(store, calls)
    assert host.taken == []
    await store.transact("enable", lambda tx: enable(tx, endpoint))
    await deliver(store, calls)
    assert host.taken == [1, 2, 4]  # 3 is the record of the disabling


async def test_a_disabled_endpoint_gets_nothing_until_it_is_enabled(
    store: Store, calls: Calls, host: Host, host_url: str
) -> None:
    endpoint = await hook(store, host_url)
    await store.transact("disable", lambda tx: disable(tx, endpoint, "maintenance"))
    await happen(store, [new_id()])
    await deliver(store, calls)
    assert host.calls == []
    assert (await state(store, endpoint)).error == "maintenance"
    await store.transact("enable", lambda tx: enable(tx, endpoint))
    await deliver(store, calls)
    assert len(host.taken) == 1
    for change in (enable, lambda tx, it: disable(tx, it, "x"), lambda tx, it: replay(tx, it, 1)):
        with pytest.raises(UnknownEndpoint):
            await store.transact("change", lambda tx, change=change: change(tx, new_id()))


async def test_replay_sends_again_from_a_number_on(
    store: Store, calls: Calls, host: Host, host_url: str
) -> None:
    lane = new_id()
    await happen(store, [lane] * 2)  # before there was an endpoint
    endpoint = await hook(store, host_url)
    await happen(store, [lane] * 3)
    await deliver(store, calls)
    assert host.taken == [3, 4, 5]
    assert await store.transact("replay", lambda tx: replay(tx, endpoint, 2)) == 4
    await deliver(store, calls)
    assert host.taken == [3, 4, 5, 2, 3, 4, 5]
    assert await store.transact("replay", lambda tx: replay(tx, endpoint, 6)) == 0
    await happen(store, [lane])
    await deliver(store, calls)
    assert host.taken[-1] == 6
    ids = {(call.body["seq"], call.headers["webhook-id"]) for call in host.calls}
    assert len(ids) == 5


def killed(deliverer: Deliverer) -> None:
    """As by SIGKILL: nothing more is stored, no lease is given back."""
    for task in deliverer._tasks:
        task.cancel()


async def test_a_kill_between_the_post_and_its_record_repeats_the_same_id(
    store: Store, calls: Calls, host: Host, host_url: str, time: Time
) -> None:
    endpoint = await hook(store, host_url)
    lane = new_id()
    await happen(store, [lane, lane])
    stuck = asyncio.Event()

    async def no_answer(body: dict[str, Any]) -> web.Response:
        await stuck.wait()
        return await well(body)

    host.answer = no_answer
    first = Deliverer(store, calls, lease=30.0)
    await first.deliver_due()
    await until(lambda: len(host.calls) == 1)
    killed(first)
    await first.finish()
    host.answer = well
    await deliver(store, calls)  # the lease holds: this process may be at it for all it knows
    assert len(host.calls) == 1
    time.passes(31 * SECOND)
    await deliver(store, calls)
    stuck.set()
    assert [call.body["seq"] for call in host.calls] == [1, 1, 2]
    assert host.calls[0].headers["webhook-id"] == host.calls[1].headers["webhook-id"]
    assert (await state(store, endpoint)).failures == 0
    assert await left(store, endpoint) == []


async def test_the_lease_of_a_process_that_is_gone_is_void(
    store: Store, calls: Calls, host: Host, host_url: str
) -> None:
    ahead = system_clock() + HOUR
    await hook(store, host_url, owner=new_id(), lease=new_id(), leased_until=ahead)
    await happen(store, [new_id()])
    await deliver(store, calls)
    assert host.taken == [1]


async def test_two_deliverers_at_once_send_nothing_twice(
    store: Store, url: str, calls: Calls, host: Host, host_url: str, time: Time
) -> None:
    # An SQLite file has one daemon, which so knows that no other process delivers from it.
    alone = url.startswith("sqlite")
    other = store if alone else await open_store(url, time)
    lanes = [new_id() for _ in range(12)]
    await hook(store, host_url)
    await hook(store, f"{host_url}/two")
    deliverers = [Deliverer(by, calls) for by in (store, other, store)]
    going = True

    async def run(deliverer: Deliverer) -> None:
        while going:
            await deliverer.deliver_due()
            await asyncio.sleep(0.001)

    running = [asyncio.create_task(run(deliverer)) for deliverer in deliverers]
    for _ in range(10):
        await happen(store, lanes)
    await until(lambda: len(host.taken) >= 240)
    going = False
    await asyncio.gather(*running)
    for deliverer in deliverers:
        await deliverer.finish()
    if not alone:
        await other.close()
    assert sorted(host.taken) == sorted(list(range(1, 121)) * 2)
    for path in ("/", "/two"):
        one = Host()
        one.calls = [call for call in host.calls if call.path == path]
        assert one.in_order()


async def test_a_deliverer_that_stood_still_posts_nothing_after_its_lease(
    store: Store, calls: Calls, host: Host, host_url: str, time: Time
) -> None:
    await hook(store, host_url)
    lane = new_id()
    await happen(store, [lane] * 4)
    seconds = 0.0

    async def stopped_meanwhile(body: dict[str, Any]) -> web.Response:
        nonlocal seconds
        seconds += 40
        time.passes(40 * SECOND)
        return await well(body)

    host.answer = stopped_meanwhile
    await deliver(store, calls, lease=30.0, clock=lambda: seconds)
    assert [call.body["seq"] for call in host.calls] == [1]
    host.answer = well
    await deliver(store, calls)
    assert [call.body["seq"] for call in host.calls] == [1, 1, 2, 3, 4]


async def test_closing_ends_after_the_calls_under_way(
    store: Store, calls: Calls, host: Host, host_url: str
) -> None:
    endpoint = await hook(store, host_url)
    await happen(store, [new_id() for _ in range(3 * LANES)])
    go = asyncio.Event()

    async def waiting(body: dict[str, Any]) -> web.Response:
        await go.wait()
        return await well(body)

    host.answer = waiting
    deliverer = Deliverer(store, calls)
    await deliverer.deliver_due()
    await until(lambda: len(host.calls) == LANES)
    closing = asyncio.create_task(deliverer.close())
    await asyncio.sleep(0)
    go.set()
    await closing
    assert len(host.taken) == LANES
    assert len(await left(store, endpoint)) == 2 * LANES
    await deliver(store, calls)  # the lease was given back
    assert sorted(host.taken) == list(range(1, 3 * LANES + 1))


async def test_a_missing_secret_is_named_and_mended_without_loss(
    store: Store,
    calls: Calls,
    host: Host,
    host_url: str,
    time: Time,
    monkeypatch: pytest.MonkeyPatch,
    secret: str,
) -> None:
    endpoint = await hook(store, host_url)
    await happen(store, [new_id()])
    monkeypatch.delenv("HOOK")
    await deliver(store, calls)
    assert "HOOK is not set" in (await state(store, endpoint)).error
    monkeypatch.setenv("HOOK", "whsec_?")
    time.passes(6 * SECOND)
    await deliver(store, calls)
    assert "HOOK is not a webhook secret" in (await state(store, endpoint)).error
    assert host.calls == []
    monkeypatch.setenv("HOOK", secret)
    time.passes(6 * MINUTE)
    await deliver(store, calls)
    assert host.taken == [1]


async def test_a_host_that_is_not_there(store: Store, calls: Calls, unused_url: str) -> None:
    endpoint = await hook(store, unused_url + "/path?token=secret")
    await happen(store, [new_id()])
    await deliver(store, calls)
    error = (await state(store, endpoint)).error
    assert error.startswith("no connection")
    assert "secret" not in error


@pytest.fixture
def unused_url() -> str:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


async def test_a_long_answer_does_no_harm(
    store: Store, calls: Calls, host: Host, host_url: str
) -> None:
    async def flood(body: dict[str, Any]) -> web.Response:
        return web.Response(status=200, body=b"x" * 5_000_000)

    host.answer = flood
    await hook(store, host_url)
    lane = new_id()
    await happen(store, [lane, lane])
    await deliver(store, calls)
    assert host.taken == [1, 2]


async def test_a_host_that_speaks_http_1_0(store: Store, calls: Calls) -> None:
    """As Python's own http.server does."""
    seen = 0

    async def old(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal seen
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split()[0])
        await reader.readexactly(length)
        seen += 1
        writer.write(b"HTTP/1.0 200 OK\r\nServer: old\r\n\r\nthanks")
        writer.close()

    server = await asyncio.start_server(old, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        endpoint = await hook(store, f"http://127.0.0.1:{port}")
        lane = new_id()
        await happen(store, [lane] * 3)
        await deliver(store, calls)
    assert seen == 3
    assert await left(store, endpoint) == []


async def test_a_name_and_password_in_the_url_go_as_basic(
    store: Store, calls: Calls, host: Host, host_url: str
) -> None:
    await hook(store, host_url.replace("//", "//us%40er:p%3Ass@") + "/a b?é=1#part")
    await happen(store, [new_id()])
    await deliver(store, calls)
    [call] = host.calls
    assert call.headers["Authorization"] == "Basic " + b64encode(b"us@er:p:ss").decode()
    assert call.headers["Host"] == host_url.removeprefix("http://")
    assert call.path == "/a%20b?%C3%A9=1"


@pytest.mark.parametrize(
    "url", ["http://", "https:///x", "http://:80/", "http://a:b:c/", "ftp://x"]
)
async def test_a_url_that_cannot_be_called(calls: Calls, url: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the URL's own parser words it
        await calls.post(url, {}, b"")


async def test_a_lease_within_the_timeout_is_no_lease(store: Store, calls: Calls) -> None:
    with pytest.raises(ValueError, match="longer than the time-out"):
        Deliverer(store, calls, lease=5)
