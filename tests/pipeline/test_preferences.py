"""The times that customers name: kept with the turn, and kept to by what goes."""

import asyncio
from collections.abc import Iterable

import pytest

from domain.commands import Command, KeepTimes
from domain.context import Context
from domain.events import Event, Said
from domain.windows import DAYS, Kind, OwnWindow, Statement, windows
from gateway.clock import instant, moment
from gateway.ids import new_id
from gateway.storage.tables import outbound, own_windows
from tests.pipeline.world import (
    MERIDIAN,
    NOON,
    PHONE,
    Person,
    Scripted,
    World,
    say,
    text_from,
)

HOUR = 3600
OUTREACH = {"category": "outreach"}
AFTER_SIX = windows(Kind.ONLY, DAYS, 18 * 60, 0)
MORNINGS = windows(Kind.ONLY, DAYS, 0, 12 * 60)
WEEKDAYS = windows(Kind.ONLY, DAYS[:5], 0, 0)
NOT_SUNDAYS = windows(Kind.NEVER, ("sun",), 0, 0)
ANY_TIME = (OwnWindow(kind=Kind.ONLY),)
SAID = {
    "after six": KeepTimes(AFTER_SIX),
    "mornings": KeepTimes(MORNINGS),
    "weekdays": KeepTimes(WEEKDAYS),
    "not on sundays": KeepTimes(NOT_SUNDAYS),
    "any time": KeepTimes(ANY_TIME),
    "here after six": KeepTimes(AFTER_SIX, here=True),
    "here any time": KeepTimes(ANY_TIME, here=True),
}


def keeps(event: Event, _context: Context) -> Iterable[Command]:
    if isinstance(event, Said):
        yield SAID[event.text]
        yield say()


async def told(world: World, *texts: str, phone: str = PHONE) -> None:
    """The customer says these things, one after another, and hears an answer to each."""
    world.dialogues = Scripted(keeps)
    for text in texts:
        await world.hear(text_from(phone, text))
        await world.send()


async def live(world: World) -> list[tuple[str, str | None]]:
    rows = await world.rows(own_windows, ended_at=None)
    return sorted((f"{r.kind} {r.days} {r.opens}-{r.closes}", r.address) for r in rows)


async def due(world: World, message: str) -> tuple[str, int]:
    row = await world.one(outbound, id=message)
    return row.status, row.due_at


async def placed(world: World) -> tuple[Person, str]:
    person = await world.place()
    return person, await world.talk(person)


async def test_outreach_waits_for_the_time_that_was_named(world: World) -> None:
    person, talk = await placed(world)
    await told(world, "after six")
    message = await world.queue(talk, person, **OUTREACH)
    await world.send()
    assert await due(world, message) == ("queued", NOON + 5 * HOUR * 1_000_000)
    world.clock.forward(5 * HOUR)
    await world.send()
    assert (await due(world, message))[0] == "sent"


async def test_one_reply_goes_at_once_and_the_next_waits(world: World) -> None:
    await placed(world)
    await told(world, "after six")
    assert len(world.provider.sent) == 1
    world.dialogues = Scripted(lambda _event, _context: [say(), say()])
    world.clock.forward(60)
    await world.hear(text_from(PHONE, "and another thing"))
    await world.send()
    await world.send()
    assert len(world.provider.sent) == 2  # the live reply to this one
    [waits] = await world.rows(outbound, status="queued")
    assert moment(waits.due_at) == moment(NOON + 5 * HOUR * 1_000_000)


REPLACED: list[tuple[tuple[str, ...], list[tuple[str, str | None]]]] = [
    (("after six",), [("only mon,tue,wed,thu,fri,sat,sun 1080-1440", None)]),
    (("after six", "after six"), [("only mon,tue,wed,thu,fri,sat,sun 1080-1440", None)]),
    (("after six", "mornings"), [("only mon,tue,wed,thu,fri,sat,sun 0-720", None)]),
    (
        ("after six", "weekdays"),
        [
            ("only mon,tue,wed,thu,fri 0-1440", None),
            ("only mon,tue,wed,thu,fri,sat,sun 1080-1440", None),
        ],
    ),
    (
        ("not on sundays", "mornings", "not on sundays"),
        [("never sun 0-1440", None), ("only mon,tue,wed,thu,fri,sat,sun 0-720", None)],
    ),
    (("not on sundays", "after six", "any time"), []),
    (("here after six",), [("only mon,tue,wed,thu,fri,sat,sun 1080-1440", PHONE)]),
    (
        ("not on sundays", "here after six", "here any time"),
        [("never sun 0-1440", None)],
    ),
    (("here after six", "any time"), []),
    (("here after six", "mornings"), [("only mon,tue,wed,thu,fri,sat,sun 0-720", None)]),
]


@pytest.mark.parametrize(("texts", "kept"), REPLACED, ids=lambda each: ", ".join(map(str, each)))
async def test_what_is_said_anew(
    world: World, texts: tuple[str, ...], kept: list[tuple[str, str | None]]
) -> None:
    await placed(world)
    await told(world, *texts)
    assert await live(world) == sorted(kept)


async def test_what_was_said_and_replaced_is_kept_as_history(world: World) -> None:
    await placed(world)
    await told(world, "after six", "mornings")
    rows = await world.rows(own_windows)
    assert sorted(row.ended_at is None for row in rows) == [False, True]
    assert all(row.causation_id and row.source == "customer" for row in rows)


async def test_two_statements_in_one_turn_count_in_their_order(world: World) -> None:
    await placed(world)
    both = [KeepTimes(AFTER_SIX), KeepTimes(MORNINGS)]
    world.dialogues = Scripted(lambda _event, _context: both)
    await world.hear(text_from(PHONE, "after six, no, in the morning"))
    assert await live(world) == [("only mon,tue,wed,thu,fri,sat,sun 0-720", None)]


async def test_times_of_one_number_are_no_others(world: World) -> None:
    person, talk = await placed(world)
    await world.reach(person, "email", "ada@example.com")
    await told(world, "here after six")
    by_text = await world.queue(talk, person, **OUTREACH)
    mail = {"channel": "email", "address": "ada@example.com", "sender": "care@harbor.example"}
    by_mail = await world.queue(talk, person, **OUTREACH, **mail)
    await world.send()
    await world.send()
    assert (await due(world, by_text))[0] == "queued"
    assert (await due(world, by_mail))[0] == "sent"


async def test_times_of_a_customer_hold_on_every_channel(world: World) -> None:
    person, talk = await placed(world)
    await world.reach(person, "email", "ada@example.com")
    await told(world, "after six")
    mail = {"channel": "email", "address": "ada@example.com", "sender": "care@harbor.example"}
    by_mail = await world.queue(talk, person, **OUTREACH, **mail)
    await world.send()
    assert await due(world, by_mail) == ("queued", NOON + 5 * HOUR * 1_000_000)


async def test_a_strangers_times_are_those_of_their_address(world: World) -> None:
    world.dialogues = Scripted(lambda _event, _context: [KeepTimes(AFTER_SIX, here=True)])
    await world.hear(text_from("+12125550199", "who is this"))
    assert await live(world) == [("only mon,tue,wed,thu,fri,sat,sun 1080-1440", "+12125550199")]
    person = await world.place("C-9", phone="+12125550199")
    message = await world.queue(await world.talk(person), person, **OUTREACH)
    await world.send()
    assert (await due(world, message))[0] == "queued"
    # Another client has not been told.
    other = await world.place("M-1", MERIDIAN, phone="+12125550199")
    theirs = await world.queue(await world.talk(other), other, **OUTREACH)
    await world.send()
    assert (await due(world, theirs))[0] == "sent"


async def test_what_can_not_be_read_refuses(world: World) -> None:
    person, talk = await placed(world)
    await told(world, "after six")
    [row] = await world.rows(own_windows)
    for spoilt in ({"days": "someday"}, {"opens": 2000}, {"kind": "maybe"}):
        sound = {"days": row.days, "opens": row.opens, "kind": row.kind}
        await world.change(own_windows, id=row.id, **(sound | spoilt))
        message = await world.queue(talk, person, **OUTREACH)
        await world.send()
        assert (await world.one(outbound, id=message)).reason == "own_windows", spoilt


async def test_times_without_contact_hours_refuse(world: World) -> None:
    person, talk = await placed(world)
    await told(world, "after six")
    [row] = await world.rows(own_windows)
    await world.change(own_windows, id=row.id, opens=22 * 60)
    message = await world.queue(talk, person, **OUTREACH)
    await world.send()
    kept = await world.one(outbound, id=message)
    assert (kept.status, kept.reason) == ("suppressed", "own_windows")


async def test_a_message_goes_before_the_statement_or_by_it(world: World) -> None:
    """Whoever comes first: what goes after the statement has heard of it."""
    person, talk = await placed(world)
    world.dialogues = Scripted(keeps)
    await world.receive(text_from(PHONE, "after six"))
    await world.understand()
    message = await world.queue(talk, person, **OUTREACH)
    await asyncio.gather(world.turn(), world.send(), world.turn(), world.send())
    await world.send()
    assert (await due(world, message))[0] == "queued"


def statement_rows(person: Person, said: Statement) -> list[dict[str, object]]:
    return [
        {
            "id": new_id(),
            "client": person.client,
            "statement_id": new_id(),
            "customer_id": person.id,
            "kind": window.kind.value,
            "days": ",".join(window.days),
            "opens": window.opens,
            "closes": window.closes,
            "source": "host",
            "created_at": instant(moment(NOON)),
        }
        for window in said
    ]


async def test_a_customers_words_do_not_end_what_the_host_has_said(world: World) -> None:
    person, _ = await placed(world)
    await world.add(own_windows, *statement_rows(person, AFTER_SIX))
    await told(world, "any time", "mornings")
    assert len(await live(world)) == 2
