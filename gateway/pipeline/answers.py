"""What a provider said of an attempt, stored: accepted, refused, or found out afterwards."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import select, text

from channels.contract import Absent, Found, SendError
from compliance.verdict import kept_version
from domain.messages import Reason, Retry, Status, Trouble, advances
from gateway.clients import ClientConfig
from gateway.clients.senders import WhenUnsure
from gateway.directory import Directory
from gateway.handoffs.asking import ask
from gateway.pipeline.claim import sent_event, uncount
from gateway.pipeline.failover import another, lock_talks, reassign
from gateway.pipeline.receipts import consequences, match_waiting
from gateway.pipeline.retries import TRIES, heard, pause, told
from gateway.senders.caps import give_back
from gateway.storage import Transaction, among
from gateway.storage.tables import attempts, outbound

LOOK_UPS = 20  # look-ups without an answer until a person is asked

NEVER_TAKEN = SendError(Reason.TEMPORARY, "never", detail="no try reached the provider")

_OPEN = (
    select(
        attempts.c.id.label("attempt_id"),
        attempts.c.started_at,
        attempts.c.via,
        attempts.c.sender,
        attempts.c.channel,
        attempts.c.segments,
        outbound.c.id,
        outbound.c.client,
        outbound.c.status,
        outbound.c.conversation_id,
        outbound.c.customer_id,
        outbound.c.account_id,
        outbound.c.address,
        outbound.c.category,
        outbound.c.tries,
        outbound.c.verdict,
    )
    .select_from(attempts.join(outbound, outbound.c.id == attempts.c.outbound_id))
    .where(among(attempts.c.id, "ids"), text("attempts.ended_at IS NULL"))
    .order_by(outbound.c.id)
    .with_for_update(of=outbound)
)


class Unsent(Struct, frozen=True):
    """The provider was never asked: the lease ran out first."""


Answer = Found | Absent | SendError | Unsent


async def store_answers(
    tx: Transaction, answers: Sequence[tuple[str, Answer]], directory: Directory
) -> None:
    """By attempt. An attempt that a receipt has ended meanwhile stays as it is."""
    given = dict(answers)
    talks = await lock_talks(tx, [key for key in given if _blames_sender(given[key])])
    rows = await tx.fetch(_OPEN, ids=list(given))
    writes = _Writes(tx, directory, talks)
    for row in rows:
        match given[row.attempt_id]:
            case Found(provider_id):
                writes.accepted(row, provider_id)
            case Absent() if row.tries < TRIES:
                await writes.again(row, "absent", 0)
            case Absent():
                await writes.refused(row, NEVER_TAKEN, "absent")
            case Unsent():
                await writes.again(row, "refused", 0)
            case SendError(retry="later") as error if row.tries < TRIES:
                await writes.again(row, "refused", pause(row.tries, error.after), error)
            case SendError() as error:
                await writes.refused(row, error)
    await writes.write()


def _blames_sender(answer: Answer) -> bool:
    return isinstance(answer, SendError) and answer.reason is Reason.SENDER


class _Writes:
    """`talks` are the conversations, locked, of messages that may go by another sender."""

    def __init__(
        self, tx: Transaction, directory: Directory, talks: Mapping[str, Any] | None = None
    ) -> None:
        self.tx = tx
        self._directory = directory
        self._talks = talks or {}
        self._messages: list[dict[str, Any]] = []
        self._failed: list[dict[str, Any]] = []
        self._queued: list[dict[str, Any]] = []
        self._attempts: list[dict[str, Any]] = []
        self._rerouted: list[dict[str, Any]] = []
        self._known: dict[str, list[str]] = {}

    def accepted(self, row: Any, provider_id: str) -> None:
        self.end(row, "accepted", provider_id=provider_id)
        self._known.setdefault(row.via, []).append(provider_id)
        self._sent(row, {})

    def _sent(self, row: Any, more: Mapping[str, Any]) -> None:
        if advances(Status(row.status), Status.SENT):
            self._messages.append(
                {"id": row.id, "status": Status.SENT.value, "reason": None, "error": None}
            )
            version = kept_version(row.verdict)
            self.tx.record(sent_event(self.tx, row, "message.sent", dict(more), version))

    def assumed(self, row: Any) -> None:
        """As if it had been accepted; what comes back of it may still tell better."""
        self.end(row, "assumed")
        self._sent(row, {"assumed": True})

    async def again(
        self, row: Any, outcome: str, wait: int, error: SendError | None = None
    ) -> None:
        """Back to the queue: it surely did not go, so it counts as none sent."""
        self.end(row, outcome, code=error.code if error else None)
        if error is not None:
            await heard(self.tx, row, _trouble(error), error.code)
        if _undone(row):
            await self._give_back(row)
            await self._queue(row, wait)

    async def resend(self, row: Any) -> None:
        """Back to the queue although it may have gone: its sender's day keeps counting it."""
        self.end(row, "undecided")
        if _undone(row):
            await self._queue(row, 0)

    async def _queue(self, row: Any, wait: int) -> None:
        await uncount(self.tx, row)
        self._queued.append(
            {
                "id": row.id,
                "status": Status.QUEUED.value,
                "due_at": self.tx.now + wait,
                "sent_at": None,
            }
        )

    async def refused(self, row: Any, error: SendError, outcome: str = "refused") -> None:
        trouble = _trouble(error)
        self.end(row, outcome, code=error.code)
        await heard(self.tx, row, trouble, error.code)
        if not _undone(row):
            return
        await self._give_back(row)
        if await self._by_another(row):
            return
        failed = {
            "id": row.id,
            "status": Status.FAILED.value,
            "reason": error.reason.value,
            "error": str(error)[:1000],
            "sent_at": None,
        }
        self._failed.append(failed)
        payload = told(trouble, error.code)
        self.tx.record(sent_event(self.tx, row, "message.failed", payload))
        await consequences(self.tx, row, error.reason)

    async def _by_another(self, row: Any) -> bool:
        """Where its sender is to blame, the next of the pool sends it: each is tried once."""
        talk = self._talks.get(row.conversation_id)
        config = self._directory.known(row.client)
        if talk is None or config is None or row.tries >= len(config.pool(row.channel)):
            return False
        idle = {*self._directory.paused, *self._directory.spent(self.tx.now)}
        sender = another(config, row, idle)
        if sender is None:
            return False
        await uncount(self.tx, row)
        self._rerouted.append(await reassign(self.tx, talk, row, sender, Reason.SENDER.value))
        return True

    async def _give_back(self, row: Any) -> None:
        """What it took of its sender's day."""
        config = self._directory.known(row.client)
        sender = self._directory.own(row.client, row.channel, row.sender)
        if config is not None and sender is not None:
            await give_back(self.tx, config, sender, row)

    def end(
        self, row: Any, outcome: str, *, provider_id: str | None = None, code: str | None = None
    ) -> None:
        self._attempts.append(
            {
                "id": row.attempt_id,
                "ended_at": self.tx.now,
                "outcome": outcome,
                "provider_id": provider_id,
                "code": code,
            }
        )

    @property
    def settled(self) -> bool:
        """Something was decided of its message."""
        return bool(self._messages or self._queued)

    async def write(self) -> None:
        await self.tx.update(attempts, self._attempts)
        await self.tx.update(outbound, self._messages)
        await self.tx.update(outbound, self._failed)
        await self.tx.update(outbound, self._queued)
        await self.tx.update(outbound, self._rerouted)
        for via, ids in self._known.items():
            await match_waiting(self.tx, via, ids)


def _trouble(error: SendError) -> Trouble:
    retry: Retry = "later" if error.retry == "later" else "never"
    return Trouble(error.reason, retry, error.after, error.pause, error.known)


def _undone(row: Any) -> bool:
    """False where a receipt of an earlier attempt, once called absent, came after all."""
    return bool(row.status == Status.SENDING)


async def undecided(
    tx: Transaction,
    directory: Directory,
    config: ClientConfig,
    attempt_id: str,
    policy: WhenUnsure = "ask",
) -> None:
    """Nobody can tell whether it went, so the client's policy decides; each tells that it did."""
    for row in await tx.fetch(_OPEN, ids=[attempt_id]):
        writes = _Writes(tx, directory)
        if _undone(row):
            said = {"policy": policy, "attempt_id": row.attempt_id}
            tx.record(sent_event(tx, row, "message.unsure", said))
        if policy == "assume_sent":
            writes.assumed(row)
        elif policy == "resend" and row.tries < TRIES:
            await writes.resend(row)
        else:
            writes.end(row, "undecided")
        await writes.write()
        if _undone(row) and not writes.settled:
            await _hand_over(tx, config, row)


async def _hand_over(tx: Transaction, config: ClientConfig, row: Any) -> None:
    """A person decides, and nothing is sent meanwhile."""
    failed = {"id": row.id, "status": Status.FAILED.value, "reason": "undecided"}
    await tx.update(outbound, [failed])
    tx.record(sent_event(tx, row, "message.failed", {"reason": "undecided"}))
    told = await ask(tx, config, row.conversation_id, "undecided_send")
    if told is not None:
        tx.record(sent_event(tx, row, "handoff.requested", told))
