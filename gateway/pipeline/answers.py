"""What a provider said of an attempt, stored: accepted, refused, or found out afterwards."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import select, text

from channels.contract import Absent, Found, SendError
from compliance.verdict import kept_version
from domain.messages import Reason, Retry, Status, Trouble, advances
from gateway.clients import ClientConfig
from gateway.handoffs.asking import ask
from gateway.pipeline.claim import sent_event, uncount
from gateway.pipeline.receipts import consequences, match_waiting
from gateway.pipeline.retries import TRIES, heard, pause, told
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


async def store_answers(tx: Transaction, answers: Sequence[tuple[str, Answer]]) -> None:
    """By attempt. An attempt that a receipt has ended meanwhile stays as it is."""
    given = dict(answers)
    rows = await tx.fetch(_OPEN, ids=list(given))
    writes = _Writes(tx)
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


class _Writes:
    def __init__(self, tx: Transaction) -> None:
        self.tx = tx
        self._messages: list[dict[str, Any]] = []
        self._queued: list[dict[str, Any]] = []
        self._attempts: list[dict[str, Any]] = []
        self._known: dict[str, list[str]] = {}

    def accepted(self, row: Any, provider_id: str) -> None:
        self.end(row, "accepted", provider_id=provider_id)
        self._known.setdefault(row.via, []).append(provider_id)
        if advances(Status(row.status), Status.SENT):
            self._messages.append(
                {"id": row.id, "status": Status.SENT.value, "reason": None, "error": None}
            )
            version = kept_version(row.verdict)
            self.tx.record(sent_event(self.tx, row, "message.sent", {}, version))

    async def again(
        self, row: Any, outcome: str, wait: int, error: SendError | None = None
    ) -> None:
        """Back to the queue: it surely did not go, so it counts as none sent."""
        self.end(row, outcome, code=error.code if error else None)
        if error is not None:
            heard(self.tx, row, _trouble(error), error.code)
        if not _undone(row):
            return
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
        heard(self.tx, row, trouble, error.code)
        if not _undone(row):
            return
        failed = {
            "id": row.id,
            "status": Status.FAILED.value,
            "reason": error.reason.value,
            "error": str(error)[:1000],
        }
        self._messages.append(failed)
        payload = told(trouble, error.code)
        self.tx.record(sent_event(self.tx, row, "message.failed", payload))
        await consequences(self.tx, row, error.reason)

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

    async def write(self) -> None:
        await self.tx.update(attempts, self._attempts)
        await self.tx.update(outbound, self._messages)
        await self.tx.update(outbound, self._queued)
        for via, ids in self._known.items():
            await match_waiting(self.tx, via, ids)


def _trouble(error: SendError) -> Trouble:
    retry: Retry = "later" if error.retry == "later" else "never"
    return Trouble(error.reason, retry, error.after, error.pause, error.known)


def _undone(row: Any) -> bool:
    """False where a receipt of an earlier attempt, once called absent, came after all."""
    return bool(row.status == Status.SENDING)


async def undecided(tx: Transaction, config: ClientConfig, attempt_id: str) -> None:
    """Nobody can tell whether it went: a person decides, and nothing is sent meanwhile."""
    for row in await tx.fetch(_OPEN, ids=[attempt_id]):
        writes = _Writes(tx)
        writes.end(row, "undecided")
        await writes.write()
        if not _undone(row):
            continue
        failed = {"id": row.id, "status": Status.FAILED.value, "reason": "undecided"}
        await tx.update(outbound, [failed])
        tx.record(sent_event(tx, row, "message.failed", {"reason": "undecided"}))
        told = await ask(tx, config, row.conversation_id, "undecided_send")
        if told is not None:
            tx.record(sent_event(tx, row, "handoff.requested", told))
