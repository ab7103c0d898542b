"""The moment before a message goes: the gate, its caps and the attempt in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from msgspec import Struct
from sqlalchemy import and_, bindparam, exists, or_, select, text, update

from channels.fit import fit
from channels.typography import sendable
from compliance.pack import NoRules
from compliance.verdict import Allowed, Deferred, Suppressed, Verdict, encode, version_of
from domain.activity import Activity
from domain.mail import Posting
from domain.messages import ALWAYS, LINK_MARK, Category, Content, Status
from domain.values import ChannelKind, mask
from gateway.clients import ClientConfig, Sender
from gateway.clock import SECOND, instant
from gateway.directory import Directory
from gateway.handoffs.asking import ask
from gateway.ids import new_id
from gateway.mail.limits import RULE as ANSWER_LIMIT
from gateway.mail.limits import Answers
from gateway.mail.posting import Postings
from gateway.pipeline.gate import GateFacts, key_of
from gateway.rulebook import Rulebook
from gateway.senders.caps import DayCaps, next_day
from gateway.senders.pacing import Allotment, Grant, Slot
from gateway.senders.pausing import TOPIC
from gateway.senders.pools import Place, place
from gateway.senders.rooms import NO_BOUNDS, within
from gateway.storage import Transaction, among
from gateway.storage.tables import addresses, attempts, outbound
from payment_links.tokens import token_for

_earlier = outbound.alias("earlier")
_open = attempts.alias("open_attempt")
_DUE = (
    select(outbound)
    .where(
        text("outbound.status = 'queued'"),
        outbound.c.due_at <= bindparam("now"),
        among(outbound.c.sender, "senders"),
        ~exists().where(
            _earlier.c.conversation_id == outbound.c.conversation_id,
            _earlier.c.position < outbound.c.position,
            text("earlier.status IN ('queued', 'sending')"),
            or_(
                text("earlier.status = 'sending'"),
                _earlier.c.due_at <= bindparam("now"),
            ),
        ),
    )
    .order_by(outbound.c.due_at, outbound.c.position)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_IN_FLIGHT = select(_open.c.sender, _open.c.address).where(
    and_(
        among(_open.c.sender, "senders"),
        among(_open.c.address, "addresses"),
        text("open_attempt.ended_at IS NULL"),
    )
)

_HERE = (
    (addresses.c.client == bindparam("in_client"))
    & (addresses.c.channel == bindparam("in_channel"))
    & (addresses.c.address == bindparam("in_address"))
)
_UNCOUNT_REPLY = (
    update(addresses)
    .where(_HERE, addresses.c.last_inbound_at <= bindparam("started"), addresses.c.replies > 0)
    .values(replies=addresses.c.replies - 1)
)
_UNCOUNT_CONFIRMATION = (
    update(addresses)
    .where(_HERE, addresses.c.opt_out_confirmed_at == bindparam("started"))
    .values(opt_out_confirmed_at=None)
)


ANSWERED_BY_PEOPLE = ("holds", "right_party", "disclosure")
"""The rules after whose refusal of a reply a person is asked for: the customer hears from nobody
else."""


class Call(Struct, frozen=True):
    """A message whose attempt is on record: the provider may be asked now."""

    attempt_id: str
    message: Any  # its row
    content: Content
    valid_for: int | None
    slot: Slot  # what it takes of its sender's pace
    posting: Posting | None = None  # where it is an email


class Due(NamedTuple):
    """A message that is due, with the client and the sender that it goes by."""

    config: ClientConfig
    sender: Sender
    message: Any  # its row


class Claimed(NamedTuple):
    """`spent` names the senders whose day's cap leaves no room, each with the day's end."""

    calls: Sequence[Call] = ()
    spent: Mapping[Place, int] = {}


@dataclass(frozen=True, slots=True)
class Claims:
    """Claims due messages for this process."""

    directory: Directory
    link_key: bytes
    public_url: str
    rules: Rulebook = field(default_factory=Rulebook)

    async def claim(
        self,
        tx: Transaction,
        *,
        owner: str,
        senders: list[str],
        granted: Mapping[str, Grant],
        limit: int,
        look_up_after: int,
        rooms: Mapping[str, int] = NO_BOUNDS,
    ) -> Claimed:
        """`granted` is what those senders may send that have a pace; `look_up_after`, in
        microseconds, when others may ask the provider what became of it; `rooms`, by adapter, how
        many more messages those may have at a time that are bounded.

        Without contact rules to go by nothing is claimed.
        """
        try:
            book = self.rules.book
        except NoRules:
            return Claimed()
        found = await tx.fetch(_DUE, now=tx.now, senders=senders, limit=limit)
        if not found:
            return Claimed()
        fitting = within(found, rooms, self.directory)
        facts = await GateFacts.read(tx, fitting)
        due = [each for message in await self._free(tx, fitting) if (each := self._due(message))]
        caps = await DayCaps.read(tx, {each.sender.address: each for each in due}.values())
        batch = _Batch(tx, owner, look_up_after, Allotment(granted), caps)
        messages = [each.message for each in due]
        answers = await Answers.read(tx, messages)
        postings = await Postings.read(tx, self.link_key, self.public_url, messages)
        for each in due:
            message = each.message
            own = self._content(message, each.config)
            content = postings.titled(message, own)
            verdict: Verdict | None = answers.stop(message, each.config)
            if verdict is None:
                verdict = await facts.decide(tx, message, each.config, each.sender, content, book)
                if isinstance(verdict, Suppressed) and content != own:
                    # It may be the customer's own subject that must not be said.
                    content = own
                    verdict = await facts.decide(tx, message, each.config, each.sender, own, book)
            match verdict:
                case Allowed():
                    posting = postings.of(message, each.config)
                    if batch.allow(each, content, verdict, facts, posting):
                        facts.reserve(message)
                case Deferred():
                    batch.defer(message, verdict, facts)
                case Suppressed():
                    batch.suppress(message, verdict, facts)
                    await hand_over(tx, message, each.config, verdict)
        moved = await batch.write()
        if len(found) == limit and moved:
            tx.wake("send")
        return Claimed(batch.calls, batch.spent)

    def _due(self, message: Any) -> Due | None:
        """None where the client has the sender no more: the message goes another way."""
        sender = self.directory.own(message.client, message.channel, message.sender)
        if sender is None:
            return None
        return Due(self.directory.client(message.client), sender, message)

    async def _free(self, tx: Transaction, due: Sequence[Any]) -> list[Any]:
        """One message at a time to an address: only so a look-up can tell whose it found."""
        rows = await tx.fetch(
            _IN_FLIGHT,
            senders=[message.sender for message in due],
            addresses=[message.address for message in due],
        )
        taken = {(row.sender, row.address) for row in rows}
        free = []
        for message in due:
            lane = (message.sender, message.address)
            if lane not in taken:
                taken.add(lane)
                free.append(message)
        return free

    def _content(self, message: Any, config: ClientConfig) -> Content:
        """What the customer will read: the secret link is made here and kept nowhere."""
        url = ""
        if message.link_id:
            origin = config.links.origin(self.public_url)
            url = f"{origin}/p/{token_for(self.link_key, message.link_id).secret}"
        text = message.text
        if config.plain_punctuation and message.channel == ChannelKind.SMS:
            text = sendable(text)
        return Content(
            text=text.replace(LINK_MARK, url),
            subject=message.subject,
            html=message.html and message.html.replace(LINK_MARK, url),
        )


class _Batch:
    """The rows of one claim."""

    def __init__(
        self, tx: Transaction, owner: str, look_up_after: int, left: Allotment, caps: DayCaps
    ) -> None:
        self.tx = tx
        self.calls: list[Call] = []
        self.spent: dict[Place, int] = {}
        self._left = left
        self._caps = caps
        self._owner = owner
        self._look_up_at = tx.now + look_up_after
        self._attempts: list[dict[str, Any]] = []
        self._sending: list[dict[str, Any]] = []
        self._later: list[dict[str, Any]] = []
        self._never: list[dict[str, Any]] = []
        self._marks: dict[tuple[str, str, str], dict[str, Any]] = {}

    def allow(
        self,
        due: Due,
        content: Content,
        verdict: Allowed,
        facts: GateFacts,
        posting: Posting | None = None,
    ) -> bool:
        """False where its sender's pace or cap leaves it no room: it stays queued."""
        config, sender, message = due
        segments = fit(content.text, sender.channel).segments
        if message.category not in ALWAYS and not self._has_room(config, sender, segments):
            return False
        if not self._left.take(sender, segments):
            return False
        self._caps.count(sender, segments)
        slot = Slot(sender, new_id(), segments)
        self.calls.append(Call(slot.id, message, content, verdict.valid_for, slot, posting))
        self._attempt(message, slot)
        self._sending.append(
            {
                "id": message.id,
                "status": Status.SENDING.value,
                "sent_at": self.tx.now,
                "tries": message.tries + 1,
                "verdict": _kept(message, verdict, facts),
                "disclosure": "initial" if message.id in facts.introducing else None,
            }
        )
        self._count(message, facts)
        self._record(message, verdict, "message.sending", {"attempt_id": slot.id})
        return True

    def _has_room(self, config: ClientConfig, sender: Sender, segments: int) -> bool:
        """Once a message finds none in its sender's day, none after it does."""
        if place(sender) not in self.spent and self._caps.has_room(sender, segments):
            return True
        if not self.spent:
            self.tx.wake(TOPIC)
        self.spent[place(sender)] = next_day(config, sender, self.tx.now)
        return False

    def _attempt(self, message: Any, slot: Slot) -> None:
        self._attempts.append(
            {
                "id": slot.id,
                "client": message.client,
                "outbound_id": message.id,
                "conversation_id": message.conversation_id,
                "channel": message.channel,
                "via": slot.sender.via,
                "number": message.tries + 1,
                "sender": message.sender,
                "address": message.address,
                "owner": self._owner,
                "started_at": self.tx.now,
                "look_up_at": self._look_up_at,
                "segments": slot.segments,
            }
        )

    def _count(self, message: Any, facts: GateFacts) -> None:
        """One confirmation an opt-out, one reply at an inconvenient time."""
        row = facts.addresses.get(key_of(message))
        if row is None or message.category not in (Category.REPLY, Category.CONFIRMATION):
            return
        confirming = message.category == Category.CONFIRMATION
        client, channel, address = key_of(message)
        self._marks[key_of(message)] = {
            "client": client,
            "channel": channel,
            "address": address,
            "replies": row.replies + (not confirming),
            "opt_out_confirmed_at": self.tx.now if confirming else row.opt_out_confirmed_at,
        }

    def defer(self, message: Any, verdict: Deferred, facts: GateFacts) -> None:
        until = max(instant(verdict.until), self.tx.now + SECOND)
        kept = _kept(message, verdict, facts)
        self._later.append({"id": message.id, "due_at": until, "verdict": kept})
        payload = {"rule": verdict.rule, "until": verdict.until.isoformat()}
        self._record(message, verdict, "message.deferred", payload)

    def suppress(self, message: Any, verdict: Suppressed, facts: GateFacts) -> None:
        self._never.append(
            {
                "id": message.id,
                "status": Status.SUPPRESSED.value,
                "reason": verdict.rule,
                "verdict": _kept(message, verdict, facts),
            }
        )
        self._record(message, verdict, "message.suppressed", {"rule": verdict.rule})

    def _record(self, message: Any, verdict: Verdict, kind: str, payload: dict[str, Any]) -> None:
        version = version_of(verdict) or None
        self.tx.record(sent_event(self.tx, message, kind, payload, version))

    async def write(self) -> int:
        """How many messages it moved."""
        await self.tx.insert(attempts, self._attempts)
        for rows in (self._sending, self._later, self._never):
            await self.tx.update(outbound, rows)
        marks = list(self._marks.values())
        await self.tx.update(addresses, marks, key=("client", "channel", "address"))
        await self._caps.write(self.tx)
        return len(self._sending) + len(self._later) + len(self._never)


async def hand_over(
    tx: Transaction, message: Any, config: ClientConfig, verdict: Suppressed
) -> None:
    """Whoever wrote to us and may not be told what we would say hears from a person instead."""
    held = message.category == Category.REPLY and verdict.rule in ANSWERED_BY_PEOPLE
    if not held and verdict.rule != ANSWER_LIMIT:
        return
    reason = "reply_held" if held else ANSWER_LIMIT
    told = await ask(tx, config, message.conversation_id, reason)
    if told is not None:
        tx.record(sent_event(tx, message, "handoff.requested", told))


async def uncount(tx: Transaction, message: Any) -> None:
    """Gives back what the claim counted for a message (with its attempt's `started_at`) that surely
    did not go; what a later text of the customer's has set anew stays."""
    counted = {
        Category.REPLY.value: _UNCOUNT_REPLY,
        Category.CONFIRMATION.value: _UNCOUNT_CONFIRMATION,
    }
    statement = counted.get(message.category)
    if statement is not None:
        client, channel, address = key_of(message)
        where = {"in_client": client, "in_channel": channel, "in_address": address}
        await tx.execute(statement, **where, started=message.started_at)


def _kept(message: Any, verdict: Verdict, facts: GateFacts) -> str:
    """The verdict with the facts that it was made by, for whoever asks why."""
    return encode(verdict, facts.judged.get(message.id)).decode()


def sent_event(
    tx: Transaction,
    message: Any,
    kind: str,
    payload: dict[str, Any],
    rule_version: str | None = None,
) -> Activity:
    """Activity about an outbound message's row; by which rules it was judged, where it was."""
    return Activity(
        type=kind,
        client=message.client,
        occurred_at=tx.now,
        customer_id=message.customer_id,
        account_id=message.account_id,
        conversation_id=message.conversation_id,
        channel=message.channel,
        masked_address=mask(message.channel, message.address),
        causation_id=message.id,
        rule_version=rule_version,
        payload={"message_id": message.id, **payload},
    )
