"""What the demo's customers do: a text, an email, and a visit to the page behind the link."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from domain.values import ChannelKind, Money
from gateway.activity.story import Person, Story
from gateway.demo.stage import Stage
from gateway.demo.visitor import Visitor
from gateway.pipeline.events import understanding_of
from gateway.storage import decode

Watch = Callable[[], Awaitable[None]]
"""Called whenever the service has come to rest."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who texts and who mails, by ref."""

    sms: str
    email: str


CAST: Mapping[str, Cast] = {
    "harbor-recovery": Cast(sms="US-1001", email="US-1004"),
    "brightwater": Cast(sms="UK-2002", email="UK-2001"),
}

TEXTS = ("i can do 50 on friday", "yes")
MAILS = (
    "Hello,\n\nI can pay £60 next Thursday. Is that all right?",
    "Sorry, £60 is too much for me. Please make it £45.",
    "Yes, that's right. Thank you!",
)


@dataclass(frozen=True, slots=True)
class Part:
    """One conversation: what the customer writes in answer to the reminder."""

    ref: str
    channel: ChannelKind
    replies: Sequence[str]


def parts(client: str, said: Sequence[str]) -> list[Part]:
    """The shipped conversations, the email one with the other client; or what was `said`."""
    texting = Part(CAST[client].sms, ChannelKind.SMS, said or TEXTS)
    if said:
        return [texting]
    other = next(name for name in CAST if name != client)
    return [texting, Part(CAST[other].email, ChannelKind.EMAIL, MAILS)]


async def play(stage: Stage, part: Part, watch: Watch) -> None:
    """A reminder, the replies, and the page if the last answer leads there.

    Raises Stuck, Lost.
    """
    person = await stage.person(part.ref)
    await stage.remind(person, part.channel, "demo")
    await _settle(stage, watch)
    for reply in part.replies:
        stage.say(person, part.channel, reply)
        await _settle(stage, watch)
    told = await stage.story(person)
    link = last_link(stage, told)
    if link is not None and offered(told):
        await _visit(stage, person, link, to_pay(told), watch)


async def _settle(stage: Stage, watch: Watch) -> None:
    await stage.rest()
    await watch()


async def _visit(
    stage: Stage, person: Person, link: str, amount: Money | None, watch: Watch
) -> None:
    visitor = Visitor()
    try:
        account = await visitor.prove(link, person)
        await _settle(stage, watch)
        if amount is not None and Money(0, amount.currency) < amount <= person.balance:
            await visitor.pay(account, str(amount.decimal))
            await _settle(stage, watch)
    finally:
        await visitor.close()


def last_link(stage: Stage, told: Story) -> str | None:
    """The newest secret URL that really went out."""
    went = [row for row in told.written.values() if row.link_id and row.sent_at is not None]
    if not went:
        return None
    newest = max(went, key=lambda row: row.position)
    return stage.link(newest.link_id)


def offered(told: Story) -> bool:
    """Whether the newest message that went out has a link: what else was said comes first."""
    went = [row for row in told.written.values() if row.sent_at is not None]
    return bool(went) and max(went, key=lambda row: row.position).link_id is not None


def to_pay(told: Story) -> Money | None:
    """What the customer has promised; else what they named when they asked to pay now."""
    for event in reversed(told.events):
        if event.event_type == "promise.created":
            given = decode(bytes(event.payload).decode())
            return Money.of(given["amount"], given["currency"])
    for row in reversed(list(told.received.values())):
        heard = row.understanding and understanding_of(row.understanding)
        if heard and heard.has("pay_now") and heard.amount:
            return heard.amount
    return None
