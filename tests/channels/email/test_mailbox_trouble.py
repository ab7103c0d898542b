"""Servers that fail, lie or say nothing: other mails go on, and nobody is hammered at."""

import asyncio
from typing import Any

import pytest

from channels.contract import SendError
from channels.email.mailbox import Pauses
from domain.messages import Content, Outbound
from domain.values import ChannelKind
from tests.channels.email.desks import QUICK, Desk, Taker, mail, reading, settings, until
from tests.standins.imapd import BYE, DROP, SILENCE, Imapd, misbehaving


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def taker() -> Taker:
    return Taker()


def holding(*subjects: str, **more: Any) -> Imapd:
    return Imapd(dict(enumerate(map(mail, subjects), 1)), **more)


async def test_a_server_without_idle_is_asked(desk: Desk, taker: Taker) -> None:
    server = holding("one", can="IMAP4rev1 MOVE")
    async with misbehaving(server) as url, reading(settings(url, poll=0.05), desk, taker):
        await until(lambda: server.commands["NOOP"])
        server.add(mail("two"))
        await taker.has(2)
    assert server.commands["IDLE"] == 0
    assert server.connections == 1


async def test_an_idle_that_is_refused_is_not_asked_for_again(desk: Desk, taker: Taker) -> None:
    server = holding("one", answers={"IDLE": "NO not today"})
    async with misbehaving(server) as url, reading(settings(url, poll=0.05), desk, taker):
        await until(lambda: server.commands["NOOP"])
        server.add(mail("two"))
        await taker.has(2)
    assert (server.commands["IDLE"], server.connections) == (1, 1)


async def test_an_idle_that_tells_nothing_gives_way_to_asking(desk: Desk, taker: Taker) -> None:
    server = holding("one", tells=False)
    async with misbehaving(server) as url, reading(settings(url, idle=0.1), desk, taker):
        for count in range(1, 5):
            await taker.has(count)
            server.add(mail(f"more {count}"))
        await taker.has(5)
        await until(lambda: server.commands["NOOP"] > 2)
        before = server.commands["IDLE"]
        await until(lambda: server.commands["NOOP"] > 5)
        assert server.commands["IDLE"] == before
    assert server.connections == 1


async def test_connections_that_die_in_idle_give_way_to_asking(desk: Desk, taker: Taker) -> None:
    """As behind a firewall that forgets quiet connections."""
    server = holding("one", answers={"DONE": SILENCE})
    given = settings("imap://x:y@z", idle=0.05, patience=0.1)

    async def mute(*_: Any) -> None:
        await asyncio.Event().wait()

    server._idle = mute  # type: ignore[method-assign, assignment]
    async with misbehaving(server) as url:
        given = settings(url, idle=0.05, patience=0.1)
        async with reading(given, desk, taker):
            await until(lambda: server.commands["NOOP"] > 0)
            server.add(mail("two"))
            await taker.has(2)
    assert server.commands["IDLE"] == 3


@pytest.mark.parametrize(
    "command", ["CAPABILITY", "LOGIN", "SELECT", "UID SEARCH", "UID FETCH", "IDLE", "UID STORE"]
)
@pytest.mark.parametrize("how", [SILENCE, DROP, BYE])
async def test_whatever_is_not_answered_is_tried_again(
    command: str, how: str, desk: Desk, taker: Taker
) -> None:
    server = holding("one", "two", answers={command: how})
    given = {"idle": 0.1, "patience": 0.15}
    async with misbehaving(server) as url, reading(settings(url, **given), desk, taker):
        await until(lambda: server.connections > 2)
        server.answers.clear()
        await taker.has(2)
        await until(lambda: server.seen == {1, 2})
        server.add(mail("three"))
        await taker.has(3)
    assert taker.subjects == ["one", "two", "three"]
    assert desk.aside_ == {}
    assert len(taker.offered) == 3


@pytest.mark.parametrize("greeting", ["", "* BYE too busy", "220 smtp.example ESMTP", "x" * 9000])
async def test_what_does_not_greet_as_imap(greeting: str, desk: Desk, taker: Taker) -> None:
    server = holding("one", greeting=greeting)
    async with misbehaving(server) as url, reading(settings(url, patience=0.2), desk, taker):
        await until(lambda: server.connections > 2)
        server.greeting = "* OK ready"
        await taker.has(1)


async def test_a_refused_login_is_not_hammered_at(
    desk: Desk, taker: Taker, logged: list[Any]
) -> None:
    server = holding("one", password="another")
    pauses = Pauses(first=0.001, most=0.002, refused=0.2, most_refused=1.0, held=0.01)
    async with misbehaving(server) as url, reading(settings(url), desk, taker, pauses):
        await until(lambda: server.logins == 3)
        told = [each for each in logged if each["event"] == "mailbox.lost"]
        waits = [each["again_in"] for each in told]
        assert all(wait >= 0.1 for wait in waits)
        assert waits[-1] > waits[0], "longer each time"
        assert {each["log_level"] for each in told} == {"error"}
        server.password = "s3cret"
        await taker.has(1)
    assert "AUTHENTICATIONFAILED" in told[0]["why"]
    assert not any("s3cret" in str(each) or "no such user" in str(each) for each in logged)


async def test_logins_that_can_not_be_had_now_are_no_refusal(desk: Desk, taker: Taker) -> None:
    server = holding("one", answers={"LOGIN": "NO [UNAVAILABLE] later"})
    pauses = Pauses(first=0.001, most=0.002, refused=60, most_refused=60)
    async with misbehaving(server) as url, reading(settings(url), desk, taker, pauses):
        await until(lambda: server.commands["LOGIN"] > 2)
        server.answers.clear()
        await taker.has(1)


async def test_uids_that_mean_something_else_are_read_again(desk: Desk, taker: Taker) -> None:
    server = holding("one", "two", "three")
    async with misbehaving(server) as url, reading(settings(url), desk, taker):
        await taker.has(3)
        await until(lambda: desk.known)
    kept = list(server.mails.values())
    server.mails = dict(enumerate([mail("new"), *kept[1:]], 1))
    server.validity, server.seen = 2, set()
    async with misbehaving(server) as url, reading(settings(url), desk, taker):
        await taker.has(4)
        await until(lambda: desk.known and desk.known.uid_validity == 2)
    assert taker.subjects == ["one", "two", "three", "new"]
    assert len(taker.offered) == 6, "two of them were offered twice, to no effect"


@pytest.mark.parametrize(("first", "taken"), [("unseen", ["two"]), ("all", ["one", "two"])])
async def test_what_was_read_before_the_first_time(
    first: str, taken: list[str], desk: Desk, taker: Taker
) -> None:
    server = holding("one", "two", seen={1})
    async with misbehaving(server) as url, reading(settings(url, first=first), desk, taker):
        await until(lambda: desk.known)
        server.add(mail("three"))
        await taker.has(len(taken) + 1)
    assert taker.subjects == [*taken, "three"]


async def test_a_first_reading_that_fails_in_part_brings_no_older_mails(
    desk: Desk, taker: Taker
) -> None:
    """However often it is begun anew until all of it is taken in."""
    server = holding("bad", "old", "three", seen={2}, can="IMAP4rev1")
    taker.fails = lambda one: one.subject == "bad"
    async with misbehaving(server) as url:
        for _ in range(2):
            searches = server.commands["UID SEARCH"]
            async with reading(settings(url, poll=0.01), desk, taker):
                await until(lambda before=searches: server.commands["UID SEARCH"] > before + 2)
        assert desk.known is None
        taker.fails = lambda _: False
        async with reading(settings(url, poll=0.01), desk, taker):
            await until(lambda: desk.known)
            server.add(mail("four"))
            await taker.has(3)
    assert sorted(taker.subjects) == ["bad", "four", "three"]


async def test_the_last_mail_is_not_read_for_ever(desk: Desk, taker: Taker) -> None:
    server = holding("one", can="IMAP4rev1")
    async with misbehaving(server) as url, reading(settings(url, poll=0.01), desk, taker):
        await until(lambda: server.commands["UID SEARCH"] > 10)
    assert server.commands["UID FETCH"] == 2, "its size, and the mail"
    assert len(taker.offered) == 1


async def test_too_large_a_mail_is_set_aside_unread(desk: Desk, taker: Taker) -> None:
    server = holding("one", "two", "three", sizes={2: 30_000_000})
    async with misbehaving(server) as url, reading(settings(url), desk, taker):
        await taker.has(2)
        await until(lambda: server.moved)
    assert taker.subjects == ["one", "three"]
    assert desk.aside_ == {2: "too-large"}
    assert server.moved == {"Set aside": [2]}
    assert not any("FETCH 2 " in line and "BODY" in line for line in server.lines)


async def test_nobodys_mail_is_set_aside(desk: Desk, taker: Taker) -> None:
    desk.mine = ()
    server = holding("one")
    async with misbehaving(server) as url, reading(settings(url), desk, taker):
        await until(lambda: server.moved)
    assert (desk.aside_, taker.offered) == ({1: "nobodys"}, [])


@pytest.mark.parametrize("fails", ["sink", "fetch"])
async def test_a_bad_mail_holds_up_no_other(
    fails: str, desk: Desk, taker: Taker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channels.email.rounds.RETRIES", (0.02, 0.02, 0.02))
    server = holding("one", "bad", "three")
    if fails == "sink":
        taker.fails = lambda one: one.subject == "bad"
    else:
        server.bad_mails = {2}
    async with misbehaving(server) as url, reading(settings(url), desk, taker):
        await taker.has(2)
        server.add(mail("four"))
        await taker.has(3)
        await until(lambda: desk.aside_)
        await until(lambda: server.moved)
        server.add(mail("five"))
        await taker.has(4)
    assert taker.subjects == ["one", "three", "four", "five"]
    assert desk.aside_ == {2: "ValueError" if fails == "sink" else "Denied"}
    assert desk.tries[2] == 4
    assert server.connections == 1


async def test_a_mail_that_fails_for_a_while_is_taken_in(
    desk: Desk, taker: Taker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channels.email.rounds.RETRIES", (0.02, 0.02, 0.02))
    taker.fails = lambda one: one.subject == "bad" and desk.tries.get(2, 0) < 2
    server = holding("one", "bad", "three")
    async with misbehaving(server) as url, reading(settings(url), desk, taker):
        await taker.has(3)
        await until(lambda: desk.known and desk.known.last_uid == 3)
    assert desk.aside_ == {}
    assert server.seen == {1, 2, 3}


async def test_a_mail_that_is_tried_again_later_survives_a_new_start(
    desk: Desk, taker: Taker
) -> None:
    taker.fails = lambda one: one.subject == "bad"
    server = holding("one", "bad", "three", can="IMAP4rev1")
    async with misbehaving(server) as url:
        async with reading(settings(url, poll=0.01), desk, taker):
            await taker.has(2)
            await until(lambda: server.commands["NOOP"] > 2)
            server.add(mail("four"))
            await taker.has(3)
        assert desk.known is None or desk.known.last_uid == 1
        taker.fails = lambda _: False
        async with reading(settings(url), desk, taker):
            await taker.has(4)


async def test_a_mail_that_ends_each_connection_is_set_aside(desk: Desk, taker: Taker) -> None:
    server = holding("one", "deadly", "three")
    fetched = server._fetched

    def deadly(rest: str) -> Any:
        if "BODY" in rest and rest.split()[2] == "2":
            raise ConnectionError
        return fetched(rest)

    server._fetched = deadly  # type: ignore[method-assign]
    async with misbehaving(server) as url, reading(settings(url), desk, taker):
        await taker.has(2)
        await until(lambda: desk.aside_)
    assert desk.aside_ == {2: "unfetchable"}
    assert taker.subjects == ["one", "three"]
    assert len(taker.offered) == 2


async def test_mails_that_vanish_meanwhile(desk: Desk, taker: Taker) -> None:
    server = holding("one", "two", "three")
    fetched = server._fetched

    def vanishing(rest: str) -> Any:
        made = fetched(rest)
        server.mails.pop(2, None)
        return made

    server._fetched = vanishing  # type: ignore[method-assign]
    async with misbehaving(server) as url, reading(settings(url), desk, taker):
        await taker.has(2)
    assert (taker.subjects, desk.aside_) == (["one", "three"], {})


@pytest.mark.parametrize("part", ["sink", "desk"])
async def test_a_store_out_of_reach_is_no_mails_fault(part: str, desk: Desk, taker: Taker) -> None:
    server = holding("one")
    async with misbehaving(server) as url, reading(settings(url), desk, taker):
        await taker.has(1)
        taker.down = part == "sink"
        desk.down = part == "desk"
        server.add(mail("two"))
        await asyncio.sleep(0.3)
        assert (len(taker.unique), server.seen) == (1, {1})
        taker.down = desk.down = False
        await taker.has(2)
    assert (desk.tries, desk.aside_) == ({}, {})


async def test_a_read_only_folder_is_read_all_the_same(desk: Desk, taker: Taker) -> None:
    server = holding("one", "two", read_only=True)
    async with misbehaving(server) as url, reading(settings(url), desk, taker):
        await taker.has(2)
        server.add(mail("three"))
        await taker.has(3)
    assert (server.seen, server.connections, len(taker.offered)) == (set(), 1, 3)


@pytest.mark.parametrize("code", ["[OVERQUOTA]", "[TRYCREATE]", "[CANNOT]", ""])
async def test_where_moving_fails_mails_are_marked(code: str, desk: Desk, taker: Taker) -> None:
    answers = {"UID MOVE": f"NO {code} no", "CREATE": "NO never"}
    server = holding("one", "two", answers=answers)
    given = {"done_folder": "Done", "largest": 1024}
    server.sizes = {2: 2000}
    async with misbehaving(server) as url, reading(settings(url, **given), desk, taker):
        await until(lambda: server.flags.keys() == {1, 2})
    assert server.flags == {1: "\\Seen", 2: "\\Flagged $SetAside"}
    assert server.connections == 1


@pytest.mark.parametrize(("can", "expunges"), [("IMAP4rev1 UIDPLUS", 1), ("IMAP4rev1", 0)])
async def test_a_server_that_can_not_move_copies(
    can: str, expunges: int, desk: Desk, taker: Taker
) -> None:
    server = holding("one", can=can)
    given = {"done_folder": "Done"}
    async with misbehaving(server) as url, reading(settings(url, **given), desk, taker):
        await until(lambda: server.flags and server.commands["NOOP"])
    assert server.moved == {"Done": [1]}
    assert server.flags == {1: "\\Seen \\Deleted"}
    assert server.commands["UID EXPUNGE"] == expunges
    assert server.commands["EXPUNGE"] == 0, "others' mails may be marked to be removed"


async def test_another_process_reads_it(desk: Desk, taker: Taker) -> None:
    desk.other = True
    server = holding("one")
    async with misbehaving(server) as url, reading(settings(url), desk, taker):
        await until(lambda: desk.holds > 3)
        assert server.connections == 0
        desk.other = False
        await taker.has(1)


async def test_a_folder_that_another_process_has_taken_is_left(
    desk: Desk, taker: Taker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channels.email.mailbox.RENEW", 0.05)
    server = holding("one")
    async with misbehaving(server) as url, reading(settings(url), desk, taker):
        await taker.has(1)
        desk.other = True
        await until(lambda: server.idling == 0)
        server.add(mail("two"))
        await asyncio.sleep(0.2)
        assert len(taker.unique) == 1
        assert server.connections == 1


async def test_it_sends_nothing(taker: Taker) -> None:
    async with misbehaving(holding()) as url, reading(settings(url), Desk(), taker) as channel:
        message = Outbound("1", ChannelKind.EMAIL, "a@b.example", "c@d.example", Content("x"))
        with pytest.raises(SendError) as caught:
            await channel.send(message)
    assert caught.value.retry == "never"
    assert QUICK.first < QUICK.most
