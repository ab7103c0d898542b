"""Delivery status notices as RFC 3464 has them: every recipient, whichever way it was written."""

import re

from msgspec import Struct

from channels.email.machines.addresses import plain_xtext, typed
from channels.email.machines.codes import Verdict, enhanced, weigh
from channels.email.mail import Fields, first
from domain.mail import Bounced

RECIPIENTS = ("Original-Recipient", "Final-Recipient", "X-Actual-Recipient")
_STATUS = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})")
_MOST = 1000
_WORDS = ("diagnostic-code", "x-notes", "x-reason")
REACHED = ("delivered", "relayed", "expanded")


class Reported(Struct, frozen=True):
    """`bounces` are who was not reached, or not yet; `reached` is true where any was. `unnamed` is
    what is said of somebody whose address is not."""

    bounces: tuple[Bounced, ...]
    reached: bool
    unnamed: Verdict | None = None


def reported(statuses: tuple[Fields, ...]) -> Reported:
    """What the blocks say of each recipient; the block of the whole message has none."""
    bounces: dict[str, Bounced] = {}
    reached = False
    unnamed = None
    for block in statuses[:_MOST]:
        address = _recipient(block)
        action = (first(block, "Action") or "").strip().lower()
        if action.startswith(REACHED):
            reached = True
            continue
        if address is not None:
            verdict = _verdict(action, block) or Verdict(not action.startswith("delayed"), None)
            bounced = Bounced(address, verdict.permanent, verdict.status)
            bounces.setdefault(address.lower(), bounced)
        elif action and unnamed is None:
            unnamed = _verdict(action, block)
    return Reported(tuple(bounces.values()), reached, unnamed)


def _recipient(block: Fields) -> str | None:
    """Whom we wrote to, before whom it was passed on to; Exchange's inner addresses are neither."""
    for name in RECIPIENTS:
        value = first(block, name)
        address = typed(value) if value is not None else None
        if address is not None and "@" in address:
            return plain_xtext(address) if name == "Original-Recipient" else address
    return None


def _verdict(action: str, block: Fields) -> Verdict | None:
    """The block's own status first; a general one (5.0.0) is made precise by the diagnostic."""
    field = first(block, "Status") or ""
    words = [value for key, value in block if key.lower() in _WORDS]
    found = _STATUS.search(field)
    status = ".".join(str(int(part)) for part in found.groups()) if found else None
    if status is None:
        words.append(field)
    elif status.startswith("2"):
        status = None
    told = " ".join(words)
    in_words = enhanced(told)
    if status is not None and in_words is not None and status.endswith((".0.0", ".3.0")):
        status = in_words
    verdict = weigh(told, status)
    if verdict is None or not action.startswith("delayed"):
        return verdict
    later = f"4{verdict.status[1:]}" if verdict.status else None
    return Verdict(False, later)
