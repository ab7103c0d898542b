"""What a mail that came back says of its message and of the address that it went to.

Only what is proven to be ours counts: the notice came to the message's own return path, or brings
its Message-ID back. Whoever else says that a mail bounced changes nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, select, text

from domain.activity import Activity
from domain.mail import Bounced
from domain.messages import Reason, Receipt, Status, Trouble
from domain.values import ChannelKind, mask
from gateway.clock import DAY, instant, moment
from gateway.ids import new_id
from gateway.mail.about import About, whose
from gateway.pipeline.arriving import Arrived
from gateway.pipeline.receipts import Heard, store_receipts
from gateway.storage import Transaction, among
from gateway.storage.tables import addresses, attempts, mail_bounces

SOFT_DAYS = 3
"""An address whose mails come back for the time being on so many days is taken for a dead one."""
SOFT_WINDOW = 30 * DAY
SOFT = "soft"  # the code of a failure that follows from those days

SOFT_CODES = ("5.2.2", "5.4.5", "5.4.7", "5.7.3")
"""RFC 3463: called permanent, and over by itself: a full mailbox, congestion, a delivery that took
too long, a feature that was off."""
REASONS: Mapping[str, Reason] = {
    "5.2.3": Reason.UNKNOWN,  # the message is too long for the mailbox
    "5.3.4": Reason.UNKNOWN,  # or for the system
    "5.5": Reason.UNKNOWN,  # the protocol
    "5.6": Reason.UNKNOWN,  # the content
    "5.7": Reason.BLOCKED,  # policy: a filter, authentication, a sender's reputation
}
"""What a permanent status says beside that the address is dead, by its longest match."""

_ATTEMPTS = (
    select(attempts.c.id, attempts.c.via, attempts.c.provider_id, attempts.c.number)
    .where(
        among(attempts.c.sender, "senders"),
        among(attempts.c.address, "addresses"),
        attempts.c.outbound_id == bindparam("message"),
    )
    .order_by(attempts.c.number.desc())
    .limit(1)
)
_SOFT = select(mail_bounces.c.received_at).where(
    mail_bounces.c.client == bindparam("client"),
    mail_bounces.c.address == bindparam("address"),
    mail_bounces.c.received_at > bindparam("since"),
    text("permanent = 0"),
)
_HEARD = select(addresses.c.last_inbound_at).where(
    addresses.c.client == bindparam("client"),
    addresses.c.address == bindparam("address"),
    text("channel = 'email'"),
)


async def bounced(tx: Transaction, mail_id: str, arrived: Arrived, about: About | None) -> None:
    """One notice: on record in any case."""
    letter = arrived.message.letter
    assert letter is not None, "only mails bounce"
    found = _of(letter.bounces, about)
    soft = found is None or _is_soft(found)
    status = None if found is None or found.status is None else found.status[:16]
    tx.record(_event(arrived, mail_id, about, found, soft))
    if about is None or found is None:
        return
    row = {
        "id": new_id(),
        "client": arrived.client,
        "mail_id": mail_id,
        "outbound_id": about.id,
        "conversation_id": about.conversation_id,
        "address": about.address,
        "permanent": int(not soft),
        "status": status,
        "received_at": tx.now,
    }
    await tx.insert(mail_bounces, [row])
    if not soft:
        await _lost(tx, arrived, about, _reason(status), status)
    elif await _days(tx, arrived.client, about.address) >= SOFT_DAYS:
        await _lost(tx, arrived, about, Reason.BAD_ADDRESS, SOFT)


def _of(bounces: Sequence[Bounced], about: About | None) -> Bounced | None:
    """The one of the address that we wrote to; where that hands its mail on, of any. What is
    permanent counts first."""
    own = [each for each in bounces if about is not None and about.went_to(each.address)]
    return max(own or bounces, key=lambda each: each.permanent, default=None)


def _is_soft(found: Bounced) -> bool:
    return not found.permanent or found.status in SOFT_CODES


def _reason(status: str | None) -> Reason:
    known = [code for code in REASONS if f"{status}.".startswith(f"{code}.")]
    return REASONS[max(known, key=len)] if known else Reason.BAD_ADDRESS


async def _days(tx: Transaction, client: str, address: str) -> int:
    """On how many days, in UTC, mails to it came back since its owner last wrote from there."""
    heard = await tx.fetch(_HEARD, client=client, address=address)
    last = max((row.last_inbound_at or 0 for row in heard), default=0)
    since = max(last, tx.now - SOFT_WINDOW)
    rows = await tx.fetch(_SOFT, client=client, address=address, since=since)
    return len({moment(row.received_at).date() for row in rows})


async def _lost(
    tx: Transaction, arrived: Arrived, about: About, reason: Reason, code: str | None
) -> None:
    """As where a carrier reports that a text did not arrive: of its last attempt."""
    for attempt in await tx.fetch(
        _ATTEMPTS, senders=[about.sender], addresses=[about.address], message=about.id
    ):
        receipt = Receipt(
            channel=ChannelKind.EMAIL,
            provider_id=attempt.provider_id or f"bounce-{attempt.id}",
            status=Status.UNDELIVERED,
            received_at=arrived.message.received_at,
            attempt_id=attempt.id,
            trouble=Trouble(reason, "never"),
            code=code,
        )
        await store_receipts(tx, [Heard(attempt.via, receipt)])


def _event(
    arrived: Arrived, mail_id: str, about: About | None, found: Bounced | None, soft: bool
) -> Activity:
    payload: dict[str, Any] = {"mail_id": mail_id, "proven": about is not None}
    if found is not None:
        payload |= {"permanent": not soft, "status": found.status}
    if about is not None:
        payload["message_id"] = about.id
    at: datetime = arrived.message.received_at.astimezone(UTC)
    address = about.address if about is not None else found.address if found else None
    return Activity(
        type="message.bounced",
        client=arrived.client,
        occurred_at=instant(at),
        account_id=None if about is None else about.account_id,
        actor="provider",
        channel=ChannelKind.EMAIL.value,
        masked_address=mask(ChannelKind.EMAIL, address) if address else None,
        causation_id=None if about is None else about.id,
        payload=payload,
        **whose(about),
    )
