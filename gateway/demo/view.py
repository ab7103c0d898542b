"""What the demo's page shows of one customer, read from the phone, the mailbox and the store."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from channels.simulator import Shown
from domain.messages import Status
from domain.values import ChannelKind
from gateway.activity.story import Person, Story
from gateway.clock import moment
from gateway.demo.stage import Stage
from gateway.demo.transcript import Line, Teller, by_host, moment_of, reasons
from gateway.pipeline.queue import set_aside

SHOWN = 200
"""The newest of each kind; a page is no archive."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message as the phone or mailbox shows it."""

    outgoing: bool
    at: str
    text: str
    subject: str | None
    status: str


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of the activity, or a webhook at the host."""

    at: str
    mark: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class View:
    person: Person
    brand: str
    now: str
    zone: str
    texts: Sequence[Bubble]
    mails: Sequence[Bubble]
    held: Mapping[ChannelKind, Sequence[str]]  # why messages that were written did not go
    activity: Sequence[Happening]
    outcomes: Sequence[Happening]
    stopped: bool  # the conversation was set aside, so nothing answers

    @property
    def held_texts(self) -> Sequence[str]:
        return self.held[ChannelKind.SMS]

    @property
    def held_mails(self) -> Sequence[str]:
        return self.held[ChannelKind.EMAIL]

    @property
    def phone(self) -> str | None:
        contact = self.person.contact(ChannelKind.SMS)
        return contact.address if contact else None

    @property
    def mailbox(self) -> str | None:
        contact = self.person.contact(ChannelKind.EMAIL)
        return contact.address if contact else None


async def look(stage: Stage, person: Person) -> View:
    config = stage.examples.config(person.client)
    zone = ZoneInfo(person.timezone or config.timezone)
    told = await stage.story(person)
    aside = await stage.store.read(set_aside)
    teller = Teller(stage.link, len(stage.link("")))
    taken = [t for t in stage.host.taken.values() if t.conversation_id == person.conversation_id]
    return View(
        person=person,
        brand=config.brand.name,
        now=f"{moment(stage.clock()).astimezone(zone):%A %d %B, %H:%M}",
        zone=str(zone),
        texts=list(_bubbles(stage, person, ChannelKind.SMS, zone))[-SHOWN:],
        mails=list(_bubbles(stage, person, ChannelKind.EMAIL, zone))[-SHOWN:],
        held={channel: list(held(told, channel, zone)) for channel in ChannelKind},
        activity=list(_happenings(told, teller, zone))[-SHOWN:],
        outcomes=[Happening(_clock(t.at, zone), "host", [by_host(t)]) for t in taken][-SHOWN:],
        stopped=any(row.id == person.conversation_id for row in aside),
    )


def _bubbles(
    stage: Stage, person: Person, channel: ChannelKind, zone: ZoneInfo
) -> Iterator[Bubble]:
    """Only what the client's own numbers or mailboxes exchanged: phones may be shared."""
    contact = person.contact(channel)
    ours = {sender.address for sender in stage.examples.config(person.client).pool(channel)}
    if contact is None:
        return
    for shown in stage.phones[channel].thread(contact.address):
        if shown.sender in ours:
            yield _bubble(shown, zone)


def held(told: Story, channel: ChannelKind, zone: ZoneInfo) -> Iterator[str]:
    """In words, what waits and what was never sent, so that silence is explained."""
    for row in sorted(told.written.values(), key=lambda row: row.position):
        why = "; ".join(result.why for result in reasons(row)).replace("_", " ")
        if row.channel != channel or not why:
            continue
        if row.status == Status.QUEUED:
            until = moment(row.due_at).astimezone(zone)
            yield f"A message waits until {until:%A %d %B, %H:%M} ({why})."
        elif row.status == Status.SUPPRESSED:
            yield f"A message was not sent ({why})."


def _bubble(shown: Shown, zone: ZoneInfo) -> Bubble:
    return Bubble(
        outgoing=shown.outgoing,
        at=_clock(shown.at, zone),
        text=shown.content.text,
        subject=shown.content.subject,
        status=shown.status.value if shown.status else "",
    )


def _happenings(told: Story, teller: Teller, zone: ZoneInfo) -> Iterator[Happening]:
    for event in told.events:
        lines = list(teller.lines(event, told))
        if lines:
            yield Happening(_clock(moment_of(event), zone), lines[0].mark, lines)


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M:%S}"
