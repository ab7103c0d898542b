"""Another try of a message that did not go or did not arrive: how often, and how soon.

Each try is an attempt of its own, and asks the contact gate again. One cap holds for all of them.
"""

from collections.abc import Sequence
from typing import Any

import structlog
from sqlalchemy import bindparam, exists, select

from domain.messages import Category, Reason, Trouble
from gateway.clock import SECOND
from gateway.senders.pausing import BLOCKED, FAILS, note_fault
from gateway.storage import Transaction
from gateway.storage.tables import outbound

log = structlog.get_logger()

TRIES = 5
PAUSES = (5, 30, 120, 600)
"""Seconds after which a message is offered again that the provider did not take."""
LATER = (300, 3600, 14_400, 14_400)
"""Seconds after which one is sent again that the carrier did not deliver: a handset that is off is
not on again at once, and a carrier counts repeats."""

_overtaken = outbound.alias("overtaken")
_OVERTAKEN = select(outbound.c.id).where(
    outbound.c.id == bindparam("id"),
    exists().where(
        _overtaken.c.conversation_id == outbound.c.conversation_id,
        _overtaken.c.position > outbound.c.position,
    ),
)


def pause(tries: int, after: float | None, steps: Sequence[int] = PAUSES) -> int:
    """Microseconds until the try after `tries`; never sooner than the provider's `after` says."""
    step = steps[min(tries, len(steps)) - 1]
    return int(max(step, after or 0) * SECOND)


async def may_go_again(tx: Transaction, message: Any, trouble: Trouble | None) -> bool:
    """Whether a message whose failure was reported is sent again.

    A text that the conversation has gone on from would only confuse, and a confirmation of an
    opt-out is due at once or not at all.
    """
    if trouble is None or trouble.retry == "never" or message.tries >= TRIES:
        return False
    if message.category == Category.CONFIRMATION:
        return False
    return not await tx.fetch(_OVERTAKEN, id=message.id)


async def heard(tx: Transaction, message: Any, trouble: Trouble, code: str | None) -> None:
    """Called once for each failure, in the transaction that stores it, whatever becomes of the
    message. A fault of the sender's is kept: enough of them pause it."""
    named = {"client": message.client, "sender": message.sender, "code": code}
    if not trouble.known:
        log.warning("send.code_unknown", message_id=message.id, **named)
    if trouble.pause:
        log.error("sender.fails", reason=trouble.reason.value, **named)
        await note_fault(tx, message, FAILS, code)
    elif trouble.reason is Reason.BLOCKED:
        log.warning("sender.blocked", **named)
        await note_fault(tx, message, BLOCKED, code)


def told(trouble: Trouble, code: str | None) -> dict[str, Any]:
    """What activity says of a failure."""
    said: dict[str, Any] = {"reason": trouble.reason.value, "code": code}
    if trouble.pause:
        said["sender_fails"] = True
    if not trouble.known:
        said["code_unknown"] = True
    return said
