"""Holds over both stores: begun once, cancelled for, and ended on the record."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from domain.commands import Command, Hold, HoldScope
from domain.context import Context
from domain.events import Event
from domain.values import ChannelKind
from gateway.clock import DAY, SECOND, moment
from gateway.holds.asking import Asked, NotStarted, hold, holds_of, shown
from gateway.holds.ending import NotEnded, end_expired, end_hold
from gateway.holds.starting import By, Start, Subject, start_holds
from gateway.ids import new_id
from gateway.storage.tables import addresses, holds, inbox, outbound, sequence_runs
from tests.pipeline.world import HARBOR, MERIDIAN, PHONE, Person, Scripted, World, client, text_from

HOUR = 3600 * SECOND
OTHER_PHONE = "+12125550143"
OUTREACH = {"category": "outreach", "demand": 1}


def start(subject: Subject, kind: str = "dispute", **more: Any) -> Start:
    return Start(config=HARBOR, kind=kind, subject=subject, by=By.AGENT, name="Kim", **more)


def on_customer(person: Person) -> Subject:
    return Subject(person.client, person.id)


def on_account(person: Person) -> Subject:
    return Subject(person.client, person.id, person.account)


def on_phone(phone: str = PHONE, of: str = "harbor") -> Subject:
    return Subject(of, channel="sms", address=phone)


async def begin(world: World, *starts: Start) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = await world.store.transact(
        "hold", lambda tx: start_holds(tx, starts)
    )
    return rows


async def lift(world: World, hold_id: str, of: str = "harbor") -> None:
    await world.store.transact(
        "hold", lambda tx: end_hold(tx, of, hold_id, "agent", "Kim", "it is settled")
    )


async def statuses(world: World) -> list[str]:
    return [row.status for row in await world.rows(outbound)]


class TestStart:
    async def test_it_says_who_when_and_why(self, world: World) -> None:
        person = await world.place()
        source = new_id()
        (row,) = await begin(
            world, start(on_account(person), reason="a letter", source_id=source, days=3)
        )
        kept = await world.one(holds)
        assert kept._asdict() == {**dict.fromkeys(kept._fields), **row}
        assert (kept.started_by, kept.starter, kept.reason) == ("agent", "Kim", "a letter")
        ((_, told),) = await world.told("hold.started")
        assert told == {
            "hold_id": kept.id,
            "kind": "dispute",
            "scope": "account",
            "until": "2026-11-28T05:00:00+00:00",
            "name": "Kim",
            "reason": "a letter",
        }

    async def test_begun_again_it_changes_nothing(self, world: World) -> None:
        person = await world.place()
        await begin(world, start(on_customer(person)))
        assert await begin(world, *[start(on_customer(person))] * 3) == []
        assert len(await world.rows(holds)) == 1
        assert len(await world.told("hold.started")) == 1

    async def test_twice_in_one_transaction_it_is_one(self, world: World) -> None:
        person = await world.place()
        await begin(world, start(on_customer(person), days=3), start(on_customer(person), days=9))
        assert moment((await world.one(holds)).until).date() == date(2026, 12, 4)
        assert [told.get("extended") for _, told in await world.told("hold.started")] == [
            None,
            True,
        ]

    async def test_it_goes_on_to_the_later_end(self, world: World) -> None:
        person = await world.place()
        (first,) = await begin(world, start(on_customer(person), days=9))
        assert await begin(world, start(on_customer(person), days=2)) == []
        world.clock.forward(3 * 86_400)
        (longer,) = await begin(world, start(on_customer(person), days=9))
        assert longer["id"] == first["id"]
        assert (await world.one(holds)).until == first["until"] + 3 * DAY
        await begin(world, start(on_customer(person)))
        assert (await world.one(holds)).until is None, "no end is the latest"

    async def test_the_longest_of_its_kind_is_kept_unless_an_end_is_stated(
        self, world: World
    ) -> None:
        person = await world.place()
        kind = "breathing_space"
        (first,) = await begin(world, start(on_customer(person), kind))
        world.clock.forward(30 * 86_400)
        assert await begin(world, start(on_customer(person), kind)) == []
        stated = first["until"] + 30 * DAY
        await begin(world, start(on_customer(person), kind, until=stated))
        assert (await world.one(holds)).until == stated

    async def test_another_kind_account_or_customer_has_its_own(self, world: World) -> None:
        ada, bob = await world.place("C-1"), await world.place("C-2", phone=OTHER_PHONE)
        await begin(
            world,
            start(on_customer(ada)),
            start(on_account(ada)),
            start(on_customer(ada), "attorney"),
            start(on_customer(bob)),
            start(on_phone()),
            start(on_phone(OTHER_PHONE)),
        )
        assert len(await world.rows(holds)) == 6

    async def test_after_its_end_it_begins_anew(self, world: World) -> None:
        """Though nobody has noticed yet that it is over."""
        person = await world.place()
        await begin(world, start(on_customer(person), days=1))
        world.clock.forward(9 * 86_400)
        await begin(world, start(on_customer(person), days=1))
        one, other = sorted(await world.rows(holds), key=lambda row: row.started_at)
        assert (one.end_reason, other.ended_at) == ("expired", None)
        kinds = [kind for kind, _ in await world.told()]
        assert kinds == ["hold.started", "hold.ended", "hold.started"]

    async def test_an_end_that_is_past_begins_nothing(self, world: World) -> None:
        person = await world.place()
        assert await begin(world, start(on_customer(person), until=world.clock.now)) == []
        assert await world.rows(holds) == []

    async def test_it_lasts_as_long_as_the_client_says(self, world: World) -> None:
        person = await world.place()
        own = client(
            "harbor",
            HARBOR.senders[0].address,
            contact={"holds": {"days": {"debt_adviser": 45}, "source": "our own policy"}},
        )
        await begin(
            world, Start(config=own, kind="debt_adviser", subject=on_customer(person), by=By.HOST)
        )
        assert moment((await world.one(holds)).until).isoformat() == "2027-01-09T05:00:00+00:00"


class TestCancelling:
    @pytest.mark.parametrize("whose", ["customer", "account", "address"])
    async def test_what_is_queued_unsolicited_goes_no_more(self, world: World, whose: str) -> None:
        person = await world.place()
        talk = await world.dialogue(person)
        await world.queue(talk, person, **OUTREACH)
        for category in ("reply", "help", "crisis", "confirmation"):
            await world.queue(talk, person, category=category)
        await world.queue(talk, person, status="sending", **OUTREACH)
        subject = {
            "customer": on_customer(person), "account": on_account(person), "address": on_phone()
        }[whose]  # fmt: skip
        await begin(world, start(subject))
        assert await statuses(world) == ["cancelled", *["queued"] * 4, "sending"]
        ((_, told),) = await world.told("message.cancelled")
        assert told["reason"] == "hold_dispute"

    async def test_an_accounts_hold_leaves_the_other_accounts_alone(self, world: World) -> None:
        person = await world.place()
        talk = await world.dialogue(person)
        for account in (person.account, new_id(), None):
            await world.queue(talk, person, account_id=account, **OUTREACH)
        await begin(world, start(on_account(person)))
        assert await statuses(world) == ["cancelled", "queued", "cancelled"], (
            "what is about no known account may be about this one"
        )
        await world.send()
        assert [sent.content.text for sent in world.provider.sent] == [
            "Hello. Reply STOP to opt out."
        ]

    async def test_an_addresss_hold_leaves_the_other_addresses_alone(self, world: World) -> None:
        person = await world.place()
        talk = await world.dialogue(person)
        await world.reach(person, "sms", OTHER_PHONE)
        for phone in (PHONE, OTHER_PHONE):
            await world.queue(talk, person, address=phone, **OUTREACH)
        await begin(world, start(on_phone(), "wrong_party"))
        assert await statuses(world) == ["cancelled", "queued"]

    async def test_the_same_phone_at_another_client_is_not_ours(self, world: World) -> None:
        theirs = await world.place("C-1", MERIDIAN)
        await world.queue(await world.dialogue(theirs), theirs, **OUTREACH)
        await begin(world, start(on_phone()))
        await world.send()
        assert await statuses(world) == ["sent"]

    async def test_it_ends_the_runs_of_its_account(self, world: World) -> None:
        person = await world.place()
        for account in (person.account, new_id()):
            await world.add(sequence_runs, run_of(world, person, account))
        await begin(world, start(on_account(person)))
        found = {r.account_id == person.account: (r.state, r.reason) for r in await runs(world)}
        assert found == {True: ("stopped", "dispute"), False: ("running", None)}

    async def test_started_by_a_reply(self, world: World) -> None:
        person = await world.place()
        talk = await world.dialogue(person)
        await world.queue(talk, person, **OUTREACH)

        def answers(event: Event, context: Context) -> Iterable[Command]:
            return [Hold("dispute", HoldScope.ACCOUNT)]

        world.dialogues = Scripted(answers)
        await world.hear(text_from())
        assert await statuses(world) == ["cancelled"]
        row = await world.one(holds)
        assert (row.started_by, row.source_id) == ("customer", world.dialogues.events[0].id)


async def runs(world: World) -> list[Any]:
    return await world.rows(sequence_runs)


def run_of(world: World, person: Person, account: str) -> dict[str, Any]:
    from gateway.pipeline.identity import conversation_with

    return {
        "id": new_id(),
        "client": person.client,
        "customer_id": person.id,
        "account_id": account,
        "conversation_id": conversation_with(person.id),
        "pack": "collections-us",
        "pack_version": "1",
        "sequence": "reminders",
        "exits": '["dispute", "hold"]',
        "step": 0,
        "last_at": world.clock.now,
        "next_at": world.clock.now + DAY,
        "state": "running",
        "started_by": "api",
        "started_at": world.clock.now,
        "updated_at": world.clock.now,
    }


class TestEnd:
    async def test_it_expires_once_also_after_a_long_rest(self, world: World) -> None:
        person = await world.place()
        (row,) = await begin(world, start(on_customer(person), days=1))
        world.clock.now = row["until"] - 1
        assert await end_expired(world.store) == 0
        world.clock.now = row["until"] + 90 * DAY
        assert [await end_expired(world.store) for _ in range(3)] == [1, 0, 0]
        ((_, told),) = await world.told("hold.ended")
        assert (told["reason"], told["hold_id"]) == ("expired", row["id"])
        kept = await world.one(holds)
        assert (kept.ended_at, kept.ended_by) == (row["until"], "system")
        assert await world.rows(outbound) == [], "and it starts nothing"

    async def test_expired_it_lets_messages_go_though_nobody_has_noticed(
        self, world: World
    ) -> None:
        person = await world.place()
        (row,) = await begin(world, start(on_customer(person), days=1))
        world.clock.now = row["until"] + 10 * HOUR
        await world.queue(await world.dialogue(person), person, **OUTREACH)
        await world.send()
        assert await statuses(world) == ["sent"]

    async def test_a_person_ends_it(self, world: World) -> None:
        person = await world.place()
        talk = await world.dialogue(person)
        (row,) = await begin(world, start(on_customer(person)))
        await lift(world, row["id"])
        kept = await world.one(holds)
        assert (kept.ended_at, kept.ended_by, kept.ender, kept.end_reason) == (
            world.clock.now, "agent", "Kim", "it is settled"
        )  # fmt: skip
        await world.queue(talk, person, **OUTREACH)
        await world.send()
        assert await statuses(world) == ["sent"]

    async def test_what_is_not_in_force_is_not_ended(self, world: World) -> None:
        person = await world.place()
        (row,) = await begin(world, start(on_customer(person), days=1))
        for hold_id, of, words in (
            (new_id(), "harbor", "no hold"),
            (row["id"], "meridian", "no hold"),
        ):
            with pytest.raises(NotEnded, match=words):
                await lift(world, hold_id, of)
        world.clock.now = row["until"]
        with pytest.raises(NotEnded, match="over by its time"):
            await lift(world, row["id"])
        await end_expired(world.store)
        with pytest.raises(NotEnded, match="expired"):
            await lift(world, row["id"])
        assert len(await world.told("hold.ended")) == 1

    async def test_the_conversation_hears_of_it_once(self, world: World) -> None:
        person = await world.place()
        await world.dialogue(person)
        (row,) = await begin(world, start(on_customer(person), days=1))
        world.clock.now = row["until"]
        await end_expired(world.store)
        (timer,) = await world.rows(inbox)
        assert (timer.kind, '"hold_end"' in timer.payload) == ("timer", True)
        await world.turn()
        (heard,) = world.dialogues.events  # type: ignore[attr-defined]
        assert heard.kind == "hold_end"

    async def test_more_than_a_batch_fall_due(self, world: World) -> None:
        rows = [
            {
                "id": new_id(), "client": "harbor", "scope": "customer", "customer_id": new_id(),
                "kind": "hardship", "started_at": 0, "started_by": "host", "until": 1,
            }
            for _ in range(501)
        ]  # fmt: skip
        await world.add(holds, *rows)
        assert [await end_expired(world.store) for _ in range(3)] == [500, 1, 0]
        assert len(await world.told("hold.ended")) == 501


class TestDemand:
    @pytest.mark.parametrize("demand", [1, None])
    async def test_a_demand_in_a_reply_becomes_a_persons_matter(
        self, world: World, demand: int | None
    ) -> None:
        person = await world.place()
        talk = await world.dialogue(person)
        await begin(world, start(on_customer(person)))
        await world.queue(talk, person, demand=demand)
        await world.queue(talk, person)
        for _ in range(2):
            await world.send()
        assert await statuses(world) == ["suppressed", "sent"]
        assert [told["reason"] for _, told in await world.told("handoff.requested")] == [
            "reply_held"
        ]

    async def test_the_dialog_knows_under_what_it_may_not_ask(self, world: World) -> None:
        person = await world.place()
        seen: list[str | None] = []

        def answers(event: Event, context: Context) -> Iterable[Command]:
            seen.append(context.held)
            return ()

        world.dialogues = Scripted(answers)
        await world.hear(text_from())
        await begin(world, start(on_account(person), "payment_claimed"))
        await world.hear(text_from())
        (row,) = await begin(world, start(on_account(person), days=1))
        await world.hear(text_from())
        await lift(world, row["id"])
        await world.hear(text_from())
        assert seen == [None, None, "dispute", None, None]


class TestAsking:
    def asked(self, **more: Any) -> Asked:
        given = {"kind": "dispute", "by": By.AGENT, "name": "Kim", "reason": "a letter"}
        return Asked(**given | more)  # type: ignore[arg-type]

    async def test_by_the_references_of_hosts(self, world: World) -> None:
        person = await world.place()

        async def work(tx: Any) -> list[Any]:
            await hold(tx, HARBOR, self.asked(customer="C-1"))
            await hold(tx, HARBOR, self.asked(account="A-C-1", last_day=date(2026, 12, 24)))
            phone = {"address": "(212) 555-0142", "channel": ChannelKind.SMS}
            await hold(tx, HARBOR, self.asked(kind="wrong_party", **phone))
            return await holds_of(tx, "harbor")

        rows = [shown(row) for row in await world.store.transact("hold", work)]
        rows.sort(key=lambda row: str(row["scope"]))
        assert [(r["scope"], r["customer_ref"], r["account_ref"], r["address"]) for r in rows] == [
            ("account", "C-1", "A-C-1", None),
            ("address", None, None, PHONE),
            ("customer", "C-1", None, None),
        ]
        assert rows[0]["until"] == "2026-12-25T05:00:00+00:00"
        mine = await world.store.read(lambda tx: holds_of(tx, "harbor", "C-1"))
        assert [row.customer_id for row in mine] == [person.id] * 2
        assert await world.store.read(lambda tx: holds_of(tx, "meridian")) == []

    async def test_those_that_are_over_are_listed_when_asked_for(self, world: World) -> None:
        await world.place()
        asked = self.asked(customer="C-1", last_day=date(2026, 11, 25))
        await world.store.transact("hold", lambda tx: hold(tx, HARBOR, asked))
        world.clock.forward(9 * 86_400)
        for customer in (None, "C-1"):
            read = world.store.read
            assert await read(lambda tx, of=customer: holds_of(tx, "harbor", of)) == []
            found = await read(lambda tx, of=customer: holds_of(tx, "harbor", of, ended=True))
            assert len(found) == 1

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"customer": "C-1", "kind": "disputed"}, "no hold is called 'disputed'.*dispute,"),
            ({"customer": "C-9"}, "no customer 'C-9'"),
            ({"account": "C-1"}, "no account 'C-1'"),
            ({}, "one of a customer, an account or an address"),
            ({"customer": "C-1", "account": "A-C-1"}, "one of a customer"),
            ({"address": PHONE}, "by which channel"),
            ({"address": "12", "channel": ChannelKind.SMS}, "the address: not a possible"),
            ({"customer": "C-1", "last_day": date(2026, 11, 23)}, "is over"),
            ({"customer": "C-1", "name": "  "}, "the name"),
            ({"customer": "C-1", "reason": "a\x00b"}, "the reason"),
            ({"customer": "C-1", "reason": "a" * 501}, "1 to 500"),
        ],
    )
    async def test_what_cannot_be_changes_nothing(
        self, world: World, more: dict[str, Any], words: str
    ) -> None:
        await world.place()
        with pytest.raises(NotStarted, match=words):
            await world.store.transact("hold", lambda tx: hold(tx, HARBOR, self.asked(**more)))
        assert await world.rows(holds) == []
        assert len(await world.rows(addresses)) == 1
