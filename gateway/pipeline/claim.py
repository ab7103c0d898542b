"""The moment before a message goes: the gate, its caps and the attempt in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct
from sqlalchemy import and_, bindparam, exists, or_, select, text, update

from channels.typography import sendable
from compliance.pack import NoRules
from compliance.verdict import Allowed, Deferred, Suppressed, Verdict, encode, version_of
from domain.activity import Activity
from domain.messages import LINK_MARK, Category, Content, Status
from domain.values import ChannelKind, mask
from gateway.clients import ClientConfig
from gateway.clock import SECOND, instant
from gateway.directory import Directory
from gateway.ids import new_id
from gateway.pacing import Pacer
from gateway.pipeline.gate import GateFacts, key_of
from gateway.rulebook import Rulebook
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


class Call(Struct, frozen=True):
    """A message whose attempt is on record: the provider may be asked now."""

    attempt_id: str
    message: Any  # its row
    content: Content
    valid_for: int | None


@dataclass(frozen=True, slots=True)
class Claims:
    """Claims due messages for this process."""

    directory: Directory
    pacer: Pacer
    link_key: bytes
    public_url: str
    rules: Rulebook = field(default_factory=Rulebook)

    async def claim(
        self, tx: Transaction, *, owner: str, senders: list[str], limit: int, look_up_after: int
    ) -> list[Call]:
        """`look_up_after`, in microseconds: when others may ask the provider what became of it.

        Without contact rules to go by nothing is claimed.
        """
        try:
            book = self.rules.book
        except NoRules:
            return []
        due = await tx.fetch(_DUE, now=tx.now, senders=senders, limit=limit)
        if not due:
            return []
        if len(due) == limit:
            tx.wake("send")
        facts = await GateFacts.read(tx, due)
        due = await self._free(tx, due)
        batch = _Batch(tx, owner, look_up_after)
        for message in due:
            config = self.directory.client(message.client)
            content = self._content(message, config)
            verdict = facts.judge(message, config, content.text, book)
            match verdict:
                case Allowed(valid_for=valid_for):
                    if self.pacer.take(message.sender):
                        facts.reserve(message)
                        batch.allow(message, content, verdict, valid_for, facts, self._via(message))
                case Deferred():
                    batch.defer(message, verdict, facts)
                case Suppressed():
                    batch.suppress(message, verdict, facts)
        await batch.write()
        return batch.calls

    def _via(self, message: Any) -> str:
        owner = self.directory.owner(message.channel, message.sender)
        return owner[1].via if owner else ""

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

    def __init__(self, tx: Transaction, owner: str, look_up_after: int) -> None:
        self.tx = tx
        self.calls: list[Call] = []
        self._owner = owner
        self._look_up_at = tx.now + look_up_after
        self._attempts: list[dict[str, Any]] = []
        self._sending: list[dict[str, Any]] = []
        self._later: list[dict[str, Any]] = []
        self._never: list[dict[str, Any]] = []
        self._marks: dict[tuple[str, str, str], dict[str, Any]] = {}

    def allow(
        self,
        message: Any,
        content: Content,
        verdict: Allowed,
        valid_for: int | None,
        facts: GateFacts,
        via: str,
    ) -> None:
        attempt_id = new_id()
        self.calls.append(Call(attempt_id, message, content, valid_for))
        self._attempts.append(
            {
                "id": attempt_id,
                "client": message.client,
                "outbound_id": message.id,
                "conversation_id": message.conversation_id,
                "channel": message.channel,
                "via": via,
                "number": message.tries + 1,
                "sender": message.sender,
                "address": message.address,
                "owner": self._owner,
                "started_at": self.tx.now,
                "look_up_at": self._look_up_at,
            }
        )
        self._sending.append(
            {
                "id": message.id,
                "status": Status.SENDING.value,
                "sent_at": self.tx.now,
                "tries": message.tries + 1,
                "verdict": _kept(message, verdict, facts),
            }
        )
        self._count(message, facts)
        self._record(message, verdict, "message.sending", {"attempt_id": attempt_id})

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

    async def write(self) -> None:
        await self.tx.insert(attempts, self._attempts)
        for rows in (self._sending, self._later, self._never):
            await self.tx.update(outbound, rows)
        marks = list(self._marks.values())
        await self.tx.update(addresses, marks, key=("client", "channel", "address"))


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
