"""What is said enters the ledger for good, takes effect at once, and cancels what is queued."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, text, update

from compliance.facts import Consent
from domain.messages import Reason, Status
from gateway.clock import DAY, SECOND, instant, moment
from gateway.consent.ledger import METHODS, PURPOSES
from gateway.consent.recording import Nobody, Record, record_opt_in, record_opt_out
from gateway.consent.standing import Standing
from gateway.consent.verifying import verify
from gateway.storage.tables import addresses, consent_events, consent_scopes, outbound
from tests.consent.given import (
    EMAIL,
    NUMBER,
    SHARED,
    ada,
    contact,
    host_says,
    mail_from,
    said,
    spoken,
)
from tests.pipeline.world import MERIDIAN, PHONE, World, receipt, text_from

CALL = Record(agent="kim", evidence="call 4711")


async def out(world: World) -> set[str]:
    """Addresses that are opted out, of whatever client."""
    rows = await world.rows(addresses)
    return {row.address for row in rows if row.opted_out_at is not None}


async def record(world: World, work: Any, address: str, *more: Any) -> Any:
    key = ("harbor", "email" if "@" in address else "sms", address)
    return await world.store.transact("record", lambda tx: work(tx, key, *more))


async def stands(world: World, customer: str | None, address: str) -> Any:
    channel = "email" if "@" in address else "sms"
    rows = [row for row in await world.rows(addresses, address=address) if row.client == "harbor"]
    standing = await world.store.read(lambda tx: Standing.read(tx, [customer] if customer else []))
    return standing.of(customer, channel, address, rows[0] if rows else None)


class TestLedger:
    async def test_it_says_who_when_how_and_in_which_words(self, world: World) -> None:
        person = await world.place()
        await world.receive(text_from(text=" Stop. "))
        row = await world.one(consent_events)
        (message,) = await world.told("message.received")
        assert (row.kind, row.scope, row.purpose) == ("opted_out", "address", "all")
        assert (row.channel, row.address, row.customer_id) == ("sms", PHONE, person.id)
        assert (row.method, row.actor, row.evidence) == ("keyword", "customer", " Stop. ")
        assert row.causation_id == message[1]["message_id"]
        assert (row.occurred_at, row.recorded_at) == (world.clock.now, world.clock.now)

    @pytest.mark.parametrize(
        "statement", [delete(consent_events), update(consent_events).values(method="host")]
    )
    async def test_no_statement_changes_or_removes_a_row(
        self, world: World, statement: Any
    ) -> None:
        await world.place()
        await world.receive(text_from(text="STOP"))
        with pytest.raises(Exception, match="append-only"):
            await world.store.transact("tamper", lambda tx: tx.execute(statement))
        assert len(await world.rows(consent_events)) == 1

    async def test_each_stop_is_on_record_and_the_first_one_stands(self, world: World) -> None:
        await world.place()
        for _ in range(3):
            await world.receive(text_from(text="STOP"))
            world.clock.forward(60)
        assert len(await said(world)) == 3
        assert (await world.one(addresses)).opted_out_at == world.clock.now - 180 * SECOND

    async def test_one_message_counts_once_whoever_brings_it(self, world: World) -> None:
        """The keyword as it comes in, then the dialog that has understood it."""
        await ada(spoken(world))
        message = text_from(text="STOP")
        await world.hear(message)
        await world.receive(message)
        assert await said(world) == [("opted_out", "address", PHONE)]

    async def test_an_opt_in_is_renewed_consent_even_where_nothing_is_lifted(
        self, world: World
    ) -> None:
        person = await world.place()
        await world.receive(text_from(text="START"))
        assert await said(world) == [("opted_in", "address", PHONE)]
        assert await world.told("consent.opted_in") == []
        consent = (await stands(world, person.id, PHONE)).consent
        assert consent.consented_at == moment(world.clock.now)


class TestOrder:
    """Replies are understood later than keywords take effect."""

    async def test_an_older_opt_in_lifts_no_newer_stop(self, world: World) -> None:
        await ada(spoken(world))
        await world.receive(text_from(text="STOP"))
        world.clock.forward(10)
        await world.receive(text_from(text="text me again please"))
        world.clock.forward(10)
        await world.receive(text_from(text="STOP"))
        await world.understand()
        await world.turn()
        assert await out(world) == {PHONE}

    async def test_a_start_between_two_stops_lifts_only_the_first(self, world: World) -> None:
        await ada(spoken(world))
        for words in ("STOP", "START", "STOP"):
            await world.receive(text_from(text=words))
            world.clock.forward(10)
        await world.understand()
        await world.turn()
        assert await out(world) == {PHONE}

    async def test_an_opt_in_in_words_lifts_an_older_stop(self, world: World) -> None:
        await ada(spoken(world))
        await world.hear(text_from(text="stop texting me"))
        world.clock.forward(10)
        await world.hear(text_from(text="text me again please"))
        assert await out(world) == {NUMBER}, "the other number is not the one that asked"


class TestScopes:
    async def test_stop_texting_by_mail_stops_every_number(self, world: World) -> None:
        person = await ada(spoken(world))
        await world.hear(mail_from("stop texting me"))
        assert await out(world) == {PHONE, NUMBER}
        assert not (await stands(world, person.id, EMAIL)).is_out
        await world.send()
        (sent,) = world.provider.sent
        assert (sent.address, sent.content.text.partition(":")[2][:30]) == (
            EMAIL,
            " we will send you no more text",
        )

    async def test_do_not_email_me_by_text_stops_the_mails(self, world: World) -> None:
        await ada(spoken(world))
        await world.hear(text_from(text="don't email me"))
        assert await out(world) == {EMAIL}
        await world.send()
        (sent,) = world.provider.sent
        assert (sent.address, "no more emails" in sent.content.text) == (PHONE, True)

    async def test_stop_texting_email_me_keeps_the_mails(self, world: World) -> None:
        await ada(spoken(world))
        await world.hear(text_from(text="stop texting, email me"))
        assert await out(world) == {PHONE, NUMBER}
        told = await world.told("preference.updated")
        assert told == [("preference.updated", {"channel": "email"})]
        await world.send()
        (sent,) = world.provider.sent
        assert sent.address == PHONE, "the one confirmation"

    @pytest.mark.parametrize("words", ["stop texting me", "stop contacting me"])
    async def test_a_number_placed_later_is_covered(self, world: World, words: str) -> None:
        person = await ada(spoken(world))
        await world.hear(mail_from(words))
        await world.send()
        world.provider.sent.clear()
        await world.reach(person, "sms", SHARED, 3)
        talk = str((await world.rows(outbound))[0].conversation_id)
        for category in ("reply", "outreach"):
            await world.queue(talk, person, address=SHARED, category=category)
        await world.send()
        await world.send()
        assert world.provider.sent == []
        refused = await world.told("message.suppressed")
        assert [payload["rule"] for _, payload in refused] == ["opt_out"] * 2

    async def test_ceasing_all_contact_is_one_event_and_one_for_each_address(
        self, world: World
    ) -> None:
        await ada(spoken(world))
        await world.hear(text_from(text="stop contacting me"))
        kinds = await said(world)
        assert ("cease", "everything", None) in kinds
        assert sorted(a or "" for _, _, a in kinds) == ["", PHONE, NUMBER, EMAIL]

    async def test_start_undoes_it_for_the_number_that_asks(self, world: World) -> None:
        person = await ada(spoken(world))
        await world.hear(text_from(text="stop contacting me"))
        world.clock.forward(60)
        await world.receive(text_from(text="START"))
        stood = {a: (await stands(world, person.id, a)).is_out for a in (PHONE, NUMBER, EMAIL)}
        assert stood == {PHONE: False, NUMBER: True, EMAIL: True}
        world.clock.forward(60)
        await world.hear(mail_from("stop texting me"))
        assert (await stands(world, person.id, PHONE)).is_out, "said later than START"

    async def test_a_shared_numbers_stop_is_of_that_number(self, world: World) -> None:
        person = await ada(spoken(world))
        other = await world.place("C-2", phone=SHARED)
        await world.reach(person, "sms", SHARED, 3)
        await world.hear(text_from(SHARED, "stop texting me"))
        assert await out(world) == {SHARED}
        assert not (await stands(world, person.id, PHONE)).is_out
        assert (await stands(world, other.id, SHARED)).is_out


class TestCancelling:
    async def queued(self, world: World) -> dict[str, str]:
        """Messages to both numbers, in conversations of two customers; ids by what they are."""
        person = await ada(world)
        other = await world.place("C-2", phone=SHARED)
        talks = (await world.talk(person), await world.talk(other))
        made = {}
        for number, talk in enumerate(talks):
            for category in ("reply", "outreach", "confirmation", "help", "crisis"):
                for address in (PHONE, NUMBER):
                    name = f"{number} {category} {address}"
                    made[name] = await world.queue(talk, person, category=category, address=address)
        made["client"] = await world.queue(
            talks[0], client="meridian", sender=MERIDIAN.senders[0].address
        )
        return made

    async def cancelled(self, world: World, ids: dict[str, str]) -> set[str]:
        """Those cancelled, each of which is told of."""
        rows = {row.id: row for row in await world.rows(outbound)}
        told = [payload for _, payload in await world.told("message.cancelled")]
        gone = {name for name, each in ids.items() if rows[each].status == Status.CANCELLED}
        assert sorted(p["message_id"] for p in told) == sorted(ids[name] for name in gone)
        return gone

    def of(self, *numbers: str) -> set[str]:
        categories = ("reply", "outreach")
        return {f"{n} {c} {a}" for n in (0, 1) for c in categories for a in numbers}

    async def test_a_keyword_cancels_in_every_conversation(self, world: World) -> None:
        ids = await self.queued(world)
        await world.receive(text_from(text="STOP"))
        assert await self.cancelled(world, ids) == self.of(PHONE)

    async def test_a_channel_cancels_at_every_number(self, world: World) -> None:
        ids = await self.queued(spoken(world))
        await world.hear(mail_from("stop texting me"))
        assert await self.cancelled(world, ids) == self.of(PHONE, NUMBER)

    async def test_the_hosts_file_cancels(self, world: World) -> None:
        person = await ada(world)
        await world.queue(await world.talk(person), person)
        gone = contact(opted_out_at="2026-11-01T00:00:00Z")
        await host_says(world, person, "f1", gone)
        assert (await world.one(outbound)).status == "cancelled"

    async def test_a_receipt_cancels_what_else_is_queued(self, world: World) -> None:
        person = await ada(world)
        talk = await world.talk(person)
        await world.queue(talk, person)
        await world.send()
        later = await world.queue(talk, person)
        attempt = world.provider.sent[0].attempt_id
        lost = receipt(f"id-{attempt}", Status.UNDELIVERED, reason=Reason.OPTED_OUT, code="21610")
        await world.deliver(lost)
        assert (await world.one(outbound, id=later)).status == "cancelled"
        assert (await world.one(addresses, address=PHONE)).opt_out_method == "provider"

    async def test_an_agents_record_cancels(self, world: World) -> None:
        ids = await self.queued(world)
        await record(world, record_opt_out, NUMBER, "channel", CALL)
        assert await self.cancelled(world, ids) == self.of(PHONE, NUMBER)

    async def test_what_is_on_its_way_is_past_it(self, world: World) -> None:
        person = await ada(world)
        await world.queue(await world.talk(person), person, status="sending")
        await world.receive(text_from(text="STOP"))
        assert (await world.one(outbound)).status == "sending"


class TestHost:
    async def test_consent_lifts_no_opt_out_and_the_host_is_told(self, world: World) -> None:
        person = await ada(world)
        await world.receive(text_from(text="STOP"))
        given = contact(consent_basis="express", consent_at="2026-11-20T00:00:00Z")
        made = await host_says(world, person, "f1", given, contact(EMAIL, consent_basis="express"))
        assert made.status == "accepted"
        assert [(w.code, w.pointer) for w in made.warnings] == [
            ("opted_out", "/records/0/contacts/0")
        ]
        assert await out(world) == {PHONE}
        assert ("captured", "address", PHONE) in await said(world)

    async def test_consent_where_a_channel_is_refused_warns_too(self, world: World) -> None:
        person = await ada(spoken(world))
        await world.hear(mail_from("stop texting me"))
        new = contact(SHARED, consent_basis="express")
        made = await host_says(world, person, "f1", new)
        assert [w.code for w in made.warnings] == ["opted_out"]

    async def test_the_same_words_in_a_later_file_are_no_news(self, world: World) -> None:
        person = await ada(world)
        given = contact(
            consent_basis="express",
            consent_at="2026-11-20T00:00:00Z",
            reassigned_check_at="2026-11-21T00:00:00Z",
            opted_out_at="2026-11-22T00:00:00Z",
        )
        for number in range(3):
            await host_says(world, person, f"f{number}", given)
        kinds = [kind for kind, _, _ in await said(world)]
        assert sorted(kinds) == ["captured", "checked", "opted_out"]

    async def test_a_start_since_is_not_undone_by_the_old_statement(self, world: World) -> None:
        person = await ada(world)
        given = contact(opted_out_at="2026-11-22T00:00:00Z")
        await host_says(world, person, "f1", given)
        await world.receive(text_from(text="START"))
        made = await host_says(world, person, "f2", given)
        assert [w.code for w in made.warnings] == ["opted_in_since"]
        assert await out(world) == set()
        newer = contact(opted_out_at="2026-11-01T00:00:00Z")  # older, but never told before
        assert (await host_says(world, person, "f3", newer)).warnings == ()
        assert await out(world) == {PHONE}

    @pytest.mark.parametrize(
        ("day", "purpose", "is_out"),
        [
            ("2027-01-30", "marketing", False),
            ("2027-02-01", "marketing", True),
            ("2027-01-30", "collections", True),
            ("2027-01-30", None, True),
        ],
    )
    async def test_one_purpose_covers_all_from_the_day_of_the_rule(
        self, world: World, day: str, purpose: str | None, is_out: bool
    ) -> None:
        person = await ada(world)
        world.clock.now = instant(datetime.fromisoformat(day).replace(hour=18, tzinfo=UTC))
        given = contact(opted_out_at="2026-12-22T00:00:00Z", purpose=purpose)
        await host_says(world, person, "f1", given)
        assert await out(world) == ({PHONE} if is_out else set())
        (row,) = await world.rows(consent_events)
        assert row.purpose == ("all" if is_out and purpose != "collections" else purpose)

    async def test_consent_to_marketing_supports_no_collections(self, world: World) -> None:
        person = await ada(world)
        given = contact(consent_basis="x", consent_at="2026-11-20T00:00:00Z", purpose="marketing")
        for number in range(2):
            await host_says(world, person, f"f{number}", given)
        assert (await stands(world, person.id, PHONE)).consent is None
        assert [kind for kind, *_ in await said(world)] == ["captured"]


class TestFreshness:
    async def test_what_supports_a_number_reaches_the_gate(self, world: World) -> None:
        person = await ada(world)
        given = contact(
            consent_basis="express",
            consent_at="2026-09-01T00:00:00Z",
            reassigned_check_at="2026-10-01T00:00:00Z",
        )
        await host_says(world, person, "f1", given)
        await world.receive(text_from(text="hello"))
        assert (await stands(world, person.id, PHONE)).consent == Consent(
            texted_at=moment(world.clock.now),
            consented_at=datetime(2026, 9, 1, tzinfo=UTC),
            checked_at=datetime(2026, 10, 1, tzinfo=UTC),
        )
        assert (await stands(world, person.id, NUMBER)).consent is None

    @pytest.mark.parametrize(("days", "refused"), [(59, False), (61, True)], ids=["fresh", "stale"])
    async def test_stale_consent_is_none(self, world: World, days: int, refused: bool) -> None:
        person = await ada(world)
        when = moment(world.clock.now - days * DAY).isoformat()
        await host_says(world, person, "f1", contact(consent_basis="express", consent_at=when))
        await world.queue(await world.talk(person), person, category="outreach")
        await world.send()
        rules = [payload["rule"] for _, payload in await world.told("message.suppressed")]
        assert rules == (["consent"] if refused else [])
        assert len(world.provider.sent) == (not refused)


class TestPeople:
    async def test_an_agents_opt_in_has_its_evidence_and_the_dialog_speaks_again(
        self, world: World
    ) -> None:
        await ada(spoken(world))
        await world.hear(text_from(text="STOP"))
        await world.send()
        world.clock.forward(600)
        assert await record(world, record_opt_in, PHONE, CALL) is True
        (row,) = await world.rows(consent_events, kind="opted_in")
        assert (row.method, row.actor, row.agent, row.evidence) == (
            "agent", "agent", "kim", "call 4711",
        )  # fmt: skip
        await world.turn()
        await world.hear(text_from(text="hello"))
        await world.send()
        assert len(world.provider.sent) == 2, "the confirmation, and an answer"

    async def test_one_that_was_said_before_the_stop_lifts_nothing(self, world: World) -> None:
        await ada(world)
        await world.receive(text_from(text="STOP"))
        earlier = Record("kim", "a letter", world.clock.now - DAY)
        assert await record(world, record_opt_in, PHONE, earlier) is False
        assert await out(world) == {PHONE}

    @pytest.mark.parametrize("scope", ["channel", "everything"])
    async def test_nobodys_address_has_no_wider_scope(self, world: World, scope: str) -> None:
        with pytest.raises(Nobody):
            await record(world, record_opt_out, "+12125559999", scope, CALL)
        await record(world, record_opt_out, "+12125559999", "address", CALL)
        assert await out(world) == {"+12125559999"}


class TestVerify:
    async def lived(self, world: World) -> None:
        person = await ada(spoken(world))
        for words in ("STOP", "START", "stop contacting me", "START"):
            await world.hear(text_from(text=words))
            world.clock.forward(60)
        await host_says(world, person, "f1", contact(EMAIL, opted_out_at="2026-11-01T00:00:00Z"))

    async def test_the_state_follows_from_the_ledger(self, world: World) -> None:
        await self.lived(world)
        assert await verify(world.store, "harbor") == []
        assert await verify(world.store, "meridian") == []

    async def test_what_differs_is_found_and_mended(self, world: World) -> None:
        await self.lived(world)
        spoilt = update(addresses).where(addresses.c.address == NUMBER).values(opted_out_at=None)
        later = update(consent_scopes).values(event_position=1)
        for statement in (spoilt, later):
            await world.store.transact("spoil", lambda tx, it=statement: tx.execute(it))
        found = await verify(world.store, "harbor")
        assert [(one.where.split()[0], one.mended) for one in found] == [
            ("sms", False), ("customer", False),
        ]  # fmt: skip
        assert NUMBER not in found[0].where
        assert all(one.mended for one in await verify(world.store, "harbor", rebuild=True))
        assert await verify(world.store, "harbor") == []

    async def test_no_opt_out_is_lifted_by_mending(self, world: World) -> None:
        await ada(world)
        statement = text("UPDATE addresses SET opted_out_at = 5, opt_out_method = 'host'")
        await world.store.transact("spoil", lambda tx: tx.execute(statement))
        found = await verify(world.store, "harbor", rebuild=True)
        assert [one.mended for one in found] == [False] * 3
        assert len(await out(world)) == 3


def test_the_page_names_every_method_purpose_and_column() -> None:
    page = (Path(__file__).parents[2] / "docs" / "consent.md").read_text(encoding="utf-8")
    columns = {column.name for column in consent_events.columns} - {
        "position", "id", "client", "conversation_id",
    }  # fmt: skip
    assert [name for name in [*METHODS, *PURPOSES, *columns] if f"`{name}`" not in page] == []
