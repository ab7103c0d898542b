"""What our own mails carry: tokens, references, subjects; and how often we answer by ourselves."""

from typing import Any

import pytest

from domain.mail import MailKind
from domain.messages import Outbound, Status
from gateway.clients.people import MailAnswersPart
from gateway.mail.posting import MOST
from gateway.mail.titles import LONGEST, answering, bare, is_reply
from gateway.mail.tokens import Purpose, prove
from gateway.storage.tables import handoffs, inbound, outbound
from tests.mail.given import ADA, CARE, EVE, mail, mailed, our_id, token, wrote
from tests.pipeline.world import HARBOR, KEY, PUBLIC, Person, World

BODY = "Hello. Reply STOP to opt out."


async def answers(world: World, talk: str, person: Person | None, **more: Any) -> str:
    """One that is queued; its id."""
    given = {"channel": "email", "sender": CARE, "address": ADA, "subject": "Hello", "text": BODY}
    return await world.queue(talk, person, **given | more)


async def goes(world: World, talk: str, person: Person | None, **more: Any) -> Outbound:
    """One of ours, as the channel is given it."""
    await answers(world, talk, person, **more)
    world.clock.forward(1)
    await world.send()
    return world.provider.sent[-1]


async def scene(world: World) -> tuple[Person, str]:
    person = await mailed(world)
    return person, await world.dialogue(person)


async def test_a_mail_names_itself(world: World) -> None:
    person, talk = await scene(world)
    sent = await goes(world, talk, person)
    row = await world.one(outbound)
    posting = sent.posting
    assert posting is not None
    assert prove(KEY, posting.token, Purpose.REPLY) == row.id
    url, _, leaving = (posting.unsubscribe_url or "").rpartition("/")
    assert (url, prove(KEY, leaving, Purpose.UNSUBSCRIBE)) == (f"{PUBLIC}/u", row.id)
    assert prove(KEY, leaving, Purpose.REPLY) is None
    assert (posting.sender_name, posting.references) == ("Harbor Recovery", ())


async def test_each_try_has_the_same_token(world: World) -> None:
    person, talk = await scene(world)
    first = await goes(world, talk, person)
    row = await world.one(outbound)
    await world.change(outbound, id=row.id, status="queued", due_at=world.clock.now)
    world.clock.forward(1)
    await world.send()
    second = world.provider.sent[-1]
    assert first.attempt_id != second.attempt_id
    assert first.posting == second.posting


async def test_a_text_has_no_posting(world: World) -> None:
    person, talk = await scene(world)
    await world.queue(talk, person)
    await world.send()
    assert world.provider.sent[-1].posting is None


async def test_an_answer_goes_on_in_its_thread(world: World) -> None:
    person, talk = await scene(world)
    first = await wrote(world, person, talk)
    world.clock.forward(60)
    await world.receive(mail(tokens=(token(first),), message_id="hers@post.example"))
    sent = await goes(world, talk, person)
    assert sent.content.subject == "Re: Your account"
    assert sent.posting is not None
    assert sent.posting.references == (our_id(first), "hers@post.example")
    world.clock.forward(60)
    again = await goes(world, talk, person, subject="Another subject")
    assert again.content.subject == "Re: Your account"
    assert again.posting is not None
    assert len(again.posting.references) == 3


async def test_what_we_begin_is_a_thread_of_its_own(world: World) -> None:
    person, talk = await scene(world)
    await wrote(world, person, talk)
    await world.hear(mail())
    sent = await goes(world, talk, person, category="outreach", subject="A reminder")
    assert (sent.content.subject, sent.posting and sent.posting.references) == ("A reminder", ())
    world.clock.forward(60)
    await world.receive(mail(subject="Re: A reminder"))
    assert (await goes(world, talk, person)).content.subject == "Re: A reminder"


async def test_references_are_bounded_to_the_last(world: World) -> None:
    person, talk = await scene(world)
    ids = []
    for _ in range(MOST + 5):
        ids.append(our_id(await wrote(world, person, talk, category="reply")))
        world.clock.forward(1)
    sent = await goes(world, talk, person, category="crisis")
    assert sent.posting is not None
    assert list(sent.posting.references) == ids[-MOST:]


async def test_only_what_went_and_what_came_from_there_is_referred_to(world: World) -> None:
    person, talk = await scene(world)
    await world.reach(person, "email", "second@post.example")
    await wrote(world, person, talk, status="failed")
    await wrote(world, person, talk, "second@post.example")
    await world.receive(
        mail("second@post.example"),
        mail(kind=MailKind.AUTO_REPLY),
        mail(EVE),
        mail(message_id="no good\r\nX: y"),
    )
    sent = await goes(world, talk, person)
    assert sent.posting is not None
    assert sent.posting.references == ()


@pytest.mark.parametrize(
    ("theirs", "subject"),
    [
        ("My question", "Re: My question"),
        ("AW: My question", "Re: My question"),
        ("my\tquestion  ", "Re: my question"),
        ("see www.evil.example", "Hello"),
        ("https://evil.example/pay", "Hello"),
        ("pay at evil.example now", "Hello"),
        ("write to eve@elsewhere", "Hello"),
        ("x" * 101, "Hello"),
        ("", "Hello"),
        (None, "Hello"),
    ],
)
async def test_their_own_subject_is_taken_up_with_care(
    world: World, theirs: str | None, subject: str
) -> None:
    person, talk = await scene(world)
    await world.receive(mail(subject=theirs))
    assert (await goes(world, talk, person)).content.subject == subject


async def test_a_subject_that_tells_a_fact_is_not_taken_up(world: World) -> None:
    """The gate refuses it before the right party is proven; the answer goes all the same."""
    person, talk = await scene(world)
    await world.receive(mail(subject="The $400.00 that I owe"))
    assert (await goes(world, talk, person)).content.subject == "Hello"


async def test_a_strangers_subject_is_not_taken_up(world: World) -> None:
    await world.receive(mail(EVE, subject="Who are you"))
    talk = (await world.one(inbound)).conversation_id
    sent = await goes(world, talk, None, address=EVE)
    assert sent.content.subject == "Hello"


class TestLimits:
    async def talks(self, world: World, most: int, day: int = 1000) -> tuple[Person, str]:
        limits = MailAnswersPart(per_hour=most, per_day=day)
        world.restrict(HARBOR.model_copy(update={"mail_answers": limits}))
        return await scene(world)

    async def answer(self, world: World, talk: str, person: Person, **more: Any) -> str:
        id_ = await answers(world, talk, person, **more)
        world.clock.forward(1)
        await world.send()
        return str((await world.one(outbound, id=id_)).status)

    async def test_so_many_an_hour_and_then_a_person(self, world: World) -> None:
        person, talk = await self.talks(world, 3)
        said = [await self.answer(world, talk, person) for _ in range(6)]
        assert said == [Status.SENT] * 3 + [Status.SUPPRESSED] * 3
        (asked,) = await world.rows(handoffs)
        assert (asked.reason, asked.requests) == ("answer_limit", 3)
        [(_, told), *_] = await world.told("message.suppressed")
        assert told["rule"] == "answer_limit"
        world.clock.forward(3600)
        assert await self.answer(world, talk, person) == Status.SENT

    async def test_so_many_a_day(self, world: World) -> None:
        person, talk = await self.talks(world, 2, day=3)
        said = []
        for _ in range(5):
            said.append(await self.answer(world, talk, person))
            world.clock.forward(1800)
        assert said.count(Status.SENT) == 3

    @pytest.mark.parametrize(
        ("more", "goes"),
        [
            ({"response": "agent"}, True),
            ({"category": "crisis"}, True),
            ({"category": "help"}, False),
            ({"address": "second@post.example"}, True),
            ({"channel": "sms", "address": "+12125551999", "sender": "+12125550100"}, True),
        ],
    )
    async def test_what_it_is_about(self, world: World, more: dict[str, Any], goes: bool) -> None:
        person, talk = await self.talks(world, 1)
        assert await self.answer(world, talk, person) == Status.SENT
        assert (await self.answer(world, talk, person, **more) == Status.SENT) is goes

    async def test_a_persons_own_words_count_for_nothing(self, world: World) -> None:
        person, talk = await self.talks(world, 1)
        assert await self.answer(world, talk, person, response="agent") == Status.SENT
        assert await self.answer(world, talk, person) == Status.SENT


@pytest.mark.parametrize(
    ("subject", "left"),
    [
        ("Re: Re[2]: AW: Fwd: Your account", "Your account"),
        ("[EXTERNAL] RE: Your account", "Your account"),
        ("回复：Your account", "Your account"),
        ("Re : Your account", "Your account"),
        ("Report: your account", "Report: your account"),
        ("Re", "Re"),
        ("re:", ""),
        ("", ""),
    ],
)
def test_prefixes_are_taken_off(subject: str, left: str) -> None:
    assert (bare(subject), is_reply(subject)) == (left, subject not in (left, ""))
    assert answering(subject) == f"Re: {left}".strip()


def test_an_answers_subject_is_one_line_of_some_length() -> None:
    assert answering("a\r\nBcc: eve@x\u2028b") == "Re: a Bcc: eve@x b"
    assert len(answering("x" * 5000)) == LONGEST + 4
