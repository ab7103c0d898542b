"""Whoever guesses at links, machines that follow them, and other clients' hosts."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request

from gateway.clients.model import LinksPart
from gateway.portal import Site
from gateway.portal.site import neighbourhood
from gateway.portal.throttling import MINUTE, PREFIX, SharedCounts, Throttles, Window
from gateway.storage import Store
from gateway.storage.tables import activity, inbox
from tests.portal.people import CLIENTS, Clock, events, place, rows_of
from tests.portal.visitor import PHONE, Visitor
from tests.servers import RedisServer


@pytest.fixture(params=["alone", "shared"])
def windows(request: pytest.FixtureRequest) -> Callable[..., list[Window]]:
    """Windows of two processes; alone they are one process's."""
    if request.param == "alone":
        return lambda *given: [Window("t", *given)] * 2
    server: RedisServer = request.getfixturevalue("redis_server")
    name = request.node.name
    return lambda *given: [Window(name, *given, SharedCounts(server.url)) for _ in range(2)]


async def test_windows_slide_and_are_one(windows: Callable[..., list[Window]]) -> None:
    here, there = windows(3, 1_000_000)
    now = 1_795_532_400_000_000
    taken = [await window.take("a", now + at) for at, window in enumerate([here, there, here])]
    assert taken == [0, 0, 0]
    assert await there.take("a", now + 400_000) == 600_000
    assert there.refused("a", now + 400_000) == 600_000, "it is known without asking"
    assert await here.take("b", now + 400_000) == 0, "another key is another"
    assert await there.take("a", now + 1_000_000) == 0, "the first is over"
    assert await here.take("a", now + 1_000_000) == 1, "the second is not"
    assert await here.take("a", now + 3_000_000) == 0
    assert there.refused("a", now + 3_000_000) == 0
    for odd in ("", "\udcff\x00", "x" * 100_000):
        assert await here.take(odd, now) == 0
    for window in {id(w): w for w in (here, there)}.values():
        if window.shared is not None:
            await window.shared.close()


async def test_without_redis_each_counts_alone() -> None:
    time = [0.0]
    gone = SharedCounts("redis://127.0.0.1:1", lambda: time[0])
    window = Window("gone", 1, 1_000, gone)
    assert [await window.take("a", 0), await window.take("a", 1)] == [0, 999]
    assert await gone.take("a", 1, 1, 0) is None
    await gone.close()


async def test_addresses_do_not_stand_in_redis(redis_server: RedisServer) -> None:
    import redis.asyncio

    counts = SharedCounts(redis_server.url)
    await Window("private", 1, 1_000_000, counts).take("198.51.100.77", 1_795_532_400_000_000)
    async with redis.asyncio.Redis.from_url(redis_server.url) as seen:
        keys = [key async for key in seen.scan_iter(f"{PREFIX}private:*")]
        assert len(keys) == 1
        assert b"198.51" not in keys[0]
        assert 0 < await seen.pttl(keys[0]) <= 2_000, "nothing stays"
    await counts.close()


NEIGHBOURS = [
    ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
    ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
    ("::ffff:192.0.2.1", "192.0.2.1", True),
    ("192.0.2.1", "192.0.2.2", False),
    ("fe80::1%eth0", "fe80::2", True),
    ("no address", "no address ", False),
]


@pytest.mark.parametrize(("one", "other", "same"), NEIGHBOURS)
def test_a_64_of_ipv6_is_one_visitor(one: str, other: str, *, same: bool) -> None:
    assert (neighbourhood(one) == neighbourhood(other)) is same


def test_windows_forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """A million guessers leave a bounded memory."""
    monkeypatch.setattr("gateway.portal.throttling.REMEMBERED", 100)

    async def guess() -> Window:
        window = Window("flood", 0, MINUTE)
        object.__setattr__(window._own, "limit", 1)
        object.__setattr__(window._own, "keys", 100)
        for number in range(5_000):
            await window.take(f"{number}", number)
            await window.take(f"{number}", number)
        return window

    window = asyncio.run(guess())
    assert len(window._refused) == 100
    assert len(window._own._taken) == 100


async def test_a_flood_of_guesses_is_refused_without_a_look_at_the_store(
    store: Store, visitor: Visitor, site: Site, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    person = await place(store)
    looks = 0
    read = store.read

    async def counted(work: Any) -> Any:
        nonlocal looks
        looks += 1
        return await read(work)

    monkeypatch.setattr(store, "read", counted)
    guesses = (visitor.get(f"/p/{number:022}") for number in range(600))
    statuses = [(await guess).status for guess in guesses]
    assert statuses == [404] * 30 + [429] * 570
    assert looks <= 151
    assert (await visitor.get(person.path)).status == 429, "a flood shuts its own address out"
    assert len(site.throttles.flood._own._taken) == 1
    clock.now += 2 * MINUTE
    assert (await visitor.get(person.path)).status == 200
    assert await rows_of(store, activity) == []


async def test_a_client_s_link_opens_on_its_own_host_or_the_shared_one(
    store: Store, visitor: Visitor, site: Site
) -> None:
    own = CLIENTS["water"].model_copy(update={"links": LinksPart(domain="pay.water.example")})
    configs = CLIENTS | {"water": own}
    object.__setattr__(site, "client_config", configs.__getitem__)
    object.__setattr__(site, "domains", lambda: {"pay.water.example", "pay.agency.example"})
    water, agency = await place(store), await place(store, "agency")
    found = {
        (person.client, where): (await visitor.get(person.path, Host=where)).status
        for person in (water, agency)
        for where in ("pay.example", "pay.water.example", "pay.agency.example", "PAY.WATER.EXAMPLE")
    }
    assert found == {
        ("water", "pay.example"): 200,
        ("water", "pay.water.example"): 200,
        ("water", "PAY.WATER.EXAMPLE"): 200,
        ("water", "pay.agency.example"): 404,
        ("agency", "pay.example"): 200,
        ("agency", "pay.agency.example"): 404,  # somebody has it, and agency has not
        ("agency", "pay.water.example"): 404,
        ("agency", "PAY.WATER.EXAMPLE"): 404,
    }
    agent = {"Host": "pay.agency.example"}
    assert (await visitor.post(f"{water.path}/new", {}, **agent)).status == 200
    assert await rows_of(store, inbox) == []


MACHINES = [
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "WhatsApp/2.23.20.0",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 HeadlessChrome/131.0.0.0 Safari/537.36",
    "Mozilla/5.0 (compatible; Barracuda Sentinel (EE))",
    "Mozilla/5.0 (Macintosh) SkypeUriPreview Preview/0.5",
    "python-requests/2.32.3",
    "curl/8.5.0",
    "Go-http-client/2.0",
    "",
]
PEOPLE = [
    PHONE,
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0",
    "Mozilla/5.0 (Linux; Android 13; SM-A536B) SamsungBrowser/27.0 Chrome/125.0 Mobile Safari",
    "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 CriOS/131.0 Mobile/15E148 Safari/604.1",
]


@pytest.mark.parametrize(("agents", "machines"), [(MACHINES, True), (PEOPLE, False)])
async def test_what_follows_a_link_burns_nothing(
    store: Store, visitor: Visitor, site: Site, agents: list[str], *, machines: bool
) -> None:
    """HEAD, GET, a script that fetches again, POST without facts; then the customer."""
    for agent in agents:
        person = await place(store)
        object.__setattr__(site, "throttles", Throttles())
        headers = {"User-Agent": agent}
        for method, data, more in (
            ("HEAD", None, {}),
            ("GET", None, {}),
            ("GET", None, {"X-Requested-With": "XMLHttpRequest"}),
            ("POST", {}, {}),
        ):
            answer = await visitor.send(method, person.path, headers=headers | more, data=data)
            assert answer.status == (422 if method == "POST" else 200), (agent, method)
        told = [kind for kind, what in await events(store) if what["link_id"] == person.link_id]
        assert told == ["link.prefetched"] * (3 if machines else 1), agent
        assert (await visitor.prove(person)).status == 303
        told = [kind for kind, what in await events(store) if what["link_id"] == person.link_id]
        assert told[-3:] == ["link.clicked", "portal.visited", "portal.verified"]


def test_speculative_loading_is_a_machine_s() -> None:
    from payment_links.visitors import is_machine

    for name in ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz"):
        for value in ("prefetch", "prefetch;prerender", "preview"):
            request = make_mocked_request("GET", "/", {"User-Agent": PHONE, name: value})
            assert is_machine("GET", request.headers)


async def test_a_new_link_is_asked_for_and_nothing_is_learned(
    store: Store, visitor: Visitor, other: Visitor, site: Site, clock: Clock
) -> None:
    """The same page for all; only an expired link's is on record, and not often."""
    expired = await place(store, expires_at=clock.now)
    live, revoked = await place(store), await place(store, revoked_at=clock.now)
    paths = [person.path for person in (expired, live, revoked)]
    pages = set()
    for path in (*paths, f"/p/{'0' * 22}", "/p/short", "/p/%00"):
        answer = await visitor.post(f"{path}/new", {})
        pages.add((answer.status, answer.body))
    assert [status for status, _ in pages] == [200]
    told = await events(store)
    assert [kind for kind, _ in told] == ["link.expired", "link.asked"]
    assert await rows_of(store, inbox) == [], "it was never sent"
    for agent in MACHINES[:3]:
        assert (await other.post(f"{expired.path}/new", {}, **{"User-Agent": agent})).status == 200
    assert [kind for kind, _ in await events(store)][2:] == ["link.prefetched"] * 3
    for _ in range(2):
        await visitor.post(f"{expired.path}/new", {})
    assert len(await events(store, "link.asked")) == 2, "at most twice a day"
    crossed = {"Sec-Fetch-Site": "cross-site"}
    assert (await visitor.post(f"{expired.path}/new", {}, **crossed)).status == 403
    assert (await visitor.get(f"{expired.path}/new")).status == 404
    statuses = [(await visitor.post(f"{live.path}/new", {})).status for _ in range(3)]
    assert statuses == [429] * 3, "ten an hour from one address"
