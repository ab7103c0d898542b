"""Reading a mailbox on real servers: pymap always, Dovecot where it is installed."""

import asyncio
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.channels.email.desks import Desk, Taker, mail, reading, settings, until
from tests.standins.cutter import cutting
from tests.standins.mailboxes import Box, Server, dovecot, has_dovecot, pymap

_numbers = count(1)
NO_DOVECOT = "Dovecot is not installed, or we are not root: make dovecot-peer"


@pytest.fixture(scope="module", params=["pymap", "dovecot"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    if request.param == "dovecot" and not has_dovecot():
        pytest.skip(NO_DOVECOT)
    made = {"pymap": pymap, "dovecot": dovecot}[request.param]
    with made(tmp_path_factory.mktemp(request.param)) as running:
        yield running


@pytest.fixture
def box(server: Server) -> Box:
    """A folder of this test's own."""
    made = server.box(f"Replies {next(_numbers)}")
    made.make()
    return made


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def taker() -> Taker:
    return Taker()


def flags(box: Box) -> list[set[str]]:
    return [set(found) - {"\\Recent"} for _, found in box.mails()]


async def test_mails_that_are_there_and_that_come(
    server: Server, box: Box, desk: Desk, taker: Taker
) -> None:
    box.add(mail("one"), mail("two"))
    seen: list[list[set[str]]] = []
    taker.before = lambda _: seen.append(flags(box))
    async with reading(settings(server.url, folder=box.name, poll=60), desk, taker):
        await taker.has(2)
        assert seen[0] == [set(), set()], "nothing is marked before it is stored"
        await until(lambda: desk.known)
        await asyncio.sleep(0.1)
        box.add(mail("three"))
        await taker.has(3, 3), "IDLE told of it: nobody polls for a minute"
        await until(lambda: flags(box) == [{"\\Seen"}] * 3)
    assert taker.subjects == ["one", "two", "three"]
    assert len(taker.offered) == 3
    assert desk.released == 1


async def test_done_mails_are_moved(server: Server, box: Box, desk: Desk, taker: Taker) -> None:
    done = server.box(f"{box.name} & more — done")
    box.add(mail("one"), mail("two"))
    given = settings(server.url, folder=box.name, done_folder="Erledigt & gelöscht")
    async with reading(given, desk, taker):
        await taker.has(2)
        await until(lambda: box.mails() == [])
    del done


async def test_a_large_mail_stays_as_it_is(
    server: Server, box: Box, desk: Desk, taker: Taker
) -> None:
    large = mail("large", body="x" * 78 + "\r\n" + ("y" * 76 + "\r\n") * 135_000)
    assert len(large) > 10 * 1024 * 1024
    box.add(large, mail("small"))
    async with reading(settings(server.url, folder=box.name), desk, taker):
        await taker.has(2)
    from channels.email.reading import provider_id

    assert provider_id("care@agency.example", large) in taker.unique


async def test_random_cuts(server: Server, box: Box, desk: Desk, taker: Taker) -> None:
    box.add(*[mail(f"mail {number}", "x" * 200 * (number % 7)) for number in range(60)])
    async with cutting(server.port) as cutter:
        cutter.at_random(7, 200, 9_000)
        async with reading(settings(server.at(cutter.port), folder=box.name), desk, taker):
            await taker.has(60, 30)
            cutter.gently()
            await until(lambda: all("\\Seen" in each for each in flags(box)))
    print(cutter.cuts, len(taker.offered))
    assert cutter.cuts > 5
    assert sorted(taker.subjects) == sorted(f"mail {number}" for number in range(60))
    assert desk.aside_ == {}
