"""Delivery status notices as RFC 3464 has them: every recipient, whichever way it was written."""

import re

from msgspec import Struct

from channels.email.machines.addresses import plain_xtext, typed
from channels.email.machines.codes import enhanced, weigh
from channels.email.mail import Fields, first
from domain.mail import Bounced

RECIPIENTS = ("Original-Recipient", "Final-Recipient", "X-Actual-Recipient")
_STATUS = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})")
_MOST = 1000
REACHED = ("delivered", "relayed", "expanded")


class Reported(Struct, frozen=True):
    """`bounces` are who was not reached, or not yet; `reached` is true where any was."""

    bounces: tuple[Bounced, ...]
    reached: bool


def reported(statuses: tuple[Fields, ...]) -> Reported:
    """What the blocks say of each recipient; the block of the whole message has none."""
    bounces: dict[str, Bounced] = {}
    reached = False
    for block in statuses[:_MOST]:
        address = _recipient(block)
        action = (first(block, "Action") or "").strip().lower()
        if action.startswith(REACHED):
            reached = True
            continue
        if address is None:
            continue
        bounces.setdefault(address.lower(), _bounced(address, action, block))
    return Reported(tuple(bounces.values()), reached)


def _recipient(block: Fields) -> str | None:
    """Whom we wrote to, before whom it was passed on to; Exchange's inner addresses are neither."""
    for name in RECIPIENTS:
        value = first(block, name)
        address = typed(value) if value is not None else None
        if address is not None and "@" in address:
            return plain_xtext(address) if name == "Original-Recipient" else address
    return None


def _bounced(address: str, action: str, block: Fields) -> Bounced:
    """The block's own status first; a general one (5.0.0) is made precise by the diagnostic."""
    told = " ".join(
        value for key, value in block if key.lower() in ("diagnostic-code", "x-notes", "x-reason")
    )
    field = _STATUS.search(first(block, "Status") or "")
    status = ".".join(str(int(part)) for part in field.groups()) if field else None
    if status is not None and status.startswith("2"):
        status = None
    in_words = enhanced(told)
    if status is not None and in_words is not None and status.endswith((".0.0", ".3.0")):
        status = in_words
    verdict = weigh(told, status)
    delayed = action.startswith("delayed")
    if verdict is None:
        return Bounced(address, not delayed)
    if delayed and verdict.status is not None and verdict.status.startswith("5"):
        return Bounced(address, False, f"4{verdict.status[1:]}")
    return Bounced(address, verdict.permanent and not delayed, verdict.status)
