"""Machines that answer one another come to an end, whatever gives them away or doesn't."""

from collections.abc import Iterable

from domain.commands import Command
from domain.context import Context
from domain.events import Event, Said
from domain.mail import MailKind
from domain.messages import Content, Outbound
from domain.values import ChannelKind
from gateway.clients.people import MailAnswersPart
from gateway.storage.tables import handoffs
from tests.mail.given import ADA, mail, mailed
from tests.pipeline.world import HARBOR, Scripted, World, say


def answers(event: Event, context: Context) -> Iterable[Command]:
    if isinstance(event, Said):
        content = Content("Hello. Reply STOP to opt out.", subject="Hello")
        yield say(channel=ChannelKind.EMAIL, content=content)


async def rounds(world: World, most: int, kind: MailKind) -> list[Outbound]:
    """Whoever is at the other end answers each of our mails at once, with its own words."""
    world.dialogues = Scripted(answers)
    await mailed(world)
    await world.receive(mail(ADA, "hello", kind=kind))
    for _ in range(most):
        before = len(world.provider.sent)
        await world.understand()
        await world.turn()
        world.clock.forward(20)
        await world.send()
        for ours in world.provider.sent[before:]:
            assert ours.posting is not None
            token = ours.posting.token
            named = {"tokens": (token,), "references": (f"{token}@harbor.example",)}
            await world.receive(mail(ADA, "We got your mail!", kind=kind, **named))
    return world.provider.sent


async def test_what_nothing_gives_away_ends_after_some_answers(world: World) -> None:
    limits = MailAnswersPart(per_hour=4)
    world.restrict(HARBOR.model_copy(update={"mail_answers": limits}))
    sent = await rounds(world, 8, MailKind.REPLY)
    assert len(sent) == 4
    (asked,) = await world.rows(handoffs)
    assert asked.reason == "answer_limit"
    assert len({ours.posting.token for ours in sent if ours.posting}) == len(sent)


async def test_what_says_that_it_is_a_machine_is_never_answered(world: World) -> None:
    assert await rounds(world, 3, MailKind.AUTO_REPLY) == []
