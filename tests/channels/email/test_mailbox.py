"""Reading a mailbox on real servers: pymap always, Dovecot where it is installed."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import count
from typing import Any

import pytest

from channels.email.reading import provider_id
from tests.channels.email.desks import CARE, Desk, Taker, mail, reading, settings, until
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
    made = dovecot() if request.param == "dovecot" else pymap(tmp_path_factory.mktemp("pymap"))
    with made as running:
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
        await taker.has(3)  # "IDLE told of it: nobody polls for a minute"
        await until(lambda: flags(box) == [{"\\Seen"}] * 3, every=0.1)
    assert taker.subjects == ["one", "two", "three"]
    assert len(taker.offered) == 3
    assert desk.released == 1


async def test_done_mails_are_moved(server: Server, box: Box, desk: Desk, taker: Taker) -> None:
    """To a folder that is made where it is missing."""
    name = f"Erledigt {next(_numbers)}"
    box.add(mail("one"), mail("two"))
    async with reading(settings(server.url, folder=box.name, done_folder=name), desk, taker):
        await taker.has(2)
        await until(lambda: box.mails() == [], every=0.1)
    assert len(server.box(name).mails()) == 2


async def test_a_mail_that_is_set_aside_is_found_in_its_folder(
    server: Server, box: Box, desk: Desk, taker: Taker
) -> None:
    name = f"Aside {next(_numbers)}"
    box.add(mail("one"), mail("large", "x" * 5000), mail("three"))
    given = settings(server.url, folder=box.name, aside_folder=name, largest=4000)
    async with reading(given, desk, taker):
        await taker.has(2)
        await until(lambda: len(box.mails()) == 2, every=0.1)
    assert [raw for raw, _ in server.box(name).mails()] == [mail("large", "x" * 5000)]
    assert list(desk.aside_.values()) == ["too-large"]


async def test_a_folder_that_is_made_anew_is_read_again(
    server: Server, box: Box, desk: Desk, taker: Taker
) -> None:
    given = settings(server.url, folder=box.name)
    box.add(mail("one"), mail("two"))
    async with reading(given, desk, taker):
        await taker.has(2)
        await until(lambda: desk.known)
    before = desk.known
    box.drop()
    await asyncio.sleep(1.1)  # Dovecot's UIDVALIDITY is a time
    box.make()
    box.add(mail("two"), mail("three"))
    async with reading(given, desk, taker):
        await taker.has(3)
        await until(lambda: desk.known != before)
    assert taker.subjects == ["one", "two", "three"]
    assert len(taker.offered) == 4


async def test_a_folder_that_is_missing_is_waited_for(
    server: Server, desk: Desk, taker: Taker, logged: list[Any]
) -> None:
    box = server.box(f"Later {next(_numbers)}")
    async with reading(settings(server.url, folder=box.name), desk, taker):
        await until(lambda: len(logged) > 1)
        box.make()
        box.add(mail("one"))
        await taker.has(1)
    assert logged[0]["why"].startswith("SELECT was answered no")


async def test_a_large_mail_stays_as_it_is(
    server: Server, box: Box, desk: Desk, taker: Taker
) -> None:
    large = mail("large", body=("y" * 76 + "\r\n") * 135_000)
    assert len(large) > 10_000_000
    box.add(large, mail("small"))
    async with reading(settings(server.url, folder=box.name), desk, taker):
        await taker.has(2)
    assert provider_id(CARE, large) in taker.unique


@pytest.mark.parametrize("how", ["cut", "deaf"])
async def test_a_connection_that_is_lost_in_idle(
    how: str, server: Server, box: Box, desk: Desk, taker: Taker
) -> None:
    box.add(mail("one"))
    async with cutting(server.port) as cutter:
        given = settings(server.at(cutter.port), folder=box.name, idle=0.3, patience=1.0)
        async with reading(given, desk, taker):
            await until(lambda: desk.known)
            await asyncio.sleep(0.1)
            if how == "cut":
                cutter.cut()
            else:
                cutter.deaf = True
                await until(lambda: cutter.connections > 1)
                cutter.deaf = False
            box.add(mail("two"))
            await taker.has(2)
    assert cutter.connections > 1


async def test_random_cuts(server: Server, box: Box, desk: Desk, taker: Taker) -> None:
    """Each mail once, though the connection is cut in the middle of anything."""
    count = 16
    box.add(*[mail(f"mail {number}", "x" * 200 * (number % 7)) for number in range(count)])
    async with cutting(server.port) as cutter:
        cutter.at_random(7, 200, 7_000)
        async with reading(settings(server.at(cutter.port), folder=box.name), desk, taker):
            await taker.has(count)
            cutter.gently()
            await until(lambda: all("\\Seen" in each for each in flags(box)), every=0.1)
    assert cutter.cuts > 2
    assert sorted(taker.subjects) == sorted(f"mail {number}" for number in range(count))
    assert desk.aside_ == {}


@pytest.fixture
def own_dovecot() -> Callable[[str], AbstractContextManager[Server]]:
    """One with settings of a test's own."""
    if not has_dovecot():
        pytest.skip(NO_DOVECOT)
    return dovecot


async def test_a_server_that_is_started_anew(
    own_dovecot: Callable[[str], AbstractContextManager[Server]], desk: Desk, taker: Taker
) -> None:
    with own_dovecot("") as server:
        box = server.box()
        box.add(mail("one"))
        async with reading(settings(server.url), desk, taker):
            await until(lambda: desk.known)
            await asyncio.to_thread(server.stop)
            await asyncio.to_thread(server.start)
            box.add(mail("two"))
            await taker.has(2)
        assert len(taker.offered) == 2
        assert flags(box)[0] == {"\\Seen"}


FULL = """\
imap_capability = IMAP4rev1 IDLE UIDPLUS
mail_plugins = quota
plugin {
  quota = maildir:User quota
  quota_rule = *:storage=6K
  quota_grace = 0
}
"""
LOCKED = """\
mail_plugins = acl
plugin {
  acl = vfile
}
"""


async def test_a_full_mailbox_is_read_where_nothing_can_be_copied(
    own_dovecot: Callable[[str], AbstractContextManager[Server]],
    desk: Desk,
    taker: Taker,
    logged: list[Any],
) -> None:
    with own_dovecot(FULL) as server:
        server.box().add(mail("one", "x" * 4000))
        async with reading(settings(server.url, done_folder="Done"), desk, taker):
            await taker.has(1)
            await until(lambda: flags(server.box()) == [{"\\Seen"}], every=0.1)
    warned = [each for each in logged if each["event"] == "mailbox.cannot_move"]
    assert [each["why"] for each in warned] == ["COPY was answered no, OVERQUOTA"]


async def test_a_folder_that_may_only_be_read(
    own_dovecot: Callable[[str], AbstractContextManager[Server]],
    desk: Desk,
    taker: Taker,
    logged: list[Any],
) -> None:
    with own_dovecot(LOCKED) as server:
        server.box().add(mail("one"), mail("large", "x" * 3000))
        assert server.maildir is not None
        (server.maildir / "dovecot-acl").write_text("owner lr\n")
        given = settings(server.url, done_folder="Done", largest=2000, poll=0.05, idle=0.1)
        async with reading(given, desk, taker):
            await taker.has(1)
            await until(lambda: desk.aside_ and desk.known)
            await asyncio.sleep(0.3)
        assert len(taker.offered) == 1
        assert flags(server.box()) == [set(), set()]
    assert "mailbox.read_only" in [each["event"] for each in logged]
    assert "mailbox.lost" not in [each["event"] for each in logged]
