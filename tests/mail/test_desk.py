"""How far mailboxes were read, by whom, and whose each mail is."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from channels.contract import OutOfReach
from channels.email.desk import HOLD, Pointer
from domain.values import ChannelKind
from gateway.clients import ClientConfig
from gateway.clock import SECOND, moment
from gateway.directory import Directory
from gateway.ids import new_id
from gateway.mail.desk import StoredDesk, aside_of, whose
from gateway.pipeline.arriving import BY_HAND, MAIL, UnknownSender, arrived
from gateway.storage import Store, StoreError
from tests.mail.given import mail
from tests.pipeline.world import Clock, client

PLACE = "care@mail.example/INBOX"
EVIDENCE = {"kind": "mail_domain", "reference": "agency.example", "date": "2026-01-05"}


def config(name: str, *mailboxes: str, inbox: tuple[str, ...] = ("imap",)) -> ClientConfig:
    given = client(name, f"+1212555{sum(map(ord, name)):04d}").model_dump(mode="json")
    texts = [each for each in given["senders"] if each["channel"] == "sms"]
    mails = [
        {
            "channel": "email",
            "address": address,
            "via": "smtp",
            "inbox": inbox,
            "registration": EVIDENCE,
        }
        for address in mailboxes
    ]
    return ClientConfig.model_validate(given | {"senders": texts + mails})


def directory(*configs: ClientConfig) -> Directory:
    made = Directory()
    made.replace(configs)
    return made


CARE, HELP = "care@agency.example", "help@agency.example"
ONE = directory(config("harbor", CARE, HELP))
TWO = directory(config("harbor", CARE), config("meridian", HELP, "care@other.example"))


@pytest.mark.parametrize(
    ("known", "recipients", "found"),
    [
        (ONE, [CARE], CARE),
        (ONE, ["Help@Agency.example"], HELP),
        (ONE, ["someone@else.example", HELP], HELP),
        (ONE, ["care+abc234@agency.example"], CARE),
        (ONE, ["care+a+b@agency.example"], CARE),
        (ONE, ["help+abc@bounces.example"], HELP),
        (ONE, ["undisclosed"], CARE),
        (ONE, [], CARE),
        (TWO, [HELP, CARE], HELP),
        (TWO, ["help+abc@bounces.example"], HELP),
        (TWO, ["care+abc@bounces.example"], None),
        (TWO, [], None),
        (TWO, ["someone@else.example"], None),
        (directory(), [CARE], None),
        (directory(config("harbor", CARE, inbox=("imap.other",))), [CARE], None),
        (directory(config("harbor", CARE, inbox=())), [CARE], None),
    ],
)
def test_whose_a_mail_is(known: Directory, recipients: list[str], found: str | None) -> None:
    assert whose(known, "imap", recipients) == found


@given(st.lists(st.text(max_size=20), max_size=5))
def test_no_recipients_break_it(recipients: list[str]) -> None:
    """Where two clients share a mailbox, nothing but an address tells them apart."""
    assert whose(ONE, "imap", recipients) in (CARE, HELP)
    found = whose(TWO, "imap", recipients)
    locals_ = {each.strip().rpartition("@")[0].partition("+")[0].lower() for each in recipients}
    assert found is None or found.partition("@")[0] in locals_


def test_no_adapter_brings_mails_for_anothers_address() -> None:
    given = structs.replace(mail(), sender=CARE)
    assert arrived(given, ONE, "imap").via == MAIL, "the same mail is the same by any way"
    assert arrived(given, ONE, BY_HAND).via == MAIL
    for via in ("imap.other", "mailhook", "twilio"):
        with pytest.raises(UnknownSender):
            arrived(given, ONE, via)
    text = structs.replace(given, channel=ChannelKind.SMS, letter=None)
    with pytest.raises(UnknownSender):
        arrived(structs.replace(text, sender=ONE.senders[0].address), ONE, BY_HAND)


def pointer(uid: int = 7, place: str = PLACE, validity: int = 3) -> Pointer:
    return Pointer(place, validity, uid, 1000, moment(1_795_543_200_000_000))


@pytest.fixture
def desk(store: Store) -> StoredDesk:
    return StoredDesk(store, ONE, "imap")


class Other:
    """The store as another process has it."""

    def __init__(self, store: Store, *gone: str) -> None:
        self._store = store
        self._gone = gone
        self.owner = new_id()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def gone(self, owners: list[str]) -> set[str]:
        return {owner for owner in owners if owner in self._gone}


async def test_one_process_at_a_time(desk: StoredDesk, store: Store, clock: Clock) -> None:
    other = replace(desk, store=Other(store))  # type: ignore[arg-type]
    assert await desk.hold(PLACE)
    assert await desk.hold(PLACE), "it is ours already"
    assert not await other.hold(PLACE)
    assert await other.hold("another@mail.example/INBOX")
    clock.now += int(HOLD * SECOND) - 1
    assert not await other.hold(PLACE)
    clock.now += 1
    assert await other.hold(PLACE), "who says nothing any more has it no more"
    assert not await replace(desk, store=Other(store)).hold(PLACE)  # type: ignore[arg-type]


async def test_what_is_released_or_whose_process_is_gone_is_free(
    desk: StoredDesk, store: Store
) -> None:
    other = Other(store)
    theirs = replace(desk, store=other)  # type: ignore[arg-type]
    assert await theirs.hold(PLACE)
    await replace(desk, store=Other(store)).release(PLACE)  # type: ignore[arg-type]
    third = Other(store)
    assert not await replace(desk, store=third).hold(PLACE), "nobody else releases it"  # type: ignore[arg-type]
    await theirs.release(PLACE)
    assert await replace(desk, store=third).hold(PLACE)  # type: ignore[arg-type]
    survivor = Other(store, third.owner)
    assert await replace(desk, store=survivor).hold(PLACE)  # type: ignore[arg-type]


async def test_how_far_it_was_read(desk: StoredDesk, clock: Clock) -> None:
    await desk.hold(PLACE)
    begun = await desk.position(PLACE)
    assert (begun.uid_validity, begun.last_uid) == (None, None)
    clock.now += 60 * SECOND
    await desk.keep(PLACE, 4_294_967_295, 4_294_967_294)
    await desk.hold(PLACE)
    known = await desk.position(PLACE)
    assert (known.uid_validity, known.last_uid) == (4_294_967_295, 4_294_967_294)
    assert known.begun_at == begun.begun_at, "of the first reading"
    assert moment(clock.now) - known.begun_at == timedelta(seconds=60)


async def test_tries_are_counted_and_the_last_reason_is_kept(
    desk: StoredDesk, store: Store, logged: list[Any]
) -> None:
    assert [await desk.tried(pointer(), "ValueError") for _ in range(3)] == [1, 2, 3]
    assert await desk.tried(pointer(8), "KeyError") == 1
    assert await desk.tried(pointer(validity=4), "KeyError") == 1
    assert await desk.aside(PLACE, 3, [7, 8]) == set()
    await desk.set_aside(pointer(), "x" * 200)
    assert await desk.aside(PLACE, 3, [7, 8]) == {7}
    assert await desk.aside(PLACE, 4, [7]) == set()
    (row,) = await store.read(aside_of)
    assert (row["place"], row["uid"], row["tries"]) == (PLACE, 7, 4)
    assert row["reason"] == "x" * 64
    (told,) = [each for each in logged if each["event"] == "mailbox.mail_set_aside"]
    assert (told["log_level"], told["uid"]) == ("error", 7)


async def test_a_store_out_of_reach_is_said_so(desk: StoredDesk, store: Store) -> None:
    class Down(Other):
        async def transact(self, *_: Any) -> None:
            raise StoreError("the database is out of reach")

        read = transact

    down = replace(desk, store=Down(store))  # type: ignore[arg-type]
    for asked in (
        down.hold(PLACE),
        down.release(PLACE),
        down.position(PLACE),
        down.keep(PLACE, 1, 1),
        down.tried(pointer(), "x"),
        down.set_aside(pointer(), "x"),
        down.aside(PLACE, 1, [1]),
    ):
        with pytest.raises(OutOfReach):
            await asked
