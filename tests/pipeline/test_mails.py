"""Mails on their road to a real mail server: greylisted, refused, in doubt; time by hand."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from channels.email.settings import SmtpSettings
from channels.email.smtp import SmtpEmail
from gateway.clock import SECOND
from gateway.storage.tables import addresses, attempts, outbound, sender_states
from tests.pipeline.test_unsure import ADA, MAILBOX, TEXT, look_up
from tests.pipeline.world import HARBOR, World
from tests.standins.mailhost import DROP, Mailhost, hosting


@pytest.fixture
async def host(world: World) -> AsyncIterator[Mailhost]:
    made = Mailhost()
    async with hosting(made) as port:
        settings = SmtpSettings(f"smtp://127.0.0.1:{port}", encryption="none", timeout=5.0)
        channel = SmtpEmail(settings, "")
        world.provider = channel  # type: ignore[assignment]
        yield made
        await channel.close()


async def queued(world: World, policy: str = "ask", **more: Any) -> str:
    senders = [sender.model_dump() for sender in HARBOR.senders]
    senders[1]["when_unsure"] = policy
    world.restrict(HARBOR.model_validate(HARBOR.model_dump() | {"senders": senders}))
    person = await world.place()
    await world.reach(person, "email", ADA)
    mail = {"channel": "email", "sender": MAILBOX, "address": ADA, "text": TEXT}
    return await world.queue(await world.talk(person), person, **mail | more)


async def test_a_mail_with_both_forms_goes(world: World, host: Mailhost) -> None:
    await queued(world, subject="Your account", html=f"<p>{TEXT}</p>")
    await world.send()
    (taken,) = host.taken
    assert taken.mail["Subject"] == "Your account"
    kinds = [part.get_content_type() for part in taken.mail.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    row, attempt = await world.one(outbound), await world.one(attempts)
    assert row.status == "sent"
    assert taken.mail["Message-ID"] == f"<{attempt.provider_id}>"


async def test_a_greylisted_mail_goes_minutes_later(world: World, host: Mailhost) -> None:
    await queued(world)
    host.then("RCPT", "451 4.7.1 greylisted", "451 4.7.1 greylisted")
    for _ in range(2):
        await world.send()
        row = await world.one(outbound)
        assert row.status == "queued"
        assert row.due_at - world.clock.now == 300 * SECOND
        world.clock.now = row.due_at
    await world.send()
    assert (await world.one(outbound)).status == "sent"
    assert len(host.taken) == 1
    codes = [(row.outcome, row.code) for row in await world.rows(attempts)]
    assert codes == [("refused", "451 4.7.1"), ("refused", "451 4.7.1"), ("accepted", None)]


async def test_a_mailbox_that_is_none_is_given_up(world: World, host: Mailhost) -> None:
    await queued(world)
    host.refuses[ADA] = f"550 5.1.1 {ADA} unknown"
    await world.send()
    row = await world.one(outbound)
    assert (row.status, row.reason) == ("failed", "bad_address")
    assert ADA not in row.error
    assert (await world.one(addresses, address=ADA)).invalid_at == world.clock.now
    assert [payload["code"] for _, payload in await world.told("message.failed")] == ["550 5.1.1"]


async def test_a_sender_that_may_not_write_is_paused(world: World, host: Mailhost) -> None:
    await queued(world)
    host.then("RCPT", "554 5.7.1 Relay access denied")
    await world.send()
    await world.failover()
    state = await world.one(sender_states)
    assert (state.sender, state.reason) == (MAILBOX, "sender")
    world.clock.forward(3600)
    assert await world.send() == 0
    assert (await world.one(outbound)).status == "queued", "it waits for whoever mends it"
    assert (await world.one(addresses, address=ADA)).invalid_at is None


@pytest.mark.parametrize(
    ("policy", "status", "mails"),
    [("ask", "sending", 1), ("assume_sent", "sent", 1), ("resend", "sent", 2)],
)
async def test_a_mail_that_the_server_has_although_its_answer_was_lost(
    world: World, host: Mailhost, policy: str, status: str, mails: int
) -> None:
    await queued(world, policy)
    host.then("after", DROP)
    await world.send()
    assert (await world.one(outbound)).status == "sending"
    look_up(world)
    await world.reconciler().run()
    await world.send()
    assert (await world.one(outbound)).status == status
    assert len(host.taken) == mails


async def test_a_connection_lost_before_it_is_no_doubt(world: World, host: Mailhost) -> None:
    await queued(world, "assume_sent")
    host.then("DATA", DROP)
    await world.send()
    row = await world.one(outbound)
    assert row.status == "queued"
    world.clock.now = row.due_at
    await world.send()
    assert (await world.one(outbound)).status == "sent"
    assert len(host.taken) == 1
    assert await world.told("message.unsure") == []
