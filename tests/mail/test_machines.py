"""Mails that nobody's hand wrote: recorded, acted on, never answered and nobody's words."""

from typing import Any

import pytest

from domain.mail import Attachment, Bounced, Complained, MailKind
from domain.messages import Status
from gateway.clock import DAY
from gateway.ids import new_id
from gateway.mail.bounces import SOFT_DAYS
from gateway.mail.tokens import Purpose
from gateway.pipeline.understand import claim_unread
from gateway.storage.tables import (
    activity,
    addresses,
    attempts,
    consent_events,
    conversations,
    handoffs,
    inbound,
    inbox,
    machine_mails,
    mail_attachments,
    mail_bounces,
    outbound,
    receipts,
    sequence_runs,
)
from tests.mail.given import ADA, BOB, CARE, EVE, mail, mailed, our_id, running, token, wrote
from tests.pipeline.world import MERIDIAN, VIA, Person, World

DAEMON = "MAILER-DAEMON@mx.post.example"
DEAD = (Bounced(ADA, True, "5.1.1"),)
FULL = (Bounced(ADA, False, "4.2.2"),)
OTHERS = (MailKind.AUTO_REPLY, MailKind.LIST, MailKind.OTHER)


async def sent(world: World, ref: str = "C-1", address: str = ADA, **more: Any) -> tuple[Any, ...]:
    """A customer, their conversation and a mail to them that our provider took; its id."""
    person = await mailed(world, ref, address)
    talk = await world.dialogue(person)
    id_ = await posted(world, person, talk, address, **more)
    return person, talk, id_


async def posted(world: World, person: Person, talk: str, address: str = ADA, **more: Any) -> str:
    id_ = await wrote(world, person, talk, address, **more)
    attempt = {
        "id": new_id(),
        "client": "harbor",
        "outbound_id": id_,
        "conversation_id": talk,
        "channel": "email",
        "via": VIA,
        "number": 1,
        "sender": CARE,
        "address": address,
        "owner": id_,
        "started_at": world.clock.now,
        "look_up_at": world.clock.now,
        "ended_at": world.clock.now,
        "outcome": "accepted",
        "provider_id": our_id(id_),
    }
    await world.add(attempts, attempt)
    return id_


def bounce(bounces: Any = DEAD, **letter: Any) -> Any:
    return mail(DAEMON, "550 no such user", kind=MailKind.BOUNCE, bounces=bounces, **letter)


def complaint(feedback: str = "abuse", address: str | None = None, **letter: Any) -> Any:
    said = Complained(feedback, address)
    return mail("fbl@post.example", "", kind=MailKind.COMPLAINT, complaint=said, **letter)


async def mailbox(world: World, address: str = ADA) -> Any:
    return await world.one(addresses, channel="email", address=address)


class TestBounces:
    @pytest.mark.parametrize("by", ["tokens", "returned"])
    async def test_a_permanent_one_loses_message_and_address(self, world: World, by: str) -> None:
        _, talk, id_ = await sent(world)
        named = (token(id_) if by == "tokens" else our_id(id_),)
        await world.receive(bounce(**{by: named}))
        assert (await world.one(outbound, id=id_)).status == Status.UNDELIVERED
        assert (await mailbox(world)).invalid_at == world.clock.now
        event = await world.one(inbox)
        assert (event.kind, event.conversation_id) == ("send_failed", talk)
        kept = await world.one(mail_bounces)
        assert (kept.outbound_id, kept.permanent, kept.status) == (id_, 1, "5.1.1")
        told = await world.types()
        assert told == ["message.bounced", "message.undelivered", "contact.invalidated"]
        [(_, payload)] = await world.told("message.bounced")
        assert (payload["permanent"], payload["proven"]) == (True, True)

    async def test_the_same_one_again_changes_nothing(self, world: World) -> None:
        _, _, id_ = await sent(world)
        given = bounce(tokens=(token(id_),))
        await world.receive(given, given)
        await world.receive(given)
        assert len(await world.rows(receipts)) == len(await world.rows(machine_mails)) == 1
        assert len(await world.rows(inbox)) == 1
        await world.receive(bounce(returned=(our_id(id_),)))
        assert len(await world.rows(inbox)) == 1, "another notice of the same message"

    @pytest.mark.parametrize(
        "forged",
        [
            {},
            {"tokens": ("a" * 42,)},
            {"returned": (f"{'b' * 42}@harbor.example", "", "<x@y>")},
            {"references": ("anything@harbor.example",)},
        ],
    )
    async def test_a_forged_one_is_on_record_and_no_more(
        self, world: World, forged: dict[str, Any]
    ) -> None:
        _, _, id_ = await sent(world)
        await world.receive(bounce(**forged))
        assert (await world.one(outbound, id=id_)).status == Status.SENT
        assert (await mailbox(world)).invalid_at is None
        row = await world.one(machine_mails)
        assert (row.conversation_id, row.outbound_id) == (None, None)
        assert await world.types() == ["message.bounced"]
        assert (await world.rows(mail_bounces), await world.rows(inbox)) == ([], [])

    async def test_a_token_to_unsubscribe_bounces_nothing(self, world: World) -> None:
        _, _, id_ = await sent(world)
        await world.receive(bounce(tokens=(token(id_, Purpose.UNSUBSCRIBE),)))
        assert (await world.one(outbound, id=id_)).status == Status.SENT
        assert await world.rows(consent_events) == []

    async def test_another_clients_message_bounces_not(self, world: World) -> None:
        _, _, id_ = await sent(world)
        await world.receive(bounce(tokens=(token(id_),), to=MERIDIAN))
        assert (await world.one(outbound, id=id_)).status == Status.SENT

    @pytest.mark.parametrize(
        ("status", "permanent", "dead", "lost"),
        [
            ("5.1.1", True, True, "bad_address"),
            ("5.1.10", True, True, "bad_address"),
            ("5.4.4", True, True, "bad_address"),
            ("5.0.0", True, True, "bad_address"),
            (None, True, True, "bad_address"),
            ("5.7.1", True, False, "blocked"),
            ("5.7.26", True, False, "blocked"),
            ("5.2.3", True, False, "unknown"),
            ("5.6.1", True, False, "unknown"),
            ("5.2.2", True, False, None),
            ("4.2.2", False, False, None),
            ("4.7.1", False, False, None),
            (None, False, False, None),
        ],
    )
    async def test_what_a_status_means(
        self, world: World, status: str | None, permanent: bool, dead: bool, lost: str | None
    ) -> None:
        _, _, id_ = await sent(world)
        await world.receive(bounce((Bounced(ADA, permanent, status),), tokens=(token(id_),)))
        row = await world.one(outbound, id=id_)
        assert (row.status == Status.UNDELIVERED, row.reason) == (lost is not None, lost)
        assert ((await mailbox(world)).invalid_at is not None) is dead

    async def test_the_address_that_we_wrote_to_decides(self, world: World) -> None:
        _, _, id_ = await sent(world)
        mixed = (Bounced(BOB, True, "5.1.1"), Bounced("ADA@post.example", False, "4.2.2"))
        await world.receive(bounce(mixed, tokens=(token(id_),)))
        assert (await world.one(outbound, id=id_)).status == Status.SENT
        handed_on = (Bounced("ada@work.example", True, "5.1.1"),)
        await world.receive(bounce(handed_on, tokens=(token(id_),)))
        assert (await mailbox(world)).invalid_at is not None, "nobody reads it there"

    async def test_a_notice_that_names_nobody_is_only_kept(self, world: World) -> None:
        _, _, id_ = await sent(world)
        await world.receive(bounce((), tokens=(token(id_),)))
        assert (await world.one(outbound, id=id_)).status == Status.SENT
        row = await world.one(machine_mails)
        assert row.outbound_id == id_

    async def test_soft_ones_on_several_days_are_hard(self, world: World) -> None:
        person, talk, _ = await sent(world)
        for day in range(SOFT_DAYS):
            id_ = await posted(world, person, talk)
            for _ in range(3):
                await world.receive(bounce(FULL, tokens=(token(id_),)))
            dead = (await mailbox(world)).invalid_at is not None
            assert dead is (day == SOFT_DAYS - 1)
            world.clock.now += DAY
        row = await world.one(outbound, id=id_)
        assert (row.status, row.reason) == (Status.UNDELIVERED, "bad_address")
        assert (await world.one(receipts)).code == "soft"

    async def test_a_mail_from_there_begins_the_count_anew(self, world: World) -> None:
        person, talk, _ = await sent(world)
        for _ in range(SOFT_DAYS - 1):
            id_ = await posted(world, person, talk)
            await world.receive(bounce(FULL, tokens=(token(id_),)))
            world.clock.now += DAY
        await world.receive(mail(text="I am here"))
        world.clock.forward(1)
        await world.receive(bounce(FULL, tokens=(token(id_),)))
        assert (await mailbox(world)).invalid_at is None

    async def test_old_soft_ones_do_not_count(self, world: World) -> None:
        person, talk, _ = await sent(world)
        for _ in range(SOFT_DAYS + 1):
            id_ = await posted(world, person, talk)
            await world.receive(bounce(FULL, tokens=(token(id_),)))
            world.clock.now += 20 * DAY
        assert (await mailbox(world)).invalid_at is None

    async def test_one_for_a_mail_that_was_never_sent_changes_nothing(self, world: World) -> None:
        person = await mailed(world)
        talk = await world.dialogue(person)
        id_ = await wrote(world, person, talk, status="queued", tries=0)
        await world.receive(bounce(tokens=(token(id_),)))
        assert (await world.one(outbound, id=id_)).status == Status.QUEUED


class TestComplaints:
    @pytest.mark.parametrize("feedback", ["abuse", "FRAUD", "virus", "other", "opt-out", "x" * 99])
    async def test_who_complains_is_written_to_no_more(self, world: World, feedback: str) -> None:
        person, talk, id_ = await sent(world)
        run = await running(world, person, talk)
        waiting = await wrote(world, person, talk, status="queued", tries=0, sent_at=None)
        await world.receive(complaint(feedback, tokens=(token(id_),)))
        row = await mailbox(world)
        assert (row.opted_out_at, row.opt_out_method) == (world.clock.now, "provider")
        assert row.opt_out_confirmed_at is not None, "nothing is confirmed to who complains"
        assert (await world.one(outbound, id=waiting)).status == Status.CANCELLED
        assert (await world.one(sequence_runs, id=run)).reason == "opt_out"
        told = await world.one(activity, type="message.complained")
        assert (told.conversation_id, told.customer_id) == (talk, person.id)
        assert (await world.rows(inbox), await world.rows(inbound)) == ([], [])

    async def test_the_same_one_again_changes_nothing(self, world: World) -> None:
        _, _, id_ = await sent(world)
        given = complaint(returned=(our_id(id_),))
        await world.receive(given)
        await world.receive(given)
        assert len(await world.rows(consent_events)) == 1
        assert len(await world.told("message.complained")) == 1

    @pytest.mark.parametrize("feedback", ["not-spam", "auth-failure"])
    async def test_not_every_report_objects(self, world: World, feedback: str) -> None:
        _, _, id_ = await sent(world)
        await world.receive(complaint(feedback, tokens=(token(id_),)))
        assert ((await mailbox(world)).opted_out_at, await world.types()) == (None, [])
        assert len(await world.rows(machine_mails)) == 1

    @pytest.mark.parametrize(
        ("address", "out"),
        [(ADA, True), ("Ada@POST.example", True), (EVE, False), (None, False), ("", False)],
    )
    async def test_without_proof_only_an_address_that_we_know_counts(
        self, world: World, address: str | None, out: bool
    ) -> None:
        await sent(world)
        await world.receive(complaint(address=address))
        assert ((await mailbox(world)).opted_out_at is not None) is out
        assert len(await world.told("message.complained")) == 1
        assert len(await world.rows(addresses, address=EVE)) == 0

    async def test_another_clients_mailbox_is_none_of_it(self, world: World) -> None:
        _, _, id_ = await sent(world)
        await world.receive(complaint(address=ADA, tokens=(token(id_),), to=MERIDIAN))
        assert (await mailbox(world)).opted_out_at is None


class TestOthers:
    @pytest.mark.parametrize("kind", OTHERS)
    async def test_nobody_answers_them_and_nothing_is_disturbed(
        self, world: World, kind: MailKind
    ) -> None:
        person, talk, id_ = await sent(world)
        run = await running(world, person, talk)
        before = await mailbox(world)
        away = "I am away until 2 December. STOP"
        named = () if kind is MailKind.LIST else (token(id_),)
        given = mail(text=away, subject="STOP", kind=kind, tokens=named)
        await world.hear(given)
        await world.hear(given)
        assert await mailbox(world) == before, "neither opted out nor heard from"
        assert await world.rows(consent_events) == []
        assert (await world.rows(inbox), await world.rows(inbound)) == ([], [])
        assert (await world.store.transact("claim", claim_unread)) == []
        assert world.dialogues.events == []
        row = await world.one(machine_mails)
        assert (row.kind, row.text, row.conversation_id) == (kind, away, talk)
        [(_, told)] = await world.told("message.auto_reply_detected")
        until = {"until": "2026-12-02"} if kind is MailKind.AUTO_REPLY else {}
        assert told == {"mail_id": row.id, "kind": kind.value} | until
        stopped = (await world.one(sequence_runs, id=run)).state == "stopped"
        asked = [each.reason for each in await world.rows(handoffs)]
        assert (stopped, asked) == (
            (True, ["mail_without_words"]) if kind is MailKind.OTHER else (False, [])
        )

    @pytest.mark.parametrize("kind", OTHERS)
    async def test_strangers_open_no_conversation(self, world: World, kind: MailKind) -> None:
        _, _, id_ = await sent(world)
        await world.receive(mail(EVE, "away", kind=kind, tokens=(token(id_),)))
        row = await world.one(machine_mails)
        assert (row.conversation_id, row.outbound_id) == (None, id_)
        assert len(await world.rows(conversations)) == 1
        assert await world.rows(handoffs) == []

    @pytest.mark.parametrize("kind", OTHERS)
    async def test_a_mailbox_may_unsubscribe_by_machine(self, world: World, kind: MailKind) -> None:
        person, talk, id_ = await sent(world)
        run = await running(world, person, talk)
        named = (token(id_, Purpose.UNSUBSCRIBE),)
        await world.receive(mail(EVE, "", kind=kind, tokens=named))
        assert (await mailbox(world)).opt_out_method == "one_click"
        assert (await world.one(sequence_runs, id=run)).reason == "opt_out"

    async def test_check_data_of_machines_is_not_kept(self, world: World) -> None:
        text = "You wrote: card 4111 1111 1111 1111\0"
        await world.receive(mail(text=text, subject=text, kind=MailKind.AUTO_REPLY))
        row = await world.one(machine_mails)
        assert row.text == row.subject == "You wrote: card [card number]"

    async def test_a_report_among_peoples_mails_is_stored_with_them(self, world: World) -> None:
        _, _, id_ = await sent(world)
        away = mail(kind=MailKind.AUTO_REPLY)
        await world.receive(mail(text="hello"), bounce(FULL, tokens=(token(id_),)), away)
        assert [row.text for row in await world.rows(inbound)] == ["hello"]
        kinds = sorted(row.kind for row in await world.rows(machine_mails))
        assert kinds == ["auto_reply", "bounce"]

    async def test_files_of_a_customers_mail_without_words_are_kept(self, world: World) -> None:
        await sent(world)
        file = Attachment("reply.ics", "text/calendar", 3, 1)
        more = {"attachments": (file,), "contents": (b"ics",)}
        await world.receive(mail(text="", kind=MailKind.OTHER, **more))
        await world.receive(mail(EVE, "", kind=MailKind.OTHER, **more))
        await world.receive(bounce(**more))
        kept = [row.content for row in await world.rows(mail_attachments)]
        assert sorted(kept, key=str) == [None, None, "aWNz"]
